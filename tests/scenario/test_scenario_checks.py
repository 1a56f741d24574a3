from collections.abc import Callable

import pytest

from engine.scenario.checks import CHECKS
from engine.scenario.judging import judge_step
from engine.scenario.model import Scenario
from engine.scenario.moment import Moment
from engine.scenario.results import Failure

Read = Callable[[str], list[Scenario]]

TABLE = [
    # key, what passes, what fails, what a failure shows
    ("agent", "We only have Pepsi.", "We have coke.", "“We only have Pepsi.”"),
    ("agent", "... Pepsi.", "none", "“We only have Pepsi.”"),
    ("agent", "{any_of: [a, /Pepsi/]}", "{any_of: [a, b]}", "“We only have Pepsi.”"),
    ("agent", "[We only have Pepsi.]", "[We only have Pepsi., And more.]", "“We only have Pepsi.”"),
    ("response", "no_coke", "balance_is", "no_coke"),
    ("response", "{only: [no_coke]}", "none", "no_coke"),
    ("response", "{any_of: [no_coke, no_match]}", "no_match", "no_coke"),
    ("draft", "... only have Pepsi.", "... coke ...", "“I'm sorry, we only have Pepsi.”"),
    ("draft", "{like: We only have Pepsi, min: 0.5}", "{like: Something else entirely, min: 0.9}", "(0."),
    ("like", "We just have Pepsi", "Goodbye for now", "(0."),
    ("candidates", "no_coke", "balance_is", "no_coke"),
    ("fit", "high", "low", "high"),
    ("fit", "{any_of: [high, partial]}", "none", "high"),
    ("mode", "strict", "fluid", "strict"),
    ("matched", "upset", "offer_pepsi", "upset"),
    ("matched", "{only: [upset]}", "{only: [upset, offer_pepsi]}", "upset"),
    ("matched", "{any_of: [upset, offer_pepsi]}", "none", "upset"),
    ("why_not", "{offer_pepsi: excluded upset}", "{offer_pepsi: not_matched}", "offer_pepsi: excluded upset"),
    ("why_not", "{offer_pepsi: excluded}", "{offer_pepsi: excluded hand_off}", "offer_pepsi: excluded upset"),
    ("why_not", "{offer_pepsi: {any_of: [disabled, excluded]}}", "{upset: excluded}", "upset: matched"),
    ("why_not", "{balance_is: missing_field amount}", "{balance_is: missing_field fare}", "missing_field amount"),
    ("why_not", "{book: missing_argument date}", "{order.confirm: disabled}", "order.confirm: it was not looked at"),
    ("journey", "order", "none", "order"),
    ("state", "order.ask", "order.confirm", "order.ask"),
    ("state", "{any_of: [order.ask, order.end]}", "none", "order.ask"),
    ("state", "order.ask", "order.end", "order.ask"),
    ("calls", "get_menu", "none", "get_menu(size=large)"),
    ("calls", "1", "2", "get_menu(size=large)"),
    ("calls", "{get_menu: {size: large}}", "{get_menu: {size: small}}", "get_menu(size=large)"),
    ("calls", "{get_menu: {crust: null}}", "{get_menu: {size: null}}", "get_menu(size=large)"),
    ("calls", "{any_of: [book, get_menu]}", "[get_menu, get_menu]", "get_menu(size=large)"),
    ("calls", "[{get_menu: {}}]", "{get_menu: {}, book: {}}", "get_menu(size=large)"),
    ("failures", "none", "get_menu", "none"),
    ("missing", "date", "none", "date"),
    ("missing", "1", "2", "date"),
    ("invalid", "none", "date", "none"),
    ("invalid", "0", "1", "none"),
    ("fields", "drink", "amount", "drink"),
    ("fields", "{drink: Pepsi}", "{drink: Coke}", "drink=Pepsi"),
    ("fields", "1", "0", "drink"),
    ("variables", "{plan: gold}", "{plan: free}", "plan=gold"),
    ("session", "{mode: auto}", "{mode: manual}", "mode=auto"),
    ("session", "{metadata: {channel: {name: web}}}", "{metadata: {channel: {name: app}}}", "metadata="),
    ("metadata", "{tone: calm}", "{tone: loud}", "tone=calm"),
    ("metadata", "{n: 1}", "{other: 1}", "no other"),
    ("status", "[acknowledged, ready]", "[ready, acknowledged]", "acknowledged, typing, ready (completed)"),
    ("status", "{ready: {stage: completed}}", "{ready: {stage: other}}", "ready (completed)"),
    ("trigger", "none", "check_fare", "none"),
    ("trigger", "{only: []}", "1", "none"),
    ("at", "18:15", "18:16", "2026-03-02 18:15:00"),
    ("at", "2026-03-02", "2026-03-03", "2026-03-02 18:15:00"),
    ("tokens", "<2000", "'>0'", "0"),
]


def failures_of(read: Read, moment: Moment, checks: str) -> list[Failure]:
    (scenario,) = read(f"scenario: S\nsteps: [{{{checks}}}]")
    return list(judge_step(scenario.cases[0].steps[0], moment, "customer: I hate Pepsi!"))


@pytest.mark.parametrize(("key", "passes", "fails", "got"), TABLE)
def test_each_check_passes_and_fails(read: Read, moment: Moment, key: str, passes: str, fails: str, got: str) -> None:
    assert failures_of(read, moment, f"{key}: {passes}") == []
    (failure,) = failures_of(read, moment, f"{key}: {fails}")
    assert failure.check == key
    assert got in failure.got
    assert failure.place.line == 2


@pytest.mark.parametrize(("key", "passes", "fails", "got"), TABLE)
def test_under_not_what_passes_fails(read: Read, moment: Moment, key: str, passes: str, fails: str, got: str) -> None:
    (failure,) = failures_of(read, moment, f"not: {{{key}: {passes}}}")
    assert failure.expected.startswith("not ")


def test_the_table_covers_every_check() -> None:
    assert {row[0] for row in TABLE} == set(CHECKS)


@pytest.mark.parametrize(
    ("checks", "count"),
    [
        ("not: {calls: book}", 0),
        ("not: {calls: [book, get_menu]}", 1),
        ("not: {matched: [upset, offer_pepsi]}", 1),
        ("not: {matched: [hand_off, offer_pepsi]}", 0),
        ("not: {agent: /coke/}", 0),
        ("not: {agent: none}", 0),
        ("not: {response: no_match, matched: upset}", 1),
    ],
)
def test_under_not_nothing_of_what_is_listed_may_happen(read: Read, moment: Moment, checks: str, count: int) -> None:
    assert len(failures_of(read, moment, checks)) == count


def test_a_failure_follows_the_chain_of_who_decided(read: Read, moment: Moment) -> None:
    (failure,) = failures_of(read, moment, "matched: offer_pepsi")
    assert failure.why[0] == "relationships · offer_pepsi: excluded by upset (close .70, nearest “a coke please”)"
    assert failure.why[1] == "matching · upset: matched (clear .82, nearest “I hate this”)"


def test_a_missing_match_says_score_threshold_and_nearest_example(read: Read, moment: Moment) -> None:
    (failure,) = failures_of(read, moment, "matched: hand_off")
    assert failure.why == ("matching · hand_off: not matched (.20 under .45, guess, nearest “get me a person”)",)


def test_a_wrong_response_says_what_was_chosen_and_what_stopped_the_other(read: Read, moment: Moment) -> None:
    (failure,) = failures_of(read, moment, "response: balance_is")
    text = "\n".join(failure.why)
    assert "rendering · balance_is: missing field amount" in text
    assert "selection · chose no_coke, fit high: it says the draft" in text
    assert "composition · strict (asked for by upset): strict and a high fit" in text


def test_without_a_turn_only_silence_is_as_expected(read: Read, moment: Moment) -> None:
    silence = Moment(None, moment.session, (), moment.now)
    assert failures_of(read, silence, "agent: none, calls: none, session: {mode: auto}, state: order.ask") == []
    (failure,) = failures_of(read, silence, "agent: hello")
    assert failure.why == ("the agent took no turn here",)


def test_a_turn_that_failed_fails_every_step_that_looks(read: Read, moment: Moment) -> None:
    assert moment.trace is not None
    moment.trace.status, moment.trace.error = "failed", "the model is gone"
    (failure,) = failures_of(read, moment, "agent: none")
    assert failure.got == "the model is gone"


def test_an_answer_without_a_message_fails_unless_it_is_expected(read: Read, moment: Moment) -> None:
    assert moment.trace is not None
    silent = Moment(moment.trace, moment.session, (), moment.now)
    (failure,) = failures_of(read, silent, "matched: upset")
    assert (failure.check, failure.got) == ("agent", "none")
    assert failures_of(read, silent, "matched: upset, agent: none") == []
