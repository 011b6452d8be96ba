"""Build the handbook's PDFs from the Markdown files in app/handbook.

Run as `python docs/build_guide.py OUTPUT_FOLDER`. The same Markdown gives the same bytes.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, PropertySet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

if not __package__:
    # Run as a file, Python looks for imports in this folder and not in the one that holds it.
    sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.typeset import (
    ACCENT,
    ALL,
    BODY,
    COLUMN,
    MARGIN,
    QUIET,
    RULE,
    GuideError,
    Heading,
    read_markdown,
)

GUIDE = Path(__file__).parents[1] / "app" / "handbook"
NAME = "Citebound handbook"
FOOTER = 34.0

KICKER = ParagraphStyle("kicker", parent=BODY, fontSize=10, textColor=QUIET, spaceAfter=4)
CONTENTS = ParagraphStyle(
    "contents", parent=BODY, fontName="Helvetica-Bold", fontSize=12, textColor=ACCENT, spaceAfter=6
)
CONTENTS_LINES: list[PropertySet] = [
    ParagraphStyle(
        "contents-1",
        parent=BODY,
        fontName="Helvetica-Bold",
        leading=14,
        spaceBefore=4,
        spaceAfter=1,
    ),
    ParagraphStyle(
        "contents-2", parent=BODY, fontSize=9.5, leading=13, leftIndent=14, spaceAfter=0
    ),
]
SIDES = ("TOP", "BOTTOM", "LEFT", "RIGHT")
CONTENTS_TABLE = TableStyle([(f"{side}PADDING", *ALL, 0) for side in SIDES])


class Handbook(BaseDocTemplate):
    """A PDF whose headings are also its table of contents and its outline."""

    def afterFlowable(self, flowable: Flowable) -> None:
        """Note each heading as it lands on its page (reportlab's own name for this hook)."""
        if not isinstance(flowable, Heading):
            return
        self.canv.bookmarkPage(flowable.key)
        self.canv.addOutlineEntry(flowable.plain, flowable.key, flowable.level - 1)
        if flowable.level > 1:
            entry = (flowable.level - 2, flowable.markup, self.page, flowable.key)
            self.notify("TOCEntry", entry)


def build_guide(source: Path, output: Path) -> list[Path]:
    """Build one PDF in `output` for each Markdown file in `source`, in the order of their names.

    Raises GuideError where a file cannot be set, or when there is none.
    """
    files = sorted(source.glob("*.md"))
    if not files:
        raise GuideError(source, 0, "no Markdown files here")
    output.mkdir(parents=True, exist_ok=True)
    return [
        build_document(file, output / f"{file.stem}.pdf", part=f"part {number} of {len(files)}")
        for number, file in enumerate(files, 1)
    ]


def build_document(source: Path, target: Path, *, part: str) -> Path:
    """Build the PDF of one Markdown file and return where it is."""
    headings, flowables = read_markdown(source)
    title = headings[0].plain
    handbook = _template(target, title)
    handbook.multiBuild([Paragraph(f"{NAME}, {part}", KICKER), *_with_contents(flowables)])
    return target


def _template(target: Path, title: str) -> Handbook:
    settings: dict[str, Any] = {"title": title, "author": NAME, "subject": title}
    # Invariant: no time and no random identifier in the file.
    handbook = Handbook(str(target), pagesize=A4, invariant=1, lang="en", **settings)
    frame = Frame(MARGIN, MARGIN, COLUMN, A4[1] - 2 * MARGIN, 0, 0, 0, 0)
    handbook.addPageTemplates([PageTemplate(frames=[frame], onPage=_draw_page_number)])
    return handbook


def _with_contents(flowables: list[Flowable]) -> list[Flowable]:
    """Put the table of contents, and the end of the page, before the first section."""
    first = next(
        (n for n, f in enumerate(flowables) if isinstance(f, Heading) and f.level == 2),
        len(flowables),
    )
    contents = TableOfContents(levelStyles=CONTENTS_LINES, dotsMinLevel=0)
    contents.tableStyle = CONTENTS_TABLE
    rule = HRFlowable(width="100%", thickness=0.8, color=RULE, spaceBefore=8, spaceAfter=14)
    opening = [*flowables[:first], rule, Paragraph("Contents", CONTENTS), contents, PageBreak()]
    return [Spacer(1, 6), *opening, *flowables[first:]]


def _draw_page_number(canvas: Canvas, document: BaseDocTemplate) -> None:
    # The number alone: a footer that repeats words would be found as text on every page.
    canvas.saveState()
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, FOOTER + 14, MARGIN + COLUMN, FOOTER + 14)
    canvas.setFillColor(QUIET)
    canvas.setFont("Helvetica", 8.5)
    canvas.drawRightString(MARGIN + COLUMN, FOOTER, str(document.page))
    canvas.restoreState()


def main() -> int:
    """Build the handbook into the folder named on the command line."""
    parser = argparse.ArgumentParser(description="Build the handbook's PDFs.")
    parser.add_argument("output", type=Path, help="the folder to write the PDFs to")
    parser.add_argument("--source", type=Path, default=GUIDE, help="the folder of Markdown files")
    arguments = parser.parse_args()
    try:
        for path in build_guide(arguments.source, arguments.output):
            sys.stdout.write(f"{path}\n")
    except GuideError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
