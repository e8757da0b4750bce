"""Words of a page → lines in reading order: rows, columns side by side, cells of tables.

The head of an official document has two columns (issuer, motto), its foot too (recipients, signature): there a row
falls into two segments, and the left column is read before the right one. Cells come as boxes, from a PDF's ruling
lines or from those found in an image, and are read row by row.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from planparse.document import BBox, Cell, Line, Word, union_bbox

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMN_GAP = 2.2
"""White space between two words, in heights of the line, that parts columns; justified text stays below 1.5."""
ROW_OVERLAP = 0.5
"""Share of the lower segment's height by which two segments of one row overlap."""
MIN_SPLIT_ROWS = 2
"""Rows that fall into two segments before they are columns: one may be justified text with a wide gap."""
MIN_TABLE = 2
"""Rows and columns with text of a table; a box around a page or below a word has fewer."""
EDGE_TOLERANCE = 3.0
"""Points by which the edges of neighbouring cells may differ."""


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word and the line that the engine put it on; None where the engine gives no lines."""

    word: Word
    line: tuple[int, ...] | None = None

    @property
    def bbox(self) -> BBox:
        """The word's box."""
        assert self.word.bbox is not None  # noqa: S101 (words of a page have boxes)
        return self.word.bbox


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that stand on one line without a wide gap."""

    words: tuple[Word, ...]
    bbox: BBox
    cell: Cell | None = None


Row = tuple[Segment, ...]
Grid = Sequence[BBox]
"""The boxes of a table's cells."""


def lay_out(words: Sequence[PlacedWord], grids: Sequence[Grid], *, first_table: int = 1) -> list[Segment]:
    """Return the lines of a page in reading order; `grids` are its tables, numbered from `first_table`."""
    tables: list[tuple[float, list[Segment]]] = []
    rest = list(words)
    for grid in grids:
        segments, others = _read_grid(rest, grid, first_table + len(tables))
        if segments:
            tables.append((min(segment.bbox[1] for segment in segments), segments))
            rest = others
    tables.sort(key=lambda table: table[0])
    ordered: list[Segment] = []
    top = float("-inf")
    for start, segments in tables:
        ordered += _in_columns([word for word in rest if top <= word.bbox[1] < start])
        ordered += segments
        top = start
    return ordered + _in_columns([word for word in rest if word.bbox[1] >= top])


def to_lines(segments: Iterable[Segment], *, page: int, first: int) -> list[Line]:
    """Return segments as the lines of page number `page`, numbered from `first`."""
    lines = []
    for number, segment in enumerate(segments, first):
        text = " ".join(word.text for word in segment.words)
        lines.append(Line(number, page, text, text, segment.words, cell=segment.cell))
    return lines


def _in_columns(words: Sequence[PlacedWord]) -> list[Segment]:
    rows = _to_rows([part for line in _engine_lines(words) for part in _split_at_gaps(line)])
    ordered: list[Segment] = []
    index = 0
    while index < len(rows):
        end, gutter = _band_end(rows, index)
        if gutter is None:
            ordered += rows[index]
            index += 1
            continue
        band = [segment for row in rows[index:end] for segment in row]
        ordered += [segment for segment in band if segment.bbox[0] < gutter]
        ordered += [segment for segment in band if segment.bbox[0] >= gutter]
        index = end
    return ordered


def _engine_lines(words: Sequence[PlacedWord]) -> list[list[Word]]:
    """Group words to lines: the engine's, or by height where it gives none."""
    if all(placed.line is not None for placed in words):
        lines: dict[tuple[int, ...] | None, list[Word]] = {}
        for placed in words:
            lines.setdefault(placed.line, []).append(placed.word)
        return [sorted(line, key=_left) for line in lines.values()]
    segments = [Segment((placed.word,), placed.bbox) for placed in words]
    return [[word for segment in row for word in segment.words] for row in _to_rows(segments)]


def _left(word: Word) -> float:
    return word.bbox[0] if word.bbox else 0.0


def _split_at_gaps(words: Sequence[Word]) -> list[Segment]:
    height = median(word.bbox[3] - word.bbox[1] for word in words if word.bbox)
    groups: list[list[Word]] = [[words[0]]]
    for before, word in itertools.pairwise(words):
        assert before.bbox is not None  # noqa: S101 (words of a page have boxes)
        assert word.bbox is not None  # noqa: S101 (the same)
        if word.bbox[0] - before.bbox[2] > COLUMN_GAP * height:
            groups.append([])
        groups[-1].append(word)
    return [_segment(group) for group in groups]


def _segment(words: Sequence[Word], cell: Cell | None = None) -> Segment:
    box = union_bbox(word.bbox for word in words)
    assert box is not None  # noqa: S101 (words of a page have boxes)
    return Segment(tuple(words), box, cell)


def _to_rows(segments: Iterable[Segment]) -> list[Row]:
    """Group segments that overlap in height to rows, from the top; each row from the left."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda one: (one.bbox[1] + one.bbox[3]) / 2):
        if rows and _same_row(rows[-1][-1], segment):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [tuple(sorted(row, key=lambda one: one.bbox[0])) for row in rows]


def _same_row(one: Segment, other: Segment) -> bool:
    overlap = min(one.bbox[3], other.bbox[3]) - max(one.bbox[1], other.bbox[1])
    height = min(one.bbox[3] - one.bbox[1], other.bbox[3] - other.bbox[1])
    return overlap >= ROW_OVERLAP * height


def _band_end(rows: Sequence[Row], start: int) -> tuple[int, float | None]:
    """Return where the band of two columns that begins at row `start` ends, and its gutter; None without one."""
    first = next((i for i in range(start, len(rows)) if len(rows[i]) > 1), None)
    if first is None:
        return start, None
    left, right = rows[first][0].bbox[2], rows[first][1].bbox[0]
    split, end = 0, start
    for index in range(start, len(rows)):
        narrowed = _narrow(rows[index], left, right)
        if narrowed is None:
            break
        left, right = narrowed
        split += len(rows[index]) > 1
        end = index + 1
    if split < MIN_SPLIT_ROWS or end <= first:
        return start, None
    return end, right


def _narrow(row: Row, left: float, right: float) -> tuple[float, float] | None:
    """Return the gutter between the columns once `row` is taken in; None where the row runs across it."""
    for segment in row:
        centre = (left + right) / 2
        if segment.bbox[2] <= centre or segment.bbox[2] <= right:
            left = max(left, segment.bbox[2]) if segment.bbox[0] < centre else left
        if segment.bbox[0] >= centre:
            right = min(right, segment.bbox[0])
        elif segment.bbox[2] > right:
            return None
    return (left, right) if left < right else None


def _read_grid(words: Sequence[PlacedWord], grid: Grid, table: int) -> tuple[list[Segment], list[PlacedWord]]:
    """Return the lines of a table's cells, row by row, and the words outside of it."""
    places = _place_cells(grid, table)
    inside: dict[int, list[PlacedWord]] = {}
    outside: list[PlacedWord] = []
    for word in words:
        x, y = (word.bbox[0] + word.bbox[2]) / 2, (word.bbox[1] + word.bbox[3]) / 2
        index = next((i for i, box in enumerate(grid) if box[0] <= x < box[2] and box[1] <= y < box[3]), None)
        if index is None:
            outside.append(word)
        else:
            inside.setdefault(index, []).append(word)
    used = [places[index] for index in inside]
    if min(len({cell.row for cell in used}), len({cell.column for cell in used})) < MIN_TABLE:
        return [], list(words)
    segments: list[Segment] = []
    for index in sorted(inside, key=lambda i: (places[i].row, places[i].column)):
        rows = _to_rows(Segment((placed.word,), placed.bbox) for placed in inside[index])
        segments += [_segment([word for one in row for word in one.words], places[index]) for row in rows]
    return segments, outside


def _place_cells(grid: Grid, table: int) -> list[Cell]:
    tops, lefts = _edges(box[1] for box in grid), _edges(box[0] for box in grid)
    cells = []
    for box in grid:
        row, column = _index(tops, box[1]), _index(lefts, box[0])
        spanned = sum(box[1] - EDGE_TOLERANCE <= top < box[3] - EDGE_TOLERANCE for top in tops)
        cells.append(Cell(table, row, column, max(1, spanned)))
    return cells


def _edges(values: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > EDGE_TOLERANCE:
            edges.append(value)
    return edges


def _index(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value)) + 1
