"""The cells of a ruled table, as boxes → its lines, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planparse.document import BBox, Cell
from planparse.reading.segments import PlacedWord, Segment, make_segment, to_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

MIN_TABLE = 2
"""Rows and columns with text of a table; a box around a page or below a word has fewer."""
EDGE_TOLERANCE = 3.0
"""Points by which the edges of neighbouring cells may differ."""

Grid = Sequence[BBox]
"""The boxes of a table's cells."""


def read_grid(words: Sequence[PlacedWord], grid: Grid, table: int) -> tuple[list[Segment], list[PlacedWord]]:
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
        rows = to_rows(Segment((placed.word,), placed.bbox) for placed in inside[index])
        segments += [make_segment([word for one in row for word in one.words], places[index]) for row in rows]
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
