"""What the inspector says of a turn in which a language model thought: its calls, and what it was not asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.choosing import ReasonerChoice
from engine.opening import open_agent
from engine.reasoner.base import Condition, Judgement, ModelCall, ReasonerInfo
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.reasoner import EmbeddedReasoner
from engine.turn.live_session import LiveSession
from engine.turn.trace import Matching, TurnTrace
from studio.inspector.checklist import checklist
from studio.inspector.entries import Entry, Page
from studio.inspector.facts import Facts
from studio.inspector.reading_calls import read_calls, total
from studio.inspector.reading_draft import read_draft
from studio.inspector.reading_matched import read_matched
from studio.inspector.reading_trace import TraceReading
from studio.inspector.reading_why import read_why

from .inspector_turns import AGENT, CODE, START

FIRST = ModelCall("situation", 9_000, 2_100, 96, seconds=2.5, answered='{"verdicts": {"offer_tea": "yes"}}')
SECOND = ModelCall(
    "draft", 3_400, 800, 22, attempts=2, warning="the answer was cut off", recorded=True, answered="We have\ntea."
)


def text(entries: Sequence[Entry], width: int = 90) -> str:
    """What is read, line by line."""
    return "\n".join(line.plain for entry in entries for line in entry.lines(width))


class Sifting(EmbeddedReasoner):
    """Judges one condition only, and rules the others out."""

    async def match(self, conditions: Sequence[Condition], conversation: Conversation) -> list[Judgement]:
        """Judge; what is not about cake is too far."""
        found = await super().match(conditions, conversation)
        return [self._far(judgement) if judgement.of != "offer_cake" else judgement for judgement in found]

    @staticmethod
    def _far(judgement: Judgement) -> Judgement:
        why = "nothing said comes near it (0.10)"
        return replace(judgement, holds=False, score=0.1, threshold=0.3, rule="ruled_out_early", why=why)


async def sifted(folder: Path) -> Facts:
    """A turn in which all conditions but one were ruled out early."""
    (folder / "agent.yaml").write_text(AGENT, "utf-8")
    (folder / "tools.py").write_text(CODE, "utf-8")
    opened = open_agent(folder, trusted=True, start=START, choice=ReasonerChoice(embeddings="lexical"))
    live = await LiveSession.open(replace(opened.engine, reasoner=Sifting()))
    trace = await live.say("a cake please")
    await opened.engine.close()
    return Facts(trace, opened.engine.agent)


def test_every_call_tells_what_it_read_wrote_and_took():
    lines = text([*read_calls((FIRST, SECOND), Page(90))])
    assert "situation" in lines and "2,100 → 96 tokens · 2.5 s" in lines and "9,000 characters" in lines
    assert "3,400 characters · recorded · 2 attempts" in lines and "! the answer was cut off" in lines
    assert "2 calls · 12,400 characters · 2,900 → 118 tokens · 2.5 s" in lines
    assert "offer_tea" not in lines, "answers are folded"


def test_an_unfolded_call_shows_what_the_model_answered():
    entries = [*read_calls((FIRST, SECOND, SECOND), Page(90, frozenset({"call situation", "call draft#2"})))]
    by_key = {entry.key: text([entry]) for entry in entries}
    assert '"offer_tea": "yes"' in by_key["call situation"]
    assert "We have" in by_key["call draft#2"] and "tea." in by_key["call draft#2"]
    assert "We have" not in by_key["call draft"]
    assert next(entry for entry in entries if entry.key == "call draft").text == SECOND.answered


def test_times_that_are_not_known_are_left_out():
    assert total((replace(FIRST, seconds=0.0),) * 2) == "2 calls · 18,000 characters · 4,200 → 192 tokens"


def test_a_turn_without_a_model_says_nothing_of_calls():
    assert not [*read_calls((), Page())]


async def test_what_was_ruled_out_early_is_counted_and_said(tmp_path):
    facts = await sifted(tmp_path)
    many = sum(judgement.rule == "ruled_out_early" for judgement in facts.trace.last(Matching).judgements)
    shown = text(read_matched(facts, Page(90)))
    assert f"{many} were ruled out early" in shown
    assert "ruled out early: nothing said comes near it (0.10)" in shown
    assert f"{many} ruled out early" in text(TraceReading().read(facts, Page(90)))
    why = text(read_why(facts, "offer_tea"))
    assert "ruled out early" in why and "near enough to be asked about" in why
    assert [each.met for each in checklist(facts, "offer_tea")][0] is False


async def test_what_is_ruled_out_early_is_said_while_the_turn_runs(tmp_path):
    facts = await sifted(tmp_path)
    names = [stage.stage for stage in facts.trace.stages]
    running = replace(facts.trace, stages=facts.trace.stages[: names.index("matching") + 1], status="running")
    assert "ruled out early: nothing said" in text(read_matched(Facts(running, facts.agent), Page(90)))


async def test_a_draft_that_is_being_written_is_shown_only_until_there_is_one(tmp_path):
    facts = await sifted(tmp_path)
    assert "being written" not in text(read_draft(facts, Page(90), "We have"))
    info = ReasonerInfo("ollama", "m", "lexical")
    running = TurnTrace("t", "s", 1, "a", info, START, heard=("hello",))
    shown = text(read_draft(Facts(running, facts.agent), Page(90), "We have [bold]tea"))
    assert "We have [bold]tea" in shown and "Nothing of it is sent yet" in shown
    assert "Not drafted yet" in text(read_draft(Facts(running, facts.agent), Page(90)))
