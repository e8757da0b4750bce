"""The pages of a PDF or an image: each by its text layer where that can be trusted, else by OCR."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from planparse.document import Document, Line, Page, Source, TextFrom
from planparse.errors import InputTimeoutError, InputTooLargeError, ToolError
from planparse.reading.encodings.legacy import NAMES
from planparse.reading.furniture import mark_furniture
from planparse.reading.images.raster import open_pdf, read_frames, render_page
from planparse.reading.layers import TextLayer, read_layer, to_text
from planparse.reading.layers.evidence import Choice, by_spelling, ink_coverage, is_better, weigh
from planparse.reading.layout import lay_out, to_lines
from planparse.reading.scan import Scan, read_scan
from planparse.warning import PlanWarning, WarningCode, WarningPlace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdfium2 import PdfDocument

    from planparse.config import Config
    from planparse.document import Affine, BBox
    from planparse.reading.images.raster import Raster
    from planparse.reading.layers.evidence import Judge
    from planparse.reading.segments import PlacedWord


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
    gatherer = _Gatherer()
    with open_pdf(data, name, config) as document:
        if len(document) > config.max_pages:
            raise InputTooLargeError(f"more than {config.max_pages} pages", name, "split the document")
        for number in range(1, len(document) + 1):
            _read_page(gatherer, document, number, name, config, judge or by_spelling)
    return gatherer.finish(name, digest)


def _read_page(
    gatherer: _Gatherer, document: PdfDocument, number: int, name: str, config: Config, judge: Judge
) -> None:
    """Read a page by its text layer or by OCR, or by the better of both."""
    layer = read_layer(document, number)
    verdict = weigh(layer, partial(ink_coverage, document, number), judge)
    if layer and verdict.choice is Choice.LAYER:
        gatherer.add_layer(layer)
        return
    raster = render_page(document, number, name, config)
    try:
        scan = _try_to_read(raster, config, f"{name}, page {number}")
    except ToolError:
        if not (layer and verdict.choice is Choice.BETTER):
            raise
        gatherer.add_layer(layer)
        return
    if (
        layer
        and verdict.choice is Choice.BETTER
        and not (isinstance(scan, Scan) and is_better(to_text(scan.words), layer.lines, judge))
    ):
        gatherer.add_layer(layer)
        return
    if verdict.reason and isinstance(scan, Scan):
        message = f"page {number} was read by OCR, since its text layer is poor: {verdict.reason}"
        gatherer.warn(WarningCode.POOR_TEXT_LAYER, message)
    _add(gatherer, raster, scan)


def _try_to_read(raster: Raster, config: Config, place: str) -> Scan | InputTimeoutError:
    """Return what OCR reads of a page's image; or, if that takes too long, the error."""
    try:
        return read_scan(raster, config, place=place)
    except InputTimeoutError as error:
        return error


def _add(gatherer: _Gatherer, raster: Raster, scan: Scan | InputTimeoutError) -> None:
    if isinstance(scan, Scan):
        gatherer.add_scan(scan)
    else:
        gatherer.add_unread(raster, scan)


def read_image(data: bytes, name: str, digest: str, config: Config) -> Document:
    """Read an image file, each frame a page.

    Raises:
        InputError: it is damaged or too large.
        ToolError: Tesseract or its model is missing.
    """
    gatherer = _Gatherer()
    for raster in read_frames(data, name, config):
        if len(gatherer.pages) >= config.max_pages:
            raise InputTooLargeError(f"more than {config.max_pages} pages", name, "split the document")
        scan = _try_to_read(raster, config, f"{name}, page {len(gatherer.pages) + 1}")
        _add(gatherer, raster, scan)
    return gatherer.finish(name, digest)
