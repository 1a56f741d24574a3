"""How a journey moves: start, stay, advance, back, restart, leave, complete."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.agent.model import END, Journey, State
from engine.reasoner.base import Confidence, EdgeJudgement, Step
from engine.reasoner.conversation import Conversation, Position
from engine.reasoner.embedded.journeys.edges import EdgeJudge
from engine.reasoner.embedded.journeys.purposes import Aim, Purpose, answer_in, met_by, purpose_of
from engine.reasoner.embedded.judging.dropping import drops, gives_up
from engine.reasoner.embedded.language.acts import Act, reply, spoken
from engine.reasoner.embedded.language.lexicon import anywhere, leading
from engine.reasoner.embedded.language.sentences import asks_for_facts, sentences
from engine.reasoner.embedded.language.topics import coverage, text_stems

MARGIN = 0.05
"""How far the best transition must be ahead of the next; otherwise the journey stays, marked uncertain."""

MOST_HOPS = 3
"""How many states whose purpose is already met are skipped in one step."""

_WITHOUT_SKIPPING = 12


@dataclass(slots=True)
class _Walk:
    """A step in the making: the states entered so far and the transitions that competed."""

    journey: Journey
    conversation: Conversation
    visited: tuple[str, ...]
    path: list[str] = field(default_factory=list)
    edges: list[EdgeJudgement] = field(default_factory=list)
    skipped: int = 0
    uncertain: bool = False
    why: str = ""

    @property
    def used(self) -> frozenset[str]:
        """What earlier states of the path were answered with; one answer does not meet two states."""
        states = [self.journey.by_name[name] for name in (*self.visited, *self.path) if name in self.journey.by_name]
        found = [met_by(purpose_of(state), self.conversation) for state in states if state.kind == "chat"]
        return frozenset(one.quote for one in found if one is not None)


class Stepper:
    """Moves journeys along their states."""

    def __init__(self, edges: EdgeJudge) -> None:
        self._edges = edges

    def step(self, journey: Journey, position: Position | None, conversation: Conversation) -> Step:
        """Say how an active journey moves.

        A step ends where the agent has to do something: at a chat state that is not met yet, at a tool state, or at
        the end. It never passes through a tool state.

        Args:
            journey: The journey.
            position: Where it stands; None when it starts now. A tool state that has run counts as spoken.
            conversation: What was said and what is known.

        Returns:
            The step, with every transition that competed.
        """
        if journey.first is None:
            return Step("complete", (END,), "the journey has no states")
        if position is None or position.current not in journey.by_name:
            return self._start(journey, conversation, "start")
        state = journey.by_name[position.current]
        if state.kind == "tool":
            return self._after_tool(journey, state, position, conversation)
        if not conversation.latest:
            return Step("stay", (), "the customer has not said anything new")
        return self._after_chat(journey, state, position, conversation)

    def _start(self, journey: Journey, conversation: Conversation, move: str) -> Step:
        walk = _Walk(journey, conversation, (), skipped=MOST_HOPS if move == "restart" else 0)
        first = journey.states[0]
        if not self._enter(walk, first):
            walk.path = walk.path or [first.name]
        why = walk.why or f"the journey begins at {walk.path[-1]}"
        if move == "restart":
            return Step("restart", tuple(walk.path), "the customer wants to start over", tuple(walk.edges))
        return Step("start", tuple(walk.path), why, tuple(walk.edges), uncertain=walk.uncertain)

    def _after_tool(self, journey: Journey, state: State, position: Position, conversation: Conversation) -> Step:
        if not position.spoken:
            return Step("stay", (), f"the tool of {state.name} has not run yet")
        walk = _Walk(journey, conversation, position.path)
        self._follow(walk, state)
        return self._finished(walk, f"{state.tool} has answered")

    def _after_chat(self, journey: Journey, state: State, position: Position, conversation: Conversation) -> Step:
        said = spoken(conversation.latest)
        if leading("restart").match(said) or anywhere("restart").fullmatch(said):
            return self._start(journey, conversation, "restart")
        walk = _Walk(journey, conversation, position.path)
        earlier = self._earlier_meant(journey, position, conversation)
        if earlier is not None:
            return self._back(walk, earlier)
        if not position.spoken and state.kind != "fork":
            self._skip(walk, state)
            return self._finished(walk, "what it asks for was said already")
        if self._leaves(walk, state):
            return Step("leave", (), f"the customer drops it: “{conversation.latest}”", tuple(walk.edges))
        return self._onward(walk, state)

    def _onward(self, walk: _Walk, state: State) -> Step:
        if not state.next:
            return Step("complete", (END,), f"{state.name} was the last state")
        if state.direct is not None:
            done = _done(purpose_of(state), walk.conversation)
            walk.edges.append(EdgeJudgement(state.name, state.direct.to, "", not done, float(not done), done or "done"))
            if done:
                return Step("stay", (), done, tuple(walk.edges))
            self._go(walk, state.direct.to)
            return self._finished(walk, f"{state.name} is done")
        self._follow(walk, state)
        return self._finished(walk, "no transition holds")

    def _finished(self, walk: _Walk, why: str) -> Step:
        confidence: Confidence = "close" if walk.uncertain else "clear"
        edges, reason = tuple(walk.edges), walk.why or why
        if not walk.path:
            stay = reason if walk.uncertain or walk.why else "no transition holds"
            return Step("stay", (), stay, edges, confidence, walk.uncertain)
        if walk.path[-1] == END:
            return Step("complete", tuple(walk.path), reason, edges, confidence, walk.uncertain)
        return Step("advance", tuple(walk.path), reason, edges, confidence, walk.uncertain)

    def _follow(self, walk: _Walk, state: State) -> bool:
        """Take the transition of a state that holds best; False when none does or two are too close."""
        if state.direct is not None:
            walk.edges.append(EdgeJudgement(state.name, state.direct.to, "", True, 1.0, "direct"))
            return self._go(walk, state.direct.to)
        judged = self._edges.judge(state, walk.conversation)
        walk.edges.extend(judged)
        holding = sorted((edge for edge in judged if edge.holds), key=lambda edge: -edge.score)
        if not holding:
            return False
        if len(holding) > 1 and round(holding[0].score - holding[1].score, 4) < MARGIN:
            walk.uncertain = True
            walk.why = f"“{holding[0].condition}” and “{holding[1].condition}” are too close to tell"
            return False
        walk.why = walk.why or holding[0].why
        return self._go(walk, holding[0].to)

    def _go(self, walk: _Walk, to: str) -> bool:
        if to == END:
            walk.path.append(END)
            return True
        target = walk.journey.by_name.get(to)
        if target is None or len(walk.path) > _WITHOUT_SKIPPING:
            return False
        return self._enter(walk, target)

    def _enter(self, walk: _Walk, state: State) -> bool:
        """Enter a state: a fork is passed through, a chat state already answered is skipped; False for a dead end."""
        before = list(walk.path)
        if state.kind == "fork":
            walk.path.append(state.name)
            if self._follow(walk, state):
                return True
            walk.path[:] = before
            walk.why = walk.why if walk.uncertain else f"no transition of {state.name} holds"
            return False
        walk.path.append(state.name)
        if state.kind == "chat":
            self._skip(walk, state)
        return True

    def _skip(self, walk: _Walk, state: State) -> None:
        """Go on from a chat state that need not be said, because the conversation already holds what it asks for."""
        if walk.skipped >= MOST_HOPS or not state.next:
            return
        met = met_by(purpose_of(state), walk.conversation)
        others = frozenset(walk.used) if state.name not in walk.path else _used_before(walk, state)
        if met is None or met.quote in others:
            return
        kept, uncertain, why = list(walk.path), walk.uncertain, walk.why
        walk.skipped += 1
        walk.why = f"“{met.quote}” already answers {state.name}"
        if not self._follow(walk, state):
            walk.path[:], walk.uncertain, walk.why = kept, uncertain, why

    def _back(self, walk: _Walk, state: State) -> Step:
        walk.path.append(state.name)
        return Step("back", tuple(walk.path), f"“{walk.conversation.latest}” changes what {state.name} asked for")

    def _leaves(self, walk: _Walk, state: State) -> bool:
        """Whether the customer drops the journey, unless a transition of the state speaks of just that."""
        message = walk.conversation.latest
        if not (drops(message) or gives_up(walk.journey, message)):
            return False
        judged = self._edges.judge(state, walk.conversation) if state.direct is None else []
        walk.edges.extend(judged)
        return not any(edge.holds for edge in judged)

    def _earlier_meant(self, journey: Journey, position: Position, conversation: Conversation) -> State | None:
        """The earlier state whose purpose a change of mind names: `actually, a different date`."""
        said = spoken(conversation.latest)
        if not anywhere("change of mind").search(said):
            return None
        current = journey.by_name[position.current]
        stemmed = text_stems(conversation.latest)
        own = coverage(purpose_of(current).noun, stemmed).share if position.spoken else 0.0
        best: tuple[float, State] | None = None
        for name in dict.fromkeys(reversed(position.path[:-1])):
            state = journey.by_name.get(name)
            if state is None or name == position.current or purpose_of(state).aim is Aim.TELLS:
                continue
            share = coverage(purpose_of(state).noun, stemmed).share
            if share > max(own, best[0] if best else 0.3):
                best = (share, state)
        return best[1] if best else None


def _used_before(walk: _Walk, state: State) -> frozenset[str]:
    """What the states before this one were answered with."""
    place = walk.path.index(state.name)
    before = _Walk(walk.journey, walk.conversation, walk.visited, walk.path[:place])
    return before.used


def _done(purpose: Purpose, conversation: Conversation) -> str:
    """Why a state that was spoken is not done yet; empty when the customer has answered it."""
    message = conversation.latest
    if purpose.aim is Aim.TELLS or purpose.aim is Aim.OFFERS:
        return ""
    if purpose.aim is Aim.CONFIRMS:
        answer = reply(message)
        return "" if answer is Act.AGREES else f"“{message}” does not confirm {purpose.noun}"
    if purpose.aim is Aim.ASKS_WHETHER and reply(message) is not None:
        return ""
    if answer_in(purpose, conversation):
        return ""
    if all(asks_for_facts(part) for part in sentences(message)):
        return f"the customer asks something else: “{message}”"
    return f"“{message}” does not say {purpose.noun}"
