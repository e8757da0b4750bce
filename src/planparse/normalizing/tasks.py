"""Assignments → tasks: each field read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from planparse.normalizing.confidence import UNKNOWN
from planparse.normalizing.references import read_references
from planparse.normalizing.roles import read_roles
from planparse.normalizing.time_frames import find_time, read_time_frame
from planparse.normalizing.unit_names import is_work
from planparse.normalizing.units import read_units, split_clauses
from planparse.outline import AssignmentKind, FieldKind
from planparse.plan import OtherField, Task, TimeFrame, Unit
from planparse.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.outline import Assignment, Field

_CLOSING = " \t.,;:"
# "Bắt đầu", "Từ ngày"; "Kết thúc", "Đến ngày", "Thời gian hoàn thành"
_BEGINS = regex.compile(r"\b(?:bat dau|tu)\b")
_ENDS = regex.compile(r"\b(?:ket thuc|den|hoan thanh)\b")
_SEMICOLON = regex.compile(r";\s+")


def to_task(assignment: Assignment, year: int | None) -> Task:
    """Read the fields of one assignment, not yet judged; `year` is the plan's."""
    leads, partners = _units(assignment)
    return Task(
        id=".".join(assignment.path),
        path=assignment.path,
        kind=assignment.kind.value,
        text=assignment.text.text,
        lead_units=leads,
        coordinating_units=partners,
        deliverables=_deliverables(_of(assignment, FieldKind.DELIVERABLES)),
        time_frame=_time_frame(assignment, year),
        other_fields=tuple(_other(one) for one in _of(assignment, FieldKind.OTHER)),
        references=read_references(" ; ".join(_texts(assignment))),
        confidence=UNKNOWN,
        needs_review=(),
        where=assignment.where,
    )


def _of(assignment: Assignment, kind: FieldKind) -> list[Field]:
    return [one for one in assignment.fields if one.kind is kind]


def _texts(assignment: Assignment) -> list[str]:
    if assignment.kind is AssignmentKind.PROSE:
        return [assignment.text.text]
    return [assignment.text.text, *(value.text for one in assignment.fields for value in one.values)]


def _joined(fields: Sequence[Field]) -> str:
    return "; ".join(value.text for one in fields for value in one.values if value.text)


def _units(assignment: Assignment) -> tuple[tuple[Unit, ...], tuple[Unit, ...]]:
    """Return who leads and who coordinates, each as the fields for it and for both name them."""
    leads, partners = read_roles(_joined(_of(assignment, FieldKind.LEAD_UNITS)), both=False)
    both = read_roles(_joined(_of(assignment, FieldKind.LEAD_AND_COORDINATING_UNITS)), both=True)
    coordinating = read_units(_joined(_of(assignment, FieldKind.COORDINATING_UNITS)))
    return (*leads, *both[0]), tuple(dict.fromkeys((*coordinating, *partners, *both[1])))


def _deliverables(fields: Sequence[Field]) -> tuple[str, ...]:
    values = [value.text for one in fields for value in one.values]
    parts = _SEMICOLON.split(values[0]) if len(values) == 1 else values
    return tuple(part for part in (squeeze(one).rstrip(_CLOSING) for one in parts) if part)


def _time_frame(assignment: Assignment, year: int | None) -> TimeFrame | None:
    if assignment.kind is AssignmentKind.PROSE:
        return find_time(assignment.text.text, year)
    fields = _of(assignment, FieldKind.TIME_FRAME)
    if not fields:
        return find_time(
            "; ".join(filter(is_work, split_clauses(_joined(_of(assignment, FieldKind.LEAD_UNITS))))), year
        )
    whole = read_time_frame(_joined(fields), year)
    if whole and (ends := _begin_and_end(fields)):
        return (read_time_frame(ends, year) or whole).model_copy(update={"text": whole.text})
    return whole


def _begin_and_end(fields: Sequence[Field]) -> str:
    """Return the time that two columns state, "Bắt đầu | Kết thúc", in one sentence; empty where they don't."""
    labels = [fold(one.label.text) for one in fields]
    if len(fields) != 2 or not _BEGINS.search(labels[0]) or not _ENDS.search(labels[1]):  # noqa: PLR2004 (from, to)
        return ""
    return f"từ {_joined(fields[:1])} đến {_joined(fields[1:])}"


def _other(one: Field) -> OtherField:
    return OtherField(label=one.label.text, text="; ".join(value.text for value in one.values))
