"""A page's raw text -> text that is fit for search."""

from __future__ import annotations

LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
LINE_END_HYPHEN = "\ufffe"  # how PDFium writes a hyphen that ends a line
LEADERS = "._-"  # a longer run only leads the eye from a heading to its page number


def clean_text(raw: str) -> tuple[str, list[int]]:
    """Make a page's raw text fit for search; also give each character's index in the raw text.

    Line ends become ``\\n``, ligatures letters; hyphens that only a line end made, control
    characters, lone surrogates and the rest of a dot leader go.
    """
    kept: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(raw):
        if character == LINE_END_HYPHEN:
            follower = raw[index + 1 : index + 4].lstrip("\r\n")[:1]
            character = "" if follower.islower() else "-"
        elif character in LIGATURES:
            character = LIGATURES[character]
        elif (character < " " and character != "\n") or "\ud800" <= character <= "\udfff":
            character = " " if character == "\t" else ""
        elif character in LEADERS and kept[-3:] == [character] * 3:
            character = ""
        if not character:
            continue
        kept.append(character)
        origins.extend([index] * len(character))
    return "".join(kept), origins
