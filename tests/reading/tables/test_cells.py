"""Cells of a scanned table: stacked for the engine, their words back at their places, the page without them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from planparse.document import Word
from planparse.reading.images.raster import LONGEST_SIDE, Raster
from planparse.reading.segments import PlacedWord
from planparse.reading.tables.cells import GAP, SPACE, Place, Stack, blank, put_back, stack_cells
from planparse.reading.tables.rules import find_grids

if TYPE_CHECKING:
    from collections.abc import Callable

    from planparse.document import BBox

    Make = Callable[..., Raster]

LEFTS, TOPS = (60.0, 100.0, 330.0, 535.0), (100.0, 140.0, 200.0)
BLOTS: tuple[BBox, ...] = (
    (70.0, 112.0, 90.0, 124.0),
    (110.0, 112.0, 300.0, 124.0),
    (340.0, 112.0, 500.0, 124.0),
    (110.0, 152.0, 310.0, 164.0),
    (110.0, 172.0, 200.0, 184.0),
)
"""One line in the first three cells, two in the fifth; the fourth and sixth are empty."""
PIXEL = 0.36
"""Points."""


@pytest.fixture
def table(make_page: Make) -> Raster:
    return make_page((LEFTS, TOPS), blots=BLOTS)


@pytest.fixture
def stack(table: Raster) -> Stack:
    """Stack the table's cells."""
    (grid,) = find_grids(table)
    (stack,) = stack_cells(table, grid)
    return stack


def find_blots(raster: Raster) -> list[PlacedWord]:
    """Return what hangs together in ink as words, from the top."""
    _, _, boxes, _ = cv2.connectedComponentsWithStats((np.asarray(raster.image) < 128).astype(np.uint8))
    words = []
    for number, (left, top, width, height, _) in enumerate(sorted(boxes[1:], key=lambda box: (box[1], box[0]))):
        box = tuple(float(side) * 72 / raster.dpi for side in (left, top, left + width, top + height))
        words.append(PlacedWord(Word("█", (box[0], box[1], box[2], box[3]), 0.8), (1, 1, number)))
    return words


def from_the_top(box: BBox) -> tuple[int, float]:
    return (round(box[1] / 5), box[0])


def test_stacked_words_come_back_to_their_places(stack: Stack) -> None:
    words = put_back(find_blots(stack.raster), stack)
    boxes = sorted((word.bbox for word in words), key=from_the_top)
    assert boxes == [pytest.approx(blot, abs=2 * PIXEL) for blot in sorted(BLOTS, key=from_the_top)]


def test_words_come_back_with_text_and_confidence_and_without_a_line(stack: Stack) -> None:
    for word in put_back(find_blots(stack.raster), stack):
        assert (word.word.text, word.word.confidence, word.line) == ("█", 0.8, None)


def test_cells_without_ink_are_not_stacked(stack: Stack) -> None:
    assert len(stack.places) == 4


def test_between_stacked_cells_is_white_space(stack: Stack) -> None:
    """The number shares a row with the cell beside it."""
    inked = np.flatnonzero(np.diff((np.asarray(stack.raster.image) < 128).any(axis=1).astype(int))) * PIXEL
    edges = inked.reshape(-1, 2)
    gaps = sorted(below[0] - above[1] for above, below in pairwise(edges))
    assert gaps[0] == pytest.approx(8, abs=2 * PIXEL)  # between the two lines of one cell
    assert min(edges[0][0], *gaps[1:]) >= GAP


def test_a_number_stands_before_the_first_line_of_the_cell_beside_it(make_page: Make) -> None:
    number: BBox = (70.0, 160.0, 80.0, 172.0)
    page = make_page((LEFTS, TOPS), blots=[number, (110, 152, 310, 164), (110, 172, 200, 184)])
    (stack,) = stack_cells(page, find_grids(page)[0])
    first, second = (place.bbox for place in stack.places)
    assert second[0] - first[2] == pytest.approx(SPACE, abs=2 * PIXEL)
    number_box, line = (word.bbox for word in find_blots(stack.raster)[:2])
    assert (number_box[1] + number_box[3]) / 2 == pytest.approx((line[1] + line[3]) / 2, abs=2 * PIXEL)


@pytest.mark.parametrize(
    ("text", "start", "reach", "expected"),
    [
        pytest.param("3", 20.0, 26.0, [("3", 110.0)], id="a number"),
        pytest.param("3_", 20.0, 32.0, [("3", 110.0)], id="a number, and a dash that is not there"),
        pytest.param("3_", 20.0, 27.0, [("3", 110.0)], id="such a dash within the number's box"),
        pytest.param("3_Rà", 20.0, 60.0, [("3", 110.0), ("Rà", 240.0)], id="two words read as one"),
        pytest.param("_Rà", 35.0, 60.0, [("Rà", 242.0)], id="a word, and a dash that is not there"),
        pytest.param("_", 34.0, 36.0, [], id="a dash that is not there"),
        pytest.param("a_b", 20.0, 26.0, [("a_b", 110.0)], id="a dash that is there"),
        pytest.param("_Rà", 80.0, 99.0, [("_Rà", 287.0)], id="a dash within a line"),
    ],
)
def test_a_number_is_parted_from_the_word_behind_it(
    text: str, start: float, reach: float, expected: list[tuple[str, float]]
) -> None:
    places = (Place((20, 20, 30, 32), 90.0, 0.0), Place((33, 20, 200, 60), 207.0, 0.0))
    stack = Stack(Raster(Image.new("L", (9, 9)), 200.0), places)
    words = put_back([PlacedWord(Word(text, (start, 20, reach, 32)))], stack)
    assert [(word.word.text, word.bbox[0]) for word in words] == expected


def test_what_is_left_of_a_ruling_line_is_not_stacked(make_page: Make) -> None:
    """A piece beside the line, as a skewed one leaves it."""
    page = make_page((LEFTS, TOPS), blots=[*BLOTS, (331.8, 105, 332.4, 130)])
    (stack,) = stack_cells(page, find_grids(page)[0])
    assert len(find_blots(stack.raster)) == len(BLOTS)


def test_a_speck_away_from_letters_is_not_stacked_and_a_full_stop_is(make_page: Make) -> None:
    page = make_page((LEFTS, TOPS), blots=[*BLOTS, (450, 180, 451, 181), (202, 183, 203.5, 184.5)])
    (stack,) = stack_cells(page, find_grids(page)[0])
    assert len(find_blots(stack.raster)) == len(BLOTS) + 1


def test_all_full_stops_of_an_ellipsis_are_stacked(make_page: Make) -> None:
    """The last one is far from the letters, but near the one before it."""
    stops = [(left, 183, left + 1, 184) for left in (202, 205.5, 209)]
    page = make_page((LEFTS, TOPS), blots=[*BLOTS, *stops])
    (stack,) = stack_cells(page, find_grids(page)[0])
    assert len(find_blots(stack.raster)) == len(BLOTS) + len(stops)


def test_no_ruling_line_is_stacked(make_page: Make) -> None:
    page = make_page((LEFTS, TOPS), thickness=2.5)
    assert list(stack_cells(page, find_grids(page)[0])) == []


def test_a_sliver_is_no_cell(make_page: Make) -> None:
    sliver = (60, 100, 63, 200)
    assert list(stack_cells(make_page(blots=[sliver]), [sliver])) == []


def test_no_words_are_put_back_as_none(stack: Stack) -> None:
    assert put_back([], stack) == []


@given(st.tuples(st.floats(0, 200), st.floats(0, 400)), st.tuples(st.floats(1, 50), st.floats(1, 50)))
def test_a_word_keeps_its_size_on_its_way_back(corner: tuple[float, float], size: tuple[float, float]) -> None:
    stack = Stack(
        Raster(Image.new("L", (9, 9)), 200.0), (Place((0, 0, 99, 99), -20.0, 76.0), Place((0, 100, 99, 400), 80.0, 0.0))
    )
    word = PlacedWord(Word("x", (*corner, corner[0] + size[0], corner[1] + size[1])))
    ((x0, top, x1, bottom),) = (one.bbox for one in put_back([word], stack))
    assert (x1 - x0, bottom - top) == pytest.approx(size, abs=0.02)


def test_the_page_without_its_tables_keeps_the_rest(make_page: Make) -> None:
    around: tuple[BBox, ...] = ((60, 60, 300, 72), (60, 220, 300, 232))
    page = make_page((LEFTS, TOPS), blots=[*BLOTS, *around])
    rest = blank(page, find_grids(page))
    assert [word.bbox for word in find_blots(rest)] == [pytest.approx(box, abs=2 * PIXEL) for box in around]
    assert (rest.dpi, rest.image.size) == (page.dpi, page.image.size)


def test_blanking_leaves_the_page_itself_alone(table: Raster) -> None:
    before = table.image.tobytes()
    blank(table, find_grids(table))
    assert table.image.tobytes() == before


def test_a_page_without_tables_is_the_same_page(table: Raster) -> None:
    assert blank(table, []) is table


def test_no_stack_is_too_high_for_an_engine(make_page: Callable[..., Raster]) -> None:
    """A dense table on A4: 36 by 14 cells, each with a blot."""
    lefts, tops = [20 + 40 * step for step in range(15)], [20 + 22 * step for step in range(37)]
    grid = [(left, top, left + 40, top + 22) for top in tops[:-1] for left in lefts[:-1]]
    page = make_page(blots=[(left + 10, top + 6, left + 30, top + 16) for left, top, _, _ in grid])
    stacks = list(stack_cells(page, grid))
    assert len(stacks) > 1
    assert max(stack.raster.image.height for stack in stacks) <= LONGEST_SIDE
    assert sum(len(stack.places) for stack in stacks) == len(grid)
