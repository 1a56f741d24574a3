"""YAML as nodes: what scalars mean, where things stand, and what is refused."""

import pytest
import yaml

from engine.agent.errors import AgentFileError
from engine.agent.reading import nodes
from engine.agent.reading.composing import compose, compose_all
from engine.agent.reading.nodes import plain_value


def value(text: str) -> object:
    root = compose(text, "f")
    assert root is not None
    return plain_value(root)


def problem(text: str) -> str:
    with pytest.raises(AgentFileError) as caught:
        compose(text, "f")
    assert len(caught.value.problems) == 1
    return str(caught.value.problems[0])


@pytest.fixture(params=["libyaml", "pure"])
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a test on libyaml and on its pure Python twin."""
    if request.param == "pure":
        monkeypatch.setattr(nodes, "_composer", nodes._pure_composer)
    elif not yaml.__with_libyaml__:
        pytest.skip("libyaml is missing here")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("null", None), ("~", None), ("", None), ("true", True), ("False", False), ("0", 0), ("-12", -12),
        ("0x1F", 31), ("0o17", 15), ("1.10", 1.1), (".5", 0.5), ("-1e3", -1000.0), ("1.", 1.0),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("18:15", "18:15"), ("2026-03-14", "2026-03-14"),
        ("007", "007"), ("+49151", "+49151"), ("1_000", "1_000"), ("1e999", "1e999"), (".inf", ".inf"),
        ("0b1", "0b1"), ("'1'", "1"), ('"true"', "true"), ("<<", "<<"), ("=", "="),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("either_parser")
def test_only_null_booleans_and_numbers_are_special(written: str, meant: object) -> None:
    found = value(f"a: {written}\n")
    assert found == {"a": meant}
    assert isinstance(found, dict) and type(found["a"]) is type(meant)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.usefixtures("either_parser")
def test_marks_count_characters_whatever_the_line_ends_and_however_wide_the_text(ending: str) -> None:
    text = ending.join(["a: 日本語 😀", "b: [x, 😀y, 'z']", "c: end"])
    root = compose(text, "f")
    assert isinstance(root, yaml.MappingNode)
    pieces = [text[node.start_mark.index : node.end_mark.index] for _, node in root.value]
    assert pieces == ["日本語 😀", "[x, 😀y, 'z']", "end"]
    assert root.value[2][1].start_mark.line == 2
    assert root.value[1][1].value[2].start_mark.column == 11


def test_several_documents_are_read_in_order() -> None:
    assert [plain_value(root) for root in compose_all("a: 1\n---\nb: 2\n", "f")] == [{"a": 1}, {"b": 2}]


def test_a_second_document_is_refused_where_there_is_one() -> None:
    assert problem("a: 1\n---\nb: 2\n").startswith("f:3:1: a second document begins here")


def test_a_text_of_comments_has_no_root() -> None:
    assert compose("# nothing\n", "f") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "f:3:1: the key 'a' is here twice, first on line 1."),
        ("a:\n\tb: 1\n", "f:2:1: this line is indented with a tab. Indent with spaces"),
        ("\ufeffa: 1\n", "an invisible byte order mark (U+FEFF) stands here. Save the file as UTF-8 without BOM"),
        ("a: 1\nb: x\x07y\n", "f:2:5: a control character (U+0007) stands here."),
        ("a: one\u2028two\n", "f:1:7: an invisible line separator (U+2028) stands here."),
        ("a: \ud800\n", "f:1:4: a control character (U+D800) stands here."),
        ("a: [1, 2\nb: 3\n", "f:1:9: the [ of this line is not closed. Write a: [1, 2]"),
        ("[" * 5000, "values are nested more than 64 deep"),
        ("- " * 5000, "values are nested more than 64 deep"),
    ],
)
@pytest.mark.usefixtures("either_parser")
def test_what_cannot_be_read_is_named_with_its_place(text: str, said: str) -> None:
    assert said in problem(text)


@pytest.mark.parametrize("text", ["\ufeffa: 1\n", "a: x\x07y\n", "a: one\u2028two\n", "a:\n\tb: 1\n"])
def test_invisible_characters_and_tabs_have_a_fix(text: str) -> None:
    with pytest.raises(AgentFileError) as caught:
        compose(text, "f")
    fix = caught.value.problems[0].fix
    assert fix is not None
    assert compose(fix.apply(text), "f") is not None


def test_all_duplicate_keys_are_reported_at_once() -> None:
    with pytest.raises(AgentFileError) as caught:
        compose("a: 1\na: 2\nb: {c: 1, c: 2}\n", "f")
    assert [(one.line, one.column) for one in caught.value.problems] == [(2, 1), (3, 11)]


@pytest.mark.parametrize("text", ["a: &x 1\n", "a: &x\n  b: 1\n", "a: &x 1\nb: *x\n", "a: !!str 1\n", "a: {b: !t c}\n"])
def test_anchors_aliases_and_tags_are_refused(text: str) -> None:
    with pytest.raises(AgentFileError) as caught:
        compose(text, "f")
    assert caught.value.problems[0].id == "needs-quotes"
