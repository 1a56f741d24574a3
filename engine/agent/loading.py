"""Loading an agent: its file read and checked, ready for use, or everything that is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.agent.check import judge
from engine.agent.document import AGENT_FILE, AgentDocument, read_file, read_parts
from engine.agent.errors import AgentFileError, in_order
from engine.agent.reading.nodes import without_collecting


@without_collecting()
def parse_agent(text: str, file: str = AGENT_FILE, folder: Path | None = None) -> AgentDocument:
    """Read the text of an agent file and check it.

    Args:
        text: The file's text.
        file: Its name for people.
        folder: Where `tools.py` lies, for the signatures of functions (they are read, not run).

    Returns:
        The document, ready for use.

    Raises:
        AgentFileError: With the first syntax error, or with everything that is wrong, in the order of the file.
    """
    document, problems = read_parts(text, file, folder)
    stopping, other = judge(document) if document is not None else ([], [])
    errors = [*(problem for problem in problems if problem.severity == "error"), *stopping]
    if errors or document is None:
        raise AgentFileError(in_order(errors))
    return replace(document, warnings=in_order([*problems, *other]))


def load_agent(path: str | Path) -> AgentDocument:
    """Load an agent from its folder or its `agent.yaml`. None of its code is run.

    Args:
        path: The folder or the file.

    Returns:
        The document, ready for use.

    Raises:
        AgentFileError: When there is no such file, it cannot be read, or anything in it is wrong.
    """
    file = Path(path)
    file = file / AGENT_FILE if file.is_dir() and file.name != AGENT_FILE else file
    return parse_agent(read_file(file), str(file), file.parent)
