"""Talking to the agent in Simulate: what is typed is said, answered and explained."""

from __future__ import annotations

import pytest
from textual.events import Key

from engine.session.events import EventKind, EventSource
from engine.turn.messages import MAX_MESSAGE
from studio.inspector.why_sheet import WhySheet
from studio.modals.ask import AskText
from studio.widgets.split import Split

from .conftest import settled
from .talking import Failing, Waiting, events, lines, said, say, simulate, think_with, told, type_in

COKE = "Can I get a coke?"
UPSET = "What? I hate Pepsi, why don't you have coke??"


async def test_a_message_is_answered_and_explained(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, COKE)
        screen = simulate(pilot)
        assert [label for label, _ in told(pilot)] == ["you", "agent"]
        assert told(pilot)[0] == ("you", COKE)
        assert screen.inspector.trace.outcomes["offer_pepsi"].result.won
        assert screen.composer.text == ""
        assert ("turn 1", "dim") in screen.states() and screen.states()[0][0] == "● rec"
        assert any(text.endswith(" ms") for text, _ in screen.states())


async def test_the_transcript_shows_only_what_the_store_has(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, COKE)
        screen = simulate(pilot)
        store = screen.conversation.engine.store
        data = {"message": "from elsewhere"}
        await store.append_event(
            screen.conversation.id,
            EventSource.AI_AGENT,
            EventKind.MESSAGE,
            data,
            trace_id=f"{screen.conversation.id}-t1",
        )
        await settled(pilot)
        assert told(pilot)[-1] == ("agent", "from elsewhere")
        assert any("from elsewhere" in line for line in lines(pilot))
        messages = [event.text for event in await events(pilot) if event.text]
        assert [text for label, text in told(pilot) if label] == messages


async def test_looking_leaves_no_session_behind(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        assert await simulate(pilot).conversation.engine.store.list_sessions() == []


@pytest.mark.parametrize(
    ("text", "fault"), [("", "the message is empty"), ("x" * (MAX_MESSAGE + 1), "a session takes")]
)
async def test_what_cannot_be_said_stays_with_one_line(studio, workspace_folder, text, fault):
    async with studio(workspace_folder()) as pilot:
        composer = simulate(pilot).composer
        composer.put(text)
        await pilot.press("enter")
        await settled(pilot)
        assert fault in said(pilot) and composer.text == text and told(pilot) == []
        await pilot.press("a")
        assert said(pilot) == ""


async def test_lines_that_come_at_once_are_said_one_after_the_other_and_whole(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        for letter in "Can I get a coke?\nWhat? I hate Pepsi\nand":
            key = {"\n": "enter", " ": "space"}.get(letter, letter)
            pilot.app.post_message(Key(key, "\r" if letter == "\n" else letter))
        await settled(pilot)
        customer = [event.text for event in await events(pilot) if event.source is EventSource.CUSTOMER]
        assert [text for text in customer if text] == ["Can I get a coke?", "What? I hate Pepsi"]
        assert simulate(pilot).composer.text == "and"


@pytest.mark.parametrize("key", ["ctrl+j", "shift+enter"])
async def test_a_new_line_in_a_message(studio, workspace_folder, key):
    async with studio(workspace_folder()) as pilot:
        await pilot.press("a", key, "b")
        assert simulate(pilot).composer.text == "a\nb"
        await pilot.pause()
        assert simulate(pilot).composer.size.height == 2


async def test_the_composer_grows_to_five_lines(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await pilot.press(*["a", "ctrl+j"] * 9)
        await pilot.pause()
        assert simulate(pilot).composer.size.height == 5


async def test_up_and_down_bring_back_what_was_said_and_what_was_being_typed(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, "hello")
        await say(pilot, COKE)
        composer = simulate(pilot).composer
        await pilot.press(*"dra", "up")
        assert composer.text == COKE
        await pilot.press("up", "up")
        assert composer.text == "hello"
        await pilot.press("down", "down")
        assert composer.text == "dra"


async def test_a_newer_message_cancels_the_running_turn_and_typing_never_waits(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        reasoner = Waiting()
        await think_with(pilot, reasoner)
        await type_in(pilot, "hello")
        await pilot.pause()
        screen = simulate(pilot)
        assert screen.conversation.running == 1 and screen.transcript.quiet == "interpreting …"
        assert [stage.stage for stage in screen.inspector.trace.stages] == ["situation", "preamble"]
        await pilot.press(*COKE)
        assert screen.composer.text == COKE
        await pilot.press("enter")
        await pilot.pause()
        reasoner.gate.set()
        await settled(pilot)
        first, second = screen.conversation.traces[1], screen.conversation.traces[2]
        assert (first.status, second.status) == ("cancelled", "completed")
        assert "cancelled" in told(pilot)[1][1] and screen.transcript.quiet == ""


async def test_a_failed_turn_is_one_line_and_the_session_goes_on(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        reasoner = Failing()
        await think_with(pilot, reasoner)
        await say(pilot, "hello")
        assert told(pilot)[-1] == ("", "✗ the turn failed: the model is gone")
        reasoner.broken = False
        await say(pilot, COKE)
        assert told(pilot)[-1][0] == "agent"


async def test_an_edited_agent_answers_from_the_next_turn_on(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder) as pilot:
        await say(pilot, COKE)
        screen = simulate(pilot)
        before = screen.conversation
        file = folder / "agent.yaml"
        file.write_text(file.read_text("utf-8").replace("name: Bella Napoli", "name: Bella Roma", 1), "utf-8")
        await pilot.app.workspace.reload()
        await settled(pilot)
        await say(pilot, COKE)
        assert screen.conversation is before and screen.conversation.engine.agent.name == "Bella Roma"
        traces = screen.conversation.traces
        assert traces[1].agent != traces[2].agent and len(traces) == 2


async def test_an_edit_while_a_turn_runs_waits_for_its_end(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        reasoner = Waiting()
        await think_with(pilot, reasoner)
        await type_in(pilot, "hello")
        await pilot.pause()
        screen = simulate(pilot)
        digest = screen.conversation.engine.agent.digest
        await pilot.app.workspace.reload()
        await pilot.pause()
        reasoner.gate.set()
        await settled(pilot)
        assert screen.conversation.traces[1].status in ("completed", "silent")
        assert screen.conversation.traces[1].agent == digest


async def test_again_says_the_last_message_once_more(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, COKE)
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert [text for label, text in told(pilot) if label == "you"] == [COKE, COKE]
        assert simulate(pilot).transcript.selected == 2


async def test_again_before_anything_was_said_is_one_line(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert "nothing" in said(pilot)


@pytest.mark.parametrize("action", ["Ask if they need more help", ""])
async def test_the_agent_can_be_made_to_speak(studio, workspace_folder, action):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, COKE)
        await pilot.press("ctrl+t")
        assert isinstance(pilot.app.screen, AskText)
        await pilot.press(*action, "enter")
        await settled(pilot)
        trace = simulate(pilot).conversation.traces[2]
        assert trace.cause == "trigger" and trace.trigger == ((action,) if action else ())


async def test_leaving_the_question_triggers_nothing(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await pilot.press("ctrl+t", "escape")
        await settled(pilot)
        assert simulate(pilot).conversation.id == ""


# -- turns ----------------------------------------------------------------------------------------------------------


async def test_turns_are_selected_from_the_composer(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, "hello")
        await say(pilot, COKE)
        screen = simulate(pilot)
        assert screen.transcript.selected == 2
        await pilot.press("alt+up")
        await settled(pilot)
        assert screen.transcript.selected == 1 and screen.inspector.trace.turn == 1
        await pilot.press("alt+down")
        await settled(pilot)
        assert screen.inspector.trace.turn == 2 and screen.composer.has_focus


async def test_turns_are_selected_in_the_transcript(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        for text in ("hello", COKE, "thanks"):
            await say(pilot, text)
        screen = simulate(pilot)
        screen.transcript.focus()
        for key, turn in {"k": 2, "up": 1, "j": 2, "down": 3, "g": 1, "G": 3, "home": 1, "end": 3}.items():
            await pilot.press(key)
            assert screen.transcript.selected == turn, key
        await pilot.press("escape")
        assert screen.composer.has_focus


async def test_a_click_selects_a_turn(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, "hello")
        await say(pilot, COKE)
        await pilot.click("Transcript", offset=(10, 0))
        await settled(pilot)
        assert simulate(pilot).transcript.selected == 1
        assert lines(pilot)[0].startswith("▌")


async def test_the_selected_turn_stays_when_another_one_comes(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, "hello")
        await say(pilot, COKE)
        screen = simulate(pilot)
        await pilot.press("alt+up")
        await screen.conversation.trigger("Say hello")
        await settled(pilot)
        assert screen.transcript.newest == 3 and screen.transcript.selected == 1


async def test_why_opens_on_the_selected_turn(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, COKE)
        simulate(pilot).transcript.focus()
        await pilot.press("w")
        assert isinstance(pilot.app.screen, WhySheet)


async def test_copying_gives_a_turn_or_everything(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, "hello")
        await say(pilot, COKE)
        simulate(pilot).transcript.focus()
        await pilot.press("y")
        assert pilot.app.clipboard.startswith(f"you: {COKE}\nagent: ")
        await pilot.press("Y")
        assert pilot.app.clipboard.startswith("you: hello\n") and COKE in pilot.app.clipboard


async def test_the_pane_on_the_right_can_be_hidden(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        screen = simulate(pilot)
        await pilot.press("f8")
        await pilot.pause()
        assert not screen.inspector.region.size
        await pilot.press("f8")
        await pilot.pause()
        assert screen.inspector.region.size


async def test_on_a_narrow_screen_why_takes_the_place_of_the_chat(studio, workspace_folder):
    async with studio(workspace_folder(), size=(40, 10)) as pilot:
        await say(pilot, COKE)
        screen = simulate(pilot)
        await pilot.press("f8")
        await pilot.pause()
        assert screen.query_one(Split).aside and not screen.transcript.region.size
        await pilot.press("escape")
        await pilot.pause()
        assert screen.transcript.region.size and screen.composer.has_focus


# -- what might not fit ---------------------------------------------------------------------------------------------

ODD = [
    "x" * 10_000,
    "word " * 2_000,
    "日本語" * 500,
    "שלום \u202e עולם",
    "a\x1b[31mb\x07\x00c",
    "👩‍👩‍👧🇩🇪" * 60,
    "\t\ttab",
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
async def test_odd_messages_never_break_a_line(studio, workspace_folder, text):
    async with studio(workspace_folder()) as pilot:
        screen = simulate(pilot)
        screen.composer.put(text)
        await pilot.press("enter")
        await settled(pilot)
        transcript = screen.transcript
        assert transcript.virtual_size.height > 0
        for size in [(40, 10), (81, 24), (160, 48), (20, 5), (80, 24)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            for y in range(transcript.size.height):
                strip = transcript.render_line(y)
                assert strip.cell_length == transcript.size.width
                assert "\x1b" not in strip.text and "\u202e" not in strip.text


async def test_the_end_stays_in_sight_unless_somebody_has_scrolled_up(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        for _ in range(8):
            await say(pilot, COKE)
        transcript = simulate(pilot).transcript
        assert transcript.is_vertical_scroll_end and transcript.max_scroll_y > 0
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert transcript.is_vertical_scroll_end
        transcript.scroll_to(y=0, animate=False, immediate=True)
        await simulate(pilot).conversation.trigger("Say hello")
        await settled(pilot)
        assert transcript.scroll_offset.y == 0
        await say(pilot, "hello")
        assert transcript.is_vertical_scroll_end


async def test_without_an_agent_everything_typed_stays_and_no_key_breaks(studio, workspace_folder):
    folder = workspace_folder()
    (folder / "agent.yaml").write_text("guidelines: [", "utf-8")
    async with studio(folder) as pilot:
        await pilot.press("ctrl+r", "ctrl+t", "ctrl+l", "ctrl+o", "alt+1", "alt+up", "ctrl+up", *"hello", "enter")
        await settled(pilot)
        assert simulate(pilot).composer.text == "hello" and "Author (F3) says what is wrong" in said(pilot)


async def test_the_chat_begins_once_the_agent_is_mended(studio, workspace_folder):
    folder = workspace_folder()
    right = (folder / "agent.yaml").read_text("utf-8")
    (folder / "agent.yaml").write_text("guidelines: [", "utf-8")
    async with studio(folder) as pilot:
        (folder / "agent.yaml").write_text(right, "utf-8")
        await pilot.app.workspace.reload()
        await settled(pilot)
        await say(pilot, COKE)
        assert told(pilot)[-1][0] == "agent"


async def test_keys_that_come_all_at_once_act_in_their_order(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        keys = ["a", "b", "c", "backspace", "backspace", "d", "enter", "x", "ctrl+u", "y", "left", "z"]
        for key in keys:
            pilot.app.post_message(Key(key, key if len(key) == 1 else None))
        await settled(pilot)
        assert told(pilot)[0] == ("you", "ad") and simulate(pilot).composer.text == "zy"
