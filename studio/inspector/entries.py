"""The rows that a reading of a turn is made of, and the small signs in them. Nothing here is a widget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from textual.content import Content

from engine.turn.results import Outcome, Result

GOOD, BAD, DOUBT, QUIET, NAMED = "$text-success", "$text-error", "$text-warning", "dim", "$accent"
"""The styles of what is said; each goes with a sign or a word of its own. `dim` is quieter in every theme, ANSI too."""

BAR = 6
"""Cells of a score's bar."""

_BROKEN_UP = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160), 8232, 8233, 9), " ")
_TURNED_ROUND = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F))
_CLEAN = {**_BROKEN_UP, **_TURNED_ROUND}


@dataclass(frozen=True)
class Page:
    """What a reading is laid out for.

    Attributes:
        width: Columns.
        unfolded: The keys of the entries whose details are shown.
    """

    width: int = 60
    unfolded: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entry:
    """One row: a line, and what stands under it.

    Attributes:
        key: What the row is; unique in its reading.
        label: The line itself.
        under: Paragraphs below it, wrapped and indented.
        indent: How far they are indented; wrapped lines of the label are as well.
        entity: Which thing of the agent the row is about; empty for none.
        heading: Whether it only names what follows, so that the cursor passes over it.
        folded: Whether details are hidden; None where there are none.
        copied: What is copied, or what writes it when it is asked for; the row's own text when empty.
    """

    key: str
    label: Content
    under: tuple[Content, ...] = ()
    indent: int = 4
    entity: str = ""
    heading: bool = False
    folded: bool | None = None
    copied: str | Callable[[], str] = ""

    def lines(self, width: int) -> list[Content]:
        """The row as lines of at most `width` cells."""
        width = max(8, width)
        indent = min(self.indent, width // 3)
        found = _hanging(self.label, width, indent)
        for paragraph in self.under:
            found.extend(" " * indent + line for line in paragraph.wrap(width - indent))
        return found

    @property
    def text(self) -> str:
        """The row as plain text."""
        lines = [self.label.plain.rstrip(), *(" " * self.indent + paragraph.plain for paragraph in self.under)]
        return (self.copied() if callable(self.copied) else self.copied) or "\n".join(lines)


@dataclass
class Keys:
    """Gives rows keys that occur once in a reading."""

    given: dict[str, int] = field(default_factory=dict)

    def __call__(self, wanted: str) -> str:
        """The key, numbered from its second use on."""
        count = self.given[wanted] = self.given.get(wanted, 0) + 1
        return wanted if count == 1 else f"{wanted}#{count}"


def _hanging(label: Content, width: int, indent: int) -> list[Content]:
    if label.cell_length <= width and "\n" not in label.plain:
        return [label]
    first, *rest = label.wrap(width)
    if not rest or "\n" in label.plain:
        return [first, *rest]
    left = label[len(first.plain) :]
    trimmed = left[len(left.plain) - len(left.plain.lstrip()) :]
    return [first, *(" " * indent + line for line in trimmed.wrap(width - indent))]


def clean(text: str) -> str:
    """A text that cannot break a line: control characters are blanks, signs that turn the direction are gone."""
    return text if text.isascii() and text.isprintable() else text.translate(_CLEAN)


def said(text: str, style: str = "") -> Content:
    """Words of ours or of anybody, never read as markup."""
    return Content.styled(clean(text), style) if style else Content(clean(text))


def quiet(text: str) -> Content:
    """Words that may be passed over."""
    return Content.styled(clean(text), QUIET)


def heading(name: str) -> Entry:
    """A row that names what follows."""
    return Entry(f"heading {name}", Content.styled(name, f"bold {NAMED}"), heading=True)


def note(key: str, text: str, style: str = QUIET) -> Entry:
    """A row that only says something."""
    return Entry(key, said(text, style), indent=2)


def short(score: float | None) -> str:
    """A score in few characters: `.82`, `1.0`; empty where nothing was compared."""
    if score is None:
        return ""
    return f"{score:.2f}".removeprefix("0") if 0 <= score < 0.995 else f"{score:.1f}"


def duration(seconds: float) -> str:
    """A time in the unit that suits it: `12 ms`, `1.4 s`."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def bar(score: float | None, cells: int = BAR) -> Content:
    """A score as a bar; a score above nothing shows at least half a cell."""
    if score is None:
        return Content(" " * cells)
    halves = max(1 if score > 0 else 0, min(2 * cells, round(score * 2 * cells)))
    drawn = "█" * (halves // 2) + "▌" * (halves % 2)
    return Content.styled(drawn.ljust(cells), "$primary")


_LOST = frozenset(
    {
        Result.EXCLUDED,
        Result.OUTRANKED,
        Result.UNMET_DEPENDENCY,
        Result.DROPPED_DEPENDENCY,
        Result.LOST_TO,
        Result.FIT_TOO_LOW,
    }
)
_FAULTY = frozenset({Result.MISSING_FIELD, Result.RENDER_ERROR, Result.MISSING_ARGUMENT, Result.INVALID_ARGUMENT})


def sign(result: Result) -> tuple[str, str]:
    """The sign of a result and its colour: ✓ took part, ✗ beaten, ! lacks something, ? asked about, ○ was far."""
    if result.won:
        return "✓", GOOD
    if result in _LOST:
        return "✗", BAD
    if result in _FAULTY:
        return "!", DOUBT
    return ("?", DOUBT) if result is Result.AMBIGUOUS else ("○", QUIET)


def scored_line(outcome: Outcome, name_width: int, width: int, word: str = "") -> Content:
    """One line of a list of things: sign, name, a word, the score's bar and the score.

    Args:
        outcome: What became of the thing.
        name_width: Columns for the name.
        width: Columns for the line: where it is narrow, the bar and then the word are left out.
        word: The word after the name, e.g. how clear a judgement was.
    """
    mark, style = sign(outcome.result)
    name = said(clean(outcome.entity)).truncate(name_width, ellipsis=True, pad=True)
    line = Content.styled(f"{mark} ", style) + name.stylize(style if outcome.result.won else "")
    score = short(outcome.score)
    if width >= name_width + 13:
        line += quiet(f" {word:<8}")
    if width >= name_width + 11 + BAR + 4:
        line += bar(outcome.score)
    return line + (quiet(f" {score}") if score else "")


def name_column(names: Iterable[str], width: int) -> int:
    """Columns for names, so that they and what follows them fit."""
    longest = max((len(name) for name in names), default=8)
    return max(8, min(longest, width - 2 - 9 - BAR - 4, 30))


def joined(parts: Sequence[str]) -> str:
    """Names as a list in a sentence."""
    return ", ".join(clean(part) for part in parts)
