"""The files of one session: its events in TinyDB, its traces beside them."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from engine.session.append_file import AppendFile
from engine.session.event_log import EventLog
from engine.session.events import Event
from engine.session.store import StoreError, UnknownSession
from engine.session.tiny_table import Database
from engine.session.trace_file import TraceFile


class SessionFile:
    """A session's events, in memory and on disk.

    Attributes:
        log: The events.
        traces: The records of its turns.
    """

    def __init__(self, folder: Path, session_id: str) -> None:
        """Read the events.

        Args:
            folder: Where the sessions are.
            session_id: Which one.

        Raises:
            StoreError: When the file cannot be read or is damaged.
        """
        self._id = session_id
        self._path = folder / f"{session_id}.json"
        self.traces = TraceFile(folder / f"{session_id}.traces.json")
        self._read()

    @property
    def growing(self) -> list[AppendFile]:
        """The files to which lines are added."""
        return [self._database.journal.file, self.traces.file]

    def add(self, event: Event) -> None:
        """Write an event, then tell those who wait for it.

        Raises:
            StoreError: When it cannot be written.
        """
        self._events.insert(event.model_dump(mode="json"))
        self.log.add(event)

    def delete_events(self, min_offset: int) -> None:
        """Mark the events from this offset on as deleted.

        Raises:
            StoreError: When it cannot be written.
        """
        offsets = self.log.alive_from(min_offset)
        self._events.update({"deleted": True}, doc_ids=[offset + 1 for offset in offsets])
        self.log.delete(offsets)

    def delete(self) -> None:
        """Remove the files, and wake those who wait.

        Raises:
            StoreError: When they cannot be removed.
        """
        self.log.abandon(UnknownSession(self._id))
        for file in self.growing:
            file.close()
            try:
                file.path.unlink(missing_ok=True)
            except OSError as error:
                raise StoreError(f"{file.path} cannot be removed ({error.strerror}); remove it by hand") from error

    def catch_up(self) -> None:
        """Read the events again if another process has written some."""
        if self._path.exists() and self._path.stat().st_size != self._seen:
            self._read()

    def _read(self) -> None:
        self._seen = self._path.stat().st_size if self._path.exists() else 0
        self._database = Database(self._path)
        self._events = self._database.table("events")
        self.log = EventLog()
        for document in self._events:
            try:
                event = Event.model_validate(dict(document))
            except ValidationError as error:
                problem = f"{self._path} has an event that cannot be read (offset {self.log.next_offset})"
                raise StoreError(f"{problem}; was it written by a newer version?") from error
            self.log.add(event)
