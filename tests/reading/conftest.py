"""Pages that the tests of reading draw: white, with ruled tables, and blots in the place of letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from planparse.reading.images.raster import Raster

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planparse.document import BBox

DPI = 200
SCALE = DPI / 72

Table = tuple["Sequence[float]", "Sequence[float]"]
"""The vertical and the horizontal lines, in points."""


@pytest.fixture(scope="session")
def make_page() -> Callable[..., Raster]:
    """Return a function that draws an A4 page of 200 dpi; all sizes in points."""

    def make(
        *tables: Table, blots: Sequence[BBox] = (), erased: Sequence[BBox] = (), thickness: float = 0.75
    ) -> Raster:
        image = Image.new("L", (round(595 * SCALE), round(842 * SCALE)), "white")
        pen = ImageDraw.Draw(image)
        for lefts, tops in tables:
            _rule(pen, lefts, tops, max(1, round(thickness * SCALE)))
        for grey, boxes in ((0, blots), (255, erased)):
            for box in boxes:
                pen.rectangle([side * SCALE for side in box], fill=grey)
        return Raster(image, float(DPI))

    return make


def _rule(pen: ImageDraw.ImageDraw, lefts: Sequence[float], tops: Sequence[float], width: int) -> None:
    for x in lefts:
        pen.line((x * SCALE, tops[0] * SCALE, x * SCALE, tops[-1] * SCALE), fill=0, width=width)
    for y in tops:
        pen.line((lefts[0] * SCALE, y * SCALE, lefts[-1] * SCALE, y * SCALE), fill=0, width=width)
