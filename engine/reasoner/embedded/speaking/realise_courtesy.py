"""Rules for the courtesies of a conversation: greeting, thanking, apologising, understanding, parting."""

from __future__ import annotations

import re

from engine.reasoner.embedded.language.pronouns import turn
from engine.reasoner.embedded.speaking.realise_questions import sentence
from engine.reasoner.embedded.speaking.realise_rules import Rule, Scene, rule


def _hello(found: re.Match[str], scene: Scene) -> str:
    by_name = "name" in found.groupdict() and found["name"]
    if by_name and scene.customer_name and scene.customer_name != "Guest":
        return f"Hello, {scene.customer_name}!"
    return "Hello!"


def _welcome(found: re.Match[str], scene: Scene) -> str:
    place = turn(found["place"]) if found["place"] else "back" if " back " in found[0] else ""
    named = f", {scene.customer_name}" if found["name"] and scene.customer_name not in ("", "Guest") else ""
    return sentence(f"welcome {place}{named}" if place else f"welcome{named}", "!")


def _introduce_as(found: re.Match[str], _: Scene) -> str:
    return sentence(f"I'm {turn(found['who'])}")


def _introduce(_: re.Match[str], scene: Scene) -> str | None:
    return sentence(f"I'm {scene.agent_name}") if scene.agent_name else None


def _thank(found: re.Match[str], _: Scene) -> str:
    return sentence(f"thank you {turn(found['what'] or '')}")


def _apologize(found: re.Match[str], _: Scene) -> str:
    what = found["what"]
    if not what:
        return "I apologize."
    regret, _and, statement = re.sub(r",?\s+and that\s+", "\n", what, count=1).partition("\n")
    what = re.sub(r"^about\b", "for", regret, flags=re.I)
    said = turn(what)
    apology = sentence(f"I'm sorry {said}" if re.match(r"(that|but)\b", said, re.I) else f"I apologize {said}")
    return f"{apology} {sentence(turn(statement))}".strip()


def _condole(found: re.Match[str], _: Scene) -> str:
    return sentence(f"I'm sorry {turn(re.sub('^on', 'for', found['what'] or 'for your loss'))}")


def _understand(found: re.Match[str], _: Scene) -> str:
    return sentence(f"I understand {turn(found['what'])}")


def _aware(found: re.Match[str], _: Scene) -> str:
    return sentence(f"I am aware of {turn(found['what'])}")


def _received(found: re.Match[str], _: Scene) -> str:
    return sentence(f"we have received {turn(found['what'])}")


def _appreciate(found: re.Match[str], _: Scene) -> str:
    return sentence(f"I appreciate {turn(found['what'])}")


def _promise(found: re.Match[str], _: Scene) -> str:
    return sentence(f"I promise to {turn(found['what'])}")


def _agree(found: re.Match[str], _: Scene) -> str:
    return sentence(f"I agree {turn(found['what'] or '')}")


def _congratulate(found: re.Match[str], _: Scene) -> str:
    return sentence(f"congratulations {turn(found['what'] or '')}", "!")


def _wish(found: re.Match[str], _: Scene) -> str:
    what = turn(found["what"])
    if re.match(r"(a|an)\s(?!.*\b(?:recovery|marriage|life|future|career)\b)", what, re.I):
        return sentence(f"have {what}", "!")
    return sentence(f"I wish you {what}", "!")


def _refuse(found: re.Match[str], _: Scene) -> str:
    what = found["what"]
    if not what or re.fullmatch(r"(?:the|their|this|that|any such) requests?|it|this|that", what, re.I):
        return "I'm sorry, but I can't help with that."
    what = re.sub(r"^to\s+", "", what, flags=re.I)
    verb = re.match(r"(to )?(\w+)", found["what"], re.I)
    if verb and verb[1]:
        return sentence(f"I'm sorry, but I can't {turn(what)}")
    return sentence(f"I'm sorry, but I can't help with {turn(what)}")


RULES: tuple[Rule, ...] = (
    rule(
        "greet",
        r"(?:greet|say (?:hello|hi|hey)(?: to)?)(?: (?:to )?<them>)?(?P<name>(?: back)? by (?:their "
        r")?(?:first )?name)?",
        _hello,
    ),
    rule("greet", r"(?:start|begin|open)(?: the \w+)? with an? (?:\w+ )?(?:greeting|hello)", _hello),
    rule(
        "welcome",
        r"welcome(?: <them>| back <them>)?(?: (?P<place>(?:back|to|aboard|on board)\b.*?))?"
        r"(?P<name> by (?:their )?(?:first )?name)?",
        _welcome,
    ),
    rule("introduce", r"introduce yourself(?: to <them>)? as (?P<who>.+)", _introduce_as),
    rule(
        "introduce",
        r"(?:introduce yourself|say who you are|tell <them> who you are|tell <them> your name)(?: .*)?",
        _introduce,
    ),
    rule(
        "thank",
        r"(?:thank|express (?:(?:your|our|my|sincere|deep) )*(?:gratitude|appreciation|thanks)(?: to)?|"
        r"say thanks?(?: you)?(?: to)?)(?: <them>)?(?: (?P<what>(?:for|that|very|so)\b.*))?",
        _thank,
    ),
    rule(
        "apologize",
        r"(?:apologi[sz]e|say (?:that )?(?:you are|you're|you’re|we are|we're|we’re) sorry|say "
        r"sorry|express regret|offer (?:an|your|our) apolog(?:y|ies))(?: sincerely| profusely)?(?: "
        r"to <them>)?(?: (?P<what>(?:for|that|about|but|if|in case|when|on behalf)\b.*))?",
        _apologize,
    ),
    rule("apologize", r"regret (?P<what>that .+)", _apologize),
    rule(
        "sympathise",
        r"(?:empathi[sz]e|sympathi[sz]e|commiserate)(?: with <them>)?",
        lambda _, __: "I understand how you feel.",
    ),
    rule(
        "sympathise",
        r"(?:offer|express|give|send|convey)(?: <them>)?(?: (?:your|our|my|sincere|deep|deepest|heartfelt))* "
        r"condolences(?: (?P<what>(?:for|on)\b.+))?",
        _condole,
    ),
    rule(
        "sympathise",
        r"(?:show|express|offer|convey|demonstrate|give)(?: <them>)?(?: some| your| our)? "
        r"(?:sincere |genuine |deep )?(?:empathy|sympathy|understanding|compassion|concern|"
        r"condolences)(?: .*)?",
        lambda _, __: "I understand how you feel.",
    ),
    rule("tell", r"(?:acknowledge|confirm) (?:the )?(?:receipt|reception|arrival) of (?P<what>.+)", _received),
    rule("understand", r"acknowledge (?P<what>(?:the|this|these|any|an?)\b(?! (?:fact|way)\b).+)", _aware),
    rule(
        "understand",
        r"(?:acknowledge|appreciate|recogni[sz]e|value|praise) (?P<what>their (?:\w+ )?(?:loyalty|patience|efforts?|"
        r"feedback|"
        r"cooperation|understanding|help|honesty|interest|support|trust|kindness|generosity|suggestions?|contribution)\b.*)",
        _appreciate,
    ),
    rule("promise", r"(?:promise|commit|undertake)(?: <them>)? to (?P<what>.+)", _promise),
    rule(
        "understand",
        r"(?:acknowledge|empathi[sz]e with|sympathi[sz]e with|validate|recogni[sz]e|show (?:that "
        r"you understand|understanding (?:of|for))|show you understand) (?P<what>.+)",
        _understand,
    ),
    rule("agree", r"agree(?: (?P<what>(?:with|that|to)\b.+))?", _agree),
    rule("reassure", r"(?:reassure|calm|comfort|soothe)(?: <them>)?(?: down)?", lambda _, __: "Please don't worry."),
    rule("congratulate", r"congratulate(?: <them>)?(?: (?P<what>(?:on|for)\b.+))?", _congratulate),
    rule("wish", r"wish <them> (?P<what>.+)", _wish),
    rule(
        "part",
        r"(?:say (?:goodbye|good-bye|bye|farewell)|bid)(?: to)?(?: <them>)?(?: goodbye| farewell)?(?: .*)?",
        lambda _, __: "Goodbye!",
    ),
    rule(
        "part",
        r"(?:end|close|wrap up|finish|conclude) the (?:conversation|chat|call)(?: .*)?",
        lambda _, __: "Goodbye!",
    ),
    rule("refuse", r"(?:refuse|decline)(?: (?P<what>.+))?", _refuse),
)
"""In the order in which they are tried."""
