"""Cells of a scanned table: stacked for the engine, their words back at their places, the page without them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from planparse.document import Word
from planparse.reading.cells import GAP, Stack, blank, put_back, stack_cells
from planparse.reading.layout import PlacedWord
from planparse.reading.raster import Raster
from planparse.reading.rules import find_grids

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
    stack = stack_cells(table, grid)
    assert stack is not None
    return stack


def find_blots(raster: Raster) -> list[PlacedWord]:
    """Return each run of inked rows as a word: in a stack no two blots stand side by side."""
    dark = np.asarray(raster.image) < 128
    scale = raster.dpi / 72
    inked = np.flatnonzero(np.diff(np.concatenate(([False], dark.any(axis=1), [False])).astype(int)))
    words: list[PlacedWord] = []
    for top, bottom in inked.reshape(-1, 2):
        columns = np.flatnonzero(dark[top:bottom].any(axis=0))
        box = (columns[0] / scale, top / scale, (columns[-1] + 1) / scale, bottom / scale)
        words.append(PlacedWord(Word("█", box, 0.8), (1, 1, len(words))))
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
    boxes = [word.bbox for word in find_blots(stack.raster)]
    gaps = sorted(below[1] - above[3] for above, below in pairwise(boxes))
    assert gaps[0] == pytest.approx(8, abs=2 * PIXEL)  # between the two lines of one cell
    assert min(boxes[0][1], *gaps[1:]) >= GAP


def test_no_ruling_line_is_stacked(make_page: Make) -> None:
    page = make_page((LEFTS, TOPS), thickness=2.5)
    assert stack_cells(page, find_grids(page)[0]) is None


def test_a_sliver_is_no_cell(make_page: Make) -> None:
    sliver = (60, 100, 63, 200)
    assert stack_cells(make_page(blots=[sliver]), [sliver]) is None


def test_no_words_are_put_back_as_none(stack: Stack) -> None:
    assert put_back([], stack) == []


@given(st.tuples(st.floats(0, 200), st.floats(0, 400)), st.tuples(st.floats(1, 50), st.floats(1, 50)))
def test_a_word_keeps_its_size_on_its_way_back(corner: tuple[float, float], size: tuple[float, float]) -> None:
    stack = Stack(Raster(Image.new("L", (9, 9)), 200.0), ((24.0, -20.0, 100.0), (100.0, 80.0, 100.0)))
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
