"""Sessions, people, settings and commands in Simulate."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual._xterm_parser import XTermParser

from engine.agent.basics import CompositionMode
from engine.session.events import EventSource
from engine.session.memory import MemoryStore
from engine.session.tiny import TinyStore
from engine.turn.live_session import LiveSession
from studio.modals.ask import AskText, Pick
from studio.modes.simulate.kept_sessions import REMOVED
from studio.modes.simulate.sessions import SessionList, SessionSheet
from studio.widgets.thing_list import ThingList

from .conftest import START, settled
from .talking import events, said, say, simulate, told

COKE = "Can I get a coke?"


async def kept(pilot) -> list[str]:
    sessions = await simulate(pilot).conversation.engine.store.list_sessions()
    return [session.id for session in sessions if REMOVED not in session.metadata]


async def open_sheet(pilot) -> SessionSheet:
    await pilot.press("ctrl+o")
    await settled(pilot)
    assert isinstance(pilot.app.screen, SessionSheet)
    return pilot.app.screen


# -- sessions -------------------------------------------------------------------------------------------------------


async def test_a_session_goes_on_after_the_studio_was_left(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder) as pilot:
        await say(pilot, COKE)
        before = told(pilot)
    async with studio(folder) as pilot:
        await open_sheet(pilot)
        await pilot.press("enter")
        await settled(pilot)
        screen = simulate(pilot)
        assert screen.thing == "session-1" and told(pilot) == before
        assert screen.inspector.trace.outcomes["offer_pepsi"].result.won
        await say(pilot, "thanks")
        assert screen.conversation.traces[2].turn == 2


async def test_another_session_begins_and_the_first_comes_back_with_its_draft(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, COKE)
        await pilot.press(*"dra")
        await open_sheet(pilot)
        await pilot.press("n")
        await settled(pilot)
        screen = simulate(pilot)
        assert screen.thing == "new" and screen.composer.text == "" and told(pilot) == []
        await say(pilot, "hello")
        assert await kept(pilot) == ["session-1", "session-2"]
        await pilot.app.go("simulate", "session-1")
        await settled(pilot)
        assert told(pilot)[0] == ("you", COKE) and screen.composer.text == "dra"


async def test_a_session_is_given_a_name_and_loses_it_again(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, COKE)
        sheet = await open_sheet(pilot)
        await pilot.press("e")
        await settled(pilot)
        assert isinstance(pilot.app.screen, AskText)
        await pilot.press(*"Coke", "enter")
        await settled(pilot)
        store = simulate(pilot).conversation.engine.store
        assert (await store.get_session("session-1")).title == "Coke"
        assert "Coke" in str(sheet.query_one(SessionList).things.rows.get_option("session-1").prompt)
        await pilot.press("ctrl+z")
        await settled(pilot)
        assert (await store.get_session("session-1")).title == ""
        await pilot.press("ctrl+y")
        await settled(pilot)
        assert (await store.get_session("session-1")).title == "Coke"


async def test_a_deleted_session_comes_back_with_undo_and_is_gone_once_the_studio_is_left(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder) as pilot:
        await say(pilot, COKE)
        await open_sheet(pilot)
        await pilot.press("d")
        await settled(pilot)
        assert await kept(pilot) == [] and simulate(pilot).thing == "new"
        await pilot.press("ctrl+z")
        await settled(pilot)
        assert await kept(pilot) == ["session-1"] and len(await simulate(pilot).kept.all()) == 1
        await pilot.press("d")
        await settled(pilot)
    async with studio(folder) as pilot:
        assert await simulate(pilot).conversation.engine.store.list_sessions() == []


async def test_what_was_deleted_before_a_crash_is_back(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder) as pilot:
        await say(pilot, COKE)
        await simulate(pilot).kept.hide("session-1")
        simulate(pilot).kept = None  # a studio that was killed deletes nothing
    async with studio(folder) as pilot:
        assert await kept(pilot) == ["session-1"]
        assert "1 deleted session is back" in said(pilot)


async def test_an_unknown_session_is_one_line(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        simulate(pilot).show("session-99")
        await settled(pilot)
        assert said(pilot) == "there is no session session-99 any more"


async def test_a_folder_held_by_another_process_is_said_and_talked_in_all_the_same(studio, workspace_folder):
    folder = workspace_folder()
    from engine.session.clock import VirtualClock

    other = TinyStore(folder / ".cuecard", VirtualClock(START))
    try:
        async with studio(folder) as pilot:
            await say(pilot, COKE)
            assert told(pilot)[-1][0] == "agent"
            assert all(text != "● rec" for text, _ in simulate(pilot).states())
    finally:
        await other.close()


async def test_a_wide_screen_lists_the_sessions_at_the_left(studio, workspace_folder):
    async with studio(workspace_folder(), size=(160, 48)) as pilot:
        await say(pilot, COKE)
        sessions = simulate(pilot).query_one(SessionList)
        assert sessions.region.size and sessions.things.keys == ("session-1",)
        sessions.things.focus()
        await pilot.press("n")
        await settled(pilot)
        assert simulate(pilot).thing == "new"
        sessions.things.focus()
        await pilot.press("enter")
        await settled(pilot)
        assert simulate(pilot).thing == "session-1"


async def test_a_conversation_from_elsewhere_goes_on_and_is_not_kept(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        from dataclasses import replace

        screen = simulate(pilot)
        engine = screen.conversation.engine
        own = replace(engine, store=MemoryStore(engine.clock))
        live = await LiveSession.open(own)
        await live.say(COKE)
        await screen.take(live, "Only Pepsi · run 1")
        await settled(pilot)
        assert screen.thing == "Only Pepsi · run 1" and screen.states()[0][0] == "○ not kept"
        assert screen.inspector.trace is live.traces[0]
        await say(pilot, "thanks")
        assert len(live.traces) == 2 and await engine.store.list_sessions() == []
        screen.show("new")
        await settled(pilot)
        screen.show("Only Pepsi · run 1")
        await settled(pilot)
        assert told(pilot)[0] == ("you", COKE)


# -- people ---------------------------------------------------------------------------------------------------------


async def test_a_person_takes_over_answers_and_gives_back_what_was_held(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, COKE)
        screen = simulate(pilot)
        screen.transcript.focus()
        await pilot.press("h")
        await settled(pilot)
        assert screen.conversation.manual and "person" in str(screen.typing.query_one("#prompt").render())
        await pilot.press("escape")
        await say(pilot, "Lee here")
        assert told(pilot)[-1] == ("person", "Lee here")
        held = "Ask if they need more help"
        await pilot.press("ctrl+t", *held, "enter")
        await settled(pilot)
        assert "1 held" in screen.transcript.quiet and screen.typing.offered == (held,)
        await pilot.press("alt+1")
        assert screen.composer.text == held
        screen.transcript.focus()
        await pilot.press("h")
        await settled(pilot)
        assert not screen.conversation.manual
        assert screen.conversation.traces[max(screen.conversation.traces)].trigger == (held,)
        assert any("given back" in text for _, text in told(pilot))


async def test_a_hand_off_by_the_agent_is_followed(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, COKE)
        await say(pilot, "What? I hate Pepsi, why don't you have coke??")
        assert simulate(pilot).conversation.manual
        assert any("handed to a person" in text for _, text in told(pilot))
        await say(pilot, "Lee here")
        assert (await events(pilot))[-1].source is EventSource.HUMAN_AGENT


async def test_an_offered_reply_is_said_with_its_key(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        screen = simulate(pilot)
        first = screen.typing.offered[0]
        await pilot.press("alt+1")
        await settled(pilot)
        assert told(pilot)[0] == ("you", first)


async def test_alt_with_a_digit_is_that_key_in_terminals_that_send_escape_first(studio, workspace_folder):
    async with studio(workspace_folder()):
        parser = XTermParser(debug=False)
        found = [event for sent in ("\x1b1", "") for event in parser.feed(sent)]
        assert [event.key for event in found] == ["alt+1"]


async def test_an_offered_reply_joins_what_is_being_typed(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        first = simulate(pilot).typing.offered[0]
        await pilot.press(*"so ", "alt+1", "alt+9")
        assert simulate(pilot).composer.text == f"so {first}"


# -- settings -------------------------------------------------------------------------------------------------------


async def choose(pilot, *keys: str) -> None:
    """Open the setup and choose rows by key, one sheet after the other."""
    await pilot.press("ctrl+l")
    for key in keys:
        assert isinstance(pilot.app.screen, Pick)
        await pilot.pause()
        things = pilot.app.screen.query_one("ThingList")
        assert things.select(key), things.keys
        await pilot.press("enter")
        await settled(pilot)


async def test_a_customer_of_the_agent_file_begins_a_session(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await choose(pilot, "customer", "sofia")
        await say(pilot, "hello")
        session = await simulate(pilot).conversation.engine.store.get_session("session-1")
        assert (session.customer, session.customer_name, session.customer_tags) == ("sofia", "Sofia", ("regular",))


async def test_a_guest_has_a_name_and_tags(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await choose(pilot, "customer", "guest:")
        await pilot.press("ctrl+a", "ctrl+k", *"Sam, vip", "enter")
        await settled(pilot)
        await say(pilot, "hello")
        session = await simulate(pilot).conversation.engine.store.get_session("session-1")
        assert (session.customer, session.customer_name, session.customer_tags) == (None, "Sam", ("vip",))


async def test_a_variable_is_set_for_this_session(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await choose(pilot, "variable:loyalty")
        await pilot.press(*"regular", "enter")
        await settled(pilot)
        session = await simulate(pilot).conversation.engine.store.get_session("session-1")
        assert session.state.overrides == {"loyalty": "regular"}


async def test_the_agent_speaks_in_another_mode(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await choose(pilot, "mode", "strict")
        assert simulate(pilot).conversation.engine.agent.composition_mode is CompositionMode.STRICT
        await say(pilot, COKE)
        assert simulate(pilot).conversation.traces[1].stages[-2].mode is CompositionMode.STRICT


async def test_virtual_time_passes(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, COKE)
        await choose(pilot, "clock")
        await pilot.press("ctrl+a", "ctrl+k", *"soon", "enter")
        assert isinstance(pilot.app.screen, AskText)
        await pilot.press("ctrl+a", "ctrl+k", *"2h", "enter")
        await settled(pilot)
        assert simulate(pilot).conversation.engine.clock.now() == START + timedelta(hours=2)
        assert simulate(pilot).conversation.traces[2].cause == "trigger"


async def test_a_person_can_speak_as_the_agent(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await choose(pilot, "as")
        await say(pilot, "/manual")
        await say(pilot, "One moment")
        assert (await events(pilot))[-1].source is EventSource.HUMAN_AGENT_ON_BEHALF_OF_AI_AGENT


# -- commands -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/help", "/trigger"),
        ("/set loyalty=regular", "loyalty is regular in this session"),
        ("/wait 20m", "it is 2026-03-03 18:50"),
        ("/why offer_pepsi", "guideline offer_pepsi: matched"),
    ],
)
async def test_a_command_answers_above_the_composer(studio, workspace_folder, line, answer):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, COKE)
        await say(pilot, line)
        assert answer in said(pilot) and simulate(pilot).composer.text == ""


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("/humna hi", "Did you mean human?"),
        ("/", "there is no /;"),
        ("/set plan", "write /set NAME=VALUE"),
        ("/human", "write /human and what the person says"),
        ("/wait soon", "is no length of time"),
        ("/why", "no turn to explain yet"),
    ],
)
async def test_a_command_that_cannot_be_done_stays_with_one_line(studio, workspace_folder, line, fault):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, line)
        assert fault in said(pilot) and simulate(pilot).composer.text == line


async def test_commands_do_what_their_keys_do(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        screen = simulate(pilot)
        await say(pilot, COKE)
        await say(pilot, "/retry")
        assert screen.conversation.traces[2].heard == (COKE,)
        await say(pilot, "/trigger Ask if they need more help")
        assert screen.conversation.traces[3].cause == "trigger"
        await say(pilot, "/manual")
        await say(pilot, "/customer Hello?")
        assert told(pilot)[-1] == ("you", "Hello?") and screen.conversation.traces[4].mode == "manual"
        await say(pilot, "/auto")
        assert not screen.conversation.manual
        await say(pilot, "/human Lee here")
        assert told(pilot)[-1] == ("person", "Lee here")
        await say(pilot, "/new")
        assert screen.thing == "new"


async def test_the_setup_says_who_does_the_thinking(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await pilot.press("ctrl+l")
        await settled(pilot)
        rows = {option.id: str(option.prompt) for option in pilot.app.screen.query_one(ThingList).rows.options}
        assert "embedded" in rows["reasoner"] and "lexical" in rows["embeddings"]
        assert all("another begins a new session" in rows[key] for key in ("reasoner", "embeddings", "customer"))


async def test_the_list_of_sessions_counts_the_turns(studio, workspace_folder):
    async with studio(workspace_folder(), size=(160, 48)) as pilot:
        await say(pilot, COKE)
        await say(pilot, "thanks")
        rows = simulate(pilot).query_one(SessionList).things.rows
        assert "2 turns" in str(rows.get_option("session-1").prompt)
