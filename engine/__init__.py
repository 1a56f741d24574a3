"""The engine under Cuecard: agents, sessions, turns and scenarios, with no terminal."""

__version__ = "0.1.0"
