"""The mode Journeys."""
