"""Pages as images: a PDF's page rendered by pypdfium2, an image file's frames by Pillow; never over the limits."""

from __future__ import annotations

import math
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import pypdfium2
from PIL import Image, ImageOps, ImageSequence

from planparse.errors import InputDamagedError, InputEncryptedError, InputTooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planparse.config import Config

POINTS_PER_INCH = 72.0
A4_WIDTH_INCHES = 8.27
SANE_DPI = (70.0, 1250.0)
"""Resolutions that a scanner writes; others are what programs put where they know none."""
MIN_SIDE = 8
"""Pixels; an image with a shorter side holds no letter."""


@dataclass(frozen=True, slots=True)
class Raster:
    """A page as a grey or colour image and its resolution; its size in points follows."""

    image: Image.Image
    dpi: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return (self.image.width * POINTS_PER_INCH / self.dpi, self.image.height * POINTS_PER_INCH / self.dpi)


@contextmanager
def open_pdf(data: bytes, name: str) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF for rendering.

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
        image = page.render(scale=dpi / POINTS_PER_INCH, grayscale=True).to_pil()
        page.close()
    except pypdfium2.PdfiumError as error:
        raise InputDamagedError("page can't be rendered", place, "scan the page again") from error
    return Raster(image, dpi)


def _fitting_dpi(inches: tuple[float, float], config: Config, place: str) -> float:
    area = inches[0] * inches[1]
    if not 0 < area < float("inf") or min(inches) * config.dpi < MIN_SIDE:
        raise InputDamagedError("page of no size", place, "scan the page again")
    dpi = min(float(config.dpi), math.sqrt(config.max_pixels / area))
    if dpi < SANE_DPI[0]:
        raise InputTooLargeError(
            f"page over the limit of {config.max_pixels:,} pixels", place, "scan it at its own size"
        )
    return dpi


def read_frames(data: bytes, name: str, config: Config) -> Iterator[Raster]:
    """Yield the pages of an image file (PNG, JPEG, TIFF; each frame a page), upright, in grey.

    Raises:
        InputDamagedError: the image can't be read.
        InputTooLargeError: it has more pixels than the limit.
    """
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(data)) as image:
            for frame in ImageSequence.Iterator(image):
                yield _to_raster(frame, name, config)
    except Image.DecompressionBombError as error:
        limit = f"over the limit of {config.max_pixels:,} pixels"
        raise InputTooLargeError(f"image {limit}", name, "scan it at 300 dpi or less") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InputDamagedError("damaged image", name, "save it anew or scan the page again") from error


def _to_raster(frame: Image.Image, name: str, config: Config) -> Raster:
    pixels = frame.width * frame.height
    if pixels > config.max_pixels:
        raise InputTooLargeError(
            f"image of {pixels:,} pixels, over the limit of {config.max_pixels:,}", name, "scan it at 300 dpi or less"
        )
    if min(frame.size) < MIN_SIDE:
        raise InputDamagedError("image without content", name, "scan the page again")
    dpi = _resolution(frame)
    upright = ImageOps.exif_transpose(_to_grey(frame))
    if dpi > config.dpi:
        share = config.dpi / dpi
        size = (max(1, round(upright.width * share)), max(1, round(upright.height * share)))
        upright, dpi = upright.resize(size, Image.Resampling.BOX), float(config.dpi)
    return Raster(upright, dpi)


def _resolution(frame: Image.Image) -> float:
    stated = frame.info.get("dpi", (0, 0))[0]
    dpi = float(stated) if stated else 0.0
    if SANE_DPI[0] <= dpi <= SANE_DPI[1]:
        return dpi
    return max(SANE_DPI[0], min(frame.size) / A4_WIDTH_INCHES)


def _to_grey(frame: Image.Image) -> Image.Image:
    """Return any kind of image in 8-bit grey: 16 bits scaled, transparency on white, the EXIF data kept."""
    if frame.mode.startswith("I;16") or frame.mode in {"I", "F"}:
        extrema = frame.getextrema()
        highest = float(extrema[1]) if isinstance(extrema[1], int | float) else 255.0
        scale = 255.0 / max(255.0, highest)
        grey = frame.convert("F").point(lambda value: value * scale).convert("L")
    elif frame.mode in {"RGBA", "LA", "PA"} or "transparency" in frame.info:
        layered = frame.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        grey = Image.alpha_composite(white, layered).convert("L")
    else:
        grey = frame.convert("RGB").convert("L") if frame.mode == "CMYK" else frame.convert("L")
    grey.info.update({key: value for key, value in frame.info.items() if key == "exif"})
    return grey
