"""Large agents: loading the file, one edit, the index of responses, memory."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import made_up
from benchmarks.measure import Figure, figure, seconds
from engine.agent.document import AgentDocument
from engine.agent.edits import SetField
from engine.agent.loading import load_agent
from engine.agent.model import CannedResponse
from engine.agent.writing.agent_text import AgentText
from engine.agent.writing.saving import save
from engine.index.lexical import LexicalIndex

RESPONSES, GUIDELINES = 10_000, 1_000

_TALK = """
import asyncio
from pathlib import Path
from benchmarks import made_up
from benchmarks.turns import turns
asyncio.run(turns(made_up.agent(1000, 1000), made_up.messages(5)))
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
"""
"""A process of its own; what `resource` says of it would count its parent's memory, too."""


def figures() -> Iterator[Figure]:
    """A file of 10,000 responses and 1,000 guidelines loaded, edited and searched; the memory of 1,000 guidelines."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "agent.yaml"
        file.write_text(made_up.agent_file(RESPONSES, GUIDELINES))
        what = f"{RESPONSES:,} responses and {GUIDELINES:,} guidelines loaded"
        yield figure(what, seconds(lambda: load_agent(file), runs=3), "s", 2.0)
        document = load_agent(file)
        yield figure("one line of it edited and saved", _edits(document, file, 5), "ms", 300)
        responses = document.agent.canned_responses
        ready = seconds(lambda: LexicalIndex().score("Hello.", responses), runs=3)
        yield figure(f"index of {RESPONSES:,} responses ready", ready, "s", 2.0)
        yield figure(f"retrieval among {RESPONSES:,} responses", _searches(responses), "ms", 2.0)
    yield figure("peak memory of five turns with 1,000 guidelines", [_memory() for _ in range(3)], "MiB", 120)


def _edits(document: AgentDocument, file: Path, count: int) -> list[float]:
    """Change some actions one by one and write the file each time; then see that what is in it is what was meant."""
    text = AgentText.of(document)
    taken = []
    for number in range(count):
        place = f"guidelines.guideline_{number * 200 + 7}"
        old = text.agent.guidelines[number * 200 + 7].action
        edit = SetField(place=place, field="action", old=old, new=f"Say how, for the {number}th time")
        began = time.perf_counter()
        text = text.apply(edit)
        save(file, text.text)
        taken.append((time.perf_counter() - began) * 1000)
    if load_agent(file).agent != text.agent:
        raise RuntimeError("the file does not say what was edited")
    return taken


def _searches(responses: tuple[CannedResponse, ...]) -> list[float]:
    index = LexicalIndex()
    index.score("Hello.", responses)
    taken = []
    for draft in made_up.messages(11):
        began = time.perf_counter()
        asyncio.run(index.search(draft, responses))
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _memory() -> float:
    done = subprocess.run([sys.executable, "-c", _TALK], check=True, capture_output=True, text=True)
    return float(done.stdout) / 1024
