"""The reasoner and embeddings that a command line asks for."""

from __future__ import annotations

import argparse

from engine.choosing import ReasonerChoice


def asked_choice(arguments: argparse.Namespace) -> ReasonerChoice:
    """The choice of `--reasoner`, `--embeddings` and `--ollama-host`; the usual one for what is not given."""
    usual = ReasonerChoice()
    reasoner, embeddings = arguments.reasoner or usual.reasoner, arguments.embeddings or usual.embeddings
    return ReasonerChoice(reasoner, embeddings, arguments.ollama_host)
