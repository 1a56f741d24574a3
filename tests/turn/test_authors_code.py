"""An author's code runs off the event loop and holds up neither the session nor the end of the process."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine.turn.authors_code import in_daemon

AGENT = """\
name: A
preambles: off
tools:
  wait: {python: tools.wait}
guidelines:
  waits: {condition: The customer greets the agent, action: Greet them, tools: [wait]}
"""


async def test_code_runs_in_another_thread_and_what_it_raises_comes_back() -> None:
    assert await in_daemon(threading.current_thread) is not threading.current_thread()
    with pytest.raises(ZeroDivisionError):
        await in_daemon(lambda: 1 / 0)


async def test_an_exit_in_code_is_an_error_and_no_exit() -> None:
    with pytest.raises(RuntimeError, match="SystemExit: 3"):
        await in_daemon(sys.exit, 3)


@pytest.mark.parametrize(
    "code",
    [
        "import threading\ndef wait(context):\n    threading.Event().wait()\n",
        "import threading\nthreading.Event().wait()\ndef wait(context):\n    pass\n",
    ],
    ids=["a tool that never returns", "a module that never ends"],
)
def test_code_that_never_ends_does_not_keep_the_process(tmp_path: Path, code: str) -> None:
    (tmp_path / "agent.yaml").write_text(AGENT, "utf-8")
    (tmp_path / "tools.py").write_text(code, "utf-8")
    talk = (
        "import asyncio, sys\nfrom dataclasses import replace\nfrom pathlib import Path\n"
        "from engine.opening import open_agent\nfrom engine.turn.live_session import LiveSession\n"
        "async def main():\n"
        "    engine = replace(open_agent(Path(sys.argv[1]), trusted=True).engine, tool_timeout=0.1)\n"
        "    trace = await (await LiveSession.open(engine)).say('hello')\n"
        "    print(trace.calls[0].error)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", talk, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "wait did not answer within 0.1 s"
