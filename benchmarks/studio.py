"""The studio in a real terminal: first frame, settled, memory, key to echo, mode switch; beside a bare Textual app."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.measure import Figure, figure

PIZZA = Path(__file__).parent.parent / "scenarios" / "pizza"
RUNS = 7
BARE = """
from textual.app import App
from textual.widgets import Input
class Bare(App):
    def compose(self):
        yield Input(placeholder="settled")
Bare().run()
"""
_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[()][A-Z0-9]|\][^\x07]*\x07|[=>P].*?(?:\x1b\\)?)")


@dataclass
class Screen:
    """A process on a terminal of its own."""

    descriptor: int
    process: subprocess.Popen[bytes]
    began: float

    def until(self, wanted: bytes, patience: float = 20.0) -> float:
        """Read until some text is drawn; say when, in seconds on the performance counter."""
        seen, deadline = b"", time.perf_counter() + patience
        while wanted not in _ESCAPES.sub(b"", seen):
            ready, _, _ = select.select([self.descriptor], [], [], max(0.0, deadline - time.perf_counter()))
            if not ready:
                raise TimeoutError(f"{wanted!r} was never drawn")
            seen += os.read(self.descriptor, 65536)
        return time.perf_counter()

    def quiet(self, pause: float = 0.3) -> None:
        """Read until nothing more is drawn for a while."""
        while select.select([self.descriptor], [], [], pause)[0]:
            os.read(self.descriptor, 65536)

    def press(self, keys: bytes, wanted: bytes) -> float:
        """Press keys and say how many seconds pass until some text is drawn."""
        began = time.perf_counter()
        os.write(self.descriptor, keys)
        return self.until(wanted) - began

    @property
    def memory(self) -> float:
        """Resident memory in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024  # type: ignore[union-attr]


@contextmanager
def terminal(*arguments: str) -> Iterator[Screen]:
    """Run Python with some arguments on a terminal of 100 × 30, with settings of its own."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home, "TERM": "xterm-256color"}
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
        )
        os.close(theirs)
        try:
            yield Screen(ours, process, began)
        finally:
            process.kill()
            process.wait()
            os.close(ours)


def figures() -> Iterator[Figure]:
    """Each figure beside the bare app's, taken in turns so that both see the same machine."""
    bare_starts, bare_memory, bare_echo = [], [], []
    frames, settled, memory, echo, switch, again = [], [], [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        agent = Path(folder, "pizza")
        shutil.copytree(PIZZA, agent, ignore=shutil.ignore_patterns(".*", "__*"))
        for run in range(RUNS + 1):
            bare = _bare()
            ours = _studio(agent)
            if run == 0:
                continue
            for values, value in zip((bare_starts, bare_memory, bare_echo), bare, strict=True):
                values.append(value)
            for values, value in zip((frames, settled, memory, echo, switch, again), ours, strict=True):
                values.append(value)
    floor = f"bare Textual {median(bare_starts):.2f} s"
    yield figure("studio: first frame", frames, "s", 0.40, floor=floor)
    yield figure("studio: settled, ready to talk", settled, "s", 0.60, floor=floor)
    yield figure("studio: resident memory", memory, "MiB", 60, floor=f"bare Textual {median(bare_memory):.0f} MiB")
    floor = f"bare Textual {1000 * median(bare_echo):.1f} ms"
    yield figure("studio: key to echo", [1000 * each for each in echo], "ms", 16, floor=floor)
    yield figure("studio: mode switch, first time", [1000 * each for each in switch], "ms", 120)
    yield figure("studio: mode switch, there before", [1000 * each for each in again], "ms", 120)


def _bare() -> tuple[float, float, float]:
    with terminal("-c", BARE) as screen:
        start = screen.until(b"settled") - screen.began
        screen.quiet()
        memory = screen.memory
        return start, memory, median(screen.press(key, key) for key in (b"q", b"w", b"z"))


def _studio(agent: Path) -> tuple[float, ...]:
    with terminal("-m", "studio.cli", str(agent), "--trust") as screen:
        frame = screen.until(b"SIMULATE") - screen.began
        settled = screen.until(b"Send") - screen.began
        screen.quiet()
        memory = screen.memory
        echo = median(screen.press(key, key) for key in (b"q", b"w", b"z"))
        switch = screen.press(b"\x1bOR", b"AUTHOR")
        screen.quiet()
        screen.press(b"\x1b[17~", b"SIMULATE")
        screen.quiet()
        return frame, settled, memory, echo, switch, screen.press(b"\x1bOR", b"AUTHOR")
