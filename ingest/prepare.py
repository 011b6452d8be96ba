"""One source file -> the document with its chunks and ledger: what a worker process does.

A pure function of the file and the tokenizer; a hostile file costs its worker, never the run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.chunk import Chunk, cut_chunks
from ingest.embedder import EmbedderFolder, EmbedderTokenizer
from ingest.errors import UnreadableDocument
from ingest.readers.content import OUTSIDE_PAGES, Page, ReadOrder, SourceContent, ignore_page
from ingest.readers.source import read_source
from ingest.records import LedgerLine, NewDocument, SourceFile

NOTHING_TO_EMBED = "it holds no text that the embedding model reads"


@dataclass(frozen=True)
class PrepareOrder:
    """What a worker is asked: which file, under which hash, cut for which embedder."""

    file: SourceFile
    document_id: str
    embedder: EmbedderFolder
    chunk_tokens: int
    passwords: tuple[str, ...] = field(default=(), repr=False)
    ocr: bool = True
    skipped: Mapping[int, str] = field(default_factory=dict)  # pages that are not to be read, why


def prepare_document(
    order: PrepareOrder, on_page: Callable[[int], None] = ignore_page
) -> NewDocument:
    """Read and cut one file. Raises UnreadableDocument with the reason.

    A text may hold nothing but characters that the embedder's tokenizer passes over.
    """
    reading = ReadOrder(
        order.file.name,
        passwords=order.passwords,
        ocr=order.ocr,
        skipped=order.skipped,
        on_page=on_page,
    )
    content = read_source(order.file.path, reading)
    on_page(OUTSIDE_PAGES)
    document = cut_document(content, order)
    if not document.chunks:
        raise UnreadableDocument(NOTHING_TO_EMBED)
    return document


def cut_document(content: SourceContent, order: PrepareOrder) -> NewDocument:
    """What was read of a file as the document that goes into the library."""
    chunks = cut_chunks(
        content,
        document_id=order.document_id,
        tokenizer=_tokenizer(order.embedder),
        target_tokens=order.chunk_tokens,
    )
    return NewDocument(
        id=order.document_id,
        title=content.title,
        reader=content.reader,
        file=order.file,
        pages=content.pages,
        chunks=tuple(chunks),
        ledger=_ledger(content.pages, chunks),
    )


@lru_cache(maxsize=1)
def _tokenizer(embedder: EmbedderFolder) -> EmbedderTokenizer:
    return embedder.open_tokenizer()


def _ledger(pages: tuple[Page, ...], chunks: list[Chunk]) -> tuple[LedgerLine, ...]:
    """A line for every page: how its text was had and what became of it."""
    counts = Counter(chunk.first_page for chunk in chunks)
    tokens: Counter[int] = Counter()
    for chunk in chunks:
        tokens[chunk.first_page] += chunk.tokens
    return tuple(
        LedgerLine(
            page=page.number,
            method=page.method,
            characters=len("".join(page.text.split())),
            chunks=counts[page.number],
            tokens=tokens[page.number],
            left_out=page.left_out,
        )
        for page in pages
    )
