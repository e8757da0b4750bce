"""The tables of an item: rows → heads, groups of rows, each row below the columns that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planparse.outline import Table
from planparse.segmenting.columns import align, is_same, read_head, read_sub_head, settle
from planparse.segmenting.groups import Group, continues, open_group
from planparse.segmenting.rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planparse.document import Line
    from planparse.segmenting.columns import Columns, Head
    from planparse.segmenting.flow import Flow
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
    groups = [Group(None, None)]
    head = None
    settled = _settle_heads(places)
    for index, place in enumerate(places):
        if head and place.head is not head:
            groups.append(Group(None, None))
        head = place.head or head
        following = places[index + 1].row if index + 1 < len(places) else None
        borders += _place_row(place, settled.get(id(place.head)), groups, following)
    return ReadTables(tuple(groups), tuple(borders), _widths(line for lines in tables for line in lines))


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
        if named := read_head(row):
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
    heads = {id(place.head): place.head for place in places if place.head}
    below = {
        key: [place.row for place in places if place.head is head and not place.in_head] for key, head in heads.items()
    }
    return {key: settle(head, below[key]) for key, head in heads.items()}


def _place_row(place: _Place, columns: Columns | None, groups: list[Group], following: Row | None) -> list[Flow]:
    """Add a row to the group that it belongs to, or open one; return what is printed of it twice."""
    current = groups[-1]
    if place.in_head:
        current.heads.append(place.row)
        return []
    row = align(place.row, columns) if columns else place.row
    if current.rows and columns and continues(row, current.rows[-1][0], columns):
        current.rows[-1] = (row.below(current.rows[-1][0]), columns)
        return []
    opened = open_group(row, columns, groups, align(following, columns) if following and columns else None)
    if opened:
        groups.append(opened.group)
        return opened.repeated
    current.rows.append((row, columns))
    return []
