"""The pictures in screenshots/, made from real chats: `make screenshots`."""

from __future__ import annotations

import asyncio
import io
import re
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from engine.opening import open_agent
from engine.turn.live_session import LiveSession
from studio.chat_room import ChatRoom

ROOT = Path(__file__).parent.parent.parent
START = datetime(2026, 3, 3, 18, 30)
OFFLINE_SVG = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
"""Rich's picture without the fonts that it would fetch from elsewhere."""

CHATS = {
    "chat_coke": ["Can I get a coke?", "What? I hate Pepsi, why don't you have coke??"],
    "chat_order": ["I'd like to order a large margherita", "delivery please, to 5 Elm Street"],
}


async def picture(name: str, lines: list[str], folder: Path) -> str:
    """Type some lines into a chat with the pizzeria and draw what the terminal shows, as SVG."""
    opened = open_agent(folder, trusted=False, start=START)
    console = Console(file=io.StringIO(), width=100, force_terminal=True, record=True, highlight=False)
    live = await LiveSession.open(opened.engine)
    room = ChatRoom(live, console, why=True, everything=False)
    for line in lines:
        await room.take(line)
    await opened.engine.store.close()
    return console.export_svg(title="cuecard chat scenarios/pizza --why", code_format=OFFLINE_SVG, unique_id=name)


def main() -> None:
    """Write every picture."""
    for name, lines in CHATS.items():
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "scenarios" / "pizza", folder, dirs_exist_ok=True, ignore=_private)
            svg = asyncio.run(picture(name, lines, Path(folder)))
        (ROOT / "screenshots" / f"{name}.svg").write_text(svg, "utf-8")
        print(f"screenshots/{name}.svg")


def _private(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith((".", "__"))]


if __name__ == "__main__":
    main()
