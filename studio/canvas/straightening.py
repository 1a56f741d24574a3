"""Small jogs made straight: whole chains of blocks are moved where there is room beside them."""

from __future__ import annotations

from collections import Counter

from studio.canvas.blocks import Block, Link
from studio.canvas.layering import Layers
from studio.canvas.placing import gap

FAR = 1 << 30
JOG = 3
"""So many columns between a fork and one of its ways, or a merge and one of its lines, are made none where possible."""


def straighten(layers: Layers) -> None:
    """Line up what belongs in one column: first chains without forks, then forks and merges with their nearest line."""
    chains = _chains(layers)
    for _ in range(2):
        for chain in chains:
            _line_up(layers, chain)
    chain_of = {block.number: chain for chain in chains for block in chain}
    for channel in layers.channels:
        for links in _stars(channel):
            _snap(layers, links, chain_of)
    left = min((block.x for block in layers.blocks), default=0)
    for block in layers.blocks:
        block.x -= left


def _chains(layers: Layers) -> list[list[Block]]:
    """The blocks in runs of links that are alone at both of their ends, the longest first."""
    uppers, lowers = _ends(layers)
    following = {
        link.upper.number: link
        for channel in layers.channels
        for link in channel
        if uppers[link.upper.number, link.upper_at] == 1
        and lowers[link.lower.number, link.lower_at] == 1
        and link.upper_at == link.upper.middle
        and link.lower_at == link.lower.middle
    }
    led_to = {link.lower.number for link in following.values()}
    chains = []
    for block in layers.blocks:
        if block.number not in led_to:
            chain = [block]
            while chain[-1].number in following:
                chain.append(following[chain[-1].number].lower)
            chains.append(chain)
    return sorted(chains, key=len, reverse=True)


def _ends(layers: Layers) -> tuple[Counter[tuple[int, int]], Counter[tuple[int, int]]]:
    uppers: Counter[tuple[int, int]] = Counter()
    lowers: Counter[tuple[int, int]] = Counter()
    for channel in layers.channels:
        for link in channel:
            uppers[link.upper.number, link.upper_at] += 1
            lowers[link.lower.number, link.lower_at] += 1
    return uppers, lowers


def _room(layers: Layers, block: Block) -> tuple[int, int]:
    """The least and the greatest column that the neighbours of a block leave for its middle."""
    row = layers.rows[block.layer]
    least, greatest = -FAR, FAR
    if block.place:
        before = row[block.place - 1]
        least = before.x + before.width + gap(before, block) + block.middle
    if block.place + 1 < len(row):
        after = row[block.place + 1]
        greatest = after.x - gap(block, after) - block.width + block.middle
    return least, greatest


def _line_up(layers: Layers, chain: list[Block]) -> None:
    """Put a chain into one column, or into as few columns as there is room for."""
    run: list[Block] = []
    least, greatest = -FAR, FAR
    for block in chain:
        low, high = _room(layers, block)
        if run and max(least, low) > min(greatest, high):
            _settle(run, least, greatest)
            run, least, greatest = [], -FAR, FAR
        run.append(block)
        least, greatest = max(least, low), min(greatest, high)
    _settle(run, least, greatest)


def _settle(run: list[Block], least: int, greatest: int) -> None:
    columns = sorted(block.x + block.middle for block in run)
    column = min(max(columns[len(columns) // 2], least), greatest)
    for block in run:
        block.x = column - block.middle


def _stars(channel: list[Link]) -> list[list[Link]]:
    stars: dict[int, list[Link]] = {}
    for link in channel:
        stars.setdefault(link.net, []).append(link)
    return list(stars.values())


def _off(link: Link) -> int:
    """How many columns to the right the lower end is."""
    return link.lower.x + link.lower_at - link.upper.x - link.upper_at


def _snap(layers: Layers, links: list[Link], chain_of: dict[int, list[Block]]) -> None:
    """Move one end of a star's straightest link, if that is all it takes to make it straight."""
    link = min(links, key=lambda link: abs(_off(link)))
    off = _off(link)
    if not 0 < abs(off) <= JOG:
        return
    below, above = chain_of[link.lower.number], chain_of[link.upper.number]
    moves = [(below, -off), (above, off)] if len(below) <= len(above) else [(above, off), (below, -off)]
    for chain, shift in moves:
        if all(
            low <= block.x + block.middle + shift <= high for block in chain for low, high in [_room(layers, block)]
        ):
            for block in chain:
                block.x += shift
            return
