"""Signatures of functions are read, never run, and become the parameters of tools."""

from pathlib import Path

import pytest

from engine.agent.errors import AgentFileError
from engine.agent.loading import load_agent
from engine.agent.reading.signature import SignatureFault, Signatures


def parameters(tmp_path: Path, source: str, before: str = "") -> dict[str, tuple[object, ...]]:
    (tmp_path / "tools.py").write_text(
        f"raise SystemExit('never run')\n{before}\nasync def run(context, {source}): ...\n"
    )
    signature = Signatures(tmp_path).read("tools.run")
    assert signature is not None
    return {one.name: (one.type, one.required, one.default, one.choices) for one in signature.parameters}


@pytest.mark.parametrize(
    ("annotation", "kind", "required"),
    [
        ("str", "string", True),
        ("int", "integer", True),
        ("float", "number", True),
        ("bool", "boolean", True),
        ("date", "date", True),
        ("datetime.datetime", "datetime", True),
        ("timedelta", "timedelta", True),
        ("list[int]", "list of integer", True),
        ("list", "list of string", True),
        ("Optional[date]", "date", False),
        ("str | None", "string", False),
        ("None | list[str]", "list of string", False),
        ("Union[int, None]", "integer", False),
        ("'str'", "string", True),
        ("Annotated[int, 'a note']", "integer", True),
        ("typing.Annotated['bool | None', None]", "boolean", False),
    ],
)
def test_annotations_become_types(tmp_path: Path, annotation: str, kind: str, required: bool) -> None:
    assert parameters(tmp_path, f"x: {annotation}")["x"][:2] == (kind, required)


def test_enums_and_literals_become_choices(tmp_path: Path) -> None:
    enum = "import enum\nclass Size(enum.Enum):\n    SMALL = 'small'\n    LARGE = 'large'\n"
    found = parameters(tmp_path, "size: Size, sizes: list[Size], mood: Literal['good', 'bad'] = 'good'", enum)
    assert found == {
        "size": ("enum", True, None, ("small", "large")),
        "sizes": ("list of enum", True, None, ("small", "large")),
        "mood": ("enum", False, "good", ("good", "bad")),
    }


def test_defaults_keyword_only_and_missing_annotations_are_read(tmp_path: Path) -> None:
    assert parameters(tmp_path, "a, b=3, *, c: int, d: str = compute()") == {
        "a": ("string", True, None, ()),
        "b": ("string", False, 3, ()),
        "c": ("integer", True, None, ()),
        "d": ("string", False, None, ()),
    }


def test_options_of_a_parameter_are_read(tmp_path: Path) -> None:
    options = (
        "source='customer', description='Where to', examples=['Rome'], hidden=True, precedence=2, choices=['a', 'b']"
    )
    (tmp_path / "tools.py").write_text(
        f"def run(context, x: Annotated[str, p.ToolParameterOptions({options}, significance='vital')]): ...\n"
    )
    signature = Signatures(tmp_path).read("tools.run")
    assert signature is not None
    one = signature.parameters[0]
    assert (one.source, one.description, one.examples) == ("customer", "Where to", ("Rome",))
    assert (one.hidden, one.precedence, one.choices, one.type) == (True, 2, ("a", "b"), "enum")
    assert one.significance == "vital"


def test_the_first_line_of_the_docstring_describes_the_tool(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text('def run(context):\n    """\n    Runs it.\n\n    And more.\n    """\n')
    signature = Signatures(tmp_path).read("tools.run")
    assert signature is not None and signature.description == "Runs it."


def test_what_only_running_would_show_has_no_signature_and_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text("from x import imported\nmade = factory()\nif True:\n    def inner(c): ...\n")
    signatures = Signatures(tmp_path)
    assert [signatures.read(f"tools.{name}") for name in ("imported", "made", "inner")] == [None, None, None]


@pytest.mark.parametrize(
    ("source", "reference", "said", "remedy"),
    [
        ("def run(c): ...\n", "tool.run", "there is no tool.py beside the agent file", "Did you mean tools?"),
        ("def run(c): ...\n", "tools.rum", "tools.py has no function rum", "Did you mean run?"),
        ("def run(c:\n", "tools.run", "tools.py line 1 is not readable as Python", ""),
        (
            "def run(c, x: dict[str, int]): ...\n",
            "tools.run",
            "the parameter x of run is of type dict[str, int]",
            "Use str",
        ),
        ("def run(c, x: int | str): ...\n", "tools.run", "the parameter x of run is of type int | str", "Use str"),
    ],
)
def test_a_reference_that_leads_nowhere_says_so(
    tmp_path: Path, source: str, reference: str, said: str, remedy: str
) -> None:
    (tmp_path / "tools.py").write_text(source)
    with pytest.raises(SignatureFault) as caught:
        Signatures(tmp_path).read(reference)
    assert str(caught.value).startswith(said)
    assert caught.value.remedy.startswith(remedy)


def test_packages_beside_the_agent_file_are_found(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("def buy(c): ...\n")
    (tmp_path / "shop" / "cart.py").write_text("def add(c, item: str): ...\n")
    signatures = Signatures(tmp_path)
    signatures.check("shop.buy")
    signatures.check("shop.cart.add")


def test_missing_code_is_an_error_of_the_agent_file_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text("def run(c): ...\n")
    (tmp_path / "agent.yaml").write_text(
        "name: A\nno_match: {python: tools.rn}\ntools:\n  t: {python: tools.rum}\n"
        "observations:\n  a: {condition: x, matcher: other.f, fields: tools.run}\n"
    )
    with pytest.raises(AgentFileError) as caught:
        load_agent(tmp_path)
    places = [(problem.id, problem.line, problem.column) for problem in caught.value.problems]
    assert places == [("missing-code", 2, 20), ("missing-code", 4, 15), ("missing-code", 6, 30)]
    assert "Did you mean run?" in str(caught.value.problems[1])


def test_what_the_file_says_about_a_tool_wins_over_its_signature(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text('def run(c, x: int):\n    """Runs."""\n')
    (tmp_path / "agent.yaml").write_text(
        "name: A\ntools:\n  t: {python: tools.run, description: Mine, parameters: {y: date}}\n  u: tools.run\n"
    )
    mine, read = load_agent(tmp_path).agent.tools
    assert (mine.description, mine.parameters[0].name) == ("Mine", "y")
    assert (read.description, read.parameters[0].type) == ("Runs.", "integer")


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("def t():\n    return 1\n", "Write `def t(context)`"),
        ("async def t(city: str):\n    return 1\n", "Write `def t(context, city: str)`"),
        ("def t(*, city: str):\n    return 1\n", "Write `def t(context)`"),
    ],
)
def test_a_function_without_room_for_the_context_is_an_error(tmp_path: Path, code: str, remedy: str) -> None:
    (tmp_path / "tools.py").write_text(code)
    (tmp_path / "agent.yaml").write_text("name: A\ntools:\n  t: {python: tools.t}\n")
    with pytest.raises(AgentFileError, match="the first parameter of t takes the context") as caught:
        load_agent(tmp_path)
    assert caught.value.problems[0].remedy == remedy


@pytest.mark.parametrize("first", ["context", "ctx: ToolContext", "_", "context: 'sdk.ToolContext'", "*args"])
def test_the_context_may_be_called_anything(tmp_path: Path, first: str) -> None:
    (tmp_path / "tools.py").write_text(f"def t({first}):\n    return 1\n")
    (tmp_path / "agent.yaml").write_text("name: A\ntools:\n  t: {python: tools.t}\n")
    assert load_agent(tmp_path).agent.tools[0].parameters == ()
