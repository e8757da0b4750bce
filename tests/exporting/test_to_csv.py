import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from planparse.exporting.to_csv import export_csv
from planparse.exporting.to_xlsx import export_xlsx
from planparse.plan import Plan

MakePlan = Callable[..., Plan]
MakePart = Callable[..., dict[str, Any]]
FORMULAS = ['=HYPERLINK("http://x")', "+84 123", "-Đơn vị", "@x", "\tx", " =1+1", "\n=1", "＝1+1"]


def _cells(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_excel_knows_it_by_its_byte_order_mark(make_plan: MakePlan) -> None:
    assert export_csv([make_plan()]).startswith(b'\xef\xbb\xbf"M\xe1\xbb\xa5c",')


@pytest.mark.parametrize("text", FORMULAS)
def test_formula_like_text_stays_text(make_plan: MakePlan, make_task: MakePart, text: str) -> None:
    assert _cells(export_csv([make_plan(tasks=[make_task("I", text=text)])]))[0]["Nhiệm vụ"] == f"'{text}"


@pytest.mark.parametrize("text", ['a "b", c; d', "Số 12/KH-VP", "dòng 1\ndòng 2", "12 - 5"])
def test_other_text_stays_as_it_is(make_plan: MakePlan, make_task: MakePart, text: str) -> None:
    assert _cells(export_csv([make_plan(tasks=[make_task("I", text=text)])]))[0]["Nhiệm vụ"] == text


def test_dates_are_read_alike_everywhere(make_plan: MakePlan, make_task: MakePart) -> None:
    time = {"text": "Trước 5/1", "start": None, "end": "1890-01-05", "recurrence": None, "condition": None}
    row = _cells(export_csv([make_plan(tasks=[make_task("I", time_frame={**time, "milestones": []})])]))[0]
    assert (row["Từ ngày"], row["Đến ngày"]) == ("", "1890-01-05")


def test_it_has_the_columns_of_the_sheet_of_tasks(make_plan: MakePlan) -> None:
    import openpyxl  # noqa: PLC0415 (only this test opens a workbook)

    sheet = openpyxl.load_workbook(io.BytesIO(export_xlsx([make_plan()]))).worksheets[0]
    assert next(csv.reader([export_csv([make_plan()]).decode("utf-8-sig")])) == [cell.value for cell in sheet[3]]
