"""Ruling lines of an image → the cells of its tables."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from planparse.reading.images.raster import Raster
from planparse.reading.tables.rules import find_grids

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planparse.document import BBox

    Make = Callable[..., Raster]

LEFTS, TOPS = (60.0, 100.0, 330.0, 535.0), (100.0, 140.0, 200.0, 240.0)
SCALE = 200 / 72
"""Pixels of a point."""
TOLERANCE = 2.0
"""Points: a ruling line's own width and a pixel."""


def expect_cells(grid: Sequence[BBox], cells: Sequence[BBox]) -> None:
    for found, expected in zip(sorted(grid), sorted(cells), strict=True):
        assert found == pytest.approx(expected, abs=TOLERANCE)


def cells_of(lefts: Sequence[float], tops: Sequence[float]) -> list[BBox]:
    return [(left, top, right, bottom) for left, right in pairwise(lefts) for top, bottom in pairwise(tops)]


@pytest.mark.parametrize("thickness", [0.3, 0.75, 1.5])
def test_the_cells_of_a_ruled_table_are_found(thickness: float, make_page: Make) -> None:
    (grid,) = find_grids(make_page((LEFTS, TOPS), thickness=thickness))
    expect_cells(grid, cells_of(LEFTS, TOPS))


def test_two_tables_are_two_grids(make_page: Make) -> None:
    page = make_page((LEFTS, TOPS), ((60, 300, 535), (400, 440, 480)))
    assert sorted(len(grid) for grid in find_grids(page)) == [4, 9]


def test_a_cell_over_two_rows_is_one_cell(make_page: Make) -> None:
    (grid,) = find_grids(make_page((LEFTS, TOPS), erased=[(63, 138, 97, 142)]))
    single = [cell for cell in cells_of(LEFTS, TOPS) if cell[0] != 60 or cell[1] == 200]
    expect_cells(grid, [(60, 100, 100, 200), *single])


def test_a_skewed_table_is_found(make_page: Make) -> None:
    page = make_page((LEFTS, TOPS))
    skewed = page.image.rotate(0.5, fillcolor=255, resample=Image.Resampling.BILINEAR)
    assert [len(grid) for grid in find_grids(Raster(skewed, page.dpi))] == [9]


def test_a_frayed_line_is_a_line(make_page: Make) -> None:
    holes = [(x, 138, x + 1, 142) for x in range(85, 530, 30)]
    assert [len(grid) for grid in find_grids(make_page((LEFTS, TOPS), erased=holes))] == [9]


def test_a_short_piece_at_the_end_of_a_broken_line_is_a_line(make_page: Make) -> None:
    """12 points are left between the break and the line that it ends at; the two cells stay two."""
    page = make_page((LEFTS, TOPS), erased=[(510, 138, 521, 142)])
    (grid,) = find_grids(page)
    expect_cells(grid, cells_of(LEFTS, TOPS))


def test_a_letter_between_two_lines_does_not_join_them(make_page: Make) -> None:
    """A letter of a title over all columns stands where a line ends above it and one begins below."""
    stroke = (329.5, 145, 330.5, 155)
    page = make_page((LEFTS, (100.0, 140.0)), (LEFTS, (160.0, 200.0)), ((60.0, 535.0), (140.0, 160.0)), blots=[stroke])
    cells = [cell for grid in find_grids(page) for cell in grid]
    assert any(cell == pytest.approx((60, 140, 535, 160), abs=TOLERANCE) for cell in cells)


def test_pale_lines_are_followed_where_most_of_a_table_is_broken(make_page: Make) -> None:
    page = make_page((LEFTS, TOPS))
    grey = np.asarray(page.image).copy()
    for left, right in ((50, 160), (300, 400), (480, 545)):
        box = np.s_[round(150 * SCALE) :, round(left * SCALE) : round(right * SCALE)]
        grey[box] = np.where(grey[box] < 128, 225, grey[box])
    (grid,) = find_grids(Raster(Image.fromarray(grey), page.dpi))
    expect_cells(grid, cells_of(LEFTS, TOPS))


def test_text_has_no_ruling_lines(make_page: Make) -> None:
    letters = [(x, y, x + 7, y + 11) for x in range(80, 500, 9) for y in range(80, 760, 20)]
    assert find_grids(make_page(blots=letters)) == []


@pytest.mark.parametrize(
    ("lefts", "tops"),
    [
        pytest.param((60, 535), (100, 800), id="a frame"),
        pytest.param((60, 300, 535), (100, 140), id="a box of two"),
        pytest.param((200, 400), (130,), id="an underlined title"),
    ],
)
def test_fewer_than_four_cells_are_no_table(lefts: Sequence[float], tops: Sequence[float], make_page: Make) -> None:
    assert find_grids(make_page((lefts, tops))) == []


@pytest.mark.parametrize("turned", [False, True])
def test_lines_in_one_direction_are_no_table(turned: bool, make_page: Make) -> None:  # noqa: FBT001 (a parameter)
    page = make_page(blots=[(60, top, 535, top + 1) for top in range(100, 400, 40)])
    image = page.image.transpose(Image.Transpose.ROTATE_90) if turned else page.image
    assert find_grids(Raster(image, page.dpi)) == []


def test_a_white_page_has_no_table(make_page: Make) -> None:
    assert find_grids(make_page()) == []


@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_cells_are_in_points_whatever_the_resolution(dpi: int, make_page: Make) -> None:
    page = make_page((LEFTS, TOPS), thickness=1.0)
    size = (round(page.image.width * dpi / page.dpi), round(page.image.height * dpi / page.dpi))
    (grid,) = find_grids(Raster(page.image.resize(size, Image.Resampling.BOX), float(dpi)))
    expect_cells(grid, cells_of(LEFTS, TOPS))


def test_the_densest_page_of_an_office_is_a_table(make_page: Make) -> None:
    (grid,) = find_grids(make_page((np.linspace(40, 560, 17), np.linspace(40, 800, 61))))
    assert len(grid) == 16 * 60


def test_squared_paper_is_no_table(make_page: Make) -> None:
    """Finding its cells would take the square of their number."""
    assert find_grids(make_page((np.linspace(40, 560, 88), np.linspace(40, 800, 128)))) == []
