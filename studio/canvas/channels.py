"""The tracks of the horizontal lines between two layers.

Left-edge track assignment with vertical constraints: Hashimoto and Stevens, “Wire routing by optimizing channel
assignment within large apertures” (1971); doglegs against cycles of constraints: Deutsch, “A dogleg channel router”
(1976).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from studio.canvas.blocks import Link


@dataclass(slots=True, eq=False)
class Star:
    """The links of one net between two layers: all meet at one end.

    Attributes:
        net: The net.
        tops: The column where each of its lines comes from above, with the edges that run along it.
        bottoms: The same for the lines that go on below.
        track: The track of its horizontal line, from 0; -1 when it is one straight line.
        dogleg: The part of it on a lower track, when it could not have one track alone.
    """

    net: int
    tops: dict[int, list[int]] = field(default_factory=dict)
    bottoms: dict[int, list[int]] = field(default_factory=dict)
    track: int = -1
    dogleg: Star | None = None

    @property
    def left(self) -> int:
        """Its leftmost column."""
        return min(*self.tops, *self.bottoms)

    @property
    def right(self) -> int:
        """Its rightmost column."""
        return max(*self.tops, *self.bottoms)

    @property
    def straight(self) -> bool:
        """Whether it needs no horizontal line."""
        return self.tops.keys() == self.bottoms.keys()


@dataclass(frozen=True, slots=True)
class Channel:
    """The nets between two layers, and how many tracks they take."""

    stars: list[Star]
    tracks: int


def route(links: list[Link]) -> Channel:
    """Assign the nets of a channel to tracks, so that no two share a cell other than where they cross.

    Args:
        links: The links between the two layers; the columns of their blocks are settled.

    Returns:
        The nets with their tracks, counted from the top.
    """
    stars: dict[int, Star] = {}
    for link in links:
        star = stars.get(link.net) or stars.setdefault(link.net, Star(link.net))
        star.tops.setdefault(link.upper.x + link.upper_at, []).extend(link.edges)
        star.bottoms.setdefault(link.lower.x + link.lower_at, []).extend(link.edges)
    bent = [star for star in stars.values() if not star.straight]
    if len(bent) == 1:
        bent[0].track = 0
    return Channel(
        list(stars.values()), _Router(bent, _columns(stars.values())).tracks() if len(bent) > 1 else len(bent)
    )


def _columns(stars: Iterable[Star]) -> set[int]:
    return {column for star in stars for column in (*star.tops, *star.bottoms)}


class _Router:
    def __init__(self, stars: list[Star], taken: set[int]) -> None:
        self.taken = taken
        self.spans = {star: (star.left, star.right) for star in stars}
        self.waiting = sorted(stars, key=lambda star: self.spans[star][0])
        self.must: dict[Star, set[Star]] = {star: set() for star in self.waiting}
        self.should: dict[Star, set[Star]] = {star: set() for star in self.waiting}
        bottoms = {column: star for star in self.waiting for column in star.bottoms}
        for star in self.waiting:
            for column in star.tops:
                if bottoms.get(column, star) is not star:
                    self.must[bottoms[column]].add(star)
        self._prefer()

    def _prefer(self) -> None:
        """Note which of two nets side by side should be the upper one, because they cross less so."""
        near: list[Star] = []
        for star in self.waiting:
            left = self.spans[star][0]
            near = [other for other in near if self.spans[other][1] >= left]
            for other in near:
                difference = self._crossings(star, other) - self._crossings(other, star)
                if difference < 0:
                    self.should[other].add(star)
                elif difference > 0:
                    self.should[star].add(other)
            near.append(star)

    def _crossings(self, upper: Star, lower: Star) -> int:
        left, right = self.spans[lower]
        down = sum(left < column < right for column in upper.bottoms)
        left, right = self.spans[upper]
        return down + sum(left < column < right for column in lower.tops)

    def tracks(self) -> int:
        """Fill track after track from the top; say how many there are."""
        track = 0
        while self.waiting:
            ready = [star for star in self.waiting if not self.must[star] and not self.should[star]]
            if not ready:
                ready = [self._least_bound() or self._split()]
            self._fill(track, ready)
            track += 1
        return track

    def _fill(self, track: int, ready: list[Star]) -> None:
        end = None
        placed = []
        for star in ready:
            left, right = self.spans[star]
            if end is None or left > end + 1:
                star.track, end = track, right
                placed.append(star)
        self.waiting = [star for star in self.waiting if star.track < 0]
        for star in self.waiting:
            self.must[star].difference_update(placed)
            self.should[star].difference_update(placed)

    def _least_bound(self) -> Star | None:
        free = [star for star in self.waiting if not self.must[star]]
        return min(free, key=lambda star: len(self.should[star]), default=None)

    def _split(self) -> Star:
        """Break a cycle: lead a net's upper ends to a free column, and go on from there on a lower track."""
        star = min(self.waiting, key=lambda star: len(self.must[star]))
        column = self._free_column(*self.spans[star])
        self.taken.add(column)
        edges = list(dict.fromkeys(edge for ends in star.tops.values() for edge in ends))
        lower = star.dogleg = Star(star.net, {column: edges}, star.bottoms)
        star.bottoms = {column: edges}
        self.spans[star], self.spans[lower] = (star.left, star.right), (lower.left, lower.right)
        self.must[lower], self.should[lower] = self.must[star] | {star}, set()
        self.must[star] = set()
        self.waiting.append(lower)
        self.waiting.sort(key=lambda star: self.spans[star][0])
        return star

    def _free_column(self, left: int, right: int) -> int:
        middle = (left + right) // 2
        reach = 0
        while True:
            for column in (middle + reach, middle - reach):
                if column >= 0 and column not in self.taken:
                    return column
            reach += 1
