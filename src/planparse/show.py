"""A plan's tasks to read: who leads what, with whom, what comes out, when."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planparse.plan import Plan, Task, TimeFrame, Unit

INDENT = "    "
NOT_STATED = "–"


def describe_plan(plan: Plan, *, width: int | None = None) -> str:
    """Return the plan's name and its tasks, a paragraph each; lines are broken at `width` columns, where given."""
    paragraphs = [_headline(plan), *(_describe_task(task, width) for task in plan.tasks)]
    return "\n\n".join(paragraphs) + "\n"


def _headline(plan: Plan) -> str:
    header, count = plan.header, len(plan.tasks)
    name = " ".join(part for part in (header.type, header.number) if part)
    parts = [name, header.title, f"({count} {'task' if count == 1 else 'tasks'})"]
    return " ".join(part for part in parts if part)


def _describe_task(task: Task, width: int | None) -> str:
    lines = [_wrap(f"{task.id}  ", task.text, width)]
    lines += [_wrap(f"{INDENT}{name:<8}", value, width) for name, value in _fields(task)]
    return "\n".join(lines)


def _fields(task: Task) -> Iterator[tuple[str, str]]:
    yield "leads", _names(task.lead_units)
    yield "with", _names(task.coordinating_units)
    yield "result", "; ".join(task.deliverables) or NOT_STATED
    yield "when", _describe_time(task.time_frame)
    if task.needs_review:
        yield "review", ", ".join(task.needs_review)


def _names(units: tuple[Unit, ...]) -> str:
    return "; ".join(unit.name for unit in units) or NOT_STATED


def _describe_time(time_frame: TimeFrame | None) -> str:
    if time_frame is None:
        return NOT_STATED
    dates = " to ".join(date.isoformat() if date else "…" for date in (time_frame.start, time_frame.end))
    known = [dates] if time_frame.start or time_frame.end else []
    if time_frame.recurrence:
        known.append(time_frame.recurrence.value)
    return f"{time_frame.text} [{', '.join(known)}]" if known else time_frame.text


def _wrap(start: str, text: str, width: int | None) -> str:
    if width is None:
        return start + text
    return textwrap.fill(text, max(width, 40), initial_indent=start, subsequent_indent=" " * (len(INDENT) + 8))
