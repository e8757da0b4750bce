"""The calendar, read back by two libraries."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import ics
import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from planparse.exporting.to_ics import export_ics
from planparse.plan import Plan, read_plan

MakePlan = Callable[..., Plan]
Json = dict[str, Any]
MakePart = Callable[..., Json]
GOLDEN = sorted((Path(__file__).parent.parent.parent / "golden").glob("*.json"))
AWKWARD = 'a; b, c\\d: "e"\nf <script> =1+1'


def _time(text: str, start: str | None, end: str | None, recurrence: str | None = None, **parts: object) -> Json:
    nothing: Json = {"condition": None, "milestones": []}
    return {"text": text, "start": start, "end": end, "recurrence": recurrence, **nothing, **parts}


def _todos(*plans: Plan) -> list[Json]:
    todos: list[Any] = Calendar.from_ical(export_ics(plans)).walk("VTODO")
    return todos


def _dates(todo: Json) -> dict[str, date]:
    return {name: todo[name].dt for name in ("DTSTART", "DUE") if name in todo}


@pytest.fixture
def one(make_plan: MakePlan, make_task: MakePart) -> Callable[..., Json]:
    """Return a function that makes the to-do of a task with the fields that it is given."""

    def make(**fields: object) -> Json:
        return _todos(make_plan(tasks=[make_task("I", **fields)]))[0]

    return make


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_two_libraries_read_a_to_do_for_each_task_and_milestone(path: Path) -> None:
    plan = read_plan(path)
    expected = sum(1 + len(task.time_frame.milestones if task.time_frame else ()) for task in plan.tasks)
    other = ics.Calendar(export_ics([plan]).decode())
    assert (len(_todos(plan)), len(other.todos)) == (expected, expected)


def test_two_libraries_read_the_same_texts(make_plan: MakePlan, make_task: MakePart) -> None:
    plan = make_plan(tasks=[make_task("I", text=AWKWARD)])
    todo, other = _todos(plan)[0], next(iter(ics.Calendar(export_ics([plan]).decode()).todos))
    expected = f"{AWKWARD}\nKế hoạch, mục I"
    assert (str(todo["DESCRIPTION"]), other.description) == (expected, expected)


def test_two_libraries_read_the_same_days(make_plan: MakePlan, make_task: MakePart) -> None:
    plan = make_plan(tasks=[make_task("I", time_frame=_time("Quý I", "2024-01-01", "2024-03-31"))])
    other = next(iter(ics.Calendar(export_ics([plan]).decode()).todos))
    expected = {"DTSTART": date(2024, 1, 1), "DUE": date(2024, 3, 31)}
    assert (_dates(_todos(plan)[0]), other.begin.date(), other.due.date()) == (expected, *expected.values())


@pytest.mark.parametrize(
    ("start", "end", "expect"),
    [
        (None, None, {}),
        (None, "2024-06-30", {"DUE": date(2024, 6, 30)}),
        ("2024-06-01", None, {"DTSTART": date(2024, 6, 1)}),
        ("2024-06-30", "2024-06-30", {"DUE": date(2024, 6, 30)}),
        ("2024-09-01", "2024-03-31", {"DUE": date(2024, 3, 31)}),
        ("1890-01-01", "1890-12-31", {"DTSTART": date(1890, 1, 1), "DUE": date(1890, 12, 31)}),
    ],
    ids=["none", "end", "start", "one day", "reversed", "before 1900"],
)
def test_a_to_do_has_the_days_that_are_stated(
    one: Callable[..., Json], start: str | None, end: str | None, expect: dict[str, date]
) -> None:
    assert _dates(one(time_frame=_time("x", start, end))) == expect


@pytest.mark.parametrize(
    ("recurrence", "start", "end", "expect"),
    [
        ("daily", "2024-02-28", "2024-03-01", ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("weekly", "2024-01-03", "2024-01-21", ["2024-01-07", "2024-01-14", "2024-01-21"]),
        ("monthly", "2024-01-01", "2024-03-31", ["2024-01-31", "2024-02-29", "2024-03-31"]),
        ("quarterly", "2024-02-15", "2024-12-31", ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"]),
        ("yearly", "2024-01-01", "2026-12-31", ["2024-12-31", "2025-12-31", "2026-12-31"]),
    ],
)
def test_a_time_that_comes_again_has_the_last_days_of_its_periods(
    one: Callable[..., Json], recurrence: str, start: str, end: str, expect: list[str]
) -> None:
    todo = one(time_frame=_time("x", start, end, recurrence))
    days = rrulestr(todo["RRULE"].to_ical().decode(), dtstart=todo["DTSTART"].dt)
    assert ([str(day.date()) for day in days], "DUE" in todo) == (expect, False)


@pytest.mark.parametrize(
    ("recurrence", "start", "end"),
    [
        ("continuous", "2024-01-01", "2024-12-31"),
        ("periodic", "2024-01-01", "2024-12-31"),
        ("monthly", "2024-12-01", "2024-12-15"),
        ("yearly", None, None),
        ("monthly", None, "2024-12-31"),
    ],
)
def test_a_rule_needs_a_period_and_a_start(
    one: Callable[..., Json], recurrence: str, start: str | None, end: str | None
) -> None:
    assert "RRULE" not in one(time_frame=_time("x", start, end, recurrence))


def test_a_rule_without_an_end_goes_on(one: Callable[..., Json]) -> None:
    rule = one(time_frame=_time("x", "2024-01-01", None, "monthly"))["RRULE"]
    assert rule.to_ical() == b"FREQ=MONTHLY;BYMONTHDAY=-1"


def test_milestones_are_to_dos_below_their_task(make_plan: MakePlan, make_task: MakePart) -> None:
    parts = [_time("Quý I", "2024-01-01", "2024-03-31"), _time("trước 30/6", None, "2024-06-30")]
    task = make_task("I", time_frame=_time("Quý I; trước 30/6", "2024-01-01", "2024-06-30", milestones=parts))
    whole, *rest = _todos(make_plan(tasks=[task]))
    assert [(str(todo["SUMMARY"]), todo["RELATED-TO"], _dates(todo)["DUE"]) for todo in rest] == [
        ("Quý I: Rà soát", whole["UID"], date(2024, 3, 31)),
        ("trước 30/6: Rà soát", whole["UID"], date(2024, 6, 30)),
    ]


def test_the_lead_unit_is_the_organizer_without_a_mail_address(one: Callable[..., Json]) -> None:
    organizer = one(lead_units=[{"name": 'Sở "X"; Y', "collective": False}])["ORGANIZER"]
    assert (organizer.params["CN"], organizer.startswith("urn:uuid:")) == ('Sở "X"; Y', True)


def test_one_unit_has_one_address(one: Callable[..., Json]) -> None:
    names = ("Sở Nội vụ", "SỞ NỘI VỤ", "Sở Y tế")
    assert len({str(one(lead_units=[{"name": name, "collective": False}])["ORGANIZER"]) for name in names}) == 2


def test_all_lead_units_are_categories(one: Callable[..., Json]) -> None:
    units = [{"name": name, "collective": False} for name in ("Sở Nội vụ", "Sở Y tế, tỉnh X")]
    assert one(lead_units=units)["CATEGORIES"].to_ical().decode() == "Sở Nội vụ,Sở Y tế\\, tỉnh X"


def test_the_description_tells_everything(make_plan: MakePlan, make_task: MakePart) -> None:
    task = make_task(
        "I.1",
        lead_units=[{"name": "Sở Nội vụ", "collective": False}],
        coordinating_units=[{"name": "Sở Y tế", "collective": False}, {"name": "các sở", "collective": True}],
        deliverables=["Báo cáo"],
        time_frame=_time("Hằng tháng", "2024-01-01", "2024-12-31", "monthly"),
        needs_review=["time_frame"],
        where=[{"page": 2, "bbox": None, "lines": [3, 5]}],
    )
    assert str(_todos(make_plan(tasks=[task]))[0]["DESCRIPTION"]) == (
        "Rà soát\n"
        "Đơn vị chủ trì: Sở Nội vụ\n"
        "Đơn vị phối hợp: Sở Y tế; các sở\n"
        "Sản phẩm: Báo cáo\n"
        "Thời gian: Hằng tháng (từ 01/01/2024 đến 31/12/2024; hằng tháng)\n"
        "Cần kiểm tra: Thời gian (100%)\n"
        "Kế hoạch, mục I.1; Trang 2, dòng 3–5"
    )


def test_a_long_text_is_short_in_the_title(one: Callable[..., Json]) -> None:
    assert str(one(text="Rà soát văn bản " * 20)["SUMMARY"]) == "Rà soát văn bản " * 7 + "Rà …"


def test_lines_are_folded_between_letters(make_plan: MakePlan, make_task: MakePart) -> None:
    data = export_ics([make_plan(tasks=[make_task("I", text="Đường " * 200)])])
    lines = data.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() is not None for line in lines)


def test_identifiers_stay_from_export_to_export(make_plan: MakePlan, make_task: MakePart) -> None:
    source = {"file": "a.pdf", "sha256": "ab", "pages": 1, "text_from": "ocr"}
    before, after = (make_plan(tasks=[make_task("I", text=text)], source=source) for text in ("cũ", "mới"))
    assert _todos(before)[0]["UID"] == _todos(after)[0]["UID"]


def test_identifiers_differ_where_a_document_comes_twice(make_plan: MakePlan, make_task: MakePart) -> None:
    plan = make_plan(tasks=[make_task("I"), make_task("II")])
    assert len({todo["UID"] for todo in _todos(plan, plan)}) == 4


def test_a_to_do_is_stamped_with_the_day_of_the_plan(make_plan: MakePlan, make_task: MakePart) -> None:
    header = dict.fromkeys(("parent_body", "issuer", "number", "place", "type", "title")) | {"date": "2024-01-05"}
    data = export_ics([make_plan(header=header, tasks=[make_task("I")])])
    assert b"DTSTAMP:20240105T000000Z\r\n" in data
