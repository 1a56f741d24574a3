"""A journey in each format that `cuecard export` writes: our own drawings, and those of the system's `dot`."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from engine.agent.model import Journey

BINARY = ("png", "pdf")
"""The formats that are no text and that only `dot` can draw."""


class DiagramError(Exception):
    """A diagram cannot be drawn on this machine; one line says why and what to do."""


@dataclass(frozen=True)
class Looks:
    """How a drawing in text looks.

    Attributes:
        zoom: `full` or `compact`.
        plain: Whether only ASCII signs are drawn.
    """

    zoom: str = "full"
    plain: bool = False


def drawn(journey: Journey, titles: Mapping[str, str], form: str, looks: Looks) -> bytes:
    """Write a journey in a format.

    Args:
        journey: The journey.
        titles: Titles of the agent's journeys by name, for the states that link them.
        form: `mermaid`, `dot`, `svg`, `png`, `pdf` or `text`.
        looks: For `text`, how it is drawn.

    Returns:
        The contents of the file; text is UTF-8 and ends with a line break.

    Raises:
        DiagramError: When PNG or PDF is wanted and `dot` is missing or cannot draw it.
    """
    if form == "mermaid":
        from engine.agent.export.mermaid import as_mermaid

        return as_mermaid(journey, titles).encode()
    if form == "text":
        return _text(journey, titles, looks).encode()
    from engine.agent.export.dot import as_dot

    written = as_dot(journey, titles)
    if form == "dot":
        return written.encode()
    return _picture(written, form) if form in BINARY else _svg(journey, titles, written)


def _text(journey: Journey, titles: Mapping[str, str], looks: Looks) -> str:
    from studio.canvas.draw import draw_graph
    from studio.canvas.graph import graph_of
    from studio.canvas.options import Options, Zoom
    from studio.canvas.painting import as_text
    from studio.plain_glyphs import plain

    text = as_text(draw_graph(graph_of(journey, titles), Options(Zoom(looks.zoom)))) + "\n"
    return plain(text) if looks.plain else text


def _svg(journey: Journey, titles: Mapping[str, str], written: str) -> bytes:
    """The SVG of `dot` where it can draw one, else our own."""
    try:
        return _picture(written, "svg")
    except DiagramError:
        from studio.canvas.draw import draw_graph
        from studio.canvas.graph import graph_of
        from studio.canvas.svg import as_svg

        return as_svg(draw_graph(graph_of(journey, titles)), journey.title or journey.name).encode()


def _picture(written: str, form: str) -> bytes:
    """Have the system's `dot` draw."""
    import graphviz

    try:
        picture: bytes = graphviz.Source(written).pipe(format=form, quiet=True)
    except graphviz.ExecutableNotFound as error:
        raise DiagramError(
            f"{form} is drawn by Graphviz, which is not installed: apt install graphviz, or brew install graphviz;"
            " svg, dot, mermaid and text need nothing"
        ) from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr or b"").decode(errors="replace").strip().splitlines() or [f"exit code {error.returncode}"]
        raise DiagramError(f"dot could not draw {form}: {said[0]}") from error
    return picture
