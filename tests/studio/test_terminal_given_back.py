"""A chat in a real terminal: whatever ends it, the terminal shows what is typed again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there are no terminals of this kind here", allow_module_level=True)

import pty
import termios


def shows_what_is_typed(terminal: int) -> bool:
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def read_until(terminal: int, wanted: bytes) -> bytes:
    seen = b""
    while wanted not in seen:
        seen += os.read(terminal, 4096)
    return seen


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_while_somebody_types(agent: Path, tmp_path: Path, number: signal.Signals) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config"), "TERM": "xterm"}
    command = [sys.executable, "-m", "studio.cli", "chat", str(agent)]
    chat = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    try:
        read_until(ours, b"ctrl-d leaves")
        os.write(ours, b"half a li")
        read_until(ours, b"half a li")
        chat.send_signal(number)
        code = chat.wait(timeout=60)
        assert code == (130 if number == signal.SIGINT else -number)
        assert shows_what_is_typed(theirs)
    finally:
        chat.kill()
        chat.wait()
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_stream_that_is_closed_from_the_start_is_no_defect(agent: Path, tmp_path: Path, closed: str) -> None:
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config")}
    script = f'printf "hi\\n" | "{sys.executable}" -m studio.cli chat "{agent}" {closed}'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "defect" not in done.stderr
