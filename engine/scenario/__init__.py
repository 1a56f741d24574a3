"""Scenarios: transcripts that can be run.

The flow: `reader` (text → `tree` → `expansion` → `steps`, `given` → cases, everything checked against the agent) →
`opening` (a session as `given` says) → `player` (steps in order; `judging` asks `checks` about each turn, `why` reads
the reasons from its trace) → `results` → `report`, `formats`. `replay` runs many cases, `suites` finds them, `writing`
saves a conversation as a scenario, `pytest_plugin` makes each case a test.

`factory` makes the engines, with the reasoner that a case or a person asks for; `recordings` plays or records what a
language model answers; `comparing` has two reasoners take the same turns, `agreement` says how often they agree.

To add a check, write one function with `@check` in a file of `checks/`; to add an input, a reader in `inputs`.
"""
