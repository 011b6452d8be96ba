"""An answer as data for the page: lines of sentences, with footnotes and what is not proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from app.answer_lines import Sentence, lines_of
from app.citations import marked_lines
from app.events import Answer, Claim
from app.page_name import page_name


def answer_lines(text: str, claims: Sequence[Claim]) -> list[dict[str, Any]]:
    """The lines of an answer, as far as it has come; sentences beyond ``claims`` are unchecked.

    Each has a ``kind`` (paragraph, heading, item), the ``sign`` of an item and its ``sentences``.
    """
    return [
        {
            "kind": line.kind,
            "sign": line.sign,
            "sentences": [_sentence(sentence) for sentence in line.sentences],
        }
        for line in lines_of(text, claims)
    ]


def _sentence(sentence: Sentence) -> dict[str, Any]:
    claim = sentence.claim
    return {
        "claim": sentence.number,
        "spans": [asdict(span) for span in sentence.spans],
        "state": claim.verdict if claim else "unchecked",
        "reason": claim.reason if claim and claim.verdict == "unsupported" else "",
        "rebound": claim.rebound if claim else "",
        "notes": [
            {
                "number": citation.number,
                "label": f"Source {citation.number}: {citation.document}, "
                f"{page_name(citation.page, citation.page_label)}",
            }
            for citation in (claim.citations if claim else ())
        ],
    }


def copied_text(answer: Answer) -> str:
    """An answer with its footnotes, as it is put into another program."""
    said = "\n".join(
        " ".join(
            f"{claim.text} {''.join(f'[{one.number}]' for one in claim.citations)}".strip()
            for claim in line
        )
        for line in _claims_by_line(answer)
    )
    cited = {c.number: c for claim in answer.claims for c in claim.citations}
    notes = [
        f"[{number}] {c.document}, {page_name(c.page, c.page_label)}"
        for number, c in sorted(cited.items())
    ]
    return "\n\n".join(part for part in (said, "\n".join(notes)) if part)


def _claims_by_line(answer: Answer) -> Iterator[list[Claim]]:
    claims = iter(answer.claims)
    for sentences in marked_lines(answer.text):
        if line := [claim for _, claim in zip(sentences, claims, strict=False)]:
            yield line


def quotes_of(answer: Answer, number: int) -> tuple[str, ...]:
    """What proves something in the passage of this number, in the answer's order."""
    quotes = [
        citation.quote
        for claim in answer.claims
        if claim.verdict == "supported"
        for citation in claim.citations
        if citation.number == number
    ]
    return tuple(dict.fromkeys(quotes))
