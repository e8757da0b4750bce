"""Where a page's image is darker than its paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from cv2.typing import MatLike

    from planparse.reading.images.raster import Raster

    Grey = MatLike
    """A page in grey, or a mask: 255 where a pixel is dark, or belongs to a line."""

DARK = 0.75
"""Share of the paper's grey below which a pixel is dark; a hairline of half a point, blurred, is at 0.4 to 0.65."""
SPARSE = 4
"""Pixels in both directions of which one is enough to know the paper's grey."""


def grey_of(raster: Raster) -> Grey:
    """Return a page in grey."""
    return np.asarray(raster.image.convert("L"))


def paper_of(grey: Grey) -> float:
    """Return the grey of a page's paper: of most of its pixels."""
    return float(np.median(grey[::SPARSE, ::SPARSE]))


def dark_pixels(grey: Grey) -> Grey:
    """Return a mask of where a page is darker than its paper."""
    return cv2.threshold(grey, DARK * paper_of(grey), 255, cv2.THRESH_BINARY_INV)[1]
