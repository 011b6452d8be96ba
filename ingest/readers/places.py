"""Where a quote stands on a page whose text came from OCR, which the file cannot tell again."""

from __future__ import annotations

import re

from ingest.readers.content import Page, Rectangle


def read_places(page: Page, quote: str) -> list[Rectangle]:
    """The lines of ``page`` that ``quote`` is a part of; none where OCR did not read it."""
    words = r"\s+".join(re.escape(word) for word in quote.split())
    match = re.search(words, page.text) if words else None
    if match is None:
        return []
    return [
        place.rectangle
        for place in page.places
        if place.start < match.end() and match.start() < place.end
    ]
