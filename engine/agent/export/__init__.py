"""Journeys in the languages of other programs: Mermaid and DOT."""
