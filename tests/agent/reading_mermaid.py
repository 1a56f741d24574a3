"""Reads what we write of Mermaid's `stateDiagram-v2` by Mermaid's own rules, and refuses what Mermaid refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ENTITY = re.compile(r"#\w+;")
COMMANDS = re.compile(r"direction[\s\ufeff]+(?:TB|BT|RL|LR)|\[\[(?:fork|join|choice)\]\]|%%", re.IGNORECASE)
"""What Mermaid takes for a command or a comment wherever it stands in a line."""

NAME = r"(s_\w+)"
LINES = {
    "comment": re.compile(r"%% [^{\n]*"),
    "state": re.compile(rf'state "([^"\n]+)" as {NAME}', re.ASCII),
    "fork": re.compile(rf"state {NAME} <<choice>>", re.ASCII),
    "start": re.compile(rf"\[\*\] --> {NAME}", re.ASCII),
    "way": re.compile(rf"{NAME} --> (?:{NAME}|\[\*\])(?: :([^:;\n]+))?", re.ASCII),
    "note": re.compile(rf"note right of {NAME} :([^:;\n]+)", re.ASCII),
}


@dataclass
class Diagram:
    """What Mermaid would have read."""

    titles: dict[str, str] = field(default_factory=dict)
    starts: list[str] = field(default_factory=list)
    ways: list[tuple[str, str | None, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_mermaid(text: str) -> Diagram:
    """Read a diagram; an assertion fails where Mermaid would refuse or misread it."""
    first, *lines = text.removesuffix("\n").split("\n")
    assert first == "stateDiagram-v2"
    diagram = Diagram()
    for line in lines:
        _read(diagram, line)
    known = set(diagram.titles)
    used = {*diagram.starts, *diagram.notes, *(name for way in diagram.ways for name in way[:2] if name)}
    assert used <= known
    return diagram


def _read(diagram: Diagram, line: str) -> None:
    # Mermaid hides entities before it reads anything.
    hidden = ENTITY.sub(lambda found: "\u0001" + found[0][1:-1] + "\u0002", line.strip())
    assert not re.search(r"[\x00\x03-\x1f\x7f\x85\u2028\u2029]", hidden)
    assert not COMMANDS.search(hidden.removeprefix("%%")), line
    kind, found = next(
        ((kind, found) for kind, form in LINES.items() if (found := form.fullmatch(hidden))), (None, None)
    )
    assert found is not None, line
    if kind in ("state", "fork"):
        title, name = (found[1], found[2]) if kind == "state" else ("<<choice>>", found[1])
        assert name not in diagram.titles
        diagram.titles[name] = _shown(title) if kind == "state" else title
    elif kind == "start":
        diagram.starts.append(found[1])
    elif kind == "way":
        diagram.ways.append((found[1], found[2], _shown(found[3] or "").strip()))
    elif kind == "note":
        diagram.notes.append(found[1])


def _shown(text: str) -> str:
    """A text as the reader of the diagram sees it; nothing in it may be Markdown or markup."""
    assert not re.search(r"[*`<>&~^|\\\[\]{}#]|\$\$|(?<![^\W_])_|_(?![^\W_])|^[-+]|^\d{1,9}[.)]", text), text
    return re.sub(r"\u0001(\d+)\u0002", lambda found: chr(int(found[1])), text)
