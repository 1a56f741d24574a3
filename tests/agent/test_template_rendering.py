"""Templates: the fields they use, the filters, and a sandbox that neither leaks nor fills the memory."""

from datetime import date, datetime
from typing import Any

import pytest

from engine.agent.sandbox import MAX_BUILT, MAX_SIZE, MAX_STEPS, weight
from engine.agent.template import TemplateFault, fields_used, render

FIELDS = {
    "std": {"customer": {"name": "Dana"}},
    "fare": 1240.5,
    "cities": ["Rome", "Lisbon", "Oslo"],
    "rows": [{"name": "a", "price": 2}, {"name": "b", "price": 3}],
}


@pytest.mark.parametrize(
    ("template", "fields"),
    [
        ("No fields at all.", ()),
        ("{{ std.customer.name }} {{ fare }}", ("std.customer.name", "fare")),
        ("{{fare|money('EUR')}}", ("fare",)),
        ("{{ transaction.id }} and {{ transaction['sum'] }}", ("transaction",)),
        ("{% for city in cities %}{{ city }}{{ loop.index }}{% endfor %}", ("cities",)),
        ("{% if miles > 1000 %}{{ bonus }}{% endif %}", ("miles", "bonus")),
        ("{{ generative.mood }}{{generative.tone|upper}}", ("generative.mood", "generative.tone")),
        ("{{ std['variables'].plan }}", ("std.variables.plan",)),
        ("{% set x = fare * 2 %}{{ x }}", ("fare",)),
        ("{% macro m(a) %}{{ a }}{{ b }}{% endmacro %}{{ m(c) }}", ("c", "b")),
        ("{{ nick | default('friend') }}{% if title is defined %}{{ title }}{% endif %}", ()),
        ("{{ rows[0].name }}", ("rows",)),
        ("{{ cities | join(sep) }}", ("cities", "sep")),
        ("{# {{ hidden }} #}{% raw %}{{ shown }}{% endraw %}", ()),
        ("{{ 'a' if vip else 'b' }}", ("vip",)),
    ],
)
def test_the_fields_of_a_template_are_found_wherever_they_stand(template: str, fields: tuple[str, ...]) -> None:
    assert sorted(fields_used(template)) == sorted(fields)


def test_a_template_that_does_not_parse_says_where() -> None:
    for read in (fields_used, lambda template: render(template, {})):
        with pytest.raises(TemplateFault) as caught:
            read("one\n{% if x %}\ntwo {{ y }")
        assert caught.value.line == 3


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ fare | money }}", "$1,240.50"),
        ("{{ -fare | money('EUR') }}", "-€1,240.50"),
        ("{{ 3 | money('chf') }}", "CHF 3.00"),
        ("{{ fare | number }} {{ 2000.0 | number }} {{ fare | number(0) }}", "1,240.5 2,000 1,240"),
        ("{{ '2026-03-04' | date }}", "4 March 2026"),
        ("{{ '2026-03-04T09:05' | date('%H:%M') }}", "09:05"),
        ("{{ cities | join_and }}", "Rome, Lisbon and Oslo"),
        ("{{ cities[:2] | join_and('or') }}{{ [] | join_and }}{{ 'Rome' | join_and }}", "Rome or LisbonRome"),
        ("{{ cities | join(', ') }} {{ rows | join('+', attribute='name') }}", "Rome, Lisbon, Oslo a+b"),
        ("{{ rows | map(attribute='price') | sum }} {{ rows | map(attribute='name') | join }}", "5 ab"),
        (
            "{{ 'a-b' | replace('-', '+') }} {{ 'a-b'.replace('-', '+') }} {{ ', '.join(cities) }}",
            "a+b a+b Rome, Lisbon, Oslo",
        ),
        ("{% for row in rows %}{{ row.name }}={{ row.price * 2 }} {% endfor %}", "a=4 b=6"),
        (
            "{{ 2 ** 10 }} {{ 7 % 4 }} {{ 'a' ~ 1 }} {{ [1] + [2] }} {{ (1, 2) }} {{ {'k': 1}.k }}",
            "1024 3 a1 [1, 2] (1, 2) 1",
        ),
        ("  {{ std.customer.name }}\n", "Dana"),
        ("{% for name, price in [('a', 1)] %}{{ name }}{{ price }}{% endfor %}", "a1"),
    ],
)
def test_what_a_template_says(template: str, text: str) -> None:
    assert render(template, FIELDS) == text


def test_dates_are_written_whether_given_as_dates_or_text() -> None:
    fields: dict[str, Any] = {"day": date(2026, 3, 4), "moment": datetime(2026, 3, 4, 9, 5)}
    assert render("{{ day | date }}, {{ moment | date('%H:%M') }}", fields) == "4 March 2026, 09:05"


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ gone }}", "'gone' is undefined"),
        ("{{ std.customer.age }}", "no attribute 'age'"),
        ("{{ 'x' | money }}", "'x' is no number"),
        ("{{ true | number }}", "True is no number"),
        ("{{ 1 | number(1000000000) }}", "too many"),
        ("{{ 'soon' | date }}", "'soon' is no date"),
        ("{{ 5 | date }}", "5 is no date"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ 'a b' | truncate(1, end='long') }}", "expected length"),
    ],
)
def test_what_cannot_be_said_is_a_fault_in_one_line(template: str, why: str) -> None:
    with pytest.raises(TemplateFault, match=why) as caught:
        render(template, FIELDS)
    assert "\n" not in str(caught.value)


LONG = '{% set s = "a" * 19000 %}'


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ''|attr('__class__') }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self.__init__ }}",
        "{{ cities.append(1) }}",
        "{% import 'os' as o %}",
        "{% include 'secrets' %}",
        "{{ rows.__class__ }}",
        "{{ lipsum(n=9) }}",
    ],
)
def test_a_template_reaches_neither_python_nor_files(template: str) -> None:
    with pytest.raises(TemplateFault):
        render(template, FIELDS)
    assert FIELDS["cities"] == ["Rome", "Lisbon", "Oslo"]


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'a' * 20001 }}",
        "{{ [1] * 20001 }}",
        LONG + "{{ s ~ s }}",
        LONG + "{{ s + s }}",
        LONG + "{{ s.replace('a', s) }}",
        LONG + "{{ s | replace('a', s) }}",
        LONG + "{{ s.join(s) | length }}",
        LONG + "{{ s | join(s) | length }}",
        LONG + "{{ ([s] * 19000) | length }}",
        LONG + "{{ range(19000) | map('replace', '1', s) | list | length }}",
        LONG + "{% filter replace('a', s) %}{{ s }}{% endfilter %}",
        LONG + "{% set x %}{% for i in range(9999) %}{{ s }}{% endfor %}{% endset %}",
        "{% set x %}{% for i in range(19999) %}" + "b" * 999 + "{% endfor %}{% endset %}",
        "{% macro m() %}" + "b" * 999 + "{% endmacro %}{% for i in range(19999) %}{% set x = m() %}{% endfor %}",
        "{{ '{:>99999999}'.format(1) }}",
        "{{ '{x:>99999999}'.format_map({'x': 1}) }}",
        "{{ 'a'.ljust(99) }}",
        "{{ '%99999999d' % 1 }}",
        "{{ 'a'.center(100000000) }}",
        "{{ 10 ** 64 ** 64 ** 64 }}",
        "{{ (((10 ** 64) ** 64) ** 64) ** 64 > 1 }}",
        "{% set n = namespace(a=9) %}{% for i in range(60) %}{% set n.a = n.a * n.a %}{% endfor %}{{ n.a > 1 }}",
        "{% set n = namespace(a=[1]) %}{% for i in range(60) %}{% set n.a = [n.a, n.a] %}{% endfor %}{{ n.a }}",
        "{% set n = namespace(a=[1]) %}{% for i in range(60) %}{% set n.a = {1: n.a, 2: n.a} %}{% endfor %}{{ n.a }}",
        "{% set n = namespace(a=[1]) %}{% for i in range(60) %}{% set n.a = dict(x=n.a, y=n.a) %}{% endfor %}{{ n.a }}",
        "{% set n = namespace(a=(1,)) %}{% for i in range(60) %}{% set n.a = (n.a, n.a) %}{% endfor %}{{ n.a }}",
        "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
        "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}",
        "{% for i in range(1000000000) %}{% endfor %}",
        "{% for i in range(19999) %}xx{% endfor %}",
    ],
)
def test_a_template_that_builds_or_loops_too_much_is_stopped(template: str) -> None:
    with pytest.raises(TemplateFault):
        render(template, FIELDS)


def test_the_limits_are_counts_so_what_is_within_them_is_always_rendered() -> None:
    assert len(render("{{ 'a' * 20000 }}", {})) == MAX_SIZE
    assert render("{% for i in range(19999) %}{% endfor %}done", {}) == "done"
    for _ in range(3):
        assert len(render("{% for i in range(40) %}{{ 'a' * 400 }}{% endfor %}", {})) == 16_000
    assert MAX_STEPS > 19_999
    assert MAX_BUILT > MAX_SIZE


def test_a_value_weighs_its_characters_and_items_all_the_way_down() -> None:
    assert weight("four") == 4
    assert weight(["four", ["x"], {"k": "yy"}]) == 3 + 4 + 2 + 3
    assert weight(["a" * 19_000] * 19_000) > MAX_SIZE
    assert weight(3.5) == weight(None) == 0
