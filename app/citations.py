"""A sentence of an answer -> what it cites, and whether that proves it.

What a model marks is a proposal: a mark that names no passage is dropped, a sentence whose passage
does not prove it goes to one that does, and so does a sentence without marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.events import MARK, Citation, Claim
from app.grounding import Check, check_claim
from app.grounding.quotations import find_quotation, quotations
from app.proof import Proof
from app.terms import stems
from ingest.records import ChunkRecord
from ingest.sentences import split_sentences
from prompts.refusal import is_refusal

# A model means its line ends, but for those in the middle of a sentence.
WRAPPED = re.compile(r"(?<=[^\s.!?:;\]]) *\n(?=[a-z])")
LIST_SIGN = re.compile(r"^([-*•]|\(?\d+[.)])(\s+|$)")
LEAST_WORDS = 3  # that tell something; a sentence with fewer could be of any passage
MARKS_FIRST = re.compile(rf"^\s*((?:{MARK.pattern}[\s.,;]*)+)")


def check_text(
    text: str, passages: Sequence[ChunkRecord], check: Check = check_claim
) -> list[Claim]:
    """The sentences of a text that is complete, each bound to what it cites and checked."""
    return [bind_sentence(sentence, passages, check) for sentence in marked_sentences(text)]


def proved_share(claims: Sequence[Claim]) -> float:
    """The share of the claims that can be checked which is proved, 0 to 1; 0 where none can be."""
    checked = [claim for claim in claims if claim.support is not None]
    return sum(claim.verdict == "supported" for claim in checked) / max(1, len(checked))


def marked_sentences(text: str) -> list[str]:
    """The sentences of a text, each with its marks."""
    return [sentence for line in marked_lines(text) for sentence in line]


def marked_lines(text: str) -> list[list[str]]:
    """The sentences of each of ``unwrapped_lines``, with the marks that belong to them.

    Those may stand at the beginning of the next line.
    """
    lines: list[list[str]] = []
    for line in unwrapped_lines(text):
        lines.append([])
        for sentence in split_sentences(line):
            _attach(sentence, lines)
    return lines


def unwrapped_lines(text: str) -> list[str]:
    """The lines of a text; one that ends in the middle of a sentence goes on in the next."""
    return WRAPPED.sub(" ", text).split("\n")


def attach_marks(sentences: Sequence[str]) -> list[str]:
    """Move marks that stand after a sentence's full stop to the sentence that they belong to.

    The signs of a list's items are no sentences and go.
    """
    lines: list[list[str]] = [[]]
    for sentence in sentences:
        _attach(sentence, lines)
    return lines[0]


def _attach(sentence: str, lines: Sequence[list[str]]) -> None:
    """Put a sentence into the last line, the marks that it begins with to the one before it."""
    first = MARKS_FIRST.match(sentence)
    before = next((line for line in reversed(lines) if line), None)
    if first and before:
        before[-1] += " " + first.group(1).strip()
        sentence = sentence[first.end() :].strip()
    sentence = LIST_SIGN.sub("", sentence)
    if sentence:
        lines[-1].append(sentence)


def bind_sentence(
    sentence: str, passages: Sequence[ChunkRecord], check: Check = check_claim, *, topic: str = ""
) -> Claim:
    """One sentence with its marks -> a claim with its citations, checked against them.

    Where they do not prove it, or there are none, the passage that proves it best is cited in their
    place, or the passages that together prove its parts, and the claim says so; where none do, the
    marks stay and it stands without proof. ``topic`` is what was asked, which tells of two
    sentences that have as much of the claim the one that is quoted.
    """
    text = strip_marks(sentence)
    if is_refusal(text):
        return Claim(text, (), None, "not checkable", "it says that there is no answer")
    marked = [number for number in marked_numbers(sentence) if 1 <= number <= len(passages)]
    proof = Proof(text, passages, check)
    numbers, support, rebound = marked, proof.support(text, marked), ""
    if support.verdict == "unsupported" and len(set(stems(text))) >= LEAST_WORDS:
        better = proof.of_one(marked) or proof.of_parts()
        if better:
            numbers = better
            support = proof.support(text, better)
            rebound = _rebound(marked, better)
        elif lacking := proof.unproved_parts(marked):
            support = replace(support, reason=f"{support.reason}; {lacking}")
    citations = tuple(_cite(number, passages[number - 1], text, topic) for number in numbers)
    return Claim(text, citations, support.value, support.verdict, support.reason, rebound)


def _rebound(marked: Sequence[int], better: Sequence[int]) -> str:
    """Why other passages are cited than those that were marked."""
    proving = " and ".join(f"[{number}]" for number in better)
    proves = "proves it" if len(better) == 1 else "prove it together"
    if not marked:
        return f"it cited no passage; {proving} {proves}"
    if len(better) == 1 and better[0] in marked:
        return f"of what it cited, {proving} alone proves it"
    cited = ", ".join(f"[{number}]" for number in marked)
    return f"it cited {cited}; {proving} {proves}"


def marked_numbers(sentence: str) -> list[int]:
    """The numbers in a sentence's marks, in order, each once."""
    found = [int(n) for group in MARK.findall(sentence) for n in re.findall(r"\d+", group)]
    return list(dict.fromkeys(found))


def strip_marks(sentence: str) -> str:
    """A sentence without its marks."""
    text = " ".join(MARK.sub(" ", sentence).split())
    return re.sub(r"\s+([.,;:!?])", r"\1", text)


def _cite(number: int, passage: ChunkRecord, claim: str, topic: str) -> Citation:
    quote = best_quote(claim, passage.text, topic)
    page, label = passage.page_of(quote)
    return Citation(
        number=number,
        document_id=passage.document_id,
        document=passage.document,
        page=page,
        page_label=label,
        quote=quote,
    )


def best_quote(claim: str, text: str, topic: str = "") -> str:
    """What a claim quotes, as the passage has it; where it quotes nothing of it, a sentence.

    That is the one that shares most words with the claim, among equals with the topic, the shorter
    among those.
    """
    for quoted in quotations(claim):
        if span := find_quotation(quoted, text):
            return " ".join(text[slice(*span)].split())
    wanted, asked = set(stems(claim)), set(stems(topic))

    def shared(sentence: str) -> tuple[int, int, int]:
        said = set(stems(sentence))
        return len(wanted & said), len(asked & said), -len(sentence)

    return max(split_sentences(text), key=shared, default=text)
