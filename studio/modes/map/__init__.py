"""The mode Map."""
