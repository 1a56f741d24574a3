"""The blocks that a drawing is laid out from: boxes of states, labels of edges, and the bends of long edges."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from rich.cells import cell_len

from studio.canvas.graph import Edge, Kind, Node
from studio.canvas.options import Options, Zoom
from studio.canvas.wrapping import shortened, wrapped

GLYPHS = {Kind.START: "● ", Kind.TOOL: "⚙ ", Kind.FORK: "◇ ", Kind.LINK: "▸ ", Kind.END: "■ ", Kind.CHAT: ""}
"""What stands before a title, by kind."""


LANES_APART = 3
"""By so many columns at most a lane is moved to the right, to be below or above another."""


class Shape(Enum):
    """What a block is."""

    BOX = "box"
    LABEL = "label"
    BEND = "bend"


@dataclass(slots=True)
class Loop:
    """An edge from a state to itself, beside its box: its label between the rows where it leaves and comes."""

    edge: int
    lines: tuple[str, ...]
    row: int = 0

    @property
    def height(self) -> int:
        """The rows of the box that it takes."""
        return len(self.lines) + 2


@dataclass(slots=True, eq=False)
class Block:
    """Something with a place in one layer.

    Attributes:
        number: Its position among all blocks.
        shape: What it is.
        layer: The layer, counted from the top.
        width: Cells from its left to its right end, the lane beside a box included.
        height: Rows.
        middle: The column, from its left end, where lines meet it above and below.
        lines: The rows of text.
        node: The node's position for a box, else -1.
        box: The width of the box itself, without its lane.
        border: The width of its border: 0 or 1.
        lane: The column, from its left end, where back edges come and go; -1 without.
        leaves_by_lane: Whether a back edge leaves here, in the first row of text.
        comes_by_lane: Whether a back edge comes here, in the last row of text.
        loops: The edges from the state to itself.
        rising: Whether it belongs to a back edge.
        edges: The edges that a label or bend belongs to.
        place: Its position in its layer.
        x: The column of its left end.
        y: Its first row.
    """

    number: int
    shape: Shape
    layer: int
    width: int = 1
    height: int = 1
    middle: int = 0
    lines: tuple[str, ...] = ()
    node: int = -1
    box: int = 0
    border: int = 1
    lane: int = -1
    leaves_by_lane: bool = False
    comes_by_lane: bool = False
    loops: list[Loop] = field(default_factory=list)
    rising: bool = False
    edges: list[int] = field(default_factory=list)
    above: list[Link] = field(default_factory=list)
    below: list[Link] = field(default_factory=list)
    place: int = 0
    x: int = 0
    y: int = 0

    @property
    def first_row(self) -> int:
        """The first row of text of a box."""
        return self.y + self.border

    @property
    def last_row(self) -> int:
        """The last row inside a box."""
        return self.y + self.height - 1 - self.border


@dataclass(slots=True, eq=False)
class Link:
    """A line between blocks of adjacent layers.

    Attributes:
        upper: The block above.
        lower: The block below.
        upper_at: The column, from the upper block's left end, where it begins.
        lower_at: The column, from the lower block's left end, where it ends.
        net: Links of one net share their lines: all have the same upper end or all the same lower end.
        edges: The edges that run along it.
    """

    upper: Block
    lower: Block
    upper_at: int
    lower_at: int
    net: int
    edges: list[int]


def box(number: int, position: int, node: Node, options: Options) -> Block:
    """The box of a node, before it is known what comes and goes beside it; `dress` sizes it."""
    glyph = GLYPHS[node.kind]
    if options.zoom is Zoom.FULL:
        lines = wrapped(glyph + node.title, options.text_width)
    elif options.zoom is Zoom.COMPACT:
        lines = (shortened(glyph + node.title, options.text_width),)
    else:
        lines = (glyph.strip() or "○",)
    return Block(number, Shape.BOX, 0, lines=lines, node=position)


def dress(block: Block, loops: list[tuple[int, Edge]], options: Options) -> None:
    """Size a box for its text, the lanes that its back edges use, and the edges from the state to itself."""
    row = int(block.leaves_by_lane)
    for number, edge in loops:
        block.loops.append(Loop(number, label_lines(edge.label, options), row))
        row += block.loops[-1].height
    rows = max(len(block.lines), row + block.comes_by_lane)
    text = max(map(cell_len, block.lines))
    block.border = int(options.zoom is not Zoom.MAP)
    block.box = text + 1 - text % 2 + 4 * block.border
    block.middle = block.box // 2
    block.height = rows + 2 * block.border
    block.width = block.box
    if block.leaves_by_lane or block.comes_by_lane or block.loops:
        block.lane = block.box + 1
        said = [cell_len(line) for loop in block.loops for line in loop.lines]
        block.width = block.lane + max([1, *said])


def align_lanes(one: Block, other: Block) -> None:
    """Let the lanes of two boxes that stand one below the other be in one column, if they nearly are."""
    reach = max(one.lane - one.middle, other.lane - other.middle)
    for block in (one, other):
        more = reach - (block.lane - block.middle)
        if more <= LANES_APART:
            block.lane += more
            block.width += more


def label_lines(label: str, options: Options) -> tuple[str, ...]:
    """What a label says in a zoom: all of it, one line, or nothing."""
    if options.zoom is Zoom.MAP or not label.strip():
        return ()
    if options.zoom is Zoom.COMPACT:
        return (shortened(label, options.words_width),)
    return wrapped(label, options.words_width)


def label(number: int, layer: int, lines: tuple[str, ...], edge: int) -> Block:
    """The block of an edge's label."""
    width = max(map(cell_len, lines))
    block = Block(number, Shape.LABEL, layer, width, len(lines), (width - 1) // 2, lines)
    block.edges.append(edge)
    return block


def bend(number: int, layer: int) -> Block:
    """One column kept free for a line that goes on through a layer."""
    return Block(number, Shape.BEND, layer)
