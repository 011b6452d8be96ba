"""The rows of a page's tables -> questions for one value of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.sentences import Span
from ingest.text_tables import Table, find_tables

VALUE = r"[$€£]?\s?\(?\d[\d,]*(?:\.\d+)?\)?\s?%?"
ROW = re.compile(rf"^(?P<label>[A-Za-z][^\d$€£]*?)[\s.:]*(?P<values>(?:\s{VALUE})+)$")
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
DAY = re.compile(rf"\b{MONTH} \d{{1,2}}, (?:19|20)\d\d")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
SPAN = re.compile(r"\b(?:Three|Six|Nine|Twelve) Months Ended|\bYears? Ended", re.IGNORECASE)
SPAN_DAY = re.compile(rf"\b{MONTH} \d{{1,2}}(?=,)")
WHOLE = re.compile(r"\b100(?:\.0+)?\s?%")
IN_ANOTHER_SCALE = re.compile(r"shares?\b|stock\b|securities|weighted|dilut", re.IGNORECASE)
NOTE = re.compile(r"\([^)]*\)")
FOOTNOTE = re.compile(r"\s?\([a-z\d]\)$")
OTHER_WORDS = 3  # among the times of a header; with more, its columns are no times
SAYS_LITTLE = frozenset("total other net basic diluted balance amount consolidated".split())
SCALE = re.compile(r"\bin (thousand|million|billion)s\b", re.IGNORECASE)
PER = re.compile(r"\bper\b|percent|%|ratio|rate", re.IGNORECASE)
CONTINUES = re.compile(r"[(,&-]$|\b(?:of|and|the|to|for|from|in|on)$", re.IGNORECASE)
MOST_WORDS = 10  # of a row's label


@dataclass(frozen=True)
class Fact:
    """A value of a table: what the row and, above it, the group of rows are called, and the column.

    ``answers`` are the value as it stands there, and with its scale and currency.
    """

    label: str
    group: str
    column: str
    answers: tuple[str, ...]
    row: str

    @property
    def question(self) -> str:
        """What asks for the value."""
        is_plain = self.label[1:].islower()
        name = self.label[0].lower() + self.label[1:] if is_plain else self.label
        verb = "were" if self.is_several else "was"
        group = f" in the group “{self.group}”" if self.group else ""
        return f"What {verb} {name}{group} {self.column}?"

    @property
    def is_several(self) -> bool:
        """Whether the row is named in the plural."""
        head = re.split(r" (?:of|from|for|in|to|per|by|net|before|after)\b|,|\(", self.label)[0]
        return head.endswith("s") and not head.endswith("ss")


def table_facts(text: str) -> Iterator[Fact]:
    """The values of a page's tables whose columns are dates; none that the page has twice."""
    lines = [found.span() for found in re.finditer(r"[^\n]+", text)]
    facts = [fact for table in find_tables(text, lines) for fact in _facts(text, lines, table)]
    named = Counter((fact.label.casefold(), fact.column) for fact in facts)
    grouped = Counter((fact.label.casefold(), fact.group, fact.column) for fact in facts)
    for fact in facts:
        label = fact.label.casefold()
        if named[label, fact.column] == 1 and label not in SAYS_LITTLE:
            yield replace(fact, group="")
        elif fact.group and grouped[label, fact.group, fact.column] == 1:
            yield fact


def _facts(text: str, lines: Sequence[Span], table: Table) -> Iterator[Fact]:
    header = " ".join(_plain(text, lines[table.first : table.row]))
    scale = SCALE.search(header)
    rows = _plain(text, lines[table.row : table.end])
    if any(WHOLE.search(row) for row in rows):
        return  # shares of the first row, whose names stand for amounts in another table
    is_money = any("$" in row for row in rows)
    group, before = "", ""
    for row in rows:
        found = ROW.match(row)
        if not found:
            group = row.rstrip(":") if row.endswith(":") else group
        elif not CONTINUES.search(before) and _is_label(found["label"]):
            values = [value.strip() for value in re.findall(VALUE, found["values"])]
            name = f"{group} {found['label']}"
            is_other = PER.search(name) or ("except" in header and IN_ANOTHER_SCALE.search(name))
            unit = scale[1].lower() if scale and not is_other else ""
            for value, column in zip(values, read_columns(header, len(values)), strict=False):
                answers = _answers(value, unit, is_money=is_money)
                label = FOOTNOTE.sub("", found["label"].strip())
                yield Fact(label, group, column, answers, row)
            group = "" if found["label"].lower().startswith("total") else group
        before = row


def _plain(text: str, spans: Sequence[Span]) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in spans]


def read_columns(header: str, count: int) -> list[str]:
    """What the columns of a header are, as a question says it; empty where that is not clear."""
    header = NOTE.sub("", header)
    times_end = SPAN.sub("", DAY.sub("", SPAN_DAY.sub("", YEAR.sub("", _from_first_time(header)))))
    if count < 2 or len(re.findall(r"[A-Za-z]{2,}", times_end)) > OTHER_WORDS:
        return []
    spans = [" ".join(found.split()).lower() for found in SPAN.findall(header)]
    days, years = DAY.findall(header), YEAR.findall(header)
    if len(days) == count:
        times = days
    elif len(years) == count and (day := SPAN_DAY.search(header)) and spans:
        times = [f"{day[0]}, {year}" for year in years]
    elif len(years) == count and not days and not spans:
        times = years
    else:
        return []
    if not spans:
        return [f"on {time}" if time in days else f"in {time}" for time in times]
    if count % len(spans):
        return []
    each = count // len(spans)
    return [f"for the {spans[at // each]} {time}" for at, time in enumerate(times)]


def _from_first_time(header: str) -> str:
    found = SPAN.search(header) or DAY.search(header) or SPAN_DAY.search(header)
    found = found or YEAR.search(header)
    return header[found.start() :] if found else ""


def _answers(value: str, unit: str, *, is_money: bool) -> tuple[str, ...]:
    plain = value.strip("$€£ ")
    if not unit or plain.endswith("%"):
        return (plain,)
    amount = plain.strip("()")
    sign = "-" if plain.startswith("(") else ""
    return (plain, f"{sign}{'$' if is_money else ''}{amount} {unit}")


def _is_label(label: str) -> bool:
    words = label.split()
    return len(words) <= MOST_WORDS and label[0].isupper() and len(label) > 3 and "•" not in label
