"""The checks of a scenario: one function per key, each in the file of what it looks at."""

from engine.scenario.checks import decisions, tools, turn, words
from engine.scenario.checks.registry import CHECKS, CheckKind, Finding

__all__ = ["CHECKS", "CheckKind", "Finding", "decisions", "tools", "turn", "words"]
