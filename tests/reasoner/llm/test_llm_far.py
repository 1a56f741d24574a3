"""Conditions far from what was said are ruled out visibly, but never those that no wording is near to."""

from __future__ import annotations

import pytest

from engine.agent.model import Agent, Guideline, Parameter, Tool
from engine.reasoner.base import Condition
from engine.reasoner.embedded.language.similarity import LexicalSimilarity
from engine.reasoner.llm.far import MOST_CONDITIONS, Sieve, by_wording
from engine.turn.matching import conditions_of
from tests.reasoner.llm.fake_models import shop, talk

MANY = tuple(conditions_of(shop(600)).values())


async def near(*conditions: Condition, said: tuple[str, ...] = ("hello",), **fields: object) -> set[str]:
    sifted = await Sieve(LexicalSimilarity()).sift((*MANY, *conditions), talk(*said, **fields))
    assert {one.of for one in sifted.near}.isdisjoint(one.of for one in sifted.far)
    assert len(sifted.near) + len(sifted.far) == len(MANY) + len(conditions)
    return {one.of for one in sifted.near}


async def test_few_conditions_are_all_asked_about() -> None:
    sifted = await Sieve(LexicalSimilarity()).sift(MANY[:100], talk("nothing of the kind"))
    assert (len(sifted.near), sifted.far) == (100, ())


async def test_the_nearest_stay_in_their_order_and_the_farthest_say_why_they_are_out() -> None:
    sifted = await Sieve(LexicalSimilarity()).sift(MANY, talk("How much is the red hammer 40?"))
    names = [one.of for one in sifted.near]
    assert len(names) == MOST_CONDITIONS
    assert names == sorted(names, key=lambda name: int(name.removeprefix("about_")))
    assert "about_40" in names
    for judgement in sifted.far:
        assert not judgement.holds
        assert (judgement.rule, judgement.fresh) == ("ruled_out_early", False)
        assert judgement.score <= judgement.threshold
        assert f"{judgement.score:.2f}" in judgement.why
        assert f"{judgement.threshold:.2f}" in judgement.why


@pytest.mark.parametrize(
    "text",
    [
        "The customer greets the agent",
        "The customer is becoming upset",
        "The customer agrees",
        "The customer says goodbye",
        "There is an active promotion",
        "The agent is explaining the delivery area",
        "Always",
    ],
)
async def test_acts_data_and_what_the_agent_does_are_never_ruled_out(text: str) -> None:
    assert not by_wording(text)
    assert "kept" in await near(Condition("kept", text), said=("How much is the red hammer 40?",))


async def test_what_is_near_the_agents_last_words_or_an_example_is_kept() -> None:
    warranty = Condition("warranty", "The customer asks about the zinc warranty", ("is my grill covered?",))
    assert "warranty" not in await near(warranty, said=("the red hammer 40",))
    assert "warranty" in await near(warranty, said=("the hammer", "Do you mean the zinc warranty?", "yes"))
    assert "warranty" in await near(warranty, said=("is my grill covered",))


async def test_what_the_agent_has_just_asked_about_is_kept() -> None:
    tool = Tool(name="lookup", parameters=(Parameter(name="serial"),))
    own = Guideline(name="zinc", condition="The customer asks about zinc", action="Look it up", tools=("lookup",))
    agent = Agent(name="Shop", tools=(tool,), guidelines=(own,))
    zinc = Condition("zinc", own.condition)
    assert "zinc" not in await near(zinc, said=("4711",), agent=agent)
    assert "zinc" in await near(zinc, said=("4711",), agent=agent, asked=("serial",))
    assert "zinc" in await near(zinc, said=("4711",), agent=agent, asked=("zinc", "other"))


async def test_the_same_conversation_is_sifted_the_same_way_whatever_came_before() -> None:
    fresh, used = Sieve(LexicalSimilarity()), Sieve(LexicalSimilarity())
    await used.sift(MANY[::-1], talk("something else"))
    now = talk("where do I find blue buckets?")
    assert await fresh.sift(MANY, now) == await used.sift(MANY, now)


async def test_what_meanings_a_server_knows_is_compared_in_another_thread() -> None:
    class Waiting(LexicalSimilarity):
        waits = True

    now = talk("where do I find blue buckets?")
    assert await Sieve(Waiting()).sift(MANY, now) == await Sieve(LexicalSimilarity()).sift(MANY, now)
