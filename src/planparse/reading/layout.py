"""Words of a page → lines in reading order: the text around tables, the cells of tables row by row.

Tables come as the boxes of their cells, from a PDF's ruling lines or from those found in an image; those without ruling
lines are found among the words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planparse.document import Cell, Line
from planparse.reading.columns import read_columns
from planparse.reading.segments import PlacedWord, Segment, make_segment, to_rows
from planparse.reading.tables.aligned_tables import find_aligned
from planparse.reading.tables.grids import Grid, read_grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planparse.reading.tables.aligned_rows import GridCell


def lay_out(words: Sequence[PlacedWord], grids: Sequence[Grid], *, first_table: int = 1) -> list[Segment]:
    """Return the lines of a page in reading order; `grids` are its ruled tables; tables count from `first_table`."""
    tables: list[list[Segment]] = []
    rest = list(words)
    for grid in grids:
        segments, rest = read_grid(rest, grid, first_table + len(tables))
        if segments:
            tables.append(segments)
    aligned = find_aligned([placed.bbox for placed in rest])
    for cells in aligned:
        tables.append(_read_cells(rest, cells, first_table + len(tables)))
    taken = {index for cells in aligned for cell in cells for index in cell.members}
    return _interleave(tables, [placed for index, placed in enumerate(rest) if index not in taken])


def _read_cells(words: Sequence[PlacedWord], cells: Sequence[GridCell], table: int) -> list[Segment]:
    """Return the lines of a table without ruling lines, row by row."""
    segments = []
    for cell in sorted(cells, key=lambda one: (one.row, one.column)):
        place = Cell(table, cell.row, cell.column, cell.rows)
        rows = to_rows(Segment((words[index].word,), words[index].bbox) for index in cell.members)
        segments += [make_segment([word for one in row for word in one.words], place) for row in rows]
    return segments


def _interleave(tables: Sequence[list[Segment]], rest: Sequence[PlacedWord]) -> list[Segment]:
    """Return the tables, from the top, and the text above, between and below them."""
    ordered: list[Segment] = []
    above = float("-inf")
    for start, table in sorted(
        ((min(one.bbox[1] for one in table), table) for table in tables), key=lambda one: one[0]
    ):
        ordered += read_columns([placed for placed in rest if above <= placed.bbox[1] < start])
        ordered += table
        above = start
    return ordered + read_columns([placed for placed in rest if placed.bbox[1] >= above])


def to_lines(segments: Iterable[Segment], *, page: int, first: int) -> list[Line]:
    """Return segments as the lines of page number `page`, numbered from `first`."""
    lines = []
    for number, segment in enumerate(segments, first):
        text = " ".join(word.text for word in segment.words)
        lines.append(Line(number, page, text, text, segment.words, cell=segment.cell))
    return lines
