"""Searches a library: by meaning, by words, and by what names its documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.catalog import Catalog
from ingest.embedder import Embedder, Vectors
from ingest.errors import LibraryError
from ingest.glossary import other_words
from ingest.letter_pieces import letter_pieces
from ingest.naming import Naming, asked_words, likeness, name_documents
from ingest.records import ChunkRecord
from ingest.search import (
    CANDIDATES,
    Passage,
    any_of,
    dense_share,
    encodable,
    fuse,
    question_terms,
    to_passages,
    within_budget,
    word_strength,
)
from ingest.settings import DEFAULT_EMBEDDER
from ingest.stemming import stem

if TYPE_CHECKING:
    from ingest.vectors import VectorStore

RETRIEVERS = ("dense", "lexical", "fused")
ATTEMPTS = 8  # while a writer keeps removing what was found
TOLD_FROM = 0.8  # of 1: documents that are alike in part are searched so, without a word of it
OPENINGS = 100  # documents that are compared to see whether they are of one mould
NAMED_WEIGHT = 1.5  # of a document that is named, beside the score of its passages
NAMED_SHARE = 0.5  # of the best document's score that another has to have to be looked into
MOST_NAMED = 20  # documents that are looked into


@dataclass(frozen=True)
class _Found:
    """What both stores have found, and whether all of it was there throughout."""

    nearest: dict[str, float]
    matches: dict[str, float]
    records: dict[str, ChunkRecord]
    scores: dict[str, float]
    nothing_went: bool


class Searcher:
    """Searches the stores of one library; safe to use from several threads."""

    def __init__(
        self,
        catalog: Catalog,
        *,
        vectors: Callable[[], VectorStore],
        renew_vectors: Callable[[], None],
        embedder: Callable[[], Embedder],
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._renew_vectors = renew_vectors
        self._embedder = embedder
        self._likeness = (-1, 0.0)  # with the generation that it is of
        self._counts: tuple[int, dict[str, int]] = (-1, {})  # of chunks by stem; the same
        self._loaded = False

    def search(
        self, text: str, *, top: int, documents: Sequence[str] | None, retriever: str
    ) -> list[Passage]:
        """See ``Library.search``."""
        if documents is not None and not documents:
            return []
        text = encodable(text)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                found = self._once(text, max(top, CANDIDATES), documents, retriever)
            except LibraryError:  # a folder of vectors that a writer has just replaced, it may be
                if attempt == ATTEMPTS:
                    raise
                self._renew_vectors()
                continue
            if found.nothing_went:
                break
        return to_passages(found.scores, found.nearest, found.matches, found.records)[:top]

    def naming(self, text: str) -> tuple[Naming | None, float]:
        """Which documents a question names, if any, and how much that counts, 0 to 1."""
        weight = self._alike()
        return (self._naming(text) if weight else None), weight

    def leaves_document_open(self, text: str) -> bool:
        """See ``Library.leaves_document_open``."""
        naming, weight = self.naming(encodable(text))
        return naming is None and weight >= TOLD_FROM

    def _once(
        self, text: str, most: int, documents: Sequence[str] | None, retriever: str
    ) -> _Found:
        whole = self._ask_stores(text, most, documents, retriever)
        if retriever != "fused":
            return whole
        naming, weight = self.naming(text)
        if naming is None:
            return whole
        inside = _looked_into(naming, documents)
        rest = self._ask_stores(naming.rest, most, inside, retriever) if inside else whole
        return _combined(whole, rest, naming, weight)

    def _ask_stores(
        self, text: str, most: int, documents: Sequence[str] | None, retriever: str
    ) -> _Found:
        """Ask both stores; what the catalog says is of one moment.

        Vectors go after their document, so a document that is there before the vectors are asked
        and still there when the catalog is has all of them among those asked.
        """
        vector = None if retriever == "lexical" else self._embed(text)
        expression = "" if retriever == "dense" else any_of(self._terms(text, retriever))
        pieces = "" if retriever == "dense" else any_of(letter_pieces(text))
        before = self._catalog.state().departures
        nearest: dict[str, float] = {}
        matches: dict[str, float] = {}
        if vector is not None:
            nearest = dict(self._vectors().nearest(vector, top=most, documents=documents))
        with self._catalog.snapshot():
            after = self._catalog.state().departures
            if expression or pieces:
                matches = dict(
                    self._catalog.match(expression, pieces, top=most, documents=documents)
                )
            records = self._catalog.chunks([*nearest, *matches])
        share = self._share(text, nearest, matches) if retriever == "fused" else 0.5
        scores = fuse(nearest, matches, share)
        return _Found(nearest, matches, records, scores, nothing_went=before == after)

    def _terms(self, text: str, retriever: str) -> list[str]:
        """The words that are looked for, the rarest."""
        words = question_terms(text)
        if retriever == "fused":
            words = list(dict.fromkeys([*words, *other_words(text)]))
        stems = {word: stem(word) for word in words}
        generation = self._catalog.generation()
        if self._counts[0] != generation:
            self._counts = (generation, {})
        known = self._counts[1]
        if new := sorted(set(stems.values()) - known.keys()):
            known.update(dict.fromkeys(new, 0) | self._catalog.chunks_with(new))
        return within_budget({word: known[stems[word]] for word in words})

    def _embed(self, text: str) -> Vectors:
        """A question's vector; the first time, Chroma loads while the embedder is compiled."""
        if not self._loaded:
            with ThreadPoolExecutor(max_workers=1) as loader:
                loading = loader.submit(self._vectors)
                self._embedder()
                loading.result()
            self._loaded = True
        return self._embedder().embed_query(text)

    def _share(
        self, text: str, nearest: Mapping[str, float], matches: Mapping[str, float]
    ) -> float:
        embedder = self._embedder()
        words = re.findall(r"\w+", text)
        strength = word_strength(
            max(matches.values(), default=0.0),
            len(question_terms(text)),
            self._catalog.totals()[2],
        )
        pieces = len(embedder.tokenizer.token_spans(" ".join(words))) / max(1, len(words))
        return dense_share(
            max(nearest.values(), default=0.0),
            strength,
            pieces,
            is_default=embedder.identity.model == DEFAULT_EMBEDDER,
        )

    def _alike(self) -> float:
        """How much the documents are of one mould, 0 to 1; only then are names listened to."""
        generation = self._catalog.generation()
        if self._likeness[0] != generation:
            self._likeness = (generation, likeness(self._catalog.openings(OPENINGS)))
        return self._likeness[1]

    def _naming(self, question: str) -> Naming | None:
        named = self._catalog.named_by(sorted(asked_words(question)))
        return name_documents(question, named, self._catalog.totals()[0])


def _looked_into(naming: Naming, documents: Sequence[str] | None) -> list[str]:
    """The documents that a question names best, among those that are asked."""
    asked = None if documents is None else set(documents)
    ordered = sorted(naming.scores, key=lambda key: -naming.scores[key])
    wanted = [key for key in ordered if asked is None or key in asked]
    return [key for key in wanted if naming.scores[key] >= NAMED_SHARE][:MOST_NAMED]


def _combined(whole: _Found, rest: _Found, naming: Naming, weight: float) -> _Found:
    """Both searches and the names as one; ``weight`` is how much the names count, 0 to 1."""
    records = {**rest.records, **whole.records}
    scores = {
        key: (
            (1 - weight / 2) * whole.scores.get(key, 0.0)
            + weight / 2 * rest.scores.get(key, 0.0)
            + weight * NAMED_WEIGHT * naming.weight_of(record.document_id)
        )
        / (1 + weight * NAMED_WEIGHT)
        for key, record in records.items()
    }
    return _Found(
        nearest=_joined(whole.nearest, rest.nearest),
        matches=_joined(whole.matches, rest.matches),
        records=records,
        scores=scores,
        nothing_went=whole.nothing_went and rest.nothing_went,
    )


def _joined(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
    """What either has, best first."""
    both = {**second, **first}
    return dict(sorted(both.items(), key=lambda item: -item[1]))
