"""Who may write a folder: one process, the one that holds its lock file."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path


class FolderLock:
    """The right to write a folder. The operating system takes it back when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """Take the lock if it is free.

        Args:
            path: The lock file, made if needed; its text is the number of the process that holds the lock.
        """
        self.refusal = ""
        """Why the lock could not be had; empty when it is ours."""
        self._descriptor: int | None = None
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            self.refusal = f"{path.parent} cannot be written ({error.strerror})"
            return
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.refusal = _refusal(path, descriptor, error)
            os.close(descriptor)
            return
        self._descriptor = descriptor
        self._sign(path)

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _sign(self, path: Path) -> None:
        assert self._descriptor is not None
        try:
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)
        except OSError as error:
            self.release()
            self.refusal = f"{path} cannot be written ({error.strerror})"


def _refusal(path: Path, descriptor: int, error: OSError) -> str:
    if error.errno not in (errno.EAGAIN, errno.EACCES):
        return f"{path} cannot be locked ({error.strerror})"
    holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
    return f"another process{f' ({holder})' if holder else ''} is writing {path.parent}"
