"""Loading and saving a large agent file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import made_up
from benchmarks.measure import Figure, figure, seconds
from engine.agent.document import AGENT_FILE, load_agent
