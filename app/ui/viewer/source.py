"""The file that holds a document, as long as it is the one that was ingested."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium
import streamlit as st

from ingest.errors import CiteboundError, UnreadableDocument
from ingest.library import Library
from ingest.passwords import FILE_VARIABLE, environment_passwords

FINGERPRINTS_KEPT = 1000

_one_at_a_time = threading.Lock()  # PDFium is not made for threads


class NoSourceError(CiteboundError):
    """A document whose file is not there as it was ingested; says why."""


class NoPictureError(CiteboundError):
    """A page that cannot be shown as a picture; says why."""


def unchanged_copy(library: Library, document_id: str) -> Path:
    """A file that holds the document as it was ingested. Raises NoSourceError."""
    paths = library.source_paths(document_id)
    if not paths:
        raise NoSourceError("The document is no longer in the library.")
    problem = NoSourceError(
        f"The file is no longer at {paths[0]}. Ingest its new folder to have it back."
    )
    for path in (path for path in paths if path.is_file()):
        try:
            status = path.stat()
            if _fingerprint(path, status.st_mtime_ns, status.st_size) == document_id:
                return path
            problem = NoSourceError(f"The file {path} has changed since it was ingested.")
        except OSError as error:
            problem = NoSourceError(f"The file {path} cannot be read ({error.strerror}).")
    raise problem


def source_bytes(library: Library, document_id: str) -> bytes:
    """The document's file. Raises NoSourceError where no copy is as it was ingested."""
    path = unchanged_copy(library, document_id)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != document_id:
        raise NoSourceError(f"The file {path} has changed since it was ingested.")
    return content


def has_pictures(library: Library, document_id: str) -> bool:
    """Whether a document is of the kind whose pages can be drawn."""
    return any(path.suffix.lower() == ".pdf" for path in library.source_paths(document_id))


def pdf_to_draw(library: Library, document_id: str) -> Path:
    """A file whose pages can be drawn. Raises NoPictureError."""
    try:
        return unchanged_copy(library, document_id)
    except NoSourceError as error:
        reason = str(error)
        raise NoPictureError(f"There is no picture: {reason[0].lower()}{reason[1:]}") from error


@contextmanager
def drawing(path: Path) -> Iterator[tuple[str, ...]]:
    """PDFium's turn at ``path``, with the passwords for it. Raises NoPictureError."""
    try:
        with _one_at_a_time:
            yield environment_passwords()
    except (OSError, pdfium.PdfiumError, UnreadableDocument) as error:
        if "password" in str(error):
            raise NoPictureError(
                f"There is no picture: {path} is encrypted and its password is not kept; start "
                f"the page with {FILE_VARIABLE} naming a file that holds it."
            ) from error
        raise NoPictureError(f"There is no picture: {path} cannot be drawn ({error}).") from error


@st.cache_data(show_spinner=False, max_entries=FINGERPRINTS_KEPT)
def _fingerprint(
    path: Path,
    modified: int,  # noqa: ARG001 - part of the cache's key
    size: int,  # noqa: ARG001 - part of the cache's key
) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
