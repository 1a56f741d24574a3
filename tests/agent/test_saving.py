from __future__ import annotations

import errno
import os
import resource
from pathlib import Path
from typing import Any

import pytest

from engine.agent.writing.saving import FileChangedError, SaveError, content_digest, file_digest, save


def error_line(raised: pytest.ExceptionInfo[SaveError]) -> str:
    line = str(raised.value)
    assert "\n" not in line
    return line


def test_saving_replaces_the_content_and_keeps_the_mode(tmp_path: Path) -> None:
    file = tmp_path / "agent.yaml"
    file.write_text("old")
    file.chmod(0o640)
    digest = save(file, "name: Größe\r\n")
    assert file.read_bytes() == "name: Größe\r\n".encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert digest == file_digest(file)
    assert [path.name for path in tmp_path.iterdir()] == ["agent.yaml"]


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    save(tmp_path / "new.yaml", "name: A\n", read_as=content_digest(None))
    assert (tmp_path / "new.yaml").read_text() == "name: A\n"


def test_a_symbolic_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "real.yaml").write_text("old")
    link = tmp_path / "agent.yaml"
    link.symlink_to(folder / "real.yaml")
    save(link, "new", read_as=file_digest(link))
    assert link.is_symlink()
    assert (folder / "real.yaml").read_text() == "new"


def test_a_file_changed_by_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "agent.yaml"
    file.write_text("read")
    read_as = file_digest(file)
    file.write_text("theirs")
    with pytest.raises(FileChangedError) as raised:
        save(file, "mine", read_as=read_as)
    assert "was changed by somebody else" in error_line(raised)
    assert file.read_text() == "theirs"


def test_a_file_deleted_by_somebody_else_counts_as_changed(tmp_path: Path) -> None:
    with pytest.raises(FileChangedError):
        save(tmp_path / "agent.yaml", "mine", read_as=content_digest(b"read"))
    assert not (tmp_path / "agent.yaml").exists()


def test_a_full_disk_leaves_the_old_file_and_no_temporary_one(tmp_path: Path) -> None:
    file = tmp_path / "agent.yaml"
    file.write_text("old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(SaveError) as raised:
            save(file, "x" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "cannot be saved" in error_line(raised)
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["agent.yaml"]


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "agent.yaml"
    file.write_text("old")
    real_open = os.open

    def read_only_open(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return real_open(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", read_only_open)
    with pytest.raises(SaveError) as raised:
        save(file, "new")
    assert "Read-only file system" in error_line(raised)
    assert file.read_text() == "old"


def test_a_process_that_ends_before_the_rename_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "agent.yaml"
    file.write_text("old")

    def interrupted(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save(file, "new")
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["agent.yaml"]


def test_half_a_character_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SaveError) as raised:
        save(tmp_path / "agent.yaml", "\ud800")
    assert "half a character" in error_line(raised)
