"""The settings of a run: what differs between them as a table, what is the same as a list."""

from __future__ import annotations

import json

from eval.reports.case_html import numbered
from eval.reports.figures import RunFigures
from eval.reports.overview_html import setting_numbers
from eval.reports.page import facts, table
from eval.reports.plain import as_html


def settings_html(figures: RunFigures) -> str:
    """A part of a page that opens."""
    settings = figures.manifest.settings
    names = list(dict.fromkeys(name for setting in settings for name in setting.values))
    told = {name: [_told(setting.values.get(name)) for setting in settings] for name in names}
    differing = [name for name in names if len(set(told[name])) > 1]
    numbers = setting_numbers(figures)
    rows = (
        f'<tr><td class="name">{numbered(numbers[setting.name])}{as_html(setting.name)}</td>'
        f"{''.join(f'<td>{as_html(told[name][at])}</td>' for name in differing)}</tr>"
        for at, setting in enumerate(settings)
    )
    head = ["<th>Setting</th>", *(f"<th>{as_html(name)}</th>" for name in differing)]
    same = [(name, told[name][0], "") for name in names if name not in differing]
    return (
        '<details class="settings"><summary>What the settings are</summary>\n'
        f"{table(head, rows) if differing else ''}{facts(same) if same else ''}</details>\n"
    )


def _told(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
