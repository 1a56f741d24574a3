"""The engines that replays run on: with the reasoner and embeddings that a case, or whoever replays it, asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.agent.code import FolderCode
from engine.agent.model import Agent, Stub
from engine.choosing import ReasonerChoice, make_model, make_reasoner
from engine.reasoner.llm.model import Model
from engine.scenario.model import Case, Given
from engine.scenario.recordings import Recordings
from engine.session.clock import VirtualClock
from engine.session.memory import MemoryStore
from engine.turn.engine import Engine


@dataclass(frozen=True)
class AskedFor:
    """Who a person asks for when replaying, whatever the cases say; what is empty is left to them.

    Attributes:
        reasoner: As in `ReasonerChoice`.
        embeddings: As in `ReasonerChoice`.
        host: Where Ollama listens.
    """

    reasoner: str = ""
    embeddings: str = ""
    host: str = ""

    def __str__(self) -> str:
        """In the words of the command line, e.g. `--embeddings minilm`; empty when everything is left to the cases."""
        asked = {"--reasoner": self.reasoner, "--embeddings": self.embeddings}
        return " ".join(f"{option} {word}" for option, word in asked.items() if word)

    def over(self, given: Given) -> ReasonerChoice:
        """The choice for a case."""
        return ReasonerChoice(self.reasoner or given.reasoner, self.embeddings or given.embeddings, self.host)


@dataclass(frozen=True)
class ReplayFactory:
    """Makes engines for the cases of one agent.

    Attributes:
        agent: The agent being played.
        folder: Where its code lies.
        trusted: Whether that code may be run.
        asked: Who is asked for, over what the cases say.
        recordings: What models answered before, to be played or recorded.
    """

    agent: Agent
    folder: Path
    trusted: bool = False
    asked: AskedFor = AskedFor()
    recordings: Recordings = field(default_factory=Recordings, compare=False, repr=False)

    def __call__(
        self, case: Case, store: MemoryStore, clock: VirtualClock, stubs: Mapping[str, tuple[Stub, ...]]
    ) -> Engine:
        """Make the engine of one case; see `engine.scenario.opening.EngineFactory`."""
        choice, model = self._thinker(case, self.asked.over(case.given))
        reasoner, index = make_reasoner(choice, model)
        return Engine(
            agent=self.agent,
            store=store,
            reasoner=reasoner,
            index=index,
            clock=clock,
            code=FolderCode(self.folder, trusted=self.trusted),
            stubs=stubs,
            on_close=model.close if model is not None else None,
        )

    def _thinker(self, case: Case, choice: ReasonerChoice) -> tuple[ReasonerChoice, Model | None]:
        """Who thinks, as it comes out: a recording may decide more than the case says."""
        if self.recordings.concern(choice):
            return self.recordings.model_for(case, choice, {self.agent.name, *self.agent.things})
        return choice, make_model(choice)
