"""Playing one case: its steps in order, each turn checked by the steps that speak about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from engine.reasoner.base import ReasonerError
from engine.reasoner.pinned import Pin
from engine.reasoner.recording.staleness import STALE
from engine.scenario.checks.words import similarity
from engine.scenario.judging import judge_expectations, judge_step
from engine.scenario.model import (
    Case,
    Changes,
    CustomerSays,
    CustomEvent,
    HumanAgentSays,
    Input,
    OnBehalfSays,
    Place,
    Step,
    TriggerResponse,
    Wait,
)
from engine.scenario.moment import Moment, tokens_of
from engine.scenario.opening import NO_STUB, EngineFactory, Opened, open_case
from engine.scenario.results import CaseResult, Failure, Line, Verdict
from engine.scenario.transcript import heading, lines_of
from engine.session.events import Event, EventSource
from engine.turn.trace import Drafting, TurnTrace


@dataclass(frozen=True)
class TurnInput:
    """What begins a turn: what is said or triggered, the draft that the scenario gives, and what it pins."""

    happens: CustomerSays | TriggerResponse
    given_draft: str | None
    pin: Pin | None


OnInput = Callable[[Opened, TurnInput], Awaitable[None]]
"""Called before each turn that a step begins."""


async def play(case: Case, factory: EngineFactory, on_input: OnInput | None = None) -> CaseResult:
    """Play a case from its first step to its last.

    Args:
        case: The case; it gets a session, a store and a clock of its own.
        factory: Makes the engine.
        on_input: Called before each turn that a step begins.

    Returns:
        The verdict with everything that failed. What keeps a case from being played (a reasoner that cannot answer, a
        store that fails) is the verdict `error`, never an exception.
    """
    try:
        opened = await open_case(case, factory)
    except (ReasonerError, OSError, ValueError, LookupError) as error:
        return _could_not_open(case, error)
    player = _Player(case, opened, on_input)
    try:
        await player.play()
    except (ReasonerError, OSError, ValueError, LookupError, ExceptionGroup) as error:
        player.stopped(error)
    finally:
        await opened.engine.close()
    return player.result()


async def play_until(case: Case, factory: EngineFactory, turn: int) -> Opened:
    """Play a case up to a turn and hand its session over, to go on from there.

    Args:
        case: The case; it gets a session, a store and a clock of its own.
        factory: Makes the engine.
        turn: The last turn to take, counted from 1 as in `CaseResult.traces`; 0 for the session as it is given. A step
            in which several turns fall due is played to its end.

    Returns:
        The open session. What stops the case earlier leaves the session as it is then.

    Raises:
        ReasonerError: When the reasoner that the case asks for cannot answer.
        OSError: When the session cannot be opened; ValueError and LookupError likewise.
    """
    opened = await open_case(case, factory)
    player = _Player(case, opened)
    try:
        await player.play_until(turn)
    except (ReasonerError, OSError, ValueError, LookupError, ExceptionGroup) as error:
        player.stopped(error)
    return opened


def _could_not_open(case: Case, error: Exception) -> CaseResult:
    failure, verdict = _trouble(case.place, "given", "a session", _one_line(error))
    return CaseResult(case.id, case.place, verdict, (failure,))


def _trouble(place: Place, check: str, expected: str, got: str, heading: str = "") -> tuple[Failure, Verdict]:
    """What kept a case from being played: an error, or a recording that answers something else by now."""
    if got.startswith(STALE):
        return Failure(place, "recording", "a recorded answer", got.removeprefix(STALE), heading), "stale"
    return Failure(place, check, expected, got, heading), "error"


def _one_line(error: BaseException) -> str:
    inner = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error
    return " ".join(str(inner).split()) or type(inner).__name__


class _Player:
    """The state of one replay: which turns have been taken, and which no step has looked at yet."""

    def __init__(self, case: Case, opened: Opened, on_input: OnInput | None = None) -> None:
        self._case = case
        self._opened = opened
        self._on_input = on_input
        self._live = opened.live
        self._engine = opened.engine
        self._stubs = opened.stubs
        self._pinned = opened.pinned
        self._pins = 0
        self._likeness: list[float] = []
        self._seen = 0
        self._offset = 0
        self._waiting: list[Moment] = []
        self._moment: Moment | None = None
        self._moments: list[Moment] = []
        self._failures: list[Failure] = []
        self._broken = False
        self._trouble: Verdict = "error"
        self._checks = 0
        self._heading = "at the beginning"
        self._named: tuple[str, ...] = ()
        self._given = False
        self._step: Step | None = None
        self._transcript: list[Line] = []
        self._ends: dict[str, int] = {}

    async def play(self) -> None:
        for index in range(len(self._case.steps)):
            await self._take(index)
            if self._broken:
                return
        if self._step is not None:
            self._unlooked(self._step)
        expect = self._case.expect
        self._checks += len(expect.checks) + len(expect.order)
        self._note(judge_expectations(expect, self._moments, "over the whole conversation"))

    async def play_until(self, turn: int) -> None:
        for index in range(len(self._case.steps)):
            if self._broken or len(self._moments) >= turn:
                return
            await self._take(index)

    async def _take(self, index: int) -> None:
        step = self._step = self._case.steps[index]
        if step.input is not None:
            self._unlooked(step)
            self._heading = heading(step.input)
            self._named = (step.input.name,) if isinstance(step.input, TriggerResponse) else ()
            self._pinned.pin = step.pin
            self._pins += step.pin is not None
            draft = _dictated(self._case.steps, index)
            self._given = draft is not None
            began = len(self._transcript)
            if self._on_input is not None and isinstance(step.input, (CustomerSays, TriggerResponse)):
                await self._on_input(self._opened, TurnInput(step.input, draft, step.pin))
            await self._act(step.input, draft)
            self._pinned.pin = None
            await self._collect(step, began)
            self._likeness.extend(_likeness(draft, self._waiting[:1]))
        if step.checks:
            await self._check(step)

    def stopped(self, error: Exception) -> None:
        """Note what kept the case from going on."""
        place = self._step.place if self._step else self._case.place
        self._broken = True
        failure, self._trouble = _trouble(place, "turn", "an answer", _one_line(error), self._heading)
        self._note([failure])

    def result(self) -> CaseResult:
        """The verdict so far."""
        turns = [moment.trace for moment in self._moments if moment.trace is not None]
        calls = [call for turn in turns for call in turn.model_calls]
        dictated = sum(drafting.dictated for turn in turns for drafting in turn.all(Drafting))
        return CaseResult(
            self._case.id,
            self._case.place,
            self._verdict(),
            tuple(self._failures),
            len(turns),
            self._checks,
            dictated,
            self._pins,
            str(self._engine.reasoner.info),
            tuple(self._transcript),
            tuple(turns),
            sum(turn.seconds for turn in turns),
            model_calls=len(calls),
            recorded_calls=sum(call.recorded for call in calls),
            tokens=sum(tokens_of(turn) for turn in turns),
            draft_likeness=tuple(self._likeness),
        )

    def _verdict(self) -> Verdict:
        if self._broken:
            return self._trouble
        if self._failures:
            return "failed"
        return "passed" if self._checks else "unjudged"

    async def _act(self, happens: Input, given_draft: str | None) -> None:
        self._transcript.extend(lines_of(happens))
        live = self._live
        if isinstance(happens, CustomerSays):
            await live.say(*happens.texts, given_draft=given_draft)
        elif isinstance(happens, HumanAgentSays):
            await live.human_agent(happens.text)
        elif isinstance(happens, OnBehalfSays):
            await live.on_behalf(happens.text)
        elif isinstance(happens, TriggerResponse):
            await live.trigger(happens.guidelines, name=happens.name, given_draft=given_draft)
        elif isinstance(happens, CustomEvent):
            await live.custom_event(EventSource(happens.source), happens.data)
        elif isinstance(happens, Wait):
            await live.advance(happens.span)
        else:
            await self._change(happens)

    async def _change(self, changes: Changes) -> None:
        self._stubs.update(changes.stubs)
        for tool in changes.live:
            self._stubs.pop(tool, None)
        for name, value in changes.variables.items():
            await self._live.set_variable(name, value)
        session = dict(changes.session)
        mode = session.pop("mode", None)
        if session:
            current = await self._live.session()
            await self._engine.store.update_session(current.id, **session)
        if mode is not None:
            await self._live.set_mode(mode)

    async def _collect(self, step: Step, began: int | None = None) -> None:
        """Take the turns that have happened since the last look; what was said from line `began` on began the first."""
        traces = self._live.traces[self._seen :]
        self._seen = len(self._live.traces)
        events = await self._live.events(self._offset)
        self._offset = events[-1].offset + 1 if events else self._offset
        self._waiting = [await self._moment_of(trace, events) for trace in traces]
        self._moment = None
        turn = len(self._moments)
        self._moments.extend(self._waiting)
        if self._waiting and began is not None and isinstance(step.input, (CustomerSays, TriggerResponse)):
            self._transcript[began:] = [replace(line, turn=turn + 1) for line in self._transcript[began:]]
        for number, moment in enumerate(self._waiting, turn + 1):
            self._transcript.extend(Line("agent", text, number) for text in moment.messages)
            if moment.trace is not None:
                self._ends[moment.trace.id] = len(self._transcript)
            self._look_for_trouble(moment, step)

    async def _moment_of(self, trace: TurnTrace | None, events: Sequence[Event] = ()) -> Moment:
        session = await self._live.session()
        said = tuple(event for event in events if trace is not None and event.trace_id == trace.id)
        triggers = self._triggers(trace) if trace is not None and trace.cause == "trigger" else ()
        return Moment(trace, session, said, self._engine.clock.now(), triggers)

    def _triggers(self, trace: TurnTrace) -> tuple[str, ...]:
        """The names of what triggered a turn: tools and follow-ups by what they have the agent say."""
        agent = self._engine.agent
        names = [name for name in self._named if name]
        for tool in agent.tools:
            stubs = self._stubs.get(tool.name) or tool.stubs
            if any(stub.follow_up is not None and stub.follow_up.action in trace.trigger for stub in stubs):
                names.append(tool.name)
        for number, follow_up in enumerate(agent.follow_ups, 1):
            if follow_up.action in trace.trigger:
                names.append(f"follow_up_{number}")
        return tuple(dict.fromkeys(names))

    def _look_for_trouble(self, moment: Moment, step: Step) -> None:
        """A turn that failed, or a tool that nobody gave a stub, is trouble whether or not a step looks."""
        trace = moment.trace
        if trace is None:
            return
        if trace.status == "failed":
            self._broken = True
            failure, self._trouble = _trouble(step.place, "turn", "an answer", trace.error, self._heading)
            self._note([failure], moment)
        for said in (*(call.error for call in trace.calls), *trace.warnings):
            if NO_STUB in said:
                self._broken = True
                self._fail(step, "calls", "a stub", said, moment)

    def _fail(self, step: Step, check: str, expected: str, got: str, moment: Moment | None = None) -> None:
        self._note([Failure(step.place, check, expected, got, self._heading)], moment)

    def _note(self, failures: Iterable[Failure], moment: Moment | None = None) -> None:
        """Keep what failed, with its place in the transcript: behind the turn it is about, else behind all so far."""
        about = moment.trace.id if moment is not None and moment.trace is not None else ""
        after = self._ends.get(about, len(self._transcript))
        self._failures.extend(replace(failure, after=after) for failure in failures)

    def _unlooked(self, step: Step) -> None:
        """Messages that the agent sent of its own accord and that no step looked at are one message too many."""
        for moment in self._waiting:
            if moment.trace is not None and moment.trace.cause == "trigger" and moment.messages:
                got = " · ".join(f"“{text}”" for text in moment.messages)
                self._fail(step, "agent", "no message, since no step expects one", got, moment)
        self._waiting = []

    async def _check(self, step: Step) -> None:
        self._checks += len(step.checks)
        if step.release is not None and not self._waiting:
            await self._release(step, step.release)
        elif step.release is not None and step.given_draft is not None and not self._given:
            said = "the turn was taken when its trigger fell due; hold it in manual mode to dictate its draft"
            self._fail(step, "given_draft", "a turn that this step starts", said)
        if self._waiting:
            self._moment = self._waiting.pop(0)
        elif self._moment is None:
            self._moment = await self._moment_of(None)
        if not self._broken:
            self._note(judge_step(step, self._moment, self._heading), self._moment)

    async def _release(self, step: Step, name: str) -> None:
        """Have a held trigger said, if the session holds one of that name and may speak."""
        session = await self._live.session()
        if session.mode == "auto" and any(held.name == name for held in session.state.held):
            self._heading = f"trigger {name}"
            self._named = (name,)
            await self._live.release(name, given_draft=step.given_draft)
            await self._collect(step)


def _likeness(given: str | None, moments: Sequence[Moment]) -> Iterator[float]:
    """How like the draft that a scenario gives the reasoner's own one is, where it wrote its own nevertheless."""
    for moment in moments:
        drafting = moment.trace.last(Drafting) if moment.trace is not None else None
        if given is not None and drafting is not None and not drafting.dictated:
            yield similarity(given, drafting.text)


def _dictated(steps: Sequence[Step], index: int) -> str | None:
    """The draft that a step, or one of the checking steps after it, dictates for its turn."""
    if not isinstance(steps[index].input, (CustomerSays, TriggerResponse)):
        return None
    said = isinstance(steps[index].input, CustomerSays)
    if steps[index].given_draft is not None:
        return steps[index].given_draft
    for step in steps[index + 1 :]:
        if step.input is not None or (said and step.release is not None):
            return None
        if step.given_draft is not None:
            return step.given_draft
    return None
