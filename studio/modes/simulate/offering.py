"""What is offered above the composer: replies, held triggers, first messages to try."""

from __future__ import annotations

from engine.agent.model import Agent
from studio.modes.simulate.conversation import Conversation

STARTERS = 3
"""How many first messages are offered."""


def offers(conversation: Conversation) -> tuple[str, ...]:
    """What is one key away now.

    Args:
        conversation: A person who has taken over is offered what the agent was held back from saying; a customer what
            the agent's last message suggests or, before anything was said, what the agent's author expects.
    """
    if conversation.manual and conversation.session is not None:
        held = conversation.session.state.held
        return tuple(guideline.action for trigger in held for guideline in trigger.guidelines)
    if conversation.script.entries:
        return conversation.script.suggestions
    return starters(conversation.engine.agent)


def starters(agent: Agent) -> tuple[str, ...]:
    """Messages to begin with: examples that the author gave, each of another guideline, in file order."""
    texts: list[str] = []
    for guideline, journey in agent.scoped_guidelines():
        if journey is None and guideline.examples and guideline.examples[0] not in texts:
            texts.append(guideline.examples[0])
    return tuple(texts[:STARTERS])
