"""The lines of `relationships`: a source, a word and its targets."""

from __future__ import annotations

import re

from yaml.nodes import Node

from engine.agent.errors import Fix, suggestion
from engine.agent.model import Relationship, RelationshipKind
from engine.agent.reading.values import WRONG, Reading, Shape, Wrong, list_of, read_words

_VERBS = tuple(str(kind) for kind in RelationshipKind)
_LINE = re.compile(rf"(?P<source>\S.*?)\s+(?P<verb>{'|'.join(_VERBS)})\s+(?P<any>any of\s+)?(?P<targets>\S.*)")
_PARTY = re.compile(r"tag:\S(.*\S)?|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")


def _read_relationship(reading: Reading, node: Node) -> Relationship | Wrong:
    line = read_words(reading, node)
    if isinstance(line, Wrong):
        return WRONG
    found = _LINE.fullmatch(line.strip())
    if not found:
        return _unreadable_relationship(reading, node, line)
    targets = tuple(target.strip() for target in found["targets"].split(","))
    for party in (found["source"], *targets):
        if not _PARTY.fullmatch(party):
            said = f"{party[:60]!r} is no name in this relationship"
            return reading.wrong(node, "bad-relationship", said, "Write names, journey.state or tag:name, with commas")
    kind = RelationshipKind(found["verb"])
    if found["any"] and kind is not RelationshipKind.DEPENDS_ON:
        return reading.wrong(node, "bad-relationship", f"`any of` goes with depends_on only, not with {kind}")
    return Relationship(kind=kind, source=found["source"], targets=targets, any_of=bool(found["any"]))


def _unreadable_relationship(reading: Reading, node: Node, line: str) -> Wrong:
    words = line.split()
    written = "_".join(words[1:3]) if words[1:3] == ["depends", "on"] else "".join(words[1:2])
    known = f"A relationship reads `upset excludes upsell`, with one of {', '.join(_VERBS)}"
    remedy = suggestion(written, _VERBS, known)
    verb = next((verb for verb in _VERBS if remedy == f"Did you mean {verb}?" or written == verb), None)
    fix = None
    if verb is not None and len(words) > 2:
        old = " ".join(words[1:3]) if written == "depends_on" else words[1]
        index = reading.text.find(old, node.start_mark.index + len(words[0]), node.end_mark.index)
        fix = Fix(index, index + len(old), verb) if index >= 0 else None
        remedy = f"Write {verb}" if fix else remedy
    return reading.wrong(node, "bad-relationship", f"{line[:80]!r} is no relationship", remedy, fix)


RELATIONSHIPS = list_of(Shape(_read_relationship, {"type": "string"}))
