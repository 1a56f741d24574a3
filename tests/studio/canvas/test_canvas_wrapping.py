"""Text in boxes and labels: nothing lost, nothing too wide, nothing that would upset a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from studio.canvas.wrapping import plain, shortened, wrapped


@given(st.text(max_size=60), st.integers(2, 30))
def test_any_text_is_wrapped_whole_within_its_width(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join(lines).replace(" ", "") == plain(text).replace(" ", "")
    assert all(cell_len(line) <= width for line in lines)
    assert cell_len(shortened(text, width)) <= width


def test_lines_are_about_as_long_as_each_other() -> None:
    assert wrapped("Ask why they want to leave", 20) == ("Ask why they", "want to leave")


def test_a_long_name_parts_after_an_underscore() -> None:
    assert wrapped("load_popular_destinations", 20) == ("load_popular_", "destinations")


def test_control_characters_and_directions_are_left_out() -> None:
    assert plain("a\x1b[31m\tb\u202ec\u0007\nd") == "a[31m bc d"


def test_a_shortened_text_says_so() -> None:
    assert shortened("Ask for the destination", 12) == "Ask for the…"
