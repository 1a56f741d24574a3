"""Loading and saving a large agent file."""

from __future__ import annotations
