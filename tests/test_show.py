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


def test_warnings_are_told_by_code_with_their_places(make_plan: MakePlan) -> None:
    late = {"code": "deadline-past", "message": "task I is due", "where": {"page": 2, "lines": [3, 5]}}
    warnings = [late, {"code": "no-text", "message": "no text", "where": None}, late]
    described = describe_plan(make_plan(warnings=warnings)).partition("\n\n")[2]
    assert described == (
        "warning deadline-past (2)\n"
        "    page 2, lines 3–5: task I is due\n"
        "    page 2, lines 3–5: task I is due\n\n"
        "warning no-text (1)\n"
        "    no text\n"
    )


def test_of_many_warnings_of_a_code_the_first_are_told(make_plan: MakePlan) -> None:
    warnings = [{"code": "date-invalid", "message": f"task {number}", "where": None} for number in range(1, 13)]
    assert describe_plan(make_plan(warnings=warnings)).endswith("    task 10\n    and 2 more\n")
