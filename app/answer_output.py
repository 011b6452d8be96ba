"""Passages and answers as the commands print them: as JSON, and for a person."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.page_name import page_name

if TYPE_CHECKING:
    from app.events import Answer, Claim, Receipt
    from ingest.search import Passage


def passage_to_json(passage: Passage) -> dict[str, Any]:
    """A passage as ``--json`` prints it; pages count from 1."""
    return {
        "document": passage.document,
        "title": passage.title,
        "page": passage.page,
        "page_label": passage.page_label,
        "text": passage.text,
        "score": round(passage.score, 6),
        "dense_rank": passage.dense_rank,
        "lexical_rank": passage.lexical_rank,
        "rerank_score": _rounded(passage.rerank_score),
    }


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 6)


def passage_to_text(passage: Passage) -> str:
    """A passage for a person."""
    trail = f" - {passage.trail}" if passage.trail else ""
    name = page_name(passage.page, passage.page_label)
    return f"{passage.document}, {name}{trail}\n{' '.join(passage.text.split())}"


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """An answer as ``--json`` prints it."""
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "answer": answer.text,
        "refused": answer.refused,
        "coverage": None if answer.coverage is None else asdict(answer.coverage),
        "claims": [claim_to_json(claim) for claim in answer.claims],
        "proved": answer.proved,
        "checked": answer.checked,
        "steps": [asdict(step) for step in answer.steps],
        "passages": [passage_to_json(passage) for passage in answer.passages],
        "receipt": receipt_to_json(answer.receipt),
    }


def claim_to_json(claim: Claim) -> dict[str, Any]:
    """A claim as ``--json`` prints it."""
    return {
        "text": claim.text,
        "citations": [
            {"number": c.number, "document": c.document, "page": c.page,
             "page_label": c.page_label, "quote": c.quote}
            for c in claim.citations
        ],
        "support": None if claim.support is None else round(claim.support, 3),
        "verdict": claim.verdict,
        "reason": claim.reason,
        "rebound": claim.rebound,
    }  # fmt: skip


def receipt_to_json(receipt: Receipt) -> dict[str, Any]:
    """A receipt as ``--json`` prints it: its fields, and what its calls add up to."""
    return {
        **asdict(receipt),
        "prompt_tokens": receipt.prompt_tokens,
        "answer_tokens": receipt.answer_tokens,
        "cut_off": receipt.cut_off,
    }


def footnotes(answer: Answer) -> str:
    """Where each cited passage stands, what is not proved, and how much is."""
    cited = {c.number: c for claim in answer.claims for c in claim.citations}
    lines = [""] if cited else []
    lines += [
        f"[{n}] {c.document}, {page_name(c.page, c.page_label)}" for n, c in sorted(cited.items())
    ]
    lines += [
        f"Not proved: {claim.text} ({claim.reason})"
        for claim in answer.claims
        if claim.verdict == "unsupported"
    ]
    lines += [
        f"Cited anew: {claim.text} ({claim.rebound})" for claim in answer.claims if claim.rebound
    ]
    if answer.checked and not answer.refused:
        sentences = "sentence" if answer.checked == 1 else "sentences"
        lines.append(f"{answer.proved} of {answer.checked} {sentences} proved.")
    if answer.coverage:
        lines.append(f"Coverage: {answer.coverage}.")
    lines += answer.receipt.warnings
    return "".join(f"{line}\n" for line in lines)
