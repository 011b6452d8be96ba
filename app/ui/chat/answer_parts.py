"""An answer as data for the page: lines of sentences, with footnotes and what is not proved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from app.citations import LIST_SIGN, marked_lines, strip_marks, unwrapped_lines
from app.events import Answer, Claim
from app.page_name import page_name
from app.ui.counted import counted

HEADING = re.compile(r"^#{1,6}\s+")
STYLED = re.compile(r"\*\*(?P<strong>[^*\n]+)\*\*|`(?P<code>[^`\n]+)`")
BULLETS = "-*•"


def answer_lines(text: str, claims: Sequence[Claim]) -> list[dict[str, Any]]:
    """The lines of an answer, as far as it has come; sentences beyond ``claims`` are unchecked.

    Each has a ``kind`` (paragraph, heading, item), the ``sign`` of an item and its ``sentences``.
    """
    lines: list[dict[str, Any]] = []
    number = 0
    for raw, sentences in zip(unwrapped_lines(text), marked_lines(text), strict=True):
        shown = []
        for sentence in sentences:
            claim = claims[number] if number < len(claims) else None
            shown.append(_sentence(claim, sentence, number))
            number += 1
        if shown:
            lines.append({**_kind(raw.strip()), "sentences": shown})
    return lines


def _kind(line: str) -> dict[str, str]:
    if HEADING.match(line):
        return {"kind": "heading", "sign": ""}
    if (sign := LIST_SIGN.match(line)) is not None:
        return {"kind": "item", "sign": "•" if sign[1] in BULLETS else sign[1]}
    return {"kind": "paragraph", "sign": ""}


def _sentence(claim: Claim | None, sentence: str, number: int) -> dict[str, Any]:
    text = claim.text if claim else strip_marks(sentence)
    return {
        "claim": number,
        "spans": list(spans(HEADING.sub("", text))),
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


def spans(text: str) -> Iterator[dict[str, str]]:
    """A text by what a model marks in it: bold and code; any other sign stays as it stands."""
    end = 0
    for found in STYLED.finditer(text):
        if found.start() > end:
            yield {"style": "", "text": text[end : found.start()]}
        style = found.lastgroup or ""
        yield {"style": style, "text": found[style]}
        end = found.end()
    if end < len(text):
        yield {"style": "", "text": text[end:]}


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


def summary(answer: Answer) -> str:
    """The quiet line under an answer."""
    seconds = f"{answer.receipt.seconds:.1f} s"
    if answer.refused:
        return f"None of {counted(len(answer.passages), 'passage')} answers it · {seconds}"
    documents = {c.document_id for claim in answer.claims for c in claim.citations}
    coverage = [str(answer.coverage)] if answer.coverage else []
    parts = [
        f"{answer.proved} of {counted(answer.checked, 'sentence')} proved",
        counted(len(documents), "document"),
        *coverage,
        seconds,
    ]
    return " · ".join(parts)


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
