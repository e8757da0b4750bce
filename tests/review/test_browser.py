"""The review page in Chromium, by the ways that a clerk takes: open, jump both ways, edit, save, accept."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from planparse.plan import Plan, read_plan
from planparse.review import accept_plan, review_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)")

WIDE, PHONE = (1400, 900), (390, 844)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the review of a plan; at the end, nothing may have been said on the console."""
    said: list[str] = []

    def open_review(plan: Path, size: tuple[int, int] = WIDE, scheme: str = "light") -> Page:
        path = tmp_path / "review.html"
        path.write_text(review_plan(plan, quick=True)[0], encoding="utf-8")
        colours: Any = scheme
        page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=colours)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "request",
            lambda request: None if request.url.startswith(("file:", "data:", "blob:")) else said.append(request.url),
        )
        page.goto(path.as_uri())
        return page

    yield open_review
    assert said == []


def _field(page: Page, path: str) -> Any:  # noqa: ANN401 (a locator, as Playwright names it)
    return page.locator(f'[id="{path}"]')


def _saved(page: Page, folder: Path) -> Path:
    with page.expect_download() as download:
        page.keyboard.press("Control+s")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_box_on_the_page_leads_to_its_field(
    open_page: Callable[..., Page], scan_plan: Path, size: tuple[int, int]
) -> None:
    page = open_page(scan_plan, size)
    page.locator('rect[data-tasks="1"]').click()
    assert page.evaluate("document.activeElement.closest('.field').id") == "tasks.1.time_frame"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_field_shows_its_place_on_the_page(
    open_page: Callable[..., Page], scan_plan: Path, size: tuple[int, int]
) -> None:
    page = open_page(scan_plan, size)
    _field(page, "tasks.1.text").get_by_role("button", name="Xem trên trang").click()
    assert page.locator("rect.on").get_attribute("data-tasks") == "1"


def test_a_field_of_a_text_shows_its_own_line(open_page: Callable[..., Page], text_plan: Path) -> None:
    page = open_page(text_plan)
    _field(page, "tasks.0.lead_units").locator("input").first.focus()
    assert page.locator('p.on[data-fields~="tasks.0.lead_units"]').inner_text() == "- Đơn vị chủ trì: Sở Nội vụ."


def test_keys_lead_from_doubt_to_doubt(open_page: Callable[..., Page], text_plan: Path) -> None:
    page, visited = open_page(text_plan), []
    for _ in range(3):
        page.keyboard.press("Alt+ArrowDown")
        visited.append(page.evaluate("document.activeElement.closest('.field').id"))
    assert visited == ["tasks.1.time_frame", "tasks.0.lead_units", "tasks.1.time_frame"]


def test_keys_lead_to_the_page_and_back(open_page: Callable[..., Page], scan_plan: Path) -> None:
    page = open_page(scan_plan)
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Escape")
    on_page = page.evaluate("document.activeElement.dataset.tasks")
    page.keyboard.press("Enter")
    assert (on_page, page.evaluate("document.activeElement.closest('.field').id")) == ("1", "tasks.1.time_frame")


def test_what_is_checked_is_counted(open_page: Callable[..., Page], text_plan: Path) -> None:
    page = open_page(text_plan)
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Control+Enter")
    assert page.locator("#left").inner_text() == "1"


def test_an_untouched_plan_is_saved_as_it_is(open_page: Callable[..., Page], text_plan: Path, tmp_path: Path) -> None:
    saved = _saved(open_page(text_plan), tmp_path)
    assert json.loads(saved.read_text(encoding="utf-8")) == json.loads(text_plan.read_text(encoding="utf-8"))


def test_a_correction_goes_the_whole_way_to_a_golden_plan(
    open_page: Callable[..., Page], text_plan: Path, tmp_path: Path
) -> None:
    page = open_page(text_plan)
    _field(page, "tasks.0.text").locator("textarea").fill("Rà soát các văn bản.")
    golden = accept_plan(_saved(page, tmp_path), tmp_path / "golden").path
    assert read_plan(golden).tasks[0].text == "Rà soát các văn bản."


@pytest.fixture
def edited(open_page: Callable[..., Page], text_plan: Path, tmp_path: Path) -> Plan:
    """The plan after one edit of each kind."""
    page = open_page(text_plan)
    units = _field(page, "tasks.0.lead_units")
    units.locator(".row").nth(1).locator("input").first.fill("Các sở, ngành")
    units.locator(".row").nth(1).get_by_role("checkbox").check()
    _field(page, "tasks.0.deliverables").locator("textarea").fill("Báo cáo\n\n  Danh mục ")
    time = _field(page, "tasks.0.time_frame")
    time.locator('[data-part="text"]').fill("Trước 30/6")
    time.locator('[data-part="end"]').fill("2024-06-30")
    milestone = _field(page, "tasks.1.time_frame").locator("fieldset")
    milestone.locator('[data-part="text"]').fill("")
    milestone.locator('[data-part="start"]').fill("")
    milestone.locator('[data-part="end"]').fill("")
    page.locator('[data-path="signature"] [data-part="name"]').fill("Nguye\u0302\u0303n Va\u0306n A")
    return read_plan(_saved(page, tmp_path))


def test_units_are_added_in_the_empty_row(edited: Plan) -> None:
    assert [(unit.name, unit.collective) for unit in edited.tasks[0].lead_units] == [
        ("Sở Nội vụ", False),
        ("Các sở, ngành", True),
    ]


def test_a_list_has_a_line_for_each_value(edited: Plan) -> None:
    assert edited.tasks[0].deliverables == ("Báo cáo", "Danh mục")


def test_a_time_that_was_not_stated_can_be(edited: Plan) -> None:
    time = edited.tasks[0].time_frame
    assert time is not None
    assert (time.text, str(time.end), time.start, time.milestones) == ("Trước 30/6", "2024-06-30", None, ())


def test_an_emptied_milestone_is_gone(edited: Plan) -> None:
    time = edited.tasks[1].time_frame
    assert time is not None
    assert (time.text, time.milestones) == ("quý II", ())


def test_names_are_saved_in_one_normal_form(edited: Plan) -> None:
    assert edited.signature is not None
    assert edited.signature.name == "Nguyễn Văn A"


def test_what_was_changed_needs_no_review(edited: Plan) -> None:
    task = edited.tasks[0]
    assert (task.needs_review, task.confidence.lead_units, task.confidence.text) == ((), 1.0, 0.9)


def test_what_is_no_task_is_left_out(open_page: Callable[..., Page], text_plan: Path, tmp_path: Path) -> None:
    page = open_page(text_plan)
    page.locator('[data-remove="0"]').check()
    assert [task.id for task in read_plan(_saved(page, tmp_path)).tasks] == ["2"]


def test_the_page_speaks_english_on_request(open_page: Callable[..., Page], text_plan: Path) -> None:
    page = open_page(text_plan)
    page.get_by_role("button", name="English").click()
    assert (page.get_by_role("button", name="Save JSON").count(), page.locator("html").get_attribute("lang")) == (
        1,
        "en",
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing(open_page: Callable[..., Page], scan_plan: Path, size: tuple[int, int], scheme: str) -> None:
    page = open_page(scan_plan, size, scheme)
    page.keyboard.press("Alt+ArrowDown")
    assert [one["id"] for one in axe.Axe().run(page).response["violations"]] == []


def test_nothing_is_wider_than_a_phone(open_page: Callable[..., Page], scan_plan: Path) -> None:
    page = open_page(scan_plan, PHONE)
    parts = page.locator("html, main > section").evaluate_all(
        "all => all.map(one => one.scrollWidth - one.clientWidth)"
    )
    assert parts == [0, 0, 0]
