"""What every format keeps: a row or to-do for each task of the golden plans, the same bytes, text that stays text."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from icalendar import Calendar

from planparse.exporting import FORMATS, export_plans
from planparse.exporting.tables import task_table
from planparse.plan import Plan, read_plan

MakePlan = Callable[..., Plan]
MakePart = Callable[..., dict[str, Any]]
GOLDEN = sorted((Path(__file__).parent.parent.parent / "golden").glob("*.json"))


@pytest.fixture(params=GOLDEN, ids=lambda path: path.stem)
def golden(request: pytest.FixtureRequest) -> Plan:
    return read_plan(request.param)


def _count(data: bytes, ending: str) -> int:
    """Return how many tasks a file holds."""
    if ending == ".xlsx":
        return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].max_row - 3
    if ending == ".csv":
        return len(list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))) - 1
    if ending == ".ics":
        return sum("RELATED-TO" not in todo for todo in Calendar.from_ical(data).walk("VTODO"))
    return len(re.findall(r"^### ", data.decode(), re.MULTILINE))


@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_holds_as_many_tasks_as_the_plan(golden: Plan, ending: str) -> None:
    assert _count(export_plans([golden], ending), ending) == len(golden.tasks)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_holds_the_tasks_of_all_plans(ending: str) -> None:
    plans = [read_plan(path) for path in GOLDEN]
    assert _count(export_plans(plans, ending), ending) == sum(len(plan.tasks) for plan in plans)


@pytest.mark.parametrize("ending", FORMATS)
def test_an_empty_plan_gives_a_file_without_tasks(make_plan: MakePlan, ending: str) -> None:
    assert _count(export_plans([make_plan()], ending), ending) == 0


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_plan_gives_the_same_bytes(ending: str) -> None:
    plan = read_plan(GOLDEN[0])
    assert export_plans([plan], ending) == export_plans([plan], ending.upper())


@pytest.mark.parametrize("ending", FORMATS)
def test_characters_that_a_file_cannot_hold_are_left_out(make_plan: MakePlan, make_task: MakePart, ending: str) -> None:
    plan = make_plan(tasks=[make_task("I", text="Rà\x00 so\x0bát\ud800\uffff", deliverables=["a\x1b[31m"])])
    assert _count(export_plans([plan], ending), ending) == 1


def test_an_unknown_format_is_refused(make_plan: MakePlan) -> None:
    with pytest.raises(ValueError, match=r"only to \.xlsx, \.csv, \.ics, \.md"):
        export_plans([make_plan()], ".pdf")


def test_the_golden_plans_have_a_row_by_task(golden: Plan) -> None:
    assert [row.values[0] for row in task_table([golden]).rows] == [task.id for task in golden.tasks]
