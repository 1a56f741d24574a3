"""TinyDB on a journal: a table whose inserts and updates append a line, where TinyDB's own rewrite everything.

TinyDB reads, changes and writes a whole table at every insert, whatever its storage. `JournalTable` overrides the two
operations that happen all the time (`insert`, and `update` and `remove` by document id) to add one line of JSON to the
file; everything else TinyDB can do still works, by rewriting the file once.

A line is `{"insert": table, "id": n, "document": {…}}`, `{"update": table, "ids": [n, …], "values": {…}}`,
`{"remove": table, "ids": [n, …]}` or `{"last": table, "id": n}`: the highest id ever given, so that none is used twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from engine.session.append_file import AppendFile, replace
from engine.session.store import StoreError

Tables = dict[str, dict[str, Any]]
"""Per table, the documents by their ids as text: the shape that TinyDB's storages have."""


class JournalStorage(Storage):
    """A TinyDB storage that keeps the tables in memory and every change to them as a line in a file."""

    def __init__(self, path: Path) -> None:
        """Read the journal, if there is one.

        Args:
            path: The file.

        Raises:
            StoreError: When it cannot be read, or a line other than a torn last one is damaged.
        """
        self.file = AppendFile(path)
        self.count = 0
        """How many lines the file has."""
        self._tables: Tables = {}
        self._last: dict[str, int] = {}
        self._load(self.file.lines())

    def read(self) -> Tables:
        """The tables as they are; TinyDB does not change them."""
        return self._tables

    def write(self, data: Tables) -> None:
        """Replace the tables and the file, atomically.

        Raises:
            StoreError: When the file cannot be written; tables and file are then as before.
        """
        self.file.close()
        changes: list[dict[str, Any]] = [{"last": table, "id": number} for table, number in self._last.items()]
        for table, documents in data.items():
            changes += [{"insert": table, "id": int(key), "document": value} for key, value in documents.items()]
        replace(self.file.path, [_line(change) for change in changes])
        self._tables = {}
        self.count = 0
        for change in changes:
            self._apply(change)

    def next_id(self, table: str) -> int:
        """The next document's id: one more than any ever given."""
        return self._last.get(table, 0) + 1

    def append(self, change: dict[str, Any]) -> None:
        """Add a change to the file, then make it.

        Raises:
            StoreError: When the file cannot be written; nothing has changed then.
        """
        self.file.add(_line(change))
        self._apply(change)

    def compact(self) -> None:
        """Rewrite the file when most of its lines are out of date, if there is room for it."""
        alive = sum(len(documents) for documents in self._tables.values()) + len(self._last)
        if self.count > 2 * alive + 100:
            self.write(self._tables)

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    def _load(self, lines: list[bytes]) -> None:
        changes = [_parsed(line) for line in lines]
        while changes and changes[-1] is None:  # what a crash of the machine leaves at the end of a file
            changes.pop()
        if len(changes) < len(lines):
            self.file.keep(lines[: len(changes)])
        for number, change in enumerate(changes, start=1):
            try:
                self._apply(change)
            except (ValueError, KeyError) as error:
                damage = f"{self.file.path}, line {number}, is damaged; put the file back from a copy or move it away"
                raise StoreError(damage) from error

    def _apply(self, change: object) -> None:
        self.count += 1
        match change:
            case {"insert": table, "id": number, "document": document}:
                self._tables.setdefault(table, {})[str(number)] = document
                self._last[table] = max(number, self._last.get(table, 0))
            case {"update": table, "ids": numbers, "values": values}:
                for number in numbers:
                    self._tables[table][str(number)].update(values)
            case {"remove": table, "ids": numbers}:
                for number in numbers:
                    del self._tables[table][str(number)]
            case {"last": table, "id": number}:
                self._last[table] = number
            case _:
                raise ValueError("no such change")


class JournalTable(Table):
    """A TinyDB table on a `JournalStorage`; a change by id costs the same however large the table is."""

    def insert(self, document: Mapping[str, Any]) -> int:
        """Add a document, at its own id when it is a `Document`.

        Raises:
            ValueError: When there is a document with this id.
            StoreError: When it cannot be written.
        """
        number = document.doc_id if isinstance(document, Document) else self._journal.next_id(self.name)
        if str(number) in self._read_table():
            raise ValueError(f"there is a document {number} in {self.name} already")
        self._append({"insert": self.name, "id": number, "document": dict(document)})
        return number

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Add documents, one line each; see `insert`."""
        return [self.insert(document) for document in documents]

    def update(
        self,
        fields: Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None],
        cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        """Change fields of documents; by ids and to values, this appends.

        Raises:
            StoreError: When it cannot be written.
        """
        if doc_ids is None or not isinstance(fields, Mapping):
            return super().update(fields, cond, doc_ids)
        numbers = self._present(doc_ids)
        if numbers:
            self._append({"update": self.name, "ids": numbers, "values": dict(fields)})
        return numbers

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Remove documents; by ids, this appends.

        Raises:
            StoreError: When it cannot be written.
        """
        if doc_ids is None:
            return super().remove(cond)
        numbers = self._present(doc_ids)
        if numbers:
            self._append({"remove": self.name, "ids": numbers})
        return numbers

    @property
    def _journal(self) -> JournalStorage:
        assert isinstance(self.storage, JournalStorage)
        return self.storage

    def _present(self, numbers: Iterable[int]) -> list[int]:
        table = self._read_table()
        return [number for number in numbers if str(number) in table]

    def _append(self, change: dict[str, Any]) -> None:
        self._journal.append(change)
        self.clear_cache()


class Database(TinyDB):
    """A TinyDB whose tables append to a journal."""

    table_class = JournalTable

    def __init__(self, path: Path) -> None:
        """Open a file; see `JournalStorage`."""
        super().__init__(path, storage=JournalStorage)

    @property
    def journal(self) -> JournalStorage:
        """The storage below."""
        assert isinstance(self.storage, JournalStorage)
        return self.storage


def _line(change: dict[str, Any]) -> bytes:
    text = json.dumps(change, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can carry
        return json.dumps(change, separators=(",", ":")).encode()


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None
