"""Pictures of the screen as SVG that fetch nothing from elsewhere."""

from __future__ import annotations

import re

_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def without_fonts(svg: str) -> str:
    """Take the fonts from a picture that its viewer would fetch from a server; its own monospaced font serves."""
    return _FONTS.sub("", svg)
