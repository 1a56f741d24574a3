"""From blocks with columns to a drawing: first the rows, then the lines between layers and through them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from studio.canvas.blocks import Block, Shape
from studio.canvas.channels import Channel, Star, route
from studio.canvas.drawing import Box, Drawing, Label
from studio.canvas.graph import Graph
from studio.canvas.layering import Layers
from studio.canvas.options import Options, Zoom
from studio.canvas.runs import Area, Run

ARROW, COMING = "▼", "◄"

WIDE = 64
"""The horizontal line of a net with more branches is one run, which knows only that all its edges are in it."""


def drawing_of(graph: Graph, layers: Layers, options: Options) -> Drawing:
    """Draw a graph whose blocks have their columns.

    Args:
        graph: The graph.
        layers: Its layers; the rows of the blocks are settled here.
        options: What the drawing shows.

    Returns:
        The drawing.
    """
    maker = _Maker(layers, tight=options.zoom is not Zoom.FULL)
    height = maker.lay_out()
    boxes = tuple(
        _box(graph, block, options.zoom is not Zoom.MAP) for block in layers.blocks if block.shape is Shape.BOX
    )
    ends = [block.x + block.width for block in layers.blocks] + [
        run.last_column + 1 for run in maker.runs if run.across
    ]
    return Drawing(graph, max(ends, default=0), height, boxes, tuple(maker.labels), tuple(maker.runs))


def _box(graph: Graph, block: Block, border: bool) -> Box:
    node = graph.nodes[block.node]
    joints = []
    if any(link.upper_at == block.middle for link in block.below):
        joints.append((block.x + block.middle, block.y + block.height - 1, "┬"))
    leaving = [0] * block.leaves_by_lane + [loop.row for loop in block.loops]
    joints += [(block.x + block.box - 1, block.first_row + row, "├") for row in leaving]
    area = Area(block.x, block.y, block.box, block.height)
    return Box(node.name, node.kind, area, block.lines, border, tuple(joints) if border else ())


def _union(edges: Iterable[Sequence[int]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(edge for some in edges for edge in some))


@dataclass(slots=True)
class _Maker:
    layers: Layers
    tight: bool
    runs: list[Run] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    def lay_out(self) -> int:
        """Settle the rows of all blocks and make every line; say how many rows there are."""
        top = 0
        for position, row in enumerate(self.layers.rows):
            bottom = top + max(block.height for block in row)
            for block in row:
                rising = block.rising and block.shape is Shape.LABEL
                block.y = bottom - block.height if rising else top
                self._through(block, top, bottom)
            channel = route(self.layers.channels[position])
            top = bottom
            if position + 1 < len(self.layers.rows):
                top += channel.tracks + self._spare(row, self.layers.rows[position + 1])
                self._between(channel, bottom, top, self._arrivals(position + 1))
        return top

    def _spare(self, upper: list[Block], lower: list[Block]) -> int:
        """How many rows there are below the tracks of a channel: arrows need one, and labels apart from others."""
        labels = any(block.shape is Shape.LABEL for block in upper) and any(
            block.shape is Shape.LABEL for block in lower
        )
        return int(not self.tight or labels or any(block.shape is Shape.BOX for block in lower))

    def _arrivals(self, layer: int) -> set[int]:
        """The columns where lines from above come to boxes of a layer."""
        return {block.x + block.middle for block in self.layers.rows[layer] if block.shape is Shape.BOX}

    def _through(self, block: Block, top: int, bottom: int) -> None:
        """The lines of a block within its layer."""
        if block.shape is Shape.BOX:
            self._beside_box(block, top, bottom)
            return
        if block.shape is Shape.LABEL:
            self.labels.append(Label(block.edges[0], Area(block.x, block.y, block.width, block.height), block.lines))
        onwards = block.above if block.rising else block.below
        if not onwards:
            return
        link = onwards[0]
        column, edges = block.x + block.middle, tuple(link.edges)
        if block.shape is Shape.BEND:
            self._down(link.net, edges, column, top, bottom)
        elif block.rising:
            self._down(link.net, edges, column, top, block.y)
        else:
            self._down(link.net, edges, column, block.y + block.height, bottom)

    def _beside_box(self, block: Block, top: int, bottom: int) -> None:
        below = [link for link in block.below if link.upper_at == block.middle]
        if below:
            edges = _union(link.edges for link in below)
            self._down(below[0].net, edges, block.x + block.middle, block.y + block.height, bottom)
        coming = [link for link in block.below if link.upper_at == block.lane]
        leaving = [link for link in block.above if link.lower_at == block.lane]
        lane = block.x + block.lane
        if leaving:
            edges, row = _union(link.edges for link in leaving), block.first_row
            self._beside(leaving[0].net, edges, block, row)
            self._down(leaving[0].net, edges, lane, top, row + 1, after=False)
        if coming:
            edges, row = _union(link.edges for link in coming), block.last_row
            self._beside(coming[0].net, edges, block, row, COMING)
            self._down(coming[0].net, edges, lane, row, bottom, before=False)
        for loop in block.loops:
            row, net, edges = block.first_row + loop.row, -1 - loop.edge, (loop.edge,)
            last = row + loop.height - 1
            self._beside(net, edges, block, row)
            self._beside(net, edges, block, last, COMING)
            if loop.lines:
                area = Area(lane, row + 1, block.width - block.lane, len(loop.lines))
                self.labels.append(Label(loop.edge, area, loop.lines, centred=False))
                self._down(net, edges, lane, row, row + 1, before=False)
                self._down(net, edges, lane, last, last + 1, after=False)
            else:
                self._down(net, edges, lane, row, last + 1, before=False, after=False)

    def _between(self, channel: Channel, top: int, bottom: int, arrivals: set[int]) -> None:
        """The lines between two layers."""
        for star in channel.stars:
            if star.straight:
                column, edges = next(iter(star.tops.items()))
                self._down(star.net, _union([edges]), column, top, bottom, tip=ARROW if column in arrivals else "")
                continue
            last, row = star.dogleg or star, top + star.track
            for column, edges in star.tops.items():
                self._down(star.net, _union([edges]), column, top, row + 1, after=False)
            self._branches(star, row)
            if star.dogleg:
                column, edges = next(iter(star.bottoms.items()))
                self._down(star.net, _union([edges]), column, row, top + last.track + 1, before=False, after=False)
                self._branches(last, top + last.track)
            for column, edges in last.bottoms.items():
                tip = ARROW if column in arrivals else ""
                self._down(star.net, _union([edges]), column, top + last.track, bottom, before=False, tip=tip)

    def _branches(self, star: Star, row: int) -> None:
        """The horizontal line of a net, in pieces of which each knows the edges that run along it."""
        hub, many = (star.tops, star.bottoms) if len(star.tops) == 1 else (star.bottoms, star.tops)
        middle = next(iter(hub))
        columns = sorted({middle, *many})
        if len(columns) > WIDE:
            self.runs.append(
                Run(star.net, _union(hub.values()), columns[0], row, columns[-1] - columns[0] + 1, True, False, False)
            )
            return
        for left, right in zip(columns, columns[1:], strict=False):
            if right <= middle:
                edges = _union(many[column] for column in columns if column <= left and column in many)
            else:
                edges = _union(many[column] for column in columns if column >= right and column in many)
            self.runs.append(Run(star.net, edges, left, row, right - left + 1, True, False, False))

    def _down(
        self,
        net: int,
        edges: tuple[int, ...],
        column: int,
        top: int,
        bottom: int,
        *,
        before: bool = True,
        after: bool = True,
        tip: str = "",
    ) -> None:
        """A vertical line in the rows from `top` up to but not `bottom`."""
        if top < bottom:
            self.runs.append(Run(net, edges, column, top, bottom - top, False, before, after, tip))

    def _beside(self, net: int, edges: tuple[int, ...], block: Block, row: int, tip: str = "") -> None:
        """The short line between a box and its lane."""
        self.runs.append(Run(net, edges, block.x + block.box, row, block.lane - block.box + 1, True, True, False, tip))
