"""Warnings on tasks and references: told where a person would ask back, and few enough to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from planparse import parse_text
from planparse.document import Where
from planparse.normalizing.audit import audit_plan
from planparse.normalizing.references import Mention, read_references
from planparse.normalizing.repeats import find_repeats
from planparse.normalizing.time_frames import read_time_frame
from planparse.outline import Passage, Table
from planparse.plan import Task
from planparse.warning import WarningCode, WarningPlace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.plan import Plan
    from planparse.warning import PlanWarning

YEAR = 2025
ISSUED = date(2025, 3, 10)
LONG = "Xây dựng, tham mưu ban hành quy chế quản lý cơ sở dữ liệu dùng chung"

MakeTask = Callable[..., Task]


@pytest.fixture
def make(make_plan: Callable[..., Plan], make_task: Callable[..., dict[str, Any]]) -> MakeTask:
    """Return a function that makes a task of an id, whole but for what it is given."""

    def one(name: str, *, leads: str = "Sở Nội vụ", time: str = "", **fields: object) -> Task:
        parts = {"lead_units": _units(leads), "deliverables": ["Báo cáo"], "text": f"Rà soát {name}", **fields}
        (task,) = make_plan(tasks=[make_task(name, **parts)]).tasks
        return task.model_copy(update={"time_frame": read_time_frame(time or "Quý II/2025", YEAR)})

    return one


def _units(names: str) -> list[dict[str, Any]]:
    return [{"name": name, "collective": name.startswith("các")} for name in names.split("; ") if name]


def audit(*tasks: Task, year: int | None = YEAR, tables: Sequence[Table] = ()) -> list[str]:
    return [_found(warning) for warning in audit_plan(tasks, tables, [], year, ISSUED)]


def _found(warning: PlanWarning) -> str:
    """Return what was found, without what to look at."""
    return warning.message.partition("; look ")[0]


def test_whole_tasks_are_nothing_to_warn_of(make: MakeTask) -> None:
    assert audit(*(make(f"I.{number}") for number in range(1, 9))) == []


def test_a_task_without_a_lead_is_told(make: MakeTask) -> None:
    assert audit(make("I.1"), make("I.2", leads="")) == ["task I.2 (lead_units) names no lead unit"]


def test_a_plan_none_of_whose_tasks_names_a_lead_is_told_once(make: MakeTask) -> None:
    assert audit(*(make(f"I.{one}", leads="") for one in "1234")) == ["none of the 4 tasks names a lead unit"]


def test_a_deliverable_is_missed_where_the_tasks_around_state_one(make: MakeTask) -> None:
    tasks = [make("I.1"), make("I.2"), make("I.3", deliverables=[]), make("I.4")]
    assert audit(*tasks) == ["task I.3 (deliverables) does not state a deliverable, as the tasks around it do"]


def test_a_deliverable_is_not_missed_where_no_task_states_one(make: MakeTask) -> None:
    assert audit(*(make(f"I.{one}", deliverables=[]) for one in "12345")) == []


def test_the_nearest_tasks_show_what_is_stated(make: MakeTask) -> None:
    """A section none of whose tasks has a deliverable is as it is meant, whatever other sections do."""
    stating = [make(f"I.{number}") for number in range(1, 20)]
    assert audit(*stating, *(make(f"II.{one}", deliverables=[]) for one in "1234")) == []


def test_a_group_of_few_tasks_is_judged_by_those_beside_it(make: MakeTask) -> None:
    tasks = [*(make(f"I.1.{one}") for one in "1234"), make("I.2.1", deliverables=[])]
    assert audit(*tasks) == ["task I.2.1 (deliverables) does not state a deliverable, as the tasks around it do"]


def test_a_time_is_missed_where_the_tasks_around_state_one(make: MakeTask) -> None:
    timeless = make("I.4").model_copy(update={"time_frame": None})
    tasks = [*(make(f"I.{one}") for one in "123"), timeless]
    assert audit(*tasks) == ["task I.4 (time_frame) does not state a time, as the tasks around it do"]


def test_a_plan_without_times_is_told_once(make: MakeTask) -> None:
    tasks = [make(f"I.{one}", kind="prose").model_copy(update={"time_frame": None}) for one in "1234"]
    assert audit(*tasks) == ["none of the 4 tasks states a time"]


def test_a_date_that_cannot_be_is_told(make: MakeTask) -> None:
    assert audit(make("I.1", time="trước ngày 31/6/2025")) == [
        'task I.1 (time_frame) has "trước ngày 31/6/2025": no such date'
    ]


def test_a_time_that_ends_before_it_starts_is_told(make: MakeTask) -> None:
    assert audit(make("I.1", time="Từ tháng 9/2025 đến tháng 4/2025")) == [
        'task I.1 (time_frame) has "Từ tháng 9/2025 đến tháng 4/2025": it ends before it starts'
    ]


def test_a_deadline_before_the_plan_is_told(make: MakeTask) -> None:
    assert audit(make("I.1", time="trước ngày 28/02/2025")) == [
        "task I.1 (time_frame) is due on 2025-02-28, before the plan's own date, 2025-03-10"
    ]


def test_a_deadline_in_another_year_is_told(make: MakeTask) -> None:
    assert audit(make("I.1", time="Quý II/2026")) == [
        "task I.1 (time_frame) is due on 2026-06-30, outside the plan's year, 2025"
    ]


@pytest.mark.parametrize(
    ("year", "time"),
    [
        (YEAR, "Năm 2025 và các năm tiếp theo"),
        (YEAR, "Giai đoạn 2025-2030"),
        (YEAR, "Quý I/2025"),
        (None, "Quý II/2026"),
        (2026, "Tháng 12/2025"),
    ],
)
def test_times_that_reach_into_the_plans_time_are_not(make: MakeTask, year: int | None, time: str) -> None:
    """A quarter that is not over, years of which the plan's is one, and the weeks in which the year is prepared."""
    assert audit(make("I.1", time=time), year=year) == []


def test_a_lead_that_coordinates_its_own_task_is_told(make: MakeTask) -> None:
    task = make("I.1", leads="Sở Giáo dục và Đào tạo", coordinating_units=_units("Sở Y tế; Sở GDĐT"))
    assert audit(task) == ["task I.1 (coordinating_units) is led by and coordinated with Sở Giáo dục và Đào tạo"]


def test_collective_units_lead_and_coordinate_each_their_own(make: MakeTask) -> None:
    assert audit(make("I.1", leads="các sở, ngành", coordinating_units=_units("các sở, ngành"))) == []


@pytest.mark.cases("normalizing/repeats")
def test_a_task_repeats_another(case: dict[str, Any], make: MakeTask) -> None:
    tasks = [make(f"I.{number}", text=text) for number, text in enumerate(case["given"], start=1)]
    assert bool(list(find_repeats(tasks))) == case["expect"]


def test_the_same_words_with_another_time_below_one_heading_contradict_each_other(make: MakeTask) -> None:
    tasks = [make("I.1", text=LONG), make("I.2", text=LONG, time="Quý III/2025")]
    assert audit(*tasks) == ['task I.2 (text) repeats task I.1, with another time: "Quý III/2025", not "Quý II/2025"']


def test_the_same_words_below_two_headings_are_a_repeat(make: MakeTask) -> None:
    assert audit(make("I.1", text=LONG), make("II.4", text=LONG)) == ["task II.4 (text) repeats task I.1"]


def test_the_same_words_below_two_headings_with_two_times_are_two_steps(make: MakeTask) -> None:
    assert audit(make("I.1", text=LONG), make("II.1", text=LONG, time="Quý III/2025")) == []


def test_few_words_below_two_headings_are_about_those(make: MakeTask) -> None:
    assert audit(make("I.1", text="Tổ chức thực hiện"), make("II.1", text="Tổ chức thực hiện")) == []


def test_the_same_words_for_another_lead_are_another_task(make: MakeTask) -> None:
    assert audit(make("I.1", text=LONG), make("I.2", text=LONG, leads="Sở Y tế")) == []


def test_prose_that_names_again_what_a_table_lists_is_no_repeat(make: MakeTask) -> None:
    assert audit(make("I.1", text=LONG, kind="prose"), make("II.1", text=LONG, kind="table")) == []


def test_many_tasks_with_one_oddity_are_one_warning_that_names_them(make: MakeTask) -> None:
    tasks = [make(name, time="Tháng 01/2025") for name in ("I.1", "I.2", "I.3", "I.5", "II.a", "II.b")]
    assert audit(*tasks) == ["6 tasks (time_frame) are due before the plan's own date, 2025-03-10: I: 1–3, 5; II: a, b"]


def test_a_warning_tells_its_place(make: MakeTask) -> None:
    task = make("I.1", leads="").model_copy(update={"where": (Where(2, None, (31, 44)),)})
    assert audit_plan([task], [], [], YEAR, ISSUED)[0].where == WarningPlace(2, (31, 44))


def test_every_warning_says_what_to_look_at(make: MakeTask) -> None:
    """One of each code that an audit has, and none more than once."""
    tasks = [
        make("I.1", leads="", time="31/6/2025"),
        make("I.2", time="Từ tháng 9/2025 đến tháng 4/2025", coordinating_units=_units("Sở Nội vụ")),
        make("I.3", text=LONG, time="trước ngày 28/02/2025"),
        make("I.4", text=LONG, time="Quý II/2026"),
    ]
    rows = Table((), tuple((Passage(number, ()),) for number in "13"))
    mentions = [Mention(one) for one in read_references("Nghị định số 45/2020/NĐ-CP ngày 08/4/2021")]
    told = audit_plan(tasks, [rows], mentions, YEAR, ISSUED)
    assert {one.code for one in told if "; look " in one.message} == {
        WarningCode.TASK_INCOMPLETE,
        WarningCode.DATE_INVALID,
        WarningCode.TIME_REVERSED,
        WarningCode.DEADLINE_PAST,
        WarningCode.DEADLINE_YEAR,
        WarningCode.TASK_REPEATED,
        WarningCode.ROLE_CONFLICT,
        WarningCode.REFERENCE_CONFLICT,
        WarningCode.MARKER_SEQUENCE,
    }


def test_no_task_is_compared_with_more_than_a_few(make: MakeTask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks of one lead that all start alike are no reason to compare each with each."""
    compared = Counter[str]()
    monkeypatch.setattr("planparse.normalizing.repeats._is_same", lambda _, other: compared.update([other.task.id]))
    assert not list(find_repeats([make(f"I.{number}", text=f"{LONG} {number}") for number in range(200)]))
    assert max(compared.values()) <= 16


@pytest.mark.cases("normalizing/conflicts")
def test_references_go_together(case: dict[str, Any]) -> None:
    mentions = [Mention(one) for text in case["given"] for one in read_references(text)]
    assert [_found(one) for one in audit_plan([], [], mentions, YEAR, ISSUED)] == case["expect"]


@pytest.mark.parametrize(
    ("numbers", "messages"),
    [
        ("1 2 3 4", []),
        ("1 2 4 5", ["row 4 follows row 2"]),
        ("1 2 2 3", ["row 2 follows row 2"]),
        ("3. 4. 2.", ["row 2 follows row 4"]),
        ("1 2 1 2", []),
        ("1 2 l 4", []),
        ("1 2 | 3 4", []),
        ("1 2 | 4 5", ["row 4 follows row 2"]),
        ("Sở Xã Báo 7 9", []),
        ("1.1 1.2 1.4", []),
    ],
)
def test_rows_follow_each_other(numbers: str, messages: list[str]) -> None:
    """Tables are parted by "|"; "l" is a number that OCR misread."""
    tables = [Table((), tuple((Passage(number, ()),) for number in part.split())) for part in numbers.split("|")]
    assert audit(tables=tables) == messages


def test_a_plan_is_audited_as_it_is_parsed() -> None:
    text = """KẾ HOẠCH
Kiểm tra công vụ năm 2025

I. NHIỆM VỤ
1. Rà soát các văn bản quy định về kiểm tra công vụ
- Đơn vị chủ trì: Phòng Nội vụ
- Thời gian: trước ngày 31/6/2025
"""
    assert [warning.code for warning in parse_text(text).warnings if warning.where] == ["date-invalid"]


@pytest.mark.parametrize(
    ("markers", "told"),
    [
        ("1. 2. 4.", 'item I.4: marker "4." breaks the sequence'),
        ("1. 2. 2.", 'item I.3: marker "2." breaks the sequence, which calls for 3'),
    ],
)
def test_a_marker_out_of_sequence_is_told_with_its_item(markers: str, told: str) -> None:
    items = "".join(f"{marker} Rà soát các văn bản quy định về công vụ.\n" for marker in markers.split())
    assert told in [_found(one) for one in parse_text(f"KẾ HOẠCH\nKiểm tra\n\nI. NHIỆM VỤ\n{items}").warnings]
