"""Tables: what their columns mean, which rows stand over others or go on, and what a row assigns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import planparse
from planparse.document import Cell, Document, Line, Page, Source, Word
from planparse.normalizing import normalize_outline
from planparse.segmenting import segment_document

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def test_a_table_that_stands_alone_has_tasks_by_their_numbers() -> None:
    plan = planparse.parse_text(
        "| STT | Nhiệm vụ | Chủ trì |\n| 1 | Rà soát | Sở A |\n| I | CHUNG |\n| 1 | Lập | Sở B |\n"
    )
    assert [task.path for task in plan.tasks] == [("1",), ("I", "1")]


def test_what_a_table_that_stands_alone_cites_is_cited_by_the_plan() -> None:
    plan = planparse.parse_text("| STT | Nhiệm vụ | Chủ trì |\n| 1 | Sửa Quyết định số 12/QĐ-UBND | Sở A |\n")
    assert [reference.number for reference in plan.references] == ["12/QĐ-UBND"]


def test_a_row_goes_on_over_any_number_of_rows() -> None:
    rows = "".join(f"| | và văn bản {number} | |\n" for number in range(100))
    plan = planparse.parse_text(f"| STT | Nhiệm vụ | Chủ trì |\n| 1 | Rà soát | Sở A |\n{rows}| 2 | Lập | Sở B |\n")
    assert [len(task.text.split()) for task in plan.tasks] == [2 + 4 * 100, 1]


def _page(cells: Sequence[tuple[int, int, int, str]], *, page: int = 1, first: int = 1) -> Page:
    """Return a page with a table: row, column, rows that the cell spans and its lines, by columns 100 points wide."""
    lines: list[Line] = []
    for row, column, rows, text in cells:
        for part in text.split("/"):
            left, top = 100.0 * column, 20.0 * len(lines)
            word = Word(part, bbox=(left, top, left + 6.0 * len(part), top + 12.0))
            lines.append(Line(first + len(lines), page, part, part, (word,), cell=Cell(page, row, column, rows)))
    return Page(page, tuple(lines), 600.0, 800.0)


def _tasks(*pages: Page) -> list[list[str]]:
    document = Document(Source(None, "0" * 64, len(pages), "ocr"), pages)
    return [_row(task) for task in normalize_outline(segment_document(document), document.source).tasks]


HEAD = [(1, 1, 1, "STT"), (1, 2, 1, "Nhiệm vụ"), (1, 3, 1, "Cơ quan chủ trì"), (1, 4, 1, "Cơ quan phối hợp")]


def test_units_on_lines_of_their_own_stay_apart() -> None:
    page = _page(
        [*HEAD, (2, 1, 1, "1"), (2, 2, 1, "Rà soát"), (2, 3, 1, "Sở Tài chính/Sở Y tế"), (2, 4, 1, "Các xã/Sở A")]
    )
    assert _tasks(page) == [["1", "Sở Tài chính; Sở Y tế", "Các xã; Sở A", "", ""]]


def test_a_name_that_the_column_breaks_stays_whole() -> None:
    page = _page([*HEAD, (2, 1, 1, "1"), (2, 2, 1, "Rà soát"), (2, 3, 1, "Văn phòng Đoàn/Đại biểu Quốc/hội")])
    assert _tasks(page) == [["1", "Văn phòng Đoàn Đại biểu Quốc hội", "", "", ""]]


def test_a_cell_that_spans_rows_stands_in_each() -> None:
    cells = [*HEAD, (2, 1, 1, "1"), (2, 2, 1, "Rà soát"), (2, 3, 2, "Sở A"), (3, 1, 1, "2"), (3, 2, 1, "Lập")]
    assert _tasks(_page(cells)) == [["1", "Sở A", "", "", ""], ["2", "Sở A", "", "", ""]]


def test_a_head_over_two_columns_gives_way_to_those_below_it() -> None:
    head = [
        (1, 1, 2, "STT"),
        (1, 2, 2, "Nhiệm vụ"),
        (1, 3, 1, "Phân công"),
        (2, 3, 1, "Chủ trì"),
        (2, 4, 1, "Phối hợp"),
    ]
    row = [(3, 1, 1, "1"), (3, 2, 1, "Rà soát"), (3, 3, 1, "Sở A"), (3, 4, 1, "Sở B")]
    assert _tasks(_page([*head, *row])) == [["1", "Sở A", "Sở B", "", ""]]


def test_a_row_goes_on_on_the_next_page() -> None:
    first = _page([*HEAD, (2, 1, 1, "1"), (2, 2, 1, "Rà soát các"), (2, 3, 1, "Sở A"), (2, 4, 1, "Sở B, Sở")])
    second = _page([*HEAD, (2, 2, 1, "văn bản."), (2, 4, 1, "Tài chính")], page=2, first=50)
    assert _tasks(first, second) == [["1", "Sở A", "Sở B; Sở Tài chính", "", ""]]


def test_two_columns_from_and_to_are_one_time() -> None:
    plan = planparse.parse_text(
        "| TT | Nhiệm vụ | Chủ trì | Bắt đầu | Kết thúc |\n| 1 | Rà soát | Sở A | 01/3/2026 | 30/4/2026 |\n"
    )
    time = plan.tasks[0].time_frame
    assert time is not None
    assert (str(time.start), str(time.end), time.milestones) == ("2026-03-01", "2026-04-30", ())
