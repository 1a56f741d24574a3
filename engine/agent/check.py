"""Checks that look across the whole agent."""
from __future__ import annotations
from typing import Any
def check_agent(document: Any) -> list[Any]: return []
