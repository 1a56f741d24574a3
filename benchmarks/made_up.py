"""Agents of any size, made of words that differ, the same for the same size."""

from __future__ import annotations

from random import Random

from engine.agent.model import Agent, CannedResponse, Guideline

THINGS = (
    "invoice parcel refund password delivery address subscription warranty voucher booking ticket seat meal luggage "
    "contract router payment card statement loan fee exchange size colour battery screen printer mattress garden tour "
    "guide visa passport insurance claim doctor appointment recipe pizza drink discount membership gift receipt oven "
    "fridge kettle lamp sofa curtain carpet ladder drill hammer paint roof window door lock key alarm camera tripod "
    "lens guitar piano violin drum concert museum castle boat ferry train tram bicycle helmet scooter tyre engine "
    "brake mirror wiper petrol charger cable adapter headset keyboard mouse monitor laptop tablet phone sim roaming "
    "voicemail contact calendar reminder backup folder photo album poster frame calculator notebook pencil envelope "
    "stamp parking permit licence tax pension salary bonus mortgage rent deposit tenant landlord plumber electrician "
    "cleaner nanny school exam tutor library novel magazine newspaper crossword puzzle chess racket tennis swimming "
    "pool sauna massage haircut shampoo perfume lipstick razor toothbrush dentist vaccine allergy pill bandage "
    "thermometer glasses hearing wheelchair crutch dog cat hamster aquarium feather saddle tractor fence seed tulip "
    "compost honey cheese bread butter sausage salad soup noodle curry sushi cocktail beer wine coffee tea juice"
).split()
VERBS = (
    "change|cancel|find|return|pay for|ask about|complain about|upgrade|repair|reorder|track|compare|insure|clean|"
    "rent|lend|collect|test|replace|register|photograph|donate|sell|store|measure|activate|block|unlock|share|print"
).split("|")
PLACES = (
    "at home|in the app|abroad|at the counter|by phone|for a friend|for the office|before friday|without a receipt|"
    "on holiday|after midnight|for my mother|in another town|with a coupon|at the airport|for two people"
).split("|")
TOPICS = [f"{verb} the {thing}" for thing in THINGS for verb in VERBS]


def agent(guidelines: int, responses: int) -> Agent:
    """An agent with so many guidelines, three examples each, and so many canned responses, two signals each."""
    random = Random(guidelines * 7919 + responses)
    return Agent(
        name="Measured",
        preambles="off",
        guidelines=tuple(_guideline(random, number) for number in range(guidelines)),
        canned_responses=tuple(_response(random, number) for number in range(responses)),
    )


def _guideline(random: Random, number: int) -> Guideline:
    topic = TOPICS[number * 37 % len(TOPICS)]
    return Guideline(
        name=f"guideline_{number}",
        condition=f"The customer wants to {topic}",
        action=f"Tell them how to {topic}",
        examples=(
            f"how do i {topic}",
            f"i need to {topic} {random.choice(PLACES)}",
            f"can you {topic} {random.choice(PLACES)} please",
        ),
    )


def _response(random: Random, number: int) -> CannedResponse:
    topic = TOPICS[number * 37 % len(TOPICS)]
    return CannedResponse(
        name=f"response_{number}",
        template=f"To {topic} {random.choice(PLACES)}, open your page, {{{{std.customer.name}}}}.",
        signals=(f"Here is how to {topic}.", f"You can {topic} {random.choice(PLACES)}."),
    )


def messages(count: int) -> list[str]:
    """So many things that different customers might say to such an agent, each about one topic or about none."""
    random = Random(count)
    openings = ("hi, i want to", "how can i", "please help me", "is it possible to", "hello? i must")
    said = []
    for number in range(count):
        topic = TOPICS[random.randrange(count) * 37 % len(TOPICS)]
        about = topic if number % 3 else "know what the weather is like"
        said.append(f"{random.choice(openings)} {about} {random.choice(PLACES)}")
    return said


def agent_file(responses: int, guidelines: int) -> str:
    """The text of an agent file with so many responses and guidelines."""
    made = agent(guidelines, responses)
    lines = [f"name: {made.name}", "guidelines:"]
    for guideline in made.guidelines:
        lines += [f"  {guideline.name}:", f"    condition: {guideline.condition}", f"    action: {guideline.action}"]
        lines += ["    examples:", *(f"      - {example}" for example in guideline.examples)]
    lines.append("canned_responses:")
    for response in made.canned_responses:
        lines += [f"  {response.name}:", f"    template: {response.template}", "    signals:"]
        lines += [f"      - {signal}" for signal in response.signals]
    return "\n".join(lines) + "\n"
