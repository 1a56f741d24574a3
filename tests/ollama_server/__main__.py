"""`python -m tests.ollama_server --port 0 --script answers [--delay 0.1]` prints its address and serves until ^C.

A script is one of the names below, or `module:function` for a function from the body of a chat request to the text of
the answer, e.g. `tests.ollama_server.by_schema:answer`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from importlib import import_module

from tests.ollama_server import answers, by_schema
from tests.ollama_server.script import Answer, Break, Fault, Hold, Raw, Refusal, Say, Script, always, pieces, policy
from tests.ollama_server.server import OllamaServer

SCRIPTS: dict[str, Script] = {
    "hello": always("Hello! How can I help you today?"),
    "answers": policy(answers.answer),
    "schema": policy(by_schema.answer),
    "dying": always(Answer((*pieces("Let me look that"), Break()))),
    "failing": always(
        Answer((*pieces("Let me look that"), Fault("llama runner process has terminated: exit status 2")))
    ),
    "hanging": always(Answer((Say("Let"), Hold()))),
    "silent": always(Answer((Hold(),))),
    "cut": always(Answer(pieces("Let me look that"), done_reason="length")),
    "garbage": always(Answer((Raw(b"<html>Bad Gateway</html>"),))),
    "broken": always(Refusal(500, "model runner has unexpectedly stopped")),
}


def script_named(name: str) -> Script:
    """A script by its name, or by the place of its function."""
    if name in SCRIPTS:
        return SCRIPTS[name]
    module, _, function = name.partition(":")
    if not function:
        raise SystemExit(f"there is no script {name}; choose from {', '.join(SCRIPTS)} or give module:function")
    return policy(getattr(import_module(module), function))


async def serve(server: OllamaServer, port: int) -> None:
    """Print the address and serve."""
    await server.start(port)
    print(server.address, flush=True)
    await server.serve_for_ever()


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.ollama_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", default="answers")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds that every chat takes before its first word")
    chosen = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(OllamaServer(script_named(chosen.script), delay=chosen.delay), chosen.port))


if __name__ == "__main__":
    main()
