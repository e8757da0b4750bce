"""What a task does not say itself it inherits from the items above it: who leads, with whom, when.

A heading that is a unit's name leads the tasks below it that name nobody; a field that an item states holds for the
tasks below it that lack it. What a task states always stands.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import regex

from planparse.document import merge_places
from planparse.outline import AssignmentKind, Field, FieldKind
from planparse.segmenting.fields import LEADS, UNITS
from planparse.segmenting.markers import is_period
from planparse.segmenting.prose import governing_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.outline import Assignment, Node

_DITTO = regex.compile(r"[\s(]*(?:-?\s*nt\s*-?|như (?:dòng )?trên|-?\s*(?:[\"”“″]|'')\s*-?)[\s.)]*", regex.IGNORECASE)
"""The ditto marks of tables."""


def inherit_fields(assignments: Sequence[Assignment], nodes: Sequence[Node]) -> list[Assignment]:
    """Return `assignments`, those of fields and tables with what they inherit from the nodes above them."""
    by_path = {node.path: node for root in nodes for node in root.walk()}
    written = _write_out_dittos(assignments)
    return [one if one.kind is AssignmentKind.PROSE else _with(one, list(_inherited(one, by_path))) for one in written]


def _write_out_dittos(assignments: Sequence[Assignment]) -> list[Assignment]:
    """Return `assignments` with the value above for each field that only says "the same": "-nt-", "như trên"."""
    above: dict[FieldKind, Field] = {}
    written = []
    for one in assignments:
        fields = [replace(above[it.kind], inherited=True) if _is_ditto(it, above) else it for it in one.fields]
        above |= {it.kind: it for it in fields}
        written.append(replace(one, fields=tuple(fields)))
    return written


def _is_ditto(one: Field, above: dict[FieldKind, Field]) -> bool:
    says_same = bool(one.values) and all(_DITTO.fullmatch(value.text) for value in one.values)
    return says_same and one.kind in above


def _with(assignment: Assignment, fields: list[Field]) -> Assignment:
    places = [place for one in fields for value in one.values for place in value.where]
    return replace(assignment, fields=(*assignment.fields, *fields), where=merge_places([*assignment.where, *places]))


def _inherited(assignment: Assignment, by_path: dict[tuple[str, ...], Node]) -> Iterator[Field]:
    above = [by_path[path] for path in _paths_above(assignment.path) if path in by_path]
    kinds = {one.kind for one in assignment.fields if one.values}
    if not kinds & LEADS:
        yield from next((units for node in above if (units := _units_of(node))), ())
    if FieldKind.TIME_FRAME not in kinds:
        yield from next((times for node in above if (times := _times_of(node))), ())


def _paths_above(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the paths above `path`, the nearest first."""
    for length in range(len(path) - 1, 0, -1):
        yield path[:length]


def _units_of(node: Node) -> tuple[Field, ...]:
    """Return the units that `node` states in its fields, or that its heading consists of."""
    stated = [one for one in node.fields if one.kind in UNITS and one.values]
    if any(one.kind in LEADS for one in stated):
        return tuple(replace(one, inherited=True) for one in stated)
    units = governing_units(node)
    return (Field(FieldKind.LEAD_UNITS, units, (units,), inherited=True),) if units else ()


def _times_of(node: Node) -> tuple[Field, ...]:
    """Return the times that `node` states in its fields, or that its heading consists of ("Tháng 9/2025")."""
    stated = [one for one in node.fields if one.kind is FieldKind.TIME_FRAME and one.values]
    if stated or node.title is None or not is_period(node.title.text):
        return tuple(replace(one, inherited=True) for one in stated)
    return (Field(FieldKind.TIME_FRAME, node.title, (node.title,), inherited=True),)
