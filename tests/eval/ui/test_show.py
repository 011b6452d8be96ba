"""The page shows what there is to whom it concerns, and takes no name for a path."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from streamlit.testing.v1 import AppTest

from app.ui.person import Person
from eval.cases.named import cases_folder
from eval.runs.folder import MANIFEST
from eval.ui.measured.runs_found import find_runs
from eval.ui.pages import EVAL
from tests.eval.reports.runs_by_hand import made_record, made_run, right, wrong

EVIL = "<script>x</script> ![a](http://evil.example/a.png) $y$ :red[z]"
SECONDS = 60.0


def shown(parameters: Mapping[str, str] | None = None) -> AppTest:
    page = AppTest.from_file(EVAL, default_timeout=SECONDS)
    for name, value in (parameters or {}).items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def text_of(page: AppTest) -> str:
    return " ".join(str(one.value) for one in [*page.markdown, *page.caption, *page.subheader])


@pytest.fixture(autouse=True)
def run() -> None:
    records = [right("one"), wrong("two", question=f"What? {EVIL}", answer=EVIL)]
    made_run(cases_folder() / "runs" / "may", records, count=3)


def test_an_unfinished_run_says_so_and_can_be_gone_on_with() -> None:
    page = shown()
    assert "unfinished: 2 of 3" in text_of(page)
    assert "Right **1 of 2**" in text_of(page)
    assert "Go on" in [button.label for button in page.button]


def test_who_is_no_admin_sees_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.person.current_person", lambda: Person("eve", admin=False))
    for parameters in ({}, {"view": "Compare"}, {"run": "runs/may"}, {"folder": "/"}):
        page = shown(parameters)
        assert "Only an admin" in page.info[0].value
        assert "may" not in text_of(page)
        assert not page.button


def test_a_folder_of_nobody_holds_no_run() -> None:
    assert "no run yet" in shown({"folder": "~nobody-of-this-name/papers"}).info[0].value


@pytest.mark.parametrize("name", ["../../etc", "/etc", "runs/../runs/may", "runs/june"])
def test_only_a_run_that_was_found_is_opened(name: str) -> None:
    assert "What became of the cases" not in text_of(shown({"run": name}))
    assert "What became of the cases" in text_of(shown({"run": "runs/may"}))


def test_text_of_a_case_does_nothing_on_the_page() -> None:
    page = shown({"run": "runs/may"})
    (heading,) = [one.label for one in page.expander if "script" in one.label]
    assert "<script>" not in heading
    assert r"\!\[a\]" in heading
    assert "$y$" not in heading.replace(r"\$y\$", "")


def test_runs_are_the_newest_first_and_a_broken_one_is_one_sentence() -> None:
    made_run(cases_folder() / "runs" / "none", [made_record("a", answer=None, error="no")])
    broken = cases_folder() / "runs" / "broken"
    broken.mkdir()
    (broken / MANIFEST).write_text("{}")
    found = find_runs(cases_folder())
    assert [run.name for run in found][-1] == "runs/broken"
    assert "does not describe a run" in found[-1].error
    assert any("does not describe a run" in str(error.value) for error in shown().error)
