"""A session's events as the entries that a transcript draws. Nothing here knows about a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.session.events import Event, EventKind, EventSource

Kind = Literal["customer", "agent", "person", "tool", "note", "fault"]

LABELS: dict[EventSource, tuple[Kind, str]] = {
    EventSource.CUSTOMER: ("customer", "you"),
    EventSource.AI_AGENT: ("agent", "agent"),
    EventSource.HUMAN_AGENT: ("person", "person"),
    EventSource.HUMAN_AGENT_ON_BEHALF_OF_AI_AGENT: ("person", "agent*"),
}
"""Who speaks in a message, and the word in front of it; `agent*` is a person who speaks as the agent."""

UNNAMED = "Human agent"
"""What the engine calls a person who has given no name."""

STUDIO_NOTE = "cuecard_note"
"""The key of custom events that hold a line written down by the studio, such as who took over when."""

SUGGESTION_KEYS = ("reply_suggestions", "suggested_replies", "quick_replies", "suggestions", "replies")
"""Where a response's metadata may hold replies for the customer, the likeliest first."""

MOST_SUGGESTIONS = 9
"""How many replies have a key of their own."""

LONGEST_CALL = 160
"""How many characters of a tool call are shown."""


@dataclass(frozen=True)
class Entry:
    """One block of the transcript.

    Attributes:
        kind: Who or what it comes from.
        label: The word in front of it.
        text: What it says.
        turn: The turn it belongs to; 0 before the first.
        made_from: Where an agent's words come from: `canned`, `draft`, `preamble`; empty when it does not apply.
    """

    kind: Kind
    label: str
    text: str
    turn: int
    made_from: str = ""


def turn_of(trace_id: str) -> int:
    """The number of the turn that a trace id names; 0 when it names none."""
    number = trace_id.rpartition("-t")[2]
    return int(number) if number.isascii() and number.isdigit() else 0


class Script:
    """The events of one session that were read so far, and the entries made from them.

    Attributes:
        entries: What the transcript draws, in order.
        turns: The turns there are, in the order in which they began.
        status: What the agent is doing by its last status event, e.g. `typing`.
        said: What the customer said, oldest first.
        suggestions: The replies that the last message offers the customer.
        next_offset: The first offset that has not been read.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.turns: list[int] = []
        self.status = ""
        self.said: list[str] = []
        self.suggestions: tuple[str, ...] = ()
        self.next_offset = 0
        self._changed: int | None = None

    def add(self, events: Iterable[Event]) -> None:
        """Take in events; those that were read before are passed over."""
        for event in events:
            if event.offset < self.next_offset:
                continue
            self.next_offset = event.offset + 1
            place = self._take(event)
            if place is not None:
                self._changed = place if self._changed is None else min(self._changed, place)

    def take_changed(self) -> int | None:
        """The place of the first entry that is new or has moved since this was last asked; None when no entry is."""
        changed, self._changed = self._changed, None
        return changed

    def of_turn(self, turn: int) -> Sequence[Entry]:
        """The entries of one turn, in order."""
        return [entry for entry in self.entries if entry.turn == turn]

    def _take(self, event: Event) -> int | None:
        turn = turn_of(event.trace_id)
        if event.kind is EventKind.MESSAGE:
            self._note_message(event)
            return self._append(message_entry(event, turn))
        data = event.data if isinstance(event.data, Mapping) else {}
        if event.kind is EventKind.STATUS:
            return self._take_status(data, turn)
        if event.kind is EventKind.TOOL:
            places = [self._append(entry) for entry in tool_entries(data, turn)]
            return places[0] if places else None
        if STUDIO_NOTE in data:
            return self._append(Entry("note", "", str(data[STUDIO_NOTE]), turn))
        return None

    def _take_status(self, data: Mapping[str, Any], turn: int) -> int | None:
        status = str(data.get("status", ""))
        more = data.get("data")
        more = more if isinstance(more, Mapping) else {}
        self.status = str(more.get("stage", "")) if status == "processing" else status
        if status == "cancelled":
            return self._insert(Entry("note", "", "✕ cancelled before the agent spoke", turn))
        if status == "error":
            return self._insert(Entry("fault", "", f"✗ the turn failed: {more.get('exception', '')}", turn))
        return None

    def _note_message(self, event: Event) -> None:
        if event.source is EventSource.CUSTOMER:
            self.said.append(event.text)
        self.suggestions = suggested(event.metadata) if event.source is not EventSource.CUSTOMER else ()

    def _append(self, entry: Entry) -> int:
        if entry.turn and entry.turn not in self.turns[-3:] and entry.turn not in self.turns:
            self.turns.append(entry.turn)
        self.entries.append(entry)
        return len(self.entries) - 1

    def _insert(self, entry: Entry) -> int:
        """Put an entry after the last one of its turn."""
        places = [place for place, other in enumerate(self.entries) if other.turn == entry.turn]
        if not places:
            return self._append(entry)
        self.entries.insert(places[-1] + 1, entry)
        return places[-1] + 1


def message_entry(event: Event, turn: int) -> Entry:
    """A message as an entry."""
    kind, label = LABELS.get(event.source, ("note", event.source.value))
    participant = event.data.get("participant") if isinstance(event.data, Mapping) else None
    name = str((participant or {}).get("display_name", "")) if isinstance(participant, Mapping) else ""
    if event.source is EventSource.HUMAN_AGENT and name and name != UNNAMED:
        label = name
    return Entry(kind, label, event.text, turn, _made_from(event))


def tool_entries(data: Mapping[str, Any], turn: int) -> list[Entry]:
    """The calls of a tool event as entries, and a line where one hands the session to a person."""
    entries: list[Entry] = []
    for call in data.get("tool_calls", ()):
        arguments = ", ".join(f"{name}={value!r}" for name, value in (call.get("arguments") or {}).items())
        line = f"⚙ {call.get('tool', '')}({arguments})"
        line = line if len(line) <= LONGEST_CALL else f"{line[: LONGEST_CALL - 1]}…"
        if error := call.get("error"):
            entries.append(Entry("fault", "", f"{line} failed: {error}", turn))
            continue
        entries.append(Entry("tool", "", line, turn))
        control = (call.get("result") or {}).get("control") or {}
        if control.get("mode") == "manual":
            entries.append(Entry("note", "", "● handed to a person from here on", turn))
    return entries


def suggested(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """The replies that a message's metadata offers, at most nine.

    Args:
        metadata: The metadata; the first of `SUGGESTION_KEYS` that holds a list of texts counts.
    """
    for key in SUGGESTION_KEYS:
        found = metadata.get(key)
        if isinstance(found, (list, tuple)):
            texts = [text for text in found if isinstance(text, str) and text.strip()]
            if texts:
                return tuple(texts[:MOST_SUGGESTIONS])
    return ()


def as_text(entries: Iterable[Entry]) -> str:
    """Entries as text to be copied: a line or more each, with who says it."""
    return "\n".join(f"{entry.label}: {entry.text}" if entry.label else entry.text for entry in entries)


def _made_from(event: Event) -> str:
    if event.source is not EventSource.AI_AGENT or not isinstance(event.data, Mapping):
        return ""
    if event.data.get("preamble"):
        return "preamble"
    if event.data.get("canned_responses"):
        return "canned"
    source = str(event.data.get("source", ""))
    return SOURCES.get(source.partition(":")[0], "draft" if "draft" in event.data else "")


SOURCES = {"no_match": "no match", "restyled": "restyled", "draft": "draft"}
"""The word for what a message is made from, where that is no canned response."""
