"""What exports say in Vietnamese: the names of fields, a time, a place; and text that every program can hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planparse.plan import Recurrence
from planparse.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from planparse.document import Where
    from planparse.plan import Plan, Task, TaskField, TimeFrame

FIELDS: Mapping[TaskField, str] = {
    "text": "Nhiệm vụ",
    "lead_units": "Đơn vị chủ trì",
    "coordinating_units": "Đơn vị phối hợp",
    "deliverables": "Sản phẩm",
    "time_frame": "Thời gian",
}
RECURRENCES: Mapping[Recurrence, str] = {
    Recurrence.CONTINUOUS: "Thường xuyên",
    Recurrence.PERIODIC: "Định kỳ",
    Recurrence.DAILY: "Hằng ngày",
    Recurrence.WEEKLY: "Hằng tuần",
    Recurrence.MONTHLY: "Hằng tháng",
    Recurrence.QUARTERLY: "Hằng quý",
    Recurrence.YEARLY: "Hằng năm",
}
DOUBTFUL = "⚠ Cần kiểm tra"
SURE = "Tin cậy"

_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    r"""Return `text` without what XML 1.0, UTF-8 and calendars can't hold; each line break, of any kind, is ``\n``."""
    return _UNWRITABLE.sub("", _BREAKS.sub("\n", text))


def name_plan(plan: Plan) -> str:
    """Return what a person calls the plan: kind and number, else its title, else its file."""
    header = plan.header
    kind = header.type or "Kế hoạch"
    if header.number:
        return squeeze(clean(f"{kind} số {header.number}"))
    return squeeze(clean(header.title or plan.source.file or kind))


def name_recurrence(time_frame: TimeFrame | None) -> str | None:
    """Return how a time comes again, in words."""
    return RECURRENCES[time_frame.recurrence] if time_frame and time_frame.recurrence else None


def describe_doubts(task: Task) -> tuple[str, ...]:
    """Return the fields that a person should check, each with the chance that it is right."""
    return tuple(f"{FIELDS[field]} ({int(getattr(task.confidence, field) * 100)}%)" for field in task.needs_review)


def describe_places(places: tuple[Where, ...]) -> tuple[str, ...]:
    """Return pages and lines as a person reads them."""
    return tuple(f"Trang {place.page}, dòng {_span(*place.lines)}" for place in places)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def describe_milestones(time_frame: TimeFrame | None) -> tuple[str, ...]:
    """Return each clause of a time that names several, with its dates."""
    return tuple(describe_time(one) for one in time_frame.milestones) if time_frame else ()


def describe_fields(task: Task, time_frame: TimeFrame | None) -> Iterator[tuple[str, str | None]]:
    """Yield the names of a task's fields beside its text, and what they say, None where that is not stated.

    `time_frame` is the task's own, or a milestone of that.
    """
    yield FIELDS["lead_units"], _join([unit.name for unit in task.lead_units])
    yield FIELDS["coordinating_units"], _join([unit.name for unit in task.coordinating_units])
    yield FIELDS["deliverables"], _join(task.deliverables)
    yield FIELDS["time_frame"], describe_time(time_frame) if time_frame else None


def _join(values: Sequence[str]) -> str | None:
    return "; ".join(values) if values else None


def describe_time(time_frame: TimeFrame) -> str:
    """Return the words of a time, and what they say, in brackets."""
    known = "; ".join(_known(time_frame))
    return f"{time_frame.text} ({known})" if known else time_frame.text


def _known(time_frame: TimeFrame) -> Iterator[str]:
    if time_frame.start and time_frame.start != time_frame.end:
        yield f"từ {day(time_frame.start)}" + (f" đến {day(time_frame.end)}" if time_frame.end else "")
    elif time_frame.end:
        yield day(time_frame.end)
    if recurrence := name_recurrence(time_frame):
        yield recurrence.lower()


def day(value: date) -> str:
    """Return a date as it is written in Vietnam.

    >>> import datetime
    >>> day(datetime.date(2024, 6, 30))
    '30/06/2024'
    """
    return f"{value.day:02}/{value.month:02}/{value.year}"
