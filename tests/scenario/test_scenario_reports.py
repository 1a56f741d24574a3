import json
from xml.etree import ElementTree

import pytest

from engine.scenario.formats import to_json, to_junit
from engine.scenario.model import Place
from engine.scenario.report import failure_text, report_text, result_line, summary_line
from engine.scenario.results import CaseResult, Failure, Line, Verdict, summarize

PLACE = Place("a.scenario.yaml", 3, 5)
FAILED = CaseResult(
    "Cola [x]",
    PLACE,
    "failed",
    (Failure(PLACE, "response", "no_coke", "sorry \x07", "customer: a coke", ("matching · a: b", "selection · c: d")),),
    turns=2,
    checks=3,
    dictated=1,
    reasoner="embedded · lexical",
    transcript=(Line("customer", "a coke"), Line("agent", "sorry")),
)


def one(verdict: Verdict) -> CaseResult:
    failures = () if verdict in ("passed", "unjudged") else FAILED.failures
    return CaseResult(verdict, PLACE, verdict, failures, turns=1, checks=1)


@pytest.mark.parametrize(
    ("verdicts", "interrupted", "code"),
    [
        (["passed"], False, 0),
        (["passed", "unjudged"], False, 0),
        (["unjudged"], False, 4),
        ([], False, 4),
        (["passed", "flaky"], False, 4),
        (["passed", "error"], False, 3),
        (["flaky", "stale"], False, 3),
        (["failed", "error", "flaky"], False, 1),
        (["passed"], True, 130),
        (["failed"], True, 1),
    ],
)
def test_exit_codes_say_the_worst(verdicts: list[Verdict], interrupted: bool, code: int) -> None:
    assert summarize(map(one, verdicts), 9, interrupted).exit_code == code


def test_the_report_says_place_expected_got_and_why() -> None:
    text = report_text([one("passed"), FAILED], summarize([one("passed"), FAILED], 2))
    assert text.splitlines() == [
        "✓ passed",
        "✗ Cola [x]  failed (dictated: 1)",
        "  customer: a coke",
        "    a.scenario.yaml:3:5  response",
        "      expected  no_coke",
        "      got       sorry \x07",
        "      why       matching · a: b",
        "                selection · c: d",
        "",
        "reasoner: embedded · lexical",
        "2 cases: 1 passed, 1 failed · 3 turns, 4 checks · 1 draft dictated",
    ]


def test_lines_stand_for_themselves_without_colour() -> None:
    marks = {result_line(one(verdict))[0] for verdict in ("passed", "failed", "flaky", "stale", "unjudged", "error")}
    assert len(marks) == 6


def test_an_interrupted_run_says_how_much_was_not_run() -> None:
    assert summary_line(summarize([one("passed")], 3, interrupted=True)).endswith("interrupted · 2 not run")


def test_a_run_that_stops_at_its_first_failure_says_how_much_was_not_run() -> None:
    assert summary_line(summarize([one("failed")], 4)).endswith("1 check · 3 not run")


def test_json_has_no_times_and_can_be_written() -> None:
    results = [one("passed"), FAILED]
    values = json.loads(json.dumps(to_json(results, summarize(results, 2))))
    assert (values["version"], values["exit_code"], values["counts"]["failed"]) == (1, 1, 1)
    assert values["cases"][1]["failures"][0] == {
        "file": "a.scenario.yaml",
        "line": 3,
        "column": 5,
        "step": "customer: a coke",
        "check": "response",
        "expected": "no_coke",
        "got": "sorry \x07",
        "why": ["matching · a: b", "selection · c: d"],
    }


def test_junit_is_xml_whatever_was_said() -> None:
    results = [one(verdict) for verdict in ("passed", "unjudged", "error", "flaky")] + [FAILED]
    root = ElementTree.fromstring(to_junit(results, summarize(results, 5)))
    suite = root.find("testsuite")
    assert suite is not None
    counts = {key: suite.attrib[key] for key in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "5", "failures": "2", "errors": "1", "skipped": "1"}
    failure = root.findall(".//failure")[-1]
    assert failure.text is not None
    assert "a.scenario.yaml:3:5" in failure.text
    assert "customer: a coke" in failure_text(FAILED)
