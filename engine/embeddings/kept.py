"""What was computed once, kept in the user's cache folder and shared by all agents and processes.

It is only a cache: whatever is wrong with it (a full disk, a read-only folder, a broken file), things are computed
again and nobody is told.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from threading import Lock

MOST = 400_000
"""How many entries a file keeps (of 384 numbers each about 700 MB); the oldest go first."""

_AT_ONCE = 500
_PATIENCE = 2.0


def cache_folder() -> Path:
    """Where things are kept that can be computed again: `cuecard` in the user's cache folder."""
    configured = os.environ.get("XDG_CACHE_HOME")
    return (Path(configured) if configured else Path.home() / ".cache") / "cuecard"


def write_whole(file: Path, text: str) -> None:
    """Write a small file of the cache, whole or not at all; where it cannot be written, nothing happens."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as fresh:
            fresh.write(text)
        Path(fresh.name).replace(file)


def key_of(*parts: str) -> bytes:
    """The key of what is computed from some texts: a digest that tells `("ab", "c")` from `("a", "bc")`."""
    digest = sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return digest.digest()[:16]


class Kept:
    """Bytes by key in one SQLite file, safe for several threads and processes at once."""

    def __init__(self, file: Path) -> None:
        """Take a file, which is opened when it is needed first and made when it is not there."""
        self._file = file
        self._using = Lock()
        self._connection: sqlite3.Connection | None = None

    def get(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """What is kept under some keys; those that are not there are left out."""
        found: dict[bytes, bytes] = {}
        with self._using, contextlib.suppress(sqlite3.Error, OSError):
            connection = self._connected()
            for start in range(0, len(keys), _AT_ONCE):
                some = keys[start : start + _AT_ONCE]
                places = ",".join("?" * len(some))
                found.update(connection.execute(f"SELECT key, value FROM kept WHERE key IN ({places})", some))
        return found

    def put(self, entries: Mapping[bytes, bytes]) -> None:
        """Keep something; what is there already stays as it is."""
        with self._using, contextlib.suppress(sqlite3.Error, OSError), self._connected() as connection:
            connection.executemany("INSERT OR IGNORE INTO kept (key, value) VALUES (?, ?)", list(entries.items()))

    def _connected(self) -> sqlite3.Connection:
        """The connection; where the file cannot be opened, one in memory, so that it is not tried again and again."""
        if self._connection is None:
            self._connection = _in_memory()
            self._connection = _opened(self._file)
        return self._connection


def _opened(file: Path) -> sqlite3.Connection:
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file, timeout=_PATIENCE, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("CREATE TABLE IF NOT EXISTS kept (number INTEGER PRIMARY KEY, key BLOB UNIQUE, value BLOB)")
    first, last = connection.execute("SELECT min(number), max(number) FROM kept").fetchone()
    if last is not None and last - first > MOST:
        with connection:
            connection.execute("DELETE FROM kept WHERE number < ?", (last - MOST // 2,))
    return connection


def _in_memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY, key BLOB UNIQUE, value BLOB)")
    return connection
