"""The rows of a group → the tasks that they assign."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from planparse.document import merge_places
from planparse.outline import Assignment, AssignmentKind, Field, FieldKind, Passage
from planparse.segmenting.bullets import read_bullet
from planparse.segmenting.columns import MARKED
from planparse.segmenting.duties import find_partners
from planparse.segmenting.fields import LEADS, PARTNERS, UNITS, find_labels
from planparse.segmenting.flow import CLOSING_PUNCTUATION
from planparse.segmenting.rows import EMPTY, mark_role, names_body, row_number
from planparse.segmenting.values import split_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planparse.segmenting.columns import Columns
    from planparse.segmenting.flow import Flow
    from planparse.segmenting.groups import Group
    from planparse.segmenting.rows import Row

_WHO_AND_WHEN = UNITS | {FieldKind.TIME_FRAME}
"""What makes a row a task; the parts of a task have it in common with it, where they say nothing else."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task that a row assigns.

    Attributes:
        number: in the first column; None where there is none.
        above: the numbers of the rows that it is below ("1" of "1.1" and "a").
        text: the task's own words.
        fields: what the columns say.
    """

    number: str | None
    above: tuple[str, ...]
    text: Passage
    fields: tuple[Field, ...]


def read_tasks(group: Group, widths: Mapping[tuple[int, int], float]) -> Iterator[Task]:
    """Yield the tasks of a group's rows."""
    spanning = _Spanning()
    chains: dict[str, tuple[str, ...]] = {}
    for (row, columns), following in zip_longest(group.rows, group.rows[1:]):
        text = row.cell(columns.text) if columns and columns.assigns else None
        if not text or columns is None:
            continue
        number = row_number(row.cell(columns.number))
        above = _above(number, chains)
        if number:
            chains[number] = (*above, number)
        spanning.enter(row, columns, following[0] if following else None)
        fields = [*_row_fields(row, columns, spanning, widths), *_text_fields(text, columns)]
        fields = _with_leader(fields, group)
        if any(one.kind in _WHO_AND_WHEN for one in fields):
            yield Task(number, above, _own_words(text), tuple(fields))


def to_assignment(task: Task, path: tuple[str, ...]) -> Assignment:
    """Return the assignment of a row at `path`."""
    places = [*task.text.where, *(place for one in task.fields for value in one.values for place in value.where)]
    return Assignment(path, AssignmentKind.TABLE, task.text, task.fields, merge_places(places))


def _above(number: str | None, chains: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the numbers of the rows above that a row's number belongs below."""
    if number and "." in number:
        return chains.get(number.rpartition(".")[0], ())
    if number and number.islower():
        return next((chain for one, chain in reversed(chains.items()) if one[0].isdigit()), ())
    return ()


@dataclass(slots=True)
class _Spanning:
    """What the cells above hold, by column.

    Attributes:
        fields: what the last cell of each column that goes on says.
        missing: the columns whose cell the last row lacks: the one above spans it.
        over: those of them that the page before ends with: the rest of such a cell is printed empty.
        page: the page of the last row.
        whole: what the row says of whose task the rows "a)", "b)" below are parts.
        part: whether the row is such a part.
        over_rows: whether the rows below are numbered below it, "2.1" below "2": then nobody need lead it.
        numberless: whether the row has no number of its own: the number's cell spans it, and so may others.
    """

    fields: dict[int, list[Field]] = field(default_factory=dict)
    missing: set[int] = field(default_factory=set)
    whole: dict[int, list[Field]] = field(default_factory=dict)
    part: bool = False
    over: set[int] = field(default_factory=set)
    page: int = 0
    numberless: bool = False
    over_rows: bool = False

    def enter(self, row: Row, columns: Columns, following: Row | None) -> None:
        """Go on to `row`; `following` is the one below it."""
        number, below = (row_number(one.cell(columns.number)) if one else None for one in (row, following))
        self.over_rows = bool(number and below and below.startswith(f"{number}."))
        self.part = bool(number and number.islower())
        if not self.part:
            self.whole = {}
        self.numberless = columns.number is not None and not row.cell(columns.number)
        if row.page != self.page:
            self.over = self.missing
            self.page = row.page
        self.missing = {index for index, cell in enumerate(row.cells) if cell is None} | self.over

    def reaches(self, index: int, cell: Flow | None) -> bool:
        """Tell whether the cell above reaches down to `cell` in column `index`.

        In text a merged cell is printed empty. A task without anybody who leads is so rare (none of 307 rows of the
        labelled plans) that the one above is taken for it; so is what the first column holds.
        """
        if index not in self.fields:
            return False
        leads = any(one.kind in LEADS for one in self.fields[index])
        return cell is None or index in self.over or self.numberless or (leads and not self.over_rows) or index == 0


def _row_fields(
    row: Row, columns: Columns, spanning: _Spanning, widths: Mapping[tuple[int, int], float]
) -> Iterator[Field]:
    """Yield the fields of a row's cells; a cell that is missing below one that spans rows takes that one's."""
    for index, kind in enumerate(columns.kinds):
        if index in {columns.text, columns.number}:
            continue
        cell = row.cell(index)
        if cell and kind == MARKED:
            yield _marked(cell, columns.head.labels[index])
        elif cell:
            means = FieldKind(kind or FieldKind.OTHER)
            spanning.over.discard(index)
            spanning.fields[index] = _cell_fields(cell, means, columns.head.labels[index], widths)
            if not spanning.part:
                spanning.whole[index] = spanning.fields[index]
            yield from spanning.fields[index]
        elif spanning.part and index in spanning.whole and kind in _WHO_AND_WHEN:
            yield from (replace(one, inherited=True) for one in spanning.whole[index])
        elif spanning.reaches(index, cell):
            yield from (replace(one, inherited=True) for one in spanning.fields[index])
        else:
            spanning.fields.pop(index, None)


def _marked(cell: Flow, head: Passage) -> Field:
    """Return what a mark in a cell says of its column's head: who leads or coordinates, or when."""
    if not names_body(head.text):
        return Field(FieldKind.TIME_FRAME, head, (head,))
    return Field(mark_role(cell.text) or FieldKind.LEAD_UNITS, head, (head,))


def _cell_fields(cell: Flow, kind: FieldKind, head: Passage, widths: Mapping[tuple[int, int], float]) -> list[Field]:
    """Return the fields of a cell: one, or each that a label within it names ("Chủ trì: Sở A - Phối hợp: Sở B")."""
    labelled = _unbulleted(cell) if kind in UNITS else EMPTY
    labels = [one for one in find_labels(labelled.text) if one.kind in UNITS]
    if not labels or labels[0].start:
        return [Field(kind, head, _values(cell, kind, widths))]
    ends = [*(one.start for one in labels[1:]), len(labelled.text)]
    return [
        Field(
            label.kind,
            labelled.cut(label.start, label.end).passage(),
            _values(labelled.cut(label.end, end).strip(), label.kind, widths),
        )
        for label, end in zip(labels, ends, strict=True)
    ]


def _unbulleted(text: Flow) -> Flow:
    bullet = read_bullet(text.text)
    return text.cut(bullet.end).strip() if bullet else text


def _values(cell: Flow, kind: FieldKind, widths: Mapping[tuple[int, int], float]) -> tuple[Passage, ...]:
    place = cell.first.cell
    width = widths.get((place.table, place.column)) if place else None
    return tuple(part.passage(drop=CLOSING_PUNCTUATION) for part in split_cell(cell, kind, width))


def _text_fields(text: Flow, columns: Columns) -> Iterator[Field]:
    """Yield those whom a row's own words name as coordinating, where no column does."""
    lists = [] if columns.has(*PARTNERS) else find_partners(text.text)
    values = [text.cut(start, end).passage(drop=CLOSING_PUNCTUATION) for start, end in lists]
    yield from (Field(FieldKind.COORDINATING_UNITS, value, (value,)) for value in values)


def _with_leader(fields: list[Field], group: Group) -> list[Field]:
    """Add whom the rows above put in charge, where the row itself names nobody."""
    if any(one.kind in LEADS for one in fields):
        return fields
    one: Group | None = group
    while one and one.leader is None:
        one = one.parent
    if one is None or one.leader is None or one.title is None:
        return fields
    return [Field(FieldKind.LEAD_UNITS, one.title, (one.leader,), inherited=True), *fields]


def _own_words(text: Flow) -> Passage:
    """Return a task's words without the one bullet that they begin with."""
    return _unbulleted(text).passage()
