"""What a folder holds that can be measured: documents with cases, labelled responses, attacks."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.cases import Case, CasesError, read_cases

DOCUMENTS = "docs"


@dataclass(frozen=True)
class DocumentSet:
    """A folder with ``docs/`` and files ``cases*.jsonl`` that ask of them."""

    name: str
    documents: Path
    case_files: tuple[Path, ...]

    def cases(self) -> tuple[list[Case], list[Case]]:
        """The answerable cases and the others. Raises CasesError."""
        found = [case for path in self.case_files for case in read_cases(path)]
        return (
            [case for case in found if case.answerable],
            [case for case in found if not case.answerable],
        )


@dataclass(frozen=True)
class Sets:
    """Everything below a folder that is measured."""

    documents: tuple[DocumentSet, ...]
    labelled: tuple[Path, ...]
    attacks: tuple[Path, ...]


def find_sets(folder: Path) -> Sets:
    """Look through a folder.

    Labelled responses are files in a folder ``grounding``, attacks are files ``*attack*.json`` in a
    folder ``injection``. Raises CasesError where there is nothing of all this.
    """
    if not folder.is_dir():
        raise CasesError(f"There is no folder {folder}; name one with labelled sets.")
    documents = tuple(_document_sets(folder))
    labelled = tuple(sorted(folder.glob("**/grounding/*.jsonl")))
    attacks = tuple(sorted(folder.glob("**/injection/*attack*.json")))
    if not (documents or labelled or attacks):
        raise CasesError(
            f"{folder} holds no labelled set: neither a folder with {DOCUMENTS}/ and cases*.jsonl, "
            "nor grounding/*.jsonl, nor injection/*attack*.json."
        )
    return Sets(documents, labelled, attacks)


def _document_sets(folder: Path) -> Iterator[DocumentSet]:
    for documents in sorted(folder.glob(f"**/{DOCUMENTS}")):
        files = tuple(sorted(documents.parent.glob("cases*.jsonl")))
        if documents.is_dir() and files:
            yield DocumentSet(documents.parent.name, documents, files)


def chosen(cases: Sequence[Case], most: int, seed: int) -> list[Case]:
    """As many cases, drawn by a seed; all where there are no more."""
    return list(cases) if len(cases) <= most else random.Random(seed).sample(list(cases), most)  # noqa: S311 - nothing secret


def read_attacks(path: Path) -> list[str]:
    """The instructions in a file of lists by kind (BIPIA; Yi et al., 2023). Raises CasesError."""
    try:
        found = json.loads(path.read_text("utf8"))
        attacks = [text for texts in found.values() for text in texts]
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise CasesError(f"The attacks {path} cannot be read: {error}.") from error
    if not attacks or not all(isinstance(text, str) for text in attacks):
        raise CasesError(f"{path} is to be a JSON object of lists of texts.")
    return attacks
