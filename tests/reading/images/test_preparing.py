"""A page's image made ready for engines, and the way back from its boxes to the page."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from planparse.document import Page
from planparse.reading.images.preparing import Prepared, noise_of, prepare, smooth, whiten
from planparse.reading.images.raster import Raster

DPI = 144.0
SIZE = (800, 1000)
BLOT = (100, 200, 160, 220)
"""A box of pixels; half of that in points."""


def draw(*, paper: int = 255, lines: bool = False) -> Image.Image:
    """Return a page with a blot, or with rows of short strokes as wide as the page."""
    image = Image.new("L", SIZE, paper)
    pen = ImageDraw.Draw(image)
    if lines:
        for top in range(100, 900, 40):
            for left in range(100, 700, 12):
                pen.rectangle((left, top, left + 6, top + 12), fill=0)
    else:
        pen.rectangle(BLOT, fill=0)
    return image


def box_on_page(prepared: Prepared) -> tuple[float, ...]:
    """Return the box of the only ink of a prepared image, in points of the page."""
    rows, columns = np.nonzero(np.asarray(prepared.raster.image) < 128)
    scale = 72 / prepared.raster.dpi
    box = (columns.min() * scale, rows.min() * scale, (columns.max() + 1) * scale, (rows.max() + 1) * scale)
    return Page(1, (), to_printed=prepared.to_page).printed_box(box)


# Good pages stay


def test_a_good_page_is_read_as_it_is() -> None:
    prepared = prepare(Raster(draw(lines=True), DPI))
    assert prepared.to_page is None
    assert prepared.raster.image.tobytes() == draw(lines=True).tobytes()


@pytest.mark.parametrize("grey", [np.full((50, 50), 255, np.uint8), np.full((50, 50), 245, np.uint8)])
def test_white_paper_stays(grey: np.ndarray) -> None:
    assert whiten(grey) is grey
    assert smooth(grey, noise_of(grey)) is grey


# Bad ones


def test_a_shadow_on_the_paper_goes_and_the_ink_stays() -> None:
    shade = np.tile(np.linspace(120, 220, 400, dtype=np.uint8), (300, 1))
    shade[100:110, 50:350] //= 4
    white = whiten(shade)
    assert white[20:80, 20:380].min() > 235
    assert white[102:108, 60:340].max() < 100


def test_noise_on_grey_paper_goes() -> None:
    noisy = np.clip(np.random.default_rng(1).normal(248, 12, (300, 300)), 0, 255).astype(np.uint8)
    assert smooth(noisy, noise_of(noisy)).std() < 0.7 * noisy.std()


# Turned and straightened


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_box_of_a_turned_page_goes_back_to_its_place(turns: int) -> None:
    prepared = prepare(Raster(draw(), DPI), turns=turns)
    assert prepared.raster.image.size == (SIZE if turns % 2 == 0 else SIZE[::-1])
    assert box_on_page(prepared) == pytest.approx([side / 2 for side in BLOT], abs=1)


def test_a_page_askew_is_set_straight_and_its_boxes_go_back() -> None:
    askew = Raster(draw(lines=True).rotate(-3, Image.Resampling.BICUBIC, fillcolor=255), DPI)
    prepared = prepare(askew)
    assert prepared.to_page is not None
    rows, columns = np.nonzero(np.asarray(askew.image) < 128)
    corners = (columns.min() / 2, rows.min() / 2, columns.max() / 2, rows.max() / 2)
    straight = np.asarray(prepared.raster.image) < 128
    assert straight.any(axis=1).mean() < 0.5  # rows of ink and of paper
    found = box_on_page(prepared)
    assert all(low <= high + 1 for low, high in zip(found[:2], corners[:2], strict=True))
    assert all(high >= low - 1 for high, low in zip(found[2:], corners[2:], strict=True))


def test_a_page_a_little_askew_says_so_and_stays() -> None:
    prepared = prepare(Raster(draw(lines=True).rotate(-0.8, Image.Resampling.BICUBIC, fillcolor=255), DPI))
    assert prepared.raster.skew == pytest.approx(0.8, abs=0.15)
    assert prepared.to_page is None
