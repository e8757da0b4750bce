"""The tables that sheets are made of: the tasks; who leads or coordinates what; the documents that are cited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from planparse.exporting.words import (
    DOUBTFUL,
    FIELDS,
    SURE,
    clean,
    describe_doubts,
    describe_milestones,
    describe_places,
    name_plan,
    name_recurrence,
)
from planparse.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planparse.plan import Plan, Reference, Task, TaskField, Unit

Value = str | date | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, the field of a task that it shows."""

    heading: str
    width: int
    field: TaskField | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: a value for each column, the headings of those that are doubtful, what rows of one group share."""

    values: tuple[Value, ...]
    doubtful: frozenset[str] = frozenset()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first `printed` columns go on paper when one plan is in it, one more when several are."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    printed: int


_TASK_COLUMNS = (
    Column("Mục", 11),
    Column(FIELDS["text"], 46, "text"),
    Column(FIELDS["lead_units"], 20, "lead_units"),
    Column(FIELDS["coordinating_units"], 22, "coordinating_units"),
    Column(FIELDS["deliverables"], 22, "deliverables"),
    Column(FIELDS["time_frame"], 16, "time_frame"),
    Column("Từ ngày", 12, "time_frame"),
    Column("Đến ngày", 12, "time_frame"),
    Column("Tình trạng", 15),
    Column("Cần kiểm tra (độ tin cậy)", 22),
    Column("Văn bản", 20),
    Column("Nhóm nhiệm vụ", 30),
    Column("Định kỳ", 14, "time_frame"),
    Column("Điều kiện", 24, "time_frame"),
    Column("Các mốc thời gian", 30, "time_frame"),
    Column("Thông tin khác", 30),
    Column("Vị trí trong văn bản", 24),
    Column("Tệp nguồn", 28),
)
_UNIT_COLUMNS = (
    Column("Đơn vị", 30),
    Column("Loại", 13),
    Column("Vai trò", 11),
    Column("Mục", 11),
    Column(FIELDS["text"], 50, "text"),
    Column(FIELDS["deliverables"], 24, "deliverables"),
    Column(FIELDS["time_frame"], 16, "time_frame"),
    Column("Đến ngày", 12, "time_frame"),
    Column("Tình trạng", 15),
    Column("Văn bản", 20),
)
_REFERENCE_COLUMNS = (
    Column("Loại văn bản", 20),
    Column("Số, ký hiệu", 22),
    Column("Ngày ban hành", 14),
    Column("Cơ quan ban hành", 34),
    Column("Nêu tại nhiệm vụ", 26),
    Column("Văn bản viện dẫn", 24),
)
LEADS, COORDINATES = "Chủ trì", "Phối hợp"
_ROLES: Mapping[str, TaskField] = {LEADS: "lead_units", COORDINATES: "coordinating_units"}


def task_table(plans: Sequence[Plan]) -> Table:
    """Return the tasks of all plans, a row each, in the documents' order."""
    rows = tuple(_task_row(plan, groups, task) for plan in plans for groups in [_groups(plan)] for task in plan.tasks)
    return Table("Nhiệm vụ", _TASK_COLUMNS, rows, printed=10)


def unit_table(plans: Sequence[Plan]) -> Table:
    """Return a row for each unit of each task, by the units' names; what a unit leads comes first."""
    roles = [(plan, task, unit, role) for plan in plans for task in plan.tasks for unit, role in _roles(task)]
    roles.sort(key=lambda one: (fold(one[2].name), one[3] != LEADS))
    return Table("Theo đơn vị", _UNIT_COLUMNS, tuple(_unit_row(*one) for one in roles), printed=9)


def reference_table(plans: Sequence[Plan]) -> Table:
    """Return the documents that each plan cites, and the tasks that cite them."""
    rows = tuple(_reference_row(plan, one) for plan in plans for one in plan.references)
    return Table("Văn bản viện dẫn", _REFERENCE_COLUMNS, rows, printed=5)


def _row(values: tuple[Value, ...], doubtful: frozenset[str] = frozenset(), group: str = "") -> Row:
    return Row(tuple(_clean(value) for value in values), doubtful, group)


def _doubtful(columns: Sequence[Column], task: Task) -> frozenset[str]:
    return frozenset(column.heading for column in columns if column.field in task.needs_review)


def _clean(value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(clean(one) for one in value)
    return clean(value) if isinstance(value, str) else value


def _task_row(plan: Plan, groups: dict[str, str], task: Task) -> Row:
    time = task.time_frame
    values: tuple[Value, ...] = (
        task.id,
        task.text,
        tuple(unit.name for unit in task.lead_units),
        tuple(unit.name for unit in task.coordinating_units),
        task.deliverables,
        time.text if time else None,
        time.start if time else None,
        time.end if time else None,
        DOUBTFUL if task.needs_review else SURE,
        describe_doubts(task),
        name_plan(plan),
        _group(groups, task),
        name_recurrence(time),
        time.condition if time else None,
        describe_milestones(time),
        tuple(f"{one.label}: {one.text}" for one in task.other_fields),
        describe_places(task.where),
        plan.source.file,
    )
    return _row(values, _doubtful(_TASK_COLUMNS, task))


def _groups(plan: Plan) -> dict[str, str]:
    return {item.id: item.title for item in plan.walk() if item.title}


def _group(groups: dict[str, str], task: Task) -> str | None:
    """Return the title of the nearest heading over the task."""
    above = (".".join(task.path[:depth]) for depth in range(len(task.path) - 1, 0, -1))
    return next((groups[name] for name in above if name in groups), None)


def _roles(task: Task) -> Iterator[tuple[Unit, str]]:
    yield from ((unit, LEADS) for unit in task.lead_units)
    yield from ((unit, COORDINATES) for unit in task.coordinating_units)


def _unit_row(plan: Plan, task: Task, unit: Unit, role: str) -> Row:
    time, doubtful = task.time_frame, _doubtful(_UNIT_COLUMNS, task)
    if _ROLES[role] in task.needs_review:
        doubtful |= {_UNIT_COLUMNS[0].heading}
    values: tuple[Value, ...] = (
        unit.name,
        "Nhóm đơn vị" if unit.collective else "Một đơn vị",
        role,
        task.id,
        task.text,
        task.deliverables,
        time.text if time else None,
        time.end if time else None,
        DOUBTFUL if doubtful else SURE,
        name_plan(plan),
    )
    return _row(values, doubtful, fold(unit.name))


def _reference_row(plan: Plan, reference: Reference) -> Row:
    citing = tuple(task.id for task in plan.tasks if any(_is_one(reference, one) for one in task.references))
    return _row((reference.type, reference.number, reference.date, reference.issuer, citing, name_plan(plan)))


def _is_one(reference: Reference, cited: Reference) -> bool:
    """Tell whether a task cites `reference`; it may leave out the date or the issuer."""
    return (
        fold(reference.type) == fold(cited.type)
        and fold(reference.number or "") == fold(cited.number or "")
        and cited.date in {None, reference.date}
        and cited.issuer in {None, reference.issuer}
    )
