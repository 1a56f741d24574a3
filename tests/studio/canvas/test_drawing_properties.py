"""What holds of every drawing, whatever the graph."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_graphs import graphs
from reading_drawings import EAST, NORTH, SOUTH, WEST, cells, followed, in_area, in_run, ways_of_edges
from rich.cells import cell_len

from studio.canvas.draw import draw_graph
from studio.canvas.drawing import Drawing
from studio.canvas.graph import Graph
from studio.canvas.options import Options, Zoom
from studio.canvas.painting import as_text, rows
from studio.canvas.runs import Area, Point
from studio.canvas.wrapping import plain

OPTIONS = st.builds(
    Options,
    zoom=st.sampled_from([Zoom.FULL, Zoom.FULL, Zoom.COMPACT, Zoom.MAP]),
    box_width=st.integers(4, 30),
    label_width=st.integers(4, 24),
)


@given(graphs(), OPTIONS)
@settings(max_examples=200)
def test_any_graph_is_drawn_well(graph: Graph, options: Options) -> None:
    check(graph, options)


@pytest.mark.soak
@given(graphs(most=24), OPTIONS)
@settings(max_examples=10_000)
def test_ten_thousand_graphs_are_drawn_well(graph: Graph, options: Options) -> None:
    check(graph, options)


def check(graph: Graph, options: Options) -> None:
    drawing = draw_graph(graph, options)
    nothing_lies_on_anything_else(drawing)
    nets_share_cells_only_where_they_cross(drawing)
    every_label_is_whole(drawing, options)
    signs = cells(drawing)
    crossings_are_told_from_joints(drawing, signs)
    for number, ways in enumerate(ways_of_edges(drawing)):
        wrong = followed(drawing, signs, number, ways)
        assert not wrong, f"{graph.edges[number]} {wrong}\n{as_text(drawing)}"
        assert sorted(drawing.path(number)) == sorted(ways)
    assert as_text(draw_graph(graph, options)) == as_text(drawing)


def nothing_lies_on_anything_else(drawing: Drawing) -> None:
    owner: dict[Point, object] = {}
    for thing in (*drawing.boxes, *drawing.labels):
        for point in in_area(thing.area):
            assert point not in owner, f"{thing} and {owner[point]}\n{as_text(drawing)}"
            assert 0 <= point[0] < drawing.width and 0 <= point[1] < drawing.height
            owner[point] = thing
    for run in drawing.runs:
        for point, _ in in_run(run):
            assert point not in owner, f"{run} on {owner[point]}\n{as_text(drawing)}"
            assert 0 <= point[0] < drawing.width and 0 <= point[1] < drawing.height


def nets_share_cells_only_where_they_cross(drawing: Drawing) -> None:
    sides: defaultdict[Point, defaultdict[int, set[Point]]] = defaultdict(lambda: defaultdict(set))
    for run in drawing.runs:
        for point, leaves in in_run(run):
            sides[point][run.net] |= leaves
    for point, nets in sides.items():
        if len(nets) > 1:
            assert sorted(map(sorted, nets.values())) == sorted([sorted({EAST, WEST}), sorted({NORTH, SOUTH})]), (
                f"{point} {dict(nets)}\n{as_text(drawing)}"
            )


def crossings_are_told_from_joints(drawing: Drawing, signs: dict[Point, str]) -> None:
    nets: defaultdict[Point, set[int]] = defaultdict(set)
    for run in drawing.runs:
        for point, _ in in_run(run):
            nets[point].add(run.net)
    for point, sign in signs.items():
        if sign in ("┼", "╋") and point in nets:
            assert (sign == "┼") == (len(nets[point]) == 2)


def every_label_is_whole(drawing: Drawing, options: Options) -> None:
    signs = cells(drawing)
    said = {label.edge: label for label in drawing.labels}
    for number, edge in enumerate(drawing.graph.edges):
        if options.zoom is Zoom.MAP or not edge.label:
            assert number not in said
            continue
        area = said[number].area
        shown = "".join(signs.get(point, "") for point in in_area(area))
        if options.zoom is Zoom.FULL:
            assert shown == plain(edge.label).replace(" ", "")
        assert area.width <= max(options.label_width, 4) and shown
    if options.zoom is Zoom.FULL:
        for node, box in zip(drawing.graph.nodes, drawing.boxes, strict=True):
            assert "".join(box.lines).replace(" ", "").endswith(plain(node.title).replace(" ", ""))


@given(graphs(), OPTIONS, st.integers(-3, 40), st.integers(-3, 30), st.integers(0, 50), st.integers(0, 20))
@settings(max_examples=100)
def test_a_window_shows_what_the_whole_shows_there(
    graph: Graph, options: Options, x: int, y: int, width: int, height: int
) -> None:
    drawing = draw_graph(graph, options)
    whole = cells(drawing)
    painted = rows(drawing, Area(x, y, width, height))
    assert len(painted) == height
    for row, pieces in enumerate(painted, y):
        text = "".join(piece.text for piece in pieces)
        assert cell_len(text) == width
        column = x
        for piece in pieces:
            for sign in piece.text if piece.text.isascii() else ():
                expected = whole.get((column, row), " ")
                assert sign == expected or (sign == " " and column in (x, x + width - 1))
                column += 1
            column += 0 if piece.text.isascii() else cell_len(piece.text)


@given(graphs(), OPTIONS)
@settings(max_examples=50)
def test_every_cell_says_what_it_is(graph: Graph, options: Options) -> None:
    drawing = draw_graph(graph, options)
    for y, pieces in enumerate(rows(drawing)):
        x = 0
        for piece in pieces:
            for column in range(x, x + cell_len(piece.text)):
                if piece.what is not None or piece.text.isspace():
                    hit = drawing.hit(column, y)
                    assert hit == piece.what or (
                        isinstance(hit, tuple) and (piece.what is None or set(hit) & set(piece.what))
                    )
            x += cell_len(piece.text)
