"""The mode Home."""
