"""The file of recordings: JSON lines, one a call, in an order and form in which a review shows what changed.

First the sources (who answered), then the read sets that calls share, then the calls: cases by name, turns in order,
calls as they were asked. Neither prompts nor hosts, keys or headers are in it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.agent.writing.saving import SaveError, content_digest, save
from engine.reasoner.base import ReasonerError
from engine.reasoner.recording.calls import DIGEST, Call, Source, digest_of


class CassetteError(ReasonerError):
    """A file of recordings that cannot be used; one line says where and what to do."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _SourceLine(_Line):
    source: str
    model: str
    digest: str
    server: str
    options: dict[str, Any]
    embeddings: str
    prompts: str


class _ReadsLine(_Line):
    reads: str
    of: dict[str, str]


class _CallLine(_Line):
    case: str
    turn: int
    task: str
    heard: str
    answer: str | dict[str, Any]
    cut: bool = False
    tokens: tuple[int, int]
    key: str
    reads: str
    answer_schema: str = ""
    source: str


class Cassette:
    """The recordings of one scenario file and one model.

    Attributes:
        path: The file; it may not exist yet.
        fresh: What was recorded since it was opened, by key.
    """

    def __init__(self, path: Path, calls: Iterable[Call] = (), read_as: str = "") -> None:
        """Hold calls; `open_cassette` reads them from a file.

        Args:
            path: The file.
            calls: What is in it.
            read_as: The digest of its content; empty where there is no file.
        """
        self.path = path
        self._read_as = read_as
        self.fresh: dict[str, Call] = {}
        self._by_case: dict[str, dict[str, Call]] = {}
        self._anywhere: dict[str, Call] = {}
        for call in calls:
            self._put(call)

    @property
    def calls(self) -> Iterator[Call]:
        """All calls, in the order of the file."""
        for case in sorted(self._by_case):
            yield from sorted(self._by_case[case].values(), key=lambda call: call.turn)

    def of_case(self, case: str) -> list[Call]:
        """The calls of one case, in their order."""
        return list(self._by_case.get(case, {}).values())

    def find(self, case: str, key: str) -> Call | None:
        """The call with a key: the case's own, or else another's, since equal questions have equal answers."""
        return self._by_case.get(case, {}).get(key) or self._anywhere.get(key)

    def add(self, call: Call) -> None:
        """Keep a call, and save the file at once: whatever ends the recording, this call is not lost.

        Raises:
            CassetteError: When the file cannot be written.
        """
        self._put(call)
        self.fresh[call.key] = call
        self.save()

    def keep_only(self, case: str, keys: Iterable[str]) -> None:
        """Drop the calls of a case that nothing asks for any more; the rest stands in the order of the keys.

        Raises:
            CassetteError: When the file cannot be written.
        """
        own = self._by_case.get(case, {})
        kept = {key: own[key] for key in keys if key in own}
        if list(kept) != list(own):
            self._replace({**self._by_case, case: kept})

    def keep_cases(self, cases: Collection[str]) -> None:
        """Drop the calls of all other cases: they are no more.

        Raises:
            CassetteError: When the file cannot be written.
        """
        kept = {case: calls for case, calls in self._by_case.items() if case in cases}
        if len(kept) != len(self._by_case):
            self._replace(kept)

    def _replace(self, by_case: dict[str, dict[str, Call]]) -> None:
        self._by_case = by_case
        self._anywhere = {call.key: call for call in self.calls}
        self.save()

    def save(self) -> None:
        """Write the file, whole or not at all.

        Raises:
            CassetteError: When it cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._read_as = save(self.path, _text(list(self.calls)), read_as=self._read_as)
        except SaveError as error:
            raise CassetteError(str(error)) from error
        except OSError as error:
            raise CassetteError(f"{self.path.parent} cannot be made ({error.strerror})") from error

    def _put(self, call: Call) -> None:
        self._by_case.setdefault(call.case, {})[call.key] = call
        self._anywhere[call.key] = call


def open_cassette(path: Path) -> Cassette:
    """Read a file of recordings; one that does not exist is an empty one.

    Raises:
        CassetteError: When it cannot be read, or a line of it is no recording.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8")
    except FileNotFoundError:
        return Cassette(path)
    except OSError as error:
        raise CassetteError(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CassetteError(f"{path} is no text in UTF-8; delete it and record anew") from error
    return Cassette(path, _calls(text, path), content_digest(content))


def _calls(text: str, path: Path) -> Iterator[Call]:
    sources: dict[str, Source] = {}
    reads: dict[str, Mapping[str, str]] = {}
    for number, written in enumerate(text.split("\n"), 1):
        if not written.strip():
            continue
        try:
            line = _line(written)
            if isinstance(line, _SourceLine):
                sources[line.source] = Source(**line.model_dump(exclude={"source"}))
            elif isinstance(line, _ReadsLine):
                reads[line.reads] = line.of
            else:
                yield _call(line, reads, sources)
        except (ValueError, LookupError) as error:
            said = f"{path}:{number}: this line is no recording ({_fault(error)})"
            raise CassetteError(f"{said}; take it out, or delete the file, and record anew") from error


def _line(written: str) -> _SourceLine | _ReadsLine | _CallLine:
    values = json.loads(written)
    known = values if isinstance(values, dict) else {}
    kind: type[_SourceLine] | type[_ReadsLine] | type[_CallLine] = _CallLine
    if "case" not in known:
        kind = _ReadsLine if "reads" in known else _SourceLine
    return kind.model_validate_json(written)


def _call(line: _CallLine, reads: Mapping[str, Mapping[str, str]], sources: Mapping[str, Source]) -> Call:
    answer = line.answer if isinstance(line.answer, str) else json.dumps(line.answer, ensure_ascii=False)
    return Call(
        case=line.case,
        turn=line.turn,
        task=line.task,
        heard=line.heard,
        answer=answer,
        tokens=line.tokens,
        key=line.key,
        reads=reads[line.reads],
        schema=line.answer_schema,
        source=sources[line.source],
        cut=line.cut,
    )


def _fault(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        return f"{place}: {first['msg']}" if place else first["msg"]
    if isinstance(error, LookupError):
        return f"nothing before it says what {error} is"
    return "it is no JSON"


def _text(calls: list[Call]) -> str:
    sources = {call.source.id: call.source for call in calls}
    reads = {_reads_id(call.reads): call.reads for call in calls}
    lines: list[dict[str, Any]] = [{"source": name, **asdict(sources[name])} for name in sorted(sources)]
    lines += [{"reads": name, "of": dict(reads[name])} for name in sorted(reads)]
    lines += [_written(call) for call in calls]
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def _written(call: Call) -> dict[str, Any]:
    line: dict[str, Any] = {"case": call.case, "turn": call.turn, "task": call.task, "heard": call.heard}
    line["answer"] = _as_values(call.answer) if call.schema else call.answer
    if call.cut:
        line["cut"] = True
    line["tokens"] = list(call.tokens)
    line["key"] = call.key
    line["reads"] = _reads_id(call.reads)
    if call.schema:
        line["answer_schema"] = call.schema
    return {**line, "source": call.source.id}


def _as_values(answer: str) -> Any:
    """An answer as JSON values where it reads back as the same text, else as the text it is."""
    try:
        values = json.loads(answer)
    except ValueError:
        return answer
    same = isinstance(values, dict) and json.dumps(values, ensure_ascii=False) == answer
    return values if same else answer


def _reads_id(reads: Mapping[str, str]) -> str:
    return digest_of(dict(reads))[:DIGEST]
