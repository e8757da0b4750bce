"""Labels; and whole documents: nothing is lost, nothing is refused."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planparse.outline import AssignmentKind, FieldKind
from planparse.reading import read_text
from planparse.segmenting import segment_document
from planparse.segmenting.fields import find_labels, read_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planparse.document import Document
    from planparse.outline import Node, Outline, Paragraph, Span, Table

LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "I. MỤC ĐÍCH",
                "II. NỘI DUNG",
                "1. Rà soát văn bản",
                "a) Một;",
                "d) Bốn",
                "Điều 5. Hiệu lực",
                "PHỤ LỤC I",
                "- Đơn vị chủ trì: Sở A; phối hợp: Sở B.",
                "+ Thời gian:",
                "- Quý I/2024",
                "| STT | Nhiệm vụ | Cơ quan chủ trì | Thời hạn |",
                "| I | NHIỆM VỤ CHUNG |",
                "| 1 | Rà soát | Sở A |",
                "| | | Chủ trì | Phối hợp |",
                "| | văn bản<br>quy phạm | | |",
                "| II | RIÊNG | RIÊNG | RIÊNG |",
                "| 2 | Dữ liệu | | |",
                "| a) | Phối hợp với Sở B số hóa | Sở A<br/>Sở C | Quý I/2026 |",
                "| (1) | (2) | (3) |",
                "STT\tNhiệm vụ\tChủ trì",
                "2\tTổng hợp\tSở B",
                "STT | Nhiệm vụ | Chủ trì",
                "TT    Nhiệm vụ        Chủ trì",
                "1     Rà soát         Sở A",
                "      văn bản",
                "Giao Sở Nội vụ chủ trì, phối hợp với Sở Tài chính rà soát.",
                "Nơi nhận:",
                "- Lưu: VT.",
                "TM. ỦY BAN NHÂN DÂN",
                "PHÓ CHỦ TỊCH",
                "Nguyễn Văn Mẫu",
                "KẾ HOẠCH",
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Số: 12/KH-UBND   Hoa Sơn, ngày 01 tháng 02 năm 2025",
                "",
                "8",
            ]
        ),
        st.text(max_size=60),
    ),
    max_size=30,
)


@pytest.mark.cases("segmenting/labels")
def test_label(case: dict[str, Any]) -> None:
    label = read_label(case["given"], bullet=True)
    assert (label.kind.value if label else "") == case["expect"]


def test_run_in_labels_are_found() -> None:
    labels = find_labels("Lập sổ tay (đơn vị chủ trì: Phòng A; thời gian: Quý I/2025).")
    assert [label.kind for label in labels] == [FieldKind.LEAD_UNITS, FieldKind.TIME_FRAME]


def _spans(outline: Outline) -> Iterator[Span]:
    header = outline.header
    for name in ("parent_body", "issuer", "number", "place", "date", "type", "title"):
        part = getattr(header, name)
        yield from part.spans if part else ()
    for paragraph in (*outline.preamble, *outline.closing):
        yield from _paragraph_spans(paragraph)
    for node in outline.walk():
        yield from _node_spans(node)
    for passage in (*outline.recipients, *outline.furniture):
        yield from passage.spans
    for table in outline.tables:
        yield from _table_spans(table)
    if outline.signature:
        for part in (outline.signature.authority, outline.signature.position, outline.signature.name):
            yield from part.spans if part else ()


def _paragraph_spans(paragraph: Paragraph) -> Iterator[Span]:
    yield from paragraph.passage.spans
    yield from paragraph.bullet.spans if paragraph.bullet else ()


def _node_spans(node: Node) -> Iterator[Span]:
    yield from node.marker.spans if node.marker else ()
    yield from node.title.spans if node.title else ()
    for paragraph in node.text:
        yield from _paragraph_spans(paragraph)
    for one in node.fields:
        yield from one.label.spans
        for value in one.values:
            yield from value.spans
    for table in node.tables:
        yield from _table_spans(table)


def _table_spans(table: Table) -> Iterator[Span]:
    for cell in (*table.head, *(cell for row in table.rows for cell in row)):
        yield from cell.spans if cell else ()


def _places(document: Document, spans: Iterator[Span]) -> Counter[tuple[int, int]]:
    """Count how often each printed character is claimed."""
    texts = {line.number: line.text for line in document.lines}
    return Counter(
        (span.line, index)
        for span in spans
        for index in range(span.start, span.end)
        if not texts[span.line][index].isspace()
    )


@settings(max_examples=200)
@given(LINES)
def test_each_character_ends_in_exactly_one_place(lines: list[str]) -> None:
    document = read_text("\n".join(lines) + "\n")
    counts = _places(document, _spans(segment_document(document)))
    printed = {
        (line.number, index) for line in document.lines for index, char in enumerate(line.text) if not char.isspace()
    }
    assert {place: count for place, count in counts.items() if count != 1} == {}
    assert set(counts) == printed


@given(LINES)
@example(["I. A", "- Đơn vị chủ trì: Sở A.", "d) Bốn", "- Đơn vị chủ trì: Sở A.", "| | văn bản | | |"])
def test_paths_are_unique(lines: list[str]) -> None:
    outline = segment_document(read_text("\n".join(lines) + "\n"))
    paths = [node.path for node in outline.walk()]
    tasks = [assignment.path for assignment in outline.assignments]
    assert len(paths) == len(set(paths))
    assert len(tasks) == len(set(tasks))


def _tasks(text: str) -> list[tuple[str, str, list[str]]]:
    outline = segment_document(read_text(text))
    return [
        (".".join(one.path), one.kind.value, [value.text for each in one.fields for value in each.values])
        for one in outline.assignments
    ]


def test_bullets_that_own_fields_are_tasks() -> None:
    text = "I. A\n1. Văn bản\n- Một.\n+ Đơn vị chủ trì: Phòng A.\n- Hai.\n+ Đơn vị chủ trì: Phòng B.\n"
    assert _tasks(text) == [("I.1.1", "fields", ["Phòng A"]), ("I.1.2", "fields", ["Phòng B"])]


def test_values_stand_in_bullets_below_a_label() -> None:
    text = "1. Rà soát\n- Đơn vị chủ trì: Phòng A\n- Sản phẩm:\n+ Kế hoạch;\n+ Báo cáo.\n"
    assert _tasks(text) == [("1", "fields", ["Phòng A", "Kế hoạch", "Báo cáo"])]


def test_markers_may_number_fields() -> None:
    text = "Điều 1. Chuẩn bị\n1. Lập đề cương.\na) Đơn vị chủ trì: Phòng A.\nb) Thời hạn: Quý I/2026.\n"
    assert _tasks(text) == [("Điều 1.1", "fields", ["Phòng A", "Quý I/2026"])]


def test_a_heading_that_names_a_body_leads_what_is_below() -> None:
    text = "III. TỔ CHỨC\n2. Sở Nội vụ\n- Chủ trì, phối hợp với Sở Tài chính tham mưu bố trí kinh phí.\n- Theo dõi.\n"
    assert _tasks(text) == [("III.2.1", "prose", ["Sở Nội vụ", "Sở Tài chính"])]


@pytest.mark.parametrize(
    "sentence",
    [
        "Đề nghị Báo A mở chuyên trang.",
        "Sở A có trách nhiệm báo cáo.",
        "Sở A chủ động phối hợp với Sở B rà soát.",
        "Các cơ quan được giao chủ trì báo cáo kết quả.",
    ],
)
def test_what_is_no_assignment(sentence: str) -> None:
    assert _tasks(f"III. TỔ CHỨC\n1. {sentence}\n") == []


def test_rows_of_a_table_are_tasks() -> None:
    text = (
        "PHỤ LỤC\n| STT | Nhiệm vụ | Cơ quan chủ trì | Thời hạn |\n| I | CHUNG |\n| 1 | Rà soát | Sở A | Quý I/2026 |\n"
        "| 1 | Tổng hợp | Sở B |\n"
    )
    assert _tasks(text) == [
        ("Phụ lục.I.1", "table", ["Sở A", "Quý I/2026"]),
        ("Phụ lục.I.2", "table", ["Sở B", "Quý I/2026"]),
    ]


def test_a_table_of_targets_assigns_nothing() -> None:
    assert _tasks("PHỤ LỤC\n| STT | Chỉ tiêu | Đơn vị | Cơ quan chủ trì |\n| 1 | Tỷ lệ | % | Sở A |\n") == []


def test_a_split_code_is_joined_without_a_space() -> None:
    outline = segment_document(
        read_text("1. Sửa đổi Quyết định số 1179/QĐ-\nUBND ngày 21/12/2018 của UBND tỉnh\nvề biểu mẫu.\n")
    )
    assert "1179/QĐ-UBND ngày" in outline.nodes[0].text[0].passage.text


def test_prose_is_told_from_fields() -> None:
    outline = segment_document(read_text("1. Sở A chủ trì rà soát.\n"))
    assert [one.kind for one in outline.assignments] == [AssignmentKind.PROSE]
