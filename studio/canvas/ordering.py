"""The order of the blocks in each layer: few crossings, and the order of the file where it makes no difference.

Median sweeps with transposition of neighbours, as in Gansner, Koutsofios, North and Vo, “A technique for drawing
directed graphs” (1993). An end of a link is coded as `2 * block number`, plus 1 where it is at a lane, which is right
of the middle.
"""

from __future__ import annotations

from bisect import bisect_right, insort

from studio.canvas.blocks import Block
from studio.canvas.layering import Layers

SWEEPS = ((300, 8), (1_500, 5), (6_000, 3), (30_000, 1))
"""How many sweeps so many blocks get at most; more blocks get none."""

TRIAL = 1
"""How many sweeps the walks down and up each get before the better one is chosen for the rest."""

TRANSPOSED = 2_500
"""With more blocks neighbours are not tried in the other order."""


def order(layers: Layers) -> int:
    """Put each layer's blocks in order.

    Args:
        layers: The layers; `rows` and `place` are changed.

    Returns:
        How many links cross.
    """
    sweeper = _Sweeper(layers)
    sweeps = next((times for most, times in SWEEPS if len(layers.blocks) <= most), 0)
    crossings, rows = sweeper.improve(_walked_down(layers), min(sweeps, TRIAL))
    if crossings and sweeps:
        fewer, others = sweeper.improve(_walked_up(layers), min(sweeps, TRIAL))
        if fewer < crossings:
            crossings, rows = fewer, others
        crossings, rows = sweeper.improve(rows, sweeps - TRIAL)
    for row, numbers in enumerate(rows):
        layers.rows[row] = [layers.blocks[number] for number in numbers]
        for place, number in enumerate(numbers):
            layers.blocks[number].place = place
    return crossings


def _walked_down(layers: Layers) -> list[list[int]]:
    """Each layer in the order of a depth-first walk downwards: what forks has no crossing."""
    below = [[link.lower for link in sorted(block.below, key=lambda link: link.upper_at)] for block in layers.blocks]
    return _walked(layers, below, [block for block in layers.blocks if not block.above])


def _walked_up(layers: Layers) -> list[list[int]]:
    """Each layer in the order of a depth-first walk upwards: what merges has no crossing."""
    above = [[link.upper for link in sorted(block.above, key=lambda link: link.lower_at)] for block in layers.blocks]
    return _walked(layers, above, [block for block in layers.blocks if not block.below])


def _walked(layers: Layers, following: list[list[Block]], roots: list[Block]) -> list[list[int]]:
    met = [False] * len(layers.blocks)
    rows: list[list[int]] = [[] for _ in layers.rows]
    for root in roots:
        path = [root]
        while path:
            block = path.pop()
            if not met[block.number]:
                met[block.number] = True
                rows[block.layer].append(block.number)
                path.extend(other for other in reversed(following[block.number]) if not met[other.number])
    return rows


class _Sweeper:
    def __init__(self, layers: Layers) -> None:
        count = len(layers.blocks)
        self.rows: list[list[int]] = []
        self.above: list[list[int]] = [[] for _ in range(count)]
        self.below: list[list[int]] = [[] for _ in range(count)]
        self.ends: list[list[tuple[int, int]]] = []
        for channel in layers.channels:
            ends = []
            for link in channel:
                upper = 2 * link.upper.number + (link.upper_at != link.upper.middle)
                lower = 2 * link.lower.number + (link.lower_at != link.lower.middle)
                self.below[link.upper.number].append(lower)
                self.above[link.lower.number].append(upper)
                ends.append((upper, lower))
            self.ends.append(ends)
        self.place = [0] * (2 * count)
        self.crossings = [0] * len(layers.rows)

    def improve(self, rows: list[list[int]], sweeps: int) -> tuple[int, list[list[int]]]:
        """Sweep down and up at most so often; give how many links cross in the best order met, and that order."""
        self.rows = rows
        for row in rows:
            self._number(row)
        count = len(self.above)
        best, kept, idle = self._count_all(), [row[:] for row in self.rows], 0
        for sweep in range(sweeps):
            if best == 0 or idle == 3:
                break
            self._sweep(downwards=sweep % 2 == 0)
            found = self._count_all()
            if found and count <= TRANSPOSED and self._transpose():
                found = self._count_all()
            idle += 1
            if found < best:
                best, kept, idle = found, [row[:] for row in self.rows], 0
        return best, kept

    def _number(self, row: list[int]) -> None:
        place = self.place
        for position, number in enumerate(row):
            place[2 * number] = 2 * position
            place[2 * number + 1] = 2 * position + 1

    def _count_all(self) -> int:
        self.crossings = [self._crossings(ends) for ends in self.ends]
        return sum(self.crossings)

    def _crossings(self, ends: list[tuple[int, int]]) -> int:
        if len(ends) < 2:
            return 0
        place = self.place
        lowers = [lower for _, lower in sorted([(place[upper], place[lower]) for upper, lower in ends])]
        if lowers == sorted(lowers):
            return 0
        seen: list[int] = []
        total = 0
        for lower in lowers:
            total += len(seen) - bisect_right(seen, lower)
            insort(seen, lower)
        return total

    def _sweep(self, downwards: bool) -> None:
        near = self.above if downwards else self.below
        rows = self.rows[1:] if downwards else self.rows[-2::-1]
        for row in rows:
            if len(row) < 2:
                continue
            medians = {number: self._median(near[number]) for number in row}
            movable = sorted((number for number in row if medians[number] >= 0), key=medians.__getitem__)
            following = iter(movable)
            row[:] = [next(following) if medians[number] >= 0 else number for number in row]
            self._number(row)

    def _median(self, codes: list[int]) -> float:
        if not codes:
            return -1
        if len(codes) == 1:
            return self.place[codes[0]]
        places = sorted(self.place[code] for code in codes)
        middle = len(places) // 2
        return places[middle] if len(places) % 2 else (places[middle - 1] + places[middle]) / 2

    def _transpose(self) -> bool:
        """Swap neighbours wherever that leaves fewer crossings, beside crossings; say whether any was swapped."""
        swapped = False
        for position, row in enumerate(self.rows):
            if len(row) > 1 and (self.crossings[position] or (position and self.crossings[position - 1])):
                times = 0
                while times < 3 and self._transpose_row(row):
                    times += 1
                swapped = swapped or times > 0
        return swapped

    def _transpose_row(self, row: list[int]) -> bool:
        place = self.place
        above = {number: sorted(place[code] for code in self.above[number]) for number in row}
        below = {number: sorted(place[code] for code in self.below[number]) for number in row}
        swapped = False
        for position in range(len(row) - 1):
            left, right = row[position], row[position + 1]
            now = _pairs(above[left], above[right]) + _pairs(below[left], below[right])
            if now and _pairs(above[right], above[left]) + _pairs(below[right], below[left]) < now:
                row[position], row[position + 1] = right, left
                swapped = True
        if swapped:
            self._number(row)
        return swapped


def _pairs(left: list[int], right: list[int]) -> int:
    """How many pairs of ends cross when the first list's block is on the left."""
    if not left or not right or left[-1] <= right[0]:
        return 0
    return sum(one > other for one in left for other in right)
