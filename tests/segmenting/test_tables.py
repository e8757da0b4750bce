"""Tables: what their columns mean, which rows stand over others or go on, and what a row assigns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import planparse

if TYPE_CHECKING:
    from planparse.plan import Task


@pytest.mark.cases("segmenting/tables")
def test_tasks_of_a_table(case: dict[str, Any]) -> None:
    plan = planparse.parse_text(
        f"KẾ HOẠCH\nI. NỘI DUNG\n1. Theo Phụ lục.\nPHỤ LỤC\nDANH MỤC\n{case['given'].strip()}\n"
    )
    assert [_row(task) for task in plan.tasks] == [[part.strip() for part in one.split("|")] for one in case["expect"]]


def _row(task: Task) -> list[str]:
    units = ["; ".join(unit.name for unit in field) for field in (task.lead_units, task.coordinating_units)]
    time = task.time_frame.text if task.time_frame else ""
    return [task.id, *units, "; ".join(task.deliverables), time]
