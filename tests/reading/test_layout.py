"""Words → lines in reading order: rows, columns, tables."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse.document import BBox, Cell, Word
from planparse.reading.layout import lay_out, to_lines
from planparse.reading.segments import PlacedWord, Segment

if TYPE_CHECKING:
    from collections.abc import Sequence

ISSUER = ("ỦY BAN NHÂN DÂN", "TỈNH QUẢNG NGÃI", "Số: 15/KH-UBND")
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Quảng Ngãi, ngày 15 tháng 01 năm 2024")


def place(text: str, left: float, top: float, line: tuple[int, ...] | None = None) -> list[PlacedWord]:
    """Return the words of `text`, each letter 6 points wide and 12 high, a space 4 wide."""
    words = []
    for word in text.split():
        box = (left, top, left + 6 * len(word), top + 12)
        words.append(PlacedWord(Word(word, box), line))
        left = box[2] + 4
    return words


def read(words: Sequence[PlacedWord], grids: Sequence[Sequence[BBox]] = ()) -> list[str]:
    return [" ".join(word.text for word in segment.words) for segment in lay_out(words, grids)]


def place_all(texts: Sequence[str], left: float, top: float = 100.0) -> list[PlacedWord]:
    return [word for number, text in enumerate(texts) for word in place(text, left, top + 20 * number)]


def make_grid(lefts: Sequence[float], tops: Sequence[float]) -> list[BBox]:
    return [
        (left, top, right, bottom)
        for top, bottom in itertools.pairwise(tops)
        for left, right in itertools.pairwise(lefts)
    ]


# Rows


def test_words_of_one_height_are_a_line() -> None:
    words = place("Đơn vị chủ trì", 80, 100) + place("Sở Tư pháp", 80, 120)
    assert read(words[::-1]) == ["Đơn vị chủ trì", "Sở Tư pháp"]


def test_a_skewed_line_stays_one_line() -> None:
    words = [
        PlacedWord(Word(placed.word.text, (box[0], box[1] + box[0] / 60, box[2], box[3] + box[0] / 60)))
        for placed in place("Thực hiện công tác kiểm soát thủ tục hành chính năm", 80, 100)
        for box in [placed.bbox]
    ]
    assert read(words) == ["Thực hiện công tác kiểm soát thủ tục hành chính năm"]


def test_the_engine_s_lines_are_kept() -> None:
    """Two lines so close that their boxes overlap by half."""
    words = place("Đơn vị chủ trì", 80, 100, (1, 1, 1)) + place("Sở Tư pháp", 80, 107, (1, 1, 2))
    assert read(words) == ["Đơn vị chủ trì", "Sở Tư pháp"]


def test_no_words_are_no_lines() -> None:
    assert lay_out([], []) == []
    assert lay_out([], [make_grid([0, 50, 100], [0, 50, 100])]) == []


# Columns


def test_the_left_column_of_a_head_is_read_first() -> None:
    body = place("Thực hiện công tác kiểm soát thủ tục hành chính năm 2024 trên địa bàn", 60, 180)
    words = place_all(ISSUER, 60) + place_all(MOTTO, 260)
    assert read(words + body) == [*ISSUER, *MOTTO, " ".join(word.word.text for word in body)]


def test_columns_are_parted_though_the_engine_took_their_rows_for_lines() -> None:
    words = [
        PlacedWord(placed.word, (1, 1, number))
        for number in range(3)
        for placed in place(ISSUER[number], 60, 100 + 20 * number) + place(MOTTO[number], 260, 100 + 20 * number)
    ]
    assert read(words) == [*ISSUER, *MOTTO]


def test_a_longer_right_column_is_read_whole() -> None:
    recipients, signature = (
        ("Nơi nhận:", "- Như trên;", "- Lưu: VT."),
        ("TM. ỦY BAN", "CHỦ TỊCH", "", "", "Đặng Văn Minh"),
    )
    words = place_all(recipients, 60) + place_all(signature, 360)
    assert read(words) == [*recipients, *filter(None, signature)]


def test_one_row_with_a_wide_gap_is_no_column() -> None:
    rows = ["Thực hiện công tác kiểm soát thủ tục hành chính", "Rà soát", "Tổ chức thực hiện kế hoạch này trong năm"]
    words = place_all(rows, 60) + place("đơn giản hóa", 250, 120)
    assert read(words) == [rows[0], rows[1], "đơn giản hóa", rows[2]]


def test_justified_text_is_read_across() -> None:
    rows = ["Thực hiện công tác kiểm soát", "thủ tục hành chính năm 2024", "trên địa bàn tỉnh Quảng Ngãi"]
    words = []
    for number, row in enumerate(rows):
        left = 60.0
        for word in row.split():
            words += place(word, left, 100 + 20 * number)
            left += 6 * len(word) + 16  # 1.3 heights
    assert read(words) == rows


RECIPIENTS = ("Nơi nhận:", "- Như Điều 3;", "- Các sở, ngành;", "- UBND các xã;", "- Lưu: VT, TH.")
SIGNATURE = ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
ACROSS = "Yêu cầu Thủ trưởng các sở, ban, ngành nghiêm túc triển khai thực hiện Kế hoạch này"


def place_lines(texts: Sequence[str], left: float, top: float, pitch: float) -> list[PlacedWord]:
    return [word for number, text in enumerate(texts) for word in place(text, left, top + pitch * number)]


@pytest.mark.parametrize("offset", [-9.0, -4.0, 0.0, 5.0, 9.0])
def test_the_foot_s_columns_are_read_one_after_the_other_whatever_their_heights(offset: float) -> None:
    """Recipients in small type at another pitch than the signature."""
    above = place(ACROSS, 60, 60)
    left = place_lines(RECIPIENTS, 60, 120, 15)
    right = place_lines(SIGNATURE, 330, 120 + offset, 19) + place("Lò Thị Minh Thơ", 350, 250)
    text = " ".join(word.word.text for word in above)
    assert read([*above, *left, *right]) == [text, *RECIPIENTS, *SIGNATURE, "Lò Thị Minh Thơ"]


@pytest.mark.parametrize("offset", [-9.0, 5.0, 10.0])
def test_the_head_s_columns_are_read_one_after_the_other_whatever_their_heights(offset: float) -> None:
    words = place_lines(ISSUER, 60, 100, 22) + place_lines(MOTTO, 260, 100 + offset, 22)
    body = place(ACROSS, 60, 200)
    assert read([*words, *body]) == [*ISSUER, *MOTTO, ACROSS]


def test_a_name_alone_beside_recipients_is_read_after_them() -> None:
    """The rest of the signature is under a seal."""
    words = place_lines(RECIPIENTS + RECIPIENTS[1:4], 60, 120, 15) + place("Nguyễn Văn An", 350, 182)
    assert read(words) == [*RECIPIENTS, *RECIPIENTS[1:4], "Nguyễn Văn An"]


def test_a_stroke_of_a_pen_across_the_gutter_parts_no_columns() -> None:
    stroke = [PlacedWord(Word("~", (200, 182, 340, 190)))]
    words = place_lines(RECIPIENTS, 60, 120, 15) + place_lines(SIGNATURE, 330, 124, 19)
    assert [line for line in read([*words, *stroke]) if line != "~"] == [*RECIPIENTS, *SIGNATURE]


def test_text_that_goes_on_below_the_columns_is_read_after_them() -> None:
    words = place_lines(ISSUER, 60, 100, 18) + place_lines(MOTTO, 260, 100, 18) + place("1. Mục tiêu", 60, 190)
    assert read(words) == [*ISSUER, *MOTTO, "1. Mục tiêu"]


def test_a_date_at_the_right_below_short_lines_is_read_in_its_place() -> None:
    lines = ("Kính gửi: Sở Nội vụ", "Thực hiện Kế hoạch này")
    words = (
        place_lines(lines, 60, 100, 19)
        + place("Quảng Ngãi, ngày 15 tháng 01", 330, 138)
        + place("Căn cứ Luật", 60, 157)
    )
    assert read(words) == [*lines, "Quảng Ngãi, ngày 15 tháng 01", "Căn cứ Luật"]


# Tables without ruling lines

TASKS = (
    ("STT", "Nhiệm vụ", "Chủ trì"),
    ("1", "Rà soát thủ tục hành chính", "Sở Tư pháp"),
    ("2", "Tập huấn nghiệp vụ cho cán bộ", "Sở Nội vụ"),
    ("3", "Kiểm tra việc thực hiện", "Thanh tra tỉnh"),
)


def place_tasks(top: float) -> list[PlacedWord]:
    return [
        word
        for number, row in enumerate(TASKS)
        for text, left in zip(row, (60, 100, 340), strict=True)
        for word in place(text, left, top + 20 * number)
    ]


def test_a_table_without_ruling_lines_has_cells() -> None:
    words = [*place(ACROSS, 60, 60), *place_tasks(100), *place(ACROSS, 60, 200)]
    segments = lay_out(words, [], first_table=3)
    expected = [
        (cell, Cell(3, row, column)) for row, cells in enumerate(TASKS, 1) for column, cell in enumerate(cells, 1)
    ]
    texts = [(" ".join(word.text for word in one.words), one.cell) for one in segments]
    assert texts == [(ACROSS, None), *expected, (ACROSS, None)]


def test_tables_with_and_without_ruling_lines_have_numbers_of_their_own() -> None:
    grid = make_grid([60, 160, 300], [300, 350, 400])
    inside = [word for box in grid for word in place("ô", box[0] + 5, box[1] + 5)]
    cells = {one.cell.table for one in lay_out([*place_tasks(100), *inside], [grid]) if one.cell}
    assert cells == {1, 2}


# Tables


def test_a_table_is_read_row_by_row() -> None:
    grid = make_grid([60, 100, 300, 500], [100, 150, 200])
    cells = ["TT", "Nhiệm vụ", "Đơn vị", "1", "Rà soát", "Sở Tư pháp"]
    words = [word for text, box in zip(cells, grid, strict=True) for word in place(text, box[0] + 5, box[1] + 5)]
    segments = lay_out(words[::-1], [grid], first_table=4)
    assert [" ".join(word.text for word in segment.words) for segment in segments] == cells
    assert [segment.cell for segment in segments] == [Cell(4, row, column) for row in (1, 2) for column in (1, 2, 3)]


def test_lines_of_a_cell_stay_together() -> None:
    grid = make_grid([60, 160, 300], [100, 150, 200])
    words = [
        *place("Rà soát", 65, 105),
        *place("Sở Tư pháp", 165, 105),
        *place("thủ tục", 65, 125),
        *place("chủ trì", 165, 125),
        *place("Tập huấn", 65, 155),
        *place("Sở Nội vụ", 165, 155),
    ]
    assert read(words, [grid]) == ["Rà soát", "thủ tục", "Sở Tư pháp", "chủ trì", "Tập huấn", "Sở Nội vụ"]


def test_a_table_stands_between_the_text_above_and_below() -> None:
    grid = make_grid([60, 160, 300], [100, 150, 200])
    inside = [word for box in grid for word in place("ô", box[0] + 5, box[1] + 5)]
    words = [*place("dưới", 60, 220), *inside, *place("trên", 60, 60)]
    assert read(words, [grid]) == ["trên", "ô", "ô", "ô", "ô", "dưới"]


def test_a_cell_over_two_rows_says_so() -> None:
    merged: BBox = (60, 100, 100, 200)
    grid = [merged, (100, 100, 300, 150), (100, 150, 300, 200)]
    words = place("I", 65, 105) + place("Rà soát", 105, 105) + place("Tập huấn", 105, 155)
    cells = [segment.cell for segment in lay_out(words, [grid])]
    assert cells == [Cell(1, 1, 1, rows=2), Cell(1, 1, 2), Cell(1, 2, 2)]


def test_edges_that_differ_by_a_point_are_one() -> None:
    grid: list[BBox] = [(60, 100, 160, 150), (161, 101, 300, 150), (60, 151, 160, 200), (160, 150, 300, 200)]
    words = [word for box in grid for word in place("ô", box[0] + 5, box[1] + 5)]
    cells = [segment.cell for segment in lay_out(words, [grid])]
    assert cells == [Cell(1, 1, 1), Cell(1, 1, 2), Cell(1, 2, 1), Cell(1, 2, 2)]


def test_a_frame_around_the_page_is_no_table() -> None:
    frame: BBox = (20, 20, 575, 822)
    assert [segment.cell for segment in lay_out(place_all(MOTTO, 100), [[frame]])] == [None] * 3


def test_a_grid_without_words_takes_no_number() -> None:
    empty, full = make_grid([60, 160, 300], [100, 150, 200]), make_grid([60, 160, 300], [300, 350, 400])
    words = [word for box in full for word in place("ô", box[0] + 5, box[1] + 5)]
    assert {segment.cell.table for segment in lay_out(words, [empty, full]) if segment.cell} == {1}


# Lines


def test_lines_are_numbered_from_the_first() -> None:
    segments = [Segment((Word("Đơn"), Word("vị")), (0, 0, 9, 9)), Segment((Word("1"),), (0, 9, 9, 18), Cell(1, 1, 1))]
    lines = to_lines(segments, page=3, first=41)
    assert [(line.number, line.page, line.text, line.printed) for line in lines] == [
        (41, 3, "Đơn vị", "Đơn vị"),
        (42, 3, "1", "1"),
    ]
    assert [line.cell for line in lines] == [None, Cell(1, 1, 1)]


BOXES = st.tuples(*[st.floats(0, 800, width=32)] * 2, st.floats(1, 90, width=32), st.floats(1, 30, width=32)).map(
    lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3])
)
WORDS = st.lists(BOXES, max_size=25).map(
    lambda boxes: [PlacedWord(Word(str(number), box)) for number, box in enumerate(boxes)]
)
GRIDS = st.lists(
    st.tuples(*[st.lists(st.integers(0, 800), min_size=2, max_size=5, unique=True).map(sorted)] * 2).map(
        lambda sides: make_grid(*sides)
    ),
    max_size=2,
)


COLUMNS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 30), st.integers(1, 3)).map(
        lambda one: (120.0 * one[0], 15.0 * one[1], 120.0 * one[0] + 35 * one[2], 15.0 * one[1] + 12)
    ),
    max_size=60,
    unique=True,
).map(lambda boxes: [PlacedWord(Word(str(number), box)) for number, box in enumerate(boxes)])
"""Words that make tables without ruling lines now and then."""


@given(WORDS | COLUMNS, GRIDS)
def test_no_word_is_lost_or_doubled(words: list[PlacedWord], grids: list[list[BBox]]) -> None:
    read_words = [word for segment in lay_out(words, grids) for word in segment.words]
    assert sorted(word.text for word in read_words) == sorted(placed.word.text for placed in words)


@given(WORDS)
def test_words_of_a_line_stand_left_to_right(words: list[PlacedWord]) -> None:
    for segment in lay_out(words, []):
        lefts = [word.bbox[0] for word in segment.words if word.bbox]
        assert lefts == sorted(lefts)
