"""By how much a page lies askew on its scan, and the page set straight.

Lines of text are straight where their rows of pixels are either full of ink or empty: the angle at which neighbouring
rows differ most is the page's.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from planparse.reading.images.raster import Raster

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDEST = 7.5
"""Degrees; beyond, a page is on its side rather than askew."""
COARSE, FINE = 0.5, 0.05
"""Steps of the search in degrees; 0.05 moves the end of a line by 0.4 points."""
EVERY = 3
"""Columns of pixels of which one is enough for the coarse steps."""
LEAST = 0.2
"""Degrees below which a page is left as it is: over the width of A4 that is 2 points, a sixth of a line."""
SEARCH_DPI = 75
"""Resolution at which the angle is sought: an x-height has four pixels."""
INK = 0.75
"""Share of the paper's grey below which a pixel is ink, at the coarse resolution, where strokes are pale."""
CLEARER = 1.05
"""By how much rows differ more at the angle found than as the page lies: below it there is nothing to straighten."""
TALLEST = 0.5
"""Inches; what is taller is no text: a dark edge, the desk around a photographed page, a seal, a vertical rule."""
MIN_INK = 200
"""Pixels of ink, about ten letters."""

Ink = tuple["NDArray[np.float32]", "NDArray[np.float32]"]
"""Rows and columns of pixels."""


def find_skew(raster: Raster) -> float:
    """Return by how many degrees the page's lines fall to the right; 0 where there are none, or next to nothing."""
    ink = _ink(raster)
    if len(ink[0]) < MIN_INK:
        return 0.0
    some = ink[1] % EVERY == 0
    few = (ink[0][some], ink[1][some])
    steps = round(WIDEST / COARSE)
    coarse = max((step * COARSE for step in range(-steps, steps + 1)), key=lambda angle: _contrast(few, angle))
    steps = round(COARSE / FINE)
    fine = max((coarse + step * FINE for step in range(-steps, steps + 1)), key=lambda angle: _contrast(ink, angle))
    if abs(fine) < LEAST or _contrast(ink, fine) < CLEARER * _contrast(ink, 0.0):
        return 0.0
    return round(fine, 2)


def straighten(raster: Raster, degrees: float) -> Raster:
    """Return the page turned about its middle by `degrees` to the left, of the same size, its corners white."""
    if not degrees:
        return raster
    grey = np.asarray(raster.image.convert("L"))
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    turned = cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255.0)
    return Raster(Image.fromarray(turned), raster.dpi)


def way_back(size: tuple[float, float], degrees: float) -> NDArray[np.float64]:
    """Return the affine map (two by three) from a page of `size` set straight by `degrees` to the page as it lay."""
    return np.asarray(cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), -degrees, 1.0), np.float64)


def _ink(raster: Raster) -> Ink:
    """Return the rows and columns of the pixels with ink of text, at the resolution of the search."""
    grey = np.asarray(raster.image.convert("L"))
    scale = min(1.0, SEARCH_DPI / raster.dpi)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = (small < INK * np.median(small)).astype(np.uint8)
    _, blots, sizes, _ = cv2.connectedComponentsWithStats(dark)
    low = sizes[:, cv2.CC_STAT_HEIGHT] <= TALLEST * SEARCH_DPI
    low[0] = False
    rows, columns = np.nonzero(dark)
    kept = low[blots[rows, columns]]
    rows, columns = rows[kept], columns[kept]
    return rows.astype(np.float32), columns.astype(np.float32)


def _contrast(ink: Ink, degrees: float) -> float:
    """Return how much neighbouring rows differ in ink where the page is set straight by `degrees`.

    A pixel between two rows counts in part for each, so that no angle is favoured by rounding.
    """
    rows, columns = ink
    straight = rows - columns * math.tan(math.radians(degrees))
    straight -= straight.min()
    upper = straight.astype(np.int64)
    lower = straight - upper
    below = np.bincount(upper, lower)
    counts = np.append(np.bincount(upper) - below, 0.0)
    counts[1:] += below
    return float(np.square(np.diff(counts)).sum())
