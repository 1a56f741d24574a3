"""Results for programs: JSON with a stable schema, and JUnit XML for CI."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.scenario.report import failure_text
from engine.scenario.results import CaseResult, Failure, Summary

JSON_VERSION = 1
"""Counts up when a key of the JSON report changes its meaning or goes; new keys do not count."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_json(results: Sequence[CaseResult], summary: Summary) -> dict[str, Any]:
    """The run as JSON values.

    Returns:
        `version`, `exit_code`, `interrupted`, `asked` (in the words of the command line), `planned`, `counts` by
        verdict, `turns`, `checks`, `dictated`, `pinned`, `model_calls`, `recorded_calls`, `tokens`, `draft_likeness`
        (own drafts beside given ones, 0 to 1), and `cases`, each
        with `case`, `file`, `line`, `verdict`, `reasoner`, the same counts, `transcript` and `failures` (`file`,
        `line`, `column`, `step`, `check`, `expected`, `got`, `why`). No times: equal runs give equal bytes.
    """
    return {
        "version": JSON_VERSION,
        "exit_code": summary.exit_code,
        "interrupted": summary.interrupted,
        "asked": summary.asked,
        "planned": summary.planned,
        "counts": dict(summary.counts),
        "turns": summary.turns,
        "checks": summary.checks,
        "dictated": summary.dictated,
        "pinned": summary.pinned,
        "model_calls": summary.model_calls,
        "recorded_calls": summary.recorded_calls,
        "tokens": summary.tokens,
        "draft_likeness": list(summary.draft_likeness),
        "cases": [_case(result) for result in results],
    }


def _case(result: CaseResult) -> dict[str, Any]:
    return {
        "case": result.case,
        "file": result.place.file,
        "line": result.place.line,
        "verdict": result.verdict,
        "reasoner": result.reasoner,
        "turns": result.turns,
        "checks": result.checks,
        "dictated": result.dictated,
        "pinned": result.pinned,
        "model_calls": result.model_calls,
        "recorded_calls": result.recorded_calls,
        "tokens": result.tokens,
        "draft_likeness": list(result.draft_likeness),
        "transcript": [{"who": line.who, "text": line.text} for line in result.transcript],
        "failures": [_failure(failure) for failure in result.failures],
    }


def _failure(failure: Failure) -> dict[str, Any]:
    place = failure.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "step": failure.step,
        "check": failure.check,
        "expected": failure.expected,
        "got": failure.got,
        "why": list(failure.why),
    }


def to_junit(results: Sequence[CaseResult], summary: Summary) -> str:
    """The run as JUnit XML: a test suite for each file, a test case for each case.

    A failed or flaky case is a `failure`, one that could not be replayed an `error`, an unjudged one is `skipped`.
    """
    from xml.etree import ElementTree

    root = ElementTree.Element("testsuites", name="cuecard", tests=str(summary.ran))
    for file in dict.fromkeys(result.place.file for result in results):
        own = [result for result in results if result.place.file == file]
        suite = ElementTree.SubElement(root, "testsuite", _suite_attributes(file, own))
        _properties(ElementTree, suite, own)
        for result in own:
            name, where = _clean(result.case), _clean(Path(file).stem)
            case = ElementTree.SubElement(suite, "testcase", name=name, classname=where, time=f"{result.seconds:.3f}")
            _outcome(ElementTree, case, result)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _suite_attributes(file: str, results: Sequence[CaseResult]) -> dict[str, str]:
    return {
        "name": _clean(file),
        "tests": str(len(results)),
        "failures": str(sum(result.verdict in ("failed", "flaky") for result in results)),
        "errors": str(sum(result.verdict in ("error", "stale") for result in results)),
        "skipped": str(sum(result.verdict == "unjudged" for result in results)),
    }


def _properties(tree: Any, suite: Any, results: Sequence[CaseResult]) -> None:
    """Who did the thinking, and what it took."""
    told = {
        "reasoner": ", ".join(dict.fromkeys(result.reasoner for result in results if result.reasoner)),
        "model_calls": str(sum(result.model_calls for result in results)),
        "recorded_calls": str(sum(result.recorded_calls for result in results)),
        "tokens": str(sum(result.tokens for result in results)),
    }
    properties = tree.SubElement(suite, "properties")
    for name, value in told.items():
        tree.SubElement(properties, "property", name=name, value=_clean(value))


def _outcome(tree: Any, case: Any, result: CaseResult) -> None:
    if result.verdict == "unjudged":
        tree.SubElement(case, "skipped", message="nothing is checked")
    elif result.verdict != "passed":
        kind = "error" if result.verdict in ("error", "stale") else "failure"
        first = result.failures[0] if result.failures else None
        message = f"{first.check}: expected {first.expected}, got {first.got}" if first else result.verdict
        element = tree.SubElement(case, kind, message=_clean(message), type=result.verdict)
        element.text = _clean(failure_text(result))


def _clean(text: str) -> str:
    """Text without the characters that XML 1.0 cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
