"""The studio in a real terminal: whatever ends it, the terminal is as it was found."""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there are no terminals of this kind here", allow_module_level=True)

import pty

ALTERNATE, NORMAL = b"\x1b[?1049h", b"\x1b[?1049l"


@dataclass
class Terminal:
    ours: int
    theirs: int
    studio: subprocess.Popen[bytes]

    def read_until(self, wanted: bytes) -> bytes:
        seen = b""
        while wanted not in seen:
            seen += os.read(self.ours, 65536)
        return seen

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.studio.send_signal(signal.SIGWINCH)

    @property
    def shows_what_is_typed(self) -> bool:
        return bool(termios.tcgetattr(self.theirs)[3] & termios.ECHO)


@pytest.fixture
def terminal(agent: Path, tmp_path: Path) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {
        **os.environ,
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "TERM": "xterm-256color",
    }
    command = [sys.executable, "-m", "studio.cli", str(agent), "--mode", "author"]
    studio = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    started = Terminal(ours, theirs, studio)
    started.read_until(b"offer_pepsi")
    yield started
    studio.kill()
    studio.wait()
    for descriptor in (ours, theirs):
        try:
            os.close(descriptor)
        except OSError:
            continue


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_gives_the_screen_back(terminal: Terminal, number: signal.Signals) -> None:
    terminal.studio.send_signal(number)
    terminal.read_until(NORMAL)
    assert terminal.studio.wait(timeout=60) == 128 + number
    assert terminal.shows_what_is_typed


def test_control_q_gives_the_screen_back(terminal: Terminal) -> None:
    os.write(terminal.ours, b"\x11")
    terminal.read_until(NORMAL)
    assert terminal.studio.wait(timeout=60) == 0
    assert terminal.shows_what_is_typed


def test_a_terminal_that_is_gone_ends_the_process(terminal: Terminal) -> None:
    os.close(terminal.theirs)
    os.close(terminal.ours)
    assert terminal.studio.wait(timeout=60) == 129


def test_a_storm_of_resizes_ends_in_the_last_size(terminal: Terminal) -> None:
    for step in range(60):
        terminal.resize(40 + step * 2, 10 + step % 30)
    terminal.resize(130, 30)
    os.write(terminal.ours, b"\x11")
    assert NORMAL in terminal.read_until(NORMAL)
    assert terminal.studio.wait(timeout=60) == 0


def test_a_defect_gives_the_screen_back_and_is_said_in_two_lines(agent: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    script = (
        "from pathlib import Path; from studio.app import *; StudioApp.action_jump = lambda self: 1 / 0; "
        f"StudioApp(Opening(Path({str(agent)!r}), mode='author')).run()"
    )
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "TMPDIR": str(tmp_path), "TERM": "xterm-256color"}
    errors = tmp_path / "errors.txt"
    with errors.open("wb") as standard_error:
        command = [sys.executable, "-c", script]
        studio = subprocess.Popen(command, stdin=theirs, stdout=standard_error, stderr=standard_error, env=environment)
    try:
        waited = b""
        while b"offer_pepsi" not in waited:
            waited = errors.read_bytes()
            assert studio.poll() is None, waited
        os.write(ours, b"\x07")
        studio.wait(timeout=60)
        said = errors.read_bytes().split(NORMAL)[-1].decode()
        assert "defect of cuecard" in said and "ZeroDivisionError" in said
        assert "Traceback" not in said
        assert "Traceback" in next(tmp_path.glob("cuecard-defect-*.txt")).read_text("utf-8")
    finally:
        studio.kill()
        studio.wait()
        os.close(ours)
        os.close(theirs)
