"""What is painted on a PDF page: its text, paths, images and forms, and where they stand.

By PDFium's own calls, for a page may have thousands of objects and pypdfium2 wraps each.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from ingest.readers.pdf_lines import Box

IMAGES_AND_FORMS = (pdfium_raw.FPDF_PAGEOBJ_IMAGE, pdfium_raw.FPDF_PAGEOBJ_FORM)


def page_objects(page: pdfium.PdfPage) -> Iterator[tuple[int, object]]:
    """The kind and handle of each object of a page, the lowest first; forms are not opened."""
    handle = page.raw
    for index in range(pdfium_raw.FPDFPage_CountObjects(handle)):
        thing = pdfium_raw.FPDFPage_GetObject(handle, index)
        yield pdfium_raw.FPDFPageObj_GetType(thing), thing


def object_box(thing: object) -> Box:
    """Where an object stands."""
    edges = [ctypes.c_float() for _ in range(4)]
    pdfium_raw.FPDFPageObj_GetBounds(thing, *edges)
    return Box(*(edge.value for edge in edges))
