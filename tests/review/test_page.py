import base64
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from planparse.config import DEFAULT
from planparse.plan import read_plan
from planparse.reading.images.pictures import BUDGET, DPI, draw_pages
from planparse.review import review_plan
from planparse.review.html import load_words, render
from planparse.review.source import base_name, find_source
from planparse.warning import WarningCode


class Reader(HTMLParser):
    """What a browser would make of a page: its tags with their attributes, and the text of those with an id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and (name := self.tags[-1][1].get("id")):
            self.texts.setdefault(name, data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def html(text_plan: Path) -> str:
    return review_plan(text_plan)[0]


def test_what_a_document_says_makes_no_tag(html: str) -> None:
    """Scripts: the words, the plan, the page's own; no picture, since the document is a text."""
    reader = Reader(html)
    assert (len(reader.named("script")), reader.named("img"), reader.named("b")) == (3, [], [])


def test_no_tag_has_a_handler_or_a_style(html: str) -> None:
    attributes = {name for _, found in Reader(html).tags for name in found}
    assert not [name for name in attributes if name.startswith("on") or name == "style"]


def test_templates_in_a_document_are_not_evaluated(html: str) -> None:
    assert ("{{7*7}}" in html, "49" in Reader(html).texts.get("fields", "")) == (True, False)


def test_the_plan_in_the_page_is_the_plan(html: str, text_plan: Path) -> None:
    assert json.loads(Reader(html).texts["plan"]) == json.loads(text_plan.read_text(encoding="utf-8"))


def test_the_policy_allows_nothing_but_the_page_itself(html: str) -> None:
    (policy,) = [meta["content"] or "" for meta in Reader(html).named("meta") if meta.get("http-equiv")]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy


def test_nothing_in_the_page_is_fetched(html: str) -> None:
    links = [value or "" for _, found in Reader(html).tags for name, value in found.items() if name in {"src", "href"}]
    assert all(link.startswith(("#", "data:image/webp")) for link in links)


def test_the_least_sure_value_comes_first(html: str) -> None:
    doubts = [found["data-doubt"] for found in Reader(html).named("li") if "data-doubt" in found]
    assert doubts == ["tasks.1.time_frame", "tasks.0.lead_units"]


def test_a_line_of_a_text_leads_to_its_fields(html: str) -> None:
    fields = [found.get("data-fields") for found in Reader(html).named("p") if found.get("data-tasks") == "0"]
    assert fields == ["tasks.0.text", "tasks.0.lead_units"]


def test_a_doubtful_field_shows_its_own_line_as_printed(html: str) -> None:
    assert '<pre lang="vi">- Đơn vị chủ trì: Sở Nội vụ.</pre>' in html


def test_a_scan_is_shown_with_the_boxes_of_its_tasks(scan_plan: Path) -> None:
    boxes = Reader(review_plan(scan_plan, quick=True)[0]).named("rect")
    assert [(box["data-tasks"], box["x"], box["width"]) for box in boxes] == [
        ("0", "60.0", "440.0"),
        ("1", "60.0", "440.0"),
    ]


def test_a_picture_has_the_size_of_its_boxes(scan_plan: Path) -> None:
    (picture,) = draw_pages((scan_plan.parent / "scan.png").read_bytes(), "scan.png", DEFAULT)
    assert (round(picture.width), round(picture.height)) == (595, 842)


def test_a_page_that_no_quality_makes_small_is_shown_all_the_same(scan_plan: Path) -> None:
    (picture,) = draw_pages((scan_plan.parent / "scan.png").read_bytes(), "scan.png", DEFAULT)
    assert (len(picture.webp) > BUDGET, picture.webp[8:12]) == (True, b"WEBP")


@pytest.mark.parametrize("sample", ["quang-ngai-cchc-2024-200dpi", "so-noi-vu-tuyen-truyen-2025-phone"])
def test_pages_of_scans_are_within_the_budget(sample: str) -> None:
    data = (Path(__file__).parents[2] / "samples" / f"{sample}.pdf").read_bytes()
    assert max(len(page.webp) for page in draw_pages(data, sample, DEFAULT)) <= BUDGET


def test_pictures_are_drawn_at_their_resolution(scan_plan: Path) -> None:
    html, _ = review_plan(scan_plan, quick=True)
    (image,) = Reader(html).named("img")
    data = base64.b64decode((image["src"] or "").partition(",")[2])
    assert int.from_bytes(data[26:28], "little") & 0x3FFF == round(1654 * DPI / 200)


def test_a_plan_without_its_document_shows_fields_only(text_plan: Path, tmp_path: Path) -> None:
    (tmp_path / "van-ban.txt").unlink()
    html, problem = review_plan(text_plan)
    assert ("Sở Nội vụ" in html, "is not there" in (problem or ""), 'class="notice"' in html) == (True, True, True)


def test_another_document_of_the_same_name_is_not_shown(text_plan: Path, tmp_path: Path) -> None:
    (tmp_path / "van-ban.txt").write_text("khác", encoding="utf-8")
    assert "other bytes" in (review_plan(text_plan)[1] or "")


def test_a_document_is_found_by_its_name_in_a_folder(text_plan: Path, tmp_path: Path) -> None:
    assert find_source(read_plan(text_plan), tmp_path).path == tmp_path / "van-ban.txt"


@pytest.mark.parametrize(
    ("file", "name"),
    [("../../etc/a.pdf", "a.pdf"), ("C:\\x\\b.pdf", "b.pdf"), ("..", None), ("", None), (None, None)],
)
def test_a_name_leads_out_of_no_folder(text_plan: Path, file: str | None, name: str | None) -> None:
    plan = read_plan(text_plan)
    moved = plan.model_copy(update={"source": type(plan.source)(file, "", 1, "text")})
    assert base_name(moved) == name


def test_both_languages_have_the_same_words() -> None:
    words = load_words()
    assert words["vi"].keys() == words["en"].keys()


def test_every_warning_has_words() -> None:
    assert {code.value for code in WarningCode} <= load_words()["vi"].keys()


def test_a_template_may_not_forget_a_value() -> None:
    with pytest.raises(Exception, match="undefined"):
        render()
