"""The HTML report holds what it should, and hostile text stays text."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from eval.metrics.score import Score, not_applicable
from eval.reports.figures import read_figures
from eval.reports.page import ReportError, write_text
from eval.reports.run_html import run_html
from eval.runs.folder import JudgeUsed, RunFolder
from tests.eval.reports.runs_by_hand import (
    made_claim,
    made_passage,
    made_record,
    made_run,
    right,
    wrong,
)

EVIL = "</style><script>document.title='owned'</script>\"' onclick=x \x1b[31m"


def read_page(run: RunFolder, *, worst: int = 100) -> html.HtmlElement:
    text = "".join(run_html(run, read_figures(run, worst=worst)))
    return html.fromstring(text.encode("utf8"))


def shown(page: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(str(found.text_content()).split()) for found in page.xpath(path)]


def test_the_head_names_cases_library_and_judge_with_its_quality(tmp_path: Path) -> None:
    (facts,) = shown(read_page(made_run(tmp_path / "run", [right("a")])), "//header/dl")
    assert "1 of cases.jsonl" in facts
    assert "4 documents in 7 passages" in facts
    assert "embeddedbalanced accuracy 0.780" in facts


def test_a_judge_that_was_not_measured_says_why(tmp_path: Path) -> None:
    judge = JudgeUsed("ollama:m", None, "no labelled rows were given")
    run = made_run(tmp_path / "run", [right("a")], judge=judge)
    (facts,) = shown(read_page(run), "//header/dl")
    assert "its quality is not measured: no labelled rows were given" in facts


def test_a_case_opens_to_question_answer_claims_passages_and_scores(tmp_path: Path) -> None:
    claims = [
        made_claim("It opens at nine bar.", quote="opens at nine bar"),
        made_claim("It is green.", "unsupported", "green stands in no passage"),
    ]
    passages = [made_passage("The valve opens\nat nine bar and hisses."), made_passage("x", "b", 1)]
    scores = {"hallucination": Score(1.0, explanation="It is green.")}
    record = right("a", claims=claims, passages=passages, scores=scores)
    page = read_page(made_run(tmp_path / "run", [record]))
    (case,) = page.xpath("//details[@class='case']")
    assert shown(case, "summary")[0].startswith("unprovedAt what pressure")
    assert shown(case, ".//span[@class='claim supported']") == ["It opens at nine bar.1"]
    (unproved,) = case.xpath(".//span[@class='claim unsupported']")
    assert unproved.get("title") == "green stands in no passage (support 0.10)"
    assert shown(case, ".//ul[@class='unproved']/li") == [
        "It is green.Not proved: green stands in no passage (support 0.10)"
    ]
    assert shown(case, ".//mark") == ["opens at nine bar"]
    assert shown(case, ".//details/summary") == [
        "1. boiler.pdf, page 3 cited right page", "2. b, page 1",
    ]  # fmt: skip
    assert "hallucination1.000It is green." in shown(case, ".//ul[@class='scores']/li")


def test_a_case_that_failed_shows_its_error(tmp_path: Path) -> None:
    failed = made_record("a", answer=None, error="The server is gone; start it.")
    page = read_page(made_run(tmp_path / "run", [failed]))
    assert "The server is gone; start it." in shown(page, "//p[@class='said failure']")


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    evil = wrong(
        f"id {EVIL}", question=EVIL, answers=(EVIL,), answer=EVIL, setting=EVIL, tags=(EVIL,),
        claims=[made_claim(EVIL, "unsupported", EVIL, quote=EVIL)],
        passages=[made_passage(EVIL, document=EVIL)], scores={"token_f1": Score(0.0, "", EVIL)},
    )  # fmt: skip
    run = made_run(tmp_path / "run", [evil], name=f"{EVIL}\ud800")
    page = read_page(run)
    assert len(page.xpath("//script")) == len(page.xpath("//style")) == 1
    assert page.xpath("//*[@onclick]") == []
    (title,) = shown(page, "//h1")
    assert title == EVIL.replace("\x1b", "\ufffd") + "\ufffd"


def test_nothing_but_its_own_style_and_script_may_run(tmp_path: Path) -> None:
    page = read_page(made_run(tmp_path / "run", [right("a")]))
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert page.xpath("//*[@src or @href or @style]") == []


def test_only_the_worst_cases_are_whole_and_the_others_are_counted(tmp_path: Path) -> None:
    records = [right(f"r{n}") for n in range(7)] + [wrong(f"w{n}") for n in range(2)]
    page = read_page(made_run(tmp_path / "run", records), worst=3)
    outcomes = [case.get("data-outcome") for case in page.xpath("//details[@class='case']")]
    assert outcomes == ["wrong", "wrong", "right"]
    assert "Here are the 3 to look at first; 6 more are in the run's records.jsonl." in shown(
        page, "//p[@class='about']"
    )


def test_settings_stand_beside_each_other_and_the_best_is_bold(tmp_path: Path) -> None:
    records = [right("a"), wrong("a", setting="decompose")]
    page = read_page(made_run(tmp_path / "run", records))
    rows = page.xpath("//section[1]//tbody/tr")
    assert [shown(row, "td[1]") for row in rows] == [["1direct"], ["2decompose"]]
    assert shown(rows[0], ".//span[@class='best']") == ["1.000", "1.000", "0.000", "1.00"]
    assert shown(rows[1], ".//span[@class='best']") == []
    assert len(page.xpath("//*[name()='svg'][@class='plot']//*[name()='circle']")) == 2


def test_settings_are_told_by_what_differs(tmp_path: Path) -> None:
    page = read_page(made_run(tmp_path / "run", [right("a"), right("a", setting="decompose")]))
    (settings,) = page.xpath("//details[@class='settings']")
    assert shown(settings, ".//tr") == ["Settingstrategy", "1directdirect", "2decomposedecompose"]
    assert shown(settings, ".//dl") == ["seed0"]


def test_a_metric_that_applies_to_no_case_says_why_and_is_no_headline(tmp_path: Path) -> None:
    answerable = right("a", scores={"refused_rightly": not_applicable("there is an answer")})
    page = read_page(made_run(tmp_path / "run", [answerable]))
    assert "refused rightly" not in shown(page, "//section[1]//th")
    (row,) = page.xpath("//tr[td[contains(., 'refused rightly')]]")
    assert shown(row, "td[@class='reasons']") == ["0 there is an answer (1)"]


def test_a_metric_below_the_coverage_is_marked(tmp_path: Path) -> None:
    run = made_run(tmp_path / "run", [right("a"), made_record("b", answer=None, error="Gone.")])
    page = read_page(run)
    (row,) = page.xpath("//tr[td[contains(., 'token f1')]]")
    assert shown(row, "td[@class='reasons']") == ["1, so 50% scored Gone. (1)"]


def test_a_run_that_has_not_begun_has_a_page(tmp_path: Path) -> None:
    page = read_page(made_run(tmp_path / "run", [], count=5))
    assert "5 left" in shown(page, "//section[1]//tbody")[0]
    means = shown(page, "//td[contains(@class, 'n best')]")
    assert means == ["–"] * 5


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"^The report .*page\.html cannot be written: .*\.$"):
        write_text(tmp_path / "none" / "page.html", ["x"])
