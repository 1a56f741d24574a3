"""A file of lines that only grows: an added line is there whole, or not at all.

A process can die between any two instructions, and a disk can fill up in the middle of a line. What is left of such a
line is cut off before the next one is added, so everything before it stays readable.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from engine.session.store import StoreError


class AppendFile:
    """Lines of bytes at a path. The file is made by the first line and is kept open only between two syncs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._whole = 0
        """How many bytes are whole lines, while the file is open."""
        self._sound: int | None = None

    def keep(self, lines: Iterable[bytes]) -> None:
        """Have only these first lines kept: what follows them is cut off before the next line is added."""
        self._sound = sum(len(line) + 1 for line in lines)

    def add(self, line: bytes) -> None:
        """Add a line and hand it to the operating system.

        Args:
            line: The line, without its newline, which must not be in it.

        Raises:
            StoreError: When it cannot be written; the file is then as before.
        """
        try:
            descriptor = self._open()
            _write_all(descriptor, line + b"\n")
        except OSError as error:
            self._cut_back()
            raise _not_written(self.path, error) from error
        self._whole += len(line) + 1

    def content(self) -> bytes:
        """All whole lines as they are in the file; empty when there is no file.

        Raises:
            StoreError: When the file cannot be read.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise StoreError(f"{self.path} cannot be read ({error.strerror})") from error
        return content[: content.rfind(b"\n") + 1]

    def lines(self) -> list[bytes]:
        """All whole lines, without their newlines; see `content`."""
        return self.content().split(b"\n")[:-1]

    def detach(self) -> int | None:
        """Hand over the open file, so that it can be synced and closed elsewhere; None when nothing was added."""
        descriptor, self._descriptor = self._descriptor, None
        return descriptor

    def close(self) -> None:
        """Let go of the file."""
        descriptor = self.detach()
        if descriptor is not None:
            os.close(descriptor)

    def _open(self) -> int:
        if self._descriptor is None:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
            try:
                self._whole = _whole_bytes(descriptor) if self._sound is None else self._sound
            except OSError:
                os.close(descriptor)
                raise
            self._sound = None
            self._descriptor = descriptor
        if os.fstat(self._descriptor).st_size != self._whole:
            os.ftruncate(self._descriptor, self._whole)
        return self._descriptor

    def _cut_back(self) -> None:
        """Remove what is left of a line that could not be written; tried again before the next line if it fails."""
        if self._descriptor is not None:
            try:
                os.ftruncate(self._descriptor, self._whole)
            except OSError:
                return


def replace(path: Path, lines: list[bytes]) -> None:
    """Put other lines in place of a file's, atomically.

    Raises:
        StoreError: When they cannot be written; the file is then as before.
    """
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("wb") as file:
            file.writelines(line + b"\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{path} cannot be written ({error.strerror}); nothing before it is lost. Free the disk or folder"
    )


def _write_all(descriptor: int, content: bytes) -> None:
    written = os.write(descriptor, content)
    while written < len(content):
        written += os.write(descriptor, content[written:])


def _whole_bytes(descriptor: int) -> int:
    """How many bytes, from the start of the file, end with a newline."""
    end = os.fstat(descriptor).st_size
    while end > 0:
        start = max(0, end - 65536)
        newline = os.pread(descriptor, end - start, start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0
