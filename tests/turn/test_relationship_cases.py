"""Each sentence about relationships as a case: who survives, and why the others do not."""

from collections.abc import Callable

import pytest

from engine.agent.model import Agent, Guideline, Journey, Observation, Relationship, State
from engine.turn.relationships import resolve
from engine.turn.trace import Resolution

Resolve = Callable[..., Resolution]


def guideline(name: str, **more: object) -> Guideline:
    return Guideline.model_validate({"name": name, "condition": name, "action": name, **more})


@pytest.fixture
def over(line: Callable[[str], Relationship]) -> Resolve:
    """Resolve lines over the guidelines a … f (f is disabled), the observation o and the journey j with its own g."""

    def resolved(lines: str, matched: str, **more: dict[str, object]) -> Resolution:
        agent = Agent(
            name="A",
            observations=(Observation(name="o", condition="o"), Observation(name="p", condition="p")),
            guidelines=tuple(guideline(name, **more.get(name, {})) for name in "abcdef"),
            journeys=(
                Journey(
                    name="j",
                    states=(State(name="s", chat="x"),),
                    guidelines=(guideline("g", **more.get("g", {})),),
                    **more.get("j", {}),
                ),
                Journey(name="k", states=(State(name="s", chat="x"),)),
            ),
            relationships=tuple(line(text.strip()) for text in lines.splitlines() if text.strip()),
        )
        scores = {name.split("=")[0]: float(name.split("=")[1]) if "=" in name else 0.9 for name in matched.split()}
        return resolve(agent, scores, [*"opabcdejk", *("g" if "j" in scores else "")])

    return resolved


def why(resolution: Resolution) -> dict[str, str]:
    return {outcome.entity: str(outcome) for outcome in resolution.removed}


def test_with_a_over_b_and_b_over_c_all_matched_only_a_remains(over: Resolve) -> None:
    found = over("a excludes b\nb excludes c", "a b c")
    assert found.survivors == ("a",)
    assert why(found) == {"b": "excluded a", "c": "excluded b"}


def test_with_b_unmatched_a_does_not_touch_c(over: Resolve) -> None:
    assert over("a excludes b\nb excludes c", "a c").survivors == ("a", "c")


def test_a_source_that_failed_its_own_dependency_excludes_nobody(over: Resolve) -> None:
    found = over("a excludes b\na depends_on c", "a b")
    assert found.survivors == ("b",)
    assert why(found) == {"a": "unmet_dependency c"}


def test_what_depends_on_an_excluded_one_goes_with_it(over: Resolve) -> None:
    found = over("a excludes b\nc depends_on b\nd depends_on c", "a b c d")
    assert found.survivors == ("a",)
    assert why(found) == {"b": "excluded a", "c": "dropped_dependency b", "d": "dropped_dependency c"}


def test_the_strongest_excluder_is_named(over: Resolve) -> None:
    assert why(over("a excludes c\nb excludes c", "a=0.6 b=0.8 c")) == {"c": "excluded b"}


def test_several_dependencies_must_all_hold(over: Resolve) -> None:
    assert why(over("a depends_on b, c", "a b")) == {"a": "unmet_dependency c"}
    assert over("a depends_on b, c", "a b c").removed == ()


def test_one_of_an_any_of_group_is_enough_and_groups_must_each_be_met(over: Resolve) -> None:
    lines = "a depends_on any of b, c\na depends_on any of d, e"
    assert over(lines, "a c e").removed == ()
    assert why(over(lines, "a b c")) == {"a": "unmet_dependency d, e"}


def test_a_disabled_target_of_a_dependency_is_unmet(over: Resolve) -> None:
    assert why(over("a depends_on f", "a")) == {"a": "unmet_dependency f"}


def test_what_is_entailed_may_save_its_source(over: Resolve) -> None:
    found = over("a depends_on b\nc entails b", "a c")
    assert found.survivors == ("a", "c", "b")
    assert found.entailed == {"b": "c"}


def test_what_is_entailed_must_meet_its_dependencies_before_it_entails_in_turn(over: Resolve) -> None:
    found = over("a entails b\nb depends_on c\nb entails d", "a")
    assert found.survivors == ("a",)
    assert why(found) == {"b": "unmet_dependency c"}


def test_what_is_entailed_can_be_excluded(over: Resolve) -> None:
    found = over("a entails b\nc excludes b", "a c")
    assert (found.survivors, why(found)) == (("a", "c"), {"b": "excluded c"})


def test_what_is_entailed_can_exclude_its_source_and_then_stays(over: Resolve) -> None:
    found = over("a entails b\nb excludes a", "a")
    assert (found.survivors, why(found)) == (("b",), {"a": "excluded b"})


def test_what_is_entailed_has_the_highest_score_of_its_sources(over: Resolve) -> None:
    found = over("a entails b\nc entails b\nb excludes d", "a=0.6 c=0.8 d")
    assert found.entailed == {"b": "c"}
    assert over("a entails b\nc entails b\nd excludes b", "a=0.6 c=0.8 d").removed[0].score == 0.8


def test_entailments_follow_one_another(over: Resolve) -> None:
    assert over("a entails b\nb entails c\nc entails d", "a").entailed == {"b": "a", "c": "b", "d": "c"}


def test_entailing_something_disabled_or_out_of_scope_is_a_warning(over: Resolve) -> None:
    found = over("a entails f, g", "a")
    assert found.survivors == ("a",)
    assert found.warnings == tuple(f"a entails {name}, which is disabled or out of scope" for name in "fg")


def test_only_the_highest_priority_among_the_matched_stays(over: Resolve) -> None:
    found = over("", "a b c", a={"priority": 2}, c={"priority": -1})
    assert found.survivors == ("a",)
    assert why(found) == {"b": "outranked a", "c": "outranked a"}


def test_the_entailed_neither_raise_the_bar_nor_fall_to_it(over: Resolve) -> None:
    found = over("a entails b, c", "a", a={"priority": 1}, b={"priority": 9}, c={"priority": -9})
    assert found.survivors == ("a", "b", "c")


def test_one_whose_dependency_fails_does_not_raise_the_bar(over: Resolve) -> None:
    assert over("a depends_on c", "a b", a={"priority": 5}).survivors == ("b",)


def test_a_journeys_priority_is_its_guidelines_and_gates_everything_else(over: Resolve) -> None:
    found = over("", "a g j", j={"priority": 3})
    assert (found.survivors, why(found)) == (("g", "j"), {"a": "outranked g"})


def test_a_journeys_guideline_has_the_journeys_priority_whatever_its_own(over: Resolve) -> None:
    assert over("", "g j", g={"priority": 8}, j={"priority": 3}).survivors == ("g", "j")
    assert over("", "g j", g={"priority": -8}).survivors == ("g", "j")


def test_one_that_is_excluded_does_not_raise_the_bar(over: Resolve) -> None:
    assert over("o excludes a", "o a b", a={"priority": 5}).survivors == ("o", "b")


def test_an_outranked_target_is_not_asked_about(over: Resolve) -> None:
    found = over("o disambiguates a, b", "o a b", a={"priority": -1})
    assert (found.survivors, found.clarify) == (("o", "b"), ())


def test_an_entailed_target_is_asked_about(over: Resolve) -> None:
    found = over("o disambiguates a, b\nc entails b", "o a c")
    assert (found.survivors, found.clarify) == (("o", "c"), ("a", "b"))


def test_what_is_entailed_can_save_what_then_excludes(over: Resolve) -> None:
    found = over("a depends_on b\nc entails b\na excludes d", "a c d")
    assert (found.survivors, why(found)) == (("a", "c", "b"), {"d": "excluded a"})


def test_an_excluded_journey_takes_its_guidelines_and_what_depends_on_it(over: Resolve) -> None:
    found = over("o excludes j\na depends_on j", "o a g j")
    assert found.survivors == ("o",)
    assert why(found) == {"j": "excluded o", "g": "dropped_dependency j", "a": "dropped_dependency j"}


def test_an_excluded_journey_does_not_take_its_conditions(over: Resolve) -> None:
    assert over("a excludes j", "o a j", j={"conditions": ("o",)}).survivors == ("o", "a")


def test_the_journey_that_wins_an_exclusion_stays(over: Resolve) -> None:
    assert over("j excludes k", "j k").survivors == ("j",)
    assert over("j excludes o", "o j", j={"conditions": ("o",)}).survivors == ("j",)


def test_a_dependency_on_a_journey_asks_that_it_is_active(over: Resolve) -> None:
    assert why(over("a depends_on j", "a")) == {"a": "unmet_dependency j"}
    assert over("a depends_on j", "a j").survivors == ("a", "j")


def test_a_tag_excludes_through_each_member_but_no_member_excludes_itself(over: Resolve) -> None:
    tags = {"a": {"tags": ("t",)}, "b": {"tags": ("t",)}}
    assert over("tag:t excludes c", "b c", **tags).survivors == ("b",)
    assert over("tag:t excludes tag:t", "a c", **tags).survivors == ("a", "c")
    assert over("a excludes tag:t", "a b c", **tags).survivors == ("a", "c")


def test_a_dependency_on_a_tag_asks_for_all_usable_members(over: Resolve) -> None:
    tags = {"b": {"tags": ("t",)}, "c": {"tags": ("t",)}, "f": {"tags": ("t",)}}
    assert over("a depends_on tag:t", "a b c", **tags).removed == ()
    assert why(over("a depends_on tag:t", "a b", **tags)) == {"a": "unmet_dependency tag:t"}
    assert why(over("a depends_on tag:t", "a", f={"tags": ("t",)})) == {"a": "unmet_dependency tag:t"}


def test_a_dependency_on_any_of_a_tag_is_met_by_the_guideline_itself(over: Resolve) -> None:
    assert over("a depends_on any of tag:t", "a", a={"tags": ("t",)}).survivors == ("a",)
    assert over("a depends_on any of tag:t", "a b", b={"tags": ("t",)}).survivors == ("a", "b")
    assert over("a depends_on any of tag:t", "a", b={"tags": ("t",)}).survivors == ()


def test_entailing_a_tag_adds_its_usable_members_without_a_warning(over: Resolve) -> None:
    found = over("a entails tag:t", "a", c={"tags": ("t",)}, b={"tags": ("t",)}, f={"tags": ("t",)})
    assert (found.survivors, found.warnings) == (("a", "b", "c"), ())


def test_what_a_tag_entails_follows_for_its_entailed_members_too(over: Resolve) -> None:
    assert over("a entails b\ntag:t entails c", "a", b={"tags": ("t",)}).entailed == {"b": "a", "c": "b"}


@pytest.mark.parametrize(
    ("lines", "survivors"),
    [
        ("a depends_on a", ("a", "b")),
        ("a excludes a", ("a", "b")),
        ("a entails a", ("a", "b")),
        ("a depends_on b\nb depends_on a", ("a", "b")),
        ("a entails b\nb entails a", ("a", "b")),
        ("a excludes b\nb excludes a", ()),
    ],
)
def test_loops_and_cycles_come_to_an_end(over: Resolve, lines: str, survivors: tuple[str, ...]) -> None:
    assert over(lines, "a b").survivors == survivors


def test_two_targets_that_hold_are_put_aside_and_asked_about(over: Resolve) -> None:
    found = over("o disambiguates a, b, c", "o a b d")
    assert found.survivors == ("o", "d")
    assert (found.clarify, found.clarify_by) == (("a", "b"), "o")
    assert why(found) == {"a": "ambiguous b", "b": "ambiguous a"}


def test_one_target_that_holds_applies_and_none_means_nothing(over: Resolve) -> None:
    assert over("o disambiguates a, b", "o b").survivors == ("o", "b")
    assert over("o disambiguates a, b", "o d").survivors == ("o", "d")
    assert over("o disambiguates a, b", "o d").clarify == ()


def test_nothing_is_asked_when_the_observation_does_not_hold(over: Resolve) -> None:
    assert over("o disambiguates a, b", "a b").survivors == ("a", "b")


def test_only_targets_that_survive_everything_else_are_asked_about(over: Resolve) -> None:
    found = over("o disambiguates a, b\nd excludes b", "o a b d")
    assert (found.survivors, found.clarify) == (("o", "a", "d"), ())


def test_what_depends_on_a_target_put_aside_goes_with_it(over: Resolve) -> None:
    found = over("o disambiguates a, b\nc depends_on a\na entails d", "o a b c")
    assert found.survivors == ("o",)
    assert why(found)["c"] == "dropped_dependency a"


def test_what_a_target_put_aside_has_excluded_stays_excluded(over: Resolve) -> None:
    found = over("o disambiguates a, b\na excludes c", "o a b c")
    assert (found.survivors, why(found)["c"]) == (("o",), "excluded a")


def test_two_questions_at_once_put_all_targets_aside_and_the_first_is_asked(over: Resolve) -> None:
    found = over("o disambiguates a, b\np disambiguates c, d", "o p a b c d")
    assert (found.survivors, found.clarify, found.clarify_by) == (("o", "p"), ("a", "b"), "o")
    assert why(found) == {"a": "ambiguous b", "b": "ambiguous a", "c": "ambiguous d", "d": "ambiguous c"}


def test_journeys_and_tags_can_be_asked_about(over: Resolve) -> None:
    assert over("o disambiguates j, k", "o g j k").clarify == ("j", "k")
    tags = {"a": {"tags": ("t",)}, "b": {"tags": ("t",)}}
    assert over("o disambiguates tag:t", "o a b", **tags).clarify == ("a", "b")


def test_the_read_set_names_what_was_matched_and_the_lines_that_were_followed(over: Resolve) -> None:
    reads = over("a excludes b\nc excludes d", "a b").reads.digests
    assert list(reads) == ["a", "a excludes b", "b"]
    assert over("a excludes b", "a b", a={"action": "other"}).reads.digests["a"] != reads["a"]
