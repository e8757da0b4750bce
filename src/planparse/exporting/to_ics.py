"""Deadlines as a calendar (RFC 5545): a to-do for each task, and for each milestone of a task.

A time with a start and an end becomes DTSTART and DUE, the last day included. One that comes again becomes a rule whose
days are the last ones of its periods within the time; it has no DUE, as one that equals DTSTART is not allowed.
A plan names no mail addresses, so the lead unit is known by a URN of its name.
"""

from __future__ import annotations

import calendar
import textwrap
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_DNS, uuid5

from icalendar import Calendar, Todo, vCalAddress

from planparse.exporting.words import clean, describe_doubts, describe_fields, describe_places, name_plan
from planparse.plan import Recurrence
from planparse.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planparse.plan import Plan, Task, TimeFrame

NAMESPACE = uuid5(NAMESPACE_DNS, "planparse")
"""What the identifiers of this program are derived from; another one would make every to-do a new one."""
UNDATED = date(1970, 1, 1)
"""The date of the to-dos of a plan that has none."""
SUMMARY_WIDTH = 120
"""Characters of a to-do's title; the whole text is in its description."""

_RULES: Mapping[Recurrence | None, Mapping[str, Any]] = {
    Recurrence.DAILY: {"freq": "DAILY"},
    Recurrence.WEEKLY: {"freq": "WEEKLY"},
    Recurrence.MONTHLY: {"freq": "MONTHLY", "bymonthday": -1},
    Recurrence.QUARTERLY: {"freq": "MONTHLY", "interval": 3, "bymonthday": -1},
    Recurrence.YEARLY: {"freq": "YEARLY"},
}
_MONTHS = {Recurrence.MONTHLY: 1, Recurrence.QUARTERLY: 3, Recurrence.YEARLY: 12}


def export_ics(plans: Sequence[Plan]) -> bytes:
    """Return a calendar with a to-do for each task of `plans` and each milestone."""
    file = Calendar()
    file.add("prodid", "-//planparse//export//VI")
    file.add("version", "2.0")
    file.add("x-wr-calname", name_plan(plans[0]) if len(plans) == 1 else f"{len(plans)} văn bản")
    names: Counter[str] = Counter()
    for plan in plans:
        for task in plan.tasks:
            for todo in _todos(plan, task, names):
                file.add_component(todo)
    return bytes(file.to_ical())


def _todos(plan: Plan, task: Task, names: Counter[str]) -> Iterator[Todo]:
    whole = _todo(plan, task, task.time_frame, _identify(plan, task.id, names))
    whole.add("summary", _shorten(task.text))
    yield whole
    for number, milestone in enumerate(task.time_frame.milestones if task.time_frame else (), start=1):
        part = _todo(plan, task, milestone, _identify(plan, f"{task.id}/{number}", names))
        part.add("summary", _shorten(f"{milestone.text}: {task.text}"))
        part.add("related-to", whole["uid"])
        yield part


def _identify(plan: Plan, name: str, names: Counter[str]) -> str:
    """Return an identifier that a task keeps from export to export; the same document a second time has others."""
    header = plan.header
    document = plan.source.sha256 or fold(f"{header.issuer} {header.number} {header.date} {header.title}")
    names[key := f"{document} {name}"] += 1
    return str(uuid5(NAMESPACE, key if names[key] == 1 else f"{key} {names[key]}"))


def _todo(plan: Plan, task: Task, time_frame: TimeFrame | None, uid: str) -> Todo:
    todo = Todo()
    todo.add("uid", uid)
    todo.add("dtstamp", _stamp(plan))
    for name, value in _dates(time_frame):
        todo.add(name, value)
    if task.lead_units:
        todo.add("organizer", _organizer(task.lead_units[0].name))
        todo.add("categories", [squeeze(clean(unit.name)) for unit in task.lead_units])
    todo.add("description", clean("\n".join(_description(plan, task, time_frame))))
    todo.add("status", "NEEDS-ACTION")
    return todo


def _stamp(plan: Plan) -> datetime:
    """Return the day of the plan itself, so that the same plan gives the same bytes."""
    day = plan.header.date or UNDATED
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _organizer(name: str) -> vCalAddress:
    address = vCalAddress(uuid5(NAMESPACE, fold(squeeze(name))).urn)
    address.params["CN"] = squeeze(clean(name))
    return address


def _dates(time_frame: TimeFrame | None) -> Iterator[tuple[str, Any]]:
    if time_frame is None:
        return
    start, end = time_frame.start, time_frame.end
    first = _last_day(start, time_frame.recurrence) if start else None
    if first and (end is None or first <= end):
        yield "dtstart", first
        yield "rrule", {**_RULES[time_frame.recurrence], **({"until": end} if end else {})}
        return
    if start and (end is None or start < end):
        yield "dtstart", start
    if end:
        yield "due", end


def _last_day(start: date, recurrence: Recurrence | None) -> date | None:
    """Return the last day of the period that `start` lies in; None where nothing says how long a period is."""
    if recurrence is Recurrence.DAILY:
        return start
    if recurrence is Recurrence.WEEKLY:
        return start + timedelta(days=6 - start.weekday())
    if recurrence not in _MONTHS:
        return None
    month = -(-start.month // _MONTHS[recurrence]) * _MONTHS[recurrence]
    return date(start.year, month, calendar.monthrange(start.year, month)[1])


def _shorten(text: str) -> str:
    return textwrap.shorten(clean(text), SUMMARY_WIDTH, placeholder=" …")


def _description(plan: Plan, task: Task, time_frame: TimeFrame | None) -> Iterator[str]:
    yield task.text
    for name, value in describe_fields(task, time_frame):
        if value is not None:
            yield f"{name}: {value}"
    if task.needs_review:
        yield f"Cần kiểm tra: {'; '.join(describe_doubts(task))}"
    yield "; ".join([f"{name_plan(plan)}, mục {task.id}", *describe_places(task.where)])
