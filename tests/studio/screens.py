"""The pictures in screenshots/, made from the screens that the tests compare: `make screenshots [names]`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from engine.agent.loading import load_agent
from studio.canvas.draw import draw
from studio.canvas.svg import as_svg
from tests.studio.app.pictures import MORE, PICTURES, Picture, steady_clock
from tests.studio.canvas.journeys_to_draw import SUPPORT

FOLDER = Path(__file__).parents[2] / "screenshots"


async def taken(picture: Picture, name: str) -> str:
    """The picture as SVG."""
    with tempfile.TemporaryDirectory() as folder, steady_clock():
        app = picture.app(Path(folder))
        async with app.run_test(size=picture.size) as pilot:
            await picture.before(pilot)
            svg = app.export_screenshot()
    unique = svg.split('class="terminal-')[1].split("-")[0] if 'class="terminal-' in svg else ""
    return svg.replace(f"terminal-{unique}", f"terminal-{name}") if unique else svg


def drawings() -> Iterator[tuple[str, str]]:
    """Every journey of the example agents, and one of fifteen states with loops, merges and a fork of four, as SVG."""
    for file in sorted((FOLDER.parent / "scenarios").glob("*/agent.yaml")):
        for journey in load_agent(file.parent).agent.journeys:
            yield f"journey_{file.parent.name}_{journey.name}", as_svg(draw(journey), journey.title or journey.name)
    yield "journey_of_fifteen_states", as_svg(draw(SUPPORT), "A call about the internet")


def main(names: list[str]) -> None:
    """Write the pictures with these names, or all."""
    for name, svg in drawings():
        if not names or name in names:
            (FOLDER / f"{name}.svg").write_text(svg, "utf-8")
            print(f"screenshots/{name}.svg")
    for name, picture in {**PICTURES, **MORE}.items():
        if not names or name in names:
            svg = asyncio.run(taken(picture, name))
            (FOLDER / f"{name}.svg").write_text(svg, "utf-8")
            print(f"screenshots/{name}.svg")


if __name__ == "__main__":
    main(sys.argv[1:])
