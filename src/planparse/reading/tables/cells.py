"""The cells of a scanned table, stacked one below the other, so that an OCR engine reads each as text of its own.

On a page Tesseract takes the cells of a row for one line, or columns for paragraphs; stacked with white space between
them they are a column of short paragraphs, read in one call, and the words go back to where they stood. A row's number
stands before the first line of the cell beside it: alone, Tesseract misreads a third of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw

from planparse.reading.images.raster import LONGEST_SIDE, POINTS_PER_INCH, Raster
from planparse.reading.segments import PlacedWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from planparse.document import BBox

    Grey = NDArray[np.uint8]

INSET = 1.6
"""Points at a cell's edges that are left out: half a ruling line of 0.75 pt, skewed within the cell by 0.5°."""
GAP = 24.0
"""Points of white space between stacked cells: more than between the lines of a cell."""
EDGE = 3.0
"""Points from a cell's edge within which a dark row or column is a ruling line, not a letter."""
SAME_ROW = 3.0
"""Points by which the tops of a row's cells may differ."""
RULE, RULED_SHARE, PAPER = 200, 0.7, 255
"""Grey below which a blurred line is dark; the share of a row that it fills; what takes its place."""
REMNANT = 2.0
"""Points from a cell's edge within which all of a thin stroke stands that is left of a ruling line."""
DOT, BY_LETTER = 2.0, 4.0
"""Points of a dot, and from a letter, or from another dot by one, within which it belongs to it: a full stop measures
1.5 and stands 1 from it, those of an ellipsis stand 2 apart."""
INK = 128
"""Grey below which a pixel is ink."""
NUMBER_WIDTH, NUMBER_HEIGHT = 36.0, 18.0
"""Points of the ink of a row's number: six digits of 12 pt type, one line."""
SPACE = 3.0
"""Points between a number and the line that it is put before: a plain space, a wider one is read as a dash."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell is in a stack, and how far its words must move to be back on the page, in points."""

    bbox: BBox
    dx: float
    dy: float


@dataclass(frozen=True, slots=True)
class Stack:
    """Cells one below the other: the image, and the place of each."""

    raster: Raster
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Crop:
    """The ink of a cell: its pixels, where they stand on the page, and the top of the cell."""

    grey: Grey
    left: int
    top: int
    cell_top: float

    @property
    def height(self) -> int:
        return int(self.grey.shape[0])

    @property
    def width(self) -> int:
        return int(self.grey.shape[1])


_Placed = tuple[_Crop, int, int]
"""A cell's ink, and its left and top in a stack."""


def stack_cells(raster: Raster, grid: Sequence[BBox]) -> Iterator[Stack]:
    """Yield the inked cells of a table, stacked; as many stacks as it takes for none to be too high for an engine."""
    scale = raster.dpi / POINTS_PER_INCH
    page = np.asarray(raster.image.convert("L"))
    crops = [crop for box in sorted(grid, key=lambda one: (one[1], one[0])) if (crop := _crop(page, box, scale))]
    gap = round(GAP * scale)
    placed: list[_Placed] = []
    y = gap
    for row in _with_numbers(crops, scale):
        height = max(top + crop.height for crop, _, top in row) + gap
        if placed and y + height > LONGEST_SIDE:
            yield _stack(placed, y, gap, raster.dpi)
            placed, y = [], gap
        placed += [(crop, left + gap, top + y) for crop, left, top in row]
        y += height
    if placed:
        yield _stack(placed, y, gap, raster.dpi)


def _stack(placed: Sequence[_Placed], height: int, gap: int, dpi: float) -> Stack:
    """Return the stack of cells whose left and top in it are given."""
    scale = dpi / POINTS_PER_INCH
    strip = np.full((height, max(left + crop.width for crop, left, _ in placed) + gap), PAPER, np.uint8)
    for crop, left, top in placed:
        strip[top : top + crop.height, left : left + crop.width] = crop.grey
    places = tuple(
        Place(
            (left / scale, top / scale, (left + crop.width) / scale, (top + crop.height) / scale),
            (crop.left - left) / scale,
            (crop.top - top) / scale,
        )
        for crop, left, top in placed
    )
    return Stack(Raster(Image.fromarray(strip), dpi), places)


def _crop(page: Grey, box: BBox, scale: float) -> _Crop | None:
    """Return the ink of a cell; None where it has none."""
    left, top = round((box[0] + INSET) * scale), round((box[1] + INSET) * scale)
    end = (round((box[2] - INSET) * scale), round((box[3] - INSET) * scale))
    if min(end[0] - left, end[1] - top) <= 2 * EDGE * scale:
        return None
    grey = _clean(page[max(0, top) : end[1], max(0, left) : end[0]].copy(), scale)
    ys, xs = np.nonzero(grey < INK)
    if not len(ys):
        return None
    margin = round(REMNANT * scale)
    y0, x0 = max(0, int(ys.min()) - margin), max(0, int(xs.min()) - margin)
    cut = grey[y0 : int(ys.max()) + margin + 1, x0 : int(xs.max()) + margin + 1]
    return _Crop(cut, max(0, left) + x0, max(0, top) + y0, box[1])


def _clean(grey: Grey, scale: float) -> Grey:
    """Return a cell without what is left of its ruling lines, and without specks."""
    dark = grey < RULE
    for axis, share in ((0, dark.mean(axis=1)), (1, dark.mean(axis=0))):
        for line in np.nonzero(share > RULED_SHARE)[0]:
            if line < EDGE * scale or line >= len(share) - EDGE * scale:
                spread = slice(max(0, line - 1), line + 2)
                grey[(spread, slice(None)) if axis == 0 else (slice(None), spread)] = PAPER
    return _without_remnants(grey, scale)


def _without_remnants(grey: Grey, scale: float) -> Grey:
    """Return a cell without thin strokes at its edges, and without dots that stand by no letter or its dots."""
    height, width = grey.shape
    count, labels, boxes, _ = cv2.connectedComponentsWithStats((grey < RULE).astype(np.uint8), connectivity=8)
    lefts, tops, wides, highs = boxes[:, :4].T
    edge = REMNANT * scale
    at_side = ((lefts + wides <= edge) | (lefts >= width - edge)) & (highs > wides)
    at_end = ((tops + highs <= edge) | (tops >= height - edge)) & (wides > highs)
    own = ~at_side & ~at_end
    own[0] = False
    letters = own & (np.maximum(wides, highs) > DOT * scale)
    half = np.ones((round(BY_LETTER * scale),) * 2, np.uint8)
    _, groups = cv2.connectedComponents(cv2.dilate(own[labels].astype(np.uint8), half))
    kept = np.zeros(count, dtype=bool)
    kept[labels[np.isin(groups, np.unique(groups[letters[labels]]))]] = True
    grey[~(kept & own)[labels] & (labels > 0)] = PAPER
    return grey


def _with_numbers(crops: Sequence[_Crop], scale: float) -> Iterator[list[tuple[_Crop, int, int]]]:
    """Yield what stands side by side in the stack, with left and top there: a cell, perhaps a number before it."""
    before: _Crop | None = None
    for crop in crops:
        if before and (abs(before.cell_top - crop.cell_top) > SAME_ROW or _is_number(crop, scale)):
            yield [(before, 0, 0)]
            before = None
        if before:
            middle = _first_line(crop) / 2
            top = round(middle - before.height / 2)
            yield [(before, 0, max(0, top)), (crop, before.width + round(SPACE * scale), max(0, -top))]
            before = None
        elif _is_number(crop, scale):
            before = crop
        else:
            yield [(crop, 0, 0)]
    if before:
        yield [(before, 0, 0)]


def _is_number(crop: _Crop, scale: float) -> bool:
    return crop.width <= NUMBER_WIDTH * scale and crop.height <= NUMBER_HEIGHT * scale


def _first_line(crop: _Crop) -> int:
    """Return the height of a cell's first line, with the white above it: down to the first white row below its ink."""
    inked = np.any(crop.grey < INK, axis=1)
    start = int(np.argmax(inked))
    white = np.nonzero(~inked[start:])[0]
    end = start + int(white[0]) if len(white) else len(inked)
    return start + end


def put_back(words: Sequence[PlacedWord], stack: Stack) -> list[PlacedWord]:
    """Return the words of a stack at the places that they have on the page."""
    return [_moved(word, place) for placed in words for word, place in _parted(placed, stack) if word.word.text]


def _parted(placed: PlacedWord, stack: Stack) -> Iterator[tuple[PlacedWord, Place]]:
    """Yield a word and its place; two, where a number was read as one word with that behind it.

    Between the two is nothing but white that we put there, which is read as a dash at the foot of the line, or not at
    all.
    """
    x0, top, x1, bottom = placed.bbox
    place = _place(stack, x0, (top + bottom) / 2)
    beside = _place(stack, x1, (top + bottom) / 2)
    number, dash, rest = placed.word.text.partition("_")
    if x1 <= place.bbox[2] + SPACE / 2 or not dash or not number:
        yield _without_dash(placed, place, stack), place
        return
    placed = replace(placed, word=replace(placed.word, other=None))  # what it read instead is of both cells
    yield _read_as(placed, number, (x0, top, place.bbox[2], bottom)), place
    yield _read_as(placed, rest.strip("_"), (beside.bbox[0], top, max(x1, beside.bbox[0]), bottom)), beside


def _without_dash(placed: PlacedWord, place: Place, stack: Stack) -> PlacedWord:
    """Return a number, or the first word behind one, without the dash that the white between them is read as."""
    text = placed.word.text
    if "_" not in text:
        return placed
    x0, top, _, bottom = placed.bbox
    at_start = x0 - place.bbox[0] <= 2 * REMNANT
    if any(_stands_before(place.bbox, other.bbox) for other in stack.places):
        text = text.rstrip("_")
    elif at_start and any(_stands_before(other.bbox, (x0, top, x0, bottom)) for other in stack.places):
        text = text.lstrip("_")
    return _read_as(placed, text, placed.bbox)


def _stands_before(number: BBox, box: BBox) -> bool:
    """Tell whether a box in a stack has a number before it."""
    return number[2] <= box[0] and number[1] < box[3] and box[1] < number[3]


def _place(stack: Stack, x: float, y: float) -> Place:
    """Return the place of a stack that is nearest to a point."""
    return min(
        stack.places,
        key=lambda one: max(one.bbox[0] - x, x - one.bbox[2], 0.0) + max(one.bbox[1] - y, y - one.bbox[3], 0.0),
    )


def _read_as(placed: PlacedWord, text: str, box: BBox) -> PlacedWord:
    return PlacedWord(replace(placed.word, text=text, bbox=box), None)


def _moved(placed: PlacedWord, place: Place) -> PlacedWord:
    x0, top, x1, bottom = placed.bbox
    box = (x0 + place.dx, top + place.dy, x1 + place.dx, bottom + place.dy)
    return _read_as(placed, placed.word.text, (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)))


def blank(raster: Raster, grids: Sequence[Sequence[BBox]]) -> Raster:
    """Return the page without its tables."""
    if not grids:
        return raster
    scale = raster.dpi / POINTS_PER_INCH
    image = raster.image.convert("L")
    pen = ImageDraw.Draw(image)
    for x0, top, x1, bottom in (cell for grid in grids for cell in grid):
        pen.rectangle(
            ((x0 - INSET) * scale, (top - INSET) * scale, (x1 + INSET) * scale, (bottom + INSET) * scale), fill=255
        )
    return Raster(image, raster.dpi)
