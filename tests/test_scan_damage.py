"""The library of damage that makes our scans: repeatable, worse from level to level, and what each device leaves."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

pytest.importorskip("cv2", reason="OpenCV is not installed")
sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from damage import LEVELS, POINTS_PER_INCH, Level, damage, encode, press_seal

if TYPE_CHECKING:
    from numpy.typing import NDArray

FONT = Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf")
INCHES = (6.0, 3.0)
COARSEST = 100
TEXT = ("Đơn vị chủ trì: Văn phòng Sở", "Đơn vị phối hợp: Phòng Cải cách hành chính", "Thời gian: Quý I/2025")

pytestmark = pytest.mark.skipif(
    not FONT.is_file(), reason="Liberation Serif is not installed: apt-get install fonts-liberation2"
)


def typeset(dpi: int) -> Image.Image:
    """Return a slip of paper with three lines of 14 pt."""
    page = Image.new("L", (round(INCHES[0] * dpi), round(INCHES[1] * dpi)), "white")
    font = ImageFont.truetype(FONT, round(14 * dpi / POINTS_PER_INCH))
    for number, line in enumerate(TEXT):
        ImageDraw.Draw(page).text((0.7 * dpi, (0.7 + 0.5 * number) * dpi), line, 0, font)
    return page


def scan(level: Level, seed: int = 1) -> bytes:
    return encode(damage(typeset(level.dpi), level, np.random.default_rng(seed)), level)


def to_grey(image: Image.Image) -> NDArray[np.float64]:
    """Return an image's grey levels at a resolution that all levels can be brought to."""
    size = (round(INCHES[0] * COARSEST), round(INCHES[1] * COARSEST))
    return np.asarray(image.convert("L").resize(size, Image.Resampling.BOX), dtype=np.float64)


def signal_to_noise(name: str) -> float:
    """Return the peak signal-to-noise ratio, in dB, that a level leaves where it moves no letter."""
    level = replace(LEVELS[name], skew=0.0)
    if level.camera:
        level = replace(level, camera=replace(level.camera, tilt=0.0, curl=0.0))
    error = to_grey(Image.open(io.BytesIO(scan(level)))) - to_grey(typeset(level.dpi))
    return float(10 * np.log10(255**2 / np.mean(error**2)))


@pytest.mark.parametrize("level", LEVELS.values(), ids=LEVELS)
def test_a_seed_gives_the_same_bytes_and_another_one_gives_others(level: Level) -> None:
    assert scan(level, seed=1) == scan(level, seed=1)
    assert scan(level, seed=1) != scan(level, seed=2)


@pytest.mark.parametrize("level", LEVELS.values(), ids=LEVELS)
def test_a_page_keeps_its_size_and_states_its_resolution(level: Level) -> None:
    image = Image.open(io.BytesIO(scan(level)))
    assert image.size == typeset(level.dpi).size
    assert image.info["dpi"] == pytest.approx((level.dpi, level.dpi), abs=0.1)


def test_each_level_is_worse_than_the_one_before() -> None:
    ratios = {name: signal_to_noise(name) for name in LEVELS}
    assert ratios["clean"] > ratios["office"] + 1
    assert ratios["office"] > max(ratios["fax"], ratios["poor"], ratios["phone"]) + 1
    assert ratios["fax"] > ratios["phone"]


def test_the_devices_deliver_what_real_ones_do() -> None:
    modes = {name: Image.open(io.BytesIO(scan(level))).mode for name, level in LEVELS.items()}
    assert modes == {"clean": "L", "office": "L", "poor": "L", "fax": "1", "phone": "RGB"}


def test_a_fax_has_half_as_many_rows_as_dots() -> None:
    rows = np.asarray(Image.open(io.BytesIO(scan(LEVELS["fax"]))))
    changes = (rows[1:] != rows[:-1]).any(axis=1).mean()
    assert changes < 98 / 200


def test_a_photo_is_darker_in_one_corner_and_yellowish() -> None:
    level = LEVELS["phone"]
    assert level.camera is not None
    paper = np.asarray(Image.open(io.BytesIO(scan(level))), dtype=np.float64)[15:-15, 15:-15]
    corners = [paper[y, x].mean() for y in (slice(20), slice(-20, None)) for x in (slice(20), slice(-20, None))]
    assert min(corners) < (1 - level.camera.dark / 2) * max(corners)
    assert paper[..., 2].mean() < 0.95 * paper[..., 0].mean()


def test_a_bad_copy_has_grey_paper_and_faded_ink() -> None:
    office, poor = (np.asarray(Image.open(io.BytesIO(scan(LEVELS[name])))) for name in ("office", "poor"))
    assert np.median(poor) < np.median(office) - 15
    assert np.percentile(poor, 1) > np.percentile(office, 1) + 15


def test_a_seal_is_red_where_it_is_pressed_and_leaves_the_letters_black() -> None:
    page = typeset(200)
    sealed = np.asarray(press_seal(page, (120.0, 90.0), 200, "SỞ NỘI VỤ ★ ", FONT), dtype=np.int16)
    ink = np.asarray(page) < 100
    red = sealed[..., 0] - sealed[..., 1] > 60
    y, x = np.nonzero(red)
    assert (x.mean() * 72 / 200, y.mean() * 72 / 200) == pytest.approx((120, 90), abs=6)
    assert float(np.ptp(x)) / 200 * 25.4 == pytest.approx(36, abs=2)
    assert sealed[ink].max() < 100
