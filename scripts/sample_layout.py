"""A document's text → pages laid out by Decree 30/2020/NĐ-CP, appendix I; or plain text with hard line ends."""

from __future__ import annotations

import textwrap
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Flowable

FONTS = (Path("/usr/share/fonts/truetype/liberation2"), Path("/usr/share/fonts/truetype/liberation"))
TOP, BOTTOM, LEFT, RIGHT = 20 * mm, 20 * mm, 30 * mm, 15 * mm
SIZE, LEADING = 14, 19
WIDTH = A4[0] - LEFT - RIGHT
TEXT_COLUMNS = 88
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")

BODY = ParagraphStyle(
    "body",
    fontName="Serif",
    fontSize=SIZE,
    leading=LEADING,
    alignment=TA_JUSTIFY,
    firstLineIndent=10 * mm,
    spaceAfter=6,
)
CENTRED = ParagraphStyle("centred", parent=BODY, alignment=TA_CENTER, firstLineIndent=0, spaceAfter=0)
HEAD = ParagraphStyle("head", parent=CENTRED, fontSize=13, leading=16)
SMALL = ParagraphStyle(
    "small", parent=BODY, fontSize=11, leading=13, alignment=TA_LEFT, firstLineIndent=0, spaceAfter=0
)
CELL = ParagraphStyle("cell", parent=SMALL, fontSize=12, leading=14.5)


def typeset(content: dict[str, Any]) -> bytes:
    """Return the document as a PDF with a text layer."""
    register_fonts()
    rl_config.useA85 = 0
    out = BytesIO()
    frame = Frame(
        LEFT, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    document = BaseDocTemplate(out, pagesize=A4, invariant=1, title=content["title"][0])
    document.addPageTemplates(PageTemplate("page", [frame], onPage=number_page))
    document.build(list(_flowables(content)))
    return out.getvalue()


def export_text(content: dict[str, Any]) -> str:
    """Return the document as plain text, the left column of head and foot before the right one."""
    lines = [*content["bodies"], *MOTTO, f"Số: {content['number']}", content["place_date"], ""]
    lines += [content["type"], *content["title"], ""]
    lines += [*_wrapped(content["body"]), "", *_foot_text(content)]
    if content.get("appendix"):
        lines += ["\f" + content["appendix_head"][0], *content["appendix_head"][1:], "", *_wrapped(content["appendix"])]
    return "\n".join(lines) + "\n"


def _foot_text(content: dict[str, Any]) -> list[str]:
    recipients = [f"- {one}" for one in content["recipients"]]
    return ["Nơi nhận:", *recipients, *content["signature"], content["signer"]]


def _wrapped(text: str) -> list[str]:
    lines: list[str] = []
    for paragraph in _paragraphs(text):
        lines += (
            [paragraph]
            if paragraph.startswith("|")
            else textwrap.wrap(paragraph, TEXT_COLUMNS, break_on_hyphens=False, break_long_words=False)
        )
    return lines


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines() if line.strip()]


def register_fonts() -> None:
    """Make Liberation Serif known to reportlab as `Serif`."""
    folder = next((folder for folder in FONTS if (folder / "LiberationSerif-Regular.ttf").exists()), None)
    if folder is None:
        raise SystemExit("Liberation Serif is missing: apt-get install fonts-liberation2")
    for name, file in (("Serif", "Regular"), ("Serif-Bold", "Bold"), ("Serif-Italic", "Italic")):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"LiberationSerif-{file}.ttf")))
    pdfmetrics.registerFontFamily("Serif", normal="Serif", bold="Serif-Bold", italic="Serif-Italic")


def number_page(page: Canvas, document: BaseDocTemplate) -> None:
    """Print the number of a page at the top of it, from the second on."""
    if document.page > 1:
        width, height = page._pagesize  # noqa: SLF001 (the page's own: one document may have both formats)
        page.setFont("Serif", 13)
        page.drawCentredString(width / 2, height - TOP + 4 * mm, str(document.page))


def _flowables(content: dict[str, Any]) -> Iterator[Flowable]:
    yield head(content)
    yield Spacer(0, 10)
    yield Paragraph(f"<b>{content['type']}</b>", CENTRED)
    yield from (Paragraph(f"<b>{line}</b>", CENTRED) for line in content["title"])
    yield Spacer(0, 12)
    yield from _body(content["body"])
    yield KeepTogether([Spacer(0, 10), foot(content)])
    if content.get("appendix"):
        yield PageBreak()
        yield from (Paragraph(bold(line), CENTRED) for line in content["appendix_head"])
        yield Spacer(0, 12)
        yield from _body(content["appendix"])


def head(content: dict[str, Any]) -> Table:
    """Return the two columns of a document's head: bodies and number beside motto, place and date."""
    *parents, issuer = content["bodies"]
    left = [*(Paragraph(line, HEAD) for line in parents), Paragraph(f"<b>{issuer}</b>", HEAD), Spacer(0, 10)]
    left.append(Paragraph(f"Số: {content['number']}", HEAD))
    right = [Paragraph(f"<b>{MOTTO[0]}</b>", HEAD), Paragraph(f"<b><u>{MOTTO[1]}</u></b>", HEAD), Spacer(0, 10)]
    right.append(Paragraph(f"<i>{content['place_date']}</i>", HEAD))
    return _columns(left, right, 0.38)


def foot(content: dict[str, Any]) -> Table:
    """Return the two columns of a document's foot: recipients beside the signature."""
    left = [Paragraph("<b><i>Nơi nhận:</i></b>", SMALL)]
    left += [Paragraph(f"- {one}", SMALL) for one in content["recipients"]]
    right = [Paragraph(f"<b>{line}</b>", HEAD) for line in content["signature"]]
    right += [Spacer(0, 55), Paragraph(f"<b>{content['signer']}</b>", HEAD)]
    return _columns(left, right, 0.5)


def _columns(left: Sequence[Flowable], right: Sequence[Flowable], share: float) -> Table:
    table = Table([[left, right]], colWidths=[share * WIDTH, (1 - share) * WIDTH])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return table


def _body(text: str) -> Iterator[Flowable]:
    rows: list[str] = []
    for paragraph in [*_paragraphs(text), ""]:
        if paragraph.startswith("|"):
            rows.append(paragraph)
            continue
        if rows:
            yield _table(rows)
            rows = []
        if paragraph:
            yield Paragraph(bold(paragraph), BODY)


def bold(paragraph: str) -> str:
    """Return a paragraph's markup: headings, in capitals or short and unclosed after a number, are bold."""
    escaped = paragraph.replace("&", "&amp;").replace("<", "&lt;")
    words = paragraph.split(maxsplit=1)
    numbered = words[0].rstrip(".").isdigit() and paragraph[-1] not in ".;:,"
    return f"<b>{escaped}</b>" if paragraph.isupper() or numbered or words[0] == "Chương" else escaped


def _table(rows: Sequence[str]) -> Table:
    """Return a ruled table; a row of two cells whose first is a Roman number runs over all columns below."""
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    width = len(cells[0])
    style = [("GRID", (0, 0), (-1, -1), 0.75, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    data = []
    for index, row in enumerate(cells):
        head = index == 0 or len(row) <= 2  # noqa: PLR2004 (a number and a title)
        if 1 < len(row) <= 2:  # noqa: PLR2004 (the same)
            style.append(("SPAN", (1, index), (-1, index)))
        padded = [*row, *[""] * (width - len(row))]
        data.append([Paragraph(f"<b>{cell}</b>" if head else cell, CELL) for cell in padded])
    shares = _shares(width)
    make = partial(Table, colWidths=[share * WIDTH for share in shares], repeatRows=1)
    table = make(data)
    table.setStyle(TableStyle(style))
    return table


def _shares(width: int) -> list[float]:
    number, task = 0.08, 0.3
    return [number, task, *[(1 - number - task) / (width - 2)] * (width - 2)]
