"""The Markdown, rendered: what it shows is what the plan says."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from planparse.exporting.to_markdown import escape, export_markdown
from planparse.exporting.words import clean
from planparse.plan import Plan
from planparse.text import squeeze

MakePlan = Callable[..., Plan]
MakePart = Callable[..., dict[str, Any]]
RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
EXPECTED = """\
# Kế hoạch số 12/KH-VP

Cải cách

- **Cơ quan ban hành:** –
- **Ngày ban hành:** 05/01/2024
- **Số nhiệm vụ:** 1, 1 cần kiểm tra

## Nhiệm vụ

### II.1

Rà soát

- **Đơn vị chủ trì:** Sở Nội vụ; Sở Y tế
- **Đơn vị phối hợp:** –
- **Sản phẩm:** Báo cáo
- **Thời gian:** Quý I; trước 30/6 (từ 01/01/2024 đến 30/06/2024)
  - **Mốc:** Quý I (từ 01/01/2024 đến 31/03/2024)
- **Kinh phí:** 1 tỷ
- **⚠ Cần kiểm tra:** Thời gian

## Văn bản viện dẫn

| Loại văn bản | Số, ký hiệu | Ngày ban hành | Cơ quan ban hành | Nêu tại nhiệm vụ |
| --- | --- | --- | --- | --- |
| Luật | – | – | Quốc hội | – |

"""


def _time(text: str, start: str, end: str, *milestones: dict[str, Any]) -> dict[str, Any]:
    dates = {"text": text, "start": start, "end": end, "recurrence": None, "condition": None}
    return {**dates, "milestones": milestones}


def _shown(markdown: str) -> str:
    """Return the text that a reader sees."""
    inline = [token for token in RENDERER.parse(markdown) if token.type == "inline"]
    return "".join(child.content for token in inline for child in token.children or ())


def test_a_plan_reads_field_by_field(make_plan: MakePlan, make_task: MakePart) -> None:
    header = {**dict.fromkeys(("parent_body", "issuer", "place")), "number": "12/KH-VP", "date": "2024-01-05"}
    milestone = _time("Quý I", "2024-01-01", "2024-03-31")
    task = make_task(
        "II.1",
        lead_units=[{"name": "Sở Nội vụ", "collective": False}, {"name": "Sở Y tế", "collective": False}],
        deliverables=["Báo cáo"],
        time_frame=_time("Quý I; trước 30/6", "2024-01-01", "2024-06-30", milestone),
        other_fields=[{"label": "Kinh phí", "text": "1 tỷ"}],
        needs_review=["time_frame"],
    )
    plan = make_plan(
        header={**header, "type": "Kế hoạch", "title": "Cải cách"},
        tasks=[task],
        references=[{"type": "Luật", "number": None, "date": None, "issuer": "Quốc hội"}],
    )
    assert export_markdown([plan]).decode() == EXPECTED


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "a | b", "*a* **b** _c_", "`x`", "[a](http://x)", "![a](b)", "~~a~~", "&lt;"],
)
def test_markup_is_shown_as_text(text: str) -> None:
    assert (_shown(escape(text)), "<script>" in RENDERER.render(escape(text))) == (text, False)


@pytest.mark.parametrize("text", ["# a", "- a", "+ a", "1. a", "2) a", "---", "> a", "a #", "===", "a\n\nb", "    a"])
def test_a_paragraph_stays_a_paragraph(text: str) -> None:
    assert [token.type for token in RENDERER.parse(escape(text))] == ["paragraph_open", "inline", "paragraph_close"]


@given(st.text(alphabet=st.sampled_from(list("aĐ1 .-+)(#*_`[]<>|~&;!\\\n\t$=:")), max_size=30))
def test_what_is_escaped_is_shown_as_it_is(text: str) -> None:
    assert _shown(escape(text)) == squeeze(clean(text))


def test_a_bar_parts_no_cell(make_plan: MakePlan) -> None:
    reference = {"type": "Luật", "number": "a|b", "date": None, "issuer": "x\\|y"}
    rendered = RENDERER.render(export_markdown([make_plan(references=[reference])]).decode())
    assert rendered.count("<td>") == 5
