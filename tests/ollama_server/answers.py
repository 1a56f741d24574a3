"""A policy that answers Cuecard's own prompts by plain rules over words, well enough to carry a chat through.

It is no language model and knows no agent: conditions hold by words shared with their examples, values are found by
their shape, drafts are the points of the prompt strung together.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tests.ollama_server.answers_journeys import moves
from tests.ollama_server.answers_judging import ACTS, arguments, verdicts
from tests.ollama_server.answers_reading import Asked, choices, names, overlap, read, strings

GREETING = ACTS[0][1]


def answer(request: dict[str, Any]) -> str:
    """The text that answers the body of a chat request: words, or JSON that fits its `format`."""
    asked = read(request)
    properties = asked.schema.get("properties", {})
    if "reading" in properties:
        return json.dumps(_situation(asked), ensure_ascii=False)
    if "said_by_draft" in properties:
        return json.dumps(_selection(asked), ensure_ascii=False)
    if "say" in properties:
        return json.dumps({"say": _preamble(asked)}, ensure_ascii=False)
    if asked.section("What the customer may mean"):
        return _question(line.removeprefix("- ") for line in asked.section("What the customer may mean"))
    draft = " ".join(strings(" ".join(asked.section("The draft of the assistant's next message"))))
    return draft or _draft(asked)


def _situation(asked: Asked) -> dict[str, Any]:
    properties = asked.schema["properties"]
    found: dict[str, Any] = {"reading": f"The customer says: {asked.latest[:120] or 'nothing'}"}
    words: dict[str, str] = {}
    if "verdicts" in properties:
        words, found["reasons"] = verdicts(asked)
        found["verdicts"] = words
    if "journeys" in properties:
        asked_for = set(names(asked.schema, "journeys"))
        begun = asked_for if not words else {name for name in asked_for if _starts(name, words)}
        found["journeys"] = moves(asked, begun)
    if "tools" in properties:
        found["tools"] = arguments(asked, words)
    if "questions" in properties:
        found["questions"] = _questions(asked, words)
    return found


def _starts(journey: str, words: dict[str, str]) -> bool:
    """Whether a journey may begin: by one of its own conditions, or as far as this policy can tell."""
    own = [word for name, word in words.items() if name.partition("#")[0] == journey]
    return "yes" in own or "probably" in own or "yes" in words.values()


def _questions(asked: Asked, words: dict[str, str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    lines = dict(re.findall(r"^- ([^:]+): (.*)$", "\n".join(asked.section("Conditions")), re.M))
    for line in asked.section("What may be unclear"):
        of, _, targets = line.removeprefix("- ").partition(" asks which of these is meant: ")
        meant = [name for name in targets.split(", ") if words.get(name) in ("yes", "still", "probably")]
        texts = (lines[name].partition(" E.g. ")[0] for name in meant if name in lines)
        found[of] = _question(texts) if words.get(of) == "yes" and len(meant) > 1 else None
    return found


def _question(options: Any) -> str:
    phrases = [re.sub(r"^The customer (?:wants to |asks (?:about )?)?|\.$", "", option.strip()) for option in options]
    return f"Do you mean to {' or to '.join(phrases)}?".replace("their", "your")


def _draft(asked: Asked) -> str:
    lines = asked.section("What the assistant's next message has to do, most important first")
    said = [_point(re.sub(r"^\d+\. ", "", line), asked) for line in lines]
    return " ".join(words for words in said if words) or "I'm afraid I can't help you with that here."


def _point(point: str, asked: Asked) -> str:
    quoted = list(strings(point))
    if point.startswith(("Say", "Ask this question")) and quoted:
        return quoted[0] if not point.startswith("Say that") else f"{quoted[0]} will not do, I'm afraid."
    if point.startswith("Ask for this: "):
        return f"Could you tell me {_lower(point.removeprefix('Ask for this: ')).rstrip('.')}?"
    if point.startswith("Apologize that this did not work"):
        return "I'm sorry, something did not work."
    if point.startswith("Do not do this yet"):
        return ""
    if asked_for := re.match(r"Ask (?:for )?(.+?)\.?$", point):
        return f"Could you tell me {asked_for[1].replace('they', 'you').replace('their', 'your')}?"
    told = [_told(result) for result in asked.results[-1:]]
    return " ".join((f"About this: {_lower(point).rstrip('.')}.", *told))


def _told(result: Any) -> str:
    if isinstance(result, dict):
        return " ".join(f"{name.replace('_', ' ').capitalize()}: {value}." for name, value in result.items())
    return f"{', '.join(map(str, result)) if isinstance(result, list) else result}."


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _selection(asked: Asked) -> dict[str, Any]:
    properties = asked.schema["properties"]
    draft = " ".join(strings(" ".join(asked.section("The draft of the assistant's next message"))))
    sources = [line[2:].partition(": ")[0] for line in asked.section("What it had to do")]
    found: dict[str, Any] = {}
    if "fields" in properties:
        found["fields"] = {name: _gap(asked) for name in names(asked.schema, "fields")}
    found["why"] = "It goes by the words that they share."
    if "fits" in properties:
        found |= _fitting(asked, draft, sources)
    found["said_by_draft"] = sources
    if "restyled" in properties:
        found["restyled"] = draft
    return found


def _gap(asked: Asked) -> str | None:
    return asked.latest.rstrip(".!?") if 0 < len(asked.latest.split()) <= 6 else None


def _fitting(asked: Asked, draft: str, sources: list[str]) -> dict[str, Any]:
    fits: dict[str, str] = {}
    scores: dict[str, float] = {}
    linked: dict[str, str] = {}
    for line in asked.section("Approved messages"):
        parts = re.match(r"- (\S+?)(?: \(written for (.+?)\))?: (.*)", line)
        if parts:
            name, linked[parts[1]], text = parts[1], parts[2] or "", " ".join(strings(parts[3]))
            scores[name] = overlap(draft, text) + (1 if linked[name] in sources else 0)
            fits[name] = _fit(scores[name], len(sources))
    best = max(scores, key=lambda name: scores[name], default="none")
    choice = best if fits.get(best, "none") in ("high", "partial") else "none"
    said = [source for source in sources if choice != "none" and (source == linked[choice] or len(sources) == 1)]
    return {"fits": fits, "choice": choice, "unsaid": "", "follow_up": "none", "said_by_choice": said}


def _fit(score: float, instructions: int) -> str:
    if score >= 1:
        return "high" if instructions == 1 else "partial"
    return "high" if score >= 0.6 else "partial" if score >= 0.4 else "low" if score > 0.1 else "none"


def _preamble(asked: Asked) -> str | None:
    if not asked.latest or re.match(GREETING, asked.latest, re.I):
        return None
    allowed = [choice for choice in choices(asked.schema["properties"]["say"], asked.schema) if choice]
    return allowed[0] if allowed else "Let me see."
