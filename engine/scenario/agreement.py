"""What two reasoners decide in the same turns, stage by stage, and how often they agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.choosing import Kind, written_fault
from engine.scenario.factory import AskedFor
from engine.scenario.model import Place
from engine.turn.results import Result
from engine.turn.trace import Closing, Composition, ToolCall, ToolRound, TurnTrace

StageName = Literal["matched", "state", "arguments", "response"]
STAGES: tuple[StageName, ...] = ("matched", "state", "arguments", "response")
"""What is compared: which guidelines hold, where journeys stand, what tools were called with, what was sent."""

_EMBEDDINGS = ("auto", "lexical", "minilm")
_OWN_WORDS = "own words"


@dataclass(frozen=True)
class Comparison:
    """One stage of one turn: what each of the two decided, in the order in which they were named."""

    stage: StageName
    sides: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def agreed(self) -> bool:
        """Whether both decided the same."""
        return self.sides[0] == self.sides[1]


@dataclass(frozen=True)
class TurnComparison:
    """One turn: `comparisons` has the stages in which either had something to decide; `fault` says who could not."""

    case: str
    place: Place
    turn: int
    heard: tuple[str, ...]
    comparisons: tuple[Comparison, ...] = ()
    fault: str = ""


@dataclass(frozen=True)
class Agreement:
    """What two reasoners make of the same turns.

    Attributes:
        sides: Who they are, in the order in which they were named.
        leader: Which of them led the conversations, 0 or 1.
        turns: Every turn that was compared, in order.
        cases: How many cases were played.
        interrupted: Whether a person ended it early.
    """

    sides: tuple[str, str]
    leader: int
    turns: tuple[TurnComparison, ...]
    cases: int
    interrupted: bool = False

    def counted(self, stage: StageName) -> tuple[int, int]:
        """On how many turns both agree in a stage, of how many in which either had something to decide."""
        found = [each for turn in self.turns for each in turn.comparisons if each.stage == stage]
        return sum(each.agreed for each in found), len(found)

    @property
    def faults(self) -> int:
        """How many turns could not be compared."""
        return sum(bool(turn.fault) for turn in self.turns)


def parse_sides(written: str, host: str = "") -> tuple[AskedFor, AskedFor]:
    """Read who is compared: two names with a comma between them.

    Each is a reasoner as `--reasoner` takes it, with its embeddings behind a slash where they matter
    (`embedded/minilm`); embeddings alone mean the embedded reasoner with them (`lexical,minilm`).

    Args:
        written: The words.
        host: Where Ollama listens.

    Raises:
        ValueError: When these are not two of them; one line says what to write.
    """
    words = [word.strip() for word in written.split(",")]
    if len(words) != 2 or words[0] == words[1]:
        raise ValueError("two different ones are compared: write them like embedded,ollama:llama3.2")
    first, second = (_side(word, host) for word in words)
    if plays_recordings(first) and plays_recordings(second):
        raise ValueError("of two recordings each knows its own conversation only: compare one with a live reasoner")
    return first, second


def _side(word: str, host: str) -> AskedFor:
    reasoner, _, embeddings = word.rpartition("/")
    if not reasoner or not (embeddings in _EMBEDDINGS or embeddings.startswith("ollama:")):
        reasoner, embeddings = ("embedded", word) if word in _EMBEDDINGS else (word, "")
    words: tuple[tuple[Kind, str], ...] = (("reasoner", reasoner), ("embeddings", embeddings or "auto"))
    for kind, each in words:
        fault = written_fault(kind, each)
        if fault is not None:
            raise ValueError(". ".join(fault))
    return AskedFor(reasoner, embeddings, host)


def plays_recordings(side: AskedFor) -> bool:
    """Whether a side plays what was recorded."""
    return side.reasoner.partition(":")[0] == "recorded"


def decisions(trace: TurnTrace) -> dict[StageName, tuple[str, ...]]:
    """What was decided in a turn, by stage, in a form that can be compared and shown."""
    return {
        "matched": tuple(
            outcome.entity
            for outcome in trace.outcomes.values()
            if outcome.kind in ("guideline", "observation") and outcome.result in (Result.MATCHED, Result.ENTAILED)
        ),
        "state": tuple(
            f"{journey}.{path[-1]}" for stage in trace.all(Closing) for journey, path in stage.positions.items() if path
        ),
        "arguments": tuple(dict.fromkeys(_told(call) for stage in trace.all(ToolRound) for call in stage.calls)),
        "response": tuple(
            _OWN_WORDS if source.partition(":")[0] in ("draft", "restyled") else source
            for stage in trace.all(Composition)
            for source in stage.sources
        ),
    }


def _told(call: ToolCall) -> str:
    values = [f"{name}={value}" for name, value in call.values.items()]
    wrong = [f"{argument.name} {argument.problem}" for argument in call.arguments if argument.problem]
    return f"{call.tool}({', '.join((*values, *wrong))})"
