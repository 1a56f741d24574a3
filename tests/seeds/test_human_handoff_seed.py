"""The worked examples of handing a conversation to people and back, played as conversations."""

from engine.session.events import EventSource

HAND_OFF = """
tools:
  initiate_human_handoff:
    description: Initiate handoff to a human agent when the AI cannot adequately help the customer.
    parameters:
      reason: {type: string, source: context, description: Why the customer needs a person}
    data: Human handoff initiated
    control: {mode: manual}
guidelines:
  wants_person:
    condition: Customer requests human assistance
    action: Initiate human handoff and explain the transition professionally
    say: I'm handing you over to a colleague, who will take it from here.
    tools: [initiate_human_handoff]
    track: false
  asks_hours:
    condition: The customer asks about opening hours
    action: Tell them that we are open from nine to five
    track: false
"""


async def test_a_tool_sets_the_session_to_manual_mode_and_the_turn_that_switched_still_answers(play):
    session = await play(HAND_OFF)
    turn = await session.say("can I talk to a real person?")
    assert [name for name, _ in turn.calls] == ["initiate_human_handoff"]
    assert turn.text == "I'm handing you over to a colleague, who will take it from here."
    assert (await session.live.session()).mode == "manual"


async def test_manual_mode_stops_automatic_agent_responses_and_nothing_said_is_lost(play):
    session = await play(HAND_OFF)
    await session.say("human please")
    silent = await session.say("hello? when do you open?")
    assert silent.trace.status == "silent"
    assert silent.trace.messages == ()
    events = await session.live.events()
    assert [event.text for event in events if event.source is EventSource.CUSTOMER][-1] == "hello? when do you open?"


async def test_people_speak_as_themselves_or_on_behalf_of_the_agent(play):
    session = await play(HAND_OFF)
    await session.live.set_mode("manual")
    await session.live.human_agent("Lee here.", "Lee")
    await session.live.on_behalf("We will call you.")
    lee, agent = await session.spoken()
    assert (lee.source, lee.text) == (EventSource.HUMAN_AGENT, "Lee here.")
    assert lee.data["participant"]["display_name"] == "Lee"
    assert agent.source is EventSource.HUMAN_AGENT_ON_BEHALF_OF_AI_AGENT
    assert agent.data["participant"]["display_name"] == "Promise"


async def test_a_session_is_taken_over_by_hand_and_returns_to_automatic_mode_from_the_next_message_on(play):
    session = await play(HAND_OFF)
    await session.live.set_mode("manual")
    await session.say("when are you open?")
    assert await session.spoken() == []
    await session.live.set_mode("auto")
    assert await session.spoken() == []
    assert "nine to five" in (await session.say("what are your opening hours?")).text


async def test_what_people_said_is_context_for_the_agent_afterwards(play):
    session = await play(HAND_OFF)
    await session.say("I want to speak to a human")
    await session.live.human_agent("Do you want to know our opening hours?", "Lee")
    await session.live.set_mode("auto")
    turn = await session.say("yes, what are your opening hours?")
    assert "nine to five" in turn.text
    assert turn.became("wants_person").startswith("not_matched")


async def test_the_agent_can_answer_what_came_in_meanwhile(play):
    session = await play(HAND_OFF)
    await session.live.set_mode("manual")
    await session.say("what are your opening hours?")
    (answer,) = await session.live.set_mode("auto", reply_to_backlog=True)
    assert "nine to five" in " ".join(answer.messages)
