"""A model's tokenizer from a Hugging Face file on this machine, to count tokens exactly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.models.model import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FILE = "tokenizer.json"


def named_tokenizer(name: str) -> Tokenizer:
    """The tokenizer of a file, a folder or a model that was downloaded before.

    Raises ModelError where there is none.
    """
    found = find_tokenizer(name)
    if found is None:
        raise ModelError(
            f"There is no tokenizer {name!r} on this machine: give the path of a {FILE}, or of the "
            "folder that it is in, as tokenizer in settings."
        )
    return found


def find_tokenizer(name: str) -> Tokenizer | None:
    """The same, or None where there is none; nothing is fetched."""
    path = _path_of(name)
    if path is None:
        return None
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:
        raise ModelError(f"The tokenizer {path} cannot be read: {error}.") from error
    tokenizer.no_truncation()
    return tokenizer


def _path_of(name: str) -> Path | None:
    given = Path(name).expanduser()
    for path in (given, given / FILE):
        if path.name == FILE and path.is_file():
            return path
    if name.count("/") != 1:
        return None
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        cached = try_to_load_from_cache(name, FILE)
    except HFValidationError:
        return None
    return Path(cached) if isinstance(cached, str) else None
