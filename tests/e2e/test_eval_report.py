"""The report of a run, opened as a file in a real browser that has nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from eval.reports.figures import read_figures
from eval.reports.page import write_text
from eval.reports.run_html import run_html
from tests.e2e.visitor import Visitor
from tests.eval.reports.runs_by_hand import made_claim, made_passage, made_run, right, wrong

EVIL = "</p><script>document.title='owned'</script><img src=http://evil.example/x onerror=alert(1)>"


@pytest.fixture
def said(visit: Visitor) -> list[str]:
    """What the browser complains of."""
    complaints: list[str] = []
    visit.page.on("console", lambda message: complaints.append(message.text))
    visit.page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture
def report(visit: Visitor, tmp_path: Path, said: list[str]) -> Page:  # noqa: ARG001
    """A report of four cases, one of them hostile, under two settings."""
    claims = [
        made_claim("It opens at nine bar.", quote="opens at nine bar"),
        made_claim(f"It is green. {EVIL}", "unsupported", f"green stands in no passage {EVIL}"),
    ]
    hostile = wrong(
        "hostile", question=f"What is green? {EVIL}", answers=(EVIL,), answer=EVIL, claims=claims,
        passages=[made_passage(f"The valve opens at nine bar. {EVIL}")],
    )  # fmt: skip
    records = [
        right("slow", question="How far does the tide rise?", scores={"seconds": 9.0}),
        right("quick", scores={"seconds": 0.5}),
        hostile,
        wrong("other", question="How hot is the oven?", setting="decompose"),
    ]
    run = made_run(tmp_path / "run", records, name=f"nightly {EVIL}")
    path = tmp_path / "report.html"
    write_text(path, run_html(run, read_figures(run, worst=10)))
    visit.page.goto(path.as_uri())
    return visit.page


def questions(report: Page) -> list[str]:
    """The questions of the cases that are shown, in their order."""
    return [text[:14] for text in report.locator(".case:visible .asked").all_inner_texts()]


def test_the_file_asks_nobody_for_anything(report: Page, said: list[str]) -> None:
    asked: list[str] = []
    report.on("request", lambda request: asked.append(request.url))
    report.reload()
    assert asked == [report.url]
    assert said == []


def test_a_case_opens_to_its_answer_and_the_reasons(report: Page) -> None:
    case = report.locator(".case", has_text="What is green?")
    inside = case.locator(".inside")
    expect(inside).to_be_hidden()
    case.locator("summary").first.click()
    expect(inside).to_be_visible()
    expect(inside.locator(".claim.supported")).to_have_text("It opens at nine bar.1")
    unproved = inside.locator(".claim.unsupported")
    expect(unproved).to_have_attribute("title", f"green stands in no passage {EVIL} (support 0.10)")
    expect(inside.locator(".unproved")).to_contain_text("Not proved: green stands in no passage")
    case.get_by_text("boiler.pdf, page 3").first.click()
    expect(case.locator("mark")).to_have_text("opens at nine bar")


def test_hostile_text_stays_text(report: Page, said: list[str]) -> None:
    for case in report.locator(".case > summary").all():
        case.click()
    expect(report.get_by_role("heading", level=1)).to_have_text(f"nightly {EVIL}")
    expect(report.locator(".case", has_text=EVIL).first).to_be_visible()
    expect(report.locator("img")).to_have_count(0)
    assert report.title() == f"nightly {EVIL}"
    assert said == []


def test_a_script_that_got_through_would_not_run(report: Page, said: list[str]) -> None:
    report.evaluate(
        "() => document.body.append(Object.assign(document.createElement('script'),"
        " { textContent: 'document.title = \"owned\"' }))"
    )
    assert report.title() != "owned"
    assert "Content Security Policy" in said[0]


def test_cases_are_filtered_by_words_outcome_and_setting(report: Page) -> None:
    count = report.locator("output")
    expect(count).to_have_text("4 of 4")
    report.get_by_label("Find").fill("TIDE")
    assert questions(report) == ["How far does t"]
    expect(count).to_have_text("1 of 4")
    report.get_by_label("Find").fill("")
    report.get_by_label("outcome").select_option("wrong")
    assert sorted(questions(report)) == ["How hot is the", "What is green?"]
    report.get_by_label("setting").select_option("decompose")
    assert questions(report) == ["How hot is the"]
    report.get_by_label("outcome").select_option("right")
    expect(count).to_have_text("0 of 4")


def test_cases_are_sorted(report: Page) -> None:
    assert questions(report)[2:] == ["At what pressu", "How far does t"]
    report.get_by_label("order").select_option("seconds, highest first")
    assert questions(report)[0] == "How far does t"
    report.get_by_label("order").select_option("token_f1, lowest first")
    assert sorted(questions(report)[:2]) == ["How hot is the", "What is green?"]
    report.get_by_label("order").select_option("Worst first")
    assert questions(report)[2:] == ["At what pressu", "How far does t"]


@pytest.mark.parametrize("width", [1400, 1000, 390])
def test_nothing_stands_out_of_the_page(report: Page, width: int) -> None:
    report.set_viewport_size({"width": width, "height": 900})
    for case in report.locator(".case > summary").all():
        case.click()
    assert report.evaluate("document.documentElement.scrollWidth") == width


def test_cases_open_without_a_script(report: Page, tmp_path: Path) -> None:
    text = (tmp_path / "report.html").read_text("utf8")
    (tmp_path / "still.html").write_text(text.replace("script-src", "x-src"), "utf8")
    report.goto((tmp_path / "still.html").as_uri())
    expect(report.locator("form")).to_be_hidden()
    report.locator(".case > summary").first.click()
    expect(report.locator(".case .inside").first).to_be_visible()
