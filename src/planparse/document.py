"""What was read: Document, Page, Line, Word, Cell; and where a value stands: Where, Edit, Source.

Pages and lines count from 1. Character spans count from 0, end excluded. Boxes are (x0, top, x1, bottom) in points
(1/72 inch) from the page's top left corner. Confidences run from 0 to 1. Texts are NFC.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planparse.warning import PlanWarning

BBox = tuple[float, float, float, float]
TextFrom = Literal["ocr", "text_layer", "text", "mixed"]


@dataclass(frozen=True, slots=True)
class OtherReading:
    """What a second engine read where a word stands, and perhaps the words after it.

    Attributes:
        text: as read, with one space between words; empty where it read nothing.
        confidence: what the engine said of its least sure word.
        words: how many words of the line, from this one on, it stands for.
    """

    text: str
    confidence: float
    words: int = 1


@dataclass(frozen=True, slots=True)
class Word:
    """A printed word as the engine gave it.

    Attributes:
        text: as read, before restoring.
        bbox: its box on the line's page; None for plain text.
        confidence: what the engine said; None where it said nothing. After restoring, no more than the chance that it
            is right where a second engine read otherwise.
        bold: whether the typeface is bold; None where nobody knows.
        other: what a second engine read here, the same or not; None where there was none.
    """

    text: str
    bbox: BBox | None = None
    confidence: float | None = None
    bold: bool | None = None
    other: OtherReading | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of a line in a table: table, row and column count from 1; `rows`: how many rows the cell spans."""

    table: int
    row: int
    column: int
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Edit:
    """One repair of a line: `original[span]` became `restored[restored_span]`.

    Attributes:
        span: (start, end) in `Line.printed`.
        restored_span: (start, end) in `Line.text`.
        original: the characters at `span`.
        restored: the characters at `restored_span`.
        probability: the chance that the repair is right.
        alternatives: what else may have been meant, with the chance of each, likeliest first.
    """

    span: tuple[int, int]
    restored_span: tuple[int, int]
    original: str
    restored: str
    probability: float
    alternatives: tuple[tuple[str, float], ...] = ()


def apply_edits(printed: str, edits: Sequence[Edit]) -> str:
    """Replay `edits`, in order and without overlap, on `printed`.

    >>> apply_edits("Pon vi", [Edit((0, 3), (0, 3), "Pon", "Đơn", 0.9), Edit((4, 6), (4, 6), "vi", "vị", 0.9)])
    'Đơn vị'
    """
    parts: list[str] = []
    position = 0
    for edit in edits:
        parts += [printed[position : edit.span[0]], edit.restored]
        position = edit.span[1]
    return "".join([*parts, printed[position:]])


@dataclass(frozen=True)
class Line:
    """A printed line, or what one table cell has of it.

    Attributes:
        number: from 1, running through the whole document.
        page: from 1.
        text: the line as it was meant: as read, or as restored.
        printed: the line as it was read.
        words: the words of `printed`, left to right.
        edits: what turned `printed` into `text`.
        cell: its place, where the line stands in a table.
        gaps: what parts the cells of a row, where a table is set as plain text.
        furniture: a page number, running header or footer: printed, but not part of the text.
    """

    number: int
    page: int
    text: str
    printed: str
    words: tuple[Word, ...] = ()
    edits: tuple[Edit, ...] = ()
    cell: Cell | None = None
    furniture: bool = False
    gaps: tuple[tuple[int, int], ...] = ()

    @cached_property
    def bbox(self) -> BBox | None:
        """The box around the line's words; None for plain text."""
        return union_bbox(word.bbox for word in self.words)

    @cached_property
    def confidence(self) -> float:
        """The mean of the engine's confidences in the words and of the repairs' probabilities; 1 when silent."""
        known = [word.confidence for word in self.words if word.confidence is not None]
        read = sum(known) / len(known) if known else 1.0
        tokens = max(1, len(self.text.split()))
        doubt = sum(1.0 - edit.probability for edit in self.edits) / tokens
        return max(0.0, read * (1.0 - min(1.0, doubt)))


Affine = tuple[float, float, float, float, float, float]
"""(a, b, c, d, e, f): x becomes a x + b y + c, y becomes d x + e y + f."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        number: from 1.
        lines: in reading order.
        width, height: its size in points as it was read; None for plain text.
        to_printed: where it was turned or straightened to be read, the way from its boxes to the page as it is in the
            file.
    """

    number: int
    lines: tuple[Line, ...]
    width: float | None = None
    height: float | None = None
    to_printed: Affine | None = None

    def printed_box(self, box: BBox) -> BBox:
        """Return the box around `box` on the page as it is in the file."""
        if self.to_printed is None:
            return box
        a, b, c, d, e, f = self.to_printed
        corners = [(x, y) for x in box[::2] for y in box[1::2]]
        across, down = [a * x + b * y + c for x, y in corners], [d * x + e * y + f for x, y in corners]
        return (round(min(across), 2), round(min(down), 2), round(max(across), 2), round(max(down), 2))


@dataclass(frozen=True, slots=True)
class Source:
    """What was read: the file's name, the SHA-256 of its bytes, its pages, where the text is from."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 (read by pydantic, not a field)

    file: str | None
    sha256: str
    pages: int
    text_from: TextFrom


@dataclass(frozen=True, slots=True)
class Document:
    """A document in reading order; warnings are what reading and restoring found odd."""

    source: Source
    pages: tuple[Page, ...]
    warnings: tuple[PlanWarning, ...] = ()

    @property
    def lines(self) -> Iterator[Line]:
        """The lines of all pages."""
        for page in self.pages:
            yield from page.lines

    def with_lines(self, lines: Iterable[Line]) -> Document:
        """Return the document with other lines, matched to pages by `Line.page`."""
        by_page: dict[int, list[Line]] = {page.number: [] for page in self.pages}
        for line in lines:
            by_page[line.page].append(line)
        pages = tuple(replace(page, lines=tuple(by_page[page.number])) for page in self.pages)
        return replace(self, pages=pages)


@dataclass(frozen=True, slots=True)
class Where:
    """A place: page, box (None for plain text), first and last line."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 (read by pydantic, not a field)

    page: int
    bbox: BBox | None
    lines: tuple[int, int]


def union_bbox(boxes: Iterable[BBox | None]) -> BBox | None:
    """Return the least box around all `boxes` that are known; None if none is."""
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    x0, top, x1, bottom = zip(*known, strict=True)
    return (min(x0), min(top), max(x1), max(bottom))


def merge_places(places: Iterable[Where]) -> tuple[Where, ...]:
    """Return one place a page that spans all `places` on it, in page order."""
    by_page: dict[int, list[Where]] = {}
    for place in places:
        by_page.setdefault(place.page, []).append(place)
    return tuple(
        Where(
            page,
            union_bbox(place.bbox for place in group),
            (min(place.lines[0] for place in group), max(place.lines[1] for place in group)),
        )
        for page, group in sorted(by_page.items())
    )
