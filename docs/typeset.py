"""Turn one Markdown file of the handbook into reportlab flowables.

Everything that the handbook's Markdown may contain has a setter in `_BLOCKS` or `_INLINE`; any
other token is a GuideError with its file and line, so that nothing is dropped unseen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    Paragraph,
    Table,
    TableStyle,
    XPreformatted,
)

from docs.diagram import Diagram
from docs.flowchart import FlowchartError, parse_flowchart

MARGIN = 25 * mm
COLUMN = A4[0] - 2 * MARGIN
INK, ACCENT, QUIET = HexColor("#1f2933"), HexColor("#34536e"), HexColor("#66727f")
RULE, SHADE, CODE_SHADE = HexColor("#c3cad1"), HexColor("#e9f0f6"), HexColor("#f4f5f6")
SHADE_LINE = HexColor("#9db4c7")
INDENT = 17.0
LONGEST_WHOLE_TABLE = 12

BODY = ParagraphStyle(
    "body",
    fontName="Helvetica",
    fontSize=10.5,
    leading=15,
    textColor=INK,
    spaceAfter=7,
    allowWidows=0,
    allowOrphans=0,
)
LEAD_IN = ParagraphStyle("lead-in", parent=BODY, keepWithNext=1, spaceAfter=4)
ITEM = ParagraphStyle("item", parent=BODY, spaceAfter=3.5)
CELL = ParagraphStyle("cell", parent=BODY, fontSize=9, leading=12, spaceAfter=0)
HEAD = ParagraphStyle("head", parent=CELL, fontName="Helvetica-Bold", textColor=ACCENT)
QUOTE = ParagraphStyle("quote", parent=BODY, spaceAfter=4)
CODE = ParagraphStyle("code", parent=BODY, fontName="Courier", fontSize=8.8, leading=12)
CAPTION = ParagraphStyle(
    "caption", parent=BODY, fontSize=9, leading=12, textColor=QUIET, alignment=1, spaceAfter=12
)
HEADINGS = {
    "h1": ParagraphStyle(
        "h1",
        parent=BODY,
        fontName="Helvetica-Bold",
        fontSize=24,
        leading=29,
        textColor=ACCENT,
        spaceAfter=12,
    ),
    "h2": ParagraphStyle(
        "h2",
        parent=BODY,
        fontName="Helvetica-Bold",
        fontSize=15,
        leading=19,
        textColor=ACCENT,
        spaceBefore=15,
        spaceAfter=6,
        keepWithNext=1,
    ),
    "h3": ParagraphStyle(
        "h3",
        parent=BODY,
        fontName="Helvetica-Bold",
        fontSize=11.5,
        leading=15,
        spaceBefore=8,
        spaceAfter=3,
        keepWithNext=1,
    ),
}

ALL = ((0, 0), (-1, -1))
TABLE = TableStyle(
    [
        ("VALIGN", *ALL, "TOP"),
        ("BACKGROUND", (0, 0), (-1, 0), SHADE),
        ("LINEBELOW", *ALL, 0.5, RULE),
        ("TOPPADDING", *ALL, 3.5),
        ("BOTTOMPADDING", *ALL, 4.5),
    ]
)
WHOLE_TABLE = TableStyle([("NOSPLIT", *ALL)], parent=TABLE)
_PADDING = [("LEFTPADDING", *ALL, 9), ("RIGHTPADDING", *ALL, 9)]
QUOTE_PANEL = TableStyle(
    [*_PADDING, ("BOTTOMPADDING", *ALL, 2), ("LINEBEFORE", (0, 0), (0, -1), 2.2, SHADE_LINE)]
)
CODE_PANEL = TableStyle(
    [
        *_PADDING,
        ("TOPPADDING", *ALL, 5),
        ("BOTTOMPADDING", *ALL, 7),
        ("BACKGROUND", *ALL, CODE_SHADE),
    ]
)


class GuideError(Exception):
    """Something in a file of the handbook that cannot be set; says the file and the line."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")


class Heading(Paragraph):
    """A heading that the table of contents and the outline can point to."""

    def __init__(self, markup: str, level: int, key: str) -> None:
        super().__init__(markup, HEADINGS[f"h{level}"])
        self.markup, self.level, self.key = markup, level, key
        self.plain = self.getPlainText()


@dataclass
class Setter:
    """Sets one file; remembers its line, its headings, and a diagram that awaits its caption."""

    path: Path
    line: int = 1
    headings: list[Heading] = field(default_factory=list)
    diagram: Diagram | None = None

    def error(self, message: str) -> GuideError:
        """An error at the present line."""
        return GuideError(self.path, self.line, message)

    def block(self, node: SyntaxTreeNode) -> list[Flowable]:
        """The flowables of one block of Markdown."""
        self.at(node)
        if self.diagram is not None:
            return self._captioned(self.diagram, node)
        setter = _BLOCKS.get(node.type)
        if setter is None:
            raise self.error(f"the handbook does not know how to set {node.type!r}")
        return setter(self, node)

    def at(self, node: SyntaxTreeNode) -> None:
        """Remember the line of `node`, where it has one."""
        if node.map is not None:
            self.line = node.map[0] + 1

    def inline(self, node: SyntaxTreeNode) -> str:
        """Paragraph markup of the children of an inline node, with all text escaped."""
        self.at(node)
        return "".join(self._span(child) for child in node.children)

    def _span(self, node: SyntaxTreeNode) -> str:
        if node.type == "inline":
            return self.inline(node)
        setter = _INLINE.get(node.type)
        if setter is None:
            raise self.error(f"the handbook does not know how to set {node.type!r}")
        return setter(self, node)

    def _captioned(self, diagram: Diagram, node: SyntaxTreeNode) -> list[Flowable]:
        """The diagram, on one page with the paragraph in italics that follows it."""
        spans = node.children[0].children if node.type == "paragraph" else []
        if [span.type for span in spans] != ["em"]:
            raise self.error("a diagram is followed by its caption, a paragraph in italics")
        self.diagram = None
        diagram.spaceBefore, diagram.spaceAfter, diagram.keepWithNext = 9, 7, 1
        return [diagram, Paragraph(self.inline(node), CAPTION)]


def read_markdown(path: Path) -> tuple[list[Heading], list[Flowable]]:
    """Read one file: its headings, the title first, and its flowables.

    Raises GuideError where the file leaves the subset of Markdown that is set here.
    """
    text = path.read_text(encoding="utf-8")
    _check_characters(path, text)
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text))
    setter = Setter(path)
    flowables = [flowable for node in tree.children for flowable in setter.block(node)]
    levels = [heading.level for heading in setter.headings]
    if levels[:1] != [1] or levels.count(1) != 1:
        raise GuideError(path, 1, "a file opens with its title, and has one title")
    if setter.diagram is not None:
        raise setter.error("the last diagram has no caption")
    return setter.headings, flowables


def _check_characters(path: Path, text: str) -> None:
    """The standard PDF fonts hold the characters of Windows code page 1252 and no others."""
    for number, line in enumerate(text.splitlines(), 1):
        for character in line:
            try:
                character.encode("cp1252")
            except UnicodeEncodeError:
                message = f"the fonts have no character {character!r}"
                raise GuideError(path, number, message) from None


def _heading(setter: Setter, node: SyntaxTreeNode) -> list[Flowable]:
    level = int(node.tag[1])
    if level > 3:
        raise setter.error("headings go three levels deep")
    key = f"heading-{len(setter.headings)}"
    heading = Heading(setter.inline(node), level, key)
    setter.headings.append(heading)
    # A section that would start on the last lines of a page starts on the next one.
    return [CondPageBreak({1: 0, 2: 110, 3: 70}[level]), heading]


def _paragraph(setter: Setter, node: SyntaxTreeNode) -> list[Flowable]:
    markup = setter.inline(node)
    return [Paragraph(markup, LEAD_IN if markup.endswith(":") else BODY)]


def _quote(setter: Setter, node: SyntaxTreeNode) -> list[Flowable]:
    lines: list[Flowable] = []
    for child in node.children:
        if child.type != "paragraph":
            raise setter.error("a quotation holds paragraphs only")
        lines.append(Paragraph(setter.inline(child), QUOTE))
    return [_panel(lines, QUOTE_PANEL)]


def _panel(content: list[Flowable], style: TableStyle) -> Table:
    return Table([[content]], colWidths=[COLUMN], style=style, spaceAfter=10)


def _fence(setter: Setter, node: SyntaxTreeNode) -> list[Flowable]:
    if node.info.strip() == "mermaid":
        # The block's first line is its fence.
        try:
            chart = parse_flowchart(node.content, first_line=setter.line + 1)
            setter.diagram = Diagram(chart, width=COLUMN, line=setter.line + 1)
        except FlowchartError as error:
            raise GuideError(setter.path, error.line, str(error)) from error
        return []
    if node.info.strip() not in ("", "text"):
        raise setter.error(f"unknown kind of code block: {node.info!r}")
    return _code(setter, node.content.rstrip("\n"))


def _code(setter: Setter, text: str) -> list[Flowable]:
    for number, line in enumerate(text.split("\n"), setter.line + 1):
        if stringWidth(line, CODE.fontName, CODE.fontSize) > COLUMN - 18:
            raise GuideError(setter.path, number, "a line of code is wider than the page")
    return [_panel([XPreformatted(escape(text), CODE)], CODE_PANEL)]


def _list(setter: Setter, node: SyntaxTreeNode) -> list[Flowable]:
    items = _items(setter, node, depth=1)
    items[-1].spaceAfter = BODY.spaceAfter
    if len(items) > 1:
        # No page ends with the first item of a list, and none begins with its last.
        items[0].keepWithNext = items[-2].keepWithNext = 1
    return items


def _items(setter: Setter, node: SyntaxTreeNode, *, depth: int) -> list[Flowable]:
    flowables: list[Flowable] = []
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, first):
        mark = f"{number}." if node.type == "ordered_list" else "\u2022"
        for child in item.children:
            setter.at(child)
            if child.type in ("bullet_list", "ordered_list"):
                flowables += _items(setter, child, depth=depth + 1)
            elif child.type == "paragraph":
                flowables.append(_item(setter.inline(child), mark, depth))
                mark = ""
            else:
                raise setter.error(f"a list cannot hold {child.type!r}")
    return flowables


def _item(markup: str, mark: str, depth: int) -> Paragraph:
    style = ParagraphStyle(
        f"item-{depth}",
        parent=ITEM,
        leftIndent=INDENT * depth,
        bulletIndent=INDENT * (depth - 1) + 2,
    )
    return Paragraph(markup, style, bulletText=mark or None)


def _table(setter: Setter, node: SyntaxTreeNode) -> list[Flowable]:
    rows = [row for part in node.children for row in part.children]
    cells = [
        [Paragraph(setter.inline(cell), CELL if number else HEAD) for cell in row.children]
        for number, row in enumerate(rows)
    ]
    table = Table(
        cells,
        colWidths=_column_widths(cells),
        repeatRows=1,
        style=TABLE if len(rows) > LONGEST_WHOLE_TABLE else WHOLE_TABLE,
        spaceBefore=2,
        spaceAfter=12,
    )
    return [table]


def _column_widths(rows: list[list[Paragraph]]) -> list[float]:
    """Share the column of text: no word is cut, and longer columns get more of the rest."""
    padding = 13.0
    columns = list(zip(*rows, strict=True))
    least = [max(cell.minWidth() for cell in column) + padding for column in columns]
    wanted = [max(_one_line(cell) for cell in column) + padding for column in columns]
    rest = COLUMN - sum(least)
    extra = [max(0.0, want - low) ** 0.75 for want, low in zip(wanted, least, strict=True)]
    share = rest / (sum(extra) or 1.0)
    return [low + share * more for low, more in zip(least, extra, strict=True)]


def _one_line(cell: Paragraph) -> float:
    """The width of a cell whose text is not broken."""
    endless = 10_000.0
    cell.wrap(endless, endless)
    return max(cell.getActualLineWidths0(), default=0.0)


def _link(setter: Setter, node: SyntaxTreeNode) -> str:
    target = str(node.attrs["href"])
    if target.endswith(".md") and (setter.path.parent / target).is_file():
        # In the folder of PDFs the neighbour is a PDF too; `pdf:` is reportlab's word for it.
        target = f"pdf:{target.removesuffix('.md')}.pdf"
    elif not target.startswith("https://"):
        raise setter.error(f"the link {target!r} leads nowhere")
    return f'<a href={quoteattr(target)} color="#2f6690">{setter.inline(node)}</a>'


def _code_span(_: Setter, node: SyntaxTreeNode) -> str:
    return f'<font name="Courier">{escape(node.content)}</font>'


_BLOCKS: dict[str, Callable[[Setter, SyntaxTreeNode], list[Flowable]]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "bullet_list": _list,
    "ordered_list": _list,
    "blockquote": _quote,
    "fence": _fence,
    "table": _table,
}
_INLINE: dict[str, Callable[[Setter, SyntaxTreeNode], str]] = {
    "text": lambda _, node: escape(node.content),
    "softbreak": lambda *_: " ",
    "strong": lambda setter, node: f"<b>{setter.inline(node)}</b>",
    "em": lambda setter, node: f"<i>{setter.inline(node)}</i>",
    "code_inline": _code_span,
    "link": _link,
}
