"""`python -m benchmarks.matching`: how well conditions are judged, for every agent of both halves."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import product

from benchmarks.matching.cases import Half
from benchmarks.matching.judging import EMBEDDINGS, available
from benchmarks.matching.reporting import judged, misses, table
from benchmarks.matching.scoring import Judged
from engine.choosing import embeddings_fault

Shown = Callable[[tuple[Judged, ...]], Iterator[str]]

NO_PEEKING = "--misses shows the dev half alone: nothing may be tuned on held_out; add --half dev"


def main(arguments: list[str]) -> int:
    """Judge and print; 2, and one line that says why, when what is asked for cannot or must not be shown."""
    chosen = _parser().parse_args(arguments)
    halves = tuple(Half) if chosen.half == "all" else (Half(chosen.half),)
    if chosen.misses and Half.HELD_OUT in halves:
        print(NO_PEEKING, file=sys.stderr)
        return 2
    fault = None if chosen.embeddings == "all" else embeddings_fault(chosen.embeddings)
    if fault is not None:
        print(fault, file=sys.stderr)
        return 2
    embeddings = available() if chosen.embeddings == "all" else (chosen.embeddings,)
    examples = (0, 5) if chosen.examples is None else (chosen.examples,)
    for line in _lines(embeddings, examples, halves, misses if chosen.misses else table):
        print(line, flush=True)
    return 0


def _lines(embeddings: Iterable[str], examples: Iterable[int], halves: Iterable[Half], shown: Shown) -> Iterator[str]:
    for name, count, half in product(embeddings, examples, halves):
        yield f"{name}, {count} examples, {half}"
        yield from shown(judged(name, half, count))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("--half", choices=(*Half, "all"), default="all")
    parser.add_argument("--embeddings", choices=(*EMBEDDINGS, "all"), default="all", help="all: each that is installed")
    parser.add_argument("--examples", type=int, choices=(0, 5), help="both when left out")
    parser.add_argument("--misses", action="store_true", help="the messages judged wrong instead of the table")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
