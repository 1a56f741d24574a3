"""What a turn asks of a language model: how many calls, how many in a row, how much text, and our own work beside it.

The model is the scripted Ollama server of the tests, which takes the same time for every call, whatever it is asked: so
a call that waits for another one is told from two at once.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks import made_up
from benchmarks.measure import Figure, figure
from engine.agent.code import FolderCode
from engine.agent.model import Agent
from engine.index.lexical import LexicalIndex
from engine.reasoner.embedded.language.similarity import LexicalSimilarity
from engine.reasoner.llm.ollama_model import OllamaModel
from engine.reasoner.llm.reasoner import LlmReasoner
from engine.session.clock import VirtualClock
from engine.session.memory import MemoryStore
from engine.turn.engine import Engine
from engine.turn.live_session import LiveSession
from tests.ollama_server.answers import answer
from tests.ollama_server.script import policy
from tests.ollama_server.server import OllamaServer

DELAY = 0.1
TURNS = 10
IN_A_ROW = 3
CALLS = {10: 4, 100: 4, 1000: 8}
CHARACTERS = {10: 12_000, 100: 40_000, 1000: 60_000}


@dataclass(frozen=True)
class Asked:
    """What one turn asked: calls, those that waited for one another, characters; CPU seconds without the answerer's."""

    calls: int
    in_a_row: int
    characters: int
    cpu: float


def figures() -> Iterator[Figure]:
    """Calls, their depth and prompt sizes (of the turn that asked most), and the CPU of a turn."""
    for size in CALLS:
        asked = asyncio.run(turns(agent(size), made_up.messages(TURNS)))
        what = f"ollama, {size:,} guidelines:"
        yield _most(f"{what} calls in a turn", [turn.calls for turn in asked], CALLS[size])
        yield _most(f"{what} calls in a row", [turn.in_a_row for turn in asked], IN_A_ROW)
        yield _most(f"{what} characters of prompts", [turn.characters for turn in asked], CHARACTERS[size])
        work = [turn.cpu for turn in asked]
        # No more than one further call would take.
        yield figure(f"{what} CPU of a turn", work, "s", DELAY, floor="with both ends of the protocol")


def _most(what: str, values: list[int], goal: int) -> Figure:
    return Figure(f"{what}, at most", max(values), "", goal, (min(values), max(values)))


def agent(size: int) -> Agent:
    """An agent with so many guidelines and as many responses, preambles on."""
    return made_up.agent(size, size).model_copy(update={"preambles": "auto"})


def judged(body: dict[str, Any], agent: Agent, message: str) -> str:
    """What the policy of the tests answers, but conditions hold where the message names their topic."""
    text = answer(body)
    if "verdicts" not in str(body.get("format")):
        return text
    found = json.loads(text)
    for guideline in agent.guidelines:
        topic = guideline.condition.removeprefix("The customer wants to ")
        if guideline.name in found["verdicts"] and topic in message:
            found["verdicts"][guideline.name] = "yes"
            found["reasons"].append({"of": guideline.name, "why": f"They want to {topic}."})
    return json.dumps(found)


async def turns(agent: Agent, messages: list[str]) -> list[Asked]:
    """What each turn of a new session asks, beginning with the second: the first loads the model."""
    async with OllamaServer(delay=DELAY) as server:
        model = OllamaModel("scripted", server.address)
        clock = VirtualClock(datetime(2026, 3, 2, 9))
        reasoner = LlmReasoner(model, LexicalSimilarity())
        code = FolderCode(Path(), trusted=False)
        live = await LiveSession.open(Engine(agent, MemoryStore(clock), reasoner, LexicalIndex(), clock, code))
        asked = [await one_turn(live, agent, message, server) for message in messages]
        await model.close()
    return asked[1:]


async def one_turn(live: LiveSession, agent: Agent, message: str, server: OllamaServer) -> Asked:
    """Say something and count what the server was asked."""
    thought: list[float] = []

    def think(body: dict[str, Any]) -> str:
        began = time.process_time()
        text = judged(body, agent, message)
        thought.append(time.process_time() - began)
        return text

    server.forget()
    server.script = policy(think)
    began = time.process_time()
    trace = await live.say(message)
    cpu = time.process_time() - began - sum(thought)
    if trace.status not in ("completed", "silent"):
        raise RuntimeError(f"a measured turn {trace.status}: {trace.error}")
    said = (said for chat in server.chats for said in chat.body["messages"])
    return Asked(len(server.chats), server.deepest, sum(len(one["content"]) for one in said), cpu)
