"""Playing cases on a thread of its own, one run at a time, so that the screen stays responsive.

The thread has an event loop of its own. Chats think on another one; what both share are caches that
take one thread at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from contextvars import copy_context
from functools import partial
from threading import Thread

from engine.scenario.model import Case
from engine.scenario.opening import EngineFactory
from engine.scenario.replay import replay_case
from engine.scenario.results import CaseResult

Take = Callable[[str, CaseResult], None]


class Runner:
    """Plays cases in the background."""

    def __init__(self) -> None:
        self._thread: Thread | None = None

    async def play(self, cases: Mapping[str, Case], factory: EngineFactory, take: Take) -> None:
        """Play cases one after the other. Cancelling this stops them, in the middle of a case, too.

        A run that was stopped is waited for by the next one, never beside it.

        Args:
            cases: The cases by key.
            factory: Makes their engines.
            take: Called on the caller's thread with each key and result as soon as it is there.
        """
        playing = _Playing(cases, factory, take, self._thread)
        self._thread = Thread(target=playing.work, name="scenarios", daemon=True)
        self._thread.start()
        try:
            await playing.ended
        finally:
            playing.stop()


class _Playing:
    """One run: what its thread and the caller's share."""

    def __init__(self, cases: Mapping[str, Case], factory: EngineFactory, take: Take, before: Thread | None) -> None:
        self._cases = cases
        self._factory = factory
        self._take = take
        self._before = before
        self._home = asyncio.get_running_loop()
        self._context = copy_context()
        self.ended: asyncio.Future[None] = self._home.create_future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    def work(self) -> None:
        """What the thread does."""
        if self._before is not None:
            self._before.join()
        fault: BaseException | None = None
        try:
            asyncio.run(self._play())
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # noqa: BLE001 - raised where the run was started
            fault = error
        self._tell(partial(self._end, fault))

    def stop(self) -> None:
        """End as soon as possible; nothing is handed over any more."""
        self._stopped = True
        if self._loop is not None and self._task is not None:
            with contextlib.suppress(RuntimeError):  # its loop has ended meanwhile
                self._loop.call_soon_threadsafe(self._task.cancel)

    async def _play(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        for key, case in self._cases.items():
            if self._stopped:
                return
            result = await replay_case(case, self._factory)
            self._tell(partial(self._hand_over, key, result))
            await asyncio.sleep(0)

    def _hand_over(self, key: str, result: CaseResult) -> None:
        if not self._stopped:
            self._take(key, result)

    def _end(self, fault: BaseException | None) -> None:
        if self.ended.done():
            return
        if fault is None:
            self.ended.set_result(None)
        else:
            self.ended.set_exception(fault)

    def _tell(self, what: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the studio was left meanwhile
            self._home.call_soon_threadsafe(what, context=self._context)
