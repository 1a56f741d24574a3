"""The mode Scenarios."""
