from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.session.clock import RealClock, VirtualClock

NOON = datetime(2026, 3, 14, 12)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


class Notes:
    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.lines: list[tuple[str, float]] = []

    def note(self, word: str) -> Callable[[], Awaitable[None]]:
        async def action() -> None:
            self.lines.append((word, (self.clock.now() - NOON).total_seconds()))

        return action


async def test_timers_fire_by_time_and_then_by_creation_with_now_at_their_due_time() -> None:
    clock = VirtualClock(NOON)
    notes = Notes(clock)
    clock.after(seconds(5), notes.note("late"))
    clock.after(seconds(2), notes.note("first"))
    clock.after(seconds(2), notes.note("second"))
    await clock.advance(seconds(4))
    assert notes.lines == [("first", 2), ("second", 2)]
    assert clock.now() == NOON + seconds(4)
    await clock.advance(seconds(1))
    assert notes.lines[-1] == ("late", 5)


async def test_timers_that_actions_create_fire_in_the_same_advance_when_due() -> None:
    clock = VirtualClock(NOON)
    notes = Notes(clock)

    async def chain() -> None:
        await notes.note("chain")()
        clock.after(seconds(3), chain)

    clock.after(seconds(3), chain)
    clock.after(seconds(7), notes.note("between"))
    await clock.advance(seconds(10))
    assert notes.lines == [("chain", 3), ("chain", 6), ("between", 7), ("chain", 9)]


async def test_a_cancelled_timer_never_fires_even_when_another_action_cancels_it() -> None:
    clock = VirtualClock(NOON)
    notes = Notes(clock)
    doomed = clock.after(seconds(2), notes.note("doomed"))

    async def cancel() -> None:
        doomed.cancel()

    clock.after(seconds(1), cancel)
    await clock.advance(seconds(5))
    assert notes.lines == []
    assert doomed.due == NOON + seconds(2)


async def test_a_failing_action_loses_no_other_and_all_failures_come_as_one() -> None:
    clock = VirtualClock(NOON)
    notes = Notes(clock)

    def failing(word: str) -> Callable[[], Awaitable[None]]:
        async def action() -> None:
            raise ValueError(word)

        return action

    clock.after(seconds(1), failing("one"))
    clock.after(seconds(2), notes.note("spared"))
    clock.after(seconds(3), failing("two"))
    with pytest.raises(ExceptionGroup) as raised:
        await clock.advance(seconds(9))
    assert [str(error) for error in raised.value.exceptions] == ["one", "two"]
    assert notes.lines == [("spared", 2)]
    assert clock.now() == NOON + seconds(9)


async def test_an_action_cannot_advance_the_clock_that_runs_it() -> None:
    clock = VirtualClock(NOON)

    async def impatient() -> None:
        await clock.advance(seconds(1))

    clock.after(seconds(1), impatient)
    with pytest.raises(ExceptionGroup, match="1 timer"):
        await clock.advance(seconds(1))
    await clock.advance(seconds(1))
    assert clock.now() == NOON + seconds(2)


@pytest.mark.parametrize("make", [RealClock, lambda: VirtualClock(NOON)])
async def test_a_negative_delay_is_refused(make: Callable[[], RealClock | VirtualClock]) -> None:
    with pytest.raises(ValueError, match="no time to wait"):
        make().after(seconds(-1), Notes(VirtualClock(NOON)).note("never"))


def test_times_with_a_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        VirtualClock(datetime(2026, 1, 1, tzinfo=UTC))


async def test_closing_a_virtual_clock_drops_its_timers() -> None:
    clock = VirtualClock(NOON)
    notes = Notes(clock)
    clock.after(seconds(1), notes.note("dropped"))
    await clock.close()
    await clock.advance(seconds(2))
    assert notes.lines == []


@given(st.lists(st.integers(0, 20), max_size=12), st.lists(st.integers(0, 9), max_size=6))
def test_how_time_is_cut_up_never_changes_what_fires_when(delays: list[int], steps: list[int]) -> None:
    async def run(cuts: list[int]) -> list[tuple[str, float]]:
        clock = VirtualClock(NOON)
        notes = Notes(clock)
        for number, delay in enumerate(delays):
            clock.after(seconds(delay), notes.note(str(number)))
        for cut in cuts:
            await clock.advance(seconds(cut))
        return notes.lines

    assert asyncio.run(run(steps)) == asyncio.run(run([sum(steps)] if steps else []))


async def test_a_real_timer_fires_and_its_failure_comes_when_the_clock_closes() -> None:
    clock = RealClock()
    fired = asyncio.Event()

    async def ring() -> None:
        fired.set()
        raise ValueError("rang")

    timer = clock.after(seconds(0), ring)
    assert timer.due.tzinfo is None
    await fired.wait()
    with pytest.raises(ExceptionGroup) as raised:
        await clock.close()
    assert str(raised.value.exceptions[0]) == "rang"
    await clock.close()


async def test_closing_a_real_clock_drops_what_has_not_begun_and_awaits_what_has() -> None:
    clock = RealClock()
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        await may_end.wait()
        ended.set()

    clock.after(seconds(0), slow)
    never = clock.after(timedelta(days=1), slow)
    await begun.wait()
    asyncio.get_running_loop().call_soon(may_end.set)
    await clock.close()
    assert ended.is_set()
    assert not never.waiting


async def test_cancelling_a_real_timer_in_time_keeps_its_action_from_running() -> None:
    clock = RealClock()
    ran: list[str] = []

    async def action() -> None:
        ran.append("ran")

    async def witness() -> None:
        done.set()

    done = asyncio.Event()
    clock.after(seconds(0), action).cancel()
    clock.after(seconds(0), witness)
    await done.wait()
    assert ran == []


async def test_closing_a_real_clock_does_not_wait_for_timers_that_were_cancelled():
    clock = RealClock()
    timer = clock.after(timedelta(hours=1), _never)
    timer.cancel()
    await asyncio.wait_for(clock.close(), timeout=10)
    assert not timer.begun


async def _never() -> None:
    raise AssertionError("a cancelled timer fired")


async def test_time_does_not_pass_beyond_the_calendar_and_what_is_due_then_never_comes() -> None:
    clock = VirtualClock(datetime(2026, 3, 2, 9))
    fired: list[str] = []

    async def note() -> None:
        fired.append("too late")

    clock.after(timedelta(days=99_999_999), note)
    with pytest.raises(ValueError, match="beyond the last day"):
        await clock.advance(timedelta(days=99_999_999))
    assert clock.now() == datetime(2026, 3, 2, 9)
    await clock.advance(timedelta(days=365))
    assert fired == []
