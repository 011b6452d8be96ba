"""The report of a run as one HTML file: what was run, the figures, plots, and cases that open."""

from __future__ import annotations

from collections.abc import Iterator

from eval.leaderboard import LeaderboardError, make_leaderboard
from eval.reports.case_html import case_html, numbered
from eval.reports.figures import RunFigures
from eval.reports.metric_names import headlines, metric_named
from eval.reports.metrics_html import metrics_html
from eval.reports.outcome import OUTCOMES, badness, quality_of, verdict_of
from eval.reports.overview_html import overview_html, setting_numbers
from eval.reports.page import facts, page
from eval.reports.plain import as_html
from eval.reports.plots import table_of_four
from eval.reports.run_facts import run_facts
from eval.reports.scatter import scatter_html
from eval.reports.settings_html import settings_html
from eval.runs.folder import RunFolder
from eval.runs.record import CaseRecord


def run_html(folder: RunFolder, figures: RunFigures) -> Iterator[str]:
    """The parts of the page; reads the records once more, for the cases to show."""
    return page(figures.manifest.name, _body(folder, figures))


def _body(folder: RunFolder, figures: RunFigures) -> Iterator[str]:
    yield (
        f"<header><h1>{as_html(figures.manifest.name)}</h1>"
        '<p class="soft">How good the answers are, by setting and case by case.</p>'
        f"{facts(run_facts(figures.manifest))}</header>\n"
    )
    yield from overview_html(figures)
    yield settings_html(figures)
    yield from _plots(figures)
    yield from metrics_html(figures)
    yield from _cases(folder, figures)


def _plots(figures: RunFigures) -> Iterator[str]:
    numbers = setting_numbers(figures)
    scatter = _scatter(figures)
    title = "Refusals and time" if scatter else "Refusals"
    yield f'<section><h2>{title}</h2>\n<div class="plots">'
    for setting in figures.settings:
        caption = f"{numbered(numbers[setting.name])}{as_html(setting.name)}"
        four = table_of_four(setting.refusals)
        yield f"<figure><figcaption>{caption}</figcaption>{four}</figure>"
    yield scatter
    yield "</div></section>\n"


def _scatter(figures: RunFigures) -> str:
    try:
        board = make_leaderboard([figures])
    except LeaderboardError:
        return ""
    return scatter_html(board, {row.number: str(row.number) for row in board.rows})


def _cases(folder: RunFolder, figures: RunFigures) -> Iterator[str]:
    shown = sum(map(len, figures.worst.values()))
    left = sum(setting.finished for setting in figures.settings) - shown
    yield "<section><h2>Cases</h2>\n"
    if left:
        yield (
            f'<p class="about">Here are the {shown:,} to look at first; {left:,} more are in the '
            "run's records.jsonl.</p>\n"
        )
    yield _form(figures)
    yield '<div class="cases">\n'
    yield from _worst_first(folder, figures)
    yield "</div></section>\n"


def _worst_first(folder: RunFolder, figures: RunFigures) -> list[str]:
    """The cases to show, as HTML, in their order; only these are kept while records are read."""
    wanted = {(name, one) for name, worst in figures.worst.items() for one in worst}
    numbers = setting_numbers(figures)
    kept = [
        (_place(record, numbers[record.setting]), case_html(record, numbers[record.setting]))
        for record in folder.records()
        if (record.setting, record.case.id) in wanted
    ]
    return [html for _, html in sorted(kept)]


def _place(record: CaseRecord, number: str) -> tuple[tuple[int, float, str], int]:
    outcome = verdict_of(record).outcome
    return badness(outcome, quality_of(record), record.case.id), int(number or 1)


def _form(figures: RunFigures) -> str:
    outcomes = [name for name in OUTCOMES if any(one.outcomes[name] for one in figures.settings)]
    settings = [(numbers, name) for name, numbers in setting_numbers(figures).items() if numbers]
    return (
        '<form hidden><input name="words" type="search" placeholder="Find in questions, answers '
        'and passages" aria-label="Find">'
        f"{_choice('outcome', 'Every outcome', [(name, name) for name in outcomes])}"
        f"{_choice('setting', 'Every setting', settings) if settings else ''}"
        f"{_choice('order', 'Worst first', _orders(figures))}<output></output></form>\n"
    )


def _orders(figures: RunFigures) -> list[tuple[str, str]]:
    orders = []
    for name in headlines(figures.manifest.metrics):
        metric = metric_named(name)
        way, told = ("1", "lowest") if metric.higher_is_better else ("-1", "highest")
        orders.append((f"{name} {way}", f"{name}, {told} first"))
    return orders


def _choice(name: str, first: str, options: list[tuple[str, str]]) -> str:
    told = "".join(
        f'<option value="{as_html(value)}">{as_html(text)}</option>'
        for value, text in [("", first), *options]
    )
    return f'<select name="{name}" aria-label="{name}">{told}</select>'
