"""Runs made by hand, so that what a report has to say of them is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from eval.cases import Case, Evidence
from eval.metrics.score import Score
from eval.runs.folder import (
    CasesUsed,
    JudgeUsed,
    LibraryUsed,
    Manifest,
    RunFolder,
    RunSetting,
)
from eval.runs.record import CaseRecord
from prompts.refusal import REFUSAL

METRICS = ("token_f1", "claims_supported", "hallucination", "refused_rightly", "seconds")
SETTING = "direct"
Part = dict[str, Any]


def made_record(
    case_id: str,
    *,
    setting: str = SETTING,
    scores: Mapping[str, float | Score] | None = None,
    answer: str | None = "It opens at nine bar.",
    claims: Iterable[Part] = (),
    passages: Iterable[Part] = (),
    question: str = "At what pressure does the safety valve open?",
    answers: tuple[str, ...] = ("nine bar",),
    answerable: bool = True,
    error: str = "",
    tags: tuple[str, ...] = (),
) -> CaseRecord:
    """A record of a case with the scores given; an answer of None is a failure."""
    said = {
        "answer": answer,
        "refused": answer == REFUSAL,
        "claims": list(claims),
        "passages": list(passages),
    }
    evidence = (Evidence(document="boiler.pdf", page=3),) if answerable else ()
    return CaseRecord(
        key=f"{case_id}-{setting}",
        setting=setting,
        case=Case(
            id=case_id, question=question, answers=answers if answerable else (),
            answerable=answerable, evidence=evidence, tags=tags,
        ),
        answer=None if answer is None else said,
        error=error,
        scores={
            name: score if isinstance(score, Score) else Score(score)
            for name, score in (scores or {}).items()
        },
    )  # fmt: skip


def right(case_id: str, **more: Any) -> CaseRecord:  # noqa: ANN401
    """A record of an answer that is right and proved."""
    scores = {"token_f1": 1.0, "claims_supported": 1.0, "hallucination": 0.0, "seconds": 1.0}
    return made_record(case_id, scores={**scores, **more.pop("scores", {})}, **more)


def wrong(case_id: str, **more: Any) -> CaseRecord:  # noqa: ANN401
    """A record of an answer that is wrong and not proved."""
    scores = {"token_f1": 0.0, "claims_supported": 0.0, "hallucination": 1.0, "seconds": 2.0}
    return right(case_id, scores={**scores, **more.pop("scores", {})}, **more)


def made_claim(text: str, verdict: str = "supported", reason: str = "", quote: str = "") -> Part:
    """A claim as an answer's JSON has it; a quote cites passage 1."""
    cited = {"number": 1, "document": "boiler.pdf", "page": 3, "page_label": "2", "quote": quote}
    return {
        "text": text, "citations": [cited] if quote else [], "verdict": verdict, "reason": reason,
        "support": None if verdict == "not checkable" else 0.9 if verdict == "supported" else 0.1,
        "rebound": "",
    }  # fmt: skip


def made_passage(text: str, document: str = "boiler.pdf", page: int = 3) -> Part:
    """A passage as an answer's JSON has it."""
    return {"document": document, "page": page, "page_label": "", "text": text, "title": ""}


def made_run(
    path: Path,
    records: Iterable[CaseRecord],
    *,
    count: int | None = None,
    metrics: tuple[str, ...] = METRICS,
    name: str = "nightly",
    sha256: str = "ab" * 32,
    chunks: int = 7,
    judge: JudgeUsed | None = None,
    coverage: float = 0.9,
) -> RunFolder:
    """The folder of a run with these records, under the settings that they name."""
    records = list(records)
    settings = list(dict.fromkeys(record.setting for record in records)) or [SETTING]
    asked = len({record.case.id for record in records}) if count is None else count
    folder = RunFolder.create(
        path,
        Manifest(
            name=name,
            created="2026-01-05T09:00:00+00:00",
            cases=CasesUsed("cases.jsonl", sha256, asked),
            library=LibraryUsed("/libraries/boilers", 4, chunks, 1),
            settings=tuple(RunSetting(one, {"strategy": one, "seed": 0}) for one in settings),
            judge=judge or JudgeUsed("embedded", {"balanced_accuracy": 0.78}, ""),
            metrics=metrics,
            seed=0,
            coverage_asked=coverage,
            citebound="0.1.0",
        ),
    )
    with folder.writing() as writer:
        for record in records:
            writer.write(record)
    return folder
