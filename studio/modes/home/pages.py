"""What stands beside a row of Home: a few words about it, and what enter does."""

from __future__ import annotations

from collections.abc import Iterator

from studio.keys import KEYS
from studio.modes.home.facts import Facts, Talk
from studio.modes.home.rows import counts, turns
from studio.modes.home.shelf import DEMO, Card
from studio.modes.simulate.kept_sessions import when
from studio.things.lines import Line, Section
from studio.widgets.frame_lines import MODES, shown_key
from studio.workspace import Snapshot

WELCOME = (
    "Design an agent that talks to your customers, talk to it yourself, and see why it says what it says: which rules"
    " held, which one silenced which, and what every other answer lost by."
)
ASK = ("Can I get a coke?", "What? I hate Pepsi, why don't you have coke??")
"""Two messages that show in the demo what the program is about."""


def welcome(card: Card) -> tuple[Section, ...]:
    """Beside the demo, for somebody who is here for the first time."""
    said = tuple(Line(text, sign="❯") for text in ASK)
    return (
        Section("Welcome to Cuecard", (Line(WELCOME),)),
        Section("⏎ opens the demo with a chat waiting", (Line(card.description or card.name),)),
        Section("Say this, one after the other", said),
        modes(),
    )


def modes() -> Section:
    """The modes and their keys."""
    lines = tuple(Line(f"{KEYS[mode].label}: {KEYS[mode].help}", sign=shown_key(KEYS[mode].keys)) for mode in MODES[1:])
    return Section("What is where", lines)


def card_page(card: Card) -> tuple[Section, ...]:
    """Beside an example or a workspace opened before."""
    lines = [Line(card.description)] if card.description else []
    lines += [Line(card.counts, tone="quiet")] if card.counts else []
    files = f"{card.scenarios} scenario file{'s' if card.scenarios != 1 else ''}"
    lines += [Line(files, tone="quiet")] if card.scenarios else []
    lines.append(Line(str(card.folder), tone="quiet"))
    if card.fault:
        remedy = "⏎ says more; d forgets it (the folder itself is not touched)"
        return (
            Section(card.name, (Line(card.fault, sign="✗", tone="bad"), *lines)),
            Section("What to do", (Line(remedy),)),
        )
    return (Section(card.name, tuple(lines)), Section("", (Line("⏎ opens it with a chat waiting"),)))


def chat_page(snapshot: Snapshot) -> tuple[Section, ...]:
    """Beside a new chat."""
    agent = snapshot.agent
    if agent is None:
        return (
            Section(
                "A new chat", (Line("The agent can be talked to once its file can be read", sign="✗", tone="bad"),)
            ),
        )
    lines = (Line(agent.description or agent.name),)
    return (Section(f"Talk to {agent.name}", lines), Section("", (Line("⏎ begins a chat"),)), modes())


def talk_page(talk: Talk, facts: Facts) -> tuple[Section, ...]:
    """Beside a session: who, when, and what was said last."""
    small = f"{talk.kept.customer} · {turns(talk)}"
    small += f" · {when(talk.kept.created, facts.now)}" if facts.now is not None else ""
    sections = [Section(talk.words, (Line(small, tone="quiet"),))]
    if talk.hand_off is not None:
        since = f", since {when(talk.hand_off.since, facts.now)}" if facts.now is not None else ""
        said = f"asked for by {talk.hand_off.by}{since}" + (f": {talk.hand_off.reason}" if talk.hand_off.reason else "")
        sections.append(Section("A person answers now", (Line(said, sign="◌", tone="doubtful"),)))
    if talk.last:
        sections.append(Section("Said last", tuple(Line(text, who) for who, text in talk.last)))
    return (*sections, Section("", (Line("⏎ goes on with it"),)))


def scenarios_page(facts: Facts) -> tuple[Section, ...]:
    """Beside the scenarios: the last runs."""
    if not facts.runs:
        said = "Conversations kept as files, replayed to see whether the agent still does what it should."
        return (Section("Scenarios", (Line(said), Line("⏎ goes there; a runs all of them"))),)
    return (Section("The last runs", tuple(_runs(facts))), Section("", (Line("⏎ goes there; a runs all of them"),)))


def _runs(facts: Facts) -> Iterator[Line]:
    for run in reversed(facts.runs):
        moment = when(run.when, facts.now) if facts.now is not None else ""
        said = f"{counts(run).plain} in {run.seconds:.1f} s"
        yield Line(said, moment, "✓" if run.passed else "✗", "good" if run.passed else "bad")


def new_page() -> tuple[Section, ...]:
    """Beside beginning an agent."""
    said = (
        "A small agent that works, in a folder of your own: one file with comments that say what to change, and a"
        " scenario that it passes."
    )
    return (Section("A new agent", (Line(said), Line("⏎ or n asks where"))),)


def folder_page() -> tuple[Section, ...]:
    """Beside opening a folder."""
    return (Section("Open a folder", (Line("Any folder with an agent.yaml in it."), Line("⏎ asks which"))),)


def is_demo(card: Card) -> bool:
    """Whether this is the example that newcomers are shown first."""
    return card.folder.name == DEMO
