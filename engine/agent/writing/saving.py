"""Saving files that people edit too: whole or not at all, and never over somebody else's change."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path


class SaveError(OSError):
    """A file cannot be saved; the message names it and says what to do. What was there is untouched."""


class FileChangedError(SaveError):
    """The file was changed by somebody else since it was read."""


def content_digest(content: bytes | None) -> str:
    """What `save` compares: the SHA-256 of a file's content in hex digits; empty when there is no file (None)."""
    return "" if content is None else hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    """The digest of a file as it is now; empty when there is none.

    Raises:
        SaveError: When it cannot be read.
    """
    try:
        return content_digest(path.read_bytes())
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise SaveError(f"{path} cannot be read ({error.strerror})") from error


def save(path: Path, text: str, *, read_as: str | None = None) -> str:
    """Replace a file's content atomically: a temporary file beside it, synced, then renamed over it.

    The file keeps its mode; a symbolic link stays, and what it points to is replaced.

    Args:
        path: The file; it may not exist yet.
        text: Its new content, written as UTF-8 with line ends as they are.
        read_as: The digest of the content on which `text` is based (empty: there was no file); None does not compare.

    Returns:
        The digest of what was written.

    Raises:
        FileChangedError: When the file is no longer what `read_as` says.
        SaveError: When it cannot be written.
    """
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SaveError(f"{path} cannot be saved: the text has half a character in it at {error.start}") from error
    target = Path(os.path.realpath(path))
    if read_as is not None and file_digest(target) != read_as:
        raise FileChangedError(f"{path} was changed by somebody else since it was read; load it again, then repeat")
    try:
        _replace(target, content)
    except OSError as error:
        raise SaveError(f"{path} cannot be saved ({error.strerror}); the file is as it was") from error
    return content_digest(content)


def _replace(target: Path, content: bytes) -> None:
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        try:
            _write_all(descriptor, content)
            if target.exists():
                os.fchmod(descriptor, stat.S_IMODE(target.stat().st_mode))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _write_all(descriptor: int, content: bytes) -> None:
    written = 0
    while written < len(content):
        written += os.write(descriptor, content[written:])


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
