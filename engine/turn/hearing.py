"""The conversation as a turn hears it: a session's message events, read as they arrive."""

from __future__ import annotations

from collections.abc import Sequence

from engine.reasoner.conversation import Said, Speaker
from engine.session.events import Event, EventKind, EventSource

SPEAKERS: dict[EventSource, Speaker] = {
    EventSource.CUSTOMER: "customer",
    EventSource.AI_AGENT: "agent",
    EventSource.HUMAN_AGENT: "human_agent",
    EventSource.HUMAN_AGENT_ON_BEHALF_OF_AI_AGENT: "agent",
}


class Hearing:
    """Keeps the messages of one session, taking in only the events that are new.

    Customer messages whose turn was cancelled are heard again with the next turn, so that nothing goes unanswered.
    """

    def __init__(self) -> None:
        self.next_offset = 0
        self.events: list[Event] = []
        self._messages: list[tuple[Speaker, str, str]] = []
        self._turns: dict[str, int] = {}
        self._cancelled: set[str] = set()

    def take_in(self, events: Sequence[Event]) -> None:
        """Add events that arrived since the last time."""
        for event in events:
            self.next_offset = max(self.next_offset, event.offset + 1)
            self.events.append(event)
            if event.kind is EventKind.STATUS and (event.data or {}).get("status") == "cancelled":
                self._cancelled.add(event.trace_id)
            elif event.kind is EventKind.MESSAGE and event.source in SPEAKERS and not _is_preamble(event):
                self._turns.setdefault(event.trace_id, len(self._turns) + 1)
                self._messages.append((SPEAKERS[event.source], event.text, event.trace_id))

    def said(self, trace_id: str, turn: int, backlog: bool) -> tuple[Said, ...]:
        """The messages so far, for a turn.

        Args:
            trace_id: The turn's trace id.
            turn: Its number.
            backlog: Whether everything the customer said since somebody last answered counts as said in this turn.
        """
        unanswered = len(self._messages)
        while unanswered and (
            self._is_unanswered(unanswered - 1, trace_id)
            or (backlog and self._messages[unanswered - 1][0] == "customer")
        ):
            unanswered -= 1
        return tuple(
            Said(speaker, text, turn if place >= unanswered else min(turn - 1, self._turns[trace]))
            for place, (speaker, text, trace) in enumerate(self._messages)
        )

    def _is_unanswered(self, place: int, trace_id: str) -> bool:
        speaker, _, trace = self._messages[place]
        return speaker == "customer" and (trace == trace_id or trace in self._cancelled)


def _is_preamble(event: Event) -> bool:
    """A preamble is no answer, and no part of what was said."""
    return isinstance(event.data, dict) and bool(event.data.get("preamble"))
