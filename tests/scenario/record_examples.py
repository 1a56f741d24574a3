"""`python -m tests.scenario.record_examples` records anew what has gone stale in the example agents' recordings.

They are recorded from the scripted server, so that they hold for every machine; prompts that changed make them stale.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engine.scenario.factory import AskedFor
from engine.scenario.replay import ReplayOptions, run_replay
from engine.scenario.report import report_text
from tests.ollama_server.answers import answer
from tests.ollama_server.beside import beside
from tests.ollama_server.script import policy
from tests.ollama_server.server import OllamaServer

EXAMPLES = Path("scenarios")
PATTERN = "recorded*.scenario.yaml"


def main() -> int:
    """Record, and say what came out."""
    files = sorted(EXAMPLES.rglob(PATTERN))
    with beside(OllamaServer(policy(answer))) as server:
        asked = AskedFor("ollama:scripted", "lexical", server.address)
        replay = run_replay(files, ReplayOptions(asked=asked, record="stale"))
    print(report_text(replay.results, replay.summary))
    return replay.summary.exit_code


if __name__ == "__main__":
    os.environ.pop("OLLAMA_API_KEY", None)
    sys.exit(main())
