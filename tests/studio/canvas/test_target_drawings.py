"""The two journeys that the canvas was designed with come out as drawn here, to the cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from journeys_to_draw import FLIGHT, SUPPORT

from engine.agent.model import Journey
from studio.canvas.draw import draw
from studio.canvas.options import Options, Zoom
from studio.canvas.painting import as_text

DRAWN = Path(__file__).parent / "drawn"


@pytest.mark.parametrize("zoom", Zoom)
@pytest.mark.parametrize("journey", [FLIGHT, SUPPORT], ids=lambda journey: journey.name)
def test_a_journey_looks_as_it_was_approved(journey: Journey, zoom: Zoom) -> None:
    """To approve new drawings: remove the file in `drawn/`, run this once, and look at what it wrote."""
    path = DRAWN / f"{journey.name}.{zoom}.txt"
    text = as_text(draw(journey, Options(zoom))) + "\n"
    if not path.exists():
        path.write_text(text, encoding="utf-8")
        pytest.fail(f"{path.name} was not there; it is now: look at it")
    assert text == path.read_text(encoding="utf-8")
