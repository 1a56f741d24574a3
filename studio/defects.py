"""What is said when this program is wrong: one line, and where the details for a report are."""

from __future__ import annotations

import tempfile
import traceback


def written_down(error: BaseException) -> tuple[str, str]:
    """Write an error's details to a file of their own.

    Args:
        error: What was raised.

    Returns:
        Two lines for people: what happened, and where the details are.
    """
    said = f"cuecard: this is a defect of cuecard, not of your files: {type(error).__name__}: {error}"
    with tempfile.NamedTemporaryFile(
        "w", prefix="cuecard-defect-", suffix=".txt", delete=False, encoding="utf-8"
    ) as details:
        details.writelines(traceback.format_exception(error))
    return " ".join(said.split()), f"cuecard: what happened is written down in {details.name}; please report it"
