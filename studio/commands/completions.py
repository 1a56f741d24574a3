"""`cuecard completions SHELL`: completions for a shell."""

from __future__ import annotations

import argparse

from studio.cli import FINE, build_parser


def run(arguments: argparse.Namespace) -> int:
    """Run `cuecard completions`."""
    import shtab

    print(shtab.complete(build_parser(), shell=arguments.shell))
    return FINE
