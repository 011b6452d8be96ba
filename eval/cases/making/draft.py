"""A question on its way to a case."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Draft:
    """A question with its answers, and where they stand.

    ``places`` are names of documents and pages from 1. ``about`` is the proper name that the
    question is about, as it stands in it, empty where there is none; ``is_general`` says that the
    question could be asked of any document, so that it has to name its own. ``source`` is the text
    that it was made from, ``made`` what else is to be told of how.
    """

    kind: str
    question: str
    answers: tuple[str, ...]
    places: tuple[tuple[str, int], ...]
    source: str
    about: str = ""
    is_general: bool = False
    made: tuple[tuple[str, str], ...] = ()


def in_document(question: str, title: str) -> str:
    """A question that names the document that it is asked of."""
    return f"According to “{title}”, {question[0].lower()}{question[1:]}"
