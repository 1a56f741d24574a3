"""Units of measure: which one a parameter wants, which one a number has, and how the one becomes the other.

The factors are exact by definition (SI, and the international yard and pound agreement of 1959).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.agent.model import Parameter
from engine.reasoner.embedded.arguments.shapes import words_of


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by its kind of quantity (`mass`, `length`, …) and how much of that kind's base unit it is."""

    kind: str
    factor: float


_SPELLINGS = {
    Unit("mass", 0.001): "g gram grams gramme grammes",
    Unit("mass", 1.0): "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes",
    Unit("mass", 1000.0): "tonne tonnes",
    Unit("mass", 0.45359237): "lb lbs",
    Unit("mass", 0.028349523125): "oz ounce ounces",
    Unit("length", 0.001): "mm millimetre millimetres millimeter millimeters",
    Unit("length", 0.01): "cm centimetre centimetres centimeter centimeters",
    Unit("length", 1.0): "m metre metres meter meters",
    Unit("length", 1000.0): "km kms kilometre kilometres kilometer kilometers",
    Unit("length", 0.0254): "inch inches",
    Unit("length", 0.3048): "ft foot feet",
    Unit("length", 1609.344): "mile miles",
    Unit("volume", 0.001): "ml millilitre millilitres milliliter milliliters",
    Unit("volume", 1.0): "litre litres liter liters",
    Unit("time", 1.0): "second seconds sec secs",
    Unit("time", 60.0): "minute minutes min mins",
    Unit("time", 3600.0): "hour hours hr hrs",
    Unit("time", 86400.0): "day days night nights",
    Unit("time", 604800.0): "week weeks",
    Unit("month", 1.0): "month months",
    Unit("month", 12.0): "year years",
    Unit("temperature", 1.0): "degree degrees °",
    Unit("share", 1.0): "% percent percentage",
}
_UNITS = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings.split()}
_AMBIGUOUS_IN_NAMES = frozenset(
    {"m", "g", "min", "mins", "second", "sec", "night", "day", "month", "year", "minute", "hour"}
)
"""What in a parameter's name is more often something else: `min_price`, `second_name`, `day`, `model_year`."""

_BESIDE = re.compile(r"\s*(?:-\s*)?(?P<unit>[%°]|[a-z]+)(?!-)", re.I)


def wanted_unit(parameter: Parameter) -> Unit | None:
    """The unit in which a parameter's value is written, by its name or description; None where it has none."""
    for text, doubtful in ((parameter.name, _AMBIGUOUS_IN_NAMES), (parameter.description, _AMBIGUOUS_IN_NAMES)):
        for word in reversed(words_of(text)):
            if word in _UNITS and word not in doubtful:
                return _UNITS[word]
    return None


def unit_after(text: str, end: int) -> Unit | None:
    """The unit that stands right after a number.

    Args:
        text: The message.
        end: Where the number ends.
    """
    beside = _BESIDE.match(text, end)
    return _UNITS.get(beside["unit"].lower()) if beside else None


def converted(value: float, unit: Unit, wanted: Unit) -> int | float:
    """A value of one unit in another of the same kind, with the noise of the division rounded off (9 digits)."""
    changed = float(f"{value * unit.factor / wanted.factor:.9g}")
    return int(changed) if changed.is_integer() else changed
