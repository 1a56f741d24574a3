"""Chains: blocks one below the other that are kept in one column."""

from __future__ import annotations

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
        kept += without_crossings(alone)
    return kept


def between_middles(link: Link) -> bool:
    """Whether a link runs between the middles of its blocks, not by a lane."""
    return link.upper_at == link.upper.middle and link.lower_at == link.lower.middle


def without_crossings(links: Iterable[Link]) -> list[Link]:
    """Of the links of one channel as many as do not cross, those of long edges first."""
    kept: list[Link] = []
    for link in sorted(links, key=lambda link: -_long(link)):
        if not any(crosses(link, other) for other in kept):
            kept.append(link)
    return kept


def crosses(one: Link, other: Link) -> bool:
    """Whether two links of one channel cross."""
    return (one.upper.place - other.upper.place) * (one.lower.place - other.lower.place) < 0


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
