"""Straight lines: every chain gets one column, and small jogs are made none by moving what is beside them."""

from __future__ import annotations

import math
from itertools import pairwise

from studio.canvas.blocks import Link, Shape
from studio.canvas.chains import Strands, between_middles, chains, straight_links
from studio.canvas.layering import Layers
from studio.canvas.placing import gap, weight

STRAIGHT = 10
"""So many columns between blocks linked to nothing else there are made none; more would make the drawing wider."""

JOG = 4
"""So many columns between a fork and one of its ways, or a merge and one of its lines, are made none where possible."""

NUDGES = 2
"""How often every chain is moved in the room that is left."""

ROUNDS = ((400, 2), (30_000, 1))
"""How often so many blocks are moved nearer to what they are linked to at most; more are left."""

FAR = 1 << 30


def straighten(layers: Layers) -> None:
    """Line up what belongs in one column: chains, and then the forks and merges that are nearly straight.

    Args:
        layers: The layers, with columns; the columns are changed, the leftmost block comes to column 0.
    """
    rounds = next((times for count, times in ROUNDS if len(layers.blocks) <= count), 0)
    alone = straight_links(layers)
    straight = [link for link in alone if _belongs(link)]
    for _ in range(2 if rounds else 1):
        aligner = _Aligner(layers, straight)
        for _ in range(rounds):
            aligner.improve()
        aligner.finish()
        kept = set(straight)
        straight = [link for link in alone if link in kept or _belongs(link)]
        straight += _near(layers, straight)
    left = min((block.x for block in layers.blocks), default=0)
    for block in layers.blocks:
        block.x -= left


def _belongs(link: Link) -> bool:
    """Whether the ends of a link that is alone belong in one column: a label and its box always."""
    label = link.upper.shape is Shape.LABEL and link.lower.shape is Shape.BOX
    return label or abs(_off(link)) <= STRAIGHT


def _near(layers: Layers, straight: list[Link]) -> list[Link]:
    """Of each fork and merge the link that is nearly straight, if it can be made so."""
    by_layer: dict[int, Strands] = {}
    for link in straight:
        by_layer.setdefault(link.upper.layer, Strands()).take(link)
    found: list[Link] = []
    for channel in layers.channels:
        stars: dict[int, list[Link]] = {}
        for link in channel:
            stars.setdefault(link.net, []).append(link)
        for links in stars.values():
            link = min(links, key=lambda link: abs(_off(link)))
            strands = by_layer.setdefault(link.upper.layer, Strands())
            if len(links) > 1 and abs(_off(link)) <= JOG and between_middles(link) and strands.take(link):
                found.append(link)
    return found


def _off(link: Link) -> int:
    """How many columns to the right the lower end is."""
    return link.lower.x + link.lower_at - link.upper.x - link.upper_at


class _Aligner:
    """The columns of chains, as parts of cells until the end."""

    def __init__(self, layers: Layers, straight: list[Link]) -> None:
        self.chains = list(chains(layers.blocks, straight))
        self.chain = [0] * len(layers.blocks)
        for number, chain in enumerate(self.chains):
            for block in chain:
                self.chain[block.number] = number
        self.before: list[dict[int, int]] = [{} for _ in self.chains]
        for row in layers.rows:
            for left, right in pairwise(row):
                apart = left.width - left.middle + gap(left, right) + right.middle
                before = self.before[self.chain[right.number]]
                before[self.chain[left.number]] = max(before.get(self.chain[left.number], 0), apart)
        self.order = self._sorted()
        self.by_lane: list[list[tuple[int, int]]] = [[] for _ in self.chains]
        self.pulls = self._pulls(layers)
        self.columns = self._settled(
            [sum(block.x + block.middle for block in chain) / len(chain) for chain in self.chains]
        )

    def _sorted(self) -> list[int]:
        """The chains, each after all that stand left of it. Chains do not cross, so there is such an order."""
        after: list[list[int]] = [[] for _ in self.chains]
        waiting = [len(before) for before in self.before]
        for number, before in enumerate(self.before):
            for left in before:
                after[left].append(number)
        ready = [number for number, count in enumerate(waiting) if not count]
        for number in ready:
            for right in after[number]:
                waiting[right] -= 1
                if not waiting[right]:
                    ready.append(right)
        return ready

    def _pulls(self, layers: Layers) -> list[list[tuple[int, int, int]]]:
        """For each chain the chains that it is linked to: how many columns right of them it should be, and how much."""
        pulls: list[list[tuple[int, int, int]]] = [[] for _ in self.chains]
        for channel in layers.channels:
            for link in channel:
                upper, lower = self.chain[link.upper.number], self.chain[link.lower.number]
                if upper != lower:
                    shift = link.upper_at - link.upper.middle - link.lower_at + link.lower.middle
                    much = weight(link.upper, link.lower)
                    pulls[lower].append((upper, shift, much))
                    pulls[upper].append((lower, -shift, much))
                    if shift:
                        self.by_lane[lower].append((upper, shift))
                        self.by_lane[upper].append((lower, -shift))
        return pulls

    def _settled(self, wanted: list[float]) -> list[float]:
        """Columns near to those wanted, with room between neighbours.

        Pushing everything to the right where there is no room, and everything to the left, are both ways to make room;
        so is the middle between them.
        """
        right, left = wanted[:], wanted[:]
        for number in self.order:
            for other, apart in self.before[number].items():
                if right[other] + apart > right[number]:
                    right[number] = right[other] + apart
        for number in reversed(self.order):
            for other, apart in self.before[number].items():
                if left[number] - apart < left[other]:
                    left[other] = left[number] - apart
        return [(one + other) / 2 for one, other in zip(right, left, strict=True)]

    def improve(self) -> None:
        """Move every chain half of the way to where its links would have it."""
        wanted = self.columns[:]
        for number, pulls in enumerate(self.pulls):
            if pulls:
                total = sum((self.columns[other] + shift) * much for other, shift, much in pulls)
                wanted[number] += total / sum(much for _, _, much in pulls)
                wanted[number] /= 2
        self.columns = self._settled(wanted)

    def finish(self) -> None:
        """Give the blocks whole columns, and use the room that is left; rounding all down keeps what there is."""
        columns = [math.floor(column) for column in self.columns]
        after: list[list[tuple[int, int]]] = [[] for _ in self.chains]
        for number, before in enumerate(self.before):
            for left, apart in before.items():
                after[left].append((number, apart))
        for turn in range(NUDGES):
            for number in self.order if turn % 2 else reversed(self.order):
                if self.pulls[number]:
                    least = max([columns[left] + apart for left, apart in self.before[number].items()], default=-FAR)
                    greatest = min([columns[right] - apart for right, apart in after[number]], default=FAR)
                    columns[number] = min(max(self._middle(number, columns), least), greatest)
        for chain, column in zip(self.chains, columns, strict=True):
            for block in chain:
                block.x = column - block.middle

    def _middle(self, number: int, columns: list[int]) -> int:
        for other, shift in self.by_lane[number]:
            if abs(columns[other] + shift - columns[number]) <= JOG:
                return columns[other] + shift
        pulls = self.pulls[number]
        total = sum((columns[other] + shift) * much for other, shift, much in pulls)
        return round(total / sum(much for _, _, much in pulls))
