"""The line above the list: how the cases went, how long that took, how far a run is."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from studio.modes.scenarios.bench import Progress
from studio.modes.scenarios.rows import Listing, counted
from studio.modes.scenarios.wrapped import QUIET, both_ends

BAR = 20
"""The longest bar, in cells."""


class RunLine(Widget):
    """One line."""

    DEFAULT_CSS = "RunLine { height: 1; padding: 0 1; }"
    said: reactive[tuple[Content, Content]] = reactive((Content(""), Content("")))

    def render(self) -> Content:
        """What is said on the left and on the right."""
        return both_ends(*self.said, self.size.width)

    def show(self, listing: Listing, progress: Progress | None, seconds: float | None) -> None:
        """Say how things are.

        Args:
            listing: What the list shows.
            progress: The run under way.
            seconds: How long the last run took.
        """
        if progress is not None:
            self.said = _running(progress)
            return
        cases = listing.catalogue.cases
        total = Content(f"{len(cases)} case{'' if len(cases) == 1 else 's'}")
        left = total + "   " + counted(listing.verdicts.counts(cases)) if cases else Content("")
        self.said = left, Content.styled(_when(listing, seconds), QUIET)


def _running(progress: Progress) -> tuple[Content, Content]:
    done, planned = len(progress.found), len(progress.planned)
    filled = BAR * done // max(1, planned)
    left = Content.styled(f"▶ {done} of {planned}", "bold $accent")
    if progress.wrong:
        left += Content.styled(f"  ✗{progress.wrong}", "$text-error")
    bar = Content.styled("█" * filled, "$accent") + Content.styled("░" * (BAR - filled), QUIET)
    return left + "  " + bar, Content.styled("s stops", QUIET)


def _when(listing: Listing, seconds: float | None) -> str:
    if seconds is not None:
        return f"{seconds:.1f} s"
    last = listing.runs.last
    if last is None:
        return "a runs them all"
    wrong = last.ran - last.counts.get("passed", 0) - last.counts.get("unjudged", 0)
    went = "all fine" if last.passed else f"{wrong} not passed" if wrong else f"{last.planned - last.ran} not run"
    return f"last run {last.when:%d %b %H:%M}: {went}"
