"""Journeys for properties: any shape, and the texts that other languages like to misread."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.agent.model import Journey, State, Transition

TRICKY = (
    "end",
    "state",
    "note",
    "start",
    "default",
    "[*]",
    "-->",
    "a --> b : c",
    "<<choice>>",
    "which direction LR then",
    "the direction tbd",
    "Two things: a refund; and more",
    'say "hello"',
    'ends in quote"',
    "back\\slash\\n and \\",
    "two\nlines",
    "a\r\nb",
    "\u2028line\u2029paragraph\x85next",
    "{braces} and }",
    "%% comment",
    "%%{init: {}}%%",
    "# heading",
    "#58; and #quot;",
    "&lt;b&gt; & &amp;",
    "<b>bold</b>",
    "<>",
    "1. list",
    "2026. list",
    "- dash",
    "*star* _under_ `tick` under_score",
    "$$x$$",
    "style a: #fff;",
    "note right of a",
    "end note",
    "Größe 日本語 🍕 👩‍👩‍👧",
    "\u200fשלום",
    "bell\x07\x00",
    "tab\there",
    "C:\\N",
    "\\",
    "strict digraph { node [label=x] }",
)
names = (
    st.sampled_from(TRICKY) | st.text(min_size=1, max_size=12) | st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
)
texts = st.sampled_from(TRICKY) | st.text(max_size=60)
KINDS = ("chat", "tool", "journey", "fork")


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    """A journey whose transitions all lead to its states or to the end."""
    known = draw(st.lists(names.filter(lambda name: name != "end"), min_size=1, max_size=7, unique=True))
    ways = st.builds(lambda to, when: Transition(to=to, when=when), st.sampled_from([*known, "end"]), st.none() | texts)
    states = []
    for name in known:
        kind = draw(st.sampled_from(KINDS))
        does = {} if kind == "fork" else {kind: draw(texts)}
        states.append(State(name=name, next=tuple(draw(st.lists(ways, max_size=3))), **does))
    return Journey(name=draw(names), title=draw(texts), states=tuple(states))
