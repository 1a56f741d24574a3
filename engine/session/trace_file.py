"""The traces of a session's turns, one line each, found without being parsed and never kept in memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.session.append_file import AppendFile
from engine.session.store import StoreError


class TraceFile:
    """A file with a line `{"trace_id": …, "trace": {…}}` for each turn; of two with the same id the last one counts."""

    def __init__(self, path: Path) -> None:
        self.file = AppendFile(path)

    def save(self, trace_id: str, trace: dict[str, Any]) -> None:
        """Keep the trace of a turn.

        Args:
            trace_id: The turn.
            trace: JSON values.

        Raises:
            StoreError: When it cannot be written.
        """
        self.file.add(_head(trace_id) + json.dumps(trace, separators=(",", ":")).encode() + b"}")

    def find(self, trace_id: str) -> dict[str, Any] | None:
        """The trace of a turn; None when there is none.

        Raises:
            StoreError: When the file cannot be read or the trace is damaged.
        """
        head = _head(trace_id)
        content = self.file.content()
        start = content.rfind(b"\n" + head) + 1
        if not content.startswith(head, start):
            return None
        return self._parsed(content[start : content.index(b"\n", start)])

    def _parsed(self, line: bytes) -> dict[str, Any]:
        try:
            trace: dict[str, Any] = json.loads(line)["trace"]
        except ValueError as error:
            raise StoreError(f"{self.file.path} is damaged: the trace of this turn cannot be read") from error
        return trace


def _head(trace_id: str) -> bytes:
    return b'{"trace_id":' + json.dumps(trace_id).encode() + b',"trace":'
