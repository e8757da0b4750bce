"""The tables of an item: rows → heads, groups of rows, each row below the columns that it belongs to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from planparse.outline import Table
from planparse.segmenting.columns import align, settle
from planparse.segmenting.groups import Group, continues, ends_group, open_group
from planparse.segmenting.heads import is_same, read_head, read_sub_head
from planparse.segmenting.rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planparse.document import Line
    from planparse.segmenting.columns import Columns
    from planparse.segmenting.flow import Flow
    from planparse.segmenting.heads import Head
    from planparse.segmenting.rows import Row

MIN_NUMBERED_COLUMNS = 3
"""Columns that a row must number to be no task's row where it does not follow a head."""


@dataclass(frozen=True, slots=True)
class ReadTables:
    """The tables of an item.

    Attributes:
        groups: the groups of their rows, in order.
        borders: what is printed around cells, and of cells twice.
        widths: points of the widest line of each column of a page's table, by table and column.
    """

    groups: tuple[Group, ...]
    borders: tuple[Flow, ...]
    widths: dict[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class _Place:
    """A row, the head that it is below, and whether it is part of a head itself."""

    row: Row
    head: Head | None
    in_head: bool


def read_tables(tables: Sequence[Sequence[Line]]) -> ReadTables:
    """Read the lines of tables that follow one another; one without a head goes on with the one before."""
    places: list[_Place] = []
    borders: list[Flow] = []
    for lines in tables:
        rows, bars = read_rows(lines)
        places += _find_heads(rows, places[-1].head if places else None)
        borders += bars
    gathered = _Gathered()
    settled = _settle_heads(places)
    for place, following in zip_longest(places, places[1:]):
        gathered.add(place, settled.get(id(place.head)), following.row if following else None)
    gathered.join_rows()
    borders += gathered.repeated
    return ReadTables(tuple(gathered.groups), tuple(borders), _widths(line for lines in tables for line in lines))


class _Gathered:
    """The groups of rows while they are gathered, and what is printed twice."""

    def __init__(self) -> None:
        self.groups = [Group(None, None)]
        self.repeated: list[Flow] = []
        self._current = self._untitled = self.groups[0]
        self._head: Head | None = None
        self._below: dict[int, list[Row]] = defaultdict(list)

    def add(self, place: _Place, columns: Columns | None, following: Row | None) -> None:
        """Add a row to the group that it belongs to, or open one; `following`: the row below it."""
        if self._head and place.head is not self._head:
            self._open(Group(None, None))
        self._head = place.head or self._head
        if place.in_head:
            self._current.heads.append(place.row)
        else:
            below = align(following, columns) if following and columns else None
            self._add_row(align(place.row, columns) if columns else place.row, columns, below)

    def join_rows(self) -> None:
        """Put below each row those that go on with it."""
        for group in self.groups:
            group.rows = [
                (row.over(self._below[id(row)]) if id(row) in self._below else row, columns)
                for row, columns in group.rows
            ]

    def _add_row(self, row: Row, columns: Columns | None, following: Row | None) -> None:
        rows = self._current.rows
        if rows and columns and continues(row, rows[-1][0], columns):
            self._below[id(rows[-1][0])].append(row)
        elif opened := open_group(row, columns, self.groups, self._current, following):
            self._open(opened.group)
            self.repeated += opened.repeated
        else:
            if columns and ends_group(row, self._current, columns):
                self._current = self._current.parent or self._untitled
            self._current.rows.append((row, columns))

    def _open(self, group: Group) -> None:
        self.groups.append(group)
        self._current = group
        if group.title is None:
            self._untitled = group


def _widths(lines: Iterable[Line]) -> dict[tuple[int, int], float]:
    widths: dict[tuple[int, int], float] = {}
    for line in lines:
        if line.cell and line.bbox:
            place = (line.cell.table, line.cell.column)
            widths[place] = max(widths.get(place, 0.0), line.bbox[2] - line.bbox[0])
    return widths


def as_table(group: Group) -> tuple[Table, ...]:
    """Return the printed table of a group: its rows, and the heads that stand among them."""
    head = tuple(cell.passage() for row in group.heads for cell in row.filled)
    rows = tuple(tuple(cell.passage() if cell else None for cell in row.cells) for row, _ in group.rows)
    return (Table(head, rows),) if head or rows else ()


def _find_heads(rows: Sequence[Row], head: Head | None) -> list[_Place]:
    """Tell the rows that are heads; `head` is that of the table before."""
    places: list[_Place] = []
    if head and max((len(row.cells) for row in rows), default=0) > len(head.words):
        head = None
    while len(places) < len(rows):
        index = len(places)
        row, below_head = rows[index], bool(places) and places[-1].in_head
        if named := read_head(row, head):
            end = index + 1
            while end < len(rows) and (lower := read_sub_head(rows[end], named)):
                named, end = lower, end + 1
            head = head if head and is_same(named, head) else named
            places += [_Place(one, head, in_head=True) for one in rows[index:end]]
        else:
            numbers = row.numbers_columns and (below_head or len(row.filled) >= MIN_NUMBERED_COLUMNS)
            places.append(_Place(row, head, in_head=numbers))
    return places


def _settle_heads(places: Sequence[_Place]) -> dict[int, Columns]:
    below: dict[int, tuple[Head, list[Row]]] = {}
    for place in places:
        if place.head:
            _, rows = below.setdefault(id(place.head), (place.head, []))
            rows += [] if place.in_head else [place.row]
    return {key: settle(head, rows) for key, (head, rows) in below.items()}
