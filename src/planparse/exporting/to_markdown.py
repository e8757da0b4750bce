"""The tasks as Markdown (CommonMark with tables): to read, and to compare, as each field has a line of its own.

Places and chances are left out: they differ from scan to scan of one document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planparse.exporting.tables import reference_table
from planparse.exporting.words import DOUBTFUL, FIELDS, clean, day, describe_fields, describe_time, name_plan
from planparse.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.exporting.tables import Value
    from planparse.plan import Plan, Task

NOT_STATED = "–"

_MARKUP = re.compile(r"[\\`*_\[\]<>|~&$#]")
_BLOCK = re.compile(r"^(\d*)(?=[-+.)])")


def export_markdown(plans: Sequence[Plan]) -> bytes:
    """Return each plan's tasks, a section each, and the documents that it cites."""
    lines = [line for plan in plans for line in _plan_lines(plan)]
    return ("\n".join(lines) + "\n").encode()


def escape(text: str) -> str:
    r"""Return `text` on one line, as Markdown that shows it as it is.

    >>> escape("- a|b <script>")
    '\\- a\\|b \\<script\\>'
    """
    return _BLOCK.sub(r"\1\\", _MARKUP.sub(r"\\\g<0>", squeeze(clean(text))))


def _plan_lines(plan: Plan) -> Iterator[str]:
    header = plan.header
    doubtful = sum(bool(task.needs_review) for task in plan.tasks)
    yield from (f"# {escape(name_plan(plan))}", "")
    if header.number and header.title:
        yield from (f"{escape(header.title)}", "")
    yield _field("Cơ quan ban hành", header.issuer)
    yield _field("Ngày ban hành", day(header.date) if header.date else None)
    yield _field("Số nhiệm vụ", str(len(plan.tasks)) + (f", {doubtful} cần kiểm tra" if doubtful else ""))
    yield from ("", "## Nhiệm vụ", "")
    for task in plan.tasks:
        yield from _task_lines(task)
    yield from _reference_lines(plan)


def _task_lines(task: Task) -> Iterator[str]:
    yield from (f"### {escape(task.id)}", "", escape(task.text) or NOT_STATED, "")
    yield from (_field(name, value) for name, value in describe_fields(task, task.time_frame))
    for milestone in task.time_frame.milestones if task.time_frame else ():
        yield f"  {_field('Mốc', describe_time(milestone))}"
    for other in task.other_fields:
        yield _field(other.label, other.text)
    if task.needs_review:
        yield _field(DOUBTFUL, "; ".join(FIELDS[field] for field in task.needs_review))
    yield ""


def _field(name: str, value: str | None) -> str:
    return f"- **{escape(name)}:** {escape(value or '') or NOT_STATED}"


def _reference_lines(plan: Plan) -> Iterator[str]:
    table = reference_table([plan])
    if table.rows:
        yield from (f"## {table.name}", "", _table_row([column.heading for column in table.columns[:-1]]))
        yield "|" + " --- |" * (len(table.columns) - 1)
        yield from (_table_row([_to_text(value) for value in row.values[:-1]]) for row in table.rows)
        yield ""


def _to_text(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or NOT_STATED
    return value if isinstance(value, str) else day(value) if value else NOT_STATED


def _table_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(escape(cell) for cell in cells)} |"
