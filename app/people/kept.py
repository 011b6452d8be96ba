"""What is kept in somebody's name: whoever is called so next would have it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.people.sharing import shared_with, unshare
from ingest.catalog import Catalog
from ingest.errors import CiteboundError
from ingest.settings import IngestSettings, data_folder, library_folder, load_settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """What one library keeps of somebody: whether it is shared with them, their conversations."""

    folder: Path
    shared: bool
    conversations: int


def kept_of(name: str) -> list[Kept]:
    """What the libraries that go by a name, and that of settings, keep of somebody."""
    return [kept for folder in _folders() if (kept := _kept_in(folder, name))]


def forget(name: str, kept: Kept) -> None:
    """Delete somebody's conversations with a library, and share it with them no more.

    Raises CiteboundError.
    """
    if kept.shared:
        unshare(kept.folder, [name])
    catalog = Catalog(kept.folder)
    try:
        for one in catalog.conversations(name):
            catalog.remove_conversation(one.id)
    finally:
        catalog.close()


def _folders() -> Iterator[Path]:
    own = library_folder(load_settings(IngestSettings).library)
    named = sorted(path.parent for path in (data_folder() / "libraries").glob("*/catalog.sqlite"))
    yield from dict.fromkeys([*([own] if own.exists() else []), *named])


def _kept_in(folder: Path, name: str) -> Kept | None:
    """None for nothing; a library that cannot be read keeps nobody else from signing in."""
    try:
        shared = name in shared_with(folder)
        catalog = Catalog(folder)
        try:
            conversations = len(catalog.conversations(name))
        finally:
            catalog.close()
    except CiteboundError as error:
        logger.warning("it is not known what is kept of %s there: %s", name, error)
        return None
    return Kept(folder, shared, conversations) if shared or conversations else None
