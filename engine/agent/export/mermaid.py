"""A journey as a Mermaid `stateDiagram-v2`, for Markdown pages, wikis and Mermaid's own editor.

Mermaid has no quotes that protect a text: colons, semicolons, quotes, braces, `%%`, a few words and the signs of
Markdown mean something wherever they stand. Whatever could is written as Mermaid's entity (`#58;` is a colon).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.agent.export.flow import Flow, Step, Way, flow_of
from engine.agent.model import Journey

TOOL, LINK = "⚙", "↪"
"""The signs before what a tool does and before what another journey goes on with."""

UNSAFE = frozenset('"#%&*:;<>[\\]^`{|}~ﬂ¶')
"""Signs that mean something to Mermaid, its Markdown or HTML in any text, and the two that it marks entities with."""

TELLING = re.compile(
    r"^[-+]|^\d{1,9}[.)]"  # a list, as Markdown writes one
    r"|(?<![^\W_])_|_(?![^\W_])"  # words in italics; inside a word it is only a sign
    r"|d(?=irection[\s\ufeff]+(?:tb|bt|rl|lr))"  # taken for a command in the middle of a text, too
    r"|\$(?=\$)",  # formulas
    re.IGNORECASE,
)
"""What ends with a sign that means something only where it stands."""


def as_mermaid(journey: Journey, titles: Mapping[str, str] | None = None) -> str:
    """Write a journey in Mermaid.

    Args:
        journey: The journey.
        titles: Titles of other journeys by name, for the states that link them.

    Returns:
        The diagram, which begins with `stateDiagram-v2` and ends with a line break; the same for the same journey.
    """
    flow = flow_of(journey, titles)
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in _lines(flow))]) + "\n"


def _lines(flow: Flow) -> Iterator[str]:
    if flow.title:
        yield f"%% {escaped(flow.title)}"
    for step in flow.steps:
        yield _state(step)
    if flow.steps:
        yield f"[*] --> {flow.steps[0].alias}"
    for way in flow.ways:
        yield _transition(way)
    for step in flow.steps:
        if step.kind == "link":
            yield f"note right of {step.alias} : goes on with another journey"


def _state(step: Step) -> str:
    if step.kind == "fork":
        return f"state {step.alias} <<choice>>"
    sign = {"tool": f"{TOOL} ", "link": f"{LINK} "}.get(step.kind, "")
    return f'state "{sign}{escaped(step.title)}" as {step.alias}'


def _transition(way: Way) -> str:
    label = f" : {escaped(way.label)}" if way.label else ""
    return f"{way.source} --> {way.target or '[*]'}{label}"


def escaped(text: str) -> str:
    """A text on one line as Mermaid shows it unchanged, wherever texts may stand.

    Args:
        text: The text, without line breaks.

    Returns:
        The text with entities for what Mermaid, its Markdown or HTML would read otherwise.
    """
    telling = {found.end() - 1 for found in TELLING.finditer(text)}
    return "".join(f"#{ord(sign)};" if sign in UNSAFE or place in telling else sign for place, sign in enumerate(text))
