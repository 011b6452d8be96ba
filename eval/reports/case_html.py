"""One case as a part of a page: question, answer with its claims coloured, passages, scores."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from app.page_name import page_name
from eval.metrics.score import Score
from eval.reports.metric_names import metric_named
from eval.reports.outcome import Verdict, verdict_of
from eval.reports.plain import as_html, one_line, plain
from eval.runs.record import CaseRecord

QUESTION_SHOWN = 200  # characters
PASSAGE_SHOWN = 4000  # characters; neighbours can make a passage longer
MARKED = {"supported": "proved by what it cites", "unsupported": "not proved",
          "not checkable": "nothing to check"}  # fmt: skip


def case_html(record: CaseRecord, number: str) -> str:
    """A case that opens; ``number`` is its setting's, empty where there is one setting."""
    verdict = verdict_of(record)
    scores = {name: score.value for name, score in record.scores.items() if score.value is not None}
    return (
        f'<details class="case" data-outcome="{verdict.outcome}" data-setting="{number}" '
        f'data-scores="{as_html(json.dumps(scores))}">'
        f"<summary>{outcome_html(verdict.outcome)}"
        f'<span class="asked">{as_html(one_line(record.case.question, QUESTION_SHOWN))}</span>'
        f'<span class="figures">{_figures(record, number)}</span></summary>'
        f'<div class="inside">{_inside(record, verdict)}</div></details>\n'
    )


def outcome_html(outcome: str) -> str:
    """An outcome's name with the colour that it has in bars."""
    return f'<span class="outcome">{dot(outcome)}{outcome}</span>'


def dot(outcome: str) -> str:
    """The colour of an outcome."""
    return (
        f'<svg class="dot" viewBox="0 0 9 9" aria-hidden="true"><rect class="{outcome}" '
        'width="9" height="9"/></svg>'
    )


def numbered(number: str) -> str:
    """A setting's number in a circle; nothing where there is none."""
    return f'<span class="number-of">{number}</span>' if number else ""


def answer_html(record: CaseRecord) -> str:
    """The answer with its claims coloured and, below, why a claim is not proved."""
    if record.answer is None:
        return f'<p class="said failure">{as_html(record.error)}</p>'
    claims = record.answer["claims"]
    if record.answer["refused"] or not claims:
        return f'<p class="said">{as_html(record.answer["answer"])}</p>'
    unproved = "".join(
        f"<li><q>{as_html(claim['text'])}</q><br>Not proved: {as_html(_reason(claim))}</li>"
        for claim in claims
        if claim["verdict"] == "unsupported"
    )
    listed = f'<ul class="unproved">{unproved}</ul>' if unproved else ""
    return f'<p class="said">{" ".join(map(_claim, claims))}</p>{listed}'


def _inside(record: CaseRecord, verdict: Verdict) -> str:
    case = record.case
    why = "" if verdict.outcome == "right" else f"<p>{as_html(verdict.why)}</p>"
    return (
        f'<h3>Question</h3><p class="said">{as_html(case.question)}</p>'
        f"<h3>{'Right answers' if len(case.answers) > 1 else 'Right answer'}</h3>{_gold(record)}"
        f"<h3>Answer</h3>{answer_html(record)}"
        f"<h3>Outcome: {verdict.outcome}</h3>{why}{_scores(record)}"
        f"{_passages(record)}<h3>Case</h3><p class='about'>{_about(record)}</p>"
    )


def _gold(record: CaseRecord) -> str:
    case = record.case
    if not case.answerable:
        return '<p class="soft">None: the documents do not hold it.</p>'
    said = "".join(f'<p class="said">{as_html(answer)}</p>' for answer in case.answers)
    return said or '<p class="soft">The case names none.</p>'


def _about(record: CaseRecord) -> str:
    case = record.case
    parts = [case.id, *case.tags, *(f"{name}: {said}" for name, said in case.provenance.items())]
    parts += [f"evidence: {one.document}, page {one.page}" for one in case.evidence]
    return as_html(" · ".join(parts))


def _claim(claim: dict[str, Any]) -> str:
    numbers = sorted({int(citation["number"]) for citation in claim["citations"]})
    marks = f"<sup>{', '.join(map(str, numbers))}</sup>" if numbers else ""
    verdict = claim["verdict"] if claim["verdict"] in MARKED else "not checkable"
    title = _reason(claim) if verdict == "unsupported" else MARKED[verdict]
    kind = verdict.partition(" ")[0]
    return (
        f'<span class="claim {kind}" title="{as_html(title)}">{as_html(claim["text"])}{marks}'
        "</span>"
    )


def _reason(claim: dict[str, Any]) -> str:
    support = claim["support"]
    told = "" if support is None else f" (support {support:.2f})"
    return f"{claim['reason'] or MARKED['unsupported']}{told}"


def _scores(record: CaseRecord) -> str:
    known = {name: score for name, score in record.scores.items() if score.value is not None}
    unscored = {name: score for name, score in record.scores.items() if score.is_unscored}
    others = [name for name in record.scores if name not in known and name not in unscored]
    items = [_score(name, score) for name, score in {**known, **unscored}.items()]
    left = f'<p class="about">Not applicable: {as_html(", ".join(others))}</p>' if others else ""
    return f'<ul class="scores">{"".join(items)}</ul>{left}' if items else left


def _score(name: str, score: Score) -> str:
    metric = metric_named(name)
    unit = f" {metric.unit}" if metric.unit and score.value is not None else ""
    more = score.explanation or score.reason
    return (
        f'<li title="{as_html(metric.description)}"><span>{as_html(name)}</span>'
        f"<b>{metric.figure(score.value)}{unit}</b>"
        f"{f'<small>{as_html(more)}</small>' if more else ''}</li>"
    )


def _passages(record: CaseRecord) -> str:
    passages = [] if record.answer is None else record.answer["passages"]
    if not passages:
        return ""
    quotes = _quotes(record)
    gold = {(_file(one.document), one.page) for one in record.case.evidence}
    shown = (
        _passage(passage, number, quotes.get(number, []), gold)
        for number, passage in enumerate(passages, 1)
    )
    return f"<h3>Passages</h3>{''.join(shown)}"


def _passage(
    passage: dict[str, Any], number: int, quotes: Sequence[str], gold: set[tuple[str, int]]
) -> str:
    text = plain(passage["text"])
    cut = "…" if len(text) > PASSAGE_SHOWN else ""
    place = f"{passage['document']}, {page_name(passage['page'], passage['page_label'])}"
    tags = ['<span class="tag">cited</span>'] if quotes else []
    if (_file(passage["document"]), passage["page"]) in gold:
        tags.append('<span class="tag">right page</span>')
    return (
        f'<details class="passage"><summary>{number}. {as_html(place)} {" ".join(tags)}</summary>'
        f'<p class="said">{_marked(text[:PASSAGE_SHOWN], quotes)}{cut}</p></details>'
    )


def _quotes(record: CaseRecord) -> dict[int, list[str]]:
    quotes: dict[int, list[str]] = {}
    for claim in record.answer["claims"] if record.answer else ():
        for citation in claim["citations"]:
            quotes.setdefault(int(citation["number"]), []).append(plain(citation["quote"]))
    return quotes


def _marked(text: str, quotes: Sequence[str]) -> str:
    """A text with the quotes that stand in it marked; white space may differ."""
    patterns = [r"\s+".join(map(re.escape, quote.split())) for quote in quotes if quote.strip()]
    if not patterns:
        return as_html(text)
    parts = re.split(f"({'|'.join(sorted(set(patterns), key=len, reverse=True))})", text)
    return "".join(
        f"<mark>{as_html(part)}</mark>" if at % 2 else as_html(part)
        for at, part in enumerate(parts)
    )


def _file(document: str) -> str:
    return PurePosixPath(document).name


def _figures(record: CaseRecord, number: str) -> str:
    seconds = record.scores.get("seconds")
    told = "" if seconds is None or seconds.value is None else f"{seconds.value:.2f} s"
    return f"{told} {numbered(number)}"
