"""A question -> the exemplars, those with the most similar question first.

The catalog keeps each question's vector with the embedder that has made it. After a rebuild with
another embedder the old ones are of no use, and are made anew when they are first needed.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy

from ingest.records import ExemplarRecord

if TYPE_CHECKING:
    from ingest.embedder import Vectors
    from ingest.library import Library


def rank_exemplars(question: str, library: Library) -> list[ExemplarRecord]:
    """All exemplars of a library by the cosine between their question and this one."""
    exemplars = library.catalog.exemplars()
    if not exemplars:
        return []
    vectors = _question_vectors(exemplars, library)
    asked = library.embedder.embed_query(question.encode(errors="replace").decode())
    rows = numpy.array([vectors[exemplar.id] for exemplar in exemplars])
    lengths = numpy.linalg.norm(rows, axis=1)
    similarities = rows @ asked / numpy.maximum(lengths, numpy.finfo(numpy.float32).tiny)
    return [exemplars[place] for place in numpy.argsort(-similarities, kind="stable")]


def _question_vectors(exemplars: list[ExemplarRecord], library: Library) -> dict[str, Vectors]:
    """The vector [dimension] of each exemplar's question, by the embedder of now."""
    embedder = json.dumps(asdict(library.embedder.identity))
    stored = library.catalog.question_vectors(embedder)
    vectors = {id: numpy.frombuffer(vector, "<f4") for id, vector in stored.items()}
    for exemplar in exemplars:
        if exemplar.id not in vectors:
            vector = library.embedder.embed_query(exemplar.question).astype("<f4")
            library.catalog.set_question_vector(exemplar.id, embedder, vector.tobytes())
            vectors[exemplar.id] = vector
    return vectors
