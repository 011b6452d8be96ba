"""What is painted on a PDF page: its text, paths, images and forms, and where they stand.

By PDFium's own calls, for a page may have thousands of objects and pypdfium2 wraps each.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from ingest.readers import pdf_calls
from ingest.readers.pdf_lines import Box

IMAGES_AND_FORMS = (pdfium_raw.FPDF_PAGEOBJ_IMAGE, pdfium_raw.FPDF_PAGEOBJ_FORM)


def page_objects(page: pdfium.PdfPage) -> Iterator[tuple[int, int]]:
    """The kind and number of each object of a page, the lowest first; forms are not opened."""
    handle = pdf_calls.as_number(page.raw)
    for index in range(pdfium_raw.FPDFPage_CountObjects(page.raw)):
        thing = pdf_calls.page_object(handle, index)
        yield pdf_calls.object_type(thing), thing


def object_boxes(things: list[int]) -> Iterator[Box]:
    """Where each of a page's objects stands."""
    edges = (ctypes.c_float * 4)()
    first = ctypes.addressof(edges)
    places = [first + at for at in range(0, 16, 4)]
    for thing in things:
        pdf_calls.object_bounds(thing, *places)
        yield Box(*edges)
