"""The pages of a PDF or an image: each by its text layer where that can be trusted, else by OCR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planparse.document import Document, Line, Page, Source, TextFrom
from planparse.errors import InputTimeoutError, InputTooLargeError
from planparse.reading.cells import blank, put_back, stack_cells
from planparse.reading.furniture import mark_furniture
from planparse.reading.layout import lay_out, to_lines
from planparse.reading.ocr import ONE_COLUMN, read_words
from planparse.reading.pdf import TextLayer, open_layers, read_layer
from planparse.reading.raster import Raster, open_pdf, read_frames, render_page
from planparse.reading.rules import find_grids
from planparse.warning import PlanWarning, WarningCode, WarningPlace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.config import Config
    from planparse.document import BBox
    from planparse.reading.layout import PlacedWord


class _Gatherer:
    """Pages as they are read: lines and tables are numbered through the document."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.warnings: list[PlanWarning] = []
        self.sources: set[TextFrom] = set()
        self._lines = 0
        self._tables = 0
        self.unread: list[InputTimeoutError] = []

    def add(
        self, words: Sequence[PlacedWord], grids: Sequence[Sequence[BBox]], size: tuple[float, float], source: TextFrom
    ) -> None:
        number = len(self.pages) + 1
        segments = lay_out(words, grids, first_table=self._tables + 1)
        lines: list[Line] = to_lines(segments, page=number, first=self._lines + 1)
        self._lines += len(lines)
        self._tables = max([self._tables, *(line.cell.table for line in lines if line.cell)])
        self.pages.append(Page(number, tuple(lines), *size))
        if words:
            self.sources.add(source)

    def add_raster(self, raster: Raster, config: Config, name: str) -> None:
        """Read a page's image; a page that takes too long stays empty, with a warning."""
        number = len(self.pages) + 1
        grids = find_grids(raster)
        try:
            words = _read_raster(raster, grids, config, f"{name}, page {number}")
        except InputTimeoutError as error:
            self.unread.append(error)
            self.warn(WarningCode.PAGE_NOT_READ, f"page {number} was not read: {error.what}")
            words = []
        self.add(words, grids, raster.size, "ocr")

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


def _read_raster(raster: Raster, grids: Sequence[Sequence[BBox]], config: Config, place: str) -> list[PlacedWord]:
    """Read a page's text, and the cells of each of its tables."""
    words = read_words(blank(raster, grids), config, place=place)
    for grid in grids:
        stack = stack_cells(raster, grid)
        if stack:
            words += put_back(read_words(stack.raster, config, place=place, mode=ONE_COLUMN), stack)
    return words


def read_pdf(data: bytes, name: str, digest: str, config: Config) -> Document:
    """Read a PDF.

    Raises:
        InputError: it is damaged, encrypted, or has too many pages.
        ToolError: a page needs OCR, and Tesseract or its model is missing.
    """
    gatherer = _Gatherer()
    with open_pdf(data, name) as rendered:
        if len(rendered) > config.max_pages:
            raise InputTooLargeError(f"more than {config.max_pages} pages", name, "split the document")
        with open_layers(data, name) as layers:
            for number in range(1, len(rendered) + 1):
                layer = read_layer(layers, number)
                if layer and layer.is_present and layer.is_good:
                    _add_layer(gatherer, layer)
                    continue
                if layer and layer.is_present:
                    gatherer.warn(WarningCode.POOR_TEXT_LAYER, f"the text layer of page {number} is poor: read by OCR")
                gatherer.add_raster(render_page(rendered, number, name, config), config, name)
    return gatherer.finish(name, digest)


def _add_layer(gatherer: _Gatherer, layer: TextLayer) -> None:
    gatherer.add(layer.words, layer.grids, (layer.width, layer.height), "text_layer")


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
        gatherer.add_raster(raster, config, name)
    return gatherer.finish(name, digest)
