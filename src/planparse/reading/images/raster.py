"""Pages as images: a PDF's page rendered by pypdfium2, an image file's frames by Pillow; never over the limits."""

from __future__ import annotations

import math
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pypdfium2
from PIL import Image, ImageOps

from planparse.errors import InputDamagedError, InputEncryptedError, InputTooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from cv2.typing import MatLike
    from numpy.typing import NDArray

    from planparse.config import Config

POINTS_PER_INCH = 72.0
A4_WIDTH_INCHES = 8.27
SANE_DPI = (70.0, 1250.0)
"""Resolutions that a scanner writes; others are what programs put where they know none."""
MIN_SIDE = 8
"""Pixels; an image with a shorter side holds no letter."""
LONGEST_SIDE = 32_767
"""Pixels; Tesseract takes no longer side (its coordinates have 16 bits)."""
REDNESS = 60
"""Levels of 256 by which red is above green and blue in a seal's ink; in black ink and yellowed paper, below 40."""
SPARSE = 4
"""Pixels in both directions of which one is enough to see that a page has a seal, which is 300 wide."""


@dataclass(frozen=True, slots=True)
class Raster:
    """A page as a grey image; its size in points follows.

    Attributes:
        image: the pixels.
        dpi: their resolution.
        skew: the degrees by which its lines fall to the right, as far as that is known.
        noise: mean grey levels by which pixels of its paper differ from those around them, as far as that is known.
    """

    image: Image.Image
    dpi: float
    skew: float = 0.0
    noise: float = 0.0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return (self.image.width * POINTS_PER_INCH / self.dpi, self.image.height * POINTS_PER_INCH / self.dpi)


@contextmanager
def open_pdf(data: bytes, name: str) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF for rendering; what it unpacks to is for `check_streams` to look at first.

    Raises:
        InputEncryptedError: it needs a password.
        InputDamagedError: it can't be opened, or has no page.
    """
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise InputEncryptedError("encrypted PDF", name, "remove its password and try again") from error
        raise InputDamagedError(
            "damaged PDF", name, "open it in a viewer and save it anew, or scan it again"
        ) from error
    if count == 0:
        raise InputDamagedError("PDF without pages", name, "scan the document again")
    try:
        yield document
    finally:
        document.close()


def render_page(document: pypdfium2.PdfDocument, number: int, name: str, config: Config) -> Raster:
    """Render page `number` (from 1) at `config.dpi`, at less where the page would have more than the limit's pixels.

    Raises:
        InputTooLargeError: the page has no sane size.
        InputDamagedError: the page can't be rendered.
    """
    place = f"{name}, page {number}"
    try:
        page = document[number - 1]
        width, height = page.get_size()
        inches = (width / POINTS_PER_INCH, height / POINTS_PER_INCH)
        dpi = _fitting_dpi(inches, config, place)
        colours = page.render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True).to_numpy()
        image = Image.fromarray(_without_red(colours))
        page.close()
    except pypdfium2.PdfiumError as error:
        raise InputDamagedError("page can't be rendered", place, "scan the page again") from error
    return Raster(image, dpi)


def _fitting_dpi(inches: tuple[float, float], config: Config, place: str) -> float:
    area = inches[0] * inches[1]
    if not 0 < area < float("inf") or min(inches) * config.dpi < MIN_SIDE:
        raise InputDamagedError("page of no size", place, "scan the page again")
    dpi = min(float(config.dpi), math.sqrt(config.max_pixels / area), LONGEST_SIDE / max(inches))
    if dpi < SANE_DPI[0]:
        raise InputTooLargeError(
            f"page over the limit of {config.max_pixels:,} pixels", place, "scan it at its own size"
        )
    return dpi


def count_frames(data: bytes, name: str, config: Config) -> int:
    """Return how many pages an image file has.

    Raises:
        InputDamagedError, InputTooLargeError: as `read_frames`.
    """
    with _open_image(data, name, config) as image:
        return _count(image)


def read_frames(data: bytes, name: str, config: Config, numbers: Sequence[int] | None = None) -> Iterator[Raster]:
    """Yield pages of an image file (PNG, JPEG, TIFF; each frame a page), upright, in grey.

    `numbers` tells which, from 1; all where it is None.

    Raises:
        InputDamagedError: the image can't be read.
        InputTooLargeError: it has more pixels than the limit.
    """
    with _open_image(data, name, config) as image:
        for number in range(1, _count(image) + 1) if numbers is None else numbers:
            with _quiet():
                image.seek(number - 1)
                raster = _to_raster(image, name, config)
            yield raster


def _count(image: Image.Image) -> int:
    """Return the pages of an image; the second frame of an MPO is a preview."""
    with _quiet():
        return 1 if image.format == "MPO" else getattr(image, "n_frames", 1)


@contextmanager
def _open_image(data: bytes, name: str, config: Config) -> Iterator[Image.Image]:
    try:
        with _quiet():
            image = Image.open(BytesIO(data))
        with image:
            yield image
    except Image.DecompressionBombError as error:
        limit = f"over the limit of {config.max_pixels:,} pixels"
        raise InputTooLargeError(f"image {limit}", name, "scan it at 300 dpi or less") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InputDamagedError("damaged image", name, "save it anew or scan the page again") from error


def _quiet() -> AbstractContextManager[object]:
    """Keep Pillow's notes of odd files to itself; never over a `yield`: the filters are those of the whole program."""
    return warnings.catch_warnings(action="ignore")


def _to_raster(frame: Image.Image, name: str, config: Config) -> Raster:
    pixels = frame.width * frame.height
    if pixels > config.max_pixels:
        raise InputTooLargeError(
            f"image of {pixels:,} pixels, over the limit of {config.max_pixels:,}", name, "scan it at 300 dpi or less"
        )
    if min(frame.size) < MIN_SIDE:
        raise InputDamagedError("image without content", name, "scan the page again")
    across, down = _resolution(frame)
    upright = ImageOps.exif_transpose(_to_grey(frame))
    dpi = min(across, float(config.dpi))
    size = (max(1, round(upright.width * dpi / across)), max(1, round(upright.height * dpi / down)))
    if size != upright.size:
        upright = upright.resize(size, Image.Resampling.BOX)
    return Raster(upright, dpi)


def _resolution(frame: Image.Image) -> tuple[float, float]:
    """Return dots an inch across and down; they differ in a fax."""
    stated = [float(value or 0) for value in frame.info.get("dpi", (0, 0))]
    if all(SANE_DPI[0] <= dpi <= SANE_DPI[1] for dpi in stated):
        return stated[0], stated[1]
    dpi = max(SANE_DPI[0], min(frame.size) / A4_WIDTH_INCHES)
    return dpi, dpi


def _to_grey(frame: Image.Image) -> Image.Image:
    """Return any kind of image in 8-bit grey: 16 bits scaled, transparency on white, red ink gone, EXIF data kept."""
    if frame.mode.startswith("I;16") or frame.mode in {"I", "F"}:
        extrema = frame.getextrema()
        highest = float(extrema[1]) if isinstance(extrema[1], int | float) else 255.0
        scale = 255.0 / max(255.0, highest)
        grey = frame.convert("F").point(lambda value: value * scale).convert("L")
    elif frame.mode in {"RGBA", "LA", "PA"} or "transparency" in frame.info:
        layered = frame.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        grey = Image.fromarray(_without_red(np.asarray(Image.alpha_composite(white, layered).convert("RGB"))))
    elif frame.mode in {"1", "L"}:
        grey = frame.convert("L")
    else:
        grey = Image.fromarray(_without_red(np.asarray(frame.convert("RGB"))))
    grey.info.update({key: value for key, value in frame.info.items() if key == "exif"})
    return grey


def _without_red(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an RGB image in grey, as its red light shows it where it is red: a seal is as bright there as paper."""
    grey = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    if _red(colours[::SPARSE, ::SPARSE]).any():
        cv2.copyTo(colours[..., 0], _red(colours), grey)
    return grey


def _red(colours: NDArray[np.uint8]) -> MatLike:
    """Return the mask of the pixels that are red."""
    red, green, blue = cv2.split(colours)
    return cv2.threshold(cv2.subtract(red, cv2.max(green, blue)), REDNESS - 1, 255, cv2.THRESH_BINARY)[1]
