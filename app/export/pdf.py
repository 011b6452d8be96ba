"""A conversation as PDF: bookmarks for the questions, footnotes that lead to their sources."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    PageTemplate,
    Paragraph,
)

from app.export import pdf_styles as styles
from app.export.conversation import (
    NO_PROOF,
    ExportedConversation,
    ExportedLine,
    ExportedSentence,
    ExportedTurn,
    Source,
    code_point,
)
from app.export.fonts import REGULAR, Lettering
from app.export.typeset import Run, paragraph

MARGIN = 62.0
WIDTH = A4[0] - 2 * MARGIN
LINE_STYLES = {"heading": styles.HEADING, "item": styles.ITEM, "paragraph": styles.BODY}
NOT_ALL = (
    "Some characters are in none of this file's fonts and stand as their code points, such as "
    "{example}; the HTML and the Markdown of the conversation have them."
)
EAST_ASIAN = (
    "Chinese, Japanese and Korean letters are drawn with the fonts of the program that shows this "
    "file."
)

_one_at_a_time = threading.Lock()  # reportlab keeps its fonts for the whole process


def to_pdf(conversation: ExportedConversation) -> bytes:
    """The conversation as a PDF file."""
    with _one_at_a_time:
        return _to_pdf(conversation)


def _to_pdf(conversation: ExportedConversation) -> bytes:
    file, lettering = BytesIO(), Lettering()
    document = BaseDocTemplate(
        file, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN,
        bottomMargin=MARGIN, title=conversation.title, author="Citebound", lang="en",
    )  # fmt: skip
    frame = Frame(
        MARGIN, MARGIN, WIDTH, A4[1] - 2 * MARGIN,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=_number_page))
    document.build(list(_Writer(lettering).conversation(conversation)))
    return file.getvalue()


def _number_page(canvas: Canvas, _: BaseDocTemplate) -> None:
    canvas.setFont(REGULAR, 8)
    canvas.setFillColor(styles.QUIET)
    canvas.drawRightString(A4[0] - MARGIN, MARGIN / 2, f"Page {canvas.getPageNumber()}")


class Quote(Paragraph):
    """A paragraph with a rule at its side."""

    def draw(self) -> None:
        """Draw it."""
        self.canv.setStrokeColor(styles.RULE)
        self.canv.setLineWidth(1.5)
        self.canv.line(20, 0, 20, self.height)
        super().draw()


class Bookmark(Flowable):
    """Where a bookmark leads to; takes no room."""

    keepWithNext = 1

    def __init__(self, key: str, title: str) -> None:
        super().__init__()
        self._key, self._title = key, title

    def wrap(self, *_: float) -> tuple[float, float]:
        """The room that it takes."""
        return 0, 0

    def draw(self) -> None:
        """Set the bookmark."""
        self.canv.bookmarkHorizontal(self._key, 0, 24)
        self.canv.addOutlineEntry(self._title, self._key, 0)


class _Writer:
    """Puts a conversation into flowables, with the fonts of one file."""

    def __init__(self, lettering: Lettering) -> None:
        self._lettering = lettering

    def conversation(self, conversation: ExportedConversation) -> Iterator[Flowable]:
        yield self._text(conversation.title, styles.TITLE, bold=True)
        yield self._text(conversation.about, styles.SMALL)
        for number, turn in enumerate(conversation.turns, 1):
            yield _rule()
            yield from self._turn(turn, f"q{number}")
        if notes := self._notes():
            yield _rule()
            yield from (self._text(note, styles.SMALL) for note in notes)

    def _notes(self) -> list[str]:
        """What a reader should know of the letters of this file."""
        notes = []
        if missing := self._lettering.missing:
            notes.append(NOT_ALL.format(example=code_point(min(missing))))
        return [*notes, EAST_ASIAN] if self._lettering.east_asian else notes

    def _turn(self, turn: ExportedTurn, place: str) -> Iterator[Flowable]:
        yield Bookmark(place, turn.question)
        yield self._text(turn.question, styles.QUESTION, bold=True)
        if turn.understood:
            yield self._text(f"Understood as: {turn.understood}", styles.HOW)
        if turn.how:
            yield self._text(turn.how, styles.HOW)
        if turn.refused:
            yield self._text("No answer in the documents", styles.TOLD, bold=True)
        for line in turn.lines:
            yield self._line(line, place)
        if turn.ended:
            yield self._text(turn.ended, styles.TOLD)
        if turn.summary:
            yield self._text(turn.summary, styles.SMALL)
        for warning in turn.warnings:
            yield self._text(warning, styles.TOLD)
        if turn.sources:
            yield self._text("Sources", styles.HEADING, bold=True)
        for source in turn.sources:
            yield from self._source(source, place)

    def _text(self, text: str, style: ParagraphStyle, *, bold: bool = False) -> Paragraph:
        return self._paragraph([Run(text, bold)], style)

    def _paragraph(
        self,
        runs: Sequence[Run],
        style: ParagraphStyle,
        bullet: str = "",
        kind: type[Paragraph] = Paragraph,
    ) -> Paragraph:
        return paragraph(runs, style, self._lettering, WIDTH, bullet=bullet, kind=kind)

    def _line(self, line: ExportedLine, place: str) -> Paragraph:
        bold = line.kind == "heading"
        runs = [run for one in line.sentences for run in _sentence(one, place, bold=bold)]
        bullet = line.sign if line.sign == "•" or line.sign.isascii() else ""
        if line.sign and not bullet:
            runs.insert(0, Run(f"{line.sign} "))
        return self._paragraph(runs, LINE_STYLES[line.kind], bullet)

    def _source(self, source: Source, place: str) -> Iterator[Paragraph]:
        anchor = f'<a name="{place}-source-{source.number}"/>'
        runs = [Run(source.document, bold=True, before=anchor)]
        for reference in source.references:
            runs += [Run("  "), Run("↩", before=_link(f"{place}-note-{reference}"), after="</a>")]
        yield self._paragraph(runs, styles.NAMED, f"{source.number}.")
        for proof in source.proofs:
            said = proof.page if proof.quotes else f"{proof.page}: {NO_PROOF}"
            yield self._text(said, styles.PAGE if proof.quotes else styles.PAGE_ALONE)
            for quote in proof.quotes:
                yield self._paragraph([Run(quote)], styles.QUOTE, kind=Quote)


def _sentence(sentence: ExportedSentence, place: str, *, bold: bool) -> Iterator[Run]:
    unproved = sentence.state == "unsupported"
    before, after = (f'<font backColor="{styles.GROUND}">', "</font>") if unproved else ("", "")
    for span in sentence.spans:
        yield Run(span.text, bold or span.style == "strong", span.style == "code", before, after)
    for note in sentence.notes:
        anchor = f'<a name="{place}-note-{note.reference}"/>'
        raised = f'<super size="7" rise="3.5">{_link(f"{place}-source-{note.number}")}'
        yield Run("\u00a0")
        yield Run(str(note.number), before=f"{anchor}{raised}", after="</a></super>")
    if unproved:
        reason = f"not proved: {sentence.reason}" if sentence.reason else "not proved"
        small = f'<font size="8.5" color="{styles.hex_of(styles.UNPROVED)}">'
        yield Run(f" ({reason})", before=small, after="</font>")
    yield Run(" ")


def _link(name: str) -> str:
    return f'<a href="#{name}" color="{styles.hex_of(styles.ACCENT)}">'


def _rule() -> Flowable:
    rule = HRFlowable(width="100%", color=styles.RULE, spaceBefore=12, spaceAfter=12)
    rule.keepWithNext = 1
    return rule
