"""A page's image → one that engines read better: turned, straightened, on white paper; and the way back to the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from planparse.reading.images.raster import Raster
from planparse.reading.images.skew import find_skew, straighten, way_back

if TYPE_CHECKING:
    from planparse.document import Affine

Grey = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]
"""An affine map, three by three, in homogeneous coordinates of points."""

_LEAST_ANGLE = 1.5
"""Degrees from which a page is straightened. Tesseract bears less by itself, and pages of one bit suffer from turning:
with 0.3 it gets 4.9 % of the words of real pages wrong, without 3.7 %, of photographs 5.8 and 7.1 %."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An image to read; if it was turned or straightened, the way from its boxes to the page that it was made of."""

    raster: Raster
    to_page: Affine | None


def prepare(raster: Raster, *, turns: int = 0) -> Prepared:
    """Return the image of a page, to be read; it is turned by so many quarters against the clock first."""
    grey = np.ascontiguousarray(np.rot90(np.asarray(raster.image.convert("L")), turns))
    to_page = _turned_back(*raster.size, turns)
    white = whiten(grey)
    noise = noise_of(white)
    raster = Raster(Image.fromarray(smooth(white, noise)), raster.dpi)
    skew = find_skew(raster)
    straight = abs(skew) >= _LEAST_ANGLE
    if straight:
        to_page = to_page @ _askew(raster, skew)
        raster, skew = straighten(raster, skew), 0.0
    a, b, c, d, e, f = to_page[:2].ravel().tolist()
    return Prepared(replace(raster, skew=skew, noise=noise), (a, b, c, d, e, f) if turns or straight else None)


def level(prepared: Prepared) -> Prepared:
    """Return a prepared image without what is left of its skew: tables are found on straight pages only."""
    raster = prepared.raster
    if not raster.skew:
        return prepared
    before = np.vstack([np.reshape(prepared.to_page or _SAME, (2, 3)), (0.0, 0.0, 1.0)])
    a, b, c, d, e, f = (before @ _askew(raster, raster.skew))[:2].ravel().tolist()
    return Prepared(replace(straighten(raster, raster.skew), noise=raster.noise), (a, b, c, d, e, f))


_SAME = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
"""The map that moves nothing."""

_WHITE = 240
"""Grey of paper from which it is white: 254 and more in scans, 180 to 225 in photographs and on poor copies."""
_SPARSE = 4
"""Pixels in both directions of which one is enough to know the paper's grey."""
_PAPER = 8
"""Pixels of the square that is one pixel of the paper's image: smaller than a letter of 14 points at 200 dpi."""


def whiten(grey: Grey) -> Grey:
    """Return an image with its paper white, whatever shadow lies on it; one on white paper stays as it is."""
    if np.median(grey[::_SPARSE, ::_SPARSE]) >= _WHITE:
        return grey
    height, width = grey.shape
    small = cv2.resize(grey, (max(1, width // _PAPER), max(1, height // _PAPER)), interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), (0, 0), 4)
    return cv2.divide(grey, cv2.resize(paper, (width, height)), scale=255).astype(np.uint8)


_NOISY = 0.2
"""Mean grey levels by which a pixel of the paper, away from ink, differs from those around it, from which a page is
noisy: 2.5 on poor copies, 1.0 on photographs, 0.33 on office scans, 0.08 on clean ones, 0 to 0.02 on those of one bit.
"""
_INK, _BESIDE = 160, 9
"""Grey below which a pixel is ink, and the side of the square around ink whose pixels its edges may darken."""
_BAND, _BANDS = 64, 3
"""Rows of a band, and bands of which one is enough to know the noise."""


def smooth(grey: Grey, noise: float) -> Grey:
    """Return an image that is noisy without its specks and noise; any other as it is.

    Of the words of seven pages each, restored, Tesseract gets as many wrong without it and with it: poor copies 180 and
    116, office scans 32 and 15, photographs 37 and 38, clean scans 13 and 16; faxes suffer.
    """
    return cv2.medianBlur(grey, 3).astype(np.uint8) if noise >= _NOISY else grey


def noise_of(grey: Grey) -> float:
    """Return the mean grey levels by which pixels of the paper, away from ink, differ from those around them."""
    grey = np.vstack([grey[top : top + _BAND] for top in range(0, len(grey), _BANDS * _BAND)])
    light = cv2.threshold(grey, _INK - 1, 255, cv2.THRESH_BINARY)[1]
    paper = cv2.erode(light, np.ones((_BESIDE, _BESIDE), np.uint8))
    rough = cv2.absdiff(grey, cv2.GaussianBlur(grey, (0, 0), 1.5))
    return float(cv2.mean(rough, paper)[0])


def _askew(raster: Raster, skew: float) -> Matrix:
    """Return the way, in points, from a page that was straightened to the page as it lay."""
    return np.vstack([way_back(raster.size, skew), (0.0, 0.0, 1.0)])


def _turned_back(width: float, height: float, turns: int) -> Matrix:
    """Return the way from a page turned by quarters against the clock to the page, whose size is in points.

    >>> _turned_back(600, 800, 1) @ (0, 600, 1)  # the bottom left corner was the top left one
    array([0., 0., 1.])
    """
    back = np.eye(3)
    for turn in range(turns % 4):
        across = (width, height)[turn % 2]
        back = back @ np.array([[0.0, -1.0, across], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    return back
