"""What a reasoner and an index do only once, done before the first message: the first turn is as fast as any."""

from __future__ import annotations

from engine.reasoner.base import Brief, Conversation, Instruction, Said
from engine.turn.engine import Engine
from engine.turn.matching import conditions_of, journey_conditions


async def warm_up(engine: Engine) -> None:
    """Judge, draft and search once for nothing. No tool runs, no session is touched, nothing is kept but caches.

    Args:
        engine: What the turns will run with. May be called from another thread than theirs.
    """
    agent = engine.agent
    words = agent.guidelines[0].condition if agent.guidelines else agent.description
    said = Said("customer", words or agent.name, 1)
    conversation = Conversation(agent=agent, messages=(said,), now=engine.clock.now())
    conditions = [*conditions_of(agent).values(), *journey_conditions(agent, agent.journeys)]
    await engine.reasoner.match(conditions, conversation)
    told = tuple(Instruction(own.name, "guideline", own.action, own.say) for own in agent.guidelines[:1])
    draft = await engine.reasoner.draft(Brief(conversation, told))
    await engine.index.search(draft.text or agent.name, [response for response, _ in agent.scoped_responses()])
    for tool in agent.tools[:1]:
        await engine.reasoner.arguments(tool, conversation)
