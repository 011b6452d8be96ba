"""A comparison of two runs as one HTML file: differences with intervals, and what got worse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eval.compare import Comparison, MetricChange
from eval.reports.case_html import answer_html, outcome_html
from eval.reports.compare_text import changed
from eval.reports.metric_names import metric_named
from eval.reports.overview_html import headed
from eval.reports.page import facts, page, table
from eval.reports.plain import as_html, one_line
from eval.reports.plots import whisker
from eval.reports.run_facts import judge_quality
from eval.reports.worse_cases import WorseCase
from eval.runs.folder import RunFolder

HEAD = (
    "<th>Metric</th>", '<th class="n">Before</th>', '<th class="n">After</th>',
    '<th class="n">Difference</th>', '<th class="wide-only"></th>', "<th>95% interval</th>",
    '<th class="n">p</th>', '<th class="n">Better</th>', '<th class="n">Worse</th>',
    '<th class="n">Same</th>',
)  # fmt: skip
LEAST_REACH = 0.2  # of the lines of shares, so that small differences look small


def compare_html(
    before: RunFolder,
    after: RunFolder,
    comparisons: Sequence[Comparison],
    worse: Sequence[Sequence[WorseCase]],
) -> Iterator[str]:
    """The parts of the page."""
    title = f"{before.manifest.name} → {after.manifest.name}"
    return page(title, _body(title, (before, after), comparisons, worse))


def _body(
    title: str,
    runs: tuple[RunFolder, RunFolder],
    comparisons: Sequence[Comparison],
    worse: Sequence[Sequence[WorseCase]],
) -> Iterator[str]:
    about = (_about(name, run) for name, run in zip(("Before", "After"), runs, strict=True))
    yield (
        f'<header><h1>{as_html(title)}</h1><p class="soft">Case by case, over the cases that both '
        f"runs have.</p>{facts(about)}</header>\n"
    )
    for comparison, cases in zip(comparisons, worse, strict=True):
        yield from _comparison(comparison, cases)


def _about(name: str, run: RunFolder) -> tuple[str, str, str]:
    manifest = run.manifest
    return (
        name,
        f"{manifest.name}, {manifest.created}",
        f"{manifest.cases.path}; {manifest.library.path}; judge {manifest.judge.name} "
        f"({judge_quality(manifest)})",
    )


def _comparison(comparison: Comparison, cases: Sequence[WorseCase]) -> Iterator[str]:
    yield f"<section><h2>{as_html(f'{comparison.before} → {comparison.after}')}</h2>\n"
    yield from (f'<p class="note">{as_html(note)}</p>\n' for note in comparison.notes)
    yield table(HEAD, map(_row, comparison.metrics))
    yield (
        '<p class="about">Better and worse are coloured where interval and paired test are sure '
        "(95%). ↓ marks metrics where less is better.</p></section>\n"
        f"<section><h2>What got worse</h2><p>{changed(comparison)}"
    )
    left = len(comparison.worse) - len(cases)
    yield f" Here are the worst {len(cases):,}.</p>\n" if left else "</p>\n"
    yield f'<div class="cases">{"".join(map(_case, cases))}</div></section>\n'


def _row(change: MetricChange) -> str:
    metric, difference = metric_named(change.name), change.difference
    reach = max(map(abs, (*difference.interval, difference.mean))) or 1.0
    reach = reach if metric.unit else max(reach, LEAST_REACH)
    figure = metric.figure(difference.mean, signed=True)
    return (
        f'<tr class="{"moved" if change.better or change.worse else "still"}">'
        f'<td class="name" title="{as_html(metric.description)}">{headed(metric)}</td>'
        f'<td class="n">{metric.figure(change.before)}</td>'
        f'<td class="n">{metric.figure(change.after)}</td>'
        f'<td class="n"><span class="{change.verdict}">{figure}</span></td>'
        f'<td class="wide-only">{whisker(difference.mean, difference.interval, -reach, reach)}</td>'
        f'<td class="range">{metric.interval(difference.interval, signed=True)}</td>'
        f'<td class="n">{as_html(change.p_value)}</td><td class="n">{change.better:,}</td>'
        f'<td class="n">{change.worse:,}</td><td class="n">{change.same:,}</td></tr>'
    )


def _case(case: WorseCase) -> str:
    asked = case.after.case
    gold = "; ".join(asked.answers) or ("not named" if asked.answerable else "none: to be refused")
    return (
        f'<details class="case"><summary>{outcome_html(case.change.after)}'
        f'<span class="asked">{as_html(one_line(asked.question, 200))}</span>'
        f'<span class="figures">{case.change.before} before</span></summary><div class="inside">'
        f'<h3>Question</h3><p class="said">{as_html(asked.question)}</p>'
        f'<h3>Right answer</h3><p class="said">{as_html(gold)}</p><div class="pair">'
        f"<div><h3>Before: {case.change.before}</h3>{answer_html(case.before)}</div>"
        f"<div><h3>After: {case.change.after}</h3>{answer_html(case.after)}</div></div>"
        f'<p class="about">{as_html(asked.id)}</p></div></details>\n'
    )
