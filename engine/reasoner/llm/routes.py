"""The moves that a journey can make from where it stands, and what each of them means.

A model picks one of these by its label, so whatever it answers is a move that the journey allows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from engine.agent.model import END, Journey, State, Transition
from engine.reasoner.base import Confidence, EdgeJudgement, Step
from engine.reasoner.conversation import Conversation, Position

MOST_HOPS = 3
"""How many states whose purpose is already met are passed in one step."""

SURE_SCORES: dict[Confidence, float] = {"clear": 1.0, "close": 0.75, "guess": 0.55}
"""What a model's word for how sure it is counts as."""

Kind = Literal["start", "stay", "advance", "back", "restart", "leave", "complete"]


@dataclass(frozen=True, slots=True)
class Move:
    """A move: the label a model picks it by, what it means, and the states it enters, in order."""

    label: str
    kind: Kind
    meaning: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """Where a journey stands and where it can go; `position` None means that it begins."""

    journey: Journey
    position: Position | None
    moves: tuple[Move, ...]

    @property
    def states(self) -> tuple[State, ...]:
        """The states that the moves speak of, in file order."""
        named = {name for move in self.moves for name in move.path}
        if self.position:
            named.add(self.position.current)
        return tuple(state for state in self.journey.states if state.name in named)

    def step(self, label: str, why: str, sure: Confidence) -> Step:
        """The step of the move with this label."""
        move = next(move for move in self.moves if move.label == label)
        edges = tuple(self._edges(move, why, sure))
        return Step(move.kind, move.path, why, edges, sure, uncertain=move.kind == "stay" and sure == "guess")

    def _edges(self, move: Move, why: str, sure: Confidence) -> Iterator[EdgeJudgement]:
        """Every transition of the states passed: taken, or one that lost to it."""
        begins = self.position is None or move.kind in ("restart", "back")
        origin = () if begins or self.position is None else (self.position.current,)
        passed = (*origin, *move.path)
        for place, name in enumerate(passed):
            state = self.journey.by_name.get(name)
            taken = passed[place + 1] if place + 1 < len(passed) else None
            if state is None or (taken is None and place > 0):
                continue
            for transition in state.next:
                holds = transition.to == taken
                score = SURE_SCORES[sure] if holds else 0.0
                yield EdgeJudgement(name, transition.to, transition.condition or "", holds, score, why)


def settled(journey: Journey, position: Position | None, conversation: Conversation) -> Step | None:
    """The step of a journey that leaves nothing to judge; None where there is.

    After its tool has run a tool state leads to the state behind it, whatever the customer said: that state tells what
    the tool answered.

    Args:
        journey: The journey.
        position: Where it stands; None when it begins.
        conversation: What was said and what is known.
    """
    if journey.first is None:
        return Step("complete", (END,), "the journey has no states")
    state = journey.by_name.get(position.current) if position else None
    if position is None or state is None:
        return _settled_start(journey, conversation)
    if state.kind == "link" and not position.spoken:
        return Step("stay", (), f"it waits for {state.journey}, which it links to")
    if state.kind in ("tool", "link") and position.spoken:
        return _settled_on(journey, state)
    if not conversation.latest:
        return Step("stay", (), "the customer has not said anything new")
    if state.kind == "tool" and any(result.this_turn for result in conversation.results):
        return Step("stay", (), f"the tool of {state.name} has not run yet")
    return None


def _settled_start(journey: Journey, conversation: Conversation) -> Step | None:
    first = journey.states[0]
    moves = route_of(journey, None).moves
    if len(moves) > 1 and conversation.latest:
        return None
    path = moves[0].path if len(moves) == 1 else (first.name,)
    return Step("start", path, f"the journey begins at {path[-1]}")


def _settled_on(journey: Journey, state: State) -> Step | None:
    if not state.next:
        return Step("complete", (END,), f"{state.name} was the last state")
    if state.direct is None:
        return None
    to = state.direct.to
    edge = EdgeJudgement(state.name, to, "", True, 1.0, "direct")
    if to == END:
        return Step("complete", (END,), f"{state.name} is done", (edge,))
    target = journey.by_name.get(to)
    if target is None or (target.kind == "fork" and target.next):
        return None
    return Step("advance", (to,), f"{state.name} is done", (edge,))


def route_of(journey: Journey, position: Position | None) -> Route:
    """The moves of a journey.

    Args:
        journey: A journey with states.
        position: Where it stands; None, or a state that is gone, when it begins.
    """
    state = journey.by_name.get(position.current) if position else None
    if position is None or state is None:
        return Route(journey, None, tuple(_beginnings(journey, "begin", "start", MOST_HOPS)))
    moves = [_stay(state, position.spoken), *_onward(journey, state, position.spoken)]
    if not state.next and position.spoken:
        moves.append(Move("complete", "complete", "the journey has come to its end", (END,)))
    if len(position.path) > 1 or position.spoken:
        moves += _backward(journey, position)
        moves += _beginnings(journey, "start over", "restart", 0)
    moves.append(Move("leave", "leave", "the customer drops the whole matter and no move above speaks of that"))
    return Route(journey, position, tuple(moves))


def _stay(state: State, spoken: bool) -> Move:
    if state.kind == "tool":
        return Move("stay", "stay", f"{state.tool} is still to run here")
    if spoken or state.kind == "fork":
        return Move("stay", "stay", f"the customer has not answered {state.name} yet, or nothing below holds")
    return Move("stay", "stay", f"the words of {state.name} still have to be said")


def _onward(journey: Journey, state: State, spoken: bool) -> Iterator[Move]:
    if state.kind == "tool" and not spoken:
        return
    answered = () if spoken or state.kind == "fork" else (state.name,)
    for target, path in _ways(journey, state, MOST_HOPS - len(answered)).items():
        meaning = _meaning(journey, (*answered, *path[:-1]), f"{state.name} is done")
        if target == END:
            yield Move("complete", "complete", f"the journey ends: {meaning}", path)
        else:
            yield Move(f"go to {target}", "advance", meaning, path)


def _meaning(journey: Journey, passed: tuple[str, ...], otherwise: str) -> str:
    """Why a state is reached: what lies before it is answered."""
    answered = [name for name in passed if journey.by_name[name].kind == "chat"]
    return f"the conversation already answers {' and '.join(answered)}" if answered else otherwise


def _backward(journey: Journey, position: Position) -> Iterator[Move]:
    for name in dict.fromkeys(position.path[:-1]):
        state = journey.by_name.get(name)
        if state is not None and state.kind == "chat" and name != position.current:
            yield Move(f"back to {name}", "back", f"the customer takes back or changes what {name} was about", (name,))


def _beginnings(journey: Journey, verb: str, kind: Kind, hops: int) -> Iterator[Move]:
    """Beginning at the first state, or further on where what it asks for was said already."""
    first = journey.states[0]
    ahead = _ways(journey, first, hops - 1) if first.kind == "fork" or (first.kind == "chat" and hops) else {}
    again = "the customer wants to start all over" if kind == "restart" else "it begins"
    if first.kind != "fork" or not ahead:
        yield Move(f"{verb} at {first.name}", kind, f"{again} with what comes first", (first.name,))
    for target, path in ahead.items():
        if target not in (END, first.name):
            whole = (first.name, *path)
            yield Move(
                f"{verb} at {target}",
                kind,
                f"{again}; {_meaning(journey, whole[:-1], f'{first.name} leads there')}",
                whole,
            )


def _ways(journey: Journey, origin: State, hops: int) -> dict[str, tuple[str, ...]]:
    """The states that a step can end at, nearest first, each with the path to it.

    Forks are passed without being counted; a chat state is passed when the conversation already holds what it asks
    for; at a tool, a link and the end every step stops.

    Args:
        journey: The journey.
        origin: Where it starts from.
        hops: How many chat states may be passed.
    """
    found: dict[str, tuple[str, ...]] = {}
    seen: set[tuple[str, int]] = set()
    queue: deque[tuple[State, tuple[str, ...], int]] = deque([(origin, (), hops)])
    while queue:
        state, path, left = queue.popleft()
        for to in dict.fromkeys(transition.to for transition in state.next):
            target = journey.by_name.get(to)
            goes_round = to in path or (to == origin.name and left < hops)
            if (target is None and to != END) or goes_round:
                continue
            way = (*path, to)
            if target is None or target.kind != "fork" or not target.next:
                found.setdefault(to, way)
            if target is None or not target.next or to == origin.name:
                continue
            after = left if target.kind == "fork" else left - 1 if target.kind == "chat" else -1
            if after >= 0 and (to, after) not in seen:
                seen.add((to, after))
                queue.append((target, way, after))
    return found


def what_it_does(state: State) -> str:
    """A state as a model reads it: what it says or runs, and where it leads on which condition."""
    does = {
        "chat": f"the assistant is to {_lower(state.chat or '')}",
        "tool": f"runs the tool {state.tool}",
        "link": f"goes through the journey {state.journey}",
        "fork": "says nothing; the way divides",
    }[state.kind]
    onward = "; ".join(_leads(transition) for transition in state.next)
    return f"{does}. Then {onward}." if onward else f"{does}. Then the journey ends."


def _leads(transition: Transition) -> str:
    """Where a transition leads, with its author's examples, which say how customers put its condition."""
    to = "the end" if transition.to == END else transition.to
    if not transition.condition:
        return f"to {to}"
    examples = f", such as {_listed(transition.examples)}" if transition.examples else ""
    against = f", but not {_listed(transition.counterexamples)}" if transition.counterexamples else ""
    return f"to {to} if “{transition.condition}”{examples}{against}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _listed(texts: tuple[str, ...]) -> str:
    return ", ".join(f"“{text}”" for text in texts)
