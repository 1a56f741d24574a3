"""How a conversation stands, in few words: for line 1 and for the last line of the transcript."""

from __future__ import annotations

from engine.turn.trace import TurnTrace
from studio.inspector.entries import duration
from studio.modes.simulate.conversation import Conversation, Who
from studio.modes.simulate.wrapping import one_line

EMPTY = (
    "Say something as the customer, and see on the right why the agent answers as it does.\n\n"
    "^o goes on with an earlier session, ^l chooses the customer, /help lists commands."
)

A_WHILE = 2.0
"""Seconds after which it is said how long a turn takes."""

UNSENT = "✎ draft, not sent:"
"""Stands before the draft that a language model is writing, since what is sent may be something else."""


def states(
    conversation: Conversation, turn: int, trace: TurnTrace | None, *, kept: bool
) -> tuple[tuple[str, str], ...]:
    """Whether it is kept, which turn is selected and how long it took, each with its style.

    Args:
        conversation: The conversation.
        turn: The selected turn; 0 for none.
        trace: Its trace, as far as it is known.
        kept: Whether the workspace keeps its sessions; where it does not, the frame says so itself.
    """
    found: list[tuple[str, str]] = []
    if conversation.title:
        found.append(("○ not kept", "$text-warning"))
    elif kept:
        found.append(("● rec", "$text-error"))
    if turn:
        found.append((f"turn {turn}", "dim"))
    if trace is not None and trace.seconds:
        found.append((duration(trace.seconds), "dim"))
    return tuple(found)


def empty_line(who: Who) -> str:
    """What stands where nothing was said yet.

    Args:
        who: Who the customer will be, and where the session will begin.
    """
    if who.at is None:
        return EMPTY
    return f"▶ {who.at.said}.\n\nSay something as the customer, or let the agent speak first with ^t and enter."


def quiet_line(conversation: Conversation, now: float, read: tuple[int, int] | None = None) -> str:
    """What happens now: the agent is read, thinks or types, or a person has the session; empty when nothing does.

    Args:
        conversation: The conversation.
        now: The time on the clock of `time.monotonic`.
        read: How many texts of how many are read, while the agent is being read for the first time.
    """
    if read is not None:
        then = f", then “{one_line(conversation.waiting)}” is answered" if conversation.waiting else ""
        return f"reading the agent: {read[0]:,} of {read[1]:,} texts{then} · Esc stops it"
    if conversation.waiting:
        waited = _waited(now - conversation.since)
        return f"getting ready to answer “{one_line(conversation.waiting)}” …{waited}"
    if conversation.running:
        return _thinking(conversation, now - conversation.since)
    if not conversation.manual:
        return ""
    held = held_line(conversation)
    return "a person has this session; h gives it back" + (f" · {held}" if held else "")


def _thinking(conversation: Conversation, seconds: float) -> str:
    """What the turn is about, how long it has taken where that is long, and the draft that is being written."""
    line = f"{(conversation.script.status or 'acknowledged').lower()} …{_waited(seconds)}"
    if seconds >= A_WHILE:
        line += " · Esc stops it"
    if not conversation.writing:
        return line
    return f"{line}\n{UNSENT} {conversation.writing}"


def _waited(seconds: float) -> str:
    """How long something takes, where that is long."""
    return f" {seconds:.0f} s" if seconds >= A_WHILE else ""


def held_line(conversation: Conversation) -> str:
    """What waits until the session is given back, as one line; empty when nothing does."""
    held = conversation.session.state.held if conversation.session is not None else ()
    if not held:
        return ""
    names = ", ".join(trigger.name or "a message" for trigger in held)
    return f"{len(held)} held until then: {names}"
