"""What a parameter's value looks like, by its type, name and description, and texts of that shape."""

from __future__ import annotations

import re
from enum import StrEnum

from engine.agent.model import Parameter
from engine.reasoner.embedded.arguments.numbers import Spotted
from engine.reasoner.embedded.language.clause_words import word_set
from engine.reasoner.embedded.language.features import rarity
from engine.reasoner.embedded.language.stemming import stem


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
        word_set(
            "id code number reference identifier sku pin zip postcode zipcode imei iban ref no barcode isbn "
            "pnr plate vin digits serial"
        ),
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
    r"holder|recipient|sender|caller)_name$|^name$"
)
_LAST_FOUR = re.compile(r"(?:^|_)last_(?:four|4|digits)")
_EXAMPLE = re.compile(
    r"\b(?:such as|like|for example|e\.g\.|example)[:,]?\s+[\"'“]?"
    r"(?P<value>(?=[A-Za-z-]*\d)[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*|\d[A-Za-z0-9-]*[A-Za-z])",
    re.I,
)
_NAME = (
    r"(?:(?:Dr|Mr|Mrs|Ms|Prof)\.?\s)?[A-Z][\w'’-]+(?:\s(?:(?:van|von|de|del|della|di|da|dos|der|den|la|le|bin|al|el)\s){0,2}"
    r"[A-Z][\w'’-]+){0,3}"
)
"""A person's name: capitalised words, with the small words of many languages between them."""

_SPACED_CODE = re.compile(
    r"\b(?P<head>[A-Z]{1,3}\d[A-Z\d]*|[A-Z]{2,4}(?:-[A-Z]{1,4})?|[A-Z]{1,3}-[A-Z]{1,4})(?P<tail>(?: [A-Z\d]{2,6})+)\b"
)
_CARD_NUMBER = re.compile(r"(?<!\d)(?<!\d[ -])\d{4}(?:[ -]\d{4}){2,3}(?:[ -]\d{1,4})?(?![ -]?\d)")
_IBAN_HEAD = re.compile(r"[A-Z]{2}\d{2}")
_SPELLED_EMAIL = re.compile(
    r"\b(?P<user>[\w.+-]+)\s*(?:\bat\b|\(at\)|\[at\])\s*(?P<host>[\w-]+(?:\s*(?:\bdot\b|\(dot\)|\[dot\])\s*[\w-]+)+)",
    re.I,
)
_PATTERNS = {
    Shape.EMAIL: re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    Shape.PHONE: re.compile(r"(?<![\w-])\+?\(?\d[\d\s().-]{5,}\d(?![\w-])"),
    Shape.URL: re.compile(r"\b(?:https?://|www\.)[^\s,;]+[\w/]|\b[\w-]+\.(?:com|org|net|io|dev)\b(?:/\S*)?"),
    Shape.CODE: re.compile(r"#?\b(?=[\w-]*\d)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\b"),
    Shape.ADDRESS: re.compile(
        r"\b(?i:\d+\w?\s+(?:[^\W\d]+\.?\s){0,3}?(?:st(?:reet)?|ave(?:nue)?|r(?:oa)?d|lane|ln|drive|dr|"
        r"way|blvd|boulevard|square|place|court|ct)\b)\.?(?:,?\s+[A-Z][\w]+)*"
    ),
    Shape.PERSON: re.compile(
        r"(?i:\bname(?:\s+is\s+not|\s+isn['’]t|['’]s\s+not)\s[\w'’ -]+?[,;]?\s(?:it['’]s|it\s+is|but)"
        r"|\b(?:my (?:full |first |last )?name(?: is|['’]s)?|name is|name['’]s|name:|this is|call me|i am|"
        r"i['’]m|under(?: the name(?: of)?)?))"
        rf"\s+(?P<value>{_NAME})"
    ),
}
_LOWER_NAME = re.compile(
    r"\bmy (?:full |first |last )?name(?: is|['’]s)\s+(?P<value>[^\W\d]+(?:\s[^\W\d]+)?)(?=\s*(?:$|[,.!;]|and\b))", re.I
)
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th|am|pm)$", re.I)
_SHORTEST_CODE = 3
_MOST_DIGITS = 15
"""How many digits a phone number can have (ITU-T E.164)."""
_RARE = 3.0
"""The rarity from which a word is no everyday word."""


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
    if _LAST_FOUR.search(parameter.name) or example_code(parameter):
        return Shape.CODE
    words = words_of(parameter.name)
    if parameter.type.startswith("list of "):
        words = [word.removesuffix("s") for word in words]
    for shape, named in _NAMED[:_ANYWHERE]:
        if named & set(words):
            return shape
    for word in reversed(words):
        for shape, named in _NAMED[_ANYWHERE:]:
            if word in named:
                return shape
    return Shape.THING


def example_code(parameter: Parameter) -> str:
    """A code with letters and digits that a parameter gives as its example; empty for none."""
    if parameter.type != "string":
        return ""
    described = _EXAMPLE.search(parameter.description)
    examples = (*parameter.examples, described["value"] if described else "")
    return next((one for one in examples if re.fullmatch(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9-]+", one)), "")


def spot_alike(example: str, text: str) -> list[Spotted]:
    """The codes of a text that are built like an example: letters where it has letters, digits where it has digits."""
    runs = re.findall(r"[A-Za-z]+|\d+|-", example)
    kinds = ("-" if run == "-" else r"\d+" if run.isdigit() else "[A-Za-z]" + f"{{{len(run)}}}" for run in runs)
    return [_spotted(found) for found in re.finditer(rf"\b{''.join(kinds)}\b", text)]


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
    if shape is Shape.EMAIL and not found:
        found = [_email(one) for one in _SPELLED_EMAIL.finditer(text)]
    if shape is Shape.CODE:
        spaced = [_spotted(one) for one in _SPACED_CODE.finditer(text) if _is_spaced_code(one)]
        spaced += [_spotted(one) for one in _CARD_NUMBER.finditer(text)]
        apart = [one for one in found if not any(other.start <= one.start < other.end for other in spaced)]
        found = sorted([*spaced, *(one for one in apart if _is_code(one, text))], key=lambda one: one.start)
    if shape is Shape.PHONE:
        found = [one for one in found if 7 <= sum(letter.isdigit() for letter in one.quote) <= _MOST_DIGITS]
    return found


def _spotted(found: re.Match[str]) -> Spotted:
    named = "value" in found.re.groupindex
    start, end = found.span("value") if named else found.span()
    value = found.string[start:end].strip()
    return Spotted(value.lstrip("#"), start, end, value)


def leading_name(text: str) -> Spotted | None:
    """The capitalised name with which an answer begins: `It's Dana, and my email is …`, `Dana Fox, dana@x.org`."""
    found = re.match(
        rf"\s*(?i:(?:sure|yes|ok|okay|hi|hello)\b[,.!]?\s+)?(?i:it['’]?s\s+)?(?P<value>{_NAME})\s*(?:[,.;]|and\b)", text
    )
    return _spotted(found) if found else None


def _email(found: re.Match[str]) -> Spotted:
    """An address that is spelled out: `dana at example dot com`."""
    host = re.sub(r"\s*(?:\bdot\b|\(dot\)|\[dot\])\s*", ".", found["host"], flags=re.I)
    return Spotted(f"{found['user']}@{host}", *found.span(), found[0])


def _is_spaced_code(found: re.Match[str]) -> bool:
    """Whether capitals and figures with blanks between them are one code (`EC1V 9LT`, `LH 454`)."""
    head, groups = found["head"], found["tail"].split()
    if not any(letter.isdigit() for letter in found["tail"]):
        return False
    if any(letter.isdigit() for letter in head):
        mixed = all(re.search(r"[A-Z]", group) and re.search(r"\d", group) for group in groups)
        return mixed or (bool(_IBAN_HEAD.fullmatch(head)) and len(groups) > 2)
    return len(groups) == 1 and groups[0].isdigit() and not is_everyday(head)


def is_everyday(word: str) -> bool:
    """Whether a word in capitals is one of everyday language or announces a code, and so is none itself."""
    return rarity(stem(word.lower())) < _RARE or any(word.lower() in named for _, named in _NAMED)


def _is_code(spotted: Spotted, text: str) -> bool:
    """Whether a text with digits is an id: not an amount, an ordinal or a count of one or two digits."""
    value = spotted.value
    before, after = text[: spotted.start], text[spotted.end :]
    if re.search(r"[$€£@.]\s?$", before) or re.match(r"\s?(?:%|€|\$|dollars?|euros?|[@:]|\.\d)", after):
        return False
    return not _ORDINAL.match(value) and (len(value) >= _SHORTEST_CODE or spotted.quote.startswith("#"))
