"""Journeys drawn: layout and painting together, and a window moved over a large drawing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random

from benchmarks.made_up import PLACES, THINGS, VERBS
from benchmarks.measure import Figure, figure, seconds
from engine.agent.model import Journey, State, Transition
from studio.canvas.draw import draw
from studio.canvas.painting import as_text, rows
from studio.canvas.runs import Area

GOALS = {50: 20, 500: 300}
"""Milliseconds for a journey of so many states."""


def figures() -> Iterator[Figure]:
    """Layout and painting at 50 and 500 states; processor time of each step over a drawing of 2,000."""
    for states, goal in GOALS.items():
        made = journey(states)
        taken = seconds(lambda made=made: as_text(draw(made)), runs=7)  # type: ignore[misc]
        yield figure(f"journey of {states} states laid out and painted", [1000 * one for one in taken], "ms", goal)
    began = time.perf_counter()
    drawing = draw(journey(2_000))
    floor = f"laid out once in {time.perf_counter() - began:.1f} s: {drawing.width:,} × {drawing.height:,} cells"
    rows(drawing, Area(0, 0, 160, 48))
    panned = []
    for box in drawing.boxes[::40]:
        window = Area(box.area.x - 80, box.area.y - 24, 160, 48)
        start = time.process_time()
        rows(drawing, window)
        panned.append(1000 * (time.process_time() - start))
    yield figure("window of 160 × 48 moved over 2,000 states, CPU", panned, "ms", 8, floor=floor)


def journey(states: int) -> Journey:
    """A journey of so many states: mostly onwards, with forks, merges and ways back, the same for the same size."""
    random = Random(states * 7907)
    made = []
    for number in range(states):
        text = f"{random.choice(VERBS)} the {random.choice(THINGS)} {random.choice(PLACES)}"
        tool = f"{random.choice(VERBS)}_{random.choice(THINGS)}".replace(" ", "_")
        ways = tuple(Transition(to=f"s{to}", when=label) for to, label in _ways(random, number, states))
        if random.random() < 0.25:
            made.append(State(name=f"s{number}", next=ways, tool=tool))
        else:
            made.append(State(name=f"s{number}", next=ways, chat=text.capitalize()))
    return Journey(name="made_up", states=tuple(made))


def _ways(random: Random, number: int, states: int) -> Iterator[tuple[int, str | None]]:
    last = states - 1
    if number == last:
        return
    count = random.choice([1, 1, 1, 1, 2, 2, 3])
    if count == 1:
        yield number + 1, None
        return
    for position in range(count):
        ahead = min(last, number + 1 + position * random.randint(1, 4))
        back = random.random() < 0.15 and position
        yield max(0, number - random.randint(1, 8)) if back else ahead, f"The {random.choice(THINGS)} is wanted"
