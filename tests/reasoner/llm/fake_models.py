"""A model that says what a test tells it, and agents and conversations to ask it about."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.agent.code import FolderCode
from engine.agent.loading import load_agent
from engine.agent.model import Agent, CannedResponse, Guideline
from engine.index.lexical import LexicalIndex
from engine.reasoner.base import Condition, OnWords
from engine.reasoner.conversation import Conversation, Said
from engine.reasoner.embedded.language.similarity import LexicalSimilarity
from engine.reasoner.llm.model import ModelIdentity, Prompt, Reply
from engine.reasoner.llm.reasoner import LlmReasoner
from engine.session.clock import VirtualClock
from engine.session.memory import MemoryStore
from engine.turn.engine import Engine
from engine.turn.live_session import LiveSession
from tests.ollama_server import answers

NOW = datetime(2026, 3, 2, 18, 15)
SCENARIOS = Path(__file__).parents[3] / "scenarios"

Answer = Callable[[Prompt], "str | Reply"]


def by_policy(prompt: Prompt) -> str:
    """The answer of the plain policy that the scripted server speaks by."""
    messages = [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.text}]
    return answers.answer({"messages": messages} | ({"format": prompt.schema} if prompt.schema is not None else {}))


@dataclass
class FakeModel:
    """Answers by a function, or in order; remembers what it was asked and how many questions were open at once."""

    answer: Answer = by_policy
    in_order: list[str | Reply] = field(default_factory=list)
    name: str = "fake:1b"
    options: Mapping[str, Any] = field(default_factory=lambda: {"num_ctx": 8_192})
    asked: list[Prompt] = field(default_factory=list)

    async def identity(self) -> ModelIdentity:
        return ModelIdentity(self.name)

    async def reply(self, prompt: Prompt, on_words: OnWords | None = None) -> Reply:
        self.asked.append(prompt)
        await asyncio.sleep(0)
        said = self.in_order.pop(0) if self.in_order else self.answer(prompt)
        reply = said if isinstance(said, Reply) else Reply(said, len(prompt.text) // 4, len(said) // 4, 0.5)
        if on_words is not None:
            words = reply.text.split()
            for count in range(1, len(words) + 1):
                on_words(" ".join(words[:count]))
        return reply

    async def close(self) -> None: ...

    @property
    def tasks(self) -> list[str]:
        return [prompt.task for prompt in self.asked]


def talk(*texts: str, agent: Agent | None = None, **fields: Any) -> Conversation:
    """A conversation that the customer begins and in which they take turns with the agent."""
    speakers = ("customer", "agent")
    said = tuple(Said(speakers[place % 2], text, place // 2 + 1) for place, text in enumerate(texts))  # type: ignore[arg-type]
    return Conversation(agent or Agent(name="Shop"), said, NOW, turn=(len(texts) + 1) // 2, **fields)


def condition(name: str, text: str = "The customer asks about it", *examples: str) -> Condition:
    return Condition(name, text, examples)


def situation(verdicts: Mapping[str, str], **more: Any) -> str:
    """An answer to the question where a conversation stands."""
    reasons = [{"of": name, "why": f"{name} it is."} for name, word in verdicts.items() if word != "no"]
    known = {"reading": "The customer wants something."}
    return json.dumps(known | ({"reasons": reasons, "verdicts": dict(verdicts)} if verdicts else {}) | more)


def shop(count: int, responses: int | None = None) -> Agent:
    """An agent of many guidelines, each about something of its own, with as many canned responses."""
    things = [f"{first} {second}" for first in ("blue", "red", "old", "large", "spare") for second in NOUNS]
    topics = [f"{things[place % len(things)]} {place}" for place in range(count)]
    return Agent(
        name="Hardware shop",
        description="You help the customers of a shop for tools, paint and garden things.",
        preambles="auto",
        guidelines=tuple(
            Guideline(
                name=f"about_{place}",
                condition=f"The customer asks about the {topic}",
                action=f"Tell them what the {topic} costs and where it is",
                examples=(f"do you have the {topic}?", f"how much is the {topic}", f"where do I find {topic}s"),
            )
            for place, topic in enumerate(topics)
        ),
        canned_responses=tuple(
            CannedResponse(
                name=f"says_{place}", template=f"The {topics[place % count]} costs $5 and is in aisle {place}."
            )
            for place in range(count if responses is None else responses)
        ),
    )


NOUNS = (
    "hammer|ladder|brush|bucket|shovel|rake|hose|drill|saw|chisel|lamp|shelf|tile|carpet|curtain|faucet|basin|mirror|"
    "hinge|handle|lock|bolt|washer|gasket|valve|pipe|cable|socket|switch|fuse|plank|beam|panel|sheet|roller|tray|sponge|"
    "bench|vise|clamp"
).split("|")


@dataclass
class Chat:
    """A session with an agent that a model thinks for."""

    live: LiveSession
    model: FakeModel

    async def say(self, *texts: str, **options: Any) -> Any:
        self.model.asked.clear()
        return await self.live.say(*texts, **options)


async def chat_with(agent: Agent, model: FakeModel, folder: Path = SCENARIOS) -> Chat:
    """Open a session with an agent."""
    clock = VirtualClock(NOW)
    engine = Engine(
        agent=agent,
        store=MemoryStore(clock),
        reasoner=LlmReasoner(model, LexicalSimilarity()),
        index=LexicalIndex(),
        clock=clock,
        code=FolderCode(folder, trusted=True),
    )
    return Chat(await LiveSession.open(engine), model)


async def chat_about(name: str, model: FakeModel) -> Chat:
    """Open a session with one of the example agents."""
    return await chat_with(load_agent(SCENARIOS / name).agent, model, SCENARIOS / name)
