"""Tables without ruling lines in a page's image → the boxes of their cells, as if they were ruled.

Pieces of lines are found by their ink, before any engine reads them: the rows of pixels between the foot and the top of
small letters are much darker than those of marks and tails, so that lines stay apart where marks and tails touch.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import cv2
import numpy as np

from planparse.reading.images.raster import POINTS_PER_INCH, Raster
from planparse.reading.tables.aligned_tables import find_aligned
from planparse.reading.tables.ink import dark_pixels, grey_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.document import BBox
    from planparse.reading.tables.aligned_rows import GridCell
    from planparse.reading.tables.ink import Grey

WINDOW, DENSITY = 4.0, 0.2
"""Points of a row of pixels, and the share of ink in them, that is the middle of a line: "1" has 0.3, marks 0.1."""
WORD_GAP = 5.0
"""Points of white space within a piece: a space is 3 wide, columns are 10 and more apart."""
LOW, HIGH = 2.5, 40.0
"""Points of a piece's height; a ruling line is lower, a stamp higher."""
BODY = 1.05
"""Height of a line in median heights of its dark rows, which reach from the top of most letters to their foot."""
FLAT = 0.5
"""Share of the usual height of a line's dark rows below which they are those of marks or dashes."""
SPLIT, DIGIT = 2.0, 0.7
"""Points of white between the halves of a lone digit's dark rows (a 5 has few at its middle, where 1 is white), and the
share of a line's height that both have: 0.77, two marks one above the other less than FLAT."""
TAIL = 0.2
"""Share of a line's height that is below the foot of its letters."""
BORDER, MAX_INKED = 2, 0.03
"""Pixels of a border's width, and the mean share of it that may be ink: specks, and tails of letters."""
MARGIN = 4.0
"""Points around a table that belong to its cells."""


def find_open_grids(raster: Raster, ruled: Sequence[Sequence[BBox]] = ()) -> list[list[BBox]]:
    """Return the boxes of the cells, in points, of each table without ruling lines; `ruled` are passed over."""
    ink, scale = dark_pixels(grey_of(raster)), raster.dpi / POINTS_PER_INCH
    pieces = [
        piece
        for piece in find_pieces(ink, scale)
        if not any(_is_inside(piece, cell) for grid in ruled for cell in grid)
    ]
    grids = [_boxes(pieces, cells) for cells in find_aligned(pieces)]
    return [grid for grid in grids if _is_white(ink, grid, scale)]


def _is_white(ink: Grey, grid: Sequence[BBox], scale: float) -> bool:
    """Tell whether the borders between cells run through white: else words were missed, and there is no table."""
    upright: list[float] = []
    across: list[float] = []
    for box in grid:
        x0, top, x1, bottom = (max(0, round(side * scale)) for side in box)
        upright.append(float(ink[top:bottom, x0 : x0 + BORDER].any(axis=1).mean()) if bottom > top else 0.0)
        across.append(float(ink[top : top + BORDER, x0:x1].any(axis=0).mean()) if x1 > x0 else 0.0)
    return max(sum(upright), sum(across)) <= MAX_INKED * len(grid)


def find_pieces(ink: Grey, scale: float) -> list[BBox]:
    """Return the boxes of pieces of lines, in points, all as high as a line; `scale` is in pixels a point."""
    dense = cv2.threshold(cv2.blur(ink, (round(WINDOW * scale), 1)), round(DENSITY * 255), 255, cv2.THRESH_BINARY)[1]
    joined = cv2.morphologyEx(dense, cv2.MORPH_CLOSE, np.ones((1, round(WORD_GAP * scale)), np.uint8))
    contours, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = [cv2.boundingRect(contour) for contour in contours]
    cores = [core for core in found if LOW * scale <= core[3] <= HIGH * scale]
    if not cores:
        return []
    usual = median(core[3] for core in cores)
    flat = [core for core in found if core[3] < FLAT * usual]
    cores = [core for core in cores if core[3] >= FLAT * usual]
    cores += [core for core in _joined(flat, joined, round(SPLIT * scale)) if DIGIT * usual <= core[3] <= HIGH * scale]
    return [_piece(ink, core, BODY * usual, scale) for core in cores]


def _joined(cores: Sequence[Sequence[int]], dense: Grey, gap: int) -> list[Sequence[int]]:
    """Return the boxes of what hangs together once those of `cores` that stand one above the other are joined.

    `gap`: pixels of white between them at most.
    """
    mask = np.zeros_like(dense)
    for left, top, wide, high in cores:
        mask[top : top + high, left : left + wide] = dense[top : top + high, left : left + wide]
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8))
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [cv2.boundingRect(contour) for contour in contours]


def _piece(ink: Grey, core: Sequence[int], height: float, scale: float) -> BBox:
    """Return the box of a piece, in points: as wide as its ink, and `height` pixels high, whatever letters it has.

    Its place is told by the last row with much ink: the line that letters and digits stand on.
    """
    left, top, wide, high = core
    rows = ink[top : top + high, left : left + wide]
    shares = rows.mean(axis=1)
    foot = top + int(np.nonzero(shares >= shares.max() / 2)[0][-1]) + 1
    inked = np.nonzero(rows.any(axis=0))[0]
    x0, x1 = (left + int(inked[0]), left + int(inked[-1]) + 1) if len(inked) else (left, left + wide)
    return (x0 / scale, (foot - height * (1 - TAIL)) / scale, x1 / scale, (foot + height * TAIL) / scale)


def _is_inside(piece: BBox, cell: BBox) -> bool:
    x, y = (piece[0] + piece[2]) / 2, (piece[1] + piece[3]) / 2
    return cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]


def _boxes(pieces: Sequence[BBox], cells: Sequence[GridCell]) -> list[BBox]:
    """Return the boxes of cells whose borders run in the middle of the white space between rows and columns."""
    inked = [[pieces[index] for index in cell.members] for cell in cells]
    across = _borders(
        [
            (cell.column, cell.columns, min(box[0] for box in boxes), max(box[2] for box in boxes))
            for cell, boxes in zip(cells, inked, strict=True)
        ]
    )
    down = _borders(
        [
            (cell.row, cell.rows, min(box[1] for box in boxes), max(box[3] for box in boxes))
            for cell, boxes in zip(cells, inked, strict=True)
        ]
    )
    return [
        (across[cell.column], down[cell.row], across[cell.column + cell.columns], down[cell.row + cell.rows])
        for cell in cells
    ]


def _borders(cells: Sequence[tuple[int, int, float, float]]) -> dict[int, float]:
    """Return the border before each row or column, and after the last one; `cells`: first, how many, start, end."""
    last = max(first + count for first, count, _, _ in cells)
    starts = {
        place: min((start for first, _, start, _ in cells if first == place), default=None) for place in range(1, last)
    }
    ends = {
        place: max((end for first, count, _, end in cells if first + count == place), default=None)
        for place in range(2, last + 1)
    }
    borders: dict[int, float] = {}
    for place in range(1, last + 1):
        sides = [side for side in (ends.get(place), starts.get(place)) if side is not None]
        borders[place] = sum(sides) / len(sides) if sides else borders[place - 1]
    borders[1] -= MARGIN
    borders[last] += MARGIN
    return borders
