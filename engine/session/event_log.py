"""The events of one session in memory: what both stores answer from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from engine.session.events import Event, EventKind, EventSource

Events = list[Event]
Offsets = list[int]


@dataclass(frozen=True)
class EventFilter:
    """Which events to list; see `SessionStore.list_events`."""

    min_offset: int = 0
    source: EventSource | None = None
    kinds: Collection[EventKind] | None = None
    trace_id: str | None = None

    def fits(self, event: Event) -> bool:
        """Whether the event, whatever its offset, is one of these; deleted ones never are."""
        return (
            not event.deleted
            and (self.source is None or event.source == self.source)
            and (self.kinds is None or event.kind in self.kinds)
            and (self.trace_id is None or event.trace_id == self.trace_id)
        )


class EventLog:
    """The events of a session by offset, and those who wait for the next one.

    An event's offset is its place in the list, so adding one and listing from an offset never look at earlier ones.
    """

    def __init__(self, events: Sequence[Event] = ()) -> None:
        self._events = list(events)
        self._waiters: list[asyncio.Future[None]] = []

    def copied(self) -> EventLog:
        """Another log with the same events, for which nobody waits."""
        return EventLog(self._events)

    @property
    def next_offset(self) -> int:
        """The offset of the next event."""
        return len(self._events)

    def add(self, event: Event) -> None:
        """Keep an event at the next offset and wake everybody who waits."""
        self._events.append(event)
        self._settle(lambda waiter: waiter.set_result(None))

    def alive_from(self, min_offset: int) -> Offsets:
        """The offsets, from this one on, of the events that are not deleted."""
        return [event.offset for event in self._events[max(min_offset, 0) :] if not event.deleted]

    def delete(self, offsets: Collection[int]) -> None:
        """Mark events as deleted."""
        for offset in offsets:
            self._events[offset] = self._events[offset].model_copy(update={"deleted": True})

    def list(self, which: EventFilter) -> Events:
        """The events that fit, in order."""
        return self._fitting(which, which.min_offset)

    async def wait(self, which: EventFilter, seconds: float) -> Events:
        """The events that fit, as soon as there are any.

        Args:
            which: Which events.
            seconds: How long to wait for the first.

        Raises:
            TimeoutError: When nothing arrived in time.
        """
        if found := self.list(which):
            return found
        async with asyncio.timeout(seconds):
            while True:
                seen = self.next_offset
                await self._next_event()
                if found := self._fitting(which, max(seen, which.min_offset)):
                    return found

    def abandon(self, error: Exception) -> None:
        """Give everybody who waits this error: nothing will come any more."""
        self._settle(lambda waiter: waiter.set_exception(error))

    async def _next_event(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            await waiter
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)

    def _settle(self, settle: Callable[[asyncio.Future[None]], None]) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                settle(waiter)

    def _fitting(self, which: EventFilter, start: int) -> Events:
        return [event for event in self._events[max(start, 0) :] if which.fits(event)]
