"""Our own two themes. Textual's themes and the terminal's own colours (`ansi-dark`, `ansi-light`) work as well."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="cuecard-dark",
    primary="#6cb6ff",
    secondary="#b39ddb",
    accent="#f2b866",
    foreground="#d9dee5",
    background="#14171c",
    surface="#191d23",
    panel="#242a33",
    success="#74c991",
    warning="#f2c46d",
    error="#ff8585",
    dark=True,
    variables={"block-cursor-text-style": "none", "footer-key-foreground": "#f2b866", "text-muted": "#8a93a0"},
)

LIGHT = Theme(
    name="cuecard-light",
    primary="#1f5fa8",
    secondary="#6a4fa3",
    accent="#9a5b00",
    foreground="#23272e",
    background="#fbfaf7",
    surface="#f4f2ed",
    panel="#e7e3da",
    success="#1f7a45",
    warning="#8a5a00",
    error="#b3261e",
    dark=False,
    variables={"block-cursor-text-style": "none", "footer-key-foreground": "#9a5b00", "text-muted": "#6a6f78"},
)

THEMES = (DARK, LIGHT)
