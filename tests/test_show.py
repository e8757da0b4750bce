from collections.abc import Callable
from typing import Any

import pytest

from planparse.plan import Plan
from planparse.show import describe_plan

MakePlan = Callable[..., Plan]
MakePart = Callable[..., dict[str, Any]]

TASK = {
    "text": "Rà soát văn bản",
    "lead_units": [{"name": "Sở Nội vụ", "collective": False}, {"name": "Sở Y tế", "collective": False}],
    "deliverables": ["Báo cáo", "Danh mục"],
    "time_frame": {
        "text": "Trước 30/6",
        "start": None,
        "end": "2024-06-30",
        "recurrence": "yearly",
        "condition": None,
        "milestones": [],
    },
}
EXPECTED = """\
Kế hoạch 12/KH-VP Cải cách (1 task)

II.1  Rà soát văn bản
    leads   Sở Nội vụ; Sở Y tế
    with    –
    result  Báo cáo; Danh mục
    when    Trước 30/6 [… to 2024-06-30, yearly]
"""


@pytest.fixture
def plan(make_plan: MakePlan, make_task: MakePart) -> Plan:
    header = {"parent_body": None, "issuer": None, "number": "12/KH-VP", "place": None, "date": None}
    return make_plan(
        header={**header, "type": "Kế hoạch", "title": "Cải cách"},
        tasks=[make_task("II.1", **TASK)],
    )


def test_a_task_tells_who_what_with_whom_and_when(plan: Plan) -> None:
    assert describe_plan(plan) == EXPECTED


def test_long_lines_are_broken_at_the_width(plan: Plan) -> None:
    assert max(map(len, describe_plan(plan, width=40).splitlines()[2:])) <= 40


def test_fields_to_review_are_named(make_plan: MakePlan, make_task: MakePart) -> None:
    plan = make_plan(tasks=[make_task("I", needs_review=["text", "time_frame"])])
    assert "    review  text, time_frame\n" in describe_plan(plan)
