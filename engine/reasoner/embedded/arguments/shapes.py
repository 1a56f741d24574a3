"""What a parameter's value looks like, by its type, name and description, and texts of that shape."""

from __future__ import annotations

import re
from enum import StrEnum

from engine.agent.model import Parameter
from engine.reasoner.embedded.arguments.numbers import Spotted
from engine.reasoner.embedded.language.clause_words import word_set


class Shape(StrEnum):
    """The kinds of value that are recognised by their looks, or by where they stand in a sentence."""

    CHOICE = "choice"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    LENGTH = "length of time"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    CODE = "code"
    PERSON = "person"
    ADDRESS = "address"
    MESSAGE = "message"
    THING = "thing"


_TYPES = {
    "boolean": Shape.BOOLEAN,
    "bool": Shape.BOOLEAN,
    "integer": Shape.INTEGER,
    "int": Shape.INTEGER,
    "number": Shape.NUMBER,
    "float": Shape.NUMBER,
    "date": Shape.DATE,
    "datetime": Shape.DATETIME,
    "timedelta": Shape.LENGTH,
}
_NAMED: tuple[tuple[Shape, frozenset[str]], ...] = (
    (Shape.EMAIL, word_set("email mail")),
    (Shape.PHONE, word_set("phone mobile telephone cell")),
    (Shape.URL, word_set("url link website")),
    (
        Shape.CODE,
        word_set("id code number reference identifier sku pin zip postcode zipcode imei iban ref no barcode isbn"),
    ),
    (Shape.DATETIME, word_set("datetime timestamp")),
    (Shape.DATE, word_set("date day birthday dob checkin checkout")),
    (Shape.TIME, word_set("time hour")),
    (Shape.NUMBER, word_set("amount price sum budget cost fee")),
    (Shape.LENGTH, word_set("duration")),
    (Shape.ADDRESS, word_set("address street")),
    (
        Shape.MESSAGE,
        word_set(
            "question query message reason issue problem complaint feedback comment comments note notes description "
            "request text topic subject summary details inquiry symptoms context"
        ),
    ),
    (Shape.PERSON, word_set("customername fullname firstname lastname surname username")),
)
_ANYWHERE = 3
"""How many of the above are told by any word of a name (`phone_number`), not only by the last that is listed."""

_PERSON_NAME = re.compile(
    r"(?:^|_)(?:customer|user|guest|patient|passenger|first|last|full|person|contact|client|"
    r"holder|recipient|caller)_name$|^name$"
)
_PATTERNS = {
    Shape.EMAIL: re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    Shape.PHONE: re.compile(r"(?<![\w-])\+?\(?\d[\d\s().-]{5,}\d(?![\w-])"),
    Shape.URL: re.compile(r"\b(?:https?://|www\.)[^\s,;]+[\w/]|\b[\w-]+\.(?:com|org|net|io|dev)\b(?:/\S*)?"),
    Shape.CODE: re.compile(r"#?\b(?=[\w-]*\d)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\b"),
    Shape.ADDRESS: re.compile(
        r"\b\d+\w?\s+(?:[^\W\d]+\.?\s){0,3}(?:st(?:reet)?|ave(?:nue)?|r(?:oa)?d|lane|ln|drive|dr|"
        r"way|blvd|boulevard|square|"
        r"place|court|ct)\b\.?(?:,?\s+[A-Z][\w]+)*",
        re.I,
    ),
    Shape.PERSON: re.compile(
        r"(?i:\b(?:my (?:full |first |last )?name(?: is|['’]s)?|name is|name:|this is|call me|i am|"
        r"i['’]m|under(?: the name(?: of)?)?))"
        r"\s+(?P<value>[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+){0,2})"
    ),
}
_LOWER_NAME = re.compile(
    r"\bmy (?:full |first |last )?name(?: is|['’]s)\s+(?P<value>[^\W\d]+(?:\s[^\W\d]+)?)(?=\s*(?:$|[,.!;]|and\b))", re.I
)
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th|am|pm)$", re.I)
_SHORTEST_CODE = 3


def shape_of(parameter: Parameter) -> Shape:
    """The shape of a parameter's value: by choices and type, else by the words of its name, the last one first.

    Args:
        parameter: For `list of …`, the shape of one item.
    """
    if parameter.choices:
        return Shape.CHOICE
    kind = parameter.type.removeprefix("list of ").strip()
    if kind in _TYPES:
        return _TYPES[kind]
    if _PERSON_NAME.search(parameter.name):
        return Shape.PERSON
    words = words_of(parameter.name)
    for shape, named in _NAMED[:_ANYWHERE]:
        if named & set(words):
            return shape
    for word in reversed(words):
        for shape, named in _NAMED[_ANYWHERE:]:
            if word in named:
                return shape
    return Shape.THING


def words_of(name: str) -> list[str]:
    """The words of a parameter's or a field's name, in lower case: `check_in_date`, `checkInDate`."""
    return [word.lower() for word in re.split(r"[_\W]+|(?<=[a-z])(?=[A-Z])", name) if word]


def spot_shape(shape: Shape, text: str) -> list[Spotted]:
    """The texts of a shape in what the customer said, in their order.

    Args:
        shape: One that has a pattern of its own: email, phone, url, code, person or address.
        text: One message.
    """
    found = [_spotted(one) for one in _PATTERNS[shape].finditer(text)]
    if shape is Shape.PERSON and not found:
        found = [_spotted(one) for one in _LOWER_NAME.finditer(text)]
    if shape is Shape.CODE:
        found = [one for one in found if _is_code(one, text)]
    if shape is Shape.PHONE:
        found = [one for one in found if sum(letter.isdigit() for letter in one.quote) >= 7]
    return found


def _spotted(found: re.Match[str]) -> Spotted:
    named = "value" in found.re.groupindex
    start, end = found.span("value") if named else found.span()
    value = found.string[start:end].strip()
    return Spotted(value.lstrip("#"), start, end, value)


def _is_code(spotted: Spotted, text: str) -> bool:
    """Whether a text with digits is an id: not an amount, an ordinal or a count of one or two digits."""
    value = spotted.value
    before, after = text[: spotted.start], text[spotted.end :]
    if re.search(r"[$€£@.]\s?$", before) or re.match(r"\s?(?:%|€|\$|dollars?|euros?|[@:]|\.\d)", after):
        return False
    return not _ORDINAL.match(value) and (len(value) >= _SHORTEST_CODE or spotted.quote.startswith("#"))
