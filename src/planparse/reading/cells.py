"""The cells of a scanned table, stacked one below the other, so that an OCR engine reads each as text of its own.

On a page Tesseract takes the cells of a row for one line, or columns for paragraphs; stacked with white space between
them they are a column of short paragraphs, read in one call, and the words go back to where they stood.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from planparse.reading.layout import PlacedWord
from planparse.reading.raster import POINTS_PER_INCH, Raster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.document import BBox

INSET = 1.6
"""Points at a cell's edges that are left out: half a ruling line of 0.75 pt, skewed within the cell by 0.5°."""
GAP = 24.0
"""Points of white space between stacked cells: more than between the lines of a cell."""
EDGE = 6.0
"""Points from a cell's edge within which a dark row or column is a ruling line, not a letter."""
RULE, RULED_SHARE, PAPER = 200, 0.5, 255
"""Grey below which a blurred line is dark; the share of a row that it fills; what takes its place."""
INK = 128
"""Grey below which a pixel is ink."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Cells one below the other: the image; of each its top in it, its left and its top on the page, in points."""

    raster: Raster
    places: tuple[tuple[float, float, float], ...]


def stack_cells(raster: Raster, grid: Sequence[BBox]) -> Stack | None:
    """Return the inked cells of a table, stacked; None where there are none."""
    scale = raster.dpi / POINTS_PER_INCH
    gap = round(GAP * scale)
    crops: list[tuple[Image.Image, int, int]] = []
    for x0, top, x1, bottom in grid:
        box = (round((x0 + INSET) * scale), round((top + INSET) * scale))
        end = (round((x1 - INSET) * scale), round((bottom - INSET) * scale))
        if end[0] - box[0] > gap // 4 and end[1] - box[1] > gap // 4:
            crop = _without_rules(raster.image.convert("L").crop((*box, *end)), round(EDGE * scale))
            if (np.asarray(crop) < INK).any():
                crops.append((crop, *box))
    if not crops:
        return None
    width = max(crop.width for crop, _, _ in crops) + 2 * gap
    strip = Image.new("L", (width, sum(crop.height + gap for crop, _, _ in crops) + gap), 255)
    places, y = [], gap
    for crop, left, top in crops:
        strip.paste(crop, (gap, y))
        places.append((y / scale, left / scale - gap / scale, top / scale))
        y += crop.height + gap
    return Stack(Raster(strip, raster.dpi), tuple(places))


def _without_rules(crop: Image.Image, edge: int) -> Image.Image:
    """Return a cell without what is left of its ruling lines: rows and columns at its edges that are mostly dark."""
    grey = np.array(crop)
    dark = grey < RULE
    for axis, share in ((0, dark.mean(axis=1)), (1, dark.mean(axis=0))):
        ruled = np.nonzero(share > RULED_SHARE)[0]
        lines = [line for line in ruled if line < edge or line >= len(share) - edge]
        for line in lines:
            spread = slice(max(0, line - 1), line + 2)
            grey[(spread, slice(None)) if axis == 0 else (slice(None), spread)] = PAPER
    return Image.fromarray(grey)


def put_back(words: Sequence[PlacedWord], stack: Stack) -> list[PlacedWord]:
    """Return the words of a stack at the places that they have on the page."""
    moved = []
    for placed in words:
        x0, top, x1, bottom = placed.bbox
        middle = (top + bottom) / 2
        start, left, page_top = max((place for place in stack.places if place[0] <= middle), default=stack.places[0])
        dy = page_top - start
        box = (round(x0 + left, 2), round(top + dy, 2), round(x1 + left, 2), round(bottom + dy, 2))
        moved.append(PlacedWord(replace(placed.word, bbox=box), None))
    return moved


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
