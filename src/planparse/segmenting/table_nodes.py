"""Tables → the nodes of their groups, the printed tables, and the tasks with their paths."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from planparse.outline import Node
from planparse.segmenting.free_numbers import FreeElements, FreeNumbers
from planparse.segmenting.row_tasks import read_tasks, to_assignment
from planparse.segmenting.tables import as_table, read_tables

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from planparse.document import Line
    from planparse.outline import Assignment, Passage, Table
    from planparse.segmenting.groups import Group
    from planparse.segmenting.row_tasks import Task


@dataclass(slots=True)
class TableParts:
    """What the tables of an item hold.

    Attributes:
        tables: the rows that stand below no group row.
        nodes: the groups, those of the first level.
        assignments: the tasks, in order.
        furniture: the borders.
    """

    tables: tuple[Table, ...] = ()
    nodes: tuple[Node, ...] = ()
    assignments: list[Assignment] = field(default_factory=list)
    furniture: list[Passage] = field(default_factory=list)


def build_tables(
    tables: Sequence[Sequence[Line]], path: tuple[str, ...], others: Collection[str] = frozenset()
) -> TableParts:
    """Return what the tables of the item at `path` hold; `path` is () where they stand in none.

    `others` are the elements that other children of the item have.
    """
    read = read_tables(tables)
    paths = _group_paths(read.groups, path, others)
    taken: dict[tuple[str, ...], set[str]] = {}
    parts = TableParts(furniture=[border.passage() for border in read.borders])
    for group in read.groups:
        tasks = list(read_tasks(group, read.widths))
        parts.assignments += _number_tasks(tasks, paths[id(group)], taken)
    parts.tables = tuple(table for group in read.groups if group.title is None for table in as_table(group))
    below: dict[int | None, list[Group]] = {}
    for group in read.groups:
        if group.title is not None:
            below.setdefault(id(group.parent) if group.parent else None, []).append(group)
    parts.nodes = _nodes(None, below, paths)
    return parts


def _group_paths(groups: Sequence[Group], path: tuple[str, ...], others: Collection[str]) -> dict[int, tuple[str, ...]]:
    """Return the path of each group; one without a number takes its place among its siblings."""
    paths: dict[int, tuple[str, ...]] = {}
    siblings: dict[tuple[str, ...], set[str]] = {path: set(others)}
    free: dict[tuple[str, ...], FreeElements] = defaultdict(FreeElements)
    for group in groups:
        if group.title is None:
            paths[id(group)] = path
            continue
        above = paths[id(group.parent)] if group.parent else path
        taken = siblings.setdefault(above, set())
        marker = group.marker
        element = marker.element if marker else str(len(taken) + 1)
        if element in taken:
            element = free[above].first(marker, 1, taken)
        taken.add(element)
        paths[id(group)] = (*above, element)
    return paths


def _nodes(
    parent: Group | None, below: dict[int | None, list[Group]], paths: dict[int, tuple[str, ...]]
) -> tuple[Node, ...]:
    """Return the nodes of the groups below `parent`; `below` has them by the identity of what they are in."""
    return tuple(
        Node(
            path=paths[id(group)],
            level=len(paths[id(group)]),
            marker=group.marker,
            title=group.title,
            text=(),
            fields=(),
            tables=as_table(group),
            children=_nodes(group, below, paths),
        )
        for group in below.get(id(parent) if parent else None, ())
    )


def _is_used(
    above: tuple[str, ...], used: set[str], printed: set[tuple[tuple[str, ...], str | None]], number: int
) -> bool:
    return str(number) in used or (above, str(number)) in printed


def _number_tasks(
    tasks: Sequence[Task], path: tuple[str, ...], taken: dict[tuple[str, ...], set[str]]
) -> list[Assignment]:
    """Give each row its number as last element; a repeated or missing number the next that the group leaves free."""
    printed = {(task.above, task.number) for task in tasks}
    first = min((int(task.number) for task in tasks if task.number and task.number.isdigit()), default=1)
    numbers: dict[tuple[str, ...], FreeNumbers] = defaultdict(FreeNumbers)
    assignments = []
    for task in tasks:
        above = (*path, *task.above)
        used = taken.setdefault(above, set())
        element = task.number or ""
        if not element or element in used:
            start = int(element) if element.isdigit() else first
            element = str(numbers[task.above].first(start, partial(_is_used, task.above, used, printed)))
        used.add(element)
        assignments.append(to_assignment(task, (*above, element)))
    return assignments
