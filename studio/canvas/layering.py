"""Boxes, labels and bends in layers, with links only between adjacent layers."""

from __future__ import annotations

from dataclasses import dataclass, field

from studio.canvas.blocks import Block, Link, Shape, align_lanes, bend, box, dress, label
from studio.canvas.courses import Course, Plan, plan
from studio.canvas.graph import Edge, Graph
from studio.canvas.options import Options

FROM, INTO = 0, 1
"""The nets of a node, two for each direction: what leaves it, and what comes to it."""


@dataclass(slots=True)
class Layers:
    """Everything that has a place, and the links between.

    Attributes:
        blocks: All blocks by number; the boxes come first, in the order of the nodes.
        rows: The blocks of each layer, from the left.
        channels: For each layer the links to the next.
    """

    blocks: list[Block]
    rows: list[list[Block]] = field(default_factory=list)
    channels: list[list[Link]] = field(default_factory=list)

    def add(self, block: Block) -> Block:
        """Keep a block, in its layer."""
        self.blocks.append(block)
        self.rows[block.layer].append(block)
        return block

    def take_apart(self) -> None:
        """Part blocks and links, which know each other, so that they are gone as soon as nobody needs them."""
        for block in self.blocks:
            block.above.clear()
            block.below.clear()

    def join(self, upper: Block, lower: Block, net: int, edge: int, by_lane: bool) -> None:
        """Link two blocks of adjacent layers, by the lanes of those that are boxes or by their middles."""
        upper_at = upper.lane if by_lane and upper.shape is Shape.BOX else upper.middle
        lower_at = lower.lane if by_lane and lower.shape is Shape.BOX else lower.middle
        link = Link(upper, lower, upper_at, lower_at, net, [edge])
        upper.below.append(link)
        lower.above.append(link)
        self.channels[upper.layer].append(link)


def layers_of(graph: Graph, options: Options) -> Layers:
    """Lay a graph out in layers.

    A labelled edge passes a label right below its source, a back edge right above it. The rest of an edge is shared
    with all edges to the same target, one bend a layer; so no lines run side by side to the same place.
    """
    planned = plan(graph, options)
    layers = Layers([box(number, number, node, options) for number, node in enumerate(graph.nodes)])
    layers.rows, layers.channels = [[] for _ in range(planned.depth)], [[] for _ in range(planned.depth)]
    _dress(graph, planned, layers, options)
    for block in layers.blocks:
        block.layer = planned.ranks[block.number]
        layers.rows[block.layer].append(block)
    threader = _Threader(layers, planned)
    for number, edge in enumerate(graph.edges):
        if planned.courses[number] is not Course.LOOP:
            threader.lead(number, edge)
    return layers


def _dress(graph: Graph, planned: Plan, layers: Layers, options: Options) -> None:
    loops: dict[int, list[tuple[int, Edge]]] = {}
    for number, edge in enumerate(graph.edges):
        if planned.courses[number] is Course.LOOP:
            loops.setdefault(edge.source, []).append((number, edge))
        elif planned.courses[number] is Course.BACK:
            layers.blocks[edge.source].leaves_by_lane = True
            layers.blocks[edge.target].comes_by_lane = True
    for block in layers.blocks:
        dress(block, loops.get(block.number, []), options)
    nearest: dict[int, int] = {}
    for edge, course in zip(graph.edges, planned.courses, strict=True):
        if course is Course.BACK:
            other = nearest.setdefault(edge.target, edge.source)
            if planned.ranks[edge.source] < planned.ranks[other]:
                nearest[edge.target] = edge.source
    for target, source in nearest.items():
        align_lanes(layers.blocks[source], layers.blocks[target])


@dataclass(slots=True)
class _Threader:
    """Leads each edge through the layers between its ends."""

    layers: Layers
    planned: Plan
    bends: dict[tuple[int, int, bool], Block] = field(default_factory=dict)

    def lead(self, number: int, edge: Edge) -> None:
        """Lead an edge from its source to its target, or to a label that names a target too far away."""
        here, target = self.layers.blocks[edge.source], self.layers.blocks[edge.target]
        course = self.planned.courses[number]
        back = course is Course.BACK
        step = -1 if back else 1
        leaving, coming = 4 * edge.source + 2 * back + FROM, 4 * edge.target + 2 * back + INTO
        net = coming if self.planned.alone[number] else leaving
        if self.planned.texts[number] or self.planned.apart[number]:
            block = self._own(number, here.layer + step, self.planned.texts[number], back)
            self._link(here, block, leaving, number, back)
            here, net = block, coming
        if course is Course.FAR:
            return
        while here.layer + step != target.layer:
            key = (edge.target, here.layer + step, back)
            known = self.bends.get(key)
            following = known or self._bend(key)
            self._link(here, following, net, number, back)
            if known:
                self._share(known, target, number, back)
                return
            here, net = following, coming
        self._link(here, target, net, number, back)

    def _own(self, number: int, layer: int, lines: tuple[str, ...], back: bool) -> Block:
        count = len(self.layers.blocks)
        block = label(count, layer, lines, number) if lines else bend(count, layer)
        block.edges, block.rising = [number], back
        return self.layers.add(block)

    def _bend(self, key: tuple[int, int, bool]) -> Block:
        block = self.bends[key] = self.layers.add(bend(len(self.layers.blocks), key[1]))
        block.rising = key[2]
        return block

    def _link(self, source: Block, target: Block, net: int, number: int, back: bool) -> None:
        upper, lower = (target, source) if back else (source, target)
        self.layers.join(upper, lower, net, number, back)

    def _share(self, block: Block, target: Block, number: int, back: bool) -> None:
        """Go along with the edges that a bend leads to the same target."""
        while block is not target:
            link = block.above[0] if back else block.below[0]
            link.edges.append(number)
            block = link.upper if back else link.lower
