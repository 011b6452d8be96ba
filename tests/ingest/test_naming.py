"""What names a document in a question is found, and counts where documents are of one mould."""

from __future__ import annotations

import pytest

from ingest.naming import (
    Naming,
    asked_words,
    likeness,
    name_documents,
    name_words,
    normal_words,
    opening_words,
    without_names,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2022 Q3 AAPL.pdf", ["2022", "q3", "aapl", "pdf"]),
        ("3M_2018_10K", ["3m", "2018", "10k"]),
        ("FY2018", ["2018"]),
        ("fiscal year 2018", ["2018"]),
        ("FY18", ["2018"]),
        ("FY '18", ["2018"]),
        ("3Q22", ["q3", "2022"]),
        ("Q3'22", ["q3", "2022"]),
        ("2023Q4", ["2023", "q4"]),
        ("the third quarter of 2022", ["the", "q3", "of", "2022"]),
        ("Apple's", ["apple"]),
    ],
)
def test_periods_are_written_in_one_way(text: str, words: list[str]) -> None:
    assert normal_words(text) == words


def test_an_opening_gives_words_with_a_capital_or_a_digit() -> None:
    page = "Quarterly report of Apple Inc. for the quarter ended June 25, 2022"
    assert opening_words(page) == {"quarterly", "apple", "inc", "june", "25", "2022"}
    assert opening_words("x" * 2000 + " Apple") == set()


def test_neighbouring_words_are_asked_joined_too() -> None:
    assert {"best", "buy", "bestbuy"} <= asked_words("What did Best Buy sell?")
    assert "americanwaterworks" in asked_words("What did American Water Works earn?")
    assert {"3m", "2018"} <= asked_words("What was 3M's capex in FY2018?")
    assert "what" not in asked_words("What did Best Buy sell?")


def found_in(names: dict[str, str], question: str) -> list[tuple[str, str, bool]]:
    """The question's words that stand in these names."""
    return [
        (word, document, True)
        for word in sorted(asked_words(question))
        for document, name in names.items()
        if word in name_words(name)
    ]


REPORTS = {
    f"{company}{year}": f"{year}_{company}_10K.pdf"
    for company in ("3M", "BOEING", "CORNING")
    for year in (2018, 2019)
}


def test_the_report_of_a_company_and_a_year_is_named() -> None:
    question = "What was Boeing's capex in FY2019?"
    naming = name_documents(question, found_in(REPORTS, question), len(REPORTS))
    assert naming is not None
    ordered = sorted(naming.scores, key=lambda key: -naming.scores[key])
    assert ordered[0] == "BOEING2019"
    assert naming.scores["BOEING2019"] == 1.0
    assert naming.scores["BOEING2018"] < 1.0
    assert naming.rest == "What was capex?"


def test_a_word_that_all_documents_have_names_none() -> None:
    question = "What does the 10K say?"
    assert name_documents(question, found_in(REPORTS, question), len(REPORTS)) is None


def test_a_plain_word_of_an_opening_names_nothing() -> None:
    assert name_documents("what was apple?", [("apple", "a", False)], 3) is None
    named = name_documents("What was Apple?", [("apple", "a", False)], 3)
    assert named is not None
    assert named.scores == {"a": 1.0}


@pytest.mark.parametrize(
    ("question", "named", "rest"),
    [
        ("How much did AAPL earn in 2022 Q3?", {"aapl", "2022", "q3"}, "How much did earn?"),
        ("Apple in 2022?", {"apple", "2022"}, "Apple in 2022?"),  # nothing would be left
        ("How much did the bridge cost?", set(), "How much did the bridge cost?"),
    ],
)
def test_a_question_without_its_names_is_what_is_asked_of_them(
    question: str, named: set[str], rest: str
) -> None:
    assert without_names(question, named) == rest


def test_documents_of_one_mould_have_their_openings_in_common() -> None:
    form = set("united states securities exchange commission form report quarterly".split())
    assert likeness([form | {name} for name in ("apple", "intel", "nvidia")]) == 1.0
    different = [{f"{name}{n}" for n in range(20)} for name in ("a", "b", "c")]
    assert likeness(different) == 0.0
    assert likeness([]) == likeness([form]) == likeness([set(), set()]) == 0.0


def test_a_document_that_is_named_half_as_well_counts_a_quarter() -> None:
    naming = Naming({"best": 1.0, "period alone": 0.5}, "rest")
    assert [naming.weight_of(id) for id in ("best", "period alone", "other")] == [1.0, 0.25, 0.0]
