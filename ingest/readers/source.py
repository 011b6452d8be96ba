"""One source file -> its pages, by the reader for its kind."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from ingest.readers.content import ReadOrder, SourceContent

# By name, so that what no file needs is never imported.
READERS = {
    ".pdf": "pdf.read_pdf",
    ".docx": "docx.read_docx",
    ".pptx": "pptx.read_pptx",
    ".xlsx": "spreadsheet.read_xlsx",
    ".csv": "spreadsheet.read_csv",
    ".epub": "epub.read_epub",
    ".html": "html.read_html",
    ".htm": "html.read_html",
    ".md": "markdown.read_markdown",
    ".markdown": "markdown.read_markdown",
    ".txt": "plain_text.read_text",
}
ENDINGS = tuple(READERS)
KINDS = "PDF, Word, PowerPoint, Excel, CSV, EPUB, HTML, Markdown or text"


def read_source(path: Path, order: ReadOrder) -> SourceContent:
    """Read one file; its ending says how. Raises UnreadableDocument with the reason."""
    module, function = READERS[path.suffix.lower()].split(".")
    read: Callable[[Path, ReadOrder], SourceContent] = getattr(
        import_module(f"ingest.readers.{module}"), function
    )
    return read(path, order)
