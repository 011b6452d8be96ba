"""What a reader gives back of a source file: pages with their text, and how it was had."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Method = Literal["text layer", "OCR", "text layer and OCR", "none"]

HIDDEN = "hidden text"
REPEATED = "repeated header or footer"

EMPTY = "the file is empty"
NO_TEXT = "it holds no text"
TOO_LARGE = "it is too large"


@dataclass(frozen=True)
class Rectangle:
    """A part of a page in PDF points, origin at the lower left of the page."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class LeftOut:
    """Text that stands on a page and was kept out of its chunks, and why."""

    reason: str
    text: str


@dataclass(frozen=True)
class Place:
    """Where a part of a page's text stands; ``start`` and ``end`` count its characters."""

    start: int
    end: int
    rectangle: Rectangle


@dataclass(frozen=True)
class Page:
    """The text of one page; ``number`` is 1-based, ``label`` is what is printed on it.

    ``places`` are known only where the file itself cannot tell them again: for text from OCR.
    """

    number: int
    label: str
    text: str
    method: Method = "text layer"
    left_out: tuple[LeftOut, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Heading:
    """One heading, of the outline or as set: ``level`` 0 is the top, ``page`` is 1-based."""

    level: int
    title: str
    page: int


@dataclass(frozen=True)
class SourceContent:
    """All that was read of one file; ``reader`` is what read it."""

    title: str
    pages: tuple[Page, ...]
    outline: tuple[Heading, ...]
    reader: str


OUTSIDE_PAGES = 0  # what ``ReadOrder.on_page`` is told before the first page and after the last


def ignore_page(_number: int) -> None:
    """What ``ReadOrder.on_page`` does where nobody watches."""


@dataclass(frozen=True)
class ReadOrder:
    """How a file is to be read; ``ocr`` is whether text in pictures is read too.

    ``name`` is the file's name as users know it. ``passwords`` are tried in turn on an encrypted
    file. ``skipped`` are pages (from 1) that cost an earlier attempt its process, with the reason;
    ``on_page`` is told of each page before it is read, and of OUTSIDE_PAGES after the last.
    """

    name: str
    passwords: tuple[str, ...] = field(default=(), repr=False)
    ocr: bool = True
    skipped: Mapping[int, str] = field(default_factory=dict)
    on_page: Callable[[int], None] = ignore_page
