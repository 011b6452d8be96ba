"""Vectors are the model's own, nothing is cut silently, and only known weights are trusted."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy
import pytest

from ingest.embedder import (
    Embedder,
    EmbedderFolder,
    OpenVinoEmbedder,
    SentenceTransformersEmbedder,
    Vectors,
    open_document_embedder,
    open_embedder,
)
from ingest.embedder_cache import BUNDLED_PACKAGE, prepare_embedder
from ingest.errors import EmbedderError, LibraryError
from ingest.library import Library
from ingest.settings import IngestSettings
from tests.ingest.tiny_models import make_static_model, make_tiny_bert
from tests.servers.scripted_openai import ScriptedOpenAI

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TEXTS = [
    "Short.",
    "The safety valve opens at nine bar and lets steam out with a loud hiss.",
    "",
    "Ünïcode: 锅炉 🙂 and a line\nbreak.",
    "The boiler is fired with coal, and its grate lets the ash fall through. " * 12,
]


@pytest.fixture(scope="module")
def bundled() -> EmbedderFolder:
    return prepare_embedder(IngestSettings())


@pytest.fixture(scope="module")
def embedder(bundled: EmbedderFolder) -> Embedder:
    return open_embedder(bundled)


@pytest.fixture(scope="module")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_bert(tmp_path_factory.mktemp("models") / "tiny-bert")


@pytest.fixture(scope="module")
def static_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_static_model(tmp_path_factory.mktemp("models") / "tiny-static")


def cosines(left: Vectors, right: Vectors) -> Vectors:
    """The cosine between each row of one and the same row of the other."""
    lengths = numpy.linalg.norm(left, axis=1) * numpy.linalg.norm(right, axis=1)
    cosine: Vectors = (left * right).sum(axis=1) / lengths
    return cosine


def original(folder: EmbedderFolder) -> "SentenceTransformer":
    """The model as its authors' library runs it."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder.source), device="cpu", local_files_only=True)


def test_the_graph_gives_the_vectors_of_sentence_transformers(
    bundled: EmbedderFolder, embedder: Embedder
) -> None:
    assert isinstance(embedder, OpenVinoEmbedder)
    expected = original(bundled).encode(TEXTS)
    queries = numpy.stack([embedder.embed_query(text) for text in TEXTS])
    assert cosines(queries, expected).mean() > 0.99


def test_a_document_without_its_little_words_stays_nearest_to_itself(
    bundled: EmbedderFolder, embedder: Embedder
) -> None:
    expected = original(bundled).encode(TEXTS)
    documents = embedder.embed_documents(TEXTS)
    assert cosines(documents, expected).mean() > 0.9
    assert (documents @ expected.T).argmax(axis=1).tolist() == list(range(len(TEXTS)))


def test_without_a_gpu_the_graph_embeds_documents_too(
    bundled: EmbedderFolder, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert open_document_embedder(bundled, otherwise=embedder) is embedder
    monkeypatch.setattr("ingest.embedder.GPU_MARKS", (tmp_path,))  # a driver without a GPU
    assert open_document_embedder(bundled, otherwise=embedder) is embedder


def test_vectors_come_in_the_order_of_their_texts(embedder: Embedder) -> None:
    texts = [" ".join(f"word{n}" for n in range(size * 7 % 40)) for size in range(20)]
    alone = numpy.concatenate([embedder.embed_documents([text]) for text in texts])
    assert cosines(embedder.embed_documents(texts), alone).min() > 0.99


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_documents([]).shape == (0, embedder.identity.dimension)


def test_a_text_over_the_limit_is_refused_with_its_size(embedder: Embedder) -> None:
    with pytest.raises(EmbedderError, match=r"302 tokens is over the embedder's limit of 256"):
        embedder.embed_documents(["fine", "steam " * 300])


def test_a_text_just_at_the_limit_is_embedded(embedder: Embedder) -> None:
    assert embedder.embed_documents(["steam " * 254]).shape == (1, 384)


def test_a_question_over_the_limit_is_cut_at_its_end(embedder: Embedder) -> None:
    long, cut = embedder.embed_query("steam " * 9000), embedder.embed_query("steam " * 254)
    assert cosines(long[None], cut[None]).min() > 0.99


def test_a_second_opening_takes_the_model_from_the_cache(bundled: EmbedderFolder) -> None:
    written = (bundled.path / "embedder.json").stat().st_mtime_ns
    assert prepare_embedder(IngestSettings()) == bundled
    assert (bundled.path / "embedder.json").stat().st_mtime_ns == written


def test_weights_that_were_tampered_with_are_refused(
    bundled: EmbedderFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / BUNDLED_PACKAGE
    shutil.copytree(bundled.source, package / "model")
    (package / "__init__.py").touch()
    with (package / "model" / "model.safetensors").open("r+b") as weights:
        weights.seek(-1000, 2)
        weights.write(b"\x00\x01\x02\x03")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("CITEBOUND_CACHE", str(tmp_path / "cache"))
    with pytest.raises(EmbedderError, match="not the expected ones"):
        prepare_embedder(IngestSettings())


@pytest.mark.slow
def test_another_model_is_used_with_its_own_prompts(tiny_bert: Path) -> None:
    folder = prepare_embedder(IngestSettings(embedder=str(tiny_bert)))
    embedder, model = open_embedder(folder), original(folder)
    assert isinstance(embedder, OpenVinoEmbedder)
    assert (folder.identity.query_prompt, folder.identity.document_prompt) == ("ask: ", "text: ")
    assert folder.identity.dimension == 384
    texts = ["steam and coal", "the valve opens"]
    documents = embedder.embed_documents(texts)
    assert cosines(documents, model.encode(texts, prompt_name="document")).min() > 0.99
    query = embedder.embed_query(texts[0])[None]
    assert cosines(query, model.encode(texts[:1], prompt_name="query")).min() > 0.99
    assert cosines(query, documents[:1]).max() < 0.999


def test_settings_may_ask_for_other_prompts(tiny_bert: Path) -> None:
    settings = IngestSettings(embedder=str(tiny_bert), query_prompt="", document_prompt="doc: ")
    identity = prepare_embedder(settings).identity
    assert (identity.query_prompt, identity.document_prompt) == ("", "doc: ")


@pytest.mark.slow
def test_a_model_that_does_not_convert_is_run_by_sentence_transformers(static_model: Path) -> None:
    folder = prepare_embedder(IngestSettings(embedder=str(static_model)))
    embedder = open_embedder(folder)
    assert isinstance(embedder, SentenceTransformersEmbedder)
    texts = ["steam and coal", "the valve opens"]
    expected = original(folder).encode(texts)
    assert cosines(embedder.embed_documents(texts), expected).min() > 0.9999
    assert cosines(embedder.embed_query(texts[0])[None], expected[:1]).min() > 0.9999
    assert folder.open_tokenizer().count_tokens("steam and coal") == 3


def test_a_question_without_a_known_word_finds_nothing_wrong(
    static_model: Path, tmp_path: Path
) -> None:
    from ingest.pipeline import ingest_folder
    from tests.pdfs import write_pdf

    write_pdf(tmp_path / "pdfs" / "a.pdf", [["The valve opens and steam rises."]])
    settings = IngestSettings(embedder=str(static_model))
    with Library.open(tmp_path / "library", settings=settings, create=True) as library:
        ingest_folder(tmp_path / "pdfs", library)
        library.search("")


def test_a_library_of_another_embedder_of_the_same_width_is_refused(
    tiny_bert: Path, bundled: EmbedderFolder, tmp_path: Path
) -> None:
    Library.open(tmp_path, create=True).close()
    assert prepare_embedder(IngestSettings(embedder=str(tiny_bert))).identity.dimension == 384
    with pytest.raises(LibraryError) as caught:
        Library.open(tmp_path, settings=IngestSettings(embedder=str(tiny_bert)))
    for name in (bundled.identity.model, bundled.identity.revision[:8], str(tiny_bert)):
        assert name in str(caught.value)
    Library.open(tmp_path).close()


def test_a_library_of_another_prompt_is_refused_with_both_prompts(tmp_path: Path) -> None:
    Library.open(tmp_path, create=True).close()
    with pytest.raises(LibraryError, match="passage: "):
        Library.open(tmp_path, settings=IngestSettings(document_prompt="passage: "))


def in_the_hubs_cache(model: Path, cache: Path, *, without: str = "") -> None:
    """Lay a model where a download of ``someone/tiny`` would have put it."""
    repository = cache / "models--someone--tiny"
    shutil.copytree(model, repository / "snapshots" / ("0" * 40))
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0" * 40)
    for path in (repository / "snapshots").rglob(without) if without else ():
        path.unlink()


@pytest.mark.slow
def test_a_model_that_was_fetched_before_asks_nobody(
    tiny_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_hubs_cache(tiny_bert, tmp_path)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with ScriptedOpenAI() as hub:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.url)
        found = prepare_embedder(IngestSettings(embedder="someone/tiny"))
        assert hub.requests == []
    assert found.source.is_relative_to(tmp_path)


@pytest.mark.slow
def test_a_model_that_was_fetched_in_part_is_asked_for(
    tiny_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_hubs_cache(tiny_bert, tmp_path, without="*.safetensors")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with ScriptedOpenAI() as hub:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.url)
        with pytest.raises(EmbedderError):
            prepare_embedder(IngestSettings(embedder="someone/tiny"))
        assert hub.requests != []
