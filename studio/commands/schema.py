"""`cuecard schema agent|scenario`: the JSON Schema of a kind of file, for editors."""

from __future__ import annotations

import argparse
import json

from studio.cli import FINE


def run(arguments: argparse.Namespace) -> int:
    """Run `cuecard schema`."""
    from engine.agent.reading.schema import agent_schema
    from engine.scenario.schema import scenario_schema

    schema = agent_schema() if arguments.kind == "agent" else scenario_schema()
    print(json.dumps(schema, indent=2, ensure_ascii=False))
    return FINE
