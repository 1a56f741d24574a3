"""`cuecard export journey`: every format, where it is written, and one line for whatever cannot be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from studio.canvas.draw import draw_graph
from studio.canvas.graph import Edge, Graph, Kind, Node
from studio.canvas.svg import as_svg

Run = Callable[..., subprocess.CompletedProcess[str]]

AGENT = """\
name: Wanderlust
tools:
  load_fares: {data: none}
journeys:
  book_flight:
    title: Book a flight
    conditions: [They want to fly]
    states:
      ask: {chat: Ask where to, next: look}
      look: {tool: load_fares, next: tell}
      tell: {chat: "Tell them the fare: say \\"cheap\\"", next: {They want a bag: bags, They refuse: end}}
      bags: {journey: add_bag}
  add_bag:
    title: Add a bag
    conditions: [They have a bag]
    states:
      how_many: {chat: Ask how many bags}
"""
needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")


@pytest.fixture
def wanderlust(tmp_path: Path) -> Path:
    folder = tmp_path / "wanderlust"
    folder.mkdir()
    (folder / "agent.yaml").write_text(AGENT, "utf-8")
    return folder


def bare(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run where no other program can be found."""
    environment = {**os.environ, "PATH": str(folder / "nothing")}
    command = [sys.executable, "-m", "studio.cli", "export", "journey", *arguments]
    return subprocess.run(command, capture_output=True, env=environment, timeout=120)


def test_mermaid_is_what_comes_when_nothing_is_said(cuecard: Run, wanderlust: Path) -> None:
    done = cuecard("export", "journey", str(wanderlust), "book_flight")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("stateDiagram-v2\n")
    assert 'state "↪ Add a bag" as s_bags' in done.stdout


def test_the_agent_is_the_one_here_when_none_is_named_whatever_else_lies_here(cuecard: Run, wanderlust: Path) -> None:
    (wanderlust / "book_flight").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-m", "studio.cli", "export", "journey", "book_flight", "--format", "dot"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=wanderlust, env=environment, timeout=120)
    assert done.stdout.startswith("digraph journey {")
    assert cuecard("export", "journey", "book_flight", str(wanderlust), "--format", "dot").stdout == done.stdout


def test_text_is_the_drawing_of_the_studio(cuecard: Run, wanderlust: Path) -> None:
    named = ("export", "journey", str(wanderlust), "book_flight")
    full = cuecard(*named, "--format", "text").stdout
    assert "⚙ load_fares" in full and "▸ Add a bag" in full and "┌" in full
    assert cuecard(*named, "--ascii").stdout.isascii()
    compact = cuecard(*named, "--zoom", "compact").stdout
    assert len(compact.splitlines()) < len(full.splitlines())


def test_a_file_says_what_it_wants_by_its_ending_and_is_replaced(
    cuecard: Run, wanderlust: Path, tmp_path: Path
) -> None:
    file = tmp_path / "flight.DOT"
    file.write_text("old")
    done = cuecard("export", "journey", str(wanderlust), "book_flight", "-o", str(file))
    assert (done.returncode, done.stdout) == (0, f"wrote {file}\n")
    assert file.read_text().startswith("digraph")


def test_all_journeys_go_into_a_folder(cuecard: Run, wanderlust: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "drawings"
    done = cuecard("export", "journey", str(wanderlust), "--all", "--format", "text", "-o", str(folder))
    assert done.returncode == 0
    assert sorted(file.name for file in folder.iterdir()) == ["add_bag.txt", "book_flight.txt"]


@needs_dot
@pytest.mark.parametrize(("form", "begins"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")])
def test_pictures_are_drawn_by_graphviz_where_it_is(wanderlust: Path, form: str, begins: bytes) -> None:
    command = [
        sys.executable,
        "-m",
        "studio.cli",
        "export",
        "journey",
        str(wanderlust),
        "book_flight",
        "--format",
        form,
    ]
    assert subprocess.run(command, capture_output=True, timeout=120).stdout.startswith(begins)


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_without_graphviz_one_line_says_how_to_get_it(wanderlust: Path, form: str) -> None:
    done = bare([str(wanderlust), "book_flight", "--format", form], wanderlust)
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.count(b"\n") == 1
    assert b"apt install graphviz" in done.stderr and b"brew install graphviz" in done.stderr


def test_without_graphviz_svg_is_our_own_drawing_and_dot_and_mermaid_as_ever(wanderlust: Path) -> None:
    done = bare([str(wanderlust), "book_flight", "--format", "svg"], wanderlust)
    said = [element.text for element in ElementTree.fromstring(done.stdout).iter("{http://www.w3.org/2000/svg}text")]
    assert "⚙ load_fares" in said and "▸ Add a bag" in said and any("They want" in (line or "") for line in said)
    assert bare([str(wanderlust), "book_flight", "--format", "dot"], wanderlust).stdout.startswith(b"digraph")


@needs_dot
def test_a_dot_that_fails_is_told_in_one_line(wanderlust: Path, tmp_path: Path) -> None:
    broken = tmp_path / "nothing" / "dot"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho 'no fonts' >&2\nexit 1\n")
    broken.chmod(0o755)
    environment = {**os.environ, "PATH": f"{broken.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "studio.cli", "export", "journey", str(wanderlust), "book_flight", "--format"]
    done = subprocess.run([*command, "png"], capture_output=True, text=True, env=environment, timeout=120)
    assert (done.returncode, done.stderr) == (3, "cuecard: dot could not draw png: no fonts\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bok_flight"], "has no journey bok_flight; did you mean book_flight?"),
        (["zzz"], "has no journey zzz; it has book_flight, add_bag"),
        ([], "which journey? Wanderlust has book_flight, add_bag"),
        (["--all"], "-o FOLDER"),
        (["book_flight", "--all", "-o", "x"], "book_flight or --all, not both"),
        (["book_flight", "-o", "x.jpg"], "x.jpg: no format goes with .jpg"),
        (["book_flight", "--format", "dot", "--ascii"], "--zoom and --ascii are for --format text"),
    ],
)
def test_a_wrong_call_gets_one_line(cuecard: Run, wanderlust: Path, arguments: list[str], said: str) -> None:
    done = cuecard("export", "journey", str(wanderlust), *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and done.stderr.count("\n") == 1


def test_an_agent_that_cannot_be_read_gets_its_problems(cuecard: Run, wanderlust: Path) -> None:
    (wanderlust / "agent.yaml").write_text(AGENT.replace("next: look", "next: lok"), "utf-8")
    done = cuecard("export", "journey", str(wanderlust), "book_flight")
    assert done.returncode == 2 and "look" in done.stderr and "Traceback" not in done.stderr


def test_an_agent_without_journeys_says_so(cuecard: Run, wanderlust: Path) -> None:
    (wanderlust / "agent.yaml").write_text("name: Bare\n", "utf-8")
    for more in ([], ["--all", "-o", str(wanderlust / "out")]):
        done = cuecard("export", "journey", str(wanderlust), *more)
        assert (done.returncode, done.stderr) == (2, "cuecard: Bare has no journeys\n")


def test_a_file_that_cannot_be_written_gets_one_line(cuecard: Run, wanderlust: Path) -> None:
    done = cuecard("export", "journey", str(wanderlust), "book_flight", "-o", str(wanderlust / "no" / "a.dot"))
    assert done.returncode == 3
    assert done.stderr == f"cuecard: {wanderlust / 'no' / 'a.dot'}: No such file or directory\n"


def test_help_and_completions_know_the_command(cuecard: Run) -> None:
    assert "--format" in cuecard("export", "journey", "--help").stdout
    assert "journey" in cuecard("export", "--help").stdout
    assert "mermaid" in cuecard("completions", "bash").stdout


def test_our_own_svg_can_be_read_whatever_the_texts_hold() -> None:
    texts = ('<b> & "it\'s"', "bell\x07\x00\ufffe", "日本語 🍕", "]]>")
    nodes = tuple(Node(str(number), text, kind) for number, (text, kind) in enumerate(zip(texts, Kind, strict=False)))
    edges = tuple(Edge(number, (number + 1) % len(nodes), text) for number, text in enumerate(texts))
    written = as_svg(draw_graph(Graph(nodes, edges)), texts[0])
    picture = ElementTree.fromstring(written)
    assert picture.findtext("{http://www.w3.org/2000/svg}title") == texts[0]
    assert written == as_svg(draw_graph(Graph(nodes, edges)), texts[0])
