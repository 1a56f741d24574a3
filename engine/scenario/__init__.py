"""Scenario files: reading, replay, checks and reports."""
