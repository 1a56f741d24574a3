"""Journeys that the tests draw, written in a short form."""

from __future__ import annotations

from engine.agent.model import Journey, State, Transition

Ways = dict[str, str] | str | None


def chat(name: str, text: str, ways: Ways = None) -> State:
    return State(name=name, chat=text, next=transitions(ways))


def tool(name: str, ways: Ways = None) -> State:
    return State(name=name, tool=name, next=transitions(ways))


def fork(name: str, ways: Ways = None) -> State:
    return State(name=name, next=transitions(ways))


def transitions(ways: Ways) -> tuple[Transition, ...]:
    if isinstance(ways, dict):
        return tuple(Transition(to=to, when=label) for label, to in ways.items())
    return (Transition(to=ways),) if ways else ()


FLIGHT = Journey(
    name="book_flight",
    states=(
        chat(
            "destination",
            "Ask for the destination",
            {"They name a destination": "dates", "They don't know where to go": "load_popular_destinations"},
        ),
        tool("load_popular_destinations", "recommend"),
        chat(
            "recommend",
            "Recommend popular destinations",
            {"They want other ideas": "load_popular_destinations", "They pick one": "dates"},
        ),
        chat("dates", "Ask for the travel dates", {"They give dates": "confirm"}),
        chat(
            "confirm", "Confirm the booking details", {"They want other dates": "dates", "They confirm": "book_flight"}
        ),
        tool("book_flight", "ticket"),
        chat("ticket", "Provide the ticket number", "end"),
    ),
)
"""Two ways that meet again, two loops."""

SUPPORT = Journey(
    name="support",
    states=(
        chat("verify", "Verify the customer's identity", {"They give the account number": "lookup_account"}),
        tool("lookup_account", {"Account not found": "verify", "Account found": "what_is_the_problem_about"}),
        fork(
            "what_is_the_problem_about",
            {
                "About a bill": "bill",
                "Internet is down": "modem",
                "They are moving": "address",
                "They want to cancel": "why",
            },
        ),
        chat(
            "bill",
            "Explain the latest bill",
            {"They dispute a charge": "create_adjustment", "They understand": "summary"},
        ),
        tool("create_adjustment", "summary"),
        chat(
            "modem",
            "Walk through a modem restart",
            {"Still not working": "run_line_test", "It works again": "summary"},
        ),
        tool("run_line_test", {"No fault found": "modem", "Fault found": "technician"}),
        chat("technician", "Book a technician visit", "summary"),
        chat("address", "Ask for the new address", "check_coverage"),
        tool("check_coverage", {"Covered": "summary", "Not covered": "offer"}),
        chat("why", "Ask why they want to leave", "offer"),
        chat("offer", "Make a retention offer", {"They stay": "summary", "They leave": "goodbye"}),
        chat(
            "summary",
            "Summarise what was done",
            {"Anything else?": "what_is_the_problem_about", "Nothing else": "goodbye"},
        ),
        chat("goodbye", "Say goodbye"),
    ),
)
"""Fourteen states and a start, with loops, a fork of four and merges."""
