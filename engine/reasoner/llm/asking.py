"""Asking a model until it gives a usable answer, at most twice, and keeping a record of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from pydantic import ValidationError

from engine.reasoner.base import ModelCall, OnWords, ReasonerError
from engine.reasoner.llm.fencing import quoted
from engine.reasoner.llm.model import Model, Prompt, Reply

T = TypeVar("T")

MOST_ATTEMPTS = 2
_SHOWN = 300


class Unusable(ValueError):
    """An answer that cannot be used; one line says what is wrong with it."""


class Asker:
    """Asks one model the questions of one turn.

    Attributes:
        calls: The questions asked so far, in the order in which they were begun.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self.calls: list[ModelCall] = []

    async def ask(self, prompt: Prompt, read: Callable[[str], T], on_words: OnWords | None = None) -> T:
        """Ask, and once more with the error shown when the answer is not usable.

        Args:
            prompt: The question.
            read: Reads the answer's text; raises `Unusable` or pydantic's `ValidationError`.
            on_words: Called with the words so far; begins anew when the question is asked again.

        Raises:
            ReasonerError: When the second answer is not usable either.
        """
        place = len(self.calls)
        self.calls.append(ModelCall(prompt.task, 0, attempts=0))
        asked, problem = prompt, ""
        for _ in range(MOST_ATTEMPTS):
            self.calls[place] = _begun(self.calls[place], asked)
            reply = await self._model.reply(asked, on_words)
            self.calls[place] = _answered(self.calls[place], reply)
            try:
                return _read(reply, read)
            except Unusable as error:
                problem = str(error)
            asked = replace(prompt, text=f"{prompt.text}\n{_correction(reply.text, problem)}")
        raise ReasonerError(
            f"{self._model.name} gave no usable answer ({prompt.task}): {problem}; try again, or take another model"
        )


def _read(reply: Reply, read: Callable[[str], T]) -> T:
    if reply.done_reason == "length":
        raise Unusable("the answer was cut off because it was too long")
    try:
        return read(reply.text)
    except ValidationError as error:
        raise Unusable(_first_fault(error)) from error


def _first_fault(error: ValidationError) -> str:
    """The first fault, with its place, on one line; and how many there are."""
    faults = error.errors(include_url=False, include_input=False)
    place = ".".join(str(part) for part in faults[0]["loc"])
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    message = " ".join(faults[0]["msg"].split())
    return f"{place}: {message}{more}" if place else f"{message}{more}"


def _correction(answer: str, problem: str) -> str:
    return (
        f"# Your answer could not be used\nIt was: {quoted(answer, _SHOWN)}\n"
        f"What is wrong with it: {problem}\nAnswer the whole task again, as it asks."
    )


def _begun(call: ModelCall, prompt: Prompt) -> ModelCall:
    return replace(call, attempts=call.attempts + 1, prompt_characters=call.prompt_characters + prompt.characters)


def _answered(call: ModelCall, reply: Reply) -> ModelCall:
    warnings = dict.fromkeys(warning for warning in (call.warning, reply.warning) if warning)
    return replace(
        call,
        prompt_tokens=call.prompt_tokens + reply.prompt_tokens,
        answer_tokens=call.answer_tokens + reply.answer_tokens,
        warning="; ".join(warnings),
        recorded=reply.recorded,
        answered=reply.text,
        seconds=call.seconds + reply.seconds,
    )
