"""The mode Author."""
