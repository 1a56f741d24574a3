"""`--ascii`: every sign of ours as one character that any terminal and any screen reader knows."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

SIGNS = {
    "▸": ">",
    "▾": "v",
    "▶": ">",
    "→": ">",
    "←": "<",
    "↑": "^",
    "↓": "v",
    "▼": "v",
    "◄": "<",
    "❯": ">",
    "●": "*",
    "○": "o",
    "◌": ".",
    "◉": "@",
    "■": "#",
    "□": "-",
    "◇": "<",
    "⚙": "%",
    "✓": "+",
    "✗": "x",
    "✕": "x",
    "⏎": "<",
    "…": "~",
    "·": "-",
    "–": "-",
    "—": "-",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "█": "#",
    "▓": "#",
    "▒": ":",
    "░": ".",
    "▌": "|",
    "▎": "|",
    "▏": "|",
    "▐": "|",
    "▍": "|",
    "▀": "-",
    "▄": "-",
    "▔": "-",
    "▁": "_",
    "×": "x",
    "≥": ">",
    "≤": "<",
}
"""Signs that occur in our screens, each with one plain character of the same width."""

LINES = (
    dict.fromkeys("│╎┆┊", "|")
    | dict.fromkeys("┃║", "I")
    | dict.fromkeys("─╌┄┈", "-")
    | dict.fromkeys("━═", "=")
    | dict.fromkeys("┌┐└┘├┤┬┴┼╋╭╮╰╯╔╗╚╝┏┓┗┛┠┨┯┷", "+")
)
PLAIN = str.maketrans({**SIGNS, **LINES})


class PlainGlyphs(LineFilter):
    """Replaces our signs just before a line is written to the terminal, whoever drew it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """See `LineFilter.apply`."""
        return [
            segment if segment.control or segment.text.isascii() else segment._replace(text=plain(segment.text))
            for segment in segments
        ]


def plain(text: str) -> str:
    """A text with our signs replaced; block characters of other kinds become `#`, braille a full stop."""
    return "".join(_one(character) for character in text.translate(PLAIN))


def _one(character: str) -> str:
    if "\u2580" <= character <= "\u259f":
        return "#"
    if "\u2800" <= character <= "\u28ff":
        return "."
    return "-" if "\u2500" <= character <= "\u257f" else character
