"""Closed classes of English words that the realiser needs: auxiliaries, irregular verbs, common verbs, determiners.

These are facts of the language, not of any agent: nothing here may be written for one action or one business.
"""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(words.split())


AUXILIARIES = word_set("am is are was were can could will would shall should may might must have has had do does did")
MODALS = word_set("can could will would shall should may might must")
NEGATED = {
    "isn't": "is",
    "aren't": "are",
    "wasn't": "was",
    "weren't": "were",
    "can't": "can",
    "cannot": "can",
    "couldn't": "could",
    "won't": "will",
    "wouldn't": "would",
    "shouldn't": "should",
    "haven't": "have",
    "hasn't": "has",
    "hadn't": "had",
    "don't": "do",
    "doesn't": "do",
    "didn't": "did",
    "mustn't": "must",
}
SUBJECT_PRONOUNS = word_set(
    "i you we it there this that these those someone somebody anyone anybody everyone everybody "
    "something anything "
    "everything nothing nobody they he she"
)
DETERMINERS = word_set("the a an any some my your our their his her its this that these those all each every")
ADVERBS = word_set(
    "also still ever already just really even only never always currently now soon again often usually not last first"
)
PREPOSITIONS = word_set(
    "to with from for by of at on about than like between in into onto over under before after "
    "through without against "
    "around behind near per until via"
)
QUESTION_WORDS = word_set("what which when where why how who whom whose")
INFORMATION_NOUNS = word_set(
    "number name date address email phone code id time size colour color destination origin amount "
    "reason zip postcode "
    "city country quantity type model brand budget age location preference choice language currency username nickname "
    "duration deadline price weight height width length year month day hour title region state street topic subject "
    "purpose goal issue problem question order kind method plan status temperature birthday "
    "birthdate e-mail mail flavor "
    "flavour topping party diet allergy symptom symptom concern need requirement class category range level"
)

IRREGULAR_PAST = {
    "was": "be",
    "were": "be",
    "had": "have",
    "did": "do",
    "went": "go",
    "got": "get",
    "made": "make",
    "took": "take",
    "came": "come",
    "saw": "see",
    "knew": "know",
    "gave": "give",
    "found": "find",
    "thought": "think",
    "told": "tell",
    "felt": "feel",
    "left": "leave",
    "kept": "keep",
    "began": "begin",
    "brought": "bring",
    "bought": "buy",
    "wrote": "write",
    "stood": "stand",
    "heard": "hear",
    "meant": "mean",
    "met": "meet",
    "ran": "run",
    "paid": "pay",
    "sat": "sit",
    "spoke": "speak",
    "led": "lead",
    "grew": "grow",
    "lost": "lose",
    "fell": "fall",
    "sent": "send",
    "built": "build",
    "understood": "understand",
    "drew": "draw",
    "broke": "break",
    "spent": "spend",
    "rose": "rise",
    "drove": "drive",
    "chose": "choose",
    "wore": "wear",
    "slept": "sleep",
    "ate": "eat",
    "drank": "drink",
    "forgot": "forget",
    "flew": "fly",
    "held": "hold",
    "sold": "sell",
    "said": "say",
    "caught": "catch",
    "taught": "teach",
    "woke": "wake",
    "tore": "tear",
    "stole": "steal",
    "hurt": "hurt",
}
PARTICIPLES = word_set(
    "been had done gone got gotten made taken come seen known given found thought told felt left "
    "kept begun brought "
    "bought written stood heard meant met run paid sat spoken led grown lost fallen sent built understood drawn broken "
    "spent risen driven chosen worn slept eaten drunk forgotten flown held sold said caught taught woken torn stolen "
    "hurt put set cut let read become"
)

VERBS = word_set("""
    accept access achieve act activate add adjust agree allow answer apologize appear apply appreciate approve arrange
    arrive ask assist assure attach attend avoid be become begin believe belong book bring browse build buy call cancel
    care carry change charge check choose claim clean clear click close collect come compare complain complete confirm
    connect consider consult contact contain continue cook copy correct cost cover create cut deal decide decline
    deliver deny depend deposit describe deserve dial die disagree discuss dislike do download drink drive drop eat
    email enable end enjoy enter escalate exchange expect experience expire explain explore extend face fail fall feel
    fetch file fill find finish fit fix fly follow forget forward get give go grow guess hand handle happen hate have
    hear help hold hope hurt identify imagine improve include increase inform insert inspect install intend invest
    invite join keep know last learn leave lend let like listen live load locate lock log look lose love lower mail make
    manage match matter mean measure meet mention mind miss modify move need notice notify obtain occur offer open
    operate order own pack park pass pay pick place plan play prefer prepare press prevent print proceed process promise
    provide pull purchase push put qualify reach read receive recommend record redeem refer refund refuse register
    reject release rely remain remember remind remove renew rent repair repeat replace reply report request require
    reschedule reserve reset resolve respond restart restore retrieve return review ride rise run save say scan schedule
    search see seek select sell send serve set settle share ship show sign sit skip sleep solve speak spend stand start
    state stay step stop store submit subscribe suffer suggest suit supply support suspend switch take talk taste tell
    terminate test thank think track trade transfer travel treat try turn understand unlock unsubscribe update upgrade
    upload use validate verify view visit wait walk want warn wash watch wear weigh win wish withdraw wonder work worry
    write
    """)
"""Common verbs, in their base form."""

PLAIN_THIRD_PERSON = word_set(
    "accepts allows applies arrives becomes begins belongs closes comes contains costs covers "
    "delivers depends ends "
    "expires gets gives goes happens includes keeps knows lasts lets makes means needs occurs opens operates provides "
    "qualifies remains requires runs seems sells ships starts stays takes uses wants works"
)
"""Third-person forms that are seldom plural nouns, so that a noun phrase before them is a subject."""

PEOPLE = (
    "customer|user|client|caller|guest|patient|passenger|visitor|shopper|buyer|member|subscriber|traveller|traveler|"
    "tenant|student|applicant|policyholder|cardholder|account holder|consumer|patron|diner|"
    "donor|resident|attendee|participant|candidate|citizen|learner|borrower|homeowner|investor|claimant"
)
"""How designers name the person that the agent talks to, as alternatives of a regular expression."""

COMPOUNDS = (
    "service|services|support|care|success|satisfaction|experience|portal|guide|manual|agreement|account|accounts|id|"
    "ids|number|numbers|name|names|profile|database|interface|list|room|rooms|wifi|area|card|cards|benefits|discount|"
    "discounts|rate|rates|program|programme|reviews|feedback|record|records|file|files|history|data|house|relations|"
    "desk|centre|center|lounge|pass|fee|fees|type|types|group|groups|protection|rights"
)
"""Words that make a name for people part of a compound ("the customer service"), in which it is not the listener."""
