"""Tables without ruling lines, found among boxes; and text that is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planparse.reading.tables.aligned_tables import find_aligned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.document import BBox

    Placed = tuple[str, BBox]

LEFTS = (60.0, 100.0, 300.0, 420.0)
HEAD = ("STT", "Nhiệm vụ", "Chủ trì", "Thời gian")
ROWS = (
    ("1", "Rà soát thủ tục hành chính|và công bố danh mục|trên Cổng Dịch vụ công", "Văn phòng|UBND tỉnh", "Quý I"),
    ("2", "Tập huấn cán bộ", "Sở Nội vụ", "Tháng 6"),
    ("3", "Kiểm tra việc thực hiện|kế hoạch này", "Thanh tra tỉnh|và các sở", "Quý IV"),
)
PITCH, SPACE = 14.5, 6.0


def place(text: str, left: float, top: float) -> list[Placed]:
    """Return the words of `text`: a letter is 6 points wide and 12 high, a space 4 wide."""
    placed = []
    for word in text.split():
        placed.append((word, (left, top, left + 6 * len(word), top + 12)))
        left += 6 * len(word) + 4
    return placed


def typeset(
    rows: Sequence[Sequence[str]], top: float = 100.0, *, space: float = SPACE, centred: bool = False
) -> list[Placed]:
    """Return the words of a table; `|` parts the lines of a cell, a row of two cells runs over all columns."""
    placed = []
    for row in rows:
        lines = [cell.split("|") for cell in row]
        height = PITCH * max(map(len, lines))
        for left, cell in zip(LEFTS, lines, strict=False):
            down = (height - PITCH * len(cell)) / 2 if centred else 0.0
            for number, line in enumerate(cell):
                placed += place(line, left, top + down + PITCH * number)
        top += height + space
    return placed


def read(placed: Sequence[Placed]) -> list[list[tuple[int, int, int, str]]]:
    """Return row, column, rows spanned and text of each cell of each table, in order."""
    tables = find_aligned([box for _, box in placed])
    return [
        sorted((cell.row, cell.column, cell.rows, " ".join(placed[i][0] for i in cell.members)) for cell in cells)
        for cells in tables
    ]


def expect(rows: Sequence[Sequence[str]]) -> list[tuple[int, int, int, str]]:
    return [
        (number, column, 1, cell.replace("|", " "))
        for number, row in enumerate(rows, 1)
        for column, cell in enumerate(row, 1)
        if cell
    ]


def test_columns_and_rows_are_told_by_white_space() -> None:
    assert read(typeset([HEAD, *ROWS])) == [expect([HEAD, *ROWS])]


def test_cells_may_be_centred_in_their_row() -> None:
    assert read(typeset([HEAD, *ROWS], centred=True)) == [expect([HEAD, *ROWS])]


def test_without_space_between_rows_their_numbers_part_them() -> None:
    assert read(typeset([HEAD, *ROWS], space=0.0)) == [expect([HEAD, *ROWS])]


def test_a_title_runs_over_all_columns() -> None:
    title = ("II", "HOÀN THIỆN CƠ CHẾ, CHÍNH SÁCH HỖ TRỢ CHUYỂN ĐỔI SỐ CỦA TỈNH")
    rows = [HEAD, *ROWS[:2], title, ROWS[2]]
    assert read(typeset(rows)) == [expect(rows)]


def test_a_title_that_ends_before_the_last_column_is_one_cell() -> None:
    title = ("II", "HOÀN THIỆN CƠ CHẾ, CHÍNH SÁCH HỖ TRỢ")
    rows = [HEAD, title, *ROWS]
    assert read(typeset(rows)) == [expect(rows)]


def test_a_title_at_the_end_of_a_page_belongs_to_the_table() -> None:
    title = ("II", "HOÀN THIỆN CƠ CHẾ, CHÍNH SÁCH HỖ TRỢ CHUYỂN ĐỔI SỐ CỦA TỈNH")
    rows = [HEAD, *ROWS, title]
    assert read(typeset(rows)) == [expect(rows)]


def test_an_empty_cell_stays_empty() -> None:
    rows = [HEAD, ROWS[0], ("2", "Tập huấn cán bộ", "", "Tháng 6"), ROWS[2]]
    assert read(typeset(rows)) == [expect(rows)]


def test_a_value_set_over_two_rows_spans_them() -> None:
    rows = [HEAD, ROWS[0], ("2", "Tập huấn", "", "Tháng 6"), ("3", "Kiểm tra|thực hiện", "", "Quý IV")]
    placed = typeset(rows)
    second = next(box for word, box in placed if word == "Tập")
    span = [("Các", "sở"), ("ban,", "ngành"), ("tỉnh", "và"), ("các", "xã")]
    for number, line in enumerate(span):
        placed += place(" ".join(line), LEFTS[2], second[1] + PITCH * number)
    (cells,) = read(placed)
    assert (3, 3, 2, "Các sở ban, ngành tỉnh và các xã") in cells
    assert [cell for cell in cells if cell[1] != 3] == [cell for cell in expect(rows) if cell[1] != 3]


def test_text_around_a_table_stays_outside() -> None:
    above = place("Kèm theo Kế hoạch này là danh mục nhiệm vụ của các cơ quan, đơn vị thuộc tỉnh", 60, 60)
    above += place("căn cứ chức năng được giao", 60, 76)
    below = place("Trong quá trình thực hiện nếu có khó khăn các đơn vị phản ánh về Sở Nội vụ", 60, 290)
    page_number = place("2", 300, 30)
    table = typeset([HEAD, *ROWS])
    assert read([*page_number, *above, *table, *below]) == [expect([HEAD, *ROWS])]


def test_specks_between_columns_part_nothing() -> None:
    specks = [("·", (x, 110.0, x + 1.5, 111.5)) for x in (290.0, 295.0, 410.0)]
    assert read([*specks, *typeset([HEAD, *ROWS])]) == [expect([HEAD, *ROWS])]


PROSE = (
    "Thực hiện công tác kiểm soát thủ tục hành chính năm 2024 trên địa bàn tỉnh Quảng Ngãi",
    "Rà soát, đơn giản hóa thủ tục hành chính thuộc phạm vi chức năng quản lý của các sở",
    "Công khai thủ tục hành chính theo quy định và tiếp nhận phản ánh, kiến nghị của người",
    "dân và doanh nghiệp về quy định hành chính trên Cổng Dịch vụ công quốc gia",
    "Tập huấn nghiệp vụ cho cán bộ, công chức làm công tác kiểm soát thủ tục hành chính",
)


def test_prose_is_no_table() -> None:
    placed = [word for number, line in enumerate(PROSE) for word in place(line, 60, 100 + 19 * number)]
    assert read(placed) == []


RIVERS = (
    "9401348a95a05a0003003044a013a08aa085000800a042a55033007aa5a2",
    "728182354383050093545008330528a116430767665a92875425a8206039",
)
"""Spaces that stand one below the other in two places, each a digit of base 11."""


@given(st.lists(st.integers(0, 10), min_size=60, max_size=60))
@example([int(digit, 11) for digit in RIVERS[0]])
@example([int(digit, 11) for digit in RIVERS[1]])
def test_justified_prose_is_no_table(spaces: Sequence[int]) -> None:
    """Up to 14 points between words."""
    placed, wide = [], iter([*spaces, *spaces])
    for number, line in enumerate(PROSE):
        left = 60.0
        for word in line.split():
            placed += place(word, left, 100 + 19 * number)
            left += 6 * len(word) + 4 + next(wide)
    assert read(placed) == []


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(
            ("ỦY BAN NHÂN DÂN", "TỈNH QUẢNG NGÃI", "Số: 15/KH-UBND"),
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Quảng Ngãi, ngày 15 tháng 01"),
            id="a head",
        ),
        pytest.param(
            ("Nơi nhận:", "- Như Điều 3;", "- Các sở, ngành;", "- UBND các xã;", "- Lưu: VT, TH."),
            ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "", "Đặng Văn Minh"),
            id="a foot",
        ),
    ],
)
def test_two_columns_are_no_table(left: Sequence[str], right: Sequence[str]) -> None:
    placed = [
        word
        for side, x in ((left, 60), (right, 320))
        for row, line in enumerate(side)
        for word in place(line, x, 100 + 18 * row)
    ]
    assert read(placed) == []


def test_three_signatures_are_no_table() -> None:
    placed = [
        word
        for x, name in ((60, "Trần Văn An"), (240, "Lê Thị Bình"), (420, "Vũ Minh Cường"))
        for y, line in ((100, "ĐẠI DIỆN"), (116, "GIÁM ĐỐC"), (210, name))
        for word in place(line, x, y)
    ]
    assert read(placed) == []


def test_a_list_with_hanging_numbers_is_no_table() -> None:
    placed = [
        word
        for number, line in enumerate(PROSE)
        for word in [*place(f"{number + 1}.", 60, 100 + 19 * number), *place(line, 90, 100 + 19 * number)]
    ]
    assert read(placed) == []


BOXES = st.lists(
    st.tuples(st.integers(0, 100), st.integers(0, 40), st.integers(1, 12)).map(
        lambda one: (one[0] * 6.0, one[1] * 14.0, (one[0] + one[2]) * 6.0, one[1] * 14.0 + 12)
    ),
    max_size=60,
)


@given(BOXES)
def test_a_box_is_in_one_cell_at_most(boxes: list[BBox]) -> None:
    used = [index for cells in find_aligned(boxes) for cell in cells for index in cell.members]
    assert len(used) == len(set(used))


@given(BOXES)
def test_places_are_counted_from_one_and_each_is_taken_once(boxes: list[BBox]) -> None:
    for cells in find_aligned(boxes):
        places = [(cell.row, cell.column) for cell in cells]
        assert min(places)[0] == 1
        assert min(column for _, column in places) >= 1
        assert len(places) == len(set(places))
