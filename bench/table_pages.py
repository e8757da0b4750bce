"""The pipe tables of plans, typeset over several pages with repeated heads, ruled or not; and what stands where."""

from __future__ import annotations

import itertools
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import regex
from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from sample_layout import BODY, BOTTOM, CELL, CENTRED, LEFT, RIGHT, TOP, number_page, register_fonts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportlab.lib.styles import ParagraphStyle

STYLES = ("ruled", "open", "bare")
"""All ruling lines; a line below the head only; no line at all, and cells that begin at their top."""
AS_GIVEN = "as given"
"""All ruling lines; a cell that a row of the text lacks is the one above, over both rows: for whole documents."""
SPANNING = ("ruled", "bare")
"""Styles in which equal neighbours become one cell; centred, without lines, nothing would tell which rows it covers."""
MIN_ROWS, MIN_COLUMNS = 4, 3
MAX_SPAN = 3
"""Rows of a block within which equal neighbours become one cell; a page break falls between blocks."""
MAX_CELL = 500
"""Letters of a cell that fits on a page; rows with longer ones are left out."""
WIDE = 6
"""Columns from which on a table is set on landscape pages."""
PADDING = 12.0
"""Points to the left and the right of a cell's text."""
BEFORE = (
    "Kèm theo Kế hoạch này là danh mục nhiệm vụ; các cơ quan, đơn vị căn cứ chức năng, nhiệm vụ được giao thực hiện."
)
AFTER = "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các cơ quan, đơn vị phản ánh về Sở Nội vụ để tổng hợp."

_NUMBER = regex.compile(r"(?:\d{1,3}(?:\.\d{1,2})*|[IVX]{1,5}|[A-H])[.)]?$")


@dataclass(frozen=True, slots=True)
class TruthCell:
    """A printed cell: its text, the row in the whole table (the head is 0), its column, the rows that it spans."""

    text: str
    row: int
    column: int
    rows: int = 1


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table as typeset: the PDF, its cells with text, how many columns it has."""

    pdf: bytes
    cells: tuple[TruthCell, ...]
    width: int


def read_tables(text: str) -> Iterator[list[list[str]]]:
    """Yield the tables of a plan's text as rows of cells; a row over all columns keeps the cells that it has."""
    lines = text.splitlines()
    for piped, group in itertools.groupby(lines, key=lambda line: line.startswith("|")):
        rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in group] if piped else []
        for table in _at_heads(rows):
            if len(table) >= MIN_ROWS and len(table[0]) >= MIN_COLUMNS:
                yield [row for row in table if max(map(len, row)) <= MAX_CELL]


def _at_heads(rows: Sequence[list[str]]) -> Iterator[list[list[str]]]:
    """Part tables that follow one another without text between, at heads whose first cell says "STT"."""
    table: list[list[str]] = []
    for row in rows:
        if row[0].upper() in {"STT", "TT"} and table:
            yield table
            table = []
        table.append(row)
    yield table


def typeset_table(rows: Sequence[Sequence[str]], *, style: str, pages: int) -> PrintedTable:
    """Typeset as many of the rows as `pages` pages hold, between two paragraphs; equal neighbours become one cell."""
    register_fonts()
    rl_config.useA85 = 0
    count = len(rows)
    while True:
        printed = _build(rows[:count], style)
        if printed[1] <= pages:
            return PrintedTable(printed[0], tuple(_truth(rows[:count], style)), len(rows[0]))
        count = max(1, min(count - 1, round(count * pages / printed[1])))


def _build(rows: Sequence[Sequence[str]], style: str) -> tuple[bytes, int]:
    size = landscape(A4) if len(rows[0]) >= WIDE else A4
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=size, leftMargin=LEFT, rightMargin=RIGHT, topMargin=TOP, bottomMargin=BOTTOM, invariant=1
    )
    table = lay_table(rows, style, size[0] - LEFT - RIGHT - 4 * mm)
    story = [Paragraph("<b>PHỤ LỤC</b>", CENTRED), Paragraph("<b>DANH MỤC NHIỆM VỤ</b>", CENTRED), Spacer(0, 8)]
    story += [Paragraph(BEFORE, BODY), table, Spacer(0, 8), Paragraph(AFTER, BODY)]
    document.build(story, onFirstPage=number_page, onLaterPages=number_page)
    return out.getvalue(), document.page


def lay_table(rows: Sequence[Sequence[str]], style: str, width: float, look: ParagraphStyle = CELL) -> Table:
    """Return the rows as a table of that width which flows over pages, the head again on each."""
    return Table(_flowing(rows, style, look), colWidths=_widths(rows, width), repeatRows=1, style=_style(rows, style))


def _flowing(rows: Sequence[Sequence[str]], style: str, cell: ParagraphStyle) -> list[list[Paragraph | str]]:
    texts = {(one.row, one.column): one.text for one in _truth(rows, style)}
    centred = cell.clone("centred cell", alignment=1)
    data: list[list[Paragraph | str]] = []
    for row in range(len(rows)):
        line: list[Paragraph | str] = []
        for column in range(1, len(rows[0]) + 1):
            text = texts.get((row, column), "").replace("&", "&amp;").replace("<", "&lt;")
            bold = row == 0 or _is_group(rows[row])
            look = centred if row == 0 or (column == 1 and style in {"ruled", AS_GIVEN}) else cell
            line.append(Paragraph(f"<b>{text}</b>" if bold else text, look) if text else "")
        data.append(line)
    return data


def _style(rows: Sequence[Sequence[str]], style: str) -> TableStyle:
    commands: list[tuple[object, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP" if style == "bare" else "MIDDLE")]
    if style in {"ruled", AS_GIVEN}:
        commands.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))
    if style == "open":
        commands.append(("LINEBELOW", (0, 0), (-1, 0), 0.75, colors.black))
    commands += [
        ("SPAN", (min(len(row), 2) - 1, index), (-1, index)) for index, row in enumerate(rows) if _is_group(row)
    ]
    commands += [
        ("SPAN", (cell.column - 1, cell.row), (cell.column - 1, cell.row + cell.rows - 1))
        for cell in _truth(rows, style)
        if cell.rows > 1
    ]
    return TableStyle(commands)


def _is_group(row: Sequence[str]) -> bool:
    """Tell whether a row is a title over all columns, behind its number where it has one."""
    return len(row) == 1 or (len(row) == 2 and bool(_NUMBER.match(row[0])))  # noqa: PLR2004 (number, title)


def _truth(rows: Sequence[Sequence[str]], style: str) -> Iterator[TruthCell]:
    width = len(rows[0])
    full = [list(row) if _is_group(row) else _padded(row, width) for row in rows]
    starts = _starts(full, spanning=style in SPANNING)
    if style == AS_GIVEN:
        full, starts = _fill(rows, width)
    for index, row in enumerate(full):
        for column, text in enumerate(row):
            if text and starts[index, column] == index:
                reach = sum(starts.get((other, column)) == index for other in range(index, len(full)))
                yield TruthCell(text, index, column + 1, reach)


def _starts(rows: Sequence[Sequence[str]], *, spanning: bool) -> dict[tuple[int, int], int]:
    """Return the row at which each cell begins: equal neighbours in a block of rows are one cell."""
    starts: dict[tuple[int, int], int] = {}
    for index, row in enumerate(rows):
        for column, text in enumerate(row):
            inner = spanning and index % MAX_SPAN != 1 and index > 1 and column > 1
            same = inner and len(row) == len(rows[index - 1]) > column and text and rows[index - 1][column] == text
            starts[index, column] = starts[index - 1, column] if same else index
    return starts


def _fill(rows: Sequence[Sequence[str]], width: int) -> tuple[list[list[str]], dict[tuple[int, int], int]]:
    """Return the rows with the cells that they lack, which are those above, and the row at which each cell begins.

    A page can break where no cell goes over: a block ends before a numbered row once it has two rows, and a cell that
    would reach beyond begins anew with the same text.
    """
    full: list[list[str]] = []
    starts: dict[tuple[int, int], int] = {}
    block = 0
    for index, row in enumerate(rows):
        numbered = _is_numbered(row, width)
        below = index > 1 and not _is_group(row) and not _is_group(rows[index - 1])
        block = index if not below or (numbered and index - block >= MAX_SPAN - 1) else block
        full.append(list(row) if _is_group(row) else _padded(row, width))
        for column in range(len(full[index])):
            lacks = below and not 0 <= column - (not numbered) < len(row)
            full[index][column] = full[index - 1][column] if lacks else full[index][column]
            starts[index, column] = starts[index - 1, column] if lacks and block < index else index
    return full, starts


def _padded(row: Sequence[str], width: int) -> list[str]:
    padded = list(row) if _is_numbered(row, width) else ["", *row]
    return [*padded, *[""] * width][:width]


def _is_numbered(row: Sequence[str], width: int) -> bool:
    """Tell whether a row begins in the column of numbers."""
    return row[0] == "" or bool(_NUMBER.match(row[0])) or len(row) == width


def _widths(rows: Sequence[Sequence[str]], total: float) -> list[float]:
    """Share the width by the columns' lengths of text; a column holds its longest word."""
    width = len(rows[0])
    full = [_padded(row, width) for row in rows if not _is_group(row)]
    columns = list(zip(*full, strict=True))
    least = [
        max(stringWidth(word, "Serif-Bold", CELL.fontSize) for cell in column for word in [*cell.split(), ""])
        + PADDING
        + 1
        for column in columns
    ]
    lengths = [sum(map(len, column)) / len(column) for column in columns]
    weights = [max(1.0, min(length, 120.0)) ** 0.7 for length in lengths]
    spare = total - sum(least)
    return [low + spare * weight / sum(weights) for low, weight in zip(least, weights, strict=True)]
