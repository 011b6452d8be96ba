"""A PDF file, opened by PDFium, with one of some passwords where it is encrypted."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium


def open_pdf(path: Path, passwords: Sequence[str] = ()) -> pdfium.PdfDocument:
    """Open a file. Raises PdfiumError where PDFium cannot, or where no password fits."""
    logging.getLogger("pypdfium2").setLevel(logging.ERROR)  # its warnings name no file
    for password in passwords:
        try:
            return pdfium.PdfDocument(path, password=password)
        except pdfium.PdfiumError:
            continue
    return pdfium.PdfDocument(path)
