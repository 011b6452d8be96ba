"""Meaning and words are weighed by what each knows of the question."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.forget import forget
from ingest.glossary import other_words
from ingest.letter_pieces import letter_pieces
from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.search import CANDIDATES, POSTINGS, dense_share, fuse, within_budget, word_strength
from tests.pdfs import write_pdf


def test_the_best_of_each_kind_counts_by_its_share() -> None:
    scores = fuse({"a": 0.8, "b": 0.4}, {"b": 12.0, "c": 3.0}, 0.25)
    assert scores == pytest.approx({"a": 0.25, "b": 0.125 + 0.75, "c": 0.75 * 0.25})


def test_what_is_no_better_than_the_hundredth_counts_nothing() -> None:
    many = {str(n): 0.9 - 0.001 * n for n in range(CANDIDATES + 20)}
    scores = fuse(many, {}, 1.0)
    assert scores["0"] == 1.0
    assert scores[str(CANDIDATES - 1)] == scores[str(CANDIDATES + 19)] == 0.0
    assert 0.0 < scores[str(CANDIDATES - 2)] < scores["1"] < 1.0


def test_nothing_found_scores_nothing() -> None:
    assert fuse({}, {}, 0.5) == {}
    assert fuse({"a": -0.2}, {}, 0.5) == {"a": 0.0}
    assert fuse({"a": 0.3, "b": 0.3}, {}, 1.0) == {"a": 1.0, "b": 1.0}


def share(cosine: float, words: float, *, pieces: float = 1.1, is_default: bool = True) -> float:
    return dense_share(cosine, words, pieces, is_default=is_default)


def test_meaning_counts_more_where_a_passage_is_about_the_same() -> None:
    shares = [share(cosine, 1.0) for cosine in (0.3, 0.5, 0.6, 0.7, 0.9)]
    assert shares == pytest.approx([0.3, 0.3, 0.48, 0.66, 0.66])
    assert share(0.9, 1.0, is_default=False) == 0.5


def test_meaning_counts_more_where_the_words_stand_everywhere() -> None:
    assert [share(0.9, words) for words in (0.0, 0.32, 0.395, 0.47)] == pytest.approx(
        [0.9, 0.9, 0.78, 0.66]
    )
    assert share(0.3, 0.0) == pytest.approx(0.3)  # no passage is near: words decide all the same


def test_words_are_strong_where_each_tells_chunks_apart() -> None:
    assert word_strength(4 * math.log(1000), 4, 1000) == pytest.approx(1.0)
    assert word_strength(8.0, 4, 1000) < word_strength(8.0, 2, 1000)
    assert word_strength(0.0, 0, 0) == 0.0


def test_an_embedder_that_spells_a_language_out_counts_less_or_not_at_all() -> None:
    shares = [share(0.9, 1.0, pieces=pieces) for pieces in (1.0, 2.5, 2.75, 3.0, 13.0)]
    assert shares == pytest.approx([0.66, 0.66, 0.33, 0.0, 0.0])


def test_words_of_financial_statements_are_asked_by_their_other_names() -> None:
    assert {"purchases", "property", "plant", "equipment"} <= set(other_words("The capex in 2018?"))
    assert {"current", "assets", "liabilities"} <= set(other_words("What is its quick ratio?"))
    assert "equity" in other_words("ROE in 2020")
    assert other_words("What is a bridge? Who was Roe, and where do roe deer live?") == []


def test_the_rarest_words_are_looked_for_within_a_budget() -> None:
    counts = {"the": POSTINGS, "valve": 30, "boiler": 200, "xyzzy": 0}
    assert within_budget(counts) == ["xyzzy", "valve", "boiler"]
    assert within_budget({"model": 3 * POSTINGS}) == ["model"]
    assert within_budget({}) == []


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("蒸気は安全弁", ["蒸気", "気は", "は安", "安全", "全弁"]),
        ("水 a 水蒸", ["水", "水蒸"]),
        ("الكتاب", ["الكت", "لكتا", "كتاب"]),
        ("The valve opens. Ventil öffnet. Клапан.", []),
    ],
)
def test_scripts_that_no_space_cuts_are_cut_to_pieces(text: str, pieces: list[str]) -> None:
    assert letter_pieces(text) == pieces


@pytest.fixture(scope="module")
def reports(
    tmp_path_factory: pytest.TempPathFactory,
    folders_of_the_run: None,  # noqa: ARG001
) -> Iterator[Library]:
    """Six reports that say the same, but for who, when and how much."""
    folder = tmp_path_factory.mktemp("reports")
    form = (
        "UNITED STATES SECURITIES AND EXCHANGE COMMISSION FORM ANNUAL REPORT PURSUANT TO SECTION "
        "Commission File Number Registrant Telephone Name of Exchange on which Registered"
    )
    for number, (name, year) in enumerate(
        (name, year) for name in ("Acme", "Bolt", "Crane") for year in (2018, 2019)
    ):
        spent = f"Purchases of property, plant and equipment were {100 + number} million dollars."
        write_pdf(
            folder / "pdfs" / f"{name.upper()}_{year}_10K.pdf",
            [
                [form, f"{name} Corporation, fiscal year {year}"],
                ["The company makes tools and sells them in shops of its own."],
                [spent],
            ],
            title="Annual report",
        )
    with Library.open(folder / "library", create=True) as library:
        ingest_folder(folder / "pdfs", library)
        yield library


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("What was the capex of Bolt in FY2019?", "BOLT_2019_10K.pdf"),
        (
            "How much did Crane spend on property, plant and equipment in 2018?",
            "CRANE_2018_10K.pdf",
        ),
        ("ACME 2018 purchases of equipment", "ACME_2018_10K.pdf"),
    ],
)
def test_the_page_of_the_report_that_a_question_names_comes_first(
    reports: Library, question: str, document: str
) -> None:
    first = reports.search(question, top=3)[0]
    assert (first.document, first.page) == (document, 3)
    assert 0.0 < first.score <= 1.0


def test_among_chosen_documents_only_those_are_found(reports: Library) -> None:
    chosen = reports.find_document("ACME_2018_10K.pdf").id
    found = reports.search("What was the capex of Bolt in 2019?", documents=[chosen])
    assert {passage.document for passage in found} == {"ACME_2018_10K.pdf"}


def test_a_question_that_names_no_report_finds_them_all(reports: Library) -> None:
    found = reports.search("Purchases of property, plant and equipment", top=6)
    assert len({passage.document for passage in found}) == 6


def test_a_question_that_says_which_report_it_is_about_is_told_from_one_that_does_not(
    reports: Library, tmp_path: Path
) -> None:
    assert reports.leaves_document_open("Purchases of property, plant and equipment?")
    assert not reports.leaves_document_open("What was the capex of Bolt?")
    with Library.open(tmp_path / "empty", create=True) as empty:
        assert not empty.leaves_document_open("Purchases of property?")


def test_what_names_a_document_follows_its_file_and_goes_with_it(tmp_path: Path) -> None:
    write_pdf(tmp_path / "pdfs" / "Alpha_2018.pdf", [["A first page of Gamma."]], title="Delta")
    with Library.open(tmp_path / "library", create=True) as library:
        ingest_folder(tmp_path / "pdfs", library)

        def named(*words: str) -> set[str]:
            return {word for word, _, _ in library.catalog.named_by(words)}

        words = ("alpha", "2018", "gamma", "delta", "beta")
        assert named(*words) == {"alpha", "2018", "gamma", "delta"}
        (tmp_path / "pdfs" / "Alpha_2018.pdf").rename(tmp_path / "pdfs" / "Beta.pdf")
        ingest_folder(tmp_path / "pdfs", library)
        assert named(*words) == {"beta", "gamma", "delta"}
        with library.writing():
            library.remove(library.documents()[0].id)
        assert named(*words) == set()


def test_chinese_and_arabic_words_are_found_inside_a_sentence(tmp_path: Path) -> None:
    texts = {"zh": "蒸気は安全弁から出る。", "ar": "وجد الكتاب في المكتبة.", "en": "Steam rises."}
    (tmp_path / "texts").mkdir()
    for name, text in texts.items():
        (tmp_path / "texts" / f"{name}.txt").write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "library", create=True) as library:
        ingest_folder(tmp_path / "texts", library)
        for question, document in (("安全弁", "zh.txt"), ("كتاب", "ar.txt")):
            assert library.search(question)[0].document == document
            lexical = library.search(question, retriever="lexical")
            assert [passage.document for passage in lexical] == [document]
        with library.writing():
            library.remove(library.find_document("zh.txt").id)
        assert library.search("安全弁", retriever="lexical") == []


def test_pieces_and_names_of_a_forgotten_document_stand_nowhere(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "Xyzzy_2018.txt").write_text("蒸気は安全弁から出る。", encoding="utf-8")
    (tmp_path / "texts" / "other.txt").write_text("ボイラーの水。", encoding="utf-8")
    with Library.open(tmp_path / "library", create=True) as library:
        ingest_folder(tmp_path / "texts", library)
        catalog = tmp_path / "library" / "catalog.sqlite"
        with library.writing():
            forget(library, [library.find_document("Xyzzy_2018.txt")])
        kept = catalog.read_bytes()
        assert "安全".encode() not in kept
        assert b"xyzzy" not in kept
        assert library.search("の水", retriever="lexical")[0].document == "other.txt"
