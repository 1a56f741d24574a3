"""How much a drawing says: three zooms and the widths that go with them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Zoom(StrEnum):
    """A zoom is another drawing of the same journey, not a scale."""

    FULL = "full"
    COMPACT = "compact"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Options:
    """What the drawing shows.

    Attributes:
        zoom: Full has every word; compact one line for each state and label, and fewer rows between; the map only a
            glyph for each state.
        box_width: The most cells of text in a line of a box.
        label_width: The most cells in a line of a label.
    """

    zoom: Zoom = Zoom.FULL
    box_width: int = 20
    label_width: int = 16

    @property
    def text_width(self) -> int:
        """The most cells of text in a box at this zoom."""
        return max(4, self.box_width if self.zoom is Zoom.FULL else self.box_width * 4 // 5)

    @property
    def words_width(self) -> int:
        """The most cells in a line of a label at this zoom."""
        return max(4, self.label_width if self.zoom is Zoom.FULL else self.label_width * 4 // 5)
