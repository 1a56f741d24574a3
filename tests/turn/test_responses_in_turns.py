"""Canned responses in whole turns: scope, retrieval, fields, fit by mode, no-match, follow-up, what is sent."""

from typing import Any

import pytest

from engine.agent.basics import CompositionMode
from engine.agent.model import (
    Agent,
    CannedResponse,
    Capability,
    Control,
    Customer,
    Guideline,
    Journey,
    NoMatch,
    Observation,
    Parameter,
    State,
    Stub,
    Term,
    Tool,
    TriggerGuideline,
    Variable,
)
from engine.reasoner.base import DraftPart
from engine.session.events import EventKind
from engine.turn.rendering import NO_MATCH
from engine.turn.tool_api import ToolResult
from engine.turn.trace import Composition, Rendering, Retrieval, Selecting, TurnTrace

MODES = list(CompositionMode)


def agent_in(mode: str = "fluid", *responses: CannedResponse, **more: Any) -> Agent:
    """An agent that follows `greet` when the customer says `hi`."""
    values: dict[str, Any] = {
        "preambles": "off",
        "guidelines": (Guideline(name="greet", condition="hi", action="We have fresh pizza today."),),
        **more,
    }
    return Agent(name="A", composition_mode=CompositionMode(mode), canned_responses=responses, **values)


PIZZA = CannedResponse(name="pizza", template="Fresh pizza, all day.", signals=("We have fresh pizza today.",))


def sources_of(trace: TurnTrace) -> tuple[str, ...]:
    composition = trace.last(Composition)
    assert composition is not None
    return composition.sources


@pytest.mark.parametrize(
    ("mode", "fit", "source"),
    [
        ("strict", "high", "pizza"),
        ("strict", "partial", "pizza"),
        ("strict", "low", "no_match"),
        ("strict", "none", "no_match"),
        ("fluid", "high", "pizza"),
        ("fluid", "partial", "draft"),
        ("fluid", "low", "draft"),
        ("fluid", "none", "draft"),
        ("composited", "high", "restyled:pizza"),
        ("composited", "partial", "restyled:pizza"),
        ("composited", "low", "restyled:pizza"),
    ],
)
async def test_the_mode_and_the_fit_decide_what_is_sent(
    on_stage: Any, reasoner: Any, complete: Any, mode: str, fit: Any, source: str
) -> None:
    reasoner.fits = {"pizza": fit}
    agent = agent_in(mode, PIZZA)
    trace = await (await on_stage(agent)).live.say("hi")
    texts = {
        "pizza": "Fresh pizza, all day.",
        "no_match": NO_MATCH,
        "draft": "We have fresh pizza today.",
        "restyled:pizza": "We have fresh pizza today. (as pizza)",
    }
    assert (sources_of(trace), trace.messages) == ((source,), (texts[source],))
    assert complete(agent, trace)


async def test_a_composited_turn_without_candidates_sends_the_draft_as_it_is(on_stage: Any) -> None:
    trace = await (await on_stage(agent_in("composited"))).live.say("hi")
    assert sources_of(trace) == ("draft",)
    assert trace.last(Composition).recommended == ""  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("asker", "mode"),
    [
        ("agent", {"composition_mode": CompositionMode.STRICT}),
        ("greet", {"guidelines": (Guideline(name="greet", condition="hi", action="x", composition_mode="strict"),)}),
        ("seen", {"observations": (Observation(name="seen", condition="hi", composition_mode="strict"),)}),
    ],
)
async def test_the_most_restrictive_mode_of_everything_active_wins_and_is_named(
    on_stage: Any, asker: str, mode: dict[str, Any]
) -> None:
    agent = agent_in("fluid").model_copy(update=mode)
    trace = await (await on_stage(agent)).live.say("hi")
    composition = trace.last(Composition)
    assert composition is not None
    assert (composition.mode, composition.asked_by) == (CompositionMode.STRICT, (asker,))


async def test_a_journey_or_its_state_can_ask_for_a_mode_and_what_is_not_active_cannot(on_stage: Any) -> None:
    def journey(**modes: Any) -> Journey:
        state = State(name="s", chat="Ask.", composition_mode=modes.get("state"))
        return Journey(name="j", conditions=("hi",), composition_mode=modes.get("journey"), states=(state,))

    sleeping = Observation(name="sleeping", condition="never said", composition_mode=CompositionMode.STRICT)
    for modes, asked in (({"state": "composited"}, ("j.s",)), ({"journey": "composited"}, ("j",)), ({}, ("agent",))):
        agent = agent_in("fluid", journeys=(journey(**modes),), observations=(sleeping,))
        composition = (await (await on_stage(agent)).live.say("hi")).last(Composition)
        assert composition is not None
        assert composition.asked_by == asked


@pytest.mark.parametrize(
    ("no_match", "said", "warning"),
    [
        (None, NO_MATCH, ""),
        ("Sorry, {{ std.customer.name }}.", "Sorry, Guest.", ""),
        (
            "Sorry, {{ nobody }}.",
            NO_MATCH,
            "no_match failed, the default is said: TemplateFault: 'nobody' is undefined",
        ),
        (NoMatch(python="tools.words"), "No words for: We have fresh pizza today.", ""),
        (NoMatch(python="tools.broken"), NO_MATCH, "no_match failed, the default is said: ValueError: oops"),
        (
            NoMatch(python="tools.gone"),
            NO_MATCH,
            "no_match failed, the default is said: CodeError: there is no tools.gone",
        ),
    ],
)
async def test_where_nothing_fits_the_no_match_is_said_and_a_provider_that_fails_falls_back(
    on_stage: Any, no_match: Any, said: str, warning: str
) -> None:
    async def words(context: Any, draft: str) -> str:
        assert context.matched == ("greet",)
        return f"No words for: {draft}"

    def broken(context: Any, draft: str) -> str:
        raise ValueError("oops")

    stage = await on_stage(agent_in("strict", no_match=no_match), {"tools.words": words, "tools.broken": broken})
    trace = await stage.live.say("hi")
    assert trace.messages == (said,)
    assert trace.warnings == ((warning,) if warning else ())


async def test_the_provider_of_the_no_match_is_asked_only_when_nothing_fits(on_stage: Any, reasoner: Any) -> None:
    def words(context: Any, draft: str) -> str:
        raise AssertionError("not asked")

    reasoner.fits = {"pizza": "high"}
    agent = agent_in("strict", PIZZA, no_match=NoMatch(python="tools.words"))
    trace = await (await on_stage(agent, {"tools.words": words})).live.say("hi")
    assert (trace.messages, trace.warnings) == (("Fresh pizza, all day.",), ())


async def test_a_triggered_turn_with_nothing_fitting_says_nothing_and_says_so_in_the_trace(
    on_stage: Any, complete: Any
) -> None:
    agent = agent_in("strict", PIZZA)
    stage = await on_stage(agent)
    trace = await stage.live.trigger((TriggerGuideline(action="Say hello."),))
    assert (trace.status, trace.messages) == ("silent", ())
    assert "a triggered turn then says nothing" in trace.last(Composition).why
    assert await stage.said() == []
    assert complete(agent, trace)


async def test_nothing_in_a_strict_turn_comes_from_anywhere_but_templates_and_the_no_match(
    on_stage: Any, reasoner: Any
) -> None:
    reasoner.says_preambles = True
    stage = await on_stage(agent_in("strict", PIZZA, preambles="auto"))
    await stage.live.say("hi")
    reasoner.fits = {"pizza": "partial"}
    await stage.live.say("hi")
    assert await stage.said() == [
        "customer: hi", f"ai_agent: {NO_MATCH}", "customer: hi", "ai_agent: Fresh pizza, all day."
    ]  # fmt: skip


async def test_a_strict_answer_to_a_part_is_followed_by_one_response_for_the_rest(
    on_stage: Any, reasoner: Any, outcome_of: Any
) -> None:
    reasoner.fits = {"pizza": "high", "drinks": "high", "cake": "high"}
    reasoner.unsaid = {"pizza": "We have drinks.", "drinks": "We have cake."}
    drinks = CannedResponse(name="drinks", template="Drinks are in the fridge.", signals=PIZZA.signals)
    cake = CannedResponse(name="cake", template="Cake, too.", signals=PIZZA.signals)
    stage = await on_stage(agent_in("strict", PIZZA, drinks, cake))
    trace = await stage.live.say("hi")
    assert trace.messages == ("Fresh pizza, all day.", "Drinks are in the fridge.")
    assert [outcome_of(trace, name) for name in ("pizza", "drinks", "cake")] == [
        "sent",
        "follow_up_sent",
        "lost_to pizza",
    ]
    assert [draft.text for draft, _ in reasoner.asked_for("select")] == [
        "We have fresh pizza today.",
        "We have drinks.",
    ]


async def test_the_message_carries_its_draft_its_responses_and_the_metadata_of_the_chosen_one(
    on_stage: Any, reasoner: Any
) -> None:
    reasoner.fits = {"pizza": "high"}
    said = PIZZA.model_copy(update={"metadata": {"suggest": ["more"]}})
    stage = await on_stage(agent_in("fluid", said))
    await stage.live.say("hi")
    event = (await stage.events(EventKind.MESSAGE))[-1]
    assert event.data["draft"] == "We have fresh pizza today."
    assert event.data["canned_responses"] == [["pizza", "Fresh pizza, all day."]]
    assert event.data["participant"] == {"id": "A", "display_name": "A"}
    assert event.metadata == {"suggest": ["more"]}


async def test_metadata_is_never_shown_to_the_reasoner(on_stage: Any, reasoner: Any) -> None:
    secret = PIZZA.model_copy(update={"metadata": {"internal": "hidden-from-all"}})
    await (await on_stage(agent_in("fluid", secret))).live.say("hi")
    ((_, candidates),) = reasoner.asked_for("select")
    assert candidates[0].name == "pizza"
    assert "hidden-from-all" not in repr(candidates)


async def test_a_draft_sent_as_it_is_in_fluid_mode_is_recommended_with_its_fields_put_back(on_stage: Any) -> None:
    agent = agent_in(
        tools=(Tool(name="price", stubs=(Stub(fields={"fare": 240, "city": "Rome", "tiny": 2}),)),),
        guidelines=(Guideline(name="greet", condition="hi", action="Rome is 240 for 2.", tools=("price",)),),
    )
    trace = await (await on_stage(agent)).live.say("hi")
    assert trace.last(Composition).recommended == "{{ city }} is {{ fare }} for 2."


async def test_a_response_of_a_guideline_counts_only_while_it_is_matched_and_then_skips_the_threshold(
    on_stage: Any, outcome_of: Any
) -> None:
    own = CannedResponse(name="own", template="Entirely different wording.")
    guidelines = (
        Guideline(name="greet", condition="hi", action="We have fresh pizza today."),
        Guideline(name="leave", condition="bye", action="Part.", canned_responses=(own, "far")),
    )
    far = CannedResponse(name="far", template="Nothing to do with anything.")
    only = CannedResponse(name="only", template="Goodbye then.", exclusive=True)
    agent = agent_in("fluid", far, only, guidelines=guidelines)
    stage = await on_stage(agent)
    idle = await stage.live.say("hi")
    assert [outcome_of(idle, name) for name in ("own", "only", "far")] == [
        "out_of_scope leave", "out_of_scope", "not_retrieved 1"
    ]  # fmt: skip
    active = await stage.live.say("bye")
    ranked = {item.name: item for item in active.last(Retrieval).ranked}
    assert (ranked["own"].linked, ranked["own"].kept, ranked["far"].linked) == ("leave", True, "leave")


async def test_an_exclusive_response_counts_where_something_active_names_it(on_stage: Any, outcome_of: Any) -> None:
    only = CannedResponse(name="only", template="Goodbye then.", exclusive=True)
    greet = Guideline(name="greet", condition="hi", action="Greet.", canned_responses=("only",))
    agent = agent_in("fluid", only, guidelines=(greet,))
    trace = await (await on_stage(agent)).live.say("hi")
    assert outcome_of(trace, "only") == "fit_too_low none, fluid"


async def test_responses_of_a_journey_and_of_its_states_count_while_it_stands_there(
    on_stage: Any, outcome_of: Any
) -> None:
    here = State(name="s", chat="Ask.", canned_responses=(CannedResponse(name="here", template="Here?"),))
    there = State(name="t", chat="Tell.", canned_responses=(CannedResponse(name="there", template="There."),))
    whole = CannedResponse(name="whole", template="Ask.")
    journey = Journey(name="j", conditions=("start",), states=(here, there), canned_responses=(whole,))
    stage = await on_stage(agent_in("fluid", journeys=(journey,)))
    before = await stage.live.say("hi")
    during = await stage.live.say("start")
    assert [outcome_of(before, name) for name in ("whole", "here", "there")] == [
        "out_of_scope j", "out_of_scope j.s", "out_of_scope j.t"
    ]  # fmt: skip
    assert [outcome_of(during, name) for name in ("whole", "here", "there")] == [
        "fit_too_low none, fluid", "fit_too_low none, fluid", "out_of_scope j.t"
    ]  # fmt: skip


async def test_whole_responses_of_a_tool_are_candidates_and_their_braces_are_text(
    on_stage: Any, reasoner: Any, complete: Any
) -> None:
    texts = ("Use {{ name }} {% endraw %} {% x", "Second.")
    agent = agent_in(
        tools=(Tool(name="ask", stubs=(Stub(data="ok"),)),),
        guidelines=(Guideline(name="greet", condition="hi", action="Tell.", tools=("ask",)),),
    )
    agent = agent.model_copy(update={"tools": (Tool(name="ask", python="tools.ask"),)})
    reasoner.fits = {"ask#1": "high"}
    stage = await on_stage(agent, {"tools.ask": lambda context: ToolResult(data="ok", canned_responses=texts)})
    trace = await stage.live.say("hi")
    assert trace.messages == (texts[0],)
    assert str(trace.outcomes["ask#2"]) == "lost_to ask#1"
    assert complete(agent, trace)


async def test_a_response_whose_field_a_tool_supplied_this_turn_gains_a_bonus_that_is_shown(on_stage: Any) -> None:
    agent = agent_in(
        "fluid",
        CannedResponse(name="with", template="We have fresh {{ dish }} today."),
        CannedResponse(name="without", template="We have fresh {{ other }} today."),
        tools=(Tool(name="menu", stubs=(Stub(fields={"dish": "pizza"}),)),),
        guidelines=(Guideline(name="greet", condition="hi", action="We have fresh pizza today.", tools=("menu",)),),
    )
    trace = await (await on_stage(agent)).live.say("hi")
    retrieval = trace.last(Retrieval)
    assert [(item.name, item.bonus) for item in retrieval.ranked] == [("with", 0.05), ("without", 0.0)]


async def test_a_field_nobody_provided_takes_a_candidate_out_before_anything_is_inferred_for_it(
    on_stage: Any, reasoner: Any, outcome_of: Any
) -> None:
    reasoner.filled = {"mood": "sunny"}
    agent = agent_in(
        "fluid",
        CannedResponse(name="both", template="Fresh pizza {{ generative.feeling }} {{ gone }}", signals=PIZZA.signals),
        CannedResponse(name="one", template="Fresh pizza {{generative.mood|upper}}", signals=PIZZA.signals),
        CannedResponse(name="two", template="Pizza, {{ generative.mood }}", signals=PIZZA.signals),
        CannedResponse(name="none", template="Pizza {{ generative.unknown }}", signals=PIZZA.signals),
        CannedResponse(name="odd", template="Pizza {{ 1 / 0 }}", signals=PIZZA.signals),
    )
    trace = await (await on_stage(agent)).live.say("hi")
    assert reasoner.asked_for("fill") == [["mood", "unknown"]]
    texts = {item.name: item.text for item in trace.last(Rendering).rendered}
    assert texts == {"both": None, "one": "Fresh pizza SUNNY", "two": "Pizza, sunny", "none": None, "odd": None}
    assert outcome_of(trace, "both") == "missing_field gone"
    assert outcome_of(trace, "none") == "missing_field generative.unknown"
    assert outcome_of(trace, "odd") == "render_error division by zero"


async def test_standard_fields_name_customer_agent_variables_terms_and_what_is_missing(on_stage: Any) -> None:
    template = (
        "{{ std.customer.name }} / {{ std.agent.name }} / {{ std.variables.plan }} / {{ std.glossary.lock }} / "
        "{{ std.missing_params | join_and }} / {{ std.invalid_params | join_and }}"
    )
    agent = agent_in(
        "fluid",
        customers=(Customer(id="georgie", name="Georgie Boy", tags=("vip",)),),
        variables=(Variable(name="plan", value="free", values_for={"tag:vip": "business"}),),
        glossary=(Term(id="lock", name="Lock", description="Holds a price."),),
        tools=(Tool(name="book", parameters=(Parameter(name="day"), Parameter(name="seat")), stubs=(Stub(),)),),
        guidelines=(
            Guideline(
                name="greet",
                condition="hi",
                action="x",
                tools=("book",),
                canned_responses=(CannedResponse(name="all", template=template),),
            ),
        ),
    )
    trace = await (await on_stage(agent, customer="georgie")).live.say("hi seat=bad")
    (rendered,) = trace.last(Rendering).rendered
    assert rendered.text == "Georgie Boy / A / business / Holds a price. / day / seat"


async def test_a_template_about_missing_parameters_is_out_when_none_is_missing(on_stage: Any, outcome_of: Any) -> None:
    asks = CannedResponse(
        name="asks", template="Please say {{ std.missing_params | join_and }}.", signals=PIZZA.signals
    )
    trace = await (await on_stage(agent_in("fluid", asks))).live.say("hi")
    assert outcome_of(trace, "asks") == "missing_field std.missing_params"


async def test_the_nearest_value_of_a_variable_wins(on_stage: Any) -> None:
    plan = Variable(name="plan", value="free", values_for={"georgie": "gold", "tag:vip": "silver", "tag:old": "bronze"})
    agent = agent_in(variables=(plan,), customers=(Customer(id="georgie", tags=("vip",)),))
    seen = []
    for who in ({"customer": "georgie"}, {"customer": "dana", "customer_tags": ("old", "vip")}, {}):
        stage = await on_stage(agent, **who)
        seen.append((await stage.live.say("hi")).stages[0].variables["plan"])
    assert seen == ["gold", "bronze", "free"]
    await stage.live.set_variable("plan", "mine")
    assert (await stage.live.say("hi")).stages[0].variables["plan"] == "mine"


async def test_tools_of_this_turn_come_before_earlier_ones_and_those_before_providers(on_stage: Any) -> None:
    number = CannedResponse(name="number", template="{{ number }}")
    agent = agent_in(
        "fluid",
        tools=(Tool(name="draw", python="tools.draw"),),
        observations=(Observation(name="seen", condition="hi", fields="tools.lucky", canned_responses=(number,)),),
        guidelines=(Guideline(name="wish", condition="draw", action="x", tools=("draw",), track=False),),
    )
    drawn = iter((1, 2))
    code = {
        "tools.draw": lambda context: ToolResult(canned_response_fields={"number": next(drawn)}),
        "tools.lucky": lambda context: {"number": 7},
    }
    stage = await on_stage(agent, code)
    seen = []
    for said in ("hi", "hi draw"):
        trace = await stage.live.say(said)
        rendering = trace.last(Rendering)
        seen.append((rendering.rendered[0].text, rendering.fields["number"], trace.warnings))
    assert seen == [
        ("7", "seen", ()),
        ("1", "draw", ("seen provides another number than draw, which counts",)),
    ]


async def test_providers_are_merged_a_conflict_is_a_warning_and_a_failure_costs_only_its_own_fields(
    on_stage: Any,
) -> None:
    def broken(context: Any) -> dict[str, Any]:
        raise OSError("disk")

    code = {
        "tools.one": lambda context: {"a": 1, "b": 1},
        "tools.two": lambda context: {"b": 2, "c": {3, 2}},
        "tools.broken": broken,
        "tools.list": lambda context: [1],
        "tools.object": lambda context: {"o": object()},
    }
    shown = CannedResponse(name="shown", template="{{ a }}{{ b }}{{ c }}")
    observations = tuple(
        Observation(
            name=name, condition="hi", fields=f"tools.{name}", canned_responses=(shown,) if name == "one" else ()
        )
        for name in ("one", "two", "broken", "list", "object")
    )
    trace = await (await on_stage(agent_in("fluid", observations=observations), code)).live.say("hi")
    assert trace.last(Rendering).rendered[0].text == "11[2, 3]"
    assert trace.warnings == (
        "two provides another b than one, which counts",
        "the fields tools.broken of broken failed: OSError: disk",
        "the fields tools.list of list gave a list, not a mapping",
        "the fields tools.object of object failed: NotSerializable: "
        "a object cannot be kept; return text, numbers, lists or mappings",
    )


async def test_capabilities_that_fit_are_offered_at_most_three_and_the_read_set_has_all(on_stage: Any) -> None:
    capabilities = tuple(Capability(name=f"reset_{n}", title=f"Reset your password {n}") for n in "abcd")
    far = Capability(name="fly", title="Book an airplane to the moon")
    stage = await on_stage(agent_in(capabilities=(*capabilities, far)))
    situation = (await stage.live.say("hi, reset your password")).stages[0]
    assert situation.capabilities == ("reset_a", "reset_b", "reset_c")
    assert set(situation.reads.digests) >= {"reset_a", "reset_d", "fly"}


async def test_with_an_empty_draft_nothing_is_said_and_no_response_was_needed(
    on_stage: Any, reasoner: Any, complete: Any, outcome_of: Any
) -> None:
    reasoner.silent = True
    agent = agent_in("fluid", PIZZA)
    trace = await (await on_stage(agent)).live.say("hi")
    assert (trace.status, outcome_of(trace, "pizza")) == ("silent", "not_needed")
    assert complete(agent, trace)


@pytest.mark.parametrize(("mode", "sources"), [("fluid", ("pizza", "draft")), ("strict", ("pizza",))])
async def test_what_a_fitting_response_says_nothing_of_follows_it_where_drafts_may_be_sent(
    on_stage: Any, reasoner: Any, mode: str, sources: tuple[str, ...]
) -> None:
    reasoner.fits = {"pizza": "high"}
    reasoner.beside = {"pizza": (DraftPart("We are open.", "hours", "say"),)}
    trace = await (await on_stage(agent_in(mode, PIZZA))).live.say("hi")
    assert sources_of(trace) == sources
    assert trace.messages[1:] == (("We are open.",) if mode == "fluid" else ())


async def test_a_guideline_counts_as_carried_out_when_the_draft_that_says_it_was_sent(
    on_stage: Any, reasoner: Any, outcome_of: Any
) -> None:
    reasoner.fits = {"pizza": "partial"}
    reasoner.unsaid = {"pizza": "all of it"}
    stage = await on_stage(agent_in("fluid", PIZZA))
    first = await stage.live.say("hi")
    assert sources_of(first) == ("draft",)
    assert outcome_of(await stage.live.say("and?"), "greet") == "already_applied 1"


async def test_after_a_no_match_nothing_counts_as_carried_out(on_stage: Any, outcome_of: Any) -> None:
    stage = await on_stage(agent_in("strict"))
    await stage.live.say("hi")
    assert outcome_of(await stage.live.say("and?"), "greet") == "matched"


async def test_a_dictated_draft_is_selected_from_like_any_other(on_stage: Any, reasoner: Any) -> None:
    reasoner.fits = {"pizza": "high"}
    trace = await (await on_stage(agent_in("strict", PIZZA))).live.say("hi", given_draft="We have fresh pizza today.")
    assert trace.messages == ("Fresh pizza, all day.",)
    assert trace.last(Selecting).carried_out == ("greet",)


async def test_fields_of_a_response_lifespan_do_not_reach_the_next_turn(on_stage: Any, outcome_of: Any) -> None:
    once = Stub(fields={"code": 42}, control=Control(lifespan="response"))
    agent = agent_in(
        "fluid",
        CannedResponse(name="code", template="Code {{ code }}.", signals=PIZZA.signals),
        tools=(Tool(name="send", stubs=(once,)),),
        guidelines=(
            Guideline(name="greet", condition="hi", action="We have fresh pizza today.", continuous=True),
            Guideline(name="wish", condition="send", action="x", tools=("send",)),
        ),
    )
    stage = await on_stage(agent)
    first, second = await stage.live.say("hi send"), await stage.live.say("hi")
    assert outcome_of(first, "code") == "fit_too_low none, fluid"
    assert outcome_of(second, "code") == "missing_field code"
