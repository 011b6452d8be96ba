"""The cross-encoder that settings name, ready to run; anything else is refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ingest.errors import RerankerError
from ingest.model_cache import ModelKind, content_hash, convert_once, find_model, usable_cache
from ingest.reranker import RerankerFolder
from ingest.settings import DEFAULT_EMBEDDER

RERANKER = ModelKind("reranker", RerankerError, "ingest.convert_reranker", version=1)
LIBRARY_CONFIG = "config_sentence_transformers.json"
UNSTATED_LABELS = 2  # of a classifier whose config.json names none


def prepare_reranker(name: str) -> RerankerFolder:
    """Find the model of this name or folder, convert it if that was not done yet, describe it.

    Raises RerankerError if it cannot be found, is no cross-encoder that gives one score, or the
    cache cannot be written.
    """
    with usable_cache(RERANKER):
        source = _find(name)
        revision = content_hash(RERANKER, source)
        folder, description = convert_once(RERANKER, source, name=name, revision=revision)
        description["inputs"] = tuple(description["inputs"])
        return RerankerFolder(path=folder, source=source, **description)


def is_prepared(name: str) -> bool:
    """Whether the model is converted already, so that the first search takes no minute."""
    with usable_cache(RERANKER):
        return RERANKER.is_converted(name, content_hash(RERANKER, _find(name)))


def _find(name: str) -> Path:
    """The folder of a model that is a cross-encoder."""
    if name == DEFAULT_EMBEDDER:
        raise _no_cross_encoder(name, "is an embedder")
    source = find_model(RERANKER, name)
    _check_kind(name, source)
    return source


def _check_kind(name: str, source: Path) -> None:
    """Refuse what sentence-transformers would turn into a cross-encoder that scores at random."""
    if (source / "modules.json").exists():
        if _read(source / LIBRARY_CONFIG).get("model_type") != "CrossEncoder":
            raise _no_cross_encoder(name, "is an embedder")
    elif not _is_classifier(source):
        raise _no_cross_encoder(name, "is no cross-encoder")
    labels = len(_read(source / "config.json").get("id2label") or range(UNSTATED_LABELS))
    if _is_classifier(source) and labels != 1:
        raise _no_cross_encoder(
            name, f"tells {labels} labels apart, and a reranker gives one score"
        )


def _is_classifier(source: Path) -> bool:
    architectures = _read(source / "config.json").get("architectures") or [""]
    return str(architectures[0]).endswith("ForSequenceClassification")


def _read(path: Path) -> dict[str, Any]:
    """A model's small file of facts; empty where there is none or it is not one."""
    try:
        found = json.loads(path.read_text(encoding="utf8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _no_cross_encoder(name: str, what: str) -> RerankerError:
    return RerankerError(
        f"The reranker {name!r} {what}; set reranker to a cross-encoder for search, such as "
        "cross-encoder/ms-marco-MiniLM-L6-v2, or to nothing."
    )
