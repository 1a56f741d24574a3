"""The performance claims, runnable: `make bench` prints each figure beside its goal."""
