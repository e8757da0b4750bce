"""The workbook, opened by another library."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from planparse.errors import OutputError
from planparse.exporting import to_xlsx as module
from planparse.exporting.to_xlsx import export_xlsx
from planparse.plan import Plan

MakePlan = Callable[..., Plan]
MakePart = Callable[..., dict[str, Any]]
UNIT = {"name": "Sở Nội vụ", "collective": False}
FIRST = 4
"""The first row of a table: above it stand a title, a count and the head."""


def _open(*plans: Plan) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(export_xlsx(plans)))


def _time(start: str | None, end: str | None) -> dict[str, Any]:
    return {"text": "x", "start": start, "end": end, "recurrence": None, "condition": None, "milestones": []}


def test_it_has_sheets_of_tasks_units_and_documents(make_plan: MakePlan) -> None:
    assert _open(make_plan()).sheetnames == ["Nhiệm vụ", "Theo đơn vị", "Văn bản viện dẫn"]


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://x")', "+84 123", "-Đơn vị", "@x", "\tx", "{=1+1}", "http://x.vn", "007", "_x0041_", "' x"],
)
def test_formula_like_text_stays_text(make_plan: MakePlan, make_task: MakePart, text: str) -> None:
    cell = _open(make_plan(tasks=[make_task("I", text=text)])).worksheets[0].cell(FIRST, 2)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_dates_are_dates(make_plan: MakePlan, make_task: MakePart) -> None:
    sheet = _open(make_plan(tasks=[make_task("I", time_frame=_time("2024-01-05", "2024-06-30"))])).worksheets[0]
    cells = [sheet.cell(FIRST, column) for column in (7, 8)]
    assert [(cell.value, cell.number_format) for cell in cells] == [
        (datetime(2024, 1, 5), "dd/mm/yyyy"),  # noqa: DTZ001 (a sheet's days have no zone)
        (datetime(2024, 6, 30), "dd/mm/yyyy"),  # noqa: DTZ001 (as above)
    ]


def test_dates_before_a_sheets_calendar_are_text(make_plan: MakePlan, make_task: MakePart) -> None:
    sheet = _open(make_plan(tasks=[make_task("I", time_frame=_time(None, "1899-12-31"))])).worksheets[0]
    assert [sheet.cell(FIRST, column).value for column in (7, 8)] == [None, "31/12/1899"]


def test_a_doubtful_cell_has_a_colour_and_its_row_says_so_in_words(make_plan: MakePlan, make_task: MakePart) -> None:
    sheet = _open(make_plan(tasks=[make_task("I", needs_review=["text"])])).worksheets[0]
    fills = [sheet.cell(FIRST, column).fill.fgColor.rgb for column in (2, 3)]
    words = [sheet.cell(FIRST, column).value for column in (9, 10)]
    assert (fills, words) == (["FFFFF2CC", "00000000"], ["⚠ Cần kiểm tra", "Nhiệm vụ (100%)"])


def test_a_cell_that_holds_less_than_the_plan_says_so(make_plan: MakePlan, make_task: MakePart) -> None:
    value = _open(make_plan(tasks=[make_task("I", text="ă" * 40_000)])).worksheets[0].cell(FIRST, 2).value
    assert value == "ă" * 32_763 + " […]"


def test_letters_that_count_twice_are_not_cut_in_half(make_plan: MakePlan, make_task: MakePart) -> None:
    value = str(_open(make_plan(tasks=[make_task("I", text="𝒜" * 20_000)])).worksheets[0].cell(FIRST, 2).value)
    assert value == "𝒜" * 16_381 + " […]"


def test_a_cell_that_just_fits_is_whole(make_plan: MakePlan, make_task: MakePart) -> None:
    value = _open(make_plan(tasks=[make_task("I", text="ă" * 32_767)])).worksheets[0].cell(FIRST, 2).value
    assert value == "ă" * 32_767


def test_line_breaks_are_kept_and_wrapped(make_plan: MakePlan, make_task: MakePart) -> None:
    cell = _open(make_plan(tasks=[make_task("I", deliverables=["Báo cáo", "Danh mục"])])).worksheets[0].cell(FIRST, 5)
    assert (cell.value, cell.alignment.wrap_text) == ("Báo cáo;\nDanh mục", True)


def test_the_head_is_frozen_filtered_and_printed_on_each_page(make_plan: MakePlan, make_task: MakePart) -> None:
    sheet = _open(make_plan(tasks=[make_task("I")])).worksheets[0]
    setup = (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows, sheet.page_setup.orientation)
    assert setup == ("A4", "A3:R4", "$3:$3", "landscape")


def test_pages_are_as_wide_as_the_paper(make_plan: MakePlan) -> None:
    sheet = _open(make_plan()).worksheets[0]
    setup, page = sheet.page_setup, sheet.sheet_properties.pageSetUpPr
    # fitToWidth is 1 where it is left out
    assert (page and page.fitToPage, setup.fitToWidth, setup.fitToHeight) == (True, None, 0)


@pytest.mark.parametrize(("count", "columns"), [(1, "$A$1:$J$3"), (2, "$A$1:$K$3")])
def test_of_several_plans_the_document_is_printed_too(make_plan: MakePlan, count: int, columns: str) -> None:
    assert str(_open(*[make_plan()] * count).worksheets[0].print_area).endswith(columns)


def test_collective_units_are_marked(make_plan: MakePlan, make_task: MakePart) -> None:
    task = make_task("I", lead_units=[UNIT], coordinating_units=[{"name": "các sở", "collective": True}])
    rows = _open(make_plan(tasks=[task])).worksheets[1].iter_rows(min_row=FIRST, max_col=3, values_only=True)
    assert list(rows) == [("các sở", "Nhóm đơn vị", "Phối hợp"), ("Sở Nội vụ", "Một đơn vị", "Chủ trì")]


def test_a_row_is_as_high_as_its_longest_cell(make_plan: MakePlan, make_task: MakePart) -> None:
    tasks = [make_task("I"), make_task("II", text="Rà soát văn bản " * 20), make_task("III", text="x " * 30_000)]
    sheet = _open(make_plan(tasks=tasks)).worksheets[0]
    assert [sheet.row_dimensions[row].height for row in (4, 5, 6)] == [18.75, 113.25, 408.75]


def test_more_rows_than_a_sheet_holds_are_refused(
    make_plan: MakePlan, make_task: MakePart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HEAD", 1_048_575)
    with pytest.raises(OutputError, match="more rows than a sheet holds"):
        export_xlsx([make_plan(tasks=[make_task("I")])])
