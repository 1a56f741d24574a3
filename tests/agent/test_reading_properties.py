"""Whatever stands in a file, reading it gives an agent or an `AgentFileError`, and the same one each time."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.agent.errors import AgentFileError
from engine.agent.loading import parse_agent
from engine.agent.reading.mistakes import quoted

ATLAS = (Path(__file__).parent / "data" / "atlas" / "agent.yaml").read_text("utf-8")
PIECES = st.sampled_from(
    ["{", "}", "[", "]", ":", ": ", " #", "#x", "'", '"', "\n", "\n  ", "\r\n", "- ", "? ", "!", "&a", "*a", "|", ">",
     ">-\n", "\t", "{{", "}}", "{%", "%}", ",", "null", "1", "a", "é", "😀", "\x00", "\ufeff", "\u2028", "---\n",
     "...\n", "%YAML 1.1\n", "name: A\n", "guidelines:\n  ", "condition: ", "tag:x", "<<: "]
)  # fmt: skip


def outcome(text: str) -> object:
    """What reading gives: the agent and warnings, or the problems."""
    try:
        document = parse_agent(text, "f")
    except AgentFileError as error:
        assert error.problems
        assert all(problem.line >= 1 and problem.column >= 1 and "\n" not in str(problem) for problem in error.problems)
        return error.problems
    return document.agent, document.warnings


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(lambda parts: "name: A\n" + "".join(parts))
    )
)
def test_no_text_makes_the_loader_raise_anything_but_its_own_error(text: str) -> None:
    assert outcome(text) == outcome(text)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_agent_file_is_read_or_refused(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(ATLAS)))
    length = data.draw(st.integers(0, 30))
    damaged = ATLAS[:start] + data.draw(PIECES) + ATLAS[start + length :]
    outcome(damaged)


@settings(max_examples=100, deadline=None)
@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029\ufeff"),
        min_size=1,
    )
)
def test_any_printable_text_survives_quoting(text: str) -> None:
    if not text.strip() or "\ufffe" in text or "\uffff" in text:
        return
    assert parse_agent(f"name: A\ndescription: {quoted(text)}\n", "f").agent.description == text
