"""Calls of PDFium that are made for each letter or object of a page, with handles as numbers.

pypdfium2 has the same calls with handles as pointers: ctypes makes an object of each and checks
it, which takes longer than what PDFium does.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import c_int, c_void_p

import pypdfium2.raw as pdfium_raw

Number = type[c_int] | type[c_void_p]


def as_number(handle: object) -> int:
    """The number of a handle, or of a function, of pypdfium2's."""
    return ctypes.cast(handle, c_void_p).value or 0  # type: ignore[arg-type]


def as_object(number: int) -> object:
    """A page's object by its number, for pypdfium2."""
    return ctypes.cast(number, pdfium_raw.FPDF_PAGEOBJECT)


def _with_numbers(call: object, result: Number, *arguments: Number) -> Callable[..., int]:
    return ctypes.CFUNCTYPE(result, *arguments)(as_number(call))


page_object = _with_numbers(pdfium_raw.FPDFPage_GetObject, c_void_p, c_void_p, c_int)
object_type = _with_numbers(pdfium_raw.FPDFPageObj_GetType, c_int, c_void_p)
object_bounds = _with_numbers(pdfium_raw.FPDFPageObj_GetBounds, c_int, *[c_void_p] * 5)
fill_colour = _with_numbers(pdfium_raw.FPDFPageObj_GetFillColor, c_int, *[c_void_p] * 5)
text_object = _with_numbers(pdfium_raw.FPDFText_GetTextObject, c_void_p, c_void_p, c_int)
render_mode = _with_numbers(pdfium_raw.FPDFTextObj_GetTextRenderMode, c_int, c_void_p)
letter_box = _with_numbers(pdfium_raw.FPDFText_GetLooseCharBox, c_int, c_void_p, c_int, c_void_p)
