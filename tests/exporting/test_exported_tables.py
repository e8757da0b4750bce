"""The tables behind the sheets: what stands in them, and where nothing is stated."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from planparse.exporting.tables import Row, Table, Value, reference_table, task_table, unit_table
from planparse.exporting.words import clean
from planparse.plan import Plan

MakePlan = Callable[..., Plan]
MakePart = Callable[..., dict[str, Any]]
UNIT = {"name": "Sở Nội vụ", "collective": False}
GROUP = {"name": "các sở, ban, ngành", "collective": True}


def _time(text: str, start: str | None, end: str | None, **parts: object) -> dict[str, Any]:
    nothing: dict[str, Any] = {"recurrence": None, "condition": None, "milestones": []}
    return {"text": text, "start": start, "end": end, **nothing, **parts}


def _named(table: Table, row: Row) -> dict[str, Value]:
    return {column.heading: value for column, value in zip(table.columns, row.values, strict=True) if value}


def _first(table: Table) -> dict[str, Value]:
    return _named(table, table.rows[0])


def test_a_task_has_every_value_that_the_plan_states(make_plan: MakePlan, make_task: MakePart) -> None:
    milestones = [_time("Quý I", "2024-01-01", "2024-03-31"), _time("trước 30/6", None, "2024-06-30")]
    time_frame = _time("Quý I; trước 30/6", "2024-01-01", "2024-06-30", recurrence="yearly", milestones=milestones)
    task = make_task(
        "II.1",
        lead_units=[UNIT],
        coordinating_units=[GROUP],
        deliverables=["Báo cáo", "Danh mục"],
        time_frame=time_frame | {"condition": "Sau khi được giao vốn"},
        other_fields=[{"label": "Kinh phí", "text": "1 tỷ"}],
        where=[{"page": 2, "bbox": None, "lines": [31, 44]}, {"page": 3, "bbox": None, "lines": [45, 45]}],
    )
    item = {"id": "II", "marker": "II.", "level": 1, "title": "NHIỆM VỤ", "text": [], "children": []}
    source = {"file": "a.pdf", "sha256": "", "pages": 3, "text_from": "ocr"}
    assert _first(task_table([make_plan(tasks=[task], outline=[item], source=source)])) == {
        "Mục": "II.1",
        "Nhiệm vụ": "Rà soát",
        "Đơn vị chủ trì": ("Sở Nội vụ",),
        "Đơn vị phối hợp": ("các sở, ban, ngành",),
        "Sản phẩm": ("Báo cáo", "Danh mục"),
        "Thời gian": "Quý I; trước 30/6",
        "Từ ngày": date(2024, 1, 1),
        "Đến ngày": date(2024, 6, 30),
        "Tình trạng": "Tin cậy",
        "Văn bản": "a.pdf",
        "Nhóm nhiệm vụ": "NHIỆM VỤ",
        "Định kỳ": "Hằng năm",
        "Điều kiện": "Sau khi được giao vốn",
        "Các mốc thời gian": ("Quý I (từ 01/01/2024 đến 31/03/2024)", "trước 30/6 (30/06/2024)"),
        "Thông tin khác": ("Kinh phí: 1 tỷ",),
        "Vị trí trong văn bản": ("Trang 2, dòng 31–44", "Trang 3, dòng 45"),
        "Tệp nguồn": "a.pdf",
    }


def test_a_task_without_units_and_time_leaves_its_cells_empty(make_plan: MakePlan, make_task: MakePart) -> None:
    assert _first(task_table([make_plan(tasks=[make_task("I")])])) == {
        "Mục": "I",
        "Nhiệm vụ": "Rà soát",
        "Tình trạng": "Tin cậy",
        "Văn bản": "Kế hoạch",
    }


def test_doubtful_fields_are_named_with_their_chances(make_plan: MakePlan, make_task: MakePart) -> None:
    chances = {"text": 1, "lead_units": 0.996, "coordinating_units": 1, "deliverables": 1, "time_frame": 0.71}
    task = make_task("I", confidence=chances, needs_review=["lead_units", "time_frame"])
    row = _first(task_table([make_plan(tasks=[task])]))
    doubts = ("Đơn vị chủ trì (99%)", "Thời gian (71%)")
    assert (row["Tình trạng"], row["Cần kiểm tra (độ tin cậy)"]) == ("⚠ Cần kiểm tra", doubts)


def test_tasks_of_several_plans_follow_one_another_with_their_document(
    make_plan: MakePlan, make_task: MakePart
) -> None:
    header = dict.fromkeys(("parent_body", "issuer", "place", "date", "title"))
    plans = [make_plan(tasks=[make_task("I")], header={**header, "type": "Kế hoạch", "number": n}) for n in ("1", "2")]
    table = task_table(plans)
    assert [_named(table, row)["Văn bản"] for row in table.rows] == ["Kế hoạch số 1", "Kế hoạch số 2"]


def test_a_unit_has_what_it_leads_before_what_it_helps_with(make_plan: MakePlan, make_task: MakePart) -> None:
    tasks = [
        make_task("I", coordinating_units=[UNIT, GROUP]),
        make_task("II", lead_units=[{"name": "SỞ NỘI VỤ", "collective": False}]),
    ]
    rows = [row.values[:4] for row in unit_table([make_plan(tasks=tasks)]).rows]
    assert rows == [
        ("các sở, ban, ngành", "Nhóm đơn vị", "Phối hợp", "I"),
        ("SỞ NỘI VỤ", "Một đơn vị", "Chủ trì", "II"),
        ("Sở Nội vụ", "Một đơn vị", "Phối hợp", "I"),
    ]


def test_a_unit_is_doubtful_in_its_own_role(make_plan: MakePlan, make_task: MakePart) -> None:
    task = make_task("I", lead_units=[GROUP], coordinating_units=[UNIT], needs_review=["coordinating_units"])
    rows = unit_table([make_plan(tasks=[task])]).rows
    assert [(row.values[8], set(row.doubtful)) for row in rows] == [("Tin cậy", set()), ("⚠ Cần kiểm tra", {"Đơn vị"})]


def test_a_reference_names_the_tasks_that_cite_it(make_plan: MakePlan, make_task: MakePart) -> None:
    reference = {"type": "Quyết định", "number": "5/QĐ-UBND", "date": "2024-02-01", "issuer": "UBND tỉnh"}
    tasks = [
        make_task("I", references=[reference]),
        make_task("II", references=[reference | {"date": None, "issuer": None}]),
        make_task("III", references=[reference | {"date": "2023-02-01"}]),
    ]
    row = reference_table([make_plan(tasks=tasks, references=[reference])]).rows[0]
    assert row.values[:5] == ("Quyết định", "5/QĐ-UBND", date(2024, 2, 1), "UBND tỉnh", ("I", "II"))


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        ("a\r\nb\rc\x85d\u2028e", "a\nb\nc\nd\ne"),
        ("a\x00\x07\x1b\ud800\uffffb", "ab"),
        ("a\tĐơn vị", "a\tĐơn vị"),
    ],
    ids=["breaks", "controls", "kept"],
)
def test_what_no_file_can_hold_is_left_out(given: str, expect: str) -> None:
    assert clean(given) == expect
