"""Text of a page -> the spans of its sentences, headings and table rows."""

from __future__ import annotations

import re

import sentencex

ENDS_SENTENCE = re.compile(r"[.!?:;][\"'”’)\]]*\s*$")
SENTENCE_END = re.compile(r"[.!?].", re.DOTALL)  # in ASCII, where another one follows
END_AFTER_A_WORD = re.compile(r"[a-z]{3}[.!?]\W*\s")
OTHER_SPACE = re.compile(r"[^\S ]")
DIGIT = re.compile(r"\d")
NUMBER = re.compile(r"[^\w]*\d[\d.,]*[^\w]*")
ROW_NUMBERS = 1 / 3  # of a line's words; from there on it is taken for a table's row
FULL_LINE = 0.7  # of the page's usual line length; a shorter line ends its paragraph
USUAL_LINE_RANK = 0.9  # the quantile of line lengths that counts as usual

Span = tuple[int, int]


def sentence_spans(text: str, *, language: str = "en") -> list[Span]:
    """Cut a text with hard line ends into sentences; rows and headings are cut at line ends.

    The spans are in order, do not overlap, and hold every character that is not white space.
    """
    spans = []
    for start, end in _paragraph_spans(text):
        paragraph = text[start:end]
        offset = start
        if _may_be_several(paragraph):
            # Plain spaces, one for one: the segmenter fails on other white space after a capital.
            plain = OTHER_SPACE.sub(" ", paragraph)
            for sentence in sentencex.segment(language, plain):
                spans.append(_stripped(text, offset, offset + len(sentence)))
                offset += len(sentence)
        spans.append(_stripped(text, offset, end))
    return [span for span in spans if span[0] < span[1]]


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, each with its white space made plain."""
    return [" ".join(text[start:end].split()) for start, end in sentence_spans(text)]


def _paragraph_spans(text: str) -> list[Span]:
    """Join lines that run on; a short line, or a finished one before a capital, ends one."""
    lines = [match.span() for match in re.finditer(r"[^\n]+", text)]
    lengths = sorted(end - start for start, end in lines)
    usual = lengths[int(USUAL_LINE_RANK * (len(lengths) - 1))] if lengths else 0
    paragraphs: list[Span] = []
    runs_on = False
    for start, end in lines:
        line = text[start:end].strip()
        if not line:
            runs_on = False
            continue
        begins_low = line[0].islower()
        if paragraphs and (runs_on or (begins_low and not _finished(text, paragraphs[-1]))):
            paragraphs[-1] = (paragraphs[-1][0], end)
        else:
            paragraphs.append((start, end))
        full = len(line) >= FULL_LINE * usual and not text.startswith("\n", end + 1)
        runs_on = full and not line.endswith(":") and not is_row(line)
    return paragraphs


def _may_be_several(paragraph: str) -> bool:
    """Whether the segmenter may find sentences; it takes time, and cuts rows at their brackets."""
    if paragraph.isascii() and not SENTENCE_END.search(paragraph):
        return False
    is_one_row = "\n" not in paragraph and is_row(paragraph)
    return not is_one_row or END_AFTER_A_WORD.search(paragraph) is not None


def is_row(line: str) -> bool:
    """Whether a line is a table's row: many of its words are numbers."""
    if not DIGIT.search(line):
        return False
    words = line.split()
    return sum(map(bool, map(NUMBER.fullmatch, words))) >= ROW_NUMBERS * len(words)


def _finished(text: str, span: Span) -> bool:
    return ENDS_SENTENCE.search(text[max(span[0], span[1] - 8) : span[1]]) is not None


def _stripped(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
