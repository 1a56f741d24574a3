"""The engine under Cuecard: agents, sessions, turns and scenarios, with no terminal."""
