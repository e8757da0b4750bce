"""Ruling lines of a page's image → the cells of its tables; pdfplumber's table finder does the geometry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from planparse.reading.raster import POINTS_PER_INCH, Raster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planparse.document import BBox

DARK = 150
"""Grey below which a pixel belongs to a line; ink of a scanner is below 100, a blurred hairline below 150."""
MIN_LENGTH = 0.3
"""Inches of a straight run of dark pixels that is a line: twice the height of the tallest letter (14 pt)."""
SNAP, JOIN = 4.0, 6.0
"""Points by which pieces of a skewed line (1° over a cell of 4 inches) lie apart, across and along it."""
MIN_CELLS = 4


def find_grids(raster: Raster) -> list[list[BBox]]:
    """Return the boxes of the cells, in points, of each table whose lines are printed."""
    dark = np.asarray(raster.image.convert("L")) < DARK
    scale = POINTS_PER_INCH / raster.dpi
    least = round(MIN_LENGTH * raster.dpi)
    edges = [_edge(x0, x1, y, scale, "h") for y, x0, x1 in _runs(_thicken(dark), least)]
    edges += [_edge(y0, y1, x, scale, "v") for x, y0, y1 in _runs(_thicken(dark.T), least)]
    if not edges:
        return []
    merged = merge_edges(
        edges, snap_x_tolerance=SNAP, snap_y_tolerance=SNAP, join_x_tolerance=JOIN, join_y_tolerance=JOIN
    )
    cells = intersections_to_cells(edges_to_intersections(merged, x_tolerance=JOIN, y_tolerance=JOIN))
    tables = [table for table in cells_to_tables(cells) if len(table) >= MIN_CELLS]
    return [[(float(x0), float(top), float(x1), float(bottom)) for x0, top, x1, bottom in table] for table in tables]


def _thicken(dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return `dark` with each row joined to its neighbours, so that a skewed or frayed line has no gaps."""
    thick = dark.copy()
    thick[1:] |= dark[:-1]
    thick[:-1] |= dark[1:]
    return thick


def _runs(dark: NDArray[np.bool_], least: int) -> Iterator[tuple[int, int, int]]:
    """Yield (row, first column, column after the last) of each run of at least `least` dark pixels along a row."""
    padded = np.zeros((dark.shape[0], dark.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = dark
    change = np.diff(padded, axis=1)
    rows, starts = np.nonzero(change == 1)
    _, ends = np.nonzero(change == -1)
    for index in np.nonzero(ends - starts >= least)[0]:
        yield int(rows[index]), int(starts[index]), int(ends[index])


def _edge(start: int, end: int, across: int, scale: float, orientation: str) -> dict[str, float | str]:
    low, high, at = start * scale, end * scale, across * scale
    if orientation == "h":
        return {"orientation": "h", "x0": low, "x1": high, "top": at, "bottom": at, "width": high - low, "height": 0.0}
    return {"orientation": "v", "x0": at, "x1": at, "top": low, "bottom": high, "width": 0.0, "height": high - low}
