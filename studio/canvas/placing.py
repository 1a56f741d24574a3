"""The column of each block: as near to the middle of what it is linked to as its neighbours allow."""

from __future__ import annotations

from studio.canvas.blocks import Block, Shape
from studio.canvas.layering import Layers

BESIDE = {
    (Shape.BOX, Shape.BOX): 3,
    (Shape.BOX, Shape.LABEL): 3,
    (Shape.LABEL, Shape.LABEL): 4,
    (Shape.BOX, Shape.BEND): 2,
    (Shape.LABEL, Shape.BEND): 3,
    (Shape.BEND, Shape.BEND): 2,
}
"""The least number of free columns between two blocks, by their shapes."""

GAPS = {**BESIDE, **{(right, left): gap for (left, right), gap in BESIDE.items()}}

SWEEPS = ((300, 6), (3_000, 4), (30_000, 3))
"""How often so many blocks are moved at most; more are moved once."""


def gap(left: Block, right: Block) -> int:
    """The least number of free columns between two neighbours."""
    return GAPS[left.shape, right.shape]


def place(layers: Layers) -> None:
    """Give each block its column, in whole cells, the leftmost in column 0."""
    placer = _Placer(layers)
    sweeps = next((times for most, times in SWEEPS if len(layers.blocks) <= most), 1)
    for sweep in range(sweeps):
        both = sweep >= max(2, sweeps - 2)
        placer.sweep(downwards=sweep % 2 == 0, both=both)
    for block, column in zip(layers.blocks, placer.columns(), strict=True):
        block.x = column


class _Placer:
    """Columns by block number, as parts of cells until the end."""

    def __init__(self, layers: Layers) -> None:
        self.rows = [[block.number for block in row] for row in layers.rows]
        self.starts = [_starts(row) for row in layers.rows]
        self.x = [0.0] * len(layers.blocks)
        self.above: list[list[tuple[int, int, int]]] = [[] for _ in layers.blocks]
        self.below: list[list[tuple[int, int, int]]] = [[] for _ in layers.blocks]
        for channel in layers.channels:
            for link in channel:
                shift = link.upper_at - link.lower_at
                much = weight(link.upper, link.lower)
                self.below[link.upper.number].append((link.lower.number, -shift, much))
                self.above[link.lower.number].append((link.upper.number, shift, much))
        for row, starts in zip(self.rows, self.starts, strict=True):
            for number, start in zip(row, starts, strict=True):
                self.x[number] = start

    def sweep(self, downwards: bool, both: bool) -> None:
        """Move every layer towards the layer before it, or towards both of its neighbours."""
        for position in range(len(self.rows)) if downwards else range(len(self.rows) - 1, -1, -1):
            row, starts = self.rows[position], self.starts[position]
            if len(row) == 1:
                self.x[row[0]] = self._wanted(row[0], downwards, both)[0]
                continue
            wanted, weights = [], []
            for number, start in zip(row, starts, strict=True):
                column, weight = self._wanted(number, downwards, both)
                wanted.append(column - start)
                weights.append(weight)
            for number, start, column in zip(row, starts, rising(wanted, weights), strict=True):
                self.x[number] = column + start

    def _wanted(self, number: int, downwards: bool, both: bool) -> tuple[float, float]:
        """Where a block would like to be, and how much."""
        near, far = (self.above, self.below) if downwards else (self.below, self.above)
        ends = near[number] + far[number] if both else near[number] or far[number]
        if not ends:
            return self.x[number], 0.01
        if len(ends) == 1:
            other, shift, weight = ends[0]
            return self.x[other] + shift, weight
        total, heavy = 0.0, 0
        for other, shift, weight in ends:
            total += (self.x[other] + shift) * weight
            heavy += weight
        return total / heavy, heavy

    def columns(self) -> list[int]:
        """Whole columns in the same order and with the same gaps, from 0."""
        whole = [0] * len(self.x)
        for row, starts in zip(self.rows, self.starts, strict=True):
            least = None
            for number, start in zip(row, starts, strict=True):
                column = round(self.x[number] - start)
                least = column if least is None else max(least, column)
                whole[number] = least + start
        left = min(whole, default=0)
        return [column - left for column in whole]


def weight(upper: Block, lower: Block) -> int:
    """How much a link wants to be straight: long edges most, then what has one way in and one way out."""
    bends = upper.shape is Shape.BEND and lower.shape is Shape.BEND
    return 4 if bends or (len(upper.below) == 1 and len(lower.above) == 1) else 1


def _starts(row: list[Block]) -> list[int]:
    """Where the blocks of a layer begin when they stand as near to each other as they may."""
    starts, column = [], 0
    for position, block in enumerate(row):
        starts.append(column)
        if position + 1 < len(row):
            column += block.width + gap(block, row[position + 1])
    return starts


def rising(wanted: list[float], weights: list[float]) -> list[float]:
    """The values nearest to those wanted, by weighted least squares, of which none is less than the one before.

    Pool adjacent violators: Ayer, Brunk, Ewing, Reid and Silverman, “An empirical distribution function for sampling
    with incomplete information” (1955).

    Args:
        wanted: The values wanted.
        weights: How much each counts, above 0.

    Returns:
        As many values.
    """
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(wanted, weights, strict=True):
        total, heavy, count = value * weight, weight, 1
        while pools and pools[-1][0] * heavy >= total * pools[-1][1]:
            before = pools.pop()
            total, heavy, count = total + before[0], heavy + before[1], count + before[2]
        pools.append((total, heavy, count))
    return [total / heavy for total, heavy, count in pools for _ in range(count)]
