"""How often an answer changes where the same is asked in another way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.events import MARK
from app.grounding.quantities import missing_quantities
from app.terms import normalise
from eval.metrics.answer import word_f1
from eval.metrics.score import Score
from eval.metrics.summary import Summary, summarise
from eval.reports.outcome import verdict_of
from eval.runs.folder import RunFolder
from eval.runs.record import CaseRecord
from ingest.errors import CiteboundError

LIKE = 0.5  # F1 of words from which two answers say the same, if their numbers do too


class SensitivityError(CiteboundError):
    """A run that has nothing to tell of sensitivity."""


@dataclass(frozen=True)
class Given:
    """What was answered to a case, without its marks; ``pages`` are those that are cited."""

    asked: str
    text: str
    refused: bool
    is_right: bool
    pages: frozenset[tuple[str, int]]


@dataclass(frozen=True)
class Changed:
    """A case whose answer is another; ``how`` names what differs."""

    case_id: str
    how: str
    before: Given
    after: Given


@dataclass(frozen=True)
class VariationFigures:
    """One variation against the base, over the cases that both have answered.

    Each summary is of shares, 0 to 1: answers that are not the same word for word, that say
    something else (see ``difference``), of which one is a refusal and the other none, of which one
    is right and the other not, and that cite other pages. ``failed`` are cases without an answer
    on either side.
    """

    name: str
    failed: int
    other_words: Summary
    other_answer: Summary
    refusal_changed: Summary
    rightness_changed: Summary
    other_pages: Summary
    changed: tuple[Changed, ...]


def sensitivity(folder: RunFolder) -> tuple[VariationFigures, ...]:
    """Compare every setting of a run with its first. Raises SensitivityError where it has one."""
    base, *others = [setting.name for setting in folder.manifest.settings]
    if not others:
        raise SensitivityError(f"The run {folder.path} has one setting alone, and no variation.")
    given: dict[str, dict[str, Given | None]] = {name: {} for name in (base, *others)}
    for record in folder.records():
        given[record.setting][record.case.id] = _given(record)
    seed = folder.manifest.seed
    return tuple(_figures(name, given[base], given[name], seed) for name in others)


def difference(one: Given, other: Given) -> str:
    """What two answers do not have in common; empty where they say the same.

    A refusal and an answer differ; so do answers with other numbers, or fewer shared words than
    ``LIKE``. Two refusals are the same.
    """
    if one.refused != other.refused:
        return "refused" if other.refused else "no longer refused"
    if one.refused:
        return ""
    lacking = missing_quantities(one.text, other.text) + missing_quantities(other.text, one.text)
    if lacking:
        return f"other numbers: {', '.join(lacking)}"
    shared = word_f1(normalise(one.text).split(), normalise(other.text).split())
    return "" if shared >= LIKE else "other words"


def figures_to_json(figures: VariationFigures) -> dict[str, Any]:
    """As ``--json`` prints them."""
    found = asdict(figures)
    for changed in found["changed"]:
        for side in ("before", "after"):
            changed[side]["pages"] = [list(page) for page in sorted(changed[side]["pages"])]
    return found


def _given(record: CaseRecord) -> Given | None:
    if record.answer is None:
        return None
    return Given(
        asked=record.answer["question"],
        text=" ".join(MARK.sub("", record.answer["answer"]).split()),
        refused=record.answer["refused"],
        is_right=verdict_of(record).outcome == "right",
        pages=frozenset(_cited(record.answer)),
    )


def _cited(answer: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for claim in answer["claims"]:
        for citation in claim["citations"]:
            yield citation["document"], citation["page"]


def _figures(
    name: str, base: dict[str, Given | None], varied: dict[str, Given | None], seed: int
) -> VariationFigures:
    pairs = [
        (id, before, after)
        for id, before in sorted(base.items())
        if before is not None and (after := varied.get(id)) is not None
    ]
    differences = [difference(before, after) for _, before, after in pairs]

    def share(outcomes: Sequence[bool]) -> Summary:
        return summarise([Score(float(outcome)) for outcome in outcomes], seed=seed)

    return VariationFigures(
        name=name,
        failed=len(base.keys() | varied.keys()) - len(pairs),
        other_words=share([before.text != after.text for _, before, after in pairs]),
        other_answer=share([bool(one) for one in differences]),
        refusal_changed=share([before.refused != after.refused for _, before, after in pairs]),
        rightness_changed=share([before.is_right != after.is_right for _, before, after in pairs]),
        other_pages=share([before.pages != after.pages for _, before, after in pairs]),
        changed=tuple(
            Changed(id, how, before, after)
            for (id, before, after), how in zip(pairs, differences, strict=True)
            if how
        ),
    )
