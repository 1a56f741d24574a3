"""What a conversation is set to: who the customer is, variables, how the agent speaks, the time, who thinks (^l)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from engine.agent.basics import CompositionMode, parse_duration
from engine.agent.model import Agent
from engine.choosing import Kind, ReasonerChoice
from studio.chat_room import typed_value
from studio.modals.ask import AskText, Pick
from studio.modes.simulate.choice_sheet import ChoiceSheet
from studio.modes.simulate.choices import ANOTHER_HOST
from studio.modes.simulate.conversation import Conversation, Who
from studio.modes.simulate.wrapping import one_line
from studio.widgets.thing_list import Row

if TYPE_CHECKING:
    from studio.modes.simulate.screen import SimulateScreen

GUEST = "guest:"
"""The key of the row that makes the customer a guest."""

NAME = 13
"""Columns for the name of a setting."""

NEW_SESSION = "another begins a new session"
"""What is said of a setting that a session keeps from its first turn to its last."""

TRADE_OFFS = {
    CompositionMode.FLUID: "canned where one fits well, else its own words",
    CompositionMode.COMPOSITED: "its own words in the style of the canned",
    CompositionMode.STRICT: "canned only: full control, most to write",
}
"""What each mode gives and takes."""


def rows(conversation: Conversation, *, on_behalf: bool) -> list[Row]:
    """What can be set, each with what it is now.

    Args:
        conversation: The conversation.
        on_behalf: Whether a person who takes over speaks as the agent.
    """
    session, engine = conversation.session, conversation.engine
    customer = session.customer_name if session is not None else conversation.who.name
    overrides = session.state.overrides if session is not None else {}
    made = [
        _row("customer", "Customer", customer, NEW_SESSION),
        _row("mode", "Speaks", conversation.composition_mode.value, TRADE_OFFS[conversation.composition_mode]),
        _row("as", "A person", "speaks as the agent" if on_behalf else "speaks as themselves", "when you take over"),
    ]
    if conversation.virtual:
        made.append(_row("clock", "Time", f"{engine.clock.now():%a %d %b %Y %H:%M}", "let some pass"))
    for variable in engine.agent.variables:
        value = overrides.get(variable.name, variable.value)
        told = "set here" if variable.name in overrides else one_line(variable.description)
        made.append(_row(f"variable:{variable.name}", variable.name, one_line(repr(value)), told))
    info = engine.reasoner.info
    return [
        *made,
        _row("reasoner", "Reasoner", " · ".join(filter(None, (info.name, info.model))), NEW_SESSION),
        _row("embeddings", "Embeddings", info.embeddings, NEW_SESSION),
    ]


class Setup:
    """Asks for one setting after the other, starting from the sheet of all of them."""

    def __init__(self, screen: SimulateScreen) -> None:
        """Set up the screen's conversation."""
        self._screen = screen
        self._conversation = screen.conversation

    def open(self) -> None:
        """Show what can be set."""
        shown = rows(self._conversation, on_behalf=self._screen.on_behalf)
        self._screen.app.push_screen(Pick("Setup of this conversation", shown), self._chosen)

    def _chosen(self, key: str | None) -> None:
        if key is None:
            return
        asks: dict[str, Callable[[], None]] = {
            "customer": self._ask_customer,
            "mode": self._ask_mode,
            "as": self._screen.speak_as_other,
            "clock": self._ask_time,
            "reasoner": partial(self._ask_who_thinks, "reasoner"),
            "embeddings": partial(self._ask_who_thinks, "embeddings"),
        }
        if key in asks:
            asks[key]()
        else:
            self._ask_value(key.removeprefix("variable:"))

    def _ask_customer(self) -> None:
        agent = self._conversation.engine.agent
        shown = [
            Row(customer.id, _label(customer.name or customer.id, "", _tags(customer.tags)))
            for customer in agent.customers
        ]
        shown.append(Row(GUEST, _label("A guest …", "", "with a name and tags of your own")))
        self._screen.app.push_screen(Pick("Who is the customer?", shown), self._customer_chosen)

    def _customer_chosen(self, key: str | None) -> None:
        if key == GUEST:
            question = "The guest's name, then tags after a comma, e.g. Sam, vip"
            self._screen.app.push_screen(AskText(question, "Guest"), self._guest_named)
        elif key is not None:
            self._begin(who_is(self._conversation.engine.agent, key))

    def _guest_named(self, written: str | None) -> None:
        if written is not None:
            name, *tags = (part.strip() for part in written.split(","))
            self._begin(Who(None, name or "Guest", tuple(tag for tag in tags if tag)))

    def _begin(self, who: Who) -> None:
        """Begin as another customer, where a session that was not begun yet would have."""
        at = self._conversation.who.at if not self._conversation.id else None
        self._screen.begin(replace(who, at=at))

    def _ask_mode(self) -> None:
        shown = [Row(mode.value, _label(mode.value, "", told)) for mode, told in TRADE_OFFS.items()]
        title = "How does the agent speak in this conversation?"
        self._screen.app.push_screen(Pick(title, shown, self._conversation.composition_mode.value), self._mode_chosen)

    def _mode_chosen(self, key: str | None) -> None:
        if key is not None:
            self._screen.attempt(self._conversation.compose_as(CompositionMode(key)))

    def _ask_who_thinks(self, kind: Kind, host: str | None = None) -> None:
        """Have a reasoner or embeddings chosen.

        Args:
            kind: Which of them.
            host: The Ollama host to ask for its models; None for the one that was chosen last.
        """
        assert self._screen.workspace is not None
        now = self._screen.workspace.choice
        asked = now if host is None else replace(now, host=host)

        def chosen(key: str | None) -> None:
            if key == ANOTHER_HOST:
                self._ask_host(kind, asked)
            elif key is not None:
                self._think(replace(asked, **{kind: key}), now)

        self._screen.app.push_screen(ChoiceSheet(kind, asked), chosen)

    def _ask_host(self, kind: Kind, asked: ReasonerChoice) -> None:
        def named(written: str | None) -> None:
            if written is not None:
                self._ask_who_thinks(kind, written.strip())

        question = "Where does Ollama listen? e.g. http://192.168.1.20:11434; empty: where its client looks by itself"
        self._screen.app.push_screen(AskText(question, asked.host), named)

    def _think(self, choice: ReasonerChoice, now: ReasonerChoice) -> None:
        if choice != now:
            self._screen.attempt(self._screen.think_with(choice))

    def _ask_time(self) -> None:
        self._screen.app.push_screen(
            AskText("How much time passes? e.g. 20m, 2h, 1d", "20m", _no_duration), self._waited
        )

    def _waited(self, written: str | None) -> None:
        if written is not None:
            self._screen.attempt(self._conversation.advance(parse_duration(written)))

    def _ask_value(self, name: str) -> None:
        def given(written: str | None) -> None:
            if written is not None:
                self._screen.attempt(self._conversation.set_variable(name, typed_value(written)))

        self._screen.app.push_screen(AskText(f"{name} in this session: a value as in the agent file"), given)


def who_is(agent: Agent, customer_id: str) -> Who:
    """A customer of the agent file."""
    customer = next(customer for customer in agent.customers if customer.id == customer_id)
    return Who(customer.id, customer.name or customer.id, customer.tags)


def _row(key: str, name: str, value: str, told: str) -> Row:
    return Row(key, _label(name, value, told))


def _label(name: str, value: str, told: str) -> Content:
    label = Content.styled(f"{name:<{NAME}} ", "bold") + Content(value[:40])
    return label + Content.styled(f"  {told}" if told else "", "dim")


def _tags(tags: tuple[str, ...]) -> str:
    return ", ".join(tags)


def _no_duration(written: str) -> str:
    try:
        parse_duration(written)
    except ValueError as error:
        return str(error)
    return ""
