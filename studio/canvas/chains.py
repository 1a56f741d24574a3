"""Chains: blocks one below the other that are kept in one column."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator

from studio.canvas.blocks import Block, Link, Shape
from studio.canvas.layering import Layers


def straight_links(layers: Layers) -> list[Link]:
    """The links to be kept straight: alone at both ends, and crossing no other such link.

    Args:
        layers: The layers, in order.

    Returns:
        The links, at most one above and one below each block.
    """
    uppers, lowers = _ends(layers)
    kept: list[Link] = []
    for channel in layers.channels:
        alone = [
            link
            for link in channel
            if between_middles(link)
            and uppers[link.upper.number, link.upper_at] == 1
            and lowers[link.lower.number, link.lower_at] == 1
        ]
        strands = Strands()
        kept += [link for link in sorted(alone, key=_long, reverse=True) if strands.take(link)]
    return kept


def between_middles(link: Link) -> bool:
    """Whether a link runs between the middles of its blocks, not by a lane."""
    return link.upper_at == link.upper.middle and link.lower_at == link.lower.middle


class Strands:
    """Links of one channel of which none crosses another or shares its ends, from the left."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self._uppers: list[int] = []

    def take(self, link: Link) -> bool:
        """Add a link if it goes with those that are there; say whether it does."""
        position = bisect_left(self._uppers, link.upper.place)
        if position < len(self.links):
            after = self.links[position]
            if after.upper is link.upper or after.lower.place <= link.lower.place:
                return False
        if position and self.links[position - 1].lower.place >= link.lower.place:
            return False
        self.links.insert(position, link)
        self._uppers.insert(position, link.upper.place)
        return True


def _long(link: Link) -> int:
    return (link.upper.shape is Shape.BEND) + (link.lower.shape is Shape.BEND)


def chains(blocks: Iterable[Block], straight: Iterable[Link]) -> Iterator[list[Block]]:
    """The blocks in chains, each from its top."""
    below = {link.upper.number: link.lower for link in straight}
    led_to = {block.number for block in below.values()}
    for block in blocks:
        if block.number not in led_to:
            chain = [block]
            while chain[-1].number in below:
                chain.append(below[chain[-1].number])
            yield chain


def _ends(layers: Layers) -> tuple[Counter[tuple[int, int]], Counter[tuple[int, int]]]:
    uppers: Counter[tuple[int, int]] = Counter()
    lowers: Counter[tuple[int, int]] = Counter()
    for channel in layers.channels:
        for link in channel:
            uppers[link.upper.number, link.upper_at] += 1
            lowers[link.lower.number, link.lower_at] += 1
    return uppers, lowers
