"""What tasks take from the items above them, and what they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planparse import parse_text

if TYPE_CHECKING:
    from planparse.plan import Task


def _tasks(*lines: str) -> list[Task]:
    text = "\n".join(["KẾ HOẠCH", "Cải cách hành chính năm 2026", "I. NHIỆM VỤ", *lines]) + "\n"
    return list(parse_text(text).tasks)


def _leads(*lines: str) -> list[list[str]]:
    return [[unit.name for unit in task.lead_units] for task in _tasks(*lines)]


def test_a_heading_that_is_a_unit_leads_a_task_without_one() -> None:
    assert _leads("1. Sở Nội vụ", "a) Rà soát thủ tục.", "- Thời gian: Quý I/2026.") == [["Sở Nội vụ"]]


def test_a_task_that_names_who_leads_keeps_it() -> None:
    leads = _leads("1. Sở Nội vụ", "a) Rà soát thủ tục.", "- Đơn vị chủ trì: Sở Tài chính.")
    assert leads == [["Sở Tài chính"]]


def test_a_heading_that_says_more_leads_nothing() -> None:
    leads = _leads("1. Công tác của Sở Nội vụ năm 2026", "a) Rà soát thủ tục.", "- Thời gian: Quý I/2026.")
    assert leads == [[]]


def test_units_of_an_item_hold_for_the_items_below_it() -> None:
    leads = _leads(
        "1. Rà soát thủ tục",
        "- Đơn vị chủ trì: Sở Nội vụ.",
        "a) Lập danh mục.",
        "- Thời gian: Quý I/2026.",
    )
    assert leads[-1] == ["Sở Nội vụ"]


def test_coordinating_units_are_inherited_with_who_leads() -> None:
    task = _tasks(
        "1. Rà soát thủ tục",
        "- Đơn vị chủ trì: Sở Nội vụ.",
        "- Đơn vị phối hợp: Sở Tài chính.",
        "a) Lập danh mục.",
        "- Thời gian: Quý I/2026.",
    )[-1]
    assert [unit.name for unit in task.coordinating_units] == ["Sở Tài chính"]


def test_a_time_holds_for_the_tasks_below_it() -> None:
    task = _tasks(
        "1. Rà soát thủ tục",
        "- Thời gian: Quý I/2026.",
        "a) Lập danh mục.",
        "- Đơn vị chủ trì: Sở Nội vụ.",
    )[-1]
    assert task.time_frame is not None
    assert task.time_frame.text == "Quý I/2026"


def test_a_time_of_its_own_stands() -> None:
    task = _tasks(
        "1. Rà soát thủ tục",
        "- Thời gian: Quý I/2026.",
        "a) Lập danh mục.",
        "- Thời gian: Quý II/2026.",
    )[-1]
    assert task.time_frame is not None
    assert task.time_frame.text == "Quý II/2026"


def test_prose_inherits_no_time() -> None:
    tasks = _tasks("1. Rà soát thủ tục", "- Thời gian: Quý I/2026.", "a) Sở Nội vụ chủ trì lập danh mục.")
    assert [task.time_frame for task in tasks if task.path[-1] == "a"] == [None]


def test_a_month_that_is_a_heading_is_the_time_of_what_is_below_it() -> None:
    tasks = _tasks(
        "Tháng 9/2026", "- Họp giao ban. Phụ trách: Phòng A.", "Tháng 10/2026", "- Hội thi. Phụ trách: Phòng B."
    )
    assert [task.time_frame and task.time_frame.text for task in tasks] == ["Tháng 9/2026", "Tháng 10/2026"]


def test_a_time_within_the_month_of_the_heading_stands() -> None:
    task = _tasks("1. Tháng 9/2026", "- Họp giao ban. Thời gian: ngày 05/9/2026.")[0]
    assert task.time_frame is not None
    assert task.time_frame.text == "ngày 05/9/2026"


def test_each_bullet_with_labels_behind_its_words_is_a_task() -> None:
    tasks = _tasks(
        "1. Lịch", "- Họp; thực hiện: Phòng A; thời gian: 05/9.", "- Thi; thực hiện: Phòng B; thời gian: 20/9."
    )
    assert [(task.id, task.text, task.lead_units[0].name) for task in tasks] == [
        ("I.1.1", "Họp;", "Phòng A"),
        ("I.1.2", "Thi;", "Phòng B"),
    ]


def test_what_is_the_same_is_the_value_above() -> None:
    tasks = _tasks(
        "1. Rà soát thủ tục",
        "- Đơn vị chủ trì: Sở Nội vụ.",
        "2. Lập danh mục",
        "- Đơn vị chủ trì: -nt-",
        "3. Báo cáo",
        "- Đơn vị chủ trì: như trên.",
    )
    assert [unit.name for task in tasks for unit in task.lead_units] == ["Sở Nội vụ"] * 3


def test_the_first_of_its_kind_has_nothing_above() -> None:
    assert _leads("1. Rà soát thủ tục", "- Đơn vị chủ trì: Như trên.", "2. Báo cáo", "- Thời gian: -nt-")[1:] == [[]]


def test_a_time_among_who_leads_is_the_time_of_the_task() -> None:
    task = _tasks("1. Rà soát thủ tục", "(Phụ trách: Phòng Kinh tế; hoàn thành trước 30/6/2026)")[0]
    assert task.time_frame is not None
    assert str(task.time_frame.end) == "2026-06-30"
