"""What a process that was killed left behind -> gone: done by the next writer, before it writes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.catalog.catalog import SCRUBBING

if TYPE_CHECKING:
    from ingest.library import Library

VECTORS_FOLDERS = re.compile(r"vectors(?:-(\d+))?")
STAGING_FOLDER = "rebuild"  # where a library is made anew


def repair(library: Library) -> None:
    """Make both stores agree, remove what nothing refers to, finish a forget that was cut short.

    Needs the writer's lock.
    """
    if library.catalog.fact(SCRUBBING):
        finish_forgetting(library)
        return
    for document in library.catalog.unsettled():
        if not library.catalog.holds(document):
            library.current_vectors().remove(document)
        library.catalog.settle(document)
    remove_strays(library)


def new_vectors_name(folder: Path) -> str:
    """A name for another folder of vectors in a library's folder, that none has had before.

    The folder in use is always there, and its number is the highest that was ever in use.
    """
    found = [VECTORS_FOLDERS.fullmatch(path.name) for path in folder.iterdir()]
    return f"vectors-{1 + max((int(match[1] or 0) for match in found if match), default=0)}"


def finish_forgetting(library: Library) -> None:
    """Leave no trace of what the catalog does not hold: vectors, copies of files, freed pages."""
    library.renew_vectors()
    remove_strays(library)
    library.catalog.scrub()
    library.catalog.set_fact(SCRUBBING, None)


def remove_strays(library: Library) -> None:
    """Remove folders of vectors that are not in use, a rebuild cut short, copies of no document."""
    shutil.rmtree(library.folder / STAGING_FOLDER, ignore_errors=True)
    in_use = library.catalog.state().vectors
    for folder in library.folder.iterdir():
        if VECTORS_FOLDERS.fullmatch(folder.name) and folder.name != in_use:
            shutil.rmtree(folder, ignore_errors=True)
    for copy in library.sources_folder.glob("*"):
        if not library.catalog.holds(copy.stem):  # each is named by its document
            copy.unlink()
