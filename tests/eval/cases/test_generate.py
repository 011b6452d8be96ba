"""Cases are made of a library: of each kind, the same for a seed, and such that a check passes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.cases import Case, read_cases
from eval.cases.check import check_cases
from eval.cases.making.draft import Draft
from eval.cases.making.generate import GenerationError, generate_cases
from eval.cases.making.unanswerable import ask_untold, swap_name, swap_year
from eval.commands.cases import cases_group
from ingest.library import Library
from tests.pdfs import write_pdf


@pytest.fixture(scope="module")
def cases(bridges: Library) -> tuple[Case, ...]:
    return generate_cases(bridges, 30, seed=1).cases


def tagged(cases: tuple[Case, ...], tag: str) -> list[Case]:
    return [case for case in cases if tag in case.tags]


def test_a_case_names_its_page_and_tells_what_it_was_made_from(cases: tuple[Case, ...]) -> None:
    (case,) = [case for case in tagged(cases, "time") if "Eiffel" in case.question]
    assert case.question == "In which year was the Eiffel Tower completed for a great fair?"
    assert case.answers == ("1889",)
    assert [(one.document, one.page) for one in case.evidence] == [("towers.pdf", 1)]
    assert case.provenance == {
        "made by": "rules",
        "from": "towers.pdf, page 1",
        "source": "The Eiffel Tower was completed in 1889 for a great fair.",
    }


def test_there_are_cases_of_every_kind(cases: tuple[Case, ...]) -> None:
    kinds = {tag for case in cases for tag in case.tags}
    assert {"time", "definition", "table", "heading", "two documents", "unanswerable"} <= kinds


def test_a_question_that_any_document_could_be_asked_names_its_own(cases: tuple[Case, ...]) -> None:
    tables = tagged(cases, "table")
    assert tables
    for case in tables:
        title = Path(case.evidence[0].document).stem
        assert case.question.startswith(f"According to “{title} report”, what ")


def test_a_value_that_two_tables_tell_otherwise_is_not_asked_for(bridges: Library) -> None:
    made = generate_cases(bridges, 200)
    questions = " ".join(case.question for case in tagged(made.cases, "table"))
    assert "operating income" in questions
    assert "gross margin" not in questions
    assert made.left_out["another table of its document has another value"] > 0


def test_a_question_over_two_documents_names_a_page_of_each(cases: tuple[Case, ...]) -> None:
    for case in tagged(cases, "two documents"):
        assert len({one.document for one in case.evidence}) == 2
        assert case.answers


def test_what_is_unanswerable_has_no_answer_and_asks_for_what_the_library_lacks(
    cases: tuple[Case, ...], bridges: Library
) -> None:
    text = " ".join(
        page.text for one in bridges.documents() for page in bridges.catalog.pages(one.id)
    )
    unanswerable = tagged(cases, "unanswerable")
    assert unanswerable
    for case in unanswerable:
        assert not case.answerable
        assert (case.answers, case.evidence) == ((), ())
        assert case.question not in text
        assert "replaced by" in case.provenance["source"] or "nothing is said" in str(case)


def test_the_same_seed_makes_the_same_cases_and_another_one_others(
    cases: tuple[Case, ...], bridges: Library
) -> None:
    assert generate_cases(bridges, 30, seed=1).cases == cases
    assert len({case.id for case in cases}) == len(cases)
    few = [generate_cases(bridges, 6, seed=seed).cases for seed in range(4)]
    assert len({tuple(case.id for case in some) for some in few}) > 1
    assert all(len(some) == 6 for some in few)


def test_the_check_of_cases_finds_nothing(bridges: Library, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    arguments = ["generate", "--library", str(bridges.folder), "-n", "30", "-o", str(path)]
    done = CliRunner().invoke(cases_group, arguments)
    assert done.exit_code == 0, done.exception
    assert done.stdout == ""
    count, findings = check_cases(path, bridges)
    assert findings == []
    assert f"{count} of 30 cases in {path}" in done.stderr
    assert all(case.provenance for case in read_cases(path))


def test_a_library_without_anything_to_ask_about_is_an_error(tmp_path: Path) -> None:
    from ingest.pipeline import ingest_folder

    write_pdf(tmp_path / "pdfs" / "a.pdf", [["Nothing here."]], title="Nothing")
    with Library.open(tmp_path / "library", create=True) as library:
        ingest_folder(tmp_path / "pdfs", library)
        with pytest.raises(GenerationError, match="no sentence, heading or table"):
            generate_cases(library, 5)


DRAFT = Draft(
    kind="time",
    question="In which year was the Forth Bridge opened?",
    answers=("1890",),
    places=(("bridges.pdf", 1),),
    source="The Forth Bridge was opened in 1890.",
    about="the Forth Bridge",
)


def test_a_name_is_replaced_by_one_that_the_library_does_not_hold() -> None:
    swapped = swap_name(DRAFT, 0, lambda _: False)
    assert swapped is not None
    assert swapped.question == "In which year was Quillmere opened?"
    assert swap_name(DRAFT, 0, lambda words: words == "Quillmere") is None


def test_a_year_is_replaced_by_one_that_the_library_does_not_hold() -> None:
    table = Draft("table", "What was revenue in 2022?", ("9",), (("a.pdf", 1),), "Revenue 9")
    held = {"2015", "2029"}
    swapped = swap_year(table, 0, lambda year: year in held)
    assert swapped is not None
    assert swapped.question == "What was revenue in 2014?"
    assert swap_year(DRAFT, 0, lambda _: False) is None


def test_what_the_library_may_tell_is_not_taken_for_untold() -> None:
    assert ask_untold(DRAFT, 2, lambda words: words == "postage stamp") is None
    untold = ask_untold(DRAFT, 2, lambda _: False)
    assert untold is not None
    assert untold.question == "What did the first postage stamp that showed the Forth Bridge cost?"
