"""Generative fields: filled from the conversation, or left out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from engine.agent.model import Agent
from engine.reasoner.base import FieldRequest
from engine.reasoner.conversation import Conversation, KnownResult, Said
from engine.reasoner.embedded.arguments.filling import fill


def filled(name: str, template: str, *said: str, **values: Any) -> Any:
    messages = tuple(Said("customer", text, place) for place, text in enumerate(said, start=1))
    conversation = Conversation(Agent(name="Test"), messages, datetime(2026, 3, 2, 9), turn=len(said), **values)
    return fill((FieldRequest(name, template),), conversation).get(name)


RETURN = "Can I ask why you'd like to return {{generative.item_name}}?"


@pytest.mark.parametrize(
    ("name", "template", "said", "expected"),
    [
        ("item_name", RETURN, "I want to return these headphones", "headphones"),
        ("item_name", RETURN, "i'd like to return the blue jacket i bought last week", "blue jacket"),
        ("item_name", RETURN, "I bought a toaster and want to return it", "toaster"),
        ("item_name", RETURN, "I want to send the jacket back", "jacket"),
        ("item_name", RETURN, "do returns cost anything?", None),
        ("item_name", RETURN, "hello there", None),
        (
            "product",
            "Sorry that {{ generative.product }} broke!",
            "My order of 'Glow Lamp' arrived broken",
            "Glow Lamp",
        ),
        (
            "destination",
            "Have fun in {{ generative.destination | title }}!",
            "I'm flying to Lisbon on Monday",
            "Lisbon",
        ),
        ("order_number", "About {{generative.order_number}}:", "where is order 4711?", "4711"),
        ("date", "See you on {{generative.date}}", "tomorrow works", "2026-03-03"),
        ("email", "I'll write to {{generative.email}}.", "it's dana@example.org", "dana@example.org"),
        ("feeling", "I see that you are {{generative.feeling}}.", "I'm really frustrated with this", "frustrated"),
        ("feeling", "I see that you are {{generative.feeling}}.", "where is my parcel", None),
        ("service", "Let's cancel {{generative.service}}.", "please cancel my gym membership", "gym membership"),
    ],
)
def test_a_field_is_what_its_name_and_its_template_ask_for(name: str, template: str, said: str, expected: Any) -> None:
    assert filled(name, template, said) == expected


def test_the_newest_message_is_read_first_and_earlier_ones_still_count() -> None:
    assert filled("item_name", RETURN, "I want to return my shoes", "it's urgent") == "shoes"
    assert filled("item_name", RETURN, "I want to return my shoes", "sorry, return the hat") == "hat"


def test_a_thing_named_in_an_earlier_wish_does_not_stand_for_the_one_meant_now() -> None:
    said = ("add the headlamp to my cart", "which sizes does the fleece have?", "I want to send the jacket back")
    assert filled("item_name", RETURN, *said) == "jacket"


def test_data_at_hand_fills_a_field_of_its_name() -> None:
    results = (KnownResult("get_order", {}, {"courier": "Speedy"}),)
    assert filled("courier", "{{generative.courier}} has it.", "where is it", results=results) == "Speedy"
    assert filled("customer_name", "Hi {{generative.customer_name}}", "hi", customer_name="Dana") == "Dana"


def test_several_fields_are_filled_on_their_own() -> None:
    conversation = Conversation(
        Agent(name="Test"), (Said("customer", "I want to return my shoes", 1),), datetime(2026, 3, 2, 9)
    )
    requests = (FieldRequest("item_name", RETURN), FieldRequest("email", "To {{generative.email}}"))
    assert fill(requests, conversation) == {"item_name": "shoes"}
