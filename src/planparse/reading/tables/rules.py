"""Ruling lines of a page's image → the cells of its tables; pdfplumber's table finder does the geometry."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import cv2
import numpy as np
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from planparse.reading.images.raster import POINTS_PER_INCH, Raster
from planparse.reading.tables.ink import dark_pixels, grey_of, paper_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.document import BBox
    from planparse.reading.tables.ink import Grey

    Line = tuple[float, float, float]
    """Start and end along, and place across, in points."""

MIN_LENGTH = 0.3
"""Inches of a straight run of dark pixels that is a line: twice the height of the tallest letter (14 pt)."""
MIN_PIECE, MAX_BREAK = 0.1, 0.2
"""Inches of a piece between a break and the line that it ends at, and of the break itself."""
MEETS = 2
"""Pixels from a line at which a piece ends there."""
MAX_LOOSE = 0.2
"""Share of loose ends above which lines are broken, and looked for where they are pale: 0 to 0.1 on pages scanned well,
0.4 and more on worn copies."""
MAX_THICK = 0.08
"""Inches; a thicker bar is no ruling line (2 mm)."""
FAINT, SMEAR = 0.03, 0.08
"""Share of the paper's grey by which a pale line is darker than the rows beside it, and inches over which it is mean:
that leaves a third of a scanner's noise, which is 0.04."""
SNAP, JOIN = 4.0, 6.0
"""Points by which pieces of a skewed line (1° over a cell of 4 inches) lie apart, across and along it."""
MIN_CELLS = 4
MAX_CROSSINGS = 4000
"""Lines across times lines upright past which a page is no table; on 41 pages of samples and scans 195 is the most.
Finding cells takes quadratic time: 1 s for 4,000 crossings, 9 s for 14,000."""
FEWEST_LINES, MIN_LINES = 2, 6
"""Lines of a table in one direction, and in both, that it takes to have four cells; a line may be several pieces."""


def find_grids(raster: Raster) -> list[list[BBox]]:
    """Return the boxes of the cells, in points, of each table whose lines are printed; the page lies straight."""
    grey = grey_of(raster)
    upright = _Lines(cv2.transpose(grey), raster.dpi)
    if not upright.mask.any():
        return []  # most pages; their titles have lines below them
    across = _Lines(grey, raster.dpi)
    pieces = [len(_boxes(across.mask)), len(_boxes(upright.mask))]
    if min(pieces) < FEWEST_LINES or sum(pieces) < MIN_LINES:
        return []
    lines = across.find(upright.mask.T), upright.find(across.mask.T)
    if not _too_many(lines) and _loose_ends(*lines) > MAX_LOOSE:
        across.add_faint()
        upright.add_faint()
        lines = across.find(upright.mask.T), upright.find(across.mask.T)
    if _too_many(lines):
        return []
    edges = [_edge(line, "h") for line in lines[0]] + [_edge(line, "v") for line in lines[1]]
    merged = merge_edges(
        edges, snap_x_tolerance=SNAP, snap_y_tolerance=SNAP, join_x_tolerance=JOIN, join_y_tolerance=JOIN
    )
    cells = intersections_to_cells(edges_to_intersections(merged, x_tolerance=JOIN, y_tolerance=JOIN))
    tables = [table for table in cells_to_tables(cells) if len(table) >= MIN_CELLS]
    return [[(float(x0), float(top), float(x1), float(bottom)) for x0, top, x1, bottom in table] for table in tables]


class _Lines:
    """The lines along the rows of a page in grey; of a page turned, its upright ones."""

    def __init__(self, grey: Grey, dpi: float) -> None:
        self.dpi = dpi
        self._grey = grey
        self._dark = _thicken(dark_pixels(grey))
        self.mask = _open(self._dark, MIN_LENGTH * dpi)

    def add_faint(self) -> None:
        """Add where lines go on at their height so pale that only the rows beside tell them from paper."""
        thick = round(MAX_THICK * self.dpi)
        inked = _thicken(self.mask.max(axis=1, keepdims=True))
        beside = np.flatnonzero(cv2.dilate(inked, np.ones((2 * thick + 3, 1), np.uint8)))
        smooth = cv2.blur(self._grey[beside], (round(SMEAR * self.dpi), 1))
        thin = cv2.morphologyEx(smooth, cv2.MORPH_BLACKHAT, np.ones((thick, 1), np.uint8))
        faint = _thicken(cv2.threshold(thin, FAINT * paper_of(self._grey), 255, cv2.THRESH_BINARY)[1])
        faint[inked[beside, 0] == 0] = 0
        self.mask[beside] = cv2.bitwise_or(self.mask[beside], _open(faint, MIN_LENGTH * self.dpi))

    def find(self, others: Grey) -> list[Line]:
        """Return start, end and height of each line, in points; `others` are those that stand upright on them."""
        pieces = cv2.bitwise_or(self.mask, self._ends(others))
        scale = POINTS_PER_INCH / self.dpi
        inked = np.flatnonzero(pieces.max(axis=1))
        bridge = np.ones((1, round(MAX_BREAK * self.dpi)), np.uint8)
        joined = np.zeros_like(pieces)
        joined[inked] = cv2.morphologyEx(pieces[inked], cv2.MORPH_CLOSE, bridge)
        return [
            (left * scale, (left + width) * scale, (top + height / 2) * scale)
            for left, top, width, height in _boxes(joined)
            if height <= MAX_THICK * self.dpi and self.mask[top : top + height, left : left + width].any()
        ]

    @cached_property
    def _pieces(self) -> Grey:
        """The shortest runs of dark pixels that may belong to a line."""
        return _open(self._dark, MIN_PIECE * self.dpi)

    def _ends(self, others: Grey) -> Grey:
        """Return the short pieces that end at a line upright on them: what a break has left of a line's end."""
        ends = np.zeros_like(self._pieces)
        for left, top, width, height in _boxes(self._pieces):
            place = np.s_[top : top + height, left : left + width]
            reach = np.s_[top : top + height, max(0, left - MEETS) : left + width + MEETS]
            if width < MIN_LENGTH * self.dpi and others[reach].any():
                ends[place] = self._pieces[place]
        return ends


def _boxes(mask: Grey) -> list[tuple[int, int, int, int]]:
    """Return left, top, width and height of what hangs together in a mask."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [(box[0], box[1], box[2], box[3]) for box in map(cv2.boundingRect, contours)]


def _too_many(lines: tuple[Sequence[Line], Sequence[Line]]) -> bool:
    return len(lines[0]) * len(lines[1]) > MAX_CROSSINGS


def _loose_ends(across: Sequence[Line], upright: Sequence[Line]) -> float:
    """Return the share of the lines' ends that meet no line of the other direction."""
    ends = [(end, place, upright) for start, stop, place in across for end in (start, stop)]
    ends += [(end, place, across) for start, stop, place in upright for end in (start, stop)]
    met = sum(
        any(abs(end - at) <= JOIN and low - JOIN <= place <= high + JOIN for low, high, at in others)
        for end, place, others in ends
    )
    return 1 - met / max(1, len(ends))


def _thicken(mask: Grey) -> Grey:
    """Return a mask with each row joined to its neighbours, so that a skewed or frayed line has no gaps."""
    return cv2.dilate(mask, np.ones((3, 1), np.uint8))


def _open(mask: Grey, length: float) -> Grey:
    """Return the runs along rows that are at least `length` pixels long."""
    kernel = np.ones((1, round(length)), np.uint8)
    starts = cv2.erode(mask, kernel)
    return cv2.dilate(starts, kernel) if starts.any() else starts


def _edge(line: Line, orientation: str) -> dict[str, float | str]:
    low, high, at = line
    if orientation == "h":
        return {"orientation": "h", "x0": low, "x1": high, "top": at, "bottom": at, "width": high - low, "height": 0.0}
    return {"orientation": "v", "x0": at, "x1": at, "top": low, "bottom": high, "width": 0.0, "height": high - low}
