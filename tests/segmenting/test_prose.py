"""Which paragraphs and clauses assign, and what governs them."""

from __future__ import annotations

import pytest

from planparse import parse_text

Tasks = list[tuple[str, list[str], list[str]]]


def _tasks(*lines: str) -> Tasks:
    text = "\n".join(["KẾ HOẠCH", "Cải cách hành chính năm 2026", *lines]) + "\n"
    return [
        ("/".join(task.path), [unit.name for unit in task.lead_units], [unit.name for unit in task.coordinating_units])
        for task in parse_text(text).tasks
    ]


def test_a_sentence_that_names_who_leads_is_a_task() -> None:
    tasks = _tasks("I. TỔ CHỨC THỰC HIỆN", "1. Sở Nội vụ chủ trì, phối hợp với UBND các xã, phường rà soát thủ tục.")
    assert tasks == [("I/1", ["Sở Nội vụ"], ["UBND các xã, phường"])]


def test_a_duty_without_such_a_word_is_none() -> None:
    assert _tasks("I. TỔ CHỨC THỰC HIỆN", "1. Sở Nội vụ có trách nhiệm phối hợp với Sở Tài chính rà soát.") == []


def test_a_heading_governs_the_bullets_below_it() -> None:
    tasks = _tasks(
        "I. TỔ CHỨC THỰC HIỆN",
        "1. Sở Nội vụ",
        "- Chủ trì, phối hợp với Sở Tài chính rà soát thủ tục.",
        "- Theo dõi, đôn đốc việc thực hiện.",
    )
    assert tasks == [("I/1/1", ["Sở Nội vụ"], ["Sở Tài chính"])]


def test_the_next_heading_governs_what_is_below_it() -> None:
    tasks = _tasks(
        "I. TỔ CHỨC THỰC HIỆN",
        "1. Sở Nội vụ",
        "- Chủ trì rà soát thủ tục.",
        "2. Nâng cao chất lượng",
        "- Chủ trì, phối hợp thực hiện theo quy định.",
    )
    assert tasks == [("I/1/1", ["Sở Nội vụ"], [])]


def test_giving_governs_each_item() -> None:
    tasks = _tasks(
        "I. TỔ CHỨC THỰC HIỆN",
        "1. Giao Sở Nội vụ:",
        "a) Theo dõi, đôn đốc việc thực hiện;",
        "b) Phối hợp với Sở Tài chính bố trí kinh phí.",
    )
    assert [lead for _, lead, _ in tasks] == [["Sở Nội vụ"], ["Sở Nội vụ"]]


def test_naming_governs_without_giving() -> None:
    tasks = _tasks(
        "I. TỔ CHỨC THỰC HIỆN",
        "1. Sở Nội vụ:",
        "a) Theo dõi, đôn đốc việc thực hiện;",
        "b) Chủ trì bố trí kinh phí.",
    )
    assert tasks == [("I/1/b", ["Sở Nội vụ"], [])]


def test_numbered_clauses_are_tasks_of_their_own() -> None:
    tasks = _tasks(
        "I. NHIỆM VỤ",
        "1. Bộ Tài chính: (1) chủ trì, phối hợp với Bộ Nội vụ rà soát; (2) chủ trì báo cáo Chính phủ.",
    )
    assert tasks == [("I/1/1", ["Bộ Tài chính"], ["Bộ Nội vụ"]), ("I/1/2", ["Bộ Tài chính"], [])]


def test_numbers_that_do_not_run_are_no_clauses() -> None:
    tasks = _tasks("I. NHIỆM VỤ", "1. Sở Nội vụ chủ trì rà soát theo mục (2) và mục (5) của Đề án.")
    assert [path for path, _, _ in tasks] == ["I/1"]


def test_the_second_sentence_that_assigns_takes_a_number() -> None:
    tasks = _tasks("I. NHIỆM VỤ", "1. Sở Nội vụ chủ trì rà soát. Sở Tài chính chủ trì bố trí kinh phí.")
    assert [(path, lead) for path, lead, _ in tasks] == [("I/1", ["Sở Nội vụ"]), ("I/1/2", ["Sở Tài chính"])]


def test_what_a_label_and_prose_assign_stands_twice() -> None:
    tasks = _tasks(
        "I. NHIỆM VỤ",
        "1. Rà soát thủ tục",
        "- Đơn vị chủ trì: Sở Nội vụ.",
        "II. TỔ CHỨC THỰC HIỆN",
        "1. Sở Nội vụ chủ trì rà soát thủ tục.",
    )
    assert [path for path, _, _ in tasks] == ["I/1", "II/1"]


@pytest.mark.parametrize("sentence", ["Sở Nội vụ chủ trì rà soát. ", "(1) Sở Nội vụ chủ trì rà soát; ", "Sở Nội vụ: "])
def test_a_paragraph_without_end_comes_to_one(sentence: str) -> None:
    assert len(_tasks("I. NHIỆM VỤ", "1. " + sentence * 2000)) <= 2000
