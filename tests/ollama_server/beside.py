"""A scripted server in a thread of its own, for code that runs an event loop itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.ollama_server.server import OllamaServer


@contextmanager
def beside(server: OllamaServer, port: int = 0) -> Iterator[OllamaServer]:
    """Run a server in a thread for as long as the block lasts."""
    loop = asyncio.new_event_loop()
    loop.run_until_complete(server.start(port))
    thread = threading.Thread(target=loop.run_forever, name="ollama", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.kill(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
