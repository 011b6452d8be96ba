"""Text of documents and models as it stands: nothing in it acts as Markdown."""

from __future__ import annotations

import re

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")  # all of ASCII's; CommonMark lets each be escaped
JOINER = "\u2060"  # no width, no line break
# What Streamlit's page turns into something else after Markdown's escapes are gone.
REPLACED_LATE = re.compile(
    r"(?<=:)(?=[\w+/-]+:)"  # an emoji or icon shortcode
    r"|(?<=:)(?=//)|(?<=\bwww)(?=\.)|(?<=\w)(?=@\w)"  # a web or mail address
    r"|(?<=[-<>~])(?=[-=>])",  # an arrow, a dash or a comparison
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Text for ``st.markdown`` that shows every character and does nothing else.

    Line ends become spaces: write paragraphs apart.
    """
    one_line = " ".join(text.split())
    return PUNCTUATION.sub(r"\\\1", REPLACED_LATE.sub(JOINER, one_line))
