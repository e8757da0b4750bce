"""What a person who follows up a plan would ask back about: warnings on tasks and references that are odd.

Few enough to be read: what a whole document leaves out is its style and told once or not at all, and many tasks with
one oddity are one warning, which names them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import regex

from planparse.normalizing.references import (
    are_types_alike,
    dated_twice,
    first_mentions,
    is_of_other_year,
    named_otherwise,
    same_document_twice,
)
from planparse.normalizing.repeats import find_repeats, times_differ
from planparse.normalizing.time_frames import is_impossible, is_reversed
from planparse.normalizing.unit_names import Names
from planparse.warning import PlanWarning, WarningCode, WarningPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from planparse.document import Where
    from planparse.normalizing.references import Mention
    from planparse.outline import Passage, Table
    from planparse.plan import Reference, Task, TaskField, Unit

MANY = 5
"""Tasks with one oddity from which on they are one warning: the labelled plans have at most 2, or 103 of one cause."""
NEIGHBOURS = 3
"""Other tasks around a task that show what tasks state there; of fewer nothing follows."""
MOSTLY = 0.75
"""The share of them that must state a field for its lack to be an oversight. At this share all 4 tasks told of, in the
labelled plans and the samples, lack a line or a cell that all others around have; at 0.6, two of six are as their
section is: half of its tasks have nothing to hand in; at 0.9, two true ones are missed."""
_STATED: dict[TaskField, str] = {"deliverables": "a deliverable", "time_frame": "a time"}
_LOOK = {
    WarningCode.TASK_INCOMPLETE: "look for it in the document",
    WarningCode.DATE_INVALID: "look at the numbers in the document",
    WarningCode.TIME_REVERSED: "look whether a year is left out or misread",
    WarningCode.DEADLINE_PAST: "look at both dates",
    WarningCode.DEADLINE_YEAR: "look at the year of the time, and of the title",
    WarningCode.TASK_REPEATED: "look which of the two holds",
    WarningCode.ROLE_CONFLICT: "look at the lines or cells of both fields",
    WarningCode.REFERENCE_CONFLICT: "look which is right where the document is cited",
    WarningCode.MARKER_SEQUENCE: "look whether a row is missing or its number misread",
}
"""What a person should look at, told with each warning."""
_ROW_NUMBER = regex.compile(r"(\d{1,3})\.?")  # four digits are a year
_Prefix = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Finding:
    """An oddity of one task: what the task does, in words, and what several such tasks do."""

    code: WarningCode
    task: Task
    field: TaskField
    says: str
    say: str


def audit_plan(
    tasks: Sequence[Task],
    tables: Iterable[Table],
    mentions: Sequence[Mention],
    year: int | None,
    issued: date | None,
) -> tuple[PlanWarning, ...]:
    """Return the warnings of a plan for `year`, issued on the day `issued`; in time that grows as its size."""
    findings = [
        *_without_lead(tasks),
        *(found for field in _STATED for found in _without(field, tasks)),
        *_odd_times(tasks, year),
        *_odd_deadlines(tasks, year, issued),
        *_repeats(tasks),
        *_double_roles(tasks),
    ]
    return (*_row_numbers(tables), *_of_all(tasks), *_told(findings), *_conflicts(mentions), *_later(mentions, issued))


def _of_all(tasks: Sequence[Task]) -> Iterator[PlanWarning]:
    """Yield what is said once for the document: that none of its tasks has a time, or none of those labelled a lead.

    That none has a deliverable is no more than a way of writing plans: seven of the nine real plans have none.
    """
    labelled = _labelled(tasks)
    if len(tasks) > NEIGHBOURS and not any(task.time_frame for task in tasks):
        yield _warning(WarningCode.TASK_INCOMPLETE, f"none of the {len(tasks)} tasks states a time", ())
    if _none_leads(labelled):
        yield _warning(WarningCode.TASK_INCOMPLETE, f"none of the {len(labelled)} tasks names a lead unit", ())


def _labelled(tasks: Sequence[Task]) -> list[Task]:
    return [task for task in tasks if task.kind != "prose"]


def _none_leads(labelled: Sequence[Task]) -> bool:
    return len(labelled) > NEIGHBOURS and not any(task.lead_units for task in labelled)


def _without_lead(tasks: Sequence[Task]) -> Iterator[_Finding]:
    labelled = _labelled(tasks)
    if not _none_leads(labelled):
        for task in labelled:
            if not task.lead_units:
                yield _Finding(
                    WarningCode.TASK_INCOMPLETE, task, "lead_units", "names no lead unit", "name no lead unit"
                )


def _without(field: TaskField, tasks: Sequence[Task]) -> Iterator[_Finding]:
    """Yield the tasks that lack `field` where the tasks around them mostly state it."""
    labelled = _labelled(tasks)
    around = Counter(prefix for task in labelled for prefix in _prefixes(task))
    stating = Counter(prefix for task in labelled if getattr(task, field) for prefix in _prefixes(task))
    for task in labelled:
        near = next((prefix for prefix in _prefixes(task) if around[prefix] > NEIGHBOURS), None)
        if near and not getattr(task, field) and stating[near] >= MOSTLY * (around[near] - 1):
            what = f"state {_STATED[field]}, as the tasks around"
            yield _Finding(WarningCode.TASK_INCOMPLETE, task, field, f"does not {what} it do", f"do not {what} them do")


def _prefixes(task: Task) -> list[_Prefix]:
    """Return what a task stands in, from the nearest to the document, of tasks of its kind."""
    return [(task.kind, task.path[:depth]) for depth in reversed(range(len(task.path)))]


def _odd_times(tasks: Sequence[Task], year: int | None) -> Iterator[_Finding]:
    for task in tasks:
        text = task.time_frame.text if task.time_frame else ""
        if is_impossible(text, year):
            says, say = f'has "{text}": no such date', "name dates that cannot be"
            yield _Finding(WarningCode.DATE_INVALID, task, "time_frame", says, say)
        elif is_reversed(text, year):
            says, say = f'has "{text}": it ends before it starts', "end before they start"
            yield _Finding(WarningCode.TIME_REVERSED, task, "time_frame", says, say)


def _odd_deadlines(tasks: Sequence[Task], year: int | None, issued: date | None) -> Iterator[_Finding]:
    """Yield deadlines before the plan's own date, and times that lie wholly outside the one year that it is for.

    Between its date and the year's first day a plan is being prepared.
    """
    for task in tasks:
        start, end = (task.time_frame.start, task.time_frame.end) if task.time_frame else (None, None)
        if end and issued and end < issued:
            what = f"before the plan's own date, {issued}"
            yield _Finding(WarningCode.DEADLINE_PAST, task, "time_frame", f"is due on {end}, {what}", f"are due {what}")
        elif end and year and ((start or end).year > year or (end.year < year and issued is None)):
            what = f"outside the plan's year, {year}"
            yield _Finding(WarningCode.DEADLINE_YEAR, task, "time_frame", f"is due on {end}, {what}", f"are due {what}")


def _repeats(tasks: Sequence[Task]) -> Iterator[_Finding]:
    for one, task in find_repeats(tasks):
        says = f"repeats task {one.id}"
        if times_differ(one, task) and one.time_frame and task.time_frame:
            says += f', with another time: "{task.time_frame.text}", not "{one.time_frame.text}"'
        yield _Finding(WarningCode.TASK_REPEATED, task, "text", says, "repeat earlier ones")


def _double_roles(tasks: Sequence[Task]) -> Iterator[_Finding]:
    """Yield the tasks that name one body as leading and as coordinating; "các sở, ngành" may be others each time."""
    for task in tasks:
        leads, partners = ([one.name for one in role if not one.collective] for role in _roles(task))
        known = Names(partners)
        both = [name for name in leads if name in known]
        if both:
            says = f"is led by and coordinated with {', '.join(both)}"
            yield _Finding(
                WarningCode.ROLE_CONFLICT, task, "coordinating_units", says, "have their lead unit coordinate too"
            )


def _told(findings: Sequence[_Finding]) -> Iterator[PlanWarning]:
    """Yield a warning for each finding; one for all of an oddity where they are many, at the place of the first."""
    alike: dict[str, list[_Finding]] = defaultdict(list)
    for found in findings:
        alike[found.say].append(found)
    for group in alike.values():
        if len(group) < MANY:
            yield from (
                _warning(one.code, f"task {one.task.id} ({one.field}) {one.says}", one.task.where) for one in group
            )
        else:
            first, tasks = group[0], [one.task for one in group]
            message = f"{len(tasks)} tasks ({first.field}) {first.say}: {_listed(tasks)}"
            yield _warning(first.code, message, first.task.where)


def _listed(tasks: Sequence[Task]) -> str:
    """Name tasks by what they stand in: "II.1: a, b; II.2: 1–7"."""
    groups = groupby(tasks, key=lambda task: task.path[:-1])
    named = ((".".join(above), _runs([task.path[-1] for task in its])) for above, its in groups)
    return "; ".join(f"{above}: {elements}" if above else elements for above, elements in named)


def _runs(elements: Sequence[str]) -> str:
    """Name numbers that follow each other by the first and the last."""
    runs: list[list[str]] = []
    for element in elements:
        if runs and element.isdecimal() and runs[-1][-1] == str(int(element) - 1):
            runs[-1].append(element)
        else:
            runs.append([element])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _row_numbers(tables: Iterable[Table]) -> Iterator[PlanWarning]:
    """Yield where the numbers of tables' rows leave one out, repeat one or go back; they may begin anew at 1.

    Groups of rows go on counting, or do not. A row whose number can't be read may bear the one that is left out.
    """
    last, unread = 0, 0
    for cell in (cell for table in tables for cell in _first_cells(table)):
        match = _ROW_NUMBER.fullmatch(cell.text) if cell else None
        if not cell or not match:
            unread += 1
            continue
        number = int(match[1])
        if last and number != 1 and not last < number <= last + 1 + unread:
            yield _warning(WarningCode.MARKER_SEQUENCE, f"row {number} follows row {last}", cell.where)
        last, unread = number, 0


def _first_cells(table: Table) -> list[Passage | None]:
    """Return the cells of a table's first column, where most of them hold whole numbers."""
    cells = [cell for row in table.rows for cell in row[:1]]
    numbers = [cell for cell in cells if cell and _ROW_NUMBER.fullmatch(cell.text)]
    return cells if 2 * len(numbers) > len(cells) else []


def _conflicts(mentions: Sequence[Mention]) -> Iterator[PlanWarning]:
    """Yield where what is said of one document cited does not go together."""
    for one, other in same_document_twice(mentions):
        cited = one.reference
        message = f"{cited.type} of {cited.date} is cited as {cited.number} and as {other.reference.number}"
        yield _warning(WarningCode.REFERENCE_CONFLICT, message, other.where)
    for one, other in dated_twice(mentions):
        cited = one.reference
        message = f"{cited.type} {cited.number} is cited as of {cited.date} and as of {other.reference.date}"
        yield _warning(WarningCode.REFERENCE_CONFLICT, message, other.where)
    for one, other in named_otherwise(mentions):
        yield _warning(WarningCode.REFERENCE_CONFLICT, _otherwise(one.reference, other.reference), other.where)
    for one in first_mentions(mentions):
        if is_of_other_year(one.reference):
            message = f"{_name(one)} bears another year than its date, {one.reference.date}"
            yield _warning(WarningCode.REFERENCE_CONFLICT, message, one.where)


def _otherwise(one: Reference, other: Reference) -> str:
    """Say how a number is named first and later: as of another kind, or of another body."""
    if not are_types_alike(one, other):
        return f"{one.number} is cited as {one.type} and as {other.type}"
    return f"{one.type} {one.number} of {one.date} is cited as issued by {one.issuer} and by {other.issuer}"


def _later(mentions: Sequence[Mention], issued: date | None) -> Iterator[PlanWarning]:
    """Yield the documents cited that are later than the plan: one warning, for it is one date that is wrong."""
    later = [one for one in first_mentions(mentions) if issued and (one.reference.date or issued) > issued]
    if later:
        names = ", ".join(f"{_name(one)} of {one.reference.date}" for one in later)
        message = f"cited, but later than the plan itself, of {issued}: {names}"
        yield _warning(WarningCode.REFERENCE_CONFLICT, message, later[0].where)


def _name(mention: Mention) -> str:
    return " ".join(part for part in (mention.reference.type, mention.reference.number) if part)


def _warning(code: WarningCode, message: str, where: Sequence[Where]) -> PlanWarning:
    message = f"{message}; {_LOOK[code]}"
    return PlanWarning(code, message, WarningPlace(where[0].page, where[0].lines) if where else None)


def _roles(task: Task) -> tuple[tuple[Unit, ...], tuple[Unit, ...]]:
    return task.lead_units, task.coordinating_units
