"""The tables of a plan: rows of cells → a table as printed, groups of rows, and the tasks that the rows assign.

A table comes as cells of a page (`Line.cell`) or as lines of text between bars ("| 1 | Nhiệm vụ | Sở A |").
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import regex

from planparse.document import merge_places
from planparse.outline import (
    Assignment,
    AssignmentKind,
    Field,
    FieldKind,
    Marker,
    MarkerKind,
    Passage,
    Table,
)
from planparse.segmenting.fields import TASK_FIELDS, classify_column
from planparse.segmenting.flow import CLOSING_PUNCTUATION, Flow, join_flows, line_flow
from planparse.segmenting.markers import from_roman, read_bullet, read_candidates, roman_numbers, to_roman
from planparse.text import is_upper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.document import Line

MIN_HEAD_KINDS = 2
"""Columns that a row must name to be the head of a table of tasks."""

# "1", "1.", "01", "3.2", "II", "a)"
_ROW_NUMBER = regex.compile(r"\s*(?P<number>\d{1,3}(?:\.\d{1,2})*|[IVX]{1,5}|[A-H]|[a-zđ])\s*[.)]?\s*$")
_COLUMN_NUMBER = regex.compile(r"\s*\(?\d{1,2}\)?\s*$")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells from the left; empty where nothing is printed, None below one that spans rows."""

    cells: tuple[Flow | None, ...]


@dataclass(slots=True)
class Group:
    """Rows below one group row, or below the head: what makes a node, or belongs to the node around the table."""

    marker: Marker | None
    title: Passage | None
    rows: list[tuple[Passage | None, ...]] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Task:
    """A task that a row assigns: its number in the first column, and what the columns say."""

    number: str | None
    text: Passage
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table mean, by their index, and their heads."""

    kinds: tuple[str | None, ...]
    labels: tuple[Passage, ...]

    @property
    def text(self) -> int | None:
        """The column of the task itself: the one named so, else the first that means nothing else."""
        if FieldKind.DESCRIPTION.value in self.kinds:
            return self.kinds.index(FieldKind.DESCRIPTION.value)
        return next((index for index, kind in enumerate(self.kinds) if kind is None), None)

    @property
    def number(self) -> int | None:
        """The column of the rows' numbers."""
        return self.kinds.index("number") if "number" in self.kinds else None

    @property
    def assigns(self) -> bool:
        """Whether rows assign tasks: somebody or some time stands beside each."""
        named = {kind for kind in self.kinds if kind in {one.value for one in TASK_FIELDS}}
        return self.text is not None and "measure" not in self.kinds and bool(named - {FieldKind.DELIVERABLES.value})


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table: its head, its groups in order, the borders that are printed around cells."""

    head: tuple[Passage, ...]
    groups: tuple[Group, ...]
    borders: tuple[Flow, ...]


def read_table(lines: Sequence[Line], columns: Columns | None = None) -> tuple[ReadTable, Columns | None]:
    """Read the rows of a table; `columns` are those of the table before it, which goes on where no head is printed."""
    rows, borders = _rows(lines)
    head: list[Passage] = []
    groups = [Group(None, None)]
    above: dict[int, Field] = {}
    for row in rows:
        named = _read_head(row)
        if named:
            columns = _realign(named, columns)
            head += [cell.passage() for cell in row.cells if cell]
        elif all(not cell or _COLUMN_NUMBER.match(cell.text) for cell in row.cells):
            head += [cell.passage() for cell in row.cells if cell]
        elif (group := _read_group(row)) is not None:
            groups.append(_in_sequence(group, groups[-1]))
            above = {}
        else:
            groups[-1].rows.append(tuple(cell.passage() if cell else None for cell in row.cells))
            if columns and columns.assigns:
                _add_task(groups[-1], row, columns, above)
    return ReadTable(tuple(head), tuple(groups), tuple(borders)), columns


def as_table(read: ReadTable, group: Group) -> tuple[Table, ...]:
    """Return the printed table of a group; the first group's has the head."""
    head = read.head if group is read.groups[0] else ()
    return (Table(head, tuple(group.rows)),) if head or group.rows else ()


def to_assignment(task: Task, path: tuple[str, ...]) -> Assignment:
    """Return the assignment of a row at `path`."""
    places = [*task.text.where, *(place for one in task.fields for value in one.values for place in value.where)]
    return Assignment(path, AssignmentKind.TABLE, task.text, task.fields, merge_places(places))


def _rows(lines: Sequence[Line]) -> tuple[list[Row], list[Flow]]:
    rows: list[Row] = []
    borders: list[Flow] = []
    for boxed, group in groupby(lines, key=lambda line: line.cell is not None):
        if boxed:
            rows += _boxed_rows(list(group))
        else:
            for line in group:
                cells, bars = _split_bars(line)
                borders += bars
                if any(cells):
                    rows.append(Row(cells))
    return rows, borders


def _boxed_rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Yield the rows of page tables; the last column of each table tells how many cells a row has."""
    for _, table in groupby(lines, key=lambda line: line.cell.table if line.cell else 0):
        cells: dict[tuple[int, int], list[Flow]] = {}
        spanned: set[tuple[int, int]] = set()
        for line in table:
            if line.cell:
                cells.setdefault((line.cell.row, line.cell.column), []).append(line_flow(line))
                spanned |= {(line.cell.row + below, line.cell.column) for below in range(1, line.cell.rows)}
        width = max(column for _, column in cells)
        for row in sorted({row for row, _ in cells}):
            places = [(row, column) for column in range(1, width + 1)]
            yield Row(
                tuple(
                    None if place in spanned and place not in cells else join_flows(cells.get(place, ()))
                    for place in places
                )
            )


def _split_bars(line: Line) -> tuple[tuple[Flow, ...], list[Flow]]:
    bars = [index for index, char in enumerate(line.text) if char == "|"]
    flow = line_flow(line)
    cells = tuple(flow.cut(left + 1, right).strip() for left, right in pairwise(bars))
    if all(not cell or set(cell.text) <= set("-–—:= ") for cell in cells):
        return (), [flow]
    return cells, [flow.cut(bar, bar + 1) for bar in bars]


def _read_head(row: Row) -> Columns | None:
    kinds = [classify_column(cell.text) if cell else None for cell in row.cells]
    known = [kind for kind in kinds if kind is not None]
    if len(known) < MIN_HEAD_KINDS or len(known) < len([cell for cell in row.cells if cell]) / 2:
        return None
    return Columns(tuple(kinds), tuple((cell or Flow("", ())).passage() for cell in row.cells))


def _realign(columns: Columns, before: Columns | None) -> Columns:
    """Give a head that is printed again without its number cell the columns of the first head."""
    if before and len(columns.kinds) == len(before.kinds) - 1 and before.kinds[0] == "number":
        return before
    return columns


def _read_group(row: Row) -> Group | None:
    """Read a row that stands over all columns: "II | HOÀN THIỆN CƠ CHẾ", "Nhiệm vụ giao Bộ Công an"."""
    filled = [cell for cell in row.cells if cell]
    if not filled or len(filled) > 2 or (len(row.cells) > 2 and row.cells[2]):  # noqa: PLR2004 (number and title)
        return None
    number, title = (filled[0], filled[1]) if len(filled) == 2 else (None, filled[0])  # noqa: PLR2004 (the same)
    if number is not None:
        return _numbered_group(number, title) if _ROW_NUMBER.match(number.text) and len(row.cells) != 3 else None  # noqa: PLR2004 (three cells may be a task and its unit)
    if len(row.cells) > 1 and row.cells[0] and len(filled) == 1 and _ROW_NUMBER.match(title.text):
        return None
    for candidate in read_candidates(title.text):
        if candidate.kind in {MarkerKind.SECTION, MarkerKind.LETTER} and candidate.cost < 1:
            marker = Marker(
                candidate.kind,
                title.text[: candidate.end].strip(),
                candidate.element,
                title.cut(0, candidate.end).spans,
            )
            return Group(marker, title.cut(candidate.end).passage(drop=CLOSING_PUNCTUATION))
    return Group(None, title.passage(drop=CLOSING_PUNCTUATION))


def _in_sequence(group: Group, before: Group) -> Group:
    """Read a group's Roman number as the one that follows that of the group before, where OCR may have damaged it."""
    marker, previous = group.marker, before.marker
    if marker is None or previous is None or not from_roman(previous.element):
        return group
    following = (from_roman(previous.element) or 0) + 1
    if following not in roman_numbers(marker.printed.strip(" .")) or marker.element == to_roman(following):
        return group
    element = to_roman(following)
    return replace(group, marker=Marker(MarkerKind.SECTION, element, element, marker.spans))


def _numbered_group(number: Flow, title: Flow) -> Group | None:
    match = _ROW_NUMBER.match(number.text)
    element = match["number"] if match else ""
    if element.isdigit() and not is_upper(title.text):
        return None
    kind = MarkerKind.SECTION if from_roman(element) else MarkerKind.LETTER if element.isupper() else MarkerKind.CLAUSE
    return Group(Marker(kind, number.text.strip(), element, number.spans), title.passage(drop=CLOSING_PUNCTUATION))


def _add_task(group: Group, row: Row, columns: Columns, above: dict[int, Field]) -> None:
    """Add the task of a row to its group; a row without a task of its own goes on with the row above."""
    cells = _align(row, columns)
    text = cells[columns.text] if columns.text is not None and columns.text < len(cells) else None
    fields = _row_fields(cells, columns, above)
    if text and any(one.kind in TASK_FIELDS for one in fields):
        number = cells[columns.number] if columns.number is not None else None
        match = _ROW_NUMBER.match(number.text) if number else None
        group.tasks.append(Task(match["number"] if match else None, text.passage(), tuple(fields)))
    elif not text and group.tasks:
        group.tasks[-1] = _extend(group.tasks[-1], [one for one in fields if not one.inherited])


def _row_fields(cells: Sequence[Flow | None], columns: Columns, above: dict[int, Field]) -> list[Field]:
    fields: list[Field] = []
    for index, kind in enumerate(columns.kinds):
        if index == columns.text or kind in {"number", "measure"}:
            continue
        cell = cells[index] if index < len(cells) else None
        if cell is None and index in above:
            fields.append(replace(above[index], inherited=True))
        elif cell:
            above[index] = _cell_field(cell, kind, columns.labels[index])
            fields.append(above[index])
        else:
            above.pop(index, None)
    return fields


def _extend(task: Task, fields: Sequence[Field]) -> Task:
    values = {one.label.text: one.values for one in fields}
    extended = [replace(one, values=(*one.values, *values.pop(one.label.text, ()))) for one in task.fields]
    return replace(task, fields=(*extended, *(one for one in fields if one.label.text in values)))


def _align(row: Row, columns: Columns) -> tuple[Flow | None, ...]:
    """Give a row that begins without its number an empty number cell; cells missing at its end are spanned."""
    missing = len(row.cells) < len(columns.kinds)
    first = row.cells[0] if row.cells else None
    if missing and columns.number == 0 and first and not _ROW_NUMBER.match(first.text):
        return (Flow("", ()), *row.cells)
    return row.cells


def _cell_field(cell: Flow, kind: str | None, label: Passage) -> Field:
    means = FieldKind(kind) if kind in {one.value for one in FieldKind} else FieldKind.OTHER
    return Field(means, label, tuple(part.passage(drop=CLOSING_PUNCTUATION) for part in _bullets(cell)))


def _bullets(cell: Flow) -> list[Flow]:
    """Split a cell at the bullets that its lines begin with."""
    parts: list[list[Flow]] = []
    for piece in cell.pieces:
        flow = cell.cut(piece.at, piece.at + piece.end - piece.start)
        bullet = read_bullet(flow.text)
        if bullet:
            parts.append([flow.cut(bullet.end)])
        elif parts:
            parts[-1].append(flow)
        else:
            parts.append([flow])
    return [joined for joined in map(join_flows, parts) if joined]
