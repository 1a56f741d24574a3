"""What goes wrong without a person having to know is written to a rotating file, never to the screen."""

from __future__ import annotations

import contextlib
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from studio.remembered import state_folder

LARGEST = 512_000
"""Bytes that one log file holds at most."""
KEPT = 3
"""How many older files are kept."""


def log_file() -> Path:
    """Where the log is: `cuecard/studio.log` in the user's state folder."""
    return state_folder() / "studio.log"


def log_to_file() -> None:
    """Send all logging, warnings included, to the rotating file; without a place to write it is dropped."""
    handler: logging.Handler = logging.NullHandler()
    with contextlib.suppress(OSError):
        log_file().parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log_file(), maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
