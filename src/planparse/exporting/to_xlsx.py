"""The tasks as a workbook that an office uses as it is: tasks, who does what, documents that are cited."""

from __future__ import annotations

import io
import textwrap
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from planparse.errors import OutputError
from planparse.exporting.tables import reference_table, task_table, unit_table
from planparse.exporting.words import clean, day, name_plan
from planparse.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planparse.exporting.tables import Column, Row, Table, Value
    from planparse.plan import Plan

    # XlsxWriter ships no types
    Workbook = Any
    Sheet = Any
    Looks = Any
    Formats = Mapping[tuple[str, bool, bool], Looks]

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 (a workbook's time has no zone)
"""The time that every workbook says it was made at, so that the same plans give the same bytes."""
MAX_CELL = 32_767
"""UTF-16 units that a cell holds: a limit of Excel."""
CUT = " […]"
"""What stands at the end of a cell that holds less than the plan."""
FIRST_DAY = date(1900, 3, 1)
"""The first day that all spreadsheets count alike; what is before stays text."""
HEAD = 2
"""Rows above the head of a table: its title, and what is in it."""

LINE, MAX_HEIGHT = 15.75, 409.0
"""Points of a line of Times New Roman 12; of the highest row that Excel has. Excel fits rows to wrapped text when it
opens a file, LibreOffice does not: so each row has its height."""
LETTERS = 1.1
"""Letters that stand in a column's unit, a digit of the workbook's own font; seen in plans that LibreOffice printed."""

_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
_CELL = {**_FONT, "border": 1, "border_color": "#A6A6A6", "text_wrap": True}
_KINDS: Mapping[str, dict[str, Any]] = {"text": {}, "date": {"num_format": "dd/mm/yyyy", "align": "center"}}
_DOUBTFUL = {"bg_color": "#FFF2CC", "italic": True}
_FIRST_OF_GROUP = {"top": 2, "top_color": "#1F3864"}
_HEAD = {**_CELL, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#1F3864", "font_color": "white"}
_TITLE = {**_FONT, "bold": True, "font_size": 14}
_A4 = 9


def export_xlsx(plans: Sequence[Plan]) -> bytes:
    """Return a workbook with a sheet of tasks, one by unit and one of the documents that are cited.

    Raises:
        OutputError: there are more rows than a sheet holds.
    """
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, {"in_memory": True})
    workbook.set_properties({"title": _title(plans)[:255], "created": CREATED})
    for table in (task_table(plans), unit_table(plans), reference_table(plans)):
        _add_sheet(workbook, table, plans)
    workbook.close()
    return file.getvalue()


def _title(plans: Sequence[Plan]) -> str:
    if len(plans) != 1:
        return f"{len(plans)} văn bản"
    name, title = name_plan(plans[0]), plans[0].header.title
    return name if title is None or not plans[0].header.number else squeeze(clean(f"{name}: {title}"))


def _add_sheet(workbook: Workbook, table: Table, plans: Sequence[Plan]) -> None:
    sheet = workbook.add_worksheet(table.name)
    _write_text(sheet, 0, 0, f"{table.name} – {_title(plans)}", workbook.add_format(_TITLE))
    _write_text(sheet, 1, 0, _summary(table), workbook.add_format(_FONT))
    head = workbook.add_format(_HEAD)
    sheet.set_row(0, 24)
    sheet.set_row(1, 20)
    sheet.set_row(HEAD, 2 * LINE + 3)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        _write_text(sheet, HEAD, place, column.heading, head)
    formats = _formats(workbook)
    before = ""
    for number, row in enumerate(table.rows, HEAD + 1):
        _write_row(sheet, number, table.columns, row, formats, first=row.group != before)
        before = row.group
    _set_up(sheet, table, printed=table.printed + (len(plans) > 1))


def _summary(table: Table) -> str:
    doubtful = sum(bool(row.doubtful) for row in table.rows)
    note = f"; {doubtful} dòng cần kiểm tra với bản gốc (⚠, ô nền vàng, chữ nghiêng)" if doubtful else ""
    return f"{len(table.rows)} dòng{note}"


def _formats(workbook: Workbook) -> Formats:
    """Return the format of each kind of value, doubtful or not, in the first row of a group or not."""
    return {
        (kind, doubtful, first): workbook.add_format(
            _CELL | looks | (_DOUBTFUL if doubtful else {}) | (_FIRST_OF_GROUP if first else {})
        )
        for kind, looks in _KINDS.items()
        for doubtful in (False, True)
        for first in (False, True)
    }


def _write_row(
    sheet: Sheet, number: int, columns: Sequence[Column], row: Row, formats: Formats, *, first: bool
) -> None:
    sheet.set_row(number, _height(columns, row))
    for place, (column, value) in enumerate(zip(columns, row.values, strict=True)):
        doubtful = column.heading in row.doubtful
        if isinstance(value, date) and value >= FIRST_DAY:
            sheet.write_datetime(number, place, value, formats["date", doubtful, first])
        else:
            _write_text(sheet, number, place, _to_text(value), formats["text", doubtful, first])


def _height(columns: Sequence[Column], row: Row) -> float:
    """Return the points that the longest cell of a row needs."""
    lines = (_count_lines(_to_text(value), column.width) for column, value in zip(columns, row.values, strict=True))
    return min(max(lines) * LINE + 3, MAX_HEIGHT)


def _count_lines(text: str, width: int) -> int:
    return sum(max(1, len(textwrap.wrap(line, int(width * LETTERS)))) for line in text.split("\n"))


def _to_text(value: Value) -> str:
    if isinstance(value, date):
        return day(value)
    return ";\n".join(value) if isinstance(value, tuple) else value or ""


def _write_text(sheet: Sheet, row: int, column: int, text: str, looks: Looks) -> None:
    """Write a cell as text, whatever it looks like; an empty one keeps its looks."""
    write = sheet.write_string if text else sheet.write_blank
    if write(row, column, _fit(text) or None, looks):
        raise OutputError("more rows than a sheet holds", "xlsx", "export fewer plans, or to .csv")


def _fit(text: str) -> str:
    """Return what a cell holds of `text`; characters beyond the Unicode plane of all languages count twice there."""
    if len(text) * 2 <= MAX_CELL or len(text.encode("utf-16-le")) <= MAX_CELL * 2:
        return text
    kept = text.encode("utf-16-le")[: (MAX_CELL - len(CUT)) * 2]
    return kept.decode("utf-16-le", "ignore") + CUT


def _set_up(sheet: Sheet, table: Table, *, printed: int) -> None:
    last = HEAD + len(table.rows)
    sheet.autofilter(HEAD, 0, last, len(table.columns) - 1)
    sheet.freeze_panes(HEAD + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)
    sheet.print_area(0, 0, last, printed - 1)
    sheet.set_footer("&CTrang &P/&N")
