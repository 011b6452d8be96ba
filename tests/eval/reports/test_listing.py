"""A page shows a few cases of many, and reads each when it is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.reports.figures import read_figures
from eval.reports.listing import read_listing
from eval.runs.folder import RECORDS, RunError
from tests.eval.reports.runs_by_hand import made_record, made_run, right, wrong


def test_the_case_to_look_at_first_is_first_and_each_is_found_again(tmp_path: Path) -> None:
    records = [
        right("good"),
        wrong("bad", question="Wie heiß ist der Ofen?"),
        made_record("none", answer=None, error="it failed"),
        right("good", setting="decompose"),
    ]
    run = made_run(tmp_path / "run", records)
    listing = read_listing(run)
    told = [(row.case_id, row.outcome) for row in listing.rows]
    assert told == [("none", "error"), ("bad", "wrong"), ("good", "right"), ("good", "right")]
    for row in listing.rows:
        record = run.record_at(row.place)
        assert (record.case.id, record.setting) == (row.case_id, row.setting)
        assert record.case.question == row.question
    assert listing.figures == read_figures(run)
    assert (listing.finished, listing.asked) == (4, 6)
    assert set(listing.places("decompose")) == {"good"}


def test_a_place_that_holds_no_record_any_more_is_one_sentence(tmp_path: Path) -> None:
    run = made_run(tmp_path / "run", [right("one"), right("two")])
    place = max(row.place for row in read_listing(run).rows)
    (run.path / RECORDS).write_text("")
    with pytest.raises(RunError, match="was changed meanwhile; look at it again"):
        run.record_at(place)
