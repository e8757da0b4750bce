"""By how much a page lies askew, and the page set straight."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from planparse.reading.images.raster import Raster
from planparse.reading.images.skew import find_skew, straighten


@pytest.fixture(scope="module")
def page() -> Raster:
    """Return 30 lines of strokes as high as small letters, some higher."""
    random = np.random.default_rng(1)
    grey = np.full((2339, 1654), 255, np.uint8)
    for top in range(250, 2000, 58):
        for left in range(230, 1430, 17):
            grey[top - 8 * random.integers(0, 2) : top + 16, left : left + random.integers(3, 9)] = 0
    return Raster(Image.fromarray(grey), 200.0)


def turn(page: Raster, degrees: float) -> Raster:
    """Return a page whose lines fall to the right."""
    return Raster(page.image.rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=255), page.dpi)


@pytest.mark.parametrize("degrees", [-7.0, -2.0, -0.6, -0.3, 0.4, 1.3, 5.0])
def test_the_angle_of_a_page_is_found(degrees: float, page: Raster) -> None:
    assert find_skew(turn(page, degrees)) == pytest.approx(degrees, abs=0.1)


@pytest.mark.parametrize("degrees", [0.0, 0.1, -0.1])
def test_a_page_that_lies_straight_is_left_so(degrees: float, page: Raster) -> None:
    assert find_skew(turn(page, degrees)) == 0.0


def test_a_page_without_ink_lies_straight() -> None:
    assert find_skew(Raster(Image.new("L", (1654, 2339), 255), 200.0)) == 0.0


def test_a_page_set_straight_has_no_skew(page: Raster) -> None:
    assert find_skew(straighten(turn(page, 2.0), 2.0)) == 0.0


def test_no_degrees_leave_the_page_as_it_is(page: Raster) -> None:
    assert straighten(page, 0.0) is page


def test_a_page_set_straight_keeps_its_size_and_white_corners(page: Raster) -> None:
    straight = straighten(page, 3.0)
    assert (straight.image.size, straight.dpi) == (page.image.size, page.dpi)
    assert straight.image.getpixel((0, 0)) == 255
