"""A turn's decisions as a block of text."""

from __future__ import annotations

from datetime import datetime

from rich.text import Text

from engine.agent.basics import CompositionMode
from engine.reasoner.base import DraftPart, ReasonerInfo
from engine.turn.results import Outcome, Result
from engine.turn.trace import Closing, Composition, Drafting, TurnTrace
from studio.why import why_block, why_lines


def turn(*outcomes: Outcome) -> TurnTrace:
    trace = TurnTrace("t", "s", 1, "a", ReasonerInfo("embedded"), datetime(2026, 3, 2))
    trace.stages.append(Drafting("Hello.", (DraftPart("Hello.", "greet", "greet"), DraftPart("", "greet", "ask")), ()))
    trace.stages.append(Composition(CompositionMode.STRICT, ("agent",), ("Hi.",), ("hi",), "hi fits (high)"))
    trace.stages.append(Closing(outcomes, {}, ()))
    return trace


def text(trace: TurnTrace, *, everything: bool = False) -> str:
    block = why_block(trace, everything=everything, wrapped=False)
    assert isinstance(block, Text)
    return block.plain


def test_winners_come_first_and_losers_with_a_reason_before_those_far_away() -> None:
    block = text(
        turn(
            Outcome("far", "guideline", Result.NOT_MATCHED, (), "not near", 0.1, 0.3),
            Outcome("lost", "guideline", Result.EXCLUDED, ("won",), "excluded by won", 0.7, 0.3),
            Outcome("won", "guideline", Result.MATCHED, (), "an example", 0.9, 0.3, "clear"),
        )
    )
    assert block.index("✓ won") < block.index("✗ lost") < block.index("✗ far")
    assert "excluded won" in block
    assert "clear" in block


def test_what_is_far_is_counted_and_can_be_shown() -> None:
    far = [Outcome(f"far_{number}", "guideline", Result.NOT_MATCHED, (), "not near", 0.0) for number in range(40)]
    assert "– 40 not_matched" in text(turn(*far))
    assert "far_39" not in text(turn(*far))
    assert "far_39" in text(turn(*far), everything=True)


def test_a_draft_names_what_asked_for_it_once() -> None:
    lines = [line.body.plain for line in why_lines(turn())]
    assert "from greet by greet, ask" in lines
    assert "mode strict, asked by agent" in lines


def test_wrapped_and_whole_say_the_same_things() -> None:
    trace = turn(Outcome("won", "guideline", Result.MATCHED, (), "an example", 0.9, 0.3, "clear"))
    from rich.console import Console

    console = Console(width=60, no_color=True)
    with console.capture() as capture:
        console.print(why_block(trace))
    assert all(len(line) <= 60 for line in capture.get().splitlines())
    assert set(text(trace).split()) == set(capture.get().split())
