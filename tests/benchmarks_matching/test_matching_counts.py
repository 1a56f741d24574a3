"""The harness counts right, shown with judges whose figures are known beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from benchmarks.matching.__main__ import NO_PEEKING, main
from benchmarks.matching.cases import Case, Kind
from benchmarks.matching.judging import judge
from benchmarks.matching.reporting import misses, table
from benchmarks.matching.scoring import Score, Share, score
from engine.reasoner.base import Condition, Judgement
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.reasoner import EmbeddedReasoner

CASE = Case.model_validate(
    {
        "agent": "Kite school",
        "about": "Lessons on the beach.",
        "conditions": {
            "books": {"condition": "The customer wants a lesson", "examples": ["a lesson please", "teach me"]},
            "wind": {"condition": "The customer asks about the wind", "examples": ["is it windy"]},
        },
        "on_topic": [
            {"says": "one lesson", "holds": ["books"]},
            {"says": "a lesson, if there is wind?", "holds": ["books", "wind"], "after": "Hello!"},
        ],
        "off_topic": [{"says": "nice logo"}, {"says": "bye"}],
        "adversarial": [
            {"kind": "negation", "says": "no lesson for me", "holds": []},
            {"kind": "mixed", "says": "how is the wind, and is there a café?", "holds": ["wind"]},
        ],
    }
)
LABELS = {message.says: message.holds for message in CASE.messages}

Rule = Callable[[Condition, str], bool]


class Judge(EmbeddedReasoner):
    """Judges by a rule, and keeps what it was asked."""

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self.rule = rule
        self.asked: list[tuple[Sequence[Condition], Conversation]] = []

    async def match(self, conditions: Sequence[Condition], conversation: Conversation) -> list[Judgement]:
        self.asked.append((conditions, conversation))
        said = conversation.messages[-1].text
        return [Judgement(each.of, self.rule(each, said), 0.0, 0.5, "clear", "rule", "") for each in conditions]


def perfect(condition: Condition, said: str) -> bool:
    return condition.of in LABELS[said]


async def scored(rule: Rule) -> Score:
    return score(await judge(Judge(rule), [CASE], 5))


async def test_a_perfect_judge_has_every_figure_at_its_best() -> None:
    counted = await scored(perfect)
    assert (counted.precision, counted.recall, counted.silence) == (Share(4, 4), Share(4, 4), Share(2, 2))
    assert counted.f1 == 1.0
    assert counted.adversarial_in_all == Share(2, 2)


async def test_a_silent_judge_finds_nothing_and_is_right_where_nothing_holds() -> None:
    counted = await scored(lambda condition, said: False)
    assert (counted.precision, counted.recall, counted.silence) == (Share(0, 0), Share(0, 4), Share(2, 2))
    assert counted.f1 == 0.0
    assert counted.adversarial[Kind.NEGATION] == Share(1, 1)
    assert counted.adversarial[Kind.MIXED] == Share(0, 1)


async def test_a_judge_that_matches_everything_recalls_all_and_is_never_silent() -> None:
    counted = await scored(lambda condition, said: True)
    assert (counted.precision, counted.recall, counted.silence) == (Share(4, 12), Share(4, 4), Share(0, 2))
    assert counted.f1 == 0.5
    assert counted.adversarial_in_all == Share(0, 2)


async def test_an_adversarial_message_half_right_is_wrong() -> None:
    counted = await scored(lambda condition, said: perfect(condition, said) or "café" in said)
    assert counted.adversarial[Kind.MIXED] == Share(0, 1)
    assert counted.f1 == 0.8889


async def test_a_judge_is_given_so_many_examples_and_the_line_before() -> None:
    asked = Judge(perfect)
    await judge(asked, [CASE], 1)
    conditions, conversation = asked.asked[1]
    assert [condition.examples for condition in conditions] == [("a lesson please",), ("is it windy",)]
    assert [(said.speaker, said.text) for said in conversation.messages] == [
        ("agent", "Hello!"),
        ("customer", "a lesson, if there is wind?"),
    ]
    await judge(asked, [CASE], 0)
    assert {condition.examples for conditions, _ in asked.asked[6:] for condition in conditions} == {()}


async def test_the_table_has_a_line_for_each_agent_and_one_for_all() -> None:
    lines = list(table(await judge(Judge(lambda condition, said: True), [CASE], 5)))
    assert [line.split()[:6] for line in lines[1:]] == [
        ["Kite", "school", "0.333", "1.000", "0.500", "0%"],
        ["all", "0.333", "1.000", "0.500", "0%", "0%"],
    ]


async def test_misses_say_what_was_not_found_and_what_was_found_in_error() -> None:
    assert list(misses(await judge(Judge(lambda condition, said: condition.of == "wind"), [CASE], 5)))[:3] == [
        "  Kite school: “one lesson” -books +wind",
        "  Kite school: “a lesson, if there is wind?” -books",
        "  Kite school: “nice logo” +wind",
    ]


@pytest.mark.parametrize("half", ["held_out", "all"])
def test_the_misses_of_the_held_out_half_are_refused_in_one_line(half: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--misses", "--half", half]) == 2
    assert capsys.readouterr() == ("", f"{NO_PEEKING}\n")


def test_embeddings_that_cannot_be_had_are_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.matching.__main__.embeddings_fault", lambda name: f"{name}: not here")
    assert main(["--embeddings", "minilm"]) == 2
    assert capsys.readouterr() == ("", "minilm: not here\n")


def test_what_is_printed_is_the_same_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    printed = [
        (main(["--embeddings", "lexical", "--half", "dev", "--examples", "5"]), capsys.readouterr()) for _ in "ab"
    ]
    assert printed[0] == printed[1]
    assert printed[0][1].out.startswith("lexical, 5 examples, dev\n")
