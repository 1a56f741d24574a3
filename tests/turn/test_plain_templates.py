"""Plain templates: filled in without compiling, with the very text that the renderer gives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.agent.template import TemplateFault, render
from engine.turn.plain_templates import LONGEST, filled

FIELDS: dict[str, Any] = {
    "order": "#1042",
    "count": 3,
    "price": 9.5,
    "yes": True,
    "blank": "  ",
    "std": {"customer": {"name": "Dana {{ x }}"}, "items": "a name that mappings have"},
    "list": ["a", "b"],
    "none": None,
    "range": "a name of the renderer",
}
WRITTEN = (
    "Your order ",
    "{{ order }}",
    "{{count}}",
    "{{ std.customer.name }}",
    "{{ price }}",
    "{{ yes }}",
    "{{ gone }}",
)
ODD = ("{{ std.items }}", "{{ list }}", "{{ none }}", "{{ range }}", "{{ order | upper }}", "{% if yes %}y{% endif %}")
ODDER = ("{# note #}", "{{- order -}}", "{{ '{' }}", "}}", "{", "\r\n", "\n", " ", "{{ blank }}", "{{ std.gone }}")


@given(st.lists(st.sampled_from((*WRITTEN, *ODD, *ODDER)), max_size=6).map("".join))
def test_a_filled_template_is_what_the_renderer_gives(source: str) -> None:
    text = filled(source, FIELDS)
    if text is not None:
        assert text == render(source, FIELDS)


def test_words_and_plain_fields_are_filled_in() -> None:
    assert filled(" {{ std.customer.name }}: {{ order }} has {{count}} parts. ", FIELDS) == (
        "Dana {{ x }}: #1042 has 3 parts."
    )


@pytest.mark.parametrize("source", [*ODD, "{{ gone }}", "{{ price }}", "{{ yes }}", "{{ order }}" * LONGEST])
def test_everything_else_is_left_to_the_renderer(source: str) -> None:
    assert filled(source, FIELDS) is None


def test_a_field_that_nobody_provided_is_still_the_renderers_error() -> None:
    with pytest.raises(TemplateFault):
        render("{{ gone }}", FIELDS)
