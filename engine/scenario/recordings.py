"""The recordings of a run: where they lie, who is played or recorded for a case, and what is dropped when it ended."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from engine.choosing import ReasonerChoice, chosen_embeddings, make_model
from engine.reasoner.base import ReasonerError
from engine.reasoner.llm.model import Model
from engine.reasoner.recording.calls import Source
from engine.reasoner.recording.cassette import Cassette, CassetteError, open_cassette
from engine.reasoner.recording.recorded import RecordedModel, source_of
from engine.reasoner.recording.recording import RecordingModel, RecordMode
from engine.reasoner.recording.staleness import StaleRecording
from engine.reasoner.recording.tape import Tape
from engine.scenario.model import Case
from engine.scenario.reader import SUFFIX
from engine.scenario.results import CaseResult, Failure

FOLDER = "recordings"
"""The folder beside a scenario file in which its recordings lie."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def cassette_path(file: Path, model: str) -> Path:
    """Where the recordings of a scenario file and a model lie, e.g. `recordings/coke.llama3.2-3b.jsonl` beside it."""
    return file.parent / FOLDER / f"{_stem(file)}.{_UNSAFE.sub('-', model)}.jsonl"


def recorded_models(file: Path) -> list[str]:
    """The models of which there are recordings for a scenario file, by name.

    Raises:
        CassetteError: When a file of recordings cannot be read.
    """
    found = sorted((file.parent / FOLDER).glob(f"{_stem(file)}.*.jsonl"))
    named = [(path, call.source.model) for path in found for call in open_cassette(path).calls]
    # A longer name may begin with this one's: what lies in a file says whose it is.
    return sorted({model for path, model in named if cassette_path(file, model) == path})


def _stem(file: Path) -> str:
    return file.name.removesuffix(SUFFIX)


class Recordings:
    """The recordings that the cases of one run play or make."""

    def __init__(self, mode: RecordMode | None = None) -> None:
        """Begin a run.

        Args:
            mode: What is recorded; None plays what there is.
        """
        self._mode = mode
        self._cassettes: dict[tuple[Path, str], Cassette] = {}
        self._models: dict[Path, list[str]] = {}
        self._tapes: dict[tuple[str, str], list[Tape]] = {}

    def concern(self, choice: ReasonerChoice) -> bool:
        """Whether a choice plays recordings or is to be recorded."""
        kind = choice.reasoner.partition(":")[0]
        return kind == "recorded" or (kind == "ollama" and self._mode is not None)

    def model_for(self, case: Case, choice: ReasonerChoice, names: Collection[str]) -> tuple[ReasonerChoice, Model]:
        """Say who plays a case.

        Args:
            case: The case.
            choice: Who is asked for.
            names: The names of the agent's things, to tell what was taken out since.

        Returns:
            The choice as it comes out, and the model that plays or is recorded.

        Raises:
            ReasonerError: When there is nothing to play, or it cannot be recorded.
        """
        file = Path(case.place.file)
        name = choice.model or self._only_model(file)
        cassette = self._cassette(file, name)
        source = source_of(cassette, case.id)
        choice = replace(choice, embeddings=self._embeddings(choice, source))
        tape = Tape(cassette, case.id, _remedy(file, name, "stale" if source else "missing"), names)
        if self._mode is not None:
            self._tapes.setdefault((case.place.file, case.id), []).append(tape)
            choice = replace(choice, reasoner=f"ollama:{name}")
            live = make_model(choice)
            assert live is not None, "an Ollama model is a model"
            return choice, RecordingModel(live, tape, self._mode, choice.embeddings)
        if source is None:
            raise StaleRecording(f"nothing of {name} is recorded for {file}", tape.remedy)
        return replace(choice, reasoner=f"recorded:{name}"), RecordedModel(tape, source, choice.embeddings)

    def settle(self, result: CaseResult) -> CaseResult:
        """Drop what a case no longer asks for, once it was played to its end.

        Returns:
            The result; an error where the recordings could not be saved.
        """
        tapes = self._tapes.pop((result.place.file, result.case), [])
        if self._mode == "missing" or result.verdict not in ("passed", "failed", "unjudged"):
            return result
        try:
            for cassette in {id(tape.cassette): tape.cassette for tape in tapes}.values():
                used = [key for tape in tapes if tape.cassette is cassette for key in tape.used]
                cassette.keep_only(result.case, dict.fromkeys(used))
        except CassetteError as error:
            failure = Failure(result.place, "recording", "a file that can be saved", str(error))
            return replace(result, verdict="error", failures=(*result.failures, failure))
        return result

    def keep_cases(self, cases: Iterable[Case]) -> None:
        """Drop what was recorded for cases that their files no longer have, where what is stale is recorded anew.

        Where that cannot be saved it stays, and does no harm.

        Args:
            cases: All cases of the files that were played.
        """
        if self._mode in (None, "missing"):
            return
        there: dict[Path, set[str]] = {}
        for case in cases:
            there.setdefault(Path(case.place.file), set()).add(case.id)
        for (file, _), cassette in self._cassettes.items():
            with suppress(CassetteError):
                cassette.keep_cases(there.get(file, ()))

    def _embeddings(self, choice: ReasonerChoice, source: Source | None) -> str:
        """What is compared by: a recording is played with what it was made with; so is what `auto` leaves open."""
        wanted = choice.embeddings
        if source is not None and (self._mode is None or wanted == "auto") and not wanted.startswith("ollama:"):
            wanted = source.embeddings
        chosen = chosen_embeddings(wanted, choice.host)
        if chosen.startswith("ollama:"):
            raise ReasonerError(f"recordings need no server, but embeddings: {chosen} does. Write lexical or minilm")
        return chosen

    def _only_model(self, file: Path) -> str:
        models = self._models[file] = self._models.get(file) or recorded_models(file)
        if len(models) == 1:
            return models[0]
        if models:
            raise ReasonerError(f"there are recordings of {', '.join(models)}: write recorded:NAME for one of them")
        raise StaleRecording(f"nothing is recorded for {file}", _remedy(file, "NAME", "missing"))

    def _cassette(self, file: Path, model: str) -> Cassette:
        if (file, model) not in self._cassettes:
            self._cassettes[file, model] = _opened(cassette_path(file, model), model)
        return self._cassettes[file, model]


def _opened(path: Path, model: str) -> Cassette:
    cassette = open_cassette(path)
    other = next((call.source.model for call in cassette.calls if call.source.model != model), None)
    if other is not None:
        raise CassetteError(f"{path} holds recordings of {other}, not of {model}; move it away, and record anew")
    return cassette


def _remedy(file: Path, model: str, mode: str) -> str:
    return f"cuecard replay {shlex.quote(str(file))} --reasoner ollama:{model} --record {mode}"
