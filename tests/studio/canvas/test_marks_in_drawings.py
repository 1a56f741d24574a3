"""What is lit, found and selected in a drawing: names of styles and signs, as wide as what was painted."""

from __future__ import annotations

from rich.cells import cell_len

from engine.agent.model import Journey, State, Transition
from studio.canvas.draw import draw_graph
from studio.canvas.drawing import Area
from studio.canvas.graph import END, START, graph_of
from studio.canvas.lighting import NOTHING, Found, find, lit
from studio.canvas.marking import Marks, marked
from studio.canvas.options import Options, Zoom
from studio.canvas.painting import rows

JOURNEY = Journey(
    name="ordering",
    states=(
        State(name="greet", chat="Welcome them", next=(Transition(to="menu", when="They are hungry"),)),
        State(name="menu", tool="load_menu", next=(Transition(to="ask"),)),
        State(
            name="ask", chat="Ask what they want 寿司", next=(Transition(to="menu", when="Again"), Transition(to="end"))
        ),
    ),
)
GRAPH = graph_of(JOURNEY)


def edge(source: str, target: str) -> int:
    names = [node.name for node in GRAPH.nodes]
    return next(
        number
        for number, each in enumerate(GRAPH.edges)
        if (names[each.source], names[each.target]) == (source, target)
    )


def looks(marks: Marks, zoom: Zoom = Zoom.FULL, crop: Area | None = None) -> list[list[tuple[str, tuple[str, ...]]]]:
    drawing = draw_graph(GRAPH, Options(zoom=zoom))
    crop = crop or Area(0, 0, drawing.width, drawing.height)
    painted = rows(drawing, crop)
    return [[*marked(row, crop.x, crop.y + y, drawing, marks)] for y, row in enumerate(painted)]


def text(marks: Marks, zoom: Zoom = Zoom.FULL) -> str:
    return "\n".join("".join(piece for piece, _ in row) for row in looks(marks, zoom))


def test_a_path_lights_the_states_before_the_last_and_the_edges_between_them():
    light = lit(GRAPH, ("greet", "menu"), active=True)
    assert (light.here, light.visited) == ("menu", {"greet"})
    assert light.edges == {edge(START, "greet"), edge("greet", "menu")}


def test_a_completed_journey_lights_its_whole_way_and_stands_nowhere():
    light = lit(GRAPH, ("greet", "menu", "ask", "end"), active=False)
    assert light.here == "" and light.visited == {"greet", "menu", "ask", END}
    assert edge("ask", END) in light.edges and edge("ask", "menu") not in light.edges


def test_a_journey_that_was_never_come_to_lights_nothing():
    assert lit(GRAPH, (), active=False) == NOTHING


def test_states_that_are_gone_since_light_nothing_else():
    light = lit(GRAPH, ("greet", "gone", "ask"), active=True)
    assert light.edges == {edge(START, "greet")} and light.here == "ask"


def test_a_search_looks_into_names_titles_and_labels_in_the_order_of_the_file():
    assert find(GRAPH, "MENU") == Found(("menu",))
    assert find(GRAPH, "hungry") == Found(("menu",), frozenset({edge("greet", "menu")}))
    assert find(GRAPH, "want ask").states == ("ask",)
    assert find(GRAPH, "e").states == ("greet", "menu", "ask")
    assert find(GRAPH, "  ") == Found() == find(GRAPH, "zeppelin")


def test_marks_never_change_how_wide_a_row_is():
    marks = Marks("ask", lit(GRAPH, ("greet", "menu", "ask"), active=True), find(GRAPH, "e"))
    for zoom in Zoom:
        plain, seen = looks(Marks(), zoom), looks(marks, zoom)
        for before, after in zip(plain, seen, strict=True):
            assert [cell_len(piece) for piece, _ in before] == [cell_len(piece) for piece, _ in after]


def test_the_signs_stand_before_the_titles_once():
    drawn = text(Marks(lit=lit(GRAPH, ("greet", "menu", "ask"), active=True)))
    assert "✓Welcome them" in drawn and "✓⚙ load_menu" in drawn and "▶Ask what" in drawn
    assert (drawn.count("✓"), drawn.count("▶")) == (2, 1)


def test_on_the_map_the_sign_of_where_the_session_stands_takes_the_place_of_the_state():
    drawn = text(Marks(lit=lit(GRAPH, ("greet", "menu"), active=True)), Zoom.MAP)
    assert drawn.count("▶") == 1 and "✓" not in drawn and "⚙" not in drawn


def test_the_selected_box_alone_has_a_heavy_border():
    drawn = text(Marks("menu"))
    assert (drawn.count("┏"), drawn.count("┗"), drawn.count("┌")) == (1, 1, 4)
    assert "┃ ⚙ load_menu" in drawn


def test_a_window_that_cuts_a_box_shows_no_sign_in_the_wrong_place():
    marks = Marks("", lit(GRAPH, ("greet",), active=True))
    drawing = draw_graph(GRAPH, Options())
    box = drawing.by_name["greet"].area
    inside = looks(marks, crop=Area(box.x + 4, box.y, 8, box.height))
    assert "▶" not in "".join(piece for row in inside for piece, _ in row)


def test_what_is_found_walked_or_here_is_named_so_for_the_colours():
    marks = Marks("", lit(GRAPH, ("greet", "menu"), active=True), find(GRAPH, "hungry"))
    names = {names for row in looks(marks) for _, names in row}
    assert {("label", "walked", "found"), ("label",), ("line", "walked"), ("line",)} <= names
    assert {("title", "here", "found"), ("border", "tool", "here"), ("title", "visited"), ("title",)} <= names
