"""What is at a cell, what is beside a state, and drawings of unusual journeys."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from journeys_to_draw import FLIGHT, SUPPORT, chat
from random_graphs import graphs
from reading_drawings import cells, followed, ways_of_edges

from engine.agent.model import Journey
from studio.canvas import courses
from studio.canvas.draw import draw, draw_graph
from studio.canvas.drawing import Direction
from studio.canvas.graph import END, START, Edge, Graph, Node
from studio.canvas.options import Options, Zoom
from studio.canvas.painting import Role, as_text, rows
from studio.canvas.runs import Area


def test_a_cell_knows_its_state_its_label_and_its_line() -> None:
    drawing = draw(FLIGHT)
    box = drawing.by_name["dates"].area
    assert drawing.hit(box.x, box.y) == "dates"
    label = next(label for label in drawing.labels if "They confirm" in label.lines)
    assert drawing.hit(label.area.x, label.area.y) == (label.edge,)
    assert drawing.hit(label.area.x + (label.area.width - 1) // 2, label.area.bottom) == (label.edge,)
    assert drawing.hit(-1, 0) is None
    assert drawing.hit(0, drawing.height) is None


@pytest.mark.parametrize(
    ("here", "direction", "there"),
    [
        (START, "down", "destination"),
        ("destination", "down", "load_popular_destinations"),
        ("recommend", "up", "load_popular_destinations"),
        ("ticket", "down", END),
        (START, "up", None),
        ("ticket", "left", None),
    ],
)
def test_the_nearest_state_in_a_direction(here: str, direction: Direction, there: str | None) -> None:
    assert draw(FLIGHT).beside(here, direction) == there


def test_states_of_one_row_are_beside_each_other() -> None:
    drawing = draw(SUPPORT)
    assert [drawing.beside(name, "right") for name in ("bill", "modem", "address")] == ["modem", "address", "why"]
    assert [drawing.beside(name, "left") for name in ("why", "address", "modem")] == ["address", "modem", "bill"]


@given(graphs(most=10))
@settings(max_examples=50)
def test_no_state_is_beside_itself_and_all_that_overlap_in_a_direction_lead_somewhere(graph: Graph) -> None:
    drawing = draw_graph(graph)
    directions: tuple[Direction, ...] = ("up", "down", "left", "right")
    for box in drawing.boxes:
        found = [drawing.beside(box.name, direction) for direction in directions]
        assert box.name not in found
        assert len(drawing.boxes) == 1 or any(found)


def test_an_empty_journey_is_an_empty_drawing() -> None:
    drawing = draw(Journey(name="empty"))
    assert (drawing.width, drawing.height, as_text(drawing)) == (0, 0, "")
    assert ["".join(piece.text for piece in row) for row in rows(drawing, Area(0, 0, 3, 2))] == ["   ", "   "]


def test_one_state_is_a_start_and_an_end() -> None:
    drawing = draw(Journey(name="one", states=(chat("bye", "Say goodbye"),)))
    assert [box.name for box in drawing.boxes] == [START, "bye"]


def test_a_loop_stands_beside_its_box() -> None:
    drawing = draw(Journey(name="loop", states=(chat("ask", "Ask", {"Not understood": "ask", "Done": "end"}),)))
    assert as_text(drawing).split("\n")[4:9] == [
        "  ┌─────┐",
        "  │ Ask ├─╮",
        "  │     │ Not understood",
        "  │     │◄╯",
        "  └──┬──┘",
    ]


def test_the_path_of_an_edge_runs_from_its_source_to_its_target() -> None:
    drawing = draw(FLIGHT)
    number = next(label.edge for label in drawing.labels if label.lines == ("They pick one",))
    path = drawing.path(number)
    source, target = drawing.by_name["recommend"].area, drawing.by_name["dates"].area
    assert path[0] == (source.x + source.width // 2, source.bottom)
    assert path[-1] == (target.x + target.width // 2, target.y - 1)


def test_pieces_say_what_they_are() -> None:
    drawing = draw(FLIGHT)
    found = {(piece.role, piece.text.strip(), piece.what) for row in rows(drawing) for piece in row}
    assert (Role.TITLE, "⚙ book_flight", "book_flight") in found
    assert (Role.LABEL, "They confirm", (8,)) in found
    assert (Role.ARROW, "▼", (8,)) in found


def test_three_hundred_states_are_connected_end_to_end() -> None:
    edges = [Edge(number, number + 1, "on") for number in range(299)]
    edges += [Edge(number, (number * 37) % 300, f"elsewhere {number}") for number in range(0, 300, 9)]
    graph = Graph(tuple(Node(f"s{number}", f"State {number}") for number in range(300)), tuple(edges))
    drawing = draw_graph(graph)
    signs = cells(drawing)
    assert [followed(drawing, signs, number, ways) for number, ways in enumerate(ways_of_edges(drawing))] == [""] * len(
        edges
    )


def test_where_lines_would_be_too_long_a_label_names_the_target(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = tuple(Edge(number, number + 1) for number in range(19)) + (Edge(0, 19, "Skip"), Edge(18, 1, "Again"))
    graph = Graph(tuple(Node(f"s{number}", f"State {number}") for number in range(20)), edges)
    monkeypatch.setattr(courses, "MOST_BENDS", 5)
    drawing = draw_graph(graph)
    said = {label.edge: label.lines for label in drawing.labels}
    assert said == {19: ("Skip", "→ State 19"), 20: ("Again", "→ State 1")}
    assert len(drawing.boxes) == 20


def test_ten_thousand_states_are_drawn() -> None:
    edges = tuple(Edge((number - 1) // 20, number, f"way {number}") for number in range(1, 10_000))
    graph = Graph(tuple(Node(f"s{number}", f"State {number}") for number in range(10_000)), edges)
    drawing = draw_graph(graph, Options(Zoom.MAP))
    assert len({box.area for box in drawing.boxes}) == 10_000
    last = drawing.boxes[-1].area
    window = rows(drawing, Area(last.x - 40, last.y - 5, 80, 10))
    assert any(piece.role is Role.TITLE for row in window for piece in row)


def test_another_process_draws_the_same() -> None:
    code = "from journeys_to_draw import SUPPORT; from studio.canvas.draw import draw\n"
    code += "from studio.canvas.painting import as_text; print(as_text(draw(SUPPORT)))"
    path = {"PYTHONPATH": ":".join(entry for entry in sys.path if entry), "PYTHONIOENCODING": "utf-8"}
    drawn = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**path, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert drawn[0] == drawn[1] == as_text(draw(SUPPORT)) + "\n"


def test_drawing_needs_no_terminal() -> None:
    code = "import sys, studio.canvas.draw, studio.canvas.painting; print('textual' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"
