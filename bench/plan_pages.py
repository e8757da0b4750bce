"""The text of a plan → a PDF as an office would have typed it, by Decree 30/2020/NĐ-CP, appendix I.

    pdf = typeset_plan(Path("text.txt").read_text(encoding="utf-8"))

A line of the text is a paragraph, or a row of a table where it begins with "|". The lines before the motto and those
from "Nơi nhận:" on stand in two columns; titles and appendices are centred, headings bold; what follows a signature,
and each appendix, begins a page, across where its table is wide. Every line of the text is printed.
"""

from __future__ import annotations

import itertools
import sys
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import regex
from reportlab import rl_config
from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus.doctemplate import LayoutError

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from planparse.text import fold
from sample_layout import BODY, BOTTOM, CELL, CENTRED, LEFT, RIGHT, TOP, bold, foot, head, number_page, register_fonts
from table_pages import AS_GIVEN, WIDE, lay_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable

MOTTO = "cong hoa xa hoi chu nghia"
HEAD_LINES = 12
"""Lines within which the motto stands, where there is a head."""
RECIPIENTS = "noi nhan"
CELL_SIZES = (12, 11, 10, 9)
"""Points of type in tables, tried in this order."""

_MARKER = regex.compile(r"(?:[IVXLC]+|\d+(?:\.\d+)*|\p{L})[.)/]|[-+–*(|]|Điều\b")
_NUMBER = regex.compile(r"Số\s*:?\s*(?P<number>.*)")


def typeset_plan(text: str) -> bytes:
    """Return a plan's text as a PDF with a text layer; the same text gives the same bytes.

    Tables are set smaller until each row fits on a page.

    Raises:
        LayoutError: a row is higher than a page even so.
    """
    register_fonts()
    rl_config.useA85 = 0
    *larger, smallest = (CELL.clone(f"cell {size}", fontSize=size, leading=1.2 * size) for size in CELL_SIZES)
    for cell in larger:
        with suppress(LayoutError):
            return _build(text, cell)
    return _build(text, smallest)


def _build(text: str, cell: ParagraphStyle) -> bytes:
    out = BytesIO()
    document = BaseDocTemplate(out, pagesize=A4, invariant=1)
    sheets = [Sheet(lines, cell) for lines in split_sheets(text.splitlines())]
    templates = [_template("upright", A4), _template("across", landscape(A4))]
    document.addPageTemplates(sorted(templates, key=lambda template: template.id != sheets[0].orientation))
    story = []
    for sheet in sheets:
        story += [NextPageTemplate(sheet.orientation), PageBreak(), *sheet.flowables()]
    document.build(story[2:])
    return out.getvalue()


def split_sheets(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines that begin on a page of their own: a new one after a signature, and at each appendix."""
    sheet: list[str] = []
    signed = False
    for line in map(str.strip, lines):
        starts = (signed and not line) or (fold(line).startswith("phu luc") and line.isupper())
        if starts and any(sheet):
            yield sheet
            sheet, signed = [], False
        signed = signed or fold(line).startswith(RECIPIENTS)
        sheet.append(line)
    yield sheet


def _template(name: str, size: tuple[float, float]) -> PageTemplate:
    width, height = size[0] - LEFT - RIGHT, size[1] - TOP - BOTTOM
    frame = Frame(LEFT, BOTTOM, width, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    return PageTemplate(name, [frame], onPage=number_page, pagesize=size)


@dataclass(frozen=True)
class Sheet:
    """What begins on a page of its own: its lines, and how its cells look."""

    lines: list[str]
    cell: ParagraphStyle

    @property
    def orientation(self) -> str:
        """How its pages lie, by its widest table."""
        columns = max((len(_cells(line)) for line in self.lines if line.startswith("|")), default=0)
        return "across" if columns >= WIDE else "upright"

    def flowables(self) -> Iterator[Flowable]:
        """Yield head, body and foot, where it has them."""
        start = 0
        motto = next((at for at, line in enumerate(self.lines[:HEAD_LINES]) if fold(line).startswith(MOTTO)), None)
        if motto is not None:
            start = self.lines.index("", motto)
            yield head(_read_head(self.lines[:motto], self.lines[motto + 2 : start]))
            yield Spacer(0, 10)
        rest = [line for line in self.lines[start:] if line]
        end = next((at for at, line in enumerate(rest) if fold(line).startswith(RECIPIENTS)), len(rest))
        yield from self._body(rest[:end])
        if end < len(rest):
            yield KeepTogether([Spacer(0, 10), foot(_read_foot(rest[end + 1 :]))])

    def _body(self, lines: list[str]) -> Iterator[Flowable]:
        titled = _count_titles(lines)
        yield from (_paragraph(line, centred=True) for line in lines[:titled])
        yield Spacer(0, 12)
        width = (landscape(A4) if self.orientation == "across" else A4)[0] - LEFT - RIGHT
        for tabular, group in itertools.groupby(lines[titled:], key=lambda line: line.startswith("|")):
            if tabular:
                yield lay_table([_cells(line) for line in group], AS_GIVEN, width, self.cell)
                yield Spacer(0, 8)
            else:
                yield from map(_paragraph, group)


def _read_head(bodies: list[str], others: list[str]) -> dict[str, object]:
    number = next((match["number"] for line in others if (match := _NUMBER.match(line))), "")
    place_date = next((line for line in others if not _NUMBER.match(line)), "")
    return {"bodies": bodies, "number": number, "place_date": place_date}


def _read_foot(lines: list[str]) -> dict[str, object]:
    recipients = list(itertools.takewhile(lambda line: line.startswith(("-", "–")), lines))
    *signature, signer = lines[len(recipients) :] or [""]
    return {"recipients": [line.lstrip("-– ") for line in recipients], "signature": signature, "signer": signer}


def _count_titles(lines: list[str]) -> int:
    """Count the lines of the title: what stands below the first one is its own, whatever its letters."""
    if not lines or not _is_centred(lines[0]):
        return 0
    second = len(lines) > 1 and not _MARKER.match(lines[1])
    return 1 + second + sum(1 for _ in itertools.takewhile(_is_centred, lines[1 + second :]))


def _paragraph(line: str, *, centred: bool = False) -> Paragraph:
    if centred or _is_centred(line):
        return Paragraph(f"<i>{_escape(line)}</i>" if line.startswith("(") else f"<b>{_escape(line)}</b>", CENTRED)
    return Paragraph(bold(line), BODY)


def _is_centred(line: str) -> bool:
    """Tell whether a line is a title without number, or says to what an appendix belongs."""
    return (line.isupper() and not _MARKER.match(line)) or fold(line).startswith(("(kem theo", "(ban hanh kem"))


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
