"""Time as the engine sees it: a real clock for people, a virtual one for replays.

All times are naive local datetimes, everywhere: what a customer means by "tomorrow at nine" needs no zone, and a
scenario's `clock:` reads like a wall clock.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

Action = Callable[[], Awaitable[None]]
"""What a timer does when it falls due."""


class Timer:
    """Something that happens later, unless it is cancelled first.

    Attributes:
        due: When it happens, naive local time.
    """

    def __init__(self, due: datetime, action: Action) -> None:
        self.due = due
        self._action = action
        self._state = "waiting"

    @property
    def waiting(self) -> bool:
        """Whether it is still to come: neither begun nor cancelled."""
        return self._state == "waiting"

    @property
    def begun(self) -> bool:
        """Whether it has happened or is happening."""
        return self._state == "begun"

    def cancel(self) -> None:
        """Have it not happen; no effect once it has begun."""
        if self.waiting:
            self._state = "cancelled"

    async def fire(self) -> BaseException | None:
        """Do it, once.

        Returns:
            What it raised, so that one timer's failure never stops another's; None when all went well.
        """
        if not self.waiting:
            return None
        self._state = "begun"
        # gather hands an exception back as a value, and still passes a cancellation of ours on.
        (result,) = await asyncio.gather(self._begin(), return_exceptions=True)
        return result

    async def _begin(self) -> None:
        await self._action()


class Clock(Protocol):
    """What tells the time and wakes at a time."""

    def now(self) -> datetime:
        """The time, naive and local."""
        ...

    def after(self, delay: timedelta, action: Action) -> Timer:
        """Have something done later.

        Args:
            delay: How much later, zero or more.
            action: What to do.

        Returns:
            The timer, which can be cancelled.

        Raises:
            ValueError: When the delay is negative.
        """
        ...

    async def close(self) -> None:
        """Drop the timers that have not begun.

        Raises:
            BaseExceptionGroup: What timers raised that nobody has been told of yet, as one.
        """
        ...


class RealClock:
    """The computer's clock; its timers run as tasks of the event loop.

    What a timer raises is kept and raised by `close`.
    """

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[None], Timer] = {}
        self._failures: list[BaseException] = []

    def now(self) -> datetime:
        """The time, naive and local."""
        return datetime.now()

    def after(self, delay: timedelta, action: Action) -> Timer:
        """Have something done later; see `Clock.after`. Needs a running event loop."""
        timer = Timer(_due(self.now(), delay), action)
        task = asyncio.get_running_loop().create_task(self._wait(delay, timer))
        self._tasks[task] = timer
        task.add_done_callback(self._forget)
        return timer

    async def close(self) -> None:
        """Drop the timers that have not begun, let those that have finish; see `Clock.close`."""
        begun = []
        for task, timer in list(self._tasks.items()):
            if not timer.begun:
                timer.cancel()
                task.cancel()
            elif task is not asyncio.current_task():
                begun.append(task)
        await asyncio.gather(*begun, return_exceptions=True)
        failures, self._failures = self._failures, []
        _raise_all(failures)

    async def _wait(self, delay: timedelta, timer: Timer) -> None:
        await asyncio.sleep(delay.total_seconds())
        failure = await timer.fire()
        if failure is not None:
            self._failures.append(failure)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)


class VirtualClock:
    """A clock that stands still until it is told to go on; its timers fire instantly, in order, reproducibly."""

    def __init__(self, start: datetime) -> None:
        """Begin at a time.

        Args:
            start: The first `now`, naive local time.

        Raises:
            ValueError: When the time has a zone.
        """
        if start.tzinfo is not None:
            raise ValueError(f"{start.isoformat()} has a time zone; a clock takes local times without one")
        self._now = start
        self._timers: list[tuple[datetime, int, Timer]] = []
        self._created = 0
        self._advancing = False

    def now(self) -> datetime:
        """The time, naive and local."""
        return self._now

    def after(self, delay: timedelta, action: Action) -> Timer:
        """Have something done later; see `Clock.after`."""
        timer = Timer(_due(self._now, delay), action)
        self._created += 1
        heapq.heappush(self._timers, (timer.due, self._created, timer))
        return timer

    async def advance(self, delay: timedelta) -> None:
        """Let time pass: everything that falls due happens, the earliest first, then in the order of creation.

        While a timer's action runs, `now` is the time for which it was set. Timers that actions create take part.

        Args:
            delay: How much time passes, zero or more.

        Raises:
            ValueError: When the delay is negative, or the time it leads to is later than any date can say.
            RuntimeError: When called by a timer's own action.
            BaseExceptionGroup: What the actions raised, as one, after all of them have run.
        """
        end = _due(self._now, delay)
        if end - self._now < delay:
            raise ValueError(
                f"{self._now:%Y-%m-%d %H:%M} and {delay.days} days lie beyond the last day of any calendar"
            )
        if self._advancing:
            raise RuntimeError("a timer's action cannot advance the clock that runs it")
        self._advancing = True
        try:
            failures = await self._fire_until(end)
        finally:
            self._advancing = False
        _raise_all(failures)

    async def close(self) -> None:
        """Drop all timers; see `Clock.close`."""
        self._timers.clear()

    async def _fire_until(self, end: datetime) -> list[BaseException]:
        failures: list[BaseException] = []
        while self._timers and self._timers[0][0] <= end:
            due, _, timer = heapq.heappop(self._timers)
            if not timer.waiting:
                continue
            self._now = due
            failure = await timer.fire()
            if failure is not None:
                failures.append(failure)
        self._now = end
        return failures


def _due(now: datetime, delay: timedelta) -> datetime:
    """When a delay is over; the last moment that a date can say where it would be later.

    Raises:
        ValueError: When the delay is negative.
    """
    if delay < timedelta(0):
        raise ValueError(f"{delay.total_seconds():g}s is no time to wait; a delay is zero or more")
    return now + delay if delay <= datetime.max - now else datetime.max


def _raise_all(failures: list[BaseException]) -> None:
    if failures:
        raise BaseExceptionGroup(f"{len(failures)} timer(s) failed", failures)
