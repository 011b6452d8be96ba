"""A title in a file's metadata -> a title to show."""

from __future__ import annotations

import re
from pathlib import PurePath

from ingest.readers.clean_text import clean_text


def document_title(metadata_title: str, name: str) -> str:
    """The metadata's title where it reads like one, else the file's name without its ending.

    Many programs write a file name, an accession number or a placeholder as the title.
    """
    title = " ".join(clean_text(metadata_title).split())
    words = re.findall(r"[^\W\d_]{2,}", title)
    looks_like_a_file = re.search(r"\.\w{2,4}$|[\\/]", title)
    untitled = title.lower().startswith(("untitled", "microsoft word -", "powerpoint pres"))
    if not words or looks_like_a_file or untitled:
        return PurePath(name).stem
    return title[:200]
