"""Texts of users, models and files as lines that cannot break the screen: tidied, wrapped, hung under a label."""

from __future__ import annotations

from textual.content import Content

QUIET = "dim"
"""The style of what is beside the point; it is quieter in every theme."""

_LABEL = 11
"""Columns of the label, the space behind it included."""

_ODD = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "\N{REPLACEMENT CHARACTER}"),
    **dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]),
    ord("\n"): "\n",
    ord("\r"): "",
    ord("\t"): "    ",
}
"""Control characters, which a terminal would obey, and marks that turn the direction of a whole line."""


def tidy(text: str) -> str:
    """A text as it can be drawn: tabs are spaces, line breaks stay, other control characters show as `�`."""
    return text.translate(_ODD)


def one_line(text: str) -> str:
    """A text on one line."""
    return " ".join(tidy(text).split())


def fitted(content: Content, width: int) -> Content:
    """A line of exactly so many cells: its end is left out, or spaces follow."""
    if width <= 0:
        return Content("")
    if content.cell_length > width:
        content = content.truncate(width, ellipsis=True)
    return content + " " * (width - content.cell_length)


def both_ends(left: Content, right: Content, width: int) -> Content:
    """One line with something at its left and something at its right end; the left one gives way."""
    if not right:
        return fitted(left, width)
    return fitted(fitted(left, width - right.cell_length - 1) + " " + right, width)


def hung(label: Content, text: Content, width: int, *, columns: int = _LABEL) -> Content:
    """A text behind a label, its further lines under the first.

    Args:
        label: The label; a longer one than its columns is cut.
        text: The text, tidied.
        width: How many cells a line has.
        columns: How many of them are the label's.

    Returns:
        The lines as one content.
    """
    columns = min(columns, max(1, width // 2))
    fits = "\n" not in text.plain and text.cell_length <= width - columns
    lines = [text] if fits else text.wrap(max(1, width - columns)) or [Content("")]
    head = fitted(label, columns - 1) + " "
    return Content("\n").join(
        [(head if number == 0 else Content(" " * columns)) + line for number, line in enumerate(lines)]
    )
