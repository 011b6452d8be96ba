"""Sentences of a document that read as if they told the model, or asked it, something.

They are quoted material like the rest and stay in the prompt, where the model is warned of them;
the receipt names them. Manuals are full of such sentences, so nothing is taken out. The words are
those of requests in BIPIA's training set (Yi et al., 2023) and of published overrides.
"""

from __future__ import annotations

import re

from ingest.sentences import split_sentences

VERBS = """
    act add advise analyse analyze answer append assist book break build calculate change check
    choose classify click compare compile compose compute conduct convert craft create debug
    decide define delete deliver describe design determine develop devise discuss disregard
    draft draw encrypt estimate evaluate execute explain express fetch fill find fix follow
    forget format forward generate give guide help identify ignore imagine implement include
    insert instruct interpret introduce invent investigate list load locate look make mark
    mention modify name negotiate offer open optimize output outline override paraphrase perform
    plan play predict prepare present pretend print produce promote propose prove provide
    publish query quote rank rate recite recommend record refer refuse remember remind remove
    repeat rephrase replace reply report reset respond retrieve return reveal review rewrite run
    say schedule search select send set share show simulate solve speak specify start stop
    submit suggest sum summarise summarize switch talk teach tell think trace track train
    transform translate treat type understand update upload use verify visit warn write
""".split()
OPENERS = r"(?:please|kindly|now|then|next|also|instead|finally|first|and|just)"
REQUEST = re.compile(
    rf"^\W*(?:{OPENERS}[\s,]+)*(?:{'|'.join(VERBS)})\b"
    r"|\b(?:can|could|would|will) you\b|\bplease\b|\byou (?:must|should|need to|have to|are now)\b"
    r"|\b(?:do not|don't|never) (?:mention|reveal|cite|tell|say|answer|follow|use)\b"
    r"|\b(?:i|we) (?:want|need|would like|ask) you to\b"
    r"|\byour (?:task|job|answer|response|reply|message|output|text|words)\b"
    r"|\b(?:previous|prior|above|earlier|all other|system) (?:instructions?|prompts?|rules)\b"
    r"|\b(?:language model|chatbot|ai (?:model|assistant))\b",
    re.IGNORECASE,
)


def find_instructions(text: str) -> list[str]:
    """The sentences that read as a request or a question, in order, each once."""
    found = [
        " ".join(sentence.split())
        for sentence in split_sentences(text)
        if sentence.rstrip("\"'”’) ").endswith("?") or REQUEST.search(sentence)
    ]
    return list(dict.fromkeys(found))
