"""The page that says where each relationship and each way of a journey is shown names what exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "engine" / "turn" / "RELATIONSHIPS_AND_JOURNEYS.md").read_text("utf-8")
ROWS = re.findall(r"`((?:scenarios|tests)/[^`]+)` › ([^|]+?) \|", PAGE)


@pytest.mark.parametrize(("file", "name"), sorted(set(ROWS)))
def test_what_the_page_names_exists(file: str, name: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    sought = rf"^scenario: {re.escape(name)}$" if file.endswith(".yaml") else rf"^(?:async )?def {re.escape(name)}\("
    assert re.search(sought, text, re.MULTILINE), f"{file} has no {name}"


def test_every_row_names_where_it_is_shown() -> None:
    rows = [
        line
        for line in PAGE.splitlines()
        if line.startswith("|") and not line.startswith(("|---", "| Kind", "| Way |", "| Sent"))
    ]
    assert len(rows) == len(ROWS)
