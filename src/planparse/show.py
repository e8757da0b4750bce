"""A plan's tasks to read: who leads what, with whom, what comes out, when."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.plan import Plan, Task, TimeFrame, Unit
    from planparse.warning import PlanWarning

INDENT = "    "
NOT_STATED = "–"
SHOWN = 10
"""Warnings of one code that are told in full."""


def describe_plan(plan: Plan, *, width: int | None = None) -> str:
    """Return the plan's name, its tasks and what is odd, a paragraph each; lines are broken at `width` columns."""
    paragraphs = [_headline(plan), *(_describe_task(task, width) for task in plan.tasks)]
    paragraphs += _describe_warnings(plan.warnings, width)
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


def _describe_warnings(warnings: Sequence[PlanWarning], width: int | None) -> Iterator[str]:
    """Yield the warnings, a paragraph for each code, no more of one than a person reads."""
    alike: dict[str, list[PlanWarning]] = {}
    for warning in warnings:
        alike.setdefault(warning.code, []).append(warning)
    for code, group in alike.items():
        lines = [_wrap(INDENT, f"{_place(one)}{one.message}", width) for one in group[:SHOWN]]
        more = [f"{INDENT}and {len(group) - SHOWN} more"] if len(group) > SHOWN else []
        yield "\n".join([f"warning {code} ({len(group)})", *lines, *more])


def _place(warning: PlanWarning) -> str:
    if not warning.where:
        return ""
    page, (first, last) = warning.where.page, warning.where.lines
    return f"page {page}, line{f' {first}' if first == last else f's {first}–{last}'}: "


def _wrap(start: str, text: str, width: int | None) -> str:
    if width is None:
        return start + text
    return textwrap.fill(text, max(width, 40), initial_indent=start, subsequent_indent=" " * (len(INDENT) + 8))
