"""Forms of English verbs, as far as a question needs them."""

from __future__ import annotations

from app.grounding.rarity import UNKNOWN, rarity

BE = frozenset("is are was were".split())
MODAL = frozenset("can could will would may might must should".split())
HAVE = {"has": "does", "have": "do", "had": "did"}
AUXILIARIES = BE | MODAL | HAVE.keys()
PAST = {
    form: base
    for pair in """
    became:become began:begin bought:buy brought:bring built:build came:come chose:choose
    created:create drew:draw fell:fall fought:fight found:find gave:give grew:grow held:hold
    kept:keep knew:know led:lead left:leave lost:lose made:make met:meet paid:pay ran:run
    rose:rise said:say sang:sing saw:see sent:send sold:sell spent:spend spoke:speak stood:stand
    taught:teach took:take told:tell thought:think went:go won:win wrote:write
    """.split()
    for form, _, base in [pair.partition(":")]
}
PRESENT = {
    form: base
    for pair in """
    belongs:belong comprises:comprise consists:consist contains:contain covers:cover holds:hold
    includes:include lies:lie makes:make manages:manage means:mean needs:need occurs:occur
    offers:offer operates:operate opens:open plays:play produces:produce provides:provide
    receives:receive refers:refer remains:remain requires:require rises:rise runs:run serves:serve
    stands:stand uses:use
    """.split()
    for form, _, base in [pair.partition(":")]
}
PARTICIPLES = frozenset(
    """been begun built bought brought chosen come done drawn fallen fought found given gone grown
    held kept known led left lost made met paid run seen sent set shown sold spent spoken stood
    taken taught thought told won written born""".split()
)


def base_of_past(verb: str) -> str:
    """The base form of a verb in the past tense; empty where it is not known to be one."""
    if verb in PAST:
        return PAST[verb]
    if not verb.endswith("ed") or len(verb) < 5:
        return ""
    bases = [verb[:-1], verb[:-2]]
    if verb.endswith("ied"):
        bases.insert(0, verb[:-3] + "y")
    if verb[-3] == verb[-4]:
        bases.append(verb[:-3])
    known = [base for base in bases if rarity(base) < UNKNOWN]
    return min(known, key=rarity) if known else ""


def is_participle(word: str) -> bool:
    """Whether a word after a form of "have" or "be" goes with it."""
    return word in PARTICIPLES or (word.endswith("ed") and len(word) > 3)
