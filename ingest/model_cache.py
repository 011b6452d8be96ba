"""Where models come from: found, hashed, converted once in a process of its own, and kept.

What is the same for embedders and rerankers; what a kind has of its own stands in its ModelKind.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.errors import CiteboundError
from ingest.settings import cache_folder

MODEL_MARKS = ("modules.json", "config.json")
# It fetches nothing, and its tokenizers' threads would fight the graph's for the cores.
CONVERTING = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
MODEL_FILES = ("*.safetensors", "*.bin", "*.json", "*.txt", "*.model")


@dataclass(frozen=True)
class ModelKind:
    """What a kind of model is called, what converts it, and what its errors are.

    ``version`` goes up when the converter writes something else. The converter is a module that
    takes the model's folder and a new one, and writes into it, among others, ``NAME.json``; empty
    for a kind that is run as it is.
    """

    name: str
    error: type[CiteboundError]
    converter: str = ""
    version: int = 1

    @property
    def description_file(self) -> str:
        """What the converter says of a model; where it is there, the conversion is done."""
        return f"{self.name}.json"

    def cached_folder(self, model: str, revision: str) -> Path:
        """Where a model of this name and hash lies once it is converted."""
        safe_name = model.strip("/").rsplit("/", 1)[-1]
        return cache_folder() / f"{self.name}s" / f"{safe_name}-{revision[:16]}-{self.version}"

    def is_converted(self, model: str, revision: str) -> bool:
        """Whether it is converted already."""
        return (self.cached_folder(model, revision) / self.description_file).exists()


@contextmanager
def usable_cache(kind: ModelKind) -> Iterator[None]:
    """Turn what the disk refuses into one sentence."""
    try:
        yield
    except OSError as error:
        raise kind.error(
            f"The cache folder {cache_folder()} cannot be used ({error}); set CITEBOUND_CACHE to a "
            "folder that can be written."
        ) from error


def find_model(kind: ModelKind, name: str) -> Path:
    """The folder of a model: one of this path, or one from the Hugging Face cache.

    It is fetched if it is not there. Raises the kind's error if it cannot be had.
    """
    if Path(name).is_dir():
        if not any((Path(name) / file).exists() for file in MODEL_MARKS):
            raise kind.error(
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
        raise kind.error(
            f"The {kind.name} {name!r} is neither a folder nor a model that could be fetched; "
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


def content_hash(kind: ModelKind, folder: Path) -> str:
    """sha256 over a model's files; kept in the cache under their paths, sizes and times."""
    files = sorted(path for pattern in MODEL_FILES for path in folder.rglob(pattern))
    stats = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    stamp = hashlib.sha256(repr(stats).encode()).hexdigest()
    known = cache_folder() / f"{kind.name}s" / f"{stamp[:32]}.sha256"
    if known.exists():
        return known.read_text()
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(folder)}\0{sha256_of(path)}\n".encode())
    known.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(known, total.hexdigest())
    return total.hexdigest()


def convert_once(
    kind: ModelKind, source: Path, *, name: str, revision: str, options: Sequence[str] = ()
) -> tuple[Path, dict[str, Any]]:
    """The folder of the converted model and what the converter says of it.

    It is converted, with these options, if it is not there. Raises the kind's error if it fails.
    """
    folder = kind.cached_folder(name, revision)
    if not kind.is_converted(name, revision):
        _convert(kind, source, folder, name=name, options=options)
    description: dict[str, Any] = json.loads((folder / kind.description_file).read_text())
    return folder, description


def _convert(
    kind: ModelKind, source: Path, folder: Path, *, name: str, options: Sequence[str]
) -> None:
    """Convert in a process of its own, beside the final folder, and move it there when whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        output = Path(work) / "model"
        command = [sys.executable, "-m", kind.converter, str(source), str(output), *options]
        environment = {**os.environ, **CONVERTING, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)  # noqa: S603
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise kind.error(f"The {kind.name} {name!r} could not be converted: {reason}")
        try:
            output.rename(folder)
        except OSError:
            if not folder.exists():  # it does where another process was first
                raise


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_whole(path: Path, text: str) -> None:
    """Write a small file so that no reader ever sees half of it."""
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(text)
    part.replace(path)
