"""Pages as small grey pictures for a person to look at, not for OCR."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING

from planparse.reading import is_pdf
from planparse.reading.images.limits import check_streams
from planparse.reading.images.raster import open_pdf, read_frames, render_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

    from planparse.config import Config
    from planparse.reading.images.raster import Raster

DPI = 100
"""At which print of 10 points can be read on a screen."""
BUDGET = 60_000
"""Bytes of a picture: thirty pages then make a file of 2.4 MB in base64, which opens at once."""
QUALITIES = (60, 45, 30, 15)
"""Of WebP, tried in turn until a picture is within the budget; clean pages of print take 40 KB at the first."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as WebP; its size in points is that of the boxes on it."""

    number: int
    webp: bytes
    width: float
    height: float


def draw_pages(data: bytes, name: str, config: Config) -> Iterator[Picture]:
    """Yield the pages of a PDF or an image file as pictures.

    Raises:
        InputError: it is damaged, encrypted, or over a limit.
    """
    small = replace(config, dpi=DPI)
    rasters = _pages(data, name, small) if is_pdf(data) else read_frames(data, name, small)
    for number, raster in enumerate(rasters, 1):
        yield Picture(number, _pack(raster.image), *raster.size)


def _pages(data: bytes, name: str, config: Config) -> Iterator[Raster]:
    check_streams(data, name, config)
    with open_pdf(data, name) as document:
        for number in range(1, min(len(document), config.max_pages) + 1):
            yield render_page(document, number, name, config)


def _pack(image: Image) -> bytes:
    packed = b""
    for quality in QUALITIES:
        buffer = BytesIO()
        image.save(buffer, "WEBP", quality=quality)
        packed = buffer.getvalue()
        if len(packed) <= BUDGET:
            break
    return packed
