"""What a page is called: files that are not printed have slides, sheets, chapters or sections."""

from __future__ import annotations

import re

OTHER_THAN_PAGES = re.compile(r"(?:§|slide|sheet|chapter) \S")  # labels that readers give


def page_name(number: int, label: str) -> str:
    """``page 3``, or the page's label where that says what the part is."""
    return label if OTHER_THAN_PAGES.match(label) else f"page {number}"
