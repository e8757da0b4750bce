"""The pages of a PDF or an image: each by its text layer where that can be trusted, else by OCR."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from planparse.document import Document, Line, Page, Source, TextFrom
from planparse.errors import InputTimeoutError, InputTooLargeError, ToolError
from planparse.reading.encodings.legacy import NAMES
from planparse.reading.furniture import mark_furniture
from planparse.reading.images.limits import check_streams
from planparse.reading.images.raster import open_pdf, read_frames, render_page
from planparse.reading.layers import TextLayer, read_layer, to_text
from planparse.reading.layers.evidence import Choice, by_spelling, ink_coverage, is_better, weigh
from planparse.reading.layout import lay_out, to_lines
from planparse.reading.scan import Scan, read_ahead, read_scan
from planparse.warning import PlanWarning, WarningCode, WarningPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pypdfium2 import PdfDocument

    from planparse.config import Config
    from planparse.document import Affine, BBox
    from planparse.reading.images.raster import Raster
    from planparse.reading.layers.evidence import Judge
    from planparse.reading.segments import PlacedWord


GROUP = 8
"""Pages that are read at once. They are one call of Tesseract's, whose start takes a tenth of the time of a page; and
the PDF is opened anew for them, since pdfium keeps what it has rendered, half a megabyte a page."""
GROUP_PIXELS = 32_000_000
"""Pixels from which a group takes no more pages: those of eight of A4 at 200 dpi, which take 32 MB of memory as they
are, and 32 prepared."""


class _Gatherer:
    """Pages as they are read: lines and tables are numbered through the document."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.warnings: list[PlanWarning] = []
        self.sources: set[TextFrom] = set()
        self._lines = 0
        self._tables = 0
        self.unread: list[InputTimeoutError] = []

    def add_layer(self, layer: TextLayer) -> None:
        """Add a page as its text layer has it."""
        for encoding in layer.encodings:
            self.warn(WarningCode.ENCODING, f"{NAMES[encoding]} was converted; check it against the original")
        self._add(layer.words, layer.grids, (layer.width, layer.height), "text_layer")

    def add_scan(self, scan: Scan) -> None:
        """Add a page as OCR read it."""
        prepared = scan.prepared
        for problem in scan.problems:
            message = f"page {len(self.pages) + 1} was read without its second engine: {problem}"
            self.warn(WarningCode.ENGINE_FAILED, message)
        self._add(scan.words, scan.grids, prepared.raster.size, "ocr", prepared.to_page)

    def add_unread(self, raster: Raster, error: InputTimeoutError) -> None:
        """Add a page that took too long: it stays empty, with a warning."""
        self.unread.append(error)
        self.warn(WarningCode.PAGE_NOT_READ, f"page {len(self.pages) + 1} was not read: {error.what}")
        self._add((), (), raster.size, "ocr")

    def _add(
        self,
        words: Sequence[PlacedWord],
        grids: Sequence[Sequence[BBox]],
        size: tuple[float, float],
        source: TextFrom,
        to_printed: Affine | None = None,
    ) -> None:
        number = len(self.pages) + 1
        segments = lay_out(words, grids, first_table=self._tables + 1)
        lines: list[Line] = to_lines(segments, page=number, first=self._lines + 1)
        self._lines += len(lines)
        self._tables = max([self._tables, *(line.cell.table for line in lines if line.cell)])
        self.pages.append(Page(number, tuple(lines), *size, to_printed))
        if words:
            self.sources.add(source)

    def warn_poor_layer(self, reason: str) -> None:
        """Tell that the next page is read by OCR, and why."""
        message = f"page {len(self.pages) + 1} was read by OCR, since its text layer is poor: {reason}"
        self.warn(WarningCode.POOR_TEXT_LAYER, message)

    def warn(self, code: WarningCode, message: str) -> None:
        page, line = len(self.pages) + 1, self._lines + 1
        self.warnings.append(PlanWarning(code, message, WarningPlace(page, (line, line))))

    def finish(self, name: str, digest: str) -> Document:
        if self.unread and len(self.unread) == len(self.pages):
            raise self.unread[0]
        text_from: TextFrom = "mixed" if len(self.sources) > 1 else next(iter(self.sources), "ocr")
        if not any(page.lines for page in self.pages):
            self.warnings.append(PlanWarning(WarningCode.NO_TEXT, "the document holds no text"))
        source = Source(name, digest, len(self.pages), text_from)
        return Document(source, mark_furniture(self.pages), tuple(self.warnings))


def read_pdf(data: bytes, name: str, digest: str, config: Config, judge: Judge | None = None) -> Document:
    """Read a PDF; `judge` says which of two readings of a page is better.

    Raises:
        InputError: it is damaged, encrypted, or has too many pages.
        ToolError: a page needs OCR, and Tesseract or its model is missing.
    """
    check_streams(data, name, config)
    judge = judge or by_spelling
    return _read(_pages_of_pdf(data, name, config, judge), name, digest, config, judge)


def read_image(data: bytes, name: str, digest: str, config: Config) -> Document:
    """Read an image file, each frame a page.

    Raises:
        InputError: it is damaged or too large.
        ToolError: Tesseract or its model is missing.
    """
    return _read(_pages_of_image(data, name, config), name, digest, config, by_spelling)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A page before OCR: its text layer, its image, or both, of which the better reading is to be taken.

    Attributes:
        place: what names the page in errors.
        reason: what speaks against its layer.
    """

    place: str
    raster: Raster | None = None
    layer: TextLayer | None = None
    reason: str = ""

    @property
    def pixels(self) -> int:
        """How many pixels its image has."""
        return self.raster.image.width * self.raster.image.height if self.raster else 0


def _pages_of_pdf(data: bytes, name: str, config: Config, judge: Judge) -> Iterator[_Seen]:
    for first in count(1, GROUP):
        with open_pdf(data, name) as document:
            if len(document) > config.max_pages:
                raise InputTooLargeError(f"more than {config.max_pages} pages", name, "split the document")
            for number in range(first, min(first + GROUP, len(document) + 1)):
                yield _see(document, number, name, config, judge)
            if first + GROUP > len(document):
                return


def _see(document: PdfDocument, number: int, name: str, config: Config, judge: Judge) -> _Seen:
    """Choose between the text layer of a page, its image, and both."""
    place = f"{name}, page {number}"
    layer = read_layer(document, number)
    verdict = weigh(layer, partial(ink_coverage, document, number), judge)
    if layer and verdict.choice is Choice.LAYER:
        return _Seen(place, layer=layer)
    raster = render_page(document, number, name, config)
    return _Seen(place, raster, layer if verdict.choice is Choice.BETTER else None, verdict.reason)


def _pages_of_image(data: bytes, name: str, config: Config) -> Iterator[_Seen]:
    for number, raster in enumerate(read_frames(data, name, config), start=1):
        if number > config.max_pages:
            raise InputTooLargeError(f"more than {config.max_pages} pages", name, "split the document")
        yield _Seen(f"{name}, page {number}", raster)


def _groups(pages: Iterable[_Seen]) -> Iterator[list[_Seen]]:
    """Yield the pages that are read at once."""
    group: list[_Seen] = []
    for page in pages:
        group.append(page)
        if len(group) == GROUP or sum(one.pixels for one in group) >= GROUP_PIXELS:
            yield group
            group = []
    if group:
        yield group


def _read(pages: Iterable[_Seen], name: str, digest: str, config: Config, judge: Judge) -> Document:
    gatherer = _Gatherer()
    for group in _groups(pages):
        rasters = [page.raster for page in group if page.raster]
        ahead = iter(read_ahead(rasters, config, place=name))
        for page in group:
            _read_page(gatherer, page, next(ahead) if page.raster else None, config, judge)
    return gatherer.finish(name, digest)


def _read_page(gatherer: _Gatherer, page: _Seen, ahead: Scan | None, config: Config, judge: Judge) -> None:
    """Read a page by its text layer or by OCR, or by the better of both; `ahead` is what was read of its image."""
    if not page.raster:
        assert page.layer  # noqa: S101 (a page is seen in one of both ways)
        gatherer.add_layer(page.layer)
        return
    try:
        scan = _try_to_read(page.raster, config, page.place, ahead)
    except ToolError:
        if not page.layer:
            raise
        gatherer.add_layer(page.layer)
        return
    if page.layer and not (isinstance(scan, Scan) and is_better(to_text(scan.words), page.layer.lines, judge)):
        gatherer.add_layer(page.layer)
        return
    if page.reason and isinstance(scan, Scan):
        gatherer.warn_poor_layer(page.reason)
    _add(gatherer, page.raster, scan)


def _try_to_read(raster: Raster, config: Config, place: str, ahead: Scan | None) -> Scan | InputTimeoutError:
    """Return what OCR reads of a page's image; or, if that takes too long, the error."""
    try:
        return read_scan(raster, config, place=place, ahead=ahead)
    except InputTimeoutError as error:
        return error


def _add(gatherer: _Gatherer, raster: Raster, scan: Scan | InputTimeoutError) -> None:
    if isinstance(scan, Scan):
        gatherer.add_scan(scan)
    else:
        gatherer.add_unread(raster, scan)
