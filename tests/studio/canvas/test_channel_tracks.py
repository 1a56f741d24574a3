"""Horizontal lines between two layers never lie on one another, whatever the columns of their ends."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.canvas.blocks import Block, Link, Shape
from studio.canvas.channels import Star, route


def links(pairs: list[tuple[int, int, int]]) -> list[Link]:
    """Links from an upper column to a lower one, each with its net."""
    return [
        Link(Block(0, Shape.BEND, 0, x=top), Block(0, Shape.BEND, 1, x=bottom), 0, 0, net, [number])
        for number, (top, bottom, net) in enumerate(pairs)
    ]


def parts(star: Star) -> list[Star]:
    return [star, star.dogleg] if star.dogleg else [star]


def cells(star: Star, tracks: int) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """The cells of a net that lie in horizontal and in vertical lines, ends and corners in both."""
    across, down = set(), set()
    if star.straight:
        return across, {(column, row) for column in star.tops for row in range(tracks)}
    for part in parts(star):
        across |= {(column, part.track) for column in range(part.left, part.right + 1)}
    last = star.dogleg or star
    down |= {(column, row) for column in star.tops for row in range(star.track + 1)}
    down |= {(column, row) for column in last.bottoms for row in range(last.track, tracks)}
    if star.dogleg:
        down |= {(column, row) for column in star.bottoms for row in range(star.track, last.track + 1)}
    return across, down


def check(pairs: list[tuple[int, int, int]]) -> list[Star]:
    channel = route(links(pairs))
    taken = [cells(star, channel.tracks) for star in channel.stars]
    for one, (across, down) in enumerate(taken):
        for other_across, other_down in taken[:one]:
            assert not across & other_across
            assert not down & other_down
        for star, (_, other_down) in zip(channel.stars, taken, strict=True):
            if star is not channel.stars[one]:
                ends = {point for point in across if (point[0] - 1, point[1]) not in across}
                ends |= {point for point in across if (point[0] + 1, point[1]) not in across}
                assert not ends & other_down, "a corner lies on another line"
    return channel.stars


@st.composite
def single_lines(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    count = draw(st.integers(1, 9))
    tops = draw(st.lists(st.integers(0, 12), min_size=count, max_size=count, unique=True))
    bottoms = draw(st.lists(st.integers(0, 12), min_size=count, max_size=count, unique=True))
    return [(top, bottom, net) for net, (top, bottom) in enumerate(zip(tops, bottoms, strict=True))]


@given(single_lines())
@settings(max_examples=300)
def test_lines_between_any_columns_keep_apart(pairs: list[tuple[int, int, int]]) -> None:
    check(pairs)


@given(single_lines(), st.lists(st.integers(0, 8), min_size=9, max_size=9), st.booleans())
@settings(max_examples=300)
def test_forks_and_merges_keep_apart(pairs: list[tuple[int, int, int]], shared: list[int], merge: bool) -> None:
    nets: dict[int, int] = {}
    joined = []
    for top, bottom, net in pairs:
        net = shared[net]
        end = nets.setdefault(net, bottom if merge else top)
        joined.append((top, end, net) if merge else (end, bottom, net))
    check(joined)


def test_two_lines_that_swap_their_columns_pass_by_a_dogleg() -> None:
    stars = check([(0, 6, 1), (6, 0, 2)])
    assert [star.dogleg is not None for star in stars].count(True) == 1


def test_a_ring_of_lines_is_opened_once() -> None:
    stars = check([(0, 4, 1), (4, 8, 2), (8, 0, 3)])
    assert [star.dogleg is not None for star in stars].count(True) == 1


def test_parallel_lines_to_the_right_do_not_cross() -> None:
    upper, lower = check([(0, 5, 1), (3, 8, 2)])
    assert lower.track < upper.track


def test_lines_side_by_side_share_a_track() -> None:
    assert [star.track for star in check([(0, 4, 1), (6, 9, 2), (20, 12, 3)])] == [0, 0, 0]
