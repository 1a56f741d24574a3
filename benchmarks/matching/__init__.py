"""The benchmark of judgement: how well conditions are matched with messages nobody tuned for (see README.md)."""

from benchmarks.matching.reporting import figures

__all__ = ["figures"]
