"""Tables without ruling lines: columns that white strips part through many lines, rows that white space parts.

Prose has no two such strips through four lines; the head and the foot of a document have one, or no second row. Only
boxes are looked at, so that words of a text layer and of an engine serve alike.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from statistics import median
from typing import TYPE_CHECKING

from planparse.reading.boxes import shared_height
from planparse.reading.segments import ROW_OVERLAP
from planparse.reading.tables.aligned_rows import BESIDE, Chunk, GridCell, find_cells
from planparse.reading.tables.gutters import Strip, count_strips, cover, find_strips, span, wide_gaps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.document import BBox

MIN_COLUMNS = 3
"""The head and the foot of a document have two."""
MIN_LINES, MIN_ROWS = 4, 2
"""Lines, and rows with three cells: three signatures side by side have one row."""
STRIP = 0.5
"""Width of a strip between columns in heights of a line: two cell margins are 0.8 and more, a space is 0.3."""
CLEAR = 0.9
"""Median gap across a strip, in heights, between words that face each other: below it is a river through one column."""
RIVERS = 0.5
"""Gaps as wide as CLEAR elsewhere on the lines, for each across a strip, at most: justified text whose wide spaces lie
one below the other by chance has 1.5 (60,000 texts of five lines, spaces of 4 to 14 points), tables without lines 0 to
0.1."""
FAR = 3.5
"""White space between two lines, in heights, that ends a table; rows lie 0.5 apart, a signature leaves 4 and more."""
MAX_CROSSING = 4
"""Lines in a row that run across the columns within a table: titles of groups of rows, of up to four lines."""
MAX_TITLES = 0.25
"""Share of a part's lines that titles take: one to each short row."""
JOINED = 0.75
"""Share of their lines times strips that two parts of a table keep as one; of two tables less than half stay."""
NEAR = 1.5
"""White space in heights between a table and a line at its edge that is part of it: rows lie 0.5 to 1 apart."""
ALIGNED = 3.0
"""Points by which a title's left side may differ from its column's."""
NOISE = 2.5
"""Points; what is smaller in both directions is a speck, which parts nothing."""

TextLine = tuple[int, ...]
"""The boxes of one line, from the left, by their index."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines `start` to `end` (excluded) of a page; `skipped` are those among them that run across the columns.

    `weight`: how often words face each other across one of the `strips` that the other lines have in common.
    """

    start: int
    end: int
    covered: int
    strips: int
    weight: int
    skipped: frozenset[int] = frozenset()


class _Block:
    """Lines without wide white space between them, their covers, and in how many pieces each falls."""

    def __init__(self, boxes: Sequence[BBox], lines: Sequence[TextLine], height: float) -> None:
        self.boxes = boxes
        self.lines = lines
        self.height = height
        self.covers = [cover(boxes[index] for index in line) for line in lines]
        beside = [
            [other for other in range(len(lines)) if self._is_beside(number, other)] for number in range(len(lines))
        ]
        self.rows = [tuple(index for number in numbers for index in lines[number]) for numbers in beside]
        covers = [reduce(or_, (self.covers[number] for number in numbers)) for numbers in beside]
        self.gaps = [count_strips(covered, CLEAR * height) for covered in covers]

    def _is_beside(self, one: int, other: int) -> bool:
        """Tell whether two lines are one, or overlap in height: cells centred in their row are half a line off."""
        if abs(one - other) != 1:
            return one == other
        above, below = self.boxes[self.lines[min(one, other)][-1]], self.boxes[self.lines[max(one, other)][0]]
        return shared_height(above, below) >= BESIDE

    def part(self, start: int, end: int, skipped: frozenset[int] = frozenset()) -> _Part:
        """Return lines `start` to `end` but for those `skipped` as a part."""
        kept = [number for number in range(start, end) if number not in skipped]
        covered = reduce(or_, (self.covers[number] for number in kept), 0)
        strips = count_strips(covered, STRIP * self.height)
        return _Part(start, end, covered, strips, sum(min(self.gaps[number], strips) for number in kept), skipped)


def find_aligned(boxes: Sequence[BBox]) -> list[list[GridCell]]:
    """Return the cells of each table without ruling lines, from the top; a cell names its boxes by index."""
    kept = [index for index, box in enumerate(boxes) if max(box[2] - box[0], box[3] - box[1]) >= NOISE]
    if len(kept) < MIN_LINES * MIN_COLUMNS:
        return []
    tables = []
    for block in _blocks(boxes, kept, median(boxes[index][3] - boxes[index][1] for index in kept)):
        for part in _join(block, [_skip_titles(block, part) for part in _parts(block)]):
            cells = _read_part(block, part)
            if _is_table(cells):
                tables.append(cells)
    return tables


def _group_lines(boxes: Sequence[BBox], kept: Sequence[int]) -> list[TextLine]:
    """Group boxes that overlap in height to lines, from the top."""
    lines: list[list[int]] = []
    for index in sorted(kept, key=lambda one: boxes[one][1] + boxes[one][3]):
        if lines and shared_height(boxes[lines[-1][-1]], boxes[index]) >= ROW_OVERLAP:
            lines[-1].append(index)
        else:
            lines.append([index])
    return [tuple(sorted(line, key=lambda one: boxes[one][0])) for line in lines]


def _blocks(boxes: Sequence[BBox], kept: Sequence[int], height: float) -> Iterator[_Block]:
    """Part the lines at wide white space; a block without two lines of three pieces holds no table."""
    lines: list[TextLine] = []
    for line in [*_group_lines(boxes, kept), ()]:
        top = min((boxes[index][1] for index in line), default=float("inf"))
        if lines and top - max(boxes[index][3] for index in lines[-1]) > FAR * height:
            block = _Block(boxes, lines, height)
            if sum(gaps >= MIN_COLUMNS - 1 for gaps in block.gaps) >= MIN_ROWS:
                yield block
            lines = []
        lines.append(line)


def _parts(block: _Block) -> list[_Part]:
    """Return the runs of lines with common strips, the weightiest where they overlap, from the top."""
    parts: list[_Part] = []
    for start in range(len(block.lines)):
        covered = 0
        for end in range(start + 1, len(block.lines) + 1):
            covered |= block.covers[end - 1]
            strips = count_strips(covered, STRIP * block.height)
            if strips >= MIN_COLUMNS - 1:
                weight = sum(min(gaps, strips) for gaps in block.gaps[start:end])
                parts.append(_Part(start, end, covered, strips, weight))
    chosen: list[_Part] = []
    for part in sorted(parts, key=lambda one: (one.weight, one.end - one.start), reverse=True):
        if all(part.end <= other.start or part.start >= other.end for other in chosen):
            chosen.append(part)
    return sorted(chosen, key=lambda part: part.start)


def _skip_titles(block: _Block, part: _Part) -> _Part:
    """Leave out lines that run across a strip of nearly all others: titles of groups that end before the last strip."""
    numbers = [number for number in range(part.start, part.end) if number not in part.skipped]
    best = part
    for layer in _layers([block.covers[number] for number in numbers], round(MAX_TITLES * len(numbers))):
        for left, right in find_strips(layer, STRIP * block.height):
            middle = span(((left + right) / 2, (left + right) / 2))
            crossing = (number for number in numbers if block.covers[number] & middle)
            best = max(best, block.part(part.start, part.end, part.skipped.union(crossing)), key=lambda one: one.weight)
    return best if best is part else _skip_titles(block, best)


def _layers(covers: Sequence[int], count: int) -> list[int]:
    """Return, for each number of lines from 1 to `count`, the steps on which more lines than that have words."""
    layers = [0] * (count + 1)
    for covered in covers:
        for more in range(count, 0, -1):
            layers[more] |= layers[more - 1] & covered
        layers[0] |= covered
    return layers[1:]


def _join(block: _Block, parts: Sequence[_Part]) -> list[_Part]:
    """Join parts of one table: a few lines across the columns stand between them, and their strips are the same."""
    joined: list[_Part] = []
    for part in parts:
        both = _joined(block, joined[-1], part) if joined else None
        if both:
            joined[-1] = both
        else:
            joined.append(part)
    return [part for part in joined if part.end - part.start - len(part.skipped) >= MIN_LINES]


def _joined(block: _Block, above: _Part, below: _Part) -> _Part | None:
    crossing = range(above.end, below.start)
    both = _skip_titles(block, block.part(above.start, below.end, above.skipped.union(below.skipped, crossing)))
    same = both.strips >= MIN_COLUMNS - 1 and both.weight >= JOINED * (above.weight + below.weight)
    return both if same and len(crossing) <= MAX_CROSSING else None


def _read_part(block: _Block, part: _Part) -> list[GridCell]:
    """Return the cells of a part, without rows at its edges that have a single one: they stand above or below it."""
    boxes, lines, height = block.boxes, block.lines, block.height
    plain = [block.rows[number] for number in range(part.start, part.end) if number not in part.skipped]
    strips = [
        strip for strip in find_strips(part.covered, STRIP * height) if _is_clear(boxes, plain, strip, CLEAR * height)
    ]
    if len(strips) < MIN_COLUMNS - 1 or _are_rivers(boxes, plain, strips, CLEAR * height):
        return []
    start, end = part.start, part.end
    while start and _goes_on(boxes, lines[start - 1], lines[start], strips, height):
        start -= 1
    while end < len(lines) and _goes_on(boxes, lines[end], lines[end - 1], strips, height):
        end += 1
    chunks = [chunk for line in lines[start:end] for chunk in _chunks(boxes, line, strips, STRIP * height)]
    return _trim(find_cells(chunks, height))


def _is_clear(boxes: Sequence[BBox], lines: Sequence[TextLine], strip: Strip, least: float) -> bool:
    """Tell whether words that face each other across a strip stand well apart: else it is a river through text."""
    gaps = [_gap(boxes, line, (strip[0] + strip[1]) / 2) for line in lines]
    gaps = [gap for gap in gaps if gap < float("inf")]
    return len(gaps) >= MIN_ROWS and median(gaps) >= least


def _are_rivers(boxes: Sequence[BBox], lines: Sequence[TextLine], strips: Sequence[Strip], least: float) -> bool:
    """Tell whether the lines have gaps of at least `least` points all over, and not just across the strips."""
    gaps = [gap for line in lines for gap in wide_gaps((boxes[index] for index in line), least)]
    across = sum(any(start <= (left + right) / 2 <= end for left, right in strips) for start, end in gaps)
    return len(gaps) - across > RIVERS * across


def _goes_on(boxes: Sequence[BBox], line: TextLine, beside: TextLine, strips: Sequence[Strip], height: float) -> bool:
    """Tell whether a line across the columns at a table's edge is part of it.

    It does where it falls into three pieces at the strips, or is a title behind a number that begins where the second
    column does.
    """
    one, other = (_extent(boxes, line), _extent(boxes, beside))
    if max(one[0] - other[1], other[0] - one[1]) > NEAR * height:
        return False
    chunks = list(_chunks(boxes, line, strips, STRIP * height))
    titled = len(chunks) == MIN_COLUMNS - 1 and chunks[0].last == 0
    behind = min(boxes[index][0] for index in chunks[-1].members)
    return len(chunks) >= MIN_COLUMNS or (titled and abs(behind - strips[0][1]) <= ALIGNED)


def _extent(boxes: Sequence[BBox], line: TextLine) -> tuple[float, float]:
    """Return the top and the bottom of a line."""
    return min(boxes[index][1] for index in line), max(boxes[index][3] for index in line)


def _gap(boxes: Sequence[BBox], line: TextLine, middle: float) -> float:
    """Return the width of the white space around `middle` in a line; 0 where a word stands there."""
    left = max((boxes[index][2] for index in line if boxes[index][0] < middle), default=float("-inf"))
    right = min((boxes[index][0] for index in line if boxes[index][2] > middle), default=float("inf"))
    return max(0.0, right - left)


def _chunks(boxes: Sequence[BBox], line: TextLine, strips: Sequence[Strip], least: float) -> Iterator[Chunk]:
    """Yield the pieces of a line, parted by those strips that are white on it, at least `least` points."""
    middles = [(left + right) / 2 for left, right in strips]
    free = [middle for middle in middles if _gap(boxes, line, middle) >= least]
    pieces: dict[int, list[int]] = {}
    for index in line:
        pieces.setdefault(bisect(free, boxes[index][0]), []).append(index)
    for members in pieces.values():
        top, bottom = _extent(boxes, tuple(members))
        first = bisect(middles, min(boxes[index][0] for index in members))
        last = bisect(middles, max(boxes[index][2] for index in members))
        yield Chunk(first, last, top, bottom, tuple(members))


def _trim(cells: Sequence[GridCell]) -> list[GridCell]:
    counts = _cells_of_rows(cells)
    full = [row for row, count in counts.items() if count > 1]
    kept = [cell for cell in cells if full and min(full) <= cell.row <= max(full)]
    return [replace(cell, row=cell.row - min(full) + 1) for cell in kept]


def _is_table(cells: Sequence[GridCell]) -> bool:
    """Tell whether there are rows with three cells, and no more rows that run across columns than others."""
    counts = _cells_of_rows(cells)
    across = {cell.row for cell in cells if cell.columns > 1}
    return sum(count >= MIN_COLUMNS for count in counts.values()) >= MIN_ROWS and 2 * len(across) <= len(counts)


def _cells_of_rows(cells: Sequence[GridCell]) -> Counter[int]:
    return Counter(cell.row for cell in cells)
