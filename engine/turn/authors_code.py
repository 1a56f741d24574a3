"""Running an author's functions: off the event loop, within a time limit, and never in the way of the process's end."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import threading
from collections.abc import Callable
from typing import Any

from engine.turn.engine import Engine


async def in_daemon(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Run a function in a thread of its own.

    The thread is a daemon: a function that never returns holds up neither the session nor the end of the process.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()
    context = contextvars.copy_context()

    def work() -> None:
        try:
            answer, error = context.run(function, *arguments, **named), None
        except BaseException as raised:  # noqa: BLE001 - it is raised again where the answer is waited for
            answer, error = None, raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(_deliver, done, answer, error)

    threading.Thread(target=work, daemon=True).start()
    return await done


def _deliver(done: asyncio.Future[Any], answer: Any, error: BaseException | None) -> None:
    """Hand over what the thread found, unless nobody waits for it any more."""
    if done.done():
        return
    if error is None:
        done.set_result(answer)
    else:
        done.set_exception(error if isinstance(error, Exception) else RuntimeError(f"{type(error).__name__}: {error}"))


async def resolve_code(engine: Engine, reference: str) -> Callable[..., Any]:
    """The function that a reference names; importing its module may run for ever, so it has a thread of its own."""
    function: Callable[..., Any] = await in_daemon(engine.code.resolve, reference)
    return function


async def call_code(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Call an author's function, async or not."""
    if inspect.iscoroutinefunction(function):
        return await function(*arguments, **named)
    answer = await in_daemon(function, *arguments, **named)
    return await answer if inspect.isawaitable(answer) else answer


async def run_code(engine: Engine, reference: str, *arguments: Any) -> Any:
    """Resolve and call an author's function within the time that a tool may take.

    Raises:
        TimeoutError: When it takes longer.
    """
    limit = engine.tool_timeout
    try:
        async with asyncio.timeout(limit) as deadline:
            return await call_code(await resolve_code(engine, reference), *arguments)
    except TimeoutError as error:
        if not deadline.expired():
            raise
        raise TimeoutError(f"it did not answer within {limit:g} s") from error
