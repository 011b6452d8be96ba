"""A cross-encoder puts in order what a search has found, and is off unless it is asked for."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy
import pytest

from eval.cases import Case, Evidence
from eval.retrieval import evaluate_retrieval
from eval.runs.folder import RunFolder
from ingest.errors import RerankerError
from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.rerank import in_order
from ingest.reranker import (
    OpenVinoReranker,
    RerankerFolder,
    SentenceTransformersReranker,
    open_reranker,
)
from ingest.reranker_cache import is_prepared, prepare_reranker
from ingest.searcher import RETRIEVERS
from ingest.settings import IngestSettings
from tests.app.asking import passage
from tests.app.test_cli import HEAVY, citebound, error_line, output
from tests.conftest import ROOT, SmallLibrary
from tests.eval.runs.running import write_cases
from tests.ingest.test_embedder import in_the_hubs_cache
from tests.ingest.tiny_models import make_tiny_bert
from tests.ingest.tiny_rerankers import MAX_TOKENS, make_word_counter
from tests.pdfs import write_pdf
from tests.servers.scripted_openai import ScriptedOpenAI

QUESTION = "When does the safety valve open?"
LOAF = "How hot is a loaf baked until its crust sounds hollow?"
PASSAGES = [
    "The safety valve opens at nine bar and lets steam out with a loud hiss.",
    "It is asked when the safety valve does open.",
    "Sourdough needs flour, water, salt and twelve hours of patience in a warm room.",
    "Ünïcode: 锅炉 🙂 and a line\nbreak.",
    "",
    "The boiler is fired with coal, and its grate lets the ash fall through. " * 12,
]


@pytest.fixture(scope="module")
def word_counter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_word_counter(tmp_path_factory.mktemp("models") / "word-counter")


@pytest.fixture(scope="module")
def folder(word_counter: Path) -> RerankerFolder:
    return prepare_reranker(str(word_counter))


@pytest.fixture
def reranking(small_library: SmallLibrary, word_counter: Path) -> Iterator[Library]:
    """The small library with a reranker that sees all that is found."""
    settings = IngestSettings(reranker=str(word_counter))
    with Library.open(small_library.folder, settings=settings) as library:
        yield library


def test_the_graph_gives_the_scores_of_sentence_transformers(folder: RerankerFolder) -> None:
    from sentence_transformers import CrossEncoder

    pairs = [(QUESTION, text) for text in PASSAGES]
    expected = CrossEncoder(str(folder.source), device="cpu").predict(pairs)
    reranker = open_reranker(folder)
    assert isinstance(reranker, OpenVinoReranker)
    scores = reranker.score(pairs)
    assert scores == pytest.approx(expected, abs=0.03)
    assert scores[1] > 0.9 > scores[0] > 0.4 > max(scores[2:])


def test_pairs_are_scored_alike_alone_and_together(folder: RerankerFolder) -> None:
    reranker = open_reranker(folder)
    pairs = [(QUESTION, " ".join(PASSAGES[0].split()[: 3 + n % 12])) for n in range(20)]
    alone = numpy.concatenate([reranker.score([pair]) for pair in pairs])
    assert reranker.score(pairs) == pytest.approx(alone, abs=0.02)
    assert reranker.score([]).shape == (0,)


def test_the_passage_is_cut_and_not_the_question(folder: RerankerFolder) -> None:
    tokenizer = folder.open_tokenizer()
    [whole] = tokenizer.encode([(QUESTION, "steam " * 500)])
    assert len(whole.ids) == MAX_TOKENS
    assert whole.type_ids.count(0) == len("when does the safety valve open ?".split()) + 2
    [long] = tokenizer.encode([("valve " * 500, "steam " * 500)])
    assert len(long.ids) == MAX_TOKENS
    assert long.tokens.count("steam") > MAX_TOKENS / 2 - 4
    far = "coal " * MAX_TOKENS + QUESTION
    near = QUESTION + " coal" * MAX_TOKENS
    scores = open_reranker(folder).score([(QUESTION, far), (QUESTION, near)])
    assert scores[0] < 0.4 < 0.9 < scores[1]


@pytest.mark.slow
def test_a_graph_may_be_dropped_at_any_moment(word_counter: Path) -> None:
    code = (
        "import sys; from ingest.reranker import open_reranker; from ingest.reranker_cache import "
        "prepare_reranker as prepare; pairs = [('a valve', 'a valve opens')] * 30\n"
        "for _ in range(8): open_reranker(prepare(sys.argv[1])).score(pairs)"
    )
    command = [sys.executable, "-c", code, str(word_counter)]
    assert subprocess.run(command, cwd=ROOT, timeout=100).returncode == 0


@pytest.mark.slow
def test_a_model_that_does_not_convert_is_run_by_sentence_transformers(
    word_counter: Path, tmp_path: Path
) -> None:
    model = tmp_path / "tanh"
    shutil.copytree(word_counter, model)
    config = json.loads((model / "config.json").read_text())
    config["sentence_transformers"] = {"activation_fn": "torch.nn.modules.activation.Tanh"}
    (model / "config.json").write_text(json.dumps(config))
    reranker = open_reranker(prepare_reranker(str(model)))
    assert isinstance(reranker, SentenceTransformersReranker)
    scores = reranker.score([(QUESTION, text) for text in PASSAGES])
    assert scores.argmax() == 1
    assert scores.min() < 0.0


def test_the_reranker_decides_the_order_and_its_scores_are_told(reranking: Library) -> None:
    for question in (QUESTION, LOAF):
        fused = reranking.search(question, retriever="fused", top=50)
        found = reranking.search(question, top=50)
        assert {one.id for one in found} == {one.id for one in fused}
        scores = [one.rerank_score for one in found if one.rerank_score is not None]
        assert len(scores) == len(found) > 4
        assert scores == sorted(scores, reverse=True)
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
        assert all(one.rerank_score is None for one in fused)
    assert [one.id for one in found] != [one.id for one in fused]


def test_what_is_not_reranked_keeps_its_order_behind(
    small_library: SmallLibrary, word_counter: Path
) -> None:
    settings = IngestSettings(reranker=str(word_counter), rerank_passages=3)
    with Library.open(small_library.folder, settings=settings) as library:
        fused = [one.id for one in library.search(QUESTION, retriever="fused", top=50)]
        found = library.search(QUESTION, top=50)
        assert [one.rerank_score is None for one in found] == [False] * 3 + [True] * (
            len(fused) - 3
        )
        assert {one.id for one in found[:3]} == set(fused[:3])
        assert [one.id for one in found[3:]] == fused[3:]
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
        assert [one.id for one in library.search(QUESTION, top=2)] == [one.id for one in found[:2]]
        assert library.search(QUESTION, documents=[]) == []
        library.search("lone \ud800 surrogate")


def test_a_score_that_is_no_number_is_the_least() -> None:
    found = [passage("first"), passage("second"), passage("third", number=3)]
    ordered = in_order(found, [float("nan"), 0.2, 0.9], {}, 0.0)
    assert [one.text for one in ordered[:1]] == ["third"]
    assert all(math.isfinite(one.score) for one in ordered)


def test_names_have_their_share_in_the_order() -> None:
    found = [passage(text, document=text) for text in ("named", "other", "behind")]
    names = {"id-of-named": 1.0, "id-of-other": 0.5}
    by_model = in_order(found, [0.1, 0.9], {}, 0.0)
    assert [one.document for one in by_model] == ["other", "named", "behind"]
    assert [one.score for one in by_model] == pytest.approx([1.0, 0.5, 0.5])
    both = in_order(found, [0.5, 0.51], names, 1.0)
    assert [one.document for one in both] == ["other", "named", "behind"]
    alike = in_order([*found, passage("last")], [0.5, 0.51, -9.0], names, 1.0)
    assert [one.document for one in alike] == ["named", "other", "behind", "a.pdf"]
    assert alike[0].score == pytest.approx(0.5 + (9.5 / 9.51 + 1.5) / 2.5 / 2)


def test_a_named_report_stays_first_though_covers_repeat_more_of_the_question(
    tmp_path: Path, word_counter: Path
) -> None:
    form = (
        "UNITED STATES SECURITIES AND EXCHANGE COMMISSION FORM ANNUAL REPORT PURSUANT TO SECTION "
        "Commission File Number Registrant Telephone Name of Exchange on which Registered"
    )
    for name in ("Acme", "Bolt", "Crane"):
        for year in (2018, 2019):
            cover = f"{name} Corporation, annual report of the year {year}, in dollars."
            spent = f"The revenue was {year * 7} dollars."
            write_pdf(tmp_path / "pdfs" / f"{name}_{year}.pdf", [[form, cover], [spent]], title="R")
    settings = IngestSettings(reranker=str(word_counter))
    with Library.open(tmp_path / "library", settings=settings, create=True) as library:
        ingest_folder(tmp_path / "pdfs", library)
        question = "What was the revenue of Bolt in 2019?"
        first, second = library.read_document(library.find_document("Bolt_2019.pdf").id)
        scores = library.reranker.score([(question, first.text), (question, second.text)])
        assert scores[0] > scores[1]
        best = library.search(question)[0]
    assert (best.document, best.page) == ("Bolt_2019.pdf", 2)


def test_evaluation_shows_reranked_beside_the_others_where_there_is_a_reranker(
    reranking: Library, small_library: SmallLibrary
) -> None:
    cases = [Case(id="1", question=LOAF, evidence=(Evidence(document="bread.pdf", page=2),))]
    report = evaluate_retrieval(cases, reranking)
    assert list(report.by_page) == list(report.by_document) == [*RETRIEVERS, "reranked"]
    assert report.by_page["reranked"].recall[1] == 1.0
    assert list(evaluate_retrieval(cases, small_library.library).by_page) == list(RETRIEVERS)


def test_search_prints_the_scores_and_loads_no_torch(
    small_library: SmallLibrary, word_counter: Path, folder: RerankerFolder  # noqa: ARG001
) -> None:  # fmt: skip
    arguments = ("search", QUESTION, "--library", small_library.folder, "--json")
    asked = {"CITEBOUND_RERANKER": str(word_counter)}
    said = output(citebound(*arguments, environment=asked))["passages"]
    scores = [one["rerank_score"] for one in said]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]
    traced = citebound(*arguments, environment={**asked, "PYTHONPROFILEIMPORTTIME": "1"})
    modules = [line.rpartition("|")[2].strip() for line in traced.stderr.splitlines()]
    assert "ingest.reranker" in modules
    assert [name for name in modules if HEAVY.match(name)] == []
    without = output(citebound(*arguments))["passages"]
    assert {one["rerank_score"] for one in without} == {None}


@pytest.mark.slow
def test_a_search_says_that_a_new_reranker_takes_a_minute_once(
    small_library: SmallLibrary, word_counter: Path, tmp_path: Path
) -> None:
    model = tmp_path / "another"
    shutil.copytree(word_counter, model)
    (model / "more.txt").write_text(str(tmp_path))
    arguments = ("search", QUESTION, "--library", small_library.folder)
    said = [citebound(*arguments, environment={"CITEBOUND_RERANKER": str(model)}) for _ in "12"]
    assert said[0].stderr == "Preparing the reranker; this takes a minute, once.\n"
    assert said[1].stderr == ""
    assert said[0].stdout == said[1].stdout != ""


@pytest.mark.slow
def test_a_run_compares_ways_to_search(
    small_library: SmallLibrary, word_counter: Path, tmp_path: Path
) -> None:
    cases = write_cases(tmp_path / "cases.jsonl")
    matrix = tmp_path / "matrix.toml"
    matrix.write_text(f"reranker = ['', '{word_counter}']\npassages = [50]\n")
    done = citebound(
        "eval", "run", cases, "--library", small_library.folder, "--model", "extractive",
        "--matrix", matrix, "--output", tmp_path / "run", "--json",
    )  # fmt: skip
    names = [setting["name"] for setting in output(done)["settings"]]
    assert names == ["reranker none", f"reranker {word_counter}"]
    scored = dict.fromkeys(names, False)
    for record in RunFolder.open(tmp_path / "run").records():
        assert record.answer is not None
        scored[record.setting] |= any(
            passage["rerank_score"] is not None for passage in record.answer["passages"]
        )
    assert [*scored.values()] == [False, True]


def test_eval_prints_reranked(
    small_library: SmallLibrary, word_counter: Path, tmp_path: Path
) -> None:
    evidence = [{"document": "bread.pdf", "page": 2}]
    (tmp_path / "cases.jsonl").write_text(
        json.dumps({"id": "1", "question": LOAF, "answers": ["240"], "evidence": evidence})
    )
    arguments = ("eval", "retrieval", tmp_path / "cases.jsonl", "--library", small_library.folder)
    done = citebound(*arguments, "--json", environment={"CITEBOUND_RERANKER": str(word_counter)})
    assert output(done)["retrievers"]["reranked"]["recall"]["1"] == 1.0


def test_an_embedder_is_refused_as_a_reranker(tmp_path: Path) -> None:
    bi_encoder = make_tiny_bert(tmp_path / "bi")
    for name in ("all-MiniLM-L6-v2", str(bi_encoder)):
        with pytest.raises(RerankerError, match="is an embedder; set reranker to a cross-encoder"):
            prepare_reranker(name)
    with pytest.raises(RerankerError, match="is no cross-encoder; set reranker"):
        prepare_reranker(str(tmp_path / "bi-transformer"))


def test_a_model_of_several_labels_is_refused(tmp_path: Path) -> None:
    for labels in (2, 3):
        model = make_word_counter(tmp_path / str(labels), labels=labels)
        with pytest.raises(RerankerError, match=f"tells {labels} labels apart"):
            prepare_reranker(str(model))


def test_what_is_no_model_is_refused_in_one_line(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    done = citebound(
        "search", QUESTION, "--library", small_library.folder,
        environment={"CITEBOUND_RERANKER": str(tmp_path / "empty")},
    )  # fmt: skip
    assert "holds no sentence-transformers model" in error_line(done)
    assert done.stdout == ""


@pytest.mark.slow
def test_a_name_that_cannot_be_had_is_refused_and_one_that_is_here_asks_nobody(
    word_counter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with ScriptedOpenAI() as hub:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.url)
        with pytest.raises(RerankerError, match="The reranker 'someone/tiny' is neither a folder"):
            prepare_reranker("someone/tiny")
        assert hub.requests != []
        hub.requests.clear()
        in_the_hubs_cache(word_counter, tmp_path)
        assert prepare_reranker("someone/tiny").source.is_relative_to(tmp_path)
        assert is_prepared("someone/tiny")
        assert hub.requests == []
