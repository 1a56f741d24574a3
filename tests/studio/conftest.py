"""A real `cuecard` process, and a small agent to try it on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

AGENT = """\
name: Bella Napoli
preambles: off
tools:
  call_manager: {data: queued, control: {mode: manual}}
variables:
  plan: {value: free}
guidelines:
  offer_pepsi:
    condition: The customer wants a coke
    action: Tell them we only have Pepsi
  handoff_if_upset:
    condition: The customer is becoming upset
    action: Apologize and tell them you will transfer them to a manager
    tools: [call_manager]
relationships:
  - handoff_if_upset excludes offer_pepsi
"""
SCENARIO = """\
scenario: Only Pepsi
steps:
  - customer: Can I get a coke?
  - agent: We only have Pepsi.
    matched: offer_pepsi
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def cuecard(tmp_path: Path) -> Run:
    """Runs the command as a user would; its configuration lies in the test's own folder."""

    def run(*arguments: str, typed: str = "", **more: object) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config"), "COLUMNS": "200"}
        return subprocess.run(
            [sys.executable, "-m", "studio.cli", *arguments],
            input=typed,
            capture_output=True,
            text=True,
            env=environment,
            timeout=120,
            **more,  # type: ignore[call-overload]
        )

    return run


@pytest.fixture
def agent(tmp_path: Path) -> Path:
    """A folder with an agent and one scenario that passes."""
    folder = tmp_path / "pizza"
    folder.mkdir()
    (folder / "agent.yaml").write_text(AGENT, "utf-8")
    (folder / "coke.scenario.yaml").write_text(SCENARIO, "utf-8")
    return folder
