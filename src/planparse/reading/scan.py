"""The image of a page → its words and the grids of its tables: the image prepared, read by each engine, and judged.

A page that reads like nonsense, or whose words are taller than wide, lies on its side or stands on its head: it is
turned until it reads well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, TypeVar

import regex

from planparse.errors import (
    EngineMissingError,
    InputTimeoutError,
    PlanparseError,
    TesseractLanguageMissingError,
    TesseractMissingError,
    ToolError,
)
from planparse.reading.agreement import merge_readings
from planparse.reading.engines import Engine, ManyEngine, Shape, engines_of
from planparse.reading.engines.time_limit import TimeLimit
from planparse.reading.images.preparing import Prepared, level, prepare
from planparse.reading.scanned import ScannedPage
from planparse.reading.tables.cells import blank, put_back, stack_cells
from planparse.reading.tables.open_grids import find_open_grids
from planparse.reading.tables.rules import find_grids
from planparse.text import is_syllable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planparse.config import Config
    from planparse.document import BBox
    from planparse.reading.images.raster import Raster
    from planparse.reading.segments import PlacedWord
    from planparse.reading.tables.cells import Stack

LEAST_SENSE = 0.6
"""Share of words that make sense from which a page reads well. Upright pages have 0.76 and more, the worst faxes and
photographs too, most 0.94; on their side or head 0.19 to 0.41."""
FEWEST_WORDS = 10
"""Words of two characters and more that it takes to judge a page. Of runs of ten words of upright pages 0.2 % make less
sense than LEAST_SENSE, of three 1 %."""
DIRTY = 1.5
"""Noise of a page from which its tables without ruling lines are not looked for: on poor copies, which have 2.5, dirt
makes columns; of four first pages of letters three had a false table. Photographs have 1.0."""
LEAST_LETTERS = 3
"""Letters of a word that is wider than tall, if it stands upright: of words of two letters 31 % are taller than wide,
of three 0.8 %, of four none (samples, Tesseract)."""

FEWEST_PAGES = 2
"""Pages that it pays to read at once."""

T = TypeVar("T")

_LETTERS = regex.compile(r"\p{L}{2,}")
_NUMBER = regex.compile(r"\P{L}*\d[\d.,/:%-]*\P{L}*")


_INSTALLATION = (EngineMissingError, TesseractMissingError, TesseractLanguageMissingError)
"""Errors that are of the machine, not of a page."""


@dataclass(frozen=True, slots=True)
class Part:
    """An image that is read by itself, and its words: a page without its tables, or a stack of cells."""

    raster: Raster
    shape: Shape
    stack: Stack | None = None
    words: tuple[PlacedWord, ...] = ()

    @property
    def words_on_page(self) -> Sequence[PlacedWord]:
        """The words where they stand on the page."""
        return put_back(self.words, self.stack) if self.stack else self.words


@dataclass(frozen=True, slots=True)
class Scan:
    """What was read of a page's image.

    Attributes:
        parts: the page without its tables, and the cells of each.
        grids: the boxes of the cells of each table.
        prepared: the image that all these stand in.
        problems: why engines beside the leading one did not read it.
    """

    parts: tuple[Part, ...]
    grids: tuple[Sequence[BBox], ...]
    prepared: Prepared
    problems: tuple[str, ...] = ()

    @property
    def words(self) -> list[PlacedWord]:
        """The words of all parts, where they stand on the page."""
        return [word for part in self.parts for word in part.words_on_page]

    @property
    def judged(self) -> list[str]:
        """The words that tell whether the page reads well."""
        return [placed.word.text for placed in self.words if len(placed.word.text) > 1]

    @property
    def sense(self) -> float:
        """The share of the words that are spelt as syllables, or are numbers."""
        return sum(map(_makes_sense, self.judged)) / max(1, len(self.judged))

    @property
    def confidence(self) -> float:
        """The mean confidence of the words. Text of other languages makes as little sense upright as on its head."""
        return sum(placed.word.confidence or 0.0 for placed in self.words) / max(1, len(self.words))

    @property
    def page(self) -> ScannedPage:
        """What is to be kept of it."""
        grids = tuple(tuple(grid) for grid in self.grids)
        return ScannedPage(tuple(self.words), grids, self.prepared.raster.size, self.prepared.to_page, self.problems)

    def with_words(self, words: Sequence[Sequence[PlacedWord]]) -> Scan:
        """Return the scan with the words of each part."""
        parts = zip(self.parts, words, strict=True)
        return replace(self, parts=tuple(replace(part, words=tuple(read)) for part, read in parts))


def _makes_sense(word: str) -> bool:
    runs = _LETTERS.findall(word)
    return all(map(is_syllable, runs)) if runs else _NUMBER.fullmatch(word) is not None


class _Call:
    """How engines are asked about a page: each for a part, in what is left of the page's time."""

    def __init__(self, config: Config, place: str) -> None:
        self._config, self._place = config, place
        self._limit = TimeLimit(config.page_timeout, place)

    def ask(self, engine: Engine, part: Part) -> list[PlacedWord]:
        """Return what an engine reads of a part.

        Raises:
            InputTimeoutError: the page's time is over.
            ToolError: the engine is missing or fails.
        """
        return self._guard(engine, lambda config: engine.read(part.raster, config, place=self._place, shape=part.shape))

    def ask_all(self, engine: ManyEngine, parts: Sequence[Part]) -> list[list[PlacedWord]]:
        """Return what an engine reads of each part, asked about all at once.

        Raises:
            InputTimeoutError, ToolError: as `ask`.
        """
        images = [(part.raster, part.shape) for part in parts]
        return self._guard(engine, lambda config: engine.read_many(images, config, place=self._place))

    def _guard(self, engine: Engine, read: Callable[[Config], list[T]]) -> list[T]:
        config = replace(self._config, page_timeout=self._limit.left())
        try:
            return read(config)
        except InputTimeoutError as error:
            raise self._limit.exceeded() from error
        except PlanparseError:
            raise
        except Exception as error:
            what, remedy = f"{type(engine).__name__} failed: {error}", "leave it out with --engine"
            raise ToolError(what, self._place, remedy) from error


def read_ahead(rasters: Sequence[Raster], config: Config, *, place: str) -> list[Scan | None]:
    """Read pages as they lie, by the leading engine alone, all at once: each start of Tesseract takes its time.

    That has the time limit of one page. Where it fails, or the engine takes one image at a time, there is None for each
    page: it is for `read_scan` to read it then, and to tell what is wrong with which.
    """
    nothing: list[Scan | None] = [None] * len(rasters)
    try:
        lead, *_ = engines_of(config)
        if len(rasters) < FEWEST_PAGES or not isinstance(lead, ManyEngine):
            return nothing
        scans = [_divide(prepare(raster)) for raster in rasters]
        read = iter(_Call(config, place).ask_all(lead, [part for scan in scans for part in scan.parts]))
    except PlanparseError:
        return nothing
    return [scan.with_words([next(read) for _ in scan.parts]) for scan in scans]


def read_scan(raster: Raster, config: Config, *, place: str, ahead: Scan | None = None) -> Scan:
    """Read the image of a page by the leading engine, then, as that found it to stand, by the others.

    `place` names the page in errors; `ahead` is what `read_ahead` read of it. Where an engine but the leading one
    fails, the page does without it.

    Raises:
        InputTimeoutError: the leading engine took longer than `config.page_timeout` seconds.
        ToolError: the leading engine fails, or one is missing.
    """
    lead, *others = engines_of(config)
    call = _Call(config, place)
    best = ahead or _read(prepare(raster), lead, call)
    for turns in _other_turns(best):
        try:
            scan = _read(prepare(raster, turns=turns), lead, call)
        except InputTimeoutError:
            break
        if _is_better(scan, best):
            best = scan
        if best.sense >= LEAST_SENSE and not _lies(best):
            break
    return reduce(lambda scan, engine: _read_again(scan, engine, call), others, best)


def _read(prepared: Prepared, lead: Engine, call: _Call) -> Scan:
    """Read an image's text, and the cells of each of its tables."""
    scan = _divide(prepared)
    return scan.with_words([call.ask(lead, part) for part in scan.parts])


def _divide(prepared: Prepared) -> Scan:
    """Return an image in the parts that are read by themselves, still without words."""
    flat = level(prepared)
    grids = find_grids(flat.raster)
    if flat.raster.noise < DIRTY:
        grids += find_open_grids(flat.raster, grids)
    if grids:
        prepared = flat
    raster = prepared.raster
    parts = [Part(blank(raster, grids), Shape.PAGE)]
    parts += (Part(stack.raster, Shape.COLUMN, stack) for grid in grids for stack in stack_cells(raster, grid))
    return Scan(tuple(parts), tuple(grids), prepared)


def _read_again(scan: Scan, engine: Engine, call: _Call) -> Scan:
    """Return a scan with what another engine reads of it; where that fails, as it is, with the problem."""
    try:
        read = [merge_readings(part.words, call.ask(engine, part)) for part in scan.parts]
    except _INSTALLATION:
        raise
    except (InputTimeoutError, ToolError) as error:
        return replace(scan, problems=(*scan.problems, error.what))
    return scan.with_words(read)


def _other_turns(scan: Scan) -> tuple[int, ...]:
    """Return the quarters by which a page has to be turned, perhaps, the likeliest first; none where it reads well."""
    if len(scan.judged) < FEWEST_WORDS:
        return ()
    if _lies(scan):
        return (1, 3, 2)
    return (2, 1, 3) if scan.sense < LEAST_SENSE else ()


def _is_better(scan: Scan, best: Scan) -> bool:
    """Tell whether a turned page reads better: it lies no more, or makes more sense and is read more surely."""
    if _lies(scan) != _lies(best):
        return _lies(best)
    return scan.sense > best.sense and scan.confidence > best.confidence


def _lies(scan: Scan) -> bool:
    """Tell whether most words are taller than wide: the page lies on its side."""
    boxes = [placed.bbox for placed in scan.words if len(placed.word.text) >= LEAST_LETTERS]
    tall = sum(box[3] - box[1] > box[2] - box[0] for box in boxes)
    return len(boxes) >= FEWEST_WORDS and tall > len(boxes) / 2
