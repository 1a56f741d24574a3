"""The mode Simulate."""
