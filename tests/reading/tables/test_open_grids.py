"""Tables without ruling lines in a page's image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planparse.reading.tables.ink import dark_pixels, grey_of
from planparse.reading.tables.open_grids import find_open_grids, find_pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planparse.document import BBox
    from planparse.reading.images.raster import Raster

    Make = Callable[..., Raster]

LEFTS = (60.0, 100.0, 300.0, 420.0)
LETTERS = ((3, 12, 9, 4), (1, 30, 15, 8), (1, 22, 9, 5), (1, 26, 12, 6))
"""How many letters each cell of a row has in its first line; the second column has a second line of half as many."""
SCALE = 200 / 72


def letters(count: int, left: float, foot: float) -> list[BBox]:
    """Return blots 4 points wide and 6 high, 5 apart, every third a point higher than the line and a half."""
    return [(left + 5 * n, foot - (9 if n % 3 == 0 else 6), left + 5 * n + 3.5, foot) for n in range(count)]


def table(rows: Sequence[Sequence[int]] = LETTERS, top: float = 120.0) -> list[BBox]:
    blots = []
    for row in rows:
        for left, count in zip(LEFTS, row, strict=True):
            blots += letters(count, left, top)
        blots += letters(row[1] // 2, LEFTS[1], top + 14.5)
        top += 35.0
    return blots


def prose(lines: int = 12) -> list[BBox]:
    """Return lines of words of two to eight letters, up to 9 points apart."""
    blots = []
    for line in range(lines):
        left, word = 60.0, 0
        while left < 500:
            count = 2 + (5 * line + 3 * word + line * word) % 7
            blots += letters(count, left, 120 + 19 * line)
            left += 5 * count + 3 + (3 * line + word) % 7
            word += 1
    return blots


def test_the_cells_of_a_table_are_boxes_around_their_text(make_page: Make) -> None:
    (grid,) = find_open_grids(make_page(blots=table()))
    assert len(grid) == 16
    for number, row in enumerate(LETTERS):
        for left, count in zip(LEFTS, row, strict=True):
            middle = (left + 2.5 * count, 116 + 35 * number)
            around = [box for box in grid if box[0] < middle[0] < box[2] and box[1] < middle[1] < box[3]]
            assert len(around) == 1


def test_columns_begin_between_their_texts(make_page: Make) -> None:
    (grid,) = find_open_grids(make_page(blots=table()))
    lefts = sorted({round(box[0]) for box in grid})
    assert len(lefts) == 4
    assert all(before < left < after for before, left, after in zip((0, 75, 250, 375), lefts, LEFTS, strict=True))


def test_prose_has_no_table(make_page: Make) -> None:
    assert find_open_grids(make_page(blots=prose())) == []


def test_a_white_page_has_no_table(make_page: Make) -> None:
    assert find_open_grids(make_page()) == []


def test_a_ruled_table_is_passed_over(make_page: Make) -> None:
    page = make_page(blots=table())
    assert find_open_grids(page, find_open_grids(page)) == []


def test_text_across_the_borders_is_no_table(make_page: Make) -> None:
    """Pieces that were missed, because they are no higher than a mark, stand where the columns would be parted."""
    missed = [(84.0, 100.0 + 4 * n, 90.0, 101.0 + 4 * n) for n in range(38)]
    assert find_open_grids(make_page(blots=[*table(), *missed])) == []


def test_pieces_stand_on_the_line_whatever_their_letters(make_page: Make) -> None:
    page = make_page(blots=[*letters(9, 60, 120), *[(300, 114, 340, 120)]])
    first, second = sorted(find_pieces(dark_pixels(grey_of(page)), SCALE))
    assert first[1] == pytest.approx(second[1], abs=0.8)
    assert (first[0], first[2]) == pytest.approx((60, 103.5), abs=0.8)


def test_a_digit_whose_middle_is_thin_is_a_piece(make_page: Make) -> None:
    """A lone 5: dark above and below, and a thin stroke between."""
    five = [(500.0, 113.0, 504.0, 115.4), (500.0, 115.4, 500.3, 117.4), (500.0, 117.4, 504.0, 119.9)]
    page = make_page(blots=[*table(), *five])
    found = find_pieces(dark_pixels(grey_of(page)), SCALE)
    assert any(abs(piece[0] - five[0][0]) < 1 for piece in found)
