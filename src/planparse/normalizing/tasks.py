"""Assignments → tasks: each field read, with the chance that it is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from planparse.normalizing.references import read_references
from planparse.normalizing.roles import read_roles
from planparse.normalizing.time_frames import find_time, read_time_frame
from planparse.normalizing.units import read_units
from planparse.outline import AssignmentKind, FieldKind
from planparse.plan import Confidence, OtherField, Task, TimeFrame, Unit
from planparse.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.config import Config
    from planparse.outline import Assignment, Field, Passage
    from planparse.plan import TaskField

KIND_TRUST = {AssignmentKind.FIELDS: 0.99, AssignmentKind.TABLE: 0.95, AssignmentKind.PROSE: 0.8}
"""The share of fields that are right where reading was perfect, by how the task is assigned: on the labelled plans."""
INHERITED_TRUST = 0.85
"""The same for what stands in a cell or heading above."""
VAGUE_TIME_TRUST = 0.6
"""The same for a time whose words give neither a date nor a recurrence nor a condition."""
FIELD_NAMES: tuple[TaskField, ...] = ("text", "lead_units", "coordinating_units", "deliverables", "time_frame")

_CLOSING = " \t.,;:"
_SEMICOLON = regex.compile(r";\s+")


def to_task(assignment: Assignment, year: int | None, config: Config) -> Task:
    """Read the fields of one assignment; `year` is the plan's."""
    leads, partners = _units(assignment)
    confidence = _confidence(assignment, time_frame := _time_frame(assignment, year))
    return Task(
        id=".".join(assignment.path),
        path=assignment.path,
        kind=assignment.kind.value,
        text=assignment.text.text,
        lead_units=leads,
        coordinating_units=partners,
        deliverables=_deliverables(_of(assignment, FieldKind.DELIVERABLES)),
        time_frame=time_frame,
        other_fields=tuple(_other(one) for one in _of(assignment, FieldKind.OTHER)),
        references=read_references(" ; ".join(_texts(assignment))),
        confidence=confidence,
        needs_review=tuple(name for name in FIELD_NAMES if getattr(confidence, name) < config.review_below),
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
    return read_time_frame(_joined(_of(assignment, FieldKind.TIME_FRAME)), year)


def _other(one: Field) -> OtherField:
    return OtherField(label=one.label.text, text="; ".join(value.text for value in one.values))


def _confidence(assignment: Assignment, time_frame: TimeFrame | None) -> Confidence:
    trust = KIND_TRUST[assignment.kind]
    units = (FieldKind.LEAD_UNITS, FieldKind.LEAD_AND_COORDINATING_UNITS)
    time = _chance(_of(assignment, FieldKind.TIME_FRAME), trust)
    return Confidence(
        text=_rounded(trust * assignment.text.confidence),
        lead_units=_chance([one for kind in units for one in _of(assignment, kind)], trust),
        coordinating_units=_chance(_of(assignment, FieldKind.COORDINATING_UNITS), trust),
        deliverables=_chance(_of(assignment, FieldKind.DELIVERABLES), trust),
        time_frame=_rounded(time * VAGUE_TIME_TRUST) if time_frame and is_vague(time_frame) else time,
    )


def is_vague(frame: TimeFrame) -> bool:
    """Tell whether the words of a time give neither a date, a recurrence nor a condition."""
    return not (frame.start or frame.end or frame.recurrence or frame.condition or frame.milestones)


def _chance(fields: Sequence[Field], trust: float) -> float:
    values: list[Passage] = [value for one in fields for value in one.values]
    read = min((value.confidence for value in values), default=1.0)
    inherited = INHERITED_TRUST if any(one.inherited for one in fields) else 1.0
    return _rounded(trust * read * inherited)


def _rounded(chance: float) -> float:
    return round(min(1.0, max(0.0, chance)), 2)
