"""The items of a list that a model wrote, one a line."""

from __future__ import annotations

import re

SIGN = re.compile(r"^\s*(?:[-*•]|\(?\d{1,2}[.):])\s+")
LONGEST = 300  # characters; a longer line is no question


def listed_lines(text: str) -> list[str]:
    """The lines without their signs and quotation marks, each once; what is too long goes."""
    lines = (SIGN.sub("", line).strip().strip('"').strip() for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if 0 < len(line) <= LONGEST))
