"""Documents -> nothing: no text, no vector, no copy of a file is left in the library's folder.

Removing alone does not do that: SQLite and Chroma keep the bytes of what was removed until they
happen to be written over. So both are written anew, and a search through all files proves it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy

from ingest.embedder import Vectors
from ingest.library import Library
from ingest.records import DocumentRecord
from ingest.repair import finish_forgetting
from ingest.sentences import split_sentences

TEXT_TRACES = 80  # pieces of text that are looked for, spread over the documents
VECTOR_TRACES = 80  # pieces of vectors that are looked for
SHORTEST_PIECE, LONGEST_PIECE = 20, 60  # characters of a piece of text
FLOATS = 2  # numbers of a vector that make a piece; Chroma rounds some when it normalises
PIECES = 8  # of a vector
MARK = re.compile(r"\s*\[\d+(?:, \d+)*\]")  # as the answers of exemplars have them
BLOCK = 1 << 26  # bytes of a file that are searched at once

Item = TypeVar("Item")


@dataclass(frozen=True)
class Forgotten:
    """How many places in the library's files held a trace of the documents, before and after."""

    places_before: int
    places_after: int


def forget(library: Library, documents: Sequence[DocumentRecord]) -> Forgotten:
    """Remove documents so that nothing of them is left, and look whether that holds.

    Cut short at any moment, it is finished by the next writer. Needs ``writing``.
    """
    keys = {document.id for document in documents}
    pieces = _own_pieces(library, keys)
    text_traces = [piece.encode() for piece in _spread(pieces, TEXT_TRACES)]
    traces = [*text_traces, *_vector_traces(library, keys)]
    before = _count_places(library.folder, traces, documents)
    told = _Told(library, keys, pieces)
    library.catalog.begin_forgetting(
        sorted(keys),
        exemplars=_repeating_exemplars(library, told),
        exchanges=_repeating_exchanges(library, told),
        titles=[id for id, title in library.catalog.given_titles().items() if told.by(title)],
    )
    finish_forgetting(library)
    return Forgotten(before, _count_places(library.folder, traces, documents))


def _own_pieces(library: Library, keys: set[str]) -> list[str]:
    """Pieces of the documents' text that stand in no other document."""
    pieces = {piece for key in sorted(keys) for piece in _pieces(library, key)}
    for document in library.documents():
        if document.id not in keys:
            text = "\f".join([document.title, *_texts(library, document.id)])
            pieces = {piece for piece in pieces if piece not in text}
    return sorted(pieces)


class _Told:
    """Tells whether a text says what these documents say."""

    def __init__(self, library: Library, keys: set[str], pieces: Sequence[str]) -> None:
        texts = " ".join(part for key in keys for part in _texts(library, key))
        self._text = " ".join(texts.split())
        self._pieces = pieces

    def by(self, said: str, *, cited: str = "") -> bool:
        """Whether a text has a sentence or a piece of them.

        A sentence that it cites from a document that stays may stay too.
        """
        sentences = [one for one in split_sentences(said) if len(one) >= SHORTEST_PIECE]
        repeated = (one for one in sentences if one in self._text and one not in cited)
        return any(repeated) or any(piece in said for piece in self._pieces)


def _repeating_exemplars(library: Library, told: _Told) -> list[str]:
    """The exemplars that say the same as these documents in question or answer.

    Those that cite the documents go anyway. Others may say the same by way of another document, or
    in a question that leaned on an answer before it.
    """
    found = []
    for exemplar in library.catalog.exemplars():
        said = f"{exemplar.question}\n{MARK.sub('', exemplar.answer)}"
        cited = " ".join(" ".join(passage.text for passage in exemplar.passages).split())
        if told.by(said, cited=cited):
            found.append(exemplar.id)
    return found


def _repeating_exchanges(library: Library, told: _Told) -> list[str]:
    """The exchanges that say the same as these documents, in whatever was asked, kept or said."""
    found = []
    for exchange in library.catalog.all_exchanges():
        opinion = exchange.opinion
        remarks = f"{opinion.reason}\n{opinion.correction}" if opinion else ""
        said = f"{exchange.question}\n{MARK.sub('', exchange.text)}\n{remarks}"
        if told.by(said) or told.by(exchange.answer):
            found.append(exchange.id)
    return found


def _texts(library: Library, key: str) -> Iterator[str]:
    """All text that is stored of a document, page by page."""
    for page in library.catalog.pages(key):
        yield page.text
        yield from (part.text for part in page.left_out)


def _pieces(library: Library, key: str) -> list[str]:
    lines = [line.strip() for text in _texts(library, key) for line in text.splitlines()]
    long_enough = [line[:LONGEST_PIECE] for line in lines if len(line) >= SHORTEST_PIECE]
    return _spread(long_enough or [line for line in lines if line], 4 * TEXT_TRACES)


def _vector_traces(library: Library, keys: set[str]) -> list[bytes]:
    """Pieces of the documents' vectors that are in no vector of another document."""
    own: set[bytes] = set()
    others: set[bytes] = set()
    for part in library.current_vectors().everything():
        for document, vector in zip(part.documents, part.vectors, strict=True):
            (own if document in keys else others).update(_vector_pieces(vector))
    return _spread(sorted(own - others), VECTOR_TRACES)


def _vector_pieces(vector: Vectors) -> list[bytes]:
    """The bytes of some neighbouring numbers, as all stores keep them."""
    numbers = numpy.ascontiguousarray(vector, dtype="<f4")
    starts = range(0, len(numbers) - FLOATS + 1, max(1, len(numbers) // PIECES))
    pieces = [numbers[start : start + FLOATS] for start in starts]
    return [piece.tobytes() for piece in pieces if piece.all()]


def _count_places(
    folder: Path, traces: Sequence[bytes], documents: Sequence[DocumentRecord]
) -> int:
    found = 0
    for path in folder.rglob("*"):
        if path.is_file():
            found += sum(block.count(trace) for block in _blocks(path) for trace in traces)
            found += _is_copy(path, documents)
    return found


def _blocks(path: Path) -> Iterator[bytes]:
    """A file in parts that overlap by more than the longest trace."""
    overlap = b""
    with path.open("rb") as opened:
        while block := opened.read(BLOCK):
            yield overlap + block
            overlap = block[-8 * LONGEST_PIECE :]


def _is_copy(path: Path, documents: Sequence[DocumentRecord]) -> bool:
    size = path.stat().st_size
    keys = {document.id for document in documents if document.bytes == size}
    return bool(keys) and hashlib.sha256(path.read_bytes()).hexdigest() in keys


def _spread(items: Sequence[Item], count: int) -> list[Item]:
    """At most ``count`` of the items, evenly spread."""
    step = max(1.0, len(items) / count)
    return [items[int(number * step)] for number in range(min(count, len(items)))]
