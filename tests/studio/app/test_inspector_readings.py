"""A turn as lines: what the panels of the inspector say, worked out without a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from textual.content import Content

from engine.agent.basics import CompositionMode
from engine.agent.model import Agent
from engine.reasoner.base import DraftPart, ReasonerInfo
from engine.turn.results import Outcome, Result
from engine.turn.trace import Closing, Composition, Drafting, Situation, TurnTrace
from studio.inspector.checklist import checklist
from studio.inspector.differences import compared, side_by_side
from studio.inspector.entries import Entry, Page, bar, clean, short, sign
from studio.inspector.facts import Facts
from studio.inspector.inspector import head_line
from studio.inspector.links import chain_of, links_of
from studio.inspector.reading_canned import read_canned
from studio.inspector.reading_draft import read_draft
from studio.inspector.reading_journey import read_journey
from studio.inspector.reading_matched import read_matched
from studio.inspector.reading_trace import TraceReading, stage_text, trace_text
from studio.inspector.reading_why import chain_text, read_everything, read_why
from studio.inspector.sentences import SENTENCES, in_a_sentence, near_enough

from .inspector_turns import START, turns

ARGUING = "a coffee please, this is an outrage, a cake please"


def text(entries: Sequence[Entry], width: int = 60) -> str:
    return "\n".join(line.plain for entry in entries for line in entry.lines(width))


def until(trace: TurnTrace, stage: str, status: str = "running") -> TurnTrace:
    """The turn as it was after a stage."""
    names = [each.stage for each in trace.stages]
    return replace(trace, stages=trace.stages[: names.index(stage) + 1], status=status, seconds=0.0)


# -- words for every result -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("result", Result)
@pytest.mark.parametrize("kind", ["guideline", "state", "tool", "response"])
def test_every_result_has_a_sentence_of_its_own_and_a_sign(result, kind):
    outcome = Outcome("it", kind, result, ("someone",), "the reason")
    sentence = in_a_sentence(outcome)
    assert sentence.startswith("it ") and sentence.endswith(".") and "_" not in sentence
    assert in_a_sentence(replace(outcome, counterpart=())).count("  ") == 0
    mark, style = sign(result)
    assert mark and style
    assert result.won == (mark == "✓")


def test_no_two_results_are_told_in_the_same_words():
    told = {SENTENCES[result](Outcome("it", "guideline", result, ("someone",), "why")) for result in Result}
    assert len(told) == len(Result)


# -- Matched ----------------------------------------------------------------------------------------------------------


async def test_a_survivor_names_what_it_beat_and_a_loser_who_decided(tmp_path):
    page = text(read_matched(Facts(*await turns(tmp_path, ARGUING)), Page(60)))
    assert page.index("✓ calm_down") < page.index("beat offer_tea") < page.index("✗ offer_tea")
    assert "excluded by calm_down" in page
    assert "depends on offer_tea, which did not survive" in page
    assert "“this is an outrage”" in page


async def test_what_was_entailed_says_by_whom(tmp_path):
    page = text(read_matched(Facts(*await turns(tmp_path, "which beans do you use")), Page(60)))
    assert "entailed by tells_beans" in page
    assert "✓ look_up_beans()" in page and "field beans = 'arabica'" in page


async def test_a_tool_that_failed_unfolds_its_traceback(tmp_path):
    facts = Facts(*await turns(tmp_path, "how heavy is the bag"))
    folded = text(read_matched(facts, Page(80)))
    assert "failed: ValueError: the scales are broken" in folded and "Traceback" not in folded
    unfolded = text(read_matched(facts, Page(80, frozenset({"call weigh_beans"}))))
    assert "Traceback" in unfolded and "in weigh_beans" in unfolded


async def test_a_tool_that_lacks_an_argument_says_which(tmp_path):
    page = text(read_matched(Facts(*await turns(tmp_path, "call me back")), Page(60)))
    assert "! call_owner()" in page and "missing phone" in page


async def test_a_running_turn_shows_what_its_stages_decided_so_far(tmp_path):
    trace, agent = await turns(tmp_path, ARGUING)
    empty = text(read_matched(Facts(replace(trace, stages=[], status="running"), agent), Page()))
    judged = text(read_matched(Facts(until(trace, "matching"), agent), Page()))
    resolved = text(read_matched(Facts(until(trace, "relationships"), agent), Page()))
    assert "Judging" in empty
    assert "✓ calm_down" in judged and "✓ offer_tea" in judged
    assert "✗ offer_tea" in resolved and "excluded by calm_down" in resolved


async def test_a_running_turn_and_the_finished_one_agree(tmp_path):
    trace, agent = await turns(tmp_path, ARGUING)
    before, after = Facts(until(trace, "composition"), agent), Facts(trace, agent)
    for kinds in [("guideline", "observation"), ("journey",), ("tool",), ("response",)]:
        shown = {each.entity: each.result for each in before.ranked(kinds).shown if each.result.won}
        assert shown == {each.entity: each.result for each in after.ranked(kinds).shown if each.result.won}


async def test_a_cancelled_turn_keeps_what_had_matched(tmp_path):
    trace, agent = await turns(tmp_path, ARGUING)
    cut = until(trace, "relationships", "cancelled")
    outcomes = tuple(replace(each, result=Result.CANCELLED) for each in trace.last(Closing).outcomes)
    cut.stages.append(Closing(outcomes, {}, ()))
    assert "✓ calm_down" in text(read_matched(Facts(cut, agent), Page()))
    assert "was cancelled before the agent spoke" in text(read_why(Facts(cut, agent), "calm_down"), 120)


async def test_a_silent_turn_and_a_triggered_one_say_why_nothing_was_judged(tmp_path):
    trace, agent = await turns(tmp_path, "hello there")
    silent = replace(trace, stages=[trace.stages[-1]], status="silent", mode="manual")
    assert "a person answers" in text(read_matched(Facts(silent, agent), Page()))
    triggered = replace(trace, cause="trigger", trigger=("Ask whether all is well",))
    assert "Ask whether all is well" in text(read_matched(Facts(triggered, agent), Page()))


def test_only_the_nearest_of_a_thousand_are_laid_out():
    outcomes = [Outcome(f"far_{n}", "guideline", Result.NOT_MATCHED, (), "far", n / 2000, 0.9) for n in range(1000)]
    trace = TurnTrace("t", "s", 1, "a", ReasonerInfo("embedded"), START, status="completed")
    trace.stages.append(Closing(tuple(outcomes), {}, ()))
    ranked = Facts(trace, agent=None).ranked(("guideline",))
    assert [each.entity for each in ranked.shown][:2] == ["far_999", "far_998"]
    assert len(ranked.shown) + ranked.left == 1000 and len(ranked.shown) < 10


# -- Draft ------------------------------------------------------------------------------------------------------------


def test_differences_are_struck_out_and_underlined():
    old, new = compared("We only have tea.", "Sorry, we only have green tea.")
    assert old.plain == "We only have tea." and new.plain == "Sorry, we only have green tea."
    assert marked(old, "strike") == ["We"]
    assert marked(new, "underline") == ["Sorry, we", "green"]


def marked(content: Content, style: str) -> list[str]:
    return [content.plain[span.start : span.end] for span in content.spans if style in str(span.style)]


def test_equal_texts_have_no_marks_and_long_ones_are_compared_by_sentence():
    assert compared("The same.", "The same.")[0].spans == []
    long = "One two three. " * 600
    old, new = compared(long, long + "And more.")
    assert marked(old, "strike") == [] and marked(new, "underline") == ["And more."]


def test_two_columns_keep_within_their_width_with_wide_characters():
    lines = side_by_side(Content("今日は晴れです " * 6), Content("x" * 90), 41).plain.split("\n")
    assert {Content(line.partition("│")[0]).cell_length for line in lines} == {20}
    assert max(Content(line).cell_length for line in lines) <= 41


async def test_draft_and_sent_stand_beside_each_other_where_there_is_room(tmp_path):
    facts = Facts(*await turns(tmp_path, "a coffee please"))
    assert "We only have tea.            │ Sorry, we only have tea." in text(read_draft(facts, Page(60)))
    narrow = text(read_draft(facts, Page(36)), 36)
    assert "│" not in narrow
    assert narrow.index("Draft") < narrow.index("We only") < narrow.index("Sent") < narrow.index("Sorry")
    assert "offer_tea" in narrow and "only_tea fits (high)" in narrow


def test_a_draft_sent_as_it_is_is_not_shown_twice():
    trace = TurnTrace("t", "s", 1, "a", ReasonerInfo("embedded"), START, status="completed")
    parts = (DraftPart("Hello.", "greet", "say"), DraftPart("Bye.", "", "greet"))
    trace.stages.append(Drafting("Hello. Bye.", parts, ("greet", "offer"), dictated=True))
    trace.stages.append(Composition(CompositionMode.FLUID, ("agent",), ("Hello. Bye.",), ("draft",), "nothing fits"))
    facts = Facts(trace, agent=Empty())
    page = text(read_draft(facts, Page(70)))
    assert page.count("Hello. Bye.") == 1 and "word for word" in page
    assert "greet · as written there" in page and "the conversation · worded by greet" in page
    assert "dictated" in page
    assert "offer" in page and "not in the draft" in page


class Empty:
    """An agent with nothing in it."""

    things: dict = {}

    def state(self, name):
        return None


# -- Canned -----------------------------------------------------------------------------------------------------------


async def test_candidates_come_best_first_each_with_why_it_lost(tmp_path):
    page = text(read_canned(Facts(*await turns(tmp_path, "a coffee please")), Page(60)))
    assert page.index("✓ only_tea") < page.index("✗ tea_today") < page.index("! price")
    assert "lost to only_tea" in page and "lacks amount, which nobody provided" in page
    assert "strict, asked by agent" in page


async def test_a_no_match_shows_its_words_and_the_nearest(tmp_path):
    page = text(read_canned(Facts(*await turns(tmp_path, "how heavy is the bag")), Page(60)))
    assert "▸ no match" in page and "I am not sure about that one." in page
    assert "lacks beans" in page


# -- Journey ----------------------------------------------------------------------------------------------------------


async def test_a_journey_shows_where_it_was_where_it_is_and_what_competed(tmp_path):
    page = text(read_journey(Facts(*await turns(tmp_path, "I want to book a table", "on Monday")), Page(70)), 70)
    assert "book_table" in page and "ask_day → say_closed" in page
    assert "✓ ask_day → □ say_closed" in page and "○ ask_day → □ ask_people" in page
    assert "The customer prefers the evening" in page
    assert "● ask_day → □ say_closed" in page


async def test_a_turn_without_a_journey_says_so(tmp_path):
    assert "No journey was active" in text(read_journey(Facts(*await turns(tmp_path, "a coffee please")), Page()))


# -- Trace ------------------------------------------------------------------------------------------------------------


async def test_every_stage_has_a_line_and_unfolds_what_it_read(tmp_path):
    trace, agent = await turns(tmp_path, ARGUING)
    reading = TraceReading()
    folded = reading.read(Facts(trace, agent), Page())
    assert [entry.key for entry in folded if entry.folded is not None] == [
        f"stage {each.stage}" for each in trace.stages
    ]
    opened = text(reading.read(Facts(trace, agent), Page(70, frozenset({"stage relationships"}))), 70)
    assert "calm_down excludes offer_tea" in opened and "read" in opened
    assert "iterations:" in opened


async def test_a_stage_and_a_turn_are_copied_as_yaml(tmp_path):
    import yaml

    trace, agent = await turns(tmp_path, ARGUING)
    assert yaml.safe_load(trace_text(trace)) == trace.to_json()
    drafting = next(stage for stage in trace.stages if stage.stage == "draft")
    assert yaml.safe_load(stage_text(drafting))["draft"]["text"] == drafting.text


# -- Why --------------------------------------------------------------------------------------------------------------


async def test_a_chain_goes_from_what_lost_to_what_decided(tmp_path):
    facts = Facts(*await turns(tmp_path, ARGUING))
    assert chain_of(facts, "offer_cake") == ("offer_cake", "offer_tea", "calm_down")
    said = chain_text(facts, "offer_cake")
    assert said.startswith("offer_cake depends on offer_tea, which did not survive, because offer_tea is excluded by")
    assert said.endswith("because calm_down matched: its condition holds.")


async def test_a_chain_ends_where_two_things_name_each_other(tmp_path):
    trace, agent = await turns(tmp_path, "a coffee please")
    outcomes = (
        Outcome("offer_tea", "guideline", Result.AMBIGUOUS, ("offer_cake",)),
        Outcome("offer_cake", "guideline", Result.AMBIGUOUS, ("offer_tea",)),
    )
    facts = Facts(replace(trace, stages=[Closing(outcomes, {}, ())]), agent)
    assert chain_of(facts, "offer_tea") == ("offer_tea", "offer_cake")


async def test_the_sheet_says_what_it_would_take(tmp_path):
    facts = Facts(*await turns(tmp_path, ARGUING))
    tea = {each.entity: each for each in checklist(facts, "offer_tea")}
    assert tea["calm_down"].met is False and "survives" in tea["calm_down"].text
    assert tea[""].met is True
    cake = {each.entity: each for each in checklist(facts, "offer_cake")}
    assert cake["offer_tea"].met is False
    fair = checklist(facts, "mention_fair_trade")
    assert [each.met for each in fair] == [False] and "needs" in fair[0].text
    assert checklist(facts, "sleeping")[0].text == "it is switched on"
    page = text(read_why(facts, "offer_tea"))
    assert "What it would take" in page and "is excluded by calm_down" in page and "The customer wants a coffee" in page


async def test_a_response_that_lacks_a_field_leads_to_the_tool_that_gives_it(tmp_path):
    facts = Facts(*await turns(tmp_path, "how heavy is the bag"))
    assert [link.name for link in links_of(facts, "beans_are")] == ["look_up_beans"]
    assert [link.name for link in links_of(facts, "look_up_beans")] == ["tells_beans"]
    assert any(each.met is False and "beans" in each.text for each in checklist(facts, "beans_are"))


@pytest.mark.parametrize("said", [ARGUING, "call me back", "which beans do you use", "I want to book a table"])
async def test_everything_in_a_turn_can_be_explained(tmp_path, said):
    explained(*await turns(tmp_path, said))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pizza", ("a large margherita for delivery to 5 Elm Street", "no thanks")),
        ("pizza", ("I want to cancel",)),
        ("bank", ("what's my credit card limit?",)),
        ("travel", ("I'd like to fly to Rome on the 20th",)),
    ],
)
async def test_everything_in_a_turn_of_an_example_agent_can_be_explained(workspace_folder, name, said):
    explained(*await turns(workspace_folder(name), *said))


def explained(trace: TurnTrace, agent: Agent) -> None:
    """What took part met all it takes, what did not lacks something, and each has a sheet with rows of their own."""
    facts = Facts(trace, agent)
    rows = [row for row in read_everything(facts, 60) if not row.heading]
    assert {row.key for row in rows} == set(trace.outcomes)
    for name, outcome in trace.outcomes.items():
        entries = read_why(facts, name)
        assert len({entry.key for entry in entries}) == len(entries)
        assert name in entries[0].label.plain
        requirements = checklist(facts, name)
        met = [each.met for each in requirements]
        assert not (outcome.result.won and False in met), f"{name} took part without {requirements}"
        assert outcome.result.won or not all(met), f"{name} lacks nothing"


async def test_what_a_turn_does_not_know_is_said_in_one_line(tmp_path):
    facts = Facts(*await turns(tmp_path, "a coffee please"))
    assert "nothing called nobody" in text(read_why(facts, "nobody"))


# -- small things -----------------------------------------------------------------------------------------------------


def test_text_from_anywhere_cannot_break_a_line():
    assert clean("a\x1b[31m\tb\r\x07\u202ec") == "a [31m b  c"
    entry = Entry("e", Content(clean("x\ty\x00" * 30 + "[bold]今日は")), (Content("مرحبا " * 20),))
    assert all(line.cell_length <= 24 for line in entry.lines(24))
    assert "[bold]" in entry.text


def test_scores_and_bars():
    assert [short(score) for score in (None, 0.0, 0.312, 1.0)] == ["", ".00", ".31", "1.0"]
    assert [bar(score).plain.strip() for score in (0.0, 0.01, 0.5, 1.0)] == ["", "▌", "███", "██████"]


@pytest.mark.parametrize(
    ("status", "word"), [("running", "running"), ("cancelled", "cancelled"), ("failed", "failed"), ("silent", "silent")]
)
def test_the_head_line_has_a_word_for_a_turn_that_did_not_end_with_an_answer(status, word):
    trace = TurnTrace("t", "s", 3, "a", ReasonerInfo("embedded", "", "lexical"), START, status=status, seconds=0.0123)
    trace.stages.append(Situation("Guest", {}, (), ()))
    assert word in head_line(trace).plain
    assert head_line(replace(trace, status="completed")).plain == "Turn 3 · 12 ms · embedded · lexical"


async def test_what_a_thing_led_to_is_listed_under_it(tmp_path):
    facts = Facts(*await turns(tmp_path, "which beans do you use"))
    page = text(read_why(facts, "tells_beans"))
    led = page[page.index("It led to") :]
    assert "mention_fair_trade" in led and "look_up_beans" in led
    lost = text(read_why(Facts(*await turns(tmp_path, ARGUING)), "offer_tea"))
    assert "offer_cake" in lost[lost.index("It led to") :]


def test_what_a_counterexample_takes_back_is_not_said_to_lack_a_score():
    outcome = Outcome("it", "guideline", Result.NOT_MATCHED, (), "“no coke” takes it back", 0.68, 0.35)
    assert near_enough(outcome)
    assert "needs" not in in_a_sentence(outcome) and "takes it back" in in_a_sentence(outcome)
    assert not near_enough(replace(outcome, score=0.2))
