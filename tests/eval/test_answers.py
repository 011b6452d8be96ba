"""Answered, cited, right, refused, supported: each share checked on answers known by hand."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from app.chain import build_chain
from app.models.choose import choose_model
from app.models.extractive import ExtractiveModel
from app.settings import AnswerSettings
from app.terms import normalise
from eval.answers import AnswersReport, evaluate_answers, share
from eval.cases import Case, Evidence
from ingest.library import Library
from prompts.refusal import REFUSAL
from tests.conftest import SmallLibrary
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama

F1 = 2 * 1 / (1 + 2)  # of "nine", which is what the reader picks, and "nine bar"


def case(question: str, answer: str | None, document: str = "", page: int = 1) -> Case:
    evidence = (Evidence(document=document, page=page),) if document else ()
    answers = () if answer is None else (answer,)
    return Case(
        id=question, question=question, answers=answers, answerable=answer is not None,
        evidence=evidence,
    )  # fmt: skip


def evaluate_quotes(library: Library, *cases: Case) -> AnswersReport:
    chain = build_chain(library, ExtractiveModel(library), AnswerSettings())
    return evaluate_answers(cases, chain)


def test_the_report_of_the_answerer_that_quotes_is_as_known(small_library: SmallLibrary) -> None:
    report = evaluate_quotes(
        small_library.library,
        case("At what pressure does the safety valve open?", "Nine BAR", "boiler.pdf", 3),
        case("How far does the harbour of Saint-Malo rise?", "forty feet", "tides.pdf", 2),
        case("Who won the football world cup in 1998?", "France", "none.pdf", 1),
        case("What is the capital of France?", None),
        case("At what hour does the safety valve open?", None),
    )
    assert asdict(report) == pytest.approx(
        {
            "answerable": 3,
            "unanswerable": 2,
            "claims": 6,
            "answered": 2 / 3,
            "gold_page_cited": 1 / 3,
            "gold_answer_given": 1 / 3,
            "exact_match": 0.0,
            "f1": F1 / 3,
            "refused": 1 / 2,
            "supported": 1.0,
        }
    )


def test_a_model_that_makes_things_up_is_found_out(small_library: SmallLibrary) -> None:
    replies = [
        Reply("The safety valve opens at nine bar [1]. It is painted green by the captain [1]."),
        Reply("Paris is the capital of France."),
        Reply(REFUSAL),
    ]
    with ScriptedOllama(models=["m"], replies=replies) as server:
        settings = AnswerSettings(ollama_url=server.url)
        library = small_library.library
        model = choose_model("ollama:m", library, settings).model
        cases = [
            case("At what pressure does the safety valve open?", "nine bar", "boiler.pdf", 3),
            case("What is the capital of France?", None),
            case("How hot is the bread baked?", "240 degrees", "bread.pdf", 2),
        ]
        report = evaluate_answers(cases, build_chain(library, model, settings))
    assert (report.answered, report.gold_page_cited, report.gold_answer_given) == (0.5, 0.5, 0.5)
    assert report.claims == 3
    assert report.supported == pytest.approx(1 / 3)


def test_the_shortest_sentence_is_compared_with_the_answers(small_library: SmallLibrary) -> None:
    texts = ["Nine bar [1].", "It is said to open at nine bar [1]. It opens at nine [1].", REFUSAL]
    with ScriptedOllama(models=["m"], replies=[Reply(text) for text in texts]) as server:
        settings = AnswerSettings(ollama_url=server.url, strategy="direct")
        model = choose_model("ollama:m", small_library.library, settings).model
        chain = build_chain(small_library.library, model, settings)
        asked = case("At what pressure does the safety valve open?", "The nine bar")
        report = evaluate_answers([asked] * 3, chain)
    assert report.exact_match == pytest.approx(1 / 3)
    assert report.f1 == pytest.approx((1.0 + 2 * 1 / (4 + 2) + 0.0) / 3)


def test_an_uncited_answer_to_an_unanswerable_question_is_no_refusal(
    small_library: SmallLibrary,
) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply("Paris is the capital.")]) as server:
        settings = AnswerSettings(ollama_url=server.url)
        model = choose_model("ollama:m", small_library.library, settings).model
        chain = build_chain(small_library.library, model, settings)
        report = evaluate_answers([case("What is the capital of France?", None)], chain)
    assert report.refused == 0.0


def test_a_share_of_nothing_is_no_number(small_library: SmallLibrary) -> None:
    report = evaluate_quotes(small_library.library, case("What is the capital of France?", None))
    assert (report.answerable, report.unanswerable, report.claims) == (0, 1, 0)
    assert (report.answered, report.gold_page_cited, report.gold_answer_given) == (None,) * 3
    assert (report.exact_match, report.f1) == (None, None)
    assert (report.refused, report.supported) == (1.0, None)
    assert share([]) is None
    assert share([True, False, True, True]) == 0.75


def test_every_case_is_heard_of(small_library: SmallLibrary) -> None:
    heard: list[int] = []
    library = small_library.library
    chain = build_chain(library, ExtractiveModel(library), AnswerSettings())
    evaluate_answers([case("Hello", None)] * 3, chain, on_case=lambda: heard.append(1))
    assert len(heard) == 3


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("The  Nine-Bar valve, a valve!", "nine bar valve valve"),
        ("An  Äpfel", "äpfel"),
        ("theatre", "theatre"),
        ("", ""),
    ],
)
def test_answers_are_compared_without_case_punctuation_and_articles(text: str, plain: str) -> None:
    assert normalise(text) == plain
