"""What an agent can do: search the library, read a page, list documents, calculate.

Nothing else: no tool writes, runs code or sends anything anywhere.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence

from langchain_core.tools import BaseTool, StructuredTool

from app.calculator import CalculationError, calculate
from app.compose import passage_block, quoted
from app.instructions import find_instructions
from ingest.errors import CiteboundError
from ingest.library import Library
from ingest.records import DocumentRecord
from ingest.search import Passage

PASSAGES_A_SEARCH = 4
DOCUMENTS_LISTED = 50


class Toolbox:
    """The tools of one answer; ``passages`` are all that they have shown, numbered from 1."""

    def __init__(self, library: Library, documents: tuple[str, ...] | None) -> None:
        self._library = library
        self._documents = documents
        self.passages: list[Passage] = []
        self.flagged: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()  # a model may call several tools at once

    def tools(self) -> list[BaseTool]:
        """The tools as LangChain's; what they say of themselves is for the model."""
        functions: Sequence[Callable[..., str]] = (
            self.search_library,
            self.read_page,
            self.list_documents,
            self.calculate,
        )
        return [StructuredTool.from_function(function) for function in functions]

    def search_library(self, query: str) -> str:
        """Find the passages of the documents that say most about a question or some words."""
        found = self._library.search(query, top=PASSAGES_A_SEARCH, documents=self._documents)
        return self._show(found) or "Nothing was found."

    def read_page(self, document: str, page: int) -> str:
        """Read one page of a document, by the document's name and the page's number from 1."""
        record = self._find(document)
        if record is None:
            return f"No document {document!r} is among those that are asked; list them."
        passages = self._library.read_document(record.id)
        on_page = [passage for passage in passages if passage.page <= page <= passage.last_page]
        return self._show(on_page) or f"{document!r} has no text on page {page} of {record.pages}."

    def _find(self, document: str) -> DocumentRecord | None:
        """What the model means. Why there is none is not told it: names are text of documents."""
        try:
            record = self._library.find_document(document)
        except (CiteboundError, ValueError):  # the latter of a name that no file can have
            return None
        return record if self._documents is None or record.id in self._documents else None

    def list_documents(self, containing: str = "") -> str:
        """List the documents, or those whose name or title contains some words."""
        records = [
            record
            for record in self._library.documents()
            if (self._documents is None or record.id in self._documents)
            and containing.lower() in f"{record.name}\n{record.title}".lower()
        ]
        lines = [_line(record) for record in records[:DOCUMENTS_LISTED]]
        if more := len(records) - len(lines):
            lines.append(f"and {more} more; name some words of those that you look for")
        return quoted(lines, secrets.token_hex(4)) if lines else "There is none."

    def calculate(self, expression: str) -> str:
        """Do arithmetic: + - * / ^ ( ), percent, and thousand, million, billion."""
        try:
            return str(calculate(expression))
        except CalculationError as error:
            return str(error)

    def _show(self, passages: Sequence[Passage]) -> str:
        """Passages with their numbers; those that were shown before by number only."""
        with self._lock:
            return self._numbered(passages)

    def _numbered(self, passages: Sequence[Passage]) -> str:
        numbers = {passage.id: number for number, passage in enumerate(self.passages, 1)}
        again = [numbers[passage.id] for passage in passages if passage.id in numbers]
        new = [passage for passage in passages if passage.id not in numbers]
        blocks, suspicious = [], []
        for number, passage in enumerate(new, len(self.passages) + 1):
            blocks.append(passage_block(number, passage))
            if sentences := find_instructions(f"{passage.title}\n{passage.text}"):
                self.flagged[passage.id] = tuple(sentences)
                suspicious.append(number)
        self.passages += new
        parts = [quoted(blocks, secrets.token_hex(4), suspicious)] if blocks else []
        if again:
            parts.append(f"Also found, and shown above: {', '.join(map(str, again))}.")
        return "\n\n".join(parts)


def _line(record: DocumentRecord) -> str:
    pages = "1 page" if record.pages == 1 else f"{record.pages} pages"
    return f"{record.name} ({record.title}, {pages})"
