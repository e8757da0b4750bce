"""What printing, scanners, fax machines and phones do to a page: five levels of damage, the same for the same seed.

    image = damage(page, LEVELS["poor"], np.random.default_rng(1))    # a page rendered at LEVELS["poor"].dpi
    data = encode(image, LEVELS["poor"])                              # the file that the device would deliver

How much each effect matters is set so that plain `tesseract -l vie` makes the share of wrong characters that
docs/samples.md states for the level.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Grey = NDArray[np.float64]
    """Grey levels of a page: rows by columns, 0 is black, 255 white."""

WHITE = 255.0
POINTS_PER_INCH = 72.0
DESK = (77.0, 66.0, 56.0)
"""Colour of the desk under a photographed page."""
SPECK = 2
"""Side of a speck in pixels: 0.25 mm at 200 dpi."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fax:
    """A fax machine: dots and rows an inch, the grey level below which a dot is black, bursts of lost rows a page."""

    dots: int
    rows: int
    threshold: int
    dropouts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A phone held over a page.

    Attributes:
        tilt: by how much of the page's width each corner may be off.
        curl: points by which the paper waves.
        dark: share of the light that is lost in the darkest corner.
        tint: colour of the paper under that light, as red, green, blue.
        defocus: blur in points where the page is out of focus.
    """

    tilt: float
    curl: float
    dark: float
    tint: tuple[int, int, int]
    defocus: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level of damage.

    Attributes:
        dpi: resolution of the page, before and after.
        skew: degrees that the page lies askew at most, either way.
        blur: radius in pixels.
        noise: standard deviation in grey levels.
        specks: dark specks a square inch.
        dirt: more of them a square inch at the left edge, half as many every 0.2 inches.
        strokes: pixels by which strokes are thinner here and thicker there.
        wear: share of the ink that is missing in places as small as a stroke.
        ink: grey level of the ink.
        paper: grey level of the paper.
        shading: grey levels by which the paper varies over the page.
        bleed: share of the ink of the other side that shines through.
        fax: the fax machine that it went through.
        camera: the phone that took it; else it was scanned.
        quality: of the JPEG; 0 is 1 bit without loss.
    """

    dpi: int
    skew: float
    blur: float
    noise: float
    specks: float
    dirt: float = 0.0
    strokes: float = 0.0
    wear: float = 0.0
    ink: float = 0.0
    paper: float = WHITE
    shading: float = 0.0
    bleed: float = 0.0
    fax: Fax | None = None
    camera: Camera | None = None
    quality: int


LEVELS = {
    "clean": Level(dpi=300, skew=0.0, blur=0.7, noise=0.6, specks=0.0, quality=30),
    "office": Level(dpi=200, skew=0.6, blur=0.8, noise=5.0, specks=1.2, quality=35),
    "poor": Level(
        dpi=200,
        skew=2.0,
        blur=0.9,
        noise=8.0,
        specks=5.0,
        dirt=40.0,
        strokes=0.6,
        wear=0.3,
        ink=60.0,
        paper=228.0,
        shading=8.0,
        bleed=0.08,
        quality=35,
    ),
    "fax": Level(
        dpi=200,
        skew=0.5,
        blur=0.9,
        noise=24.0,
        specks=4.0,
        fax=Fax(dots=204, rows=98, threshold=112, dropouts=30),
        quality=0,
    ),
    "phone": Level(
        dpi=150,
        skew=0.8,
        blur=0.8,
        noise=8.0,
        specks=0.0,
        ink=45.0,
        shading=5.0,
        camera=Camera(tilt=0.03, curl=4.0, dark=0.45, tint=(250, 243, 226), defocus=1.0),
        quality=30,
    ),
}


def damage(page: Image.Image, level: Level, random: np.random.Generator) -> Image.Image:
    """Return a page rendered at `level.dpi` as the device of that level sees it: grey, 1 bit, or a phone's colours."""
    flat = page.convert("RGB" if level.camera else "L")
    askew = flat.rotate(level.skew * random.uniform(-1, 1), Image.Resampling.BICUBIC, fillcolor="white")
    printed = _print(askew, level, random)
    grey = np.asarray(printed.filter(ImageFilter.GaussianBlur(level.blur)), dtype=np.float64)
    grey = _lay_on_paper(grey, level, random)
    if level.camera:
        return _photograph(grey, level, level.camera, random)
    grey = grey + random.normal(0, level.noise, grey.shape)
    _sprinkle(grey, level, random)
    if level.fax:
        return _send(grey, level.dpi, level.fax, random)
    return Image.fromarray(_to_bytes(grey))


def encode(image: Image.Image, level: Level) -> bytes:
    """Return a damaged page as a JPEG, or as a PNG where it has 1 bit."""
    data = BytesIO()
    if level.quality:
        image.save(data, "JPEG", quality=level.quality, dpi=(level.dpi, level.dpi))
    else:
        image.save(data, "PNG", dpi=(level.dpi, level.dpi))
    return data.getvalue()


def press_seal(page: Image.Image, centre: tuple[float, float], dpi: float, text: str, font: Path) -> Image.Image:
    """Return a page with a red round seal of 36 mm, an office's size, around `centre` (points from the top left).

    `text` runs around its rim, `font` is a TrueType file.
    """
    side = round(36 / 25.4 * dpi)
    seal = _draw_seal(side, text, font)
    stamped = Image.new("RGB", page.size, "white")
    x, y = (round(part * dpi / POINTS_PER_INCH - side / 2) for part in centre)
    stamped.paste(seal, (x, y))
    return ImageChops.multiply(page.convert("RGB"), stamped)


def _draw_seal(side: int, text: str, font: Path) -> Image.Image:
    red, middle = (214, 40, 52), side / 2
    seal = Image.new("RGB", (side, side), "white")
    pen = ImageDraw.Draw(seal)
    for radius, width in ((0.49, 0.02), (0.34, 0.008)):
        inset = side * (0.5 - radius)
        pen.ellipse((inset, inset, side - inset, side - inset), outline=red, width=max(1, round(width * side)))
    points = [(math.tau * (k / 10 - 0.25), side * (0.16 if k % 2 == 0 else 0.065)) for k in range(10)]
    pen.polygon([(middle + r * math.cos(a), middle + r * math.sin(a)) for a, r in points], fill=red)
    letters = ImageFont.truetype(font, round(side * 0.085))
    for index, letter in enumerate(text):
        tile = Image.new("RGB", (side, side), "white")
        ImageDraw.Draw(tile).text((middle, side * 0.085), letter, red, letters, anchor="mm")
        seal = ImageChops.multiply(
            seal, tile.rotate(-360 * index / len(text), Image.Resampling.BICUBIC, fillcolor="white")
        )
    return seal


def _print(page: Image.Image, level: Level, random: np.random.Generator) -> Image.Image:
    """Return a page as a worn printer or copier leaves it: strokes thin here and thick there, with gaps."""
    if not level.strokes:
        return page
    grey = np.asarray(page, dtype=np.float64)
    kernel = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    toner = level.strokes * _field(grey.shape, level.dpi * 1.5, random)
    thick, thin = cv2.erode(grey, kernel), cv2.dilate(grey, kernel)
    share = np.clip(np.abs(toner), 0, 1)
    grey = np.where(toner > 0, share * thick, share * thin) + (1 - share) * grey
    gaps = np.clip(_field(grey.shape, level.dpi / 50, random) - 1, 0, 1) * 2 * level.wear
    return Image.fromarray(_to_bytes(grey + (WHITE - grey) * np.clip(gaps, 0, 1)))


def _lay_on_paper(grey: Grey, level: Level, random: np.random.Generator) -> Grey:
    """Return ink and paper in the level's tones, with what shines through from the other side."""
    if level.bleed:
        back = cv2.GaussianBlur(cv2.flip(grey, 1), (0, 0), level.dpi / 80)
        grey = np.minimum(grey, WHITE - level.bleed * (WHITE - back))
    if level.shading:
        field = _field(grey.shape[:2], level.dpi * 2, random)
        paper = level.paper + level.shading * field.reshape(*field.shape, *[1] * (grey.ndim - 2))
        grey = level.ink + (np.minimum(paper, WHITE) - level.ink) * grey / WHITE
    return grey


def _sprinkle(grey: Grey, level: Level, random: np.random.Generator) -> None:
    inches = np.arange(grey.shape[1]) / level.dpi
    density = (level.specks + level.dirt * 0.5 ** (inches / 0.2)) / level.dpi**2
    for y, x in zip(*np.nonzero(random.random(grey.shape) < density), strict=True):
        grey[y : y + SPECK, x : x + SPECK] = random.uniform(0, 120)


def _send(grey: Grey, dpi: int, fax: Fax, random: np.random.Generator) -> Image.Image:
    """Return a page as a fax machine prints it: in coarse rows of black dots, some of them lost and repeated."""
    height, width = grey.shape
    size = (round(width * fax.dots / dpi), round(height * fax.rows / dpi))
    coarse = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    dots = np.where(coarse < fax.threshold, 0, 255).astype(np.uint8)
    for row in random.integers(1, size[1] - 2, fax.dropouts):
        dots[row : row + random.integers(1, 3)] = dots[row - 1]
    return Image.fromarray(cv2.resize(dots, (width, height), interpolation=cv2.INTER_NEAREST)).convert("1")


def _photograph(page: Grey, level: Level, camera: Camera, random: np.random.Generator) -> Image.Image:
    """Return a page in colour as a phone sees it: on a desk, not quite from above, in uneven light, partly blurred."""
    height, width = page.shape[:2]
    seen, mask = _tilt(page, level, camera, random)
    soft = cv2.GaussianBlur(seen, (0, 0), camera.defocus * level.dpi / POINTS_PER_INCH)
    across, along = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    seen += (soft - seen) * (across if random.random() < 1 / 2 else along)[..., None]
    grain = 1 + 0.1 * _field((height, width), level.dpi, random)[..., None]
    scene = np.where(mask[..., None] > 1 / 2, seen * np.array(camera.tint) / WHITE, grain * DESK)
    lamp = random.integers(0, 2, 2)
    light = 1 - camera.dark * (np.abs(across - lamp[0]) + np.abs(along - lamp[1])) / 2
    return Image.fromarray(_to_bytes(scene * light[..., None] + random.normal(0, level.noise, scene.shape)))


def _tilt(page: Grey, level: Level, camera: Camera, random: np.random.Generator) -> tuple[Grey, Grey]:
    """Return the page in perspective and waved, and the share of page in each pixel."""
    height, width = page.shape[:2]
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    inward = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)]) * random.uniform(0.1, 1, (4, 2))
    corners = (flat + inward * camera.tilt * width).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(flat, corners)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    wave = np.sin(math.pi * (x / width + random.uniform(0, 1))) * camera.curl * level.dpi / POINTS_PER_INCH
    waved = cv2.remap(page, x, (y + wave).astype(np.float32), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.warpPerspective(waved, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpPerspective(np.ones((height, width)), matrix, (width, height))
    return np.asarray(seen, dtype=np.float64), np.asarray(mask, dtype=np.float64)


def _field(shape: tuple[int, ...], grain: float, random: np.random.Generator) -> Grey:
    """Return smooth noise over a page, of deviation 1, whose hills are about `grain` pixels wide."""
    coarse = random.normal(0, 1, [math.ceil(side / grain) + 1 for side in shape])
    field = np.asarray(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC), dtype=np.float64)
    return field / max(float(field.std()), 1e-9)


def _to_bytes(grey: Grey) -> NDArray[np.uint8]:
    return np.clip(grey, 0, WHITE).astype(np.uint8)
