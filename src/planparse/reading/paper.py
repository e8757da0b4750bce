"""A PDF or an image as its pages, each as it looks before OCR: its text layer, its image, or what was read of that."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from planparse.errors import InputTooLargeError
from planparse.reading import GROUP
from planparse.reading.images.limits import check_streams
from planparse.reading.images.raster import count_frames, open_pdf, read_frames, render_page
from planparse.reading.layers import TextLayer, read_layer
from planparse.reading.layers.evidence import Choice, ink_coverage, weigh
from planparse.reading.scanned import ScannedPage, frame_key, page_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypdfium2 import PdfDocument

    from planparse.config import Config
    from planparse.reading.images.raster import Raster
    from planparse.reading.layers.evidence import Judge
    from planparse.reading.scanned import PageStore


@dataclass(frozen=True, slots=True)
class Sight:
    """A page before OCR: its text layer, its image, or both, of which the better reading is to be taken.

    Attributes:
        place: what names the page in errors.
        raster: its image, where it has to be read.
        layer: its text layer, where that is good, or may be the better one.
        reason: what speaks against its layer.
        scanned: what was read of its image at another time.
        key: under which that is to be kept.
    """

    place: str
    raster: Raster | None = None
    layer: TextLayer | None = None
    reason: str = ""
    scanned: ScannedPage | None = None
    key: str | None = None

    @property
    def pixels(self) -> int:
        """How many pixels its image has."""
        return self.raster.image.width * self.raster.image.height if self.raster else 0


class Paper(Protocol):
    """A document of pages: its name in errors, the SHA-256 of its bytes, how many pages it has."""

    name: str
    digest: str
    count: int

    def sights(self, numbers: Sequence[int], config: Config, judge: Judge, store: PageStore | None) -> Iterator[Sight]:
        """Yield the pages of `numbers`, which count from 1 and rise.

        Raises:
            InputError: one can't be rendered, or is too large.
        """
        ...


class PdfPaper:
    """The pages of a PDF.

    Raises:
        InputError: it is damaged, encrypted, or has too many pages.
    """

    def __init__(self, data: bytes, name: str, digest: str, config: Config) -> None:
        check_streams(data, name, config)
        self._data, self.name, self.digest = data, name, digest
        with open_pdf(data, name) as document:
            self.count = _limited(len(document), name, config)

    def sights(self, numbers: Sequence[int], config: Config, judge: Judge, store: PageStore | None) -> Iterator[Sight]:
        """Yield pages, each by its text layer, its image, or both."""
        for start in range(0, len(numbers), GROUP):
            with open_pdf(self._data, self.name) as document:
                for number in numbers[start : start + GROUP]:
                    yield self._see(document, number, config, judge, store)

    def _see(self, document: PdfDocument, number: int, config: Config, judge: Judge, store: PageStore | None) -> Sight:
        place = f"{self.name}, page {number}"
        layer = read_layer(document, number)
        verdict = weigh(layer, partial(ink_coverage, document, number), judge)
        if layer and verdict.choice is Choice.LAYER:
            return Sight(place, layer=layer)
        key = page_key(document, number, self.digest, config) if store is not None else None
        scanned = _recall(store, key)
        raster = None if scanned else render_page(document, number, self.name, config)
        return Sight(place, raster, layer if verdict.choice is Choice.BETTER else None, verdict.reason, scanned, key)


class ImagePaper:
    """The frames of an image file.

    Raises:
        InputError: it is damaged, or has too many frames.
    """

    def __init__(self, data: bytes, name: str, digest: str, config: Config) -> None:
        self._data, self.name, self.digest = data, name, digest
        self.count = _limited(count_frames(data, name, config), name, config)

    def sights(
        self,
        numbers: Sequence[int],
        config: Config,
        judge: Judge,  # noqa: ARG002 (an image has no text layer)
        store: PageStore | None,
    ) -> Iterator[Sight]:
        """Yield frames, each by its image."""
        keys = {number: frame_key(self.digest, number, config) if store is not None else None for number in numbers}
        found = {number: _recall(store, key) for number, key in keys.items()}
        rasters = read_frames(self._data, self.name, config, [number for number in numbers if not found[number]])
        for number in numbers:
            raster = None if found[number] else next(rasters)
            yield Sight(f"{self.name}, page {number}", raster, scanned=found[number], key=keys[number])


def _recall(store: PageStore | None, key: str | None) -> ScannedPage | None:
    data = store.get(key) if store is not None and key else None
    try:
        return ScannedPage.from_bytes(data) if data else None
    except (ValueError, TypeError, zlib.error):  # a file that was damaged
        return None


def _limited(count: int, name: str, config: Config) -> int:
    if count > config.max_pages:
        raise InputTooLargeError(f"more than {config.max_pages} pages", name, "split the document")
    return count
