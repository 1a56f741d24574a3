"""Real turns of a small agent in which things win and lose in many ways, and an app with nothing but the inspector."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from textual.app import App, ComposeResult
from textual.pilot import Pilot

import studio
from engine.agent.model import Agent
from engine.choosing import ReasonerChoice
from engine.opening import open_agent
from engine.turn.live_session import LiveSession
from engine.turn.trace import TurnTrace
from studio.inspector.inspector import Inspector

START = datetime(2026, 3, 3, 18, 30)

AGENT = """\
name: Corner Café
preambles: off
composition_mode: strict
no_match: I am not sure about that one.
tools:
  call_owner:
    parameters: {phone: {type: string, source: customer}}
    data: called
  look_up_beans: {fields: {beans: arabica}}
  weigh_beans: {python: tools.weigh_beans}
observations:
  asks_beans: {condition: The customer asks about the beans, examples: [which beans do you use]}
guidelines:
  offer_tea:
    condition: The customer wants a coffee
    examples: [a coffee please]
    action: Tell them we only have tea
  offer_cake:
    condition: The customer wants a cake
    examples: [a cake please]
    action: Offer them a cake
  calm_down:
    condition: The customer complains loudly
    examples: [this is an outrage]
    action: Apologize and say that the owner will call
  owner_calls:
    condition: The customer wants to be called back
    examples: [call me back]
    action: Say that the owner will call
    tools: [call_owner]
  says_weight:
    condition: The customer asks for the weight
    examples: [how heavy is the bag]
    action: Tell the weight
    tools: [weigh_beans]
  tells_beans:
    condition: asks_beans
    examples: [which beans do you use]
    action: Tell them which beans we use
    tools: [look_up_beans]
  mention_fair_trade: {condition: The customer asks about fair trade, action: Mention fair trade}
  sleeping: {condition: The customer wants a bed, action: Say no, enabled: false}
relationships:
  - calm_down excludes offer_tea
  - offer_cake depends_on offer_tea
  - tells_beans entails mention_fair_trade
canned_responses:
  only_tea: {template: "Sorry, we only have tea.", signals: [We only have tea.]}
  tea_today: {template: We have tea today., signals: [Tea is what we have.]}
  price: {template: "It is {{ amount }} euros for the tea.", signals: [We only have tea.]}
  beans_are: {template: "Our beans are {{ beans }}.", signals: [Our beans are arabica.]}
  sorry: {template: I am sorry. The owner will call you., signals: [I apologize. The owner will call.]}
  which_day: {template: "On which day?", signals: [What is the day?]}
journeys:
  book_table:
    title: Book a table
    conditions: [The customer wants to book a table]
    states:
      ask_day:
        chat: Ask for the day
        next:
          - {to: ask_people, when: The customer prefers the evening, examples: [in the evening]}
          - {to: say_closed, when: The customer wants Monday, examples: [on Monday]}
      ask_people: {chat: Ask how many people come}
      say_closed: {chat: Say that Monday is closed}
"""
CODE = """\
def weigh_beans(context):
    raise ValueError("the scales are broken")
"""


async def turns(folder: Path, *messages: str, text: str = AGENT) -> tuple[TurnTrace, Agent]:
    """Take turns with an agent in a folder of the test's own; the last one, and the agent."""
    if not (folder / "agent.yaml").exists():
        (folder / "agent.yaml").write_text(text, "utf-8")
        (folder / "tools.py").write_text(CODE, "utf-8")
    opened = open_agent(folder, trusted=True, start=START, choice=ReasonerChoice(embeddings="lexical"))
    live = await LiveSession.open(opened.engine)
    for message in messages:
        trace = await live.say(message)
    await opened.engine.clock.close()
    await opened.engine.store.close()
    return trace, opened.engine.agent


class InspectorApp(App[None]):
    """Nothing but the inspector."""

    CSS_PATH = Path(studio.__file__).parent / "studio.tcss"

    def compose(self) -> ComposeResult:
        yield Inspector()


@asynccontextmanager
async def inspecting(
    trace: TurnTrace | None, agent: Agent, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[None]]:
    """Show a turn in the inspector, with the focus on it."""
    app = InspectorApp()
    async with app.run_test(size=size) as pilot:
        inspector = app.query_one(Inspector)
        inspector.show(trace, agent)
        inspector.focus()
        await pilot.pause()
        yield pilot
