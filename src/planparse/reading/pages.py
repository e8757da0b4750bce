"""The pages of a PDF or an image: each by its text layer where that can be trusted, else by OCR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planparse.document import Document, Line, Page, Source, TextFrom
from planparse.errors import InputTimeoutError, ToolError
from planparse.reading import GROUP
from planparse.reading.encodings.legacy import NAMES
from planparse.reading.furniture import mark_furniture
from planparse.reading.layers import TextLayer, to_text
from planparse.reading.layers.evidence import is_better
from planparse.reading.layout import lay_out, to_lines
from planparse.reading.scan import Scan, read_ahead, read_scan
from planparse.reading.scanned import ScannedPage
from planparse.warning import PlanWarning, WarningCode, WarningPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planparse.config import Config
    from planparse.document import Affine, BBox
    from planparse.reading.images.raster import Raster
    from planparse.reading.layers.evidence import Judge
    from planparse.reading.paper import Paper, Sight
    from planparse.reading.scanned import PageStore
    from planparse.reading.segments import PlacedWord


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

    def add_scan(self, page: ScannedPage) -> None:
        """Add a page as OCR read it."""
        for problem in page.problems:
            message = f"page {len(self.pages) + 1} was read without its second engine: {problem}"
            self.warn(WarningCode.ENGINE_FAILED, message)
        self._add(page.words, page.grids, page.size, "ocr", page.to_page)

    def add_unread(self, size: tuple[float, float], error: InputTimeoutError) -> None:
        """Add a page that took too long: it stays empty, with a warning."""
        self.unread.append(error)
        self.warn(WarningCode.PAGE_NOT_READ, f"page {len(self.pages) + 1} was not read: {error.what}")
        self._add((), (), size, "ocr")

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


def read_pages(paper: Paper, config: Config, judge: Judge, store: PageStore | None = None) -> Document:
    """Read all pages of a PDF or an image; `judge` says which of two readings of a page is better.

    Raises:
        InputError: it is damaged, encrypted, or has too many pages.
        ToolError: a page needs OCR, and Tesseract or its model is missing.
    """
    gatherer = _Gatherer()
    for group in _groups(paper.sights(range(1, paper.count + 1), config, judge, store)):
        for sight, page in zip(group, _scan(group, config, store), strict=True):
            _add(gatherer, sight, page, judge)
    return gatherer.finish(paper.name, paper.digest)


def scan_pages(paper: Paper, numbers: Sequence[int], config: Config, judge: Judge, store: PageStore) -> None:
    """Read those pages of `numbers` by OCR that need it, into `store`.

    Raises:
        InputError, ToolError: as `read_pages`.
    """
    for group in _groups(paper.sights(numbers, config, judge, store)):
        for sight, page in zip(group, _scan(group, config, store), strict=True):
            if isinstance(page, ToolError) and not sight.layer:
                raise page


def _groups(sights: Iterable[Sight]) -> Iterator[list[Sight]]:
    """Yield the pages that are read at once."""
    group: list[Sight] = []
    for sight in sights:
        group.append(sight)
        if len(group) == GROUP or sum(one.pixels for one in group) >= GROUP_PIXELS:
            yield group
            group = []
    if group:
        yield group


Scanned = ScannedPage | InputTimeoutError | ToolError
"""A page as OCR read it, or why it did not."""


def _scan(group: Sequence[Sight], config: Config, store: PageStore | None) -> Iterator[Scanned | None]:
    """Yield what OCR reads of each page, or has read before; None where the text layer is good."""
    rasters = [sight.raster for sight in group if sight.raster]
    ahead = iter(read_ahead(rasters, config, place=group[0].place))
    for sight in group:
        if sight.raster is None:
            yield sight.scanned
            continue
        page = _try_to_read(sight.raster, config, sight.place, next(ahead))
        if store is not None and sight.key and isinstance(page, ScannedPage) and not page.problems:
            store.put(sight.key, page.to_bytes())
        yield page


def _try_to_read(raster: Raster, config: Config, place: str, ahead: Scan | None) -> Scanned:
    try:
        return read_scan(raster, config, place=place, ahead=ahead).page
    except (InputTimeoutError, ToolError) as error:
        return error


def _add(gatherer: _Gatherer, sight: Sight, page: Scanned | None, judge: Judge) -> None:
    """Add a page by its text layer or by OCR, or by the better of both."""
    if isinstance(page, ToolError) and not sight.layer:
        raise page
    if sight.layer and not (isinstance(page, ScannedPage) and is_better(to_text(page.words), sight.layer.lines, judge)):
        gatherer.add_layer(sight.layer)
    elif isinstance(page, InputTimeoutError) and sight.raster:
        gatherer.add_unread(sight.raster.size, page)
    elif isinstance(page, ScannedPage):
        if sight.reason:
            gatherer.warn_poor_layer(sight.reason)
        gatherer.add_scan(page)
