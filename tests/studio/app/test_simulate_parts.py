"""The parts of Simulate that know nothing of a terminal: lines, entries, layout, sessions."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from engine.session.clock import VirtualClock
from engine.session.events import Event, EventKind, EventSource
from engine.session.memory import MemoryStore
from engine.session.tiny import TinyStore
from studio.modes.simulate.kept_sessions import KeptSessions, when
from studio.modes.simulate.layout import Layout
from studio.modes.simulate.script import Entry, Script, _made_from, as_text, suggested, turn_of
from studio.modes.simulate.wrapping import one_line, shown, wrapped

NOW = datetime(2026, 3, 3, 18, 30)


# -- lines ----------------------------------------------------------------------------------------------------------


@given(st.text(max_size=300), st.integers(2, 60))
def test_no_line_is_wider_than_asked_and_no_word_is_lost(text, width):
    lines = wrapped(text, width)
    assert lines and all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(shown(text).split())


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("we only have Pepsi", 9, ("we only", "have", "Pepsi")),
        ("日本語です hello", 6, ("日本語", "です", "hello")),
        ("a👩‍👩‍👧b", 3, ("a👩‍👩‍👧", "b")),
        ("averylongword", 5, ("avery", "longw", "ord")),
        ("one\n\ntwo", 9, ("one", "", "two")),
        ("", 9, ("",)),
        ("naïve “café” – fine", 8, ("naïve", "“café” –", "fine")),
    ],
)
def test_text_is_cut_where_a_reader_expects_it(text, width, lines):
    assert wrapped(text, width) == lines


def test_what_cannot_be_drawn_is_made_visible_or_left_out():
    assert shown("a\x1b[31mb\tc\u202ed\u2066e") == "a\ufffd[31mb    cde"
    assert one_line("a\n  b\t\tc") == "a b c"


# -- entries --------------------------------------------------------------------------------------------------------


def event(offset: int, source: EventSource, kind: EventKind, data: object, turn: int = 1, **more: object) -> Event:
    return Event(
        id=f"s.{offset}", offset=offset, source=source, kind=kind, created=NOW, trace_id=f"s-t{turn}", data=data, **more
    )


def message(offset: int, source: EventSource, text: str, turn: int = 1, **more: object) -> Event:
    metadata = more.pop("metadata", {})
    return event(offset, source, EventKind.MESSAGE, {"message": text, **more}, turn, metadata=metadata)


def status(offset: int, name: str, turn: int = 1, **data: object) -> Event:
    return event(offset, EventSource.AI_AGENT, EventKind.STATUS, {"status": name, "data": data}, turn)


def test_events_are_taken_in_once_whatever_is_read_again():
    script = Script()
    events = [message(0, EventSource.CUSTOMER, "hi"), message(1, EventSource.AI_AGENT, "hello", draft="hello")]
    script.add(events)
    assert script.take_changed() == 0
    script.add(events)
    assert script.take_changed() is None
    assert [(entry.label, entry.text, entry.made_from) for entry in script.entries] == [
        ("you", "hi", ""),
        ("agent", "hello", "draft"),
    ]


def test_words_say_where_they_come_from():
    script = Script()
    script.add(
        [
            message(0, EventSource.AI_AGENT, "One moment", preamble=True),
            message(1, EventSource.AI_AGENT, "Sorry!", draft="I apologize", canned_responses=[["sorry", "Sorry!"]]),
            message(2, EventSource.AI_AGENT, "I apologize", draft="I apologize. Bye.", canned_responses=[]),
            event(3, EventSource.AI_AGENT, EventKind.MESSAGE, {"message": "Not sure.", "source": "no_match"}),
        ]
    )
    assert [entry.made_from for entry in script.entries] == ["preamble", "canned", "draft", "no match"]


def test_a_cancelled_turn_says_so_at_its_own_place():
    script = Script()
    script.add([message(0, EventSource.CUSTOMER, "a coke"), message(1, EventSource.CUSTOMER, "no, tea", turn=2)])
    script.take_changed()
    script.add([status(2, "cancelled"), status(3, "ready")])
    assert script.take_changed() == 1
    assert [entry.turn for entry in script.entries] == [1, 1, 2]
    assert "cancelled" in script.entries[1].text


def test_a_failed_turn_is_one_line():
    script = Script()
    script.add([message(0, EventSource.CUSTOMER, "hi"), status(1, "error", exception="no such tool")])
    assert script.entries[1] == Entry("fault", "", "✗ the turn failed: no such tool", 1)


def test_a_tool_that_hands_over_is_told_with_its_call():
    calls = [{"tool": "queue", "arguments": {"n": 1}, "result": {"control": {"mode": "manual"}}, "error": ""}]
    script = Script()
    script.add([event(0, EventSource.SYSTEM, EventKind.TOOL, {"tool_calls": calls})])
    assert [entry.text for entry in script.entries] == ["⚙ queue(n=1)", "● handed to a person from here on"]


def test_people_are_called_by_the_name_they_gave():
    script = Script()
    script.add(
        [
            message(0, EventSource.HUMAN_AGENT, "hi", participant={"display_name": "Lee"}),
            message(1, EventSource.HUMAN_AGENT, "hi", participant={"display_name": "Human agent"}),
            message(2, EventSource.HUMAN_AGENT_ON_BEHALF_OF_AI_AGENT, "hi"),
        ]
    )
    assert [entry.label for entry in script.entries] == ["Lee", "person", "agent*"]


@pytest.mark.parametrize(
    ("metadata", "replies"),
    [
        ({"reply_suggestions": ["Yes", "No"]}, ("Yes", "No")),
        ({"suggestions": ["Yes", 3, " "]}, ("Yes",)),
        ({"replies": [str(number) for number in range(20)]}, tuple("012345678")),
        ({"reply_suggestions": "Yes"}, ()),
        ({"reply_suggestions": [], "replies": ["Yes"]}, ("Yes",)),
        ({}, ()),
    ],
)
def test_replies_are_found_in_the_metadata(metadata, replies):
    assert suggested(metadata) == replies


def test_replies_are_gone_once_the_customer_has_spoken():
    script = Script()
    script.add([message(0, EventSource.AI_AGENT, "Sure?", metadata={"replies": ["Yes"]})])
    assert script.suggestions == ("Yes",)
    script.add([message(1, EventSource.CUSTOMER, "Hm", turn=2)])
    assert script.suggestions == ()


@pytest.mark.parametrize(("trace_id", "turn"), [("session-3-t12", 12), ("s-t0", 0), ("odd", 0), ("s-t²", 0), ("", 0)])
def test_the_turn_is_read_from_the_trace_id(trace_id, turn):
    assert turn_of(trace_id) == turn


def test_copied_text_names_who_speaks():
    entries = [Entry("customer", "you", "hi", 1), Entry("tool", "", "⚙ f()", 1), Entry("agent", "agent", "a\nb", 1)]
    assert as_text(entries) == "you: hi\n⚙ f()\nagent: a\nb"


# -- layout ---------------------------------------------------------------------------------------------------------

ENTRIES = st.lists(
    st.builds(
        Entry,
        kind=st.sampled_from(["customer", "agent", "note", "tool"]),
        label=st.just("you"),
        text=st.text(alphabet="ab 日\n", max_size=40),
        turn=st.integers(0, 4),
        made_from=st.sampled_from(["", "draft", "canned"]),
    ),
    min_size=1,
    max_size=12,
)


@given(ENTRIES, st.integers(4, 30), st.booleans(), st.data())
def test_adding_to_a_layout_gives_what_laying_out_afresh_gives(entries, width, airy, data):
    first = data.draw(st.integers(0, len(entries)))
    grown, fresh = Layout(width, airy=airy), Layout(width, airy=airy)
    grown.place(entries[:first])
    grown.place(entries, first)
    fresh.place(entries)
    assert grown.height == fresh.height
    assert [grown.at(y) for y in range(-1, fresh.height + 1)] == [fresh.at(y) for y in range(-1, fresh.height + 1)]


@given(ENTRIES, st.integers(4, 30))
def test_every_line_of_a_layout_belongs_to_an_entry_in_order(entries, width):
    layout = Layout(width)
    layout.place(entries)
    met = [layout.at(y).block.entry for y in range(layout.height)]
    assert list(dict.fromkeys(map(id, met))) == list(dict.fromkeys(map(id, entries)))


# -- sessions -------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["memory", "files"])
def store(request, tmp_path):
    clock = VirtualClock(NOW)
    return MemoryStore(clock) if request.param == "memory" else TinyStore(tmp_path / ".cuecard", clock)


async def test_a_hidden_session_comes_back_whole(store):
    session = await store.create_session("a", metadata={"own": 1})
    kept = KeptSessions(store)
    told = []
    kept.subscribe(lambda: told.append(1))
    await kept.hide(session.id)
    assert await kept.all() == []
    await kept.bring_back(session.id)
    assert [found.id for found in await kept.all()] == [session.id]
    assert (await store.get_session(session.id)) == session
    assert len(told) == 2


async def test_only_what_is_hidden_is_deleted_for_good(store):
    sessions = [await store.create_session("a") for _ in range(3)]
    kept = KeptSessions(store)
    await kept.hide(sessions[1].id)
    await kept.delete_hidden()
    assert [session.id for session in await store.list_sessions()] == [sessions[0].id, sessions[2].id]


async def test_sessions_are_listed_newest_first_by_what_was_said_first(store):
    for text in ("one", "two"):
        session = await store.create_session("a", customer_name="Sam")
        await store.append_event(session.id, EventSource.CUSTOMER, EventKind.MESSAGE, {"message": text}, trace_id="t")
    kept = KeptSessions(store)
    assert [await kept.first_words(session.id) for session in await kept.all()] == ["two", "one"]


@pytest.mark.parametrize(
    ("moment", "said"),
    [(datetime(2026, 3, 3, 9, 5), "09:05"), (datetime(2026, 1, 9), "9 Jan"), (datetime(2025, 1, 9), "2025-01-09")],
)
def test_times_are_as_short_as_they_can_be(moment, said):
    assert when(moment, NOW) == said


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"source": "no_match", "draft": "x", "canned_responses": []}, "no match"),
        ({"source": "restyled:hello", "draft": "x", "canned_responses": []}, "restyled"),
        ({"source": "draft", "draft": "x", "canned_responses": []}, "draft"),
        ({"source": "hello", "draft": "x", "canned_responses": [["hello", "Hi"]]}, "canned"),
        ({"draft": "x", "canned_responses": []}, "draft"),
    ],
)
def test_a_message_says_what_it_is_made_from(data, word):
    event = Event(
        id="s.0",
        offset=0,
        source=EventSource.AI_AGENT,
        kind=EventKind.MESSAGE,
        created=datetime(2026, 1, 1),
        trace_id="t",
        data={"message": "Hi", **data},
    )
    assert _made_from(event) == word
