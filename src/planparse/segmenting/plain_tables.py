"""Tables set as plain text: columns parted by tabs, by bars within the lines, or by strips of white space.

Such a table is known by its head; the lines below it are rows for as long as they keep to its columns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

from planparse.segmenting.flow import line_flow
from planparse.segmenting.heads import read_head
from planparse.segmenting.paragraphs import is_row
from planparse.segmenting.rows import Row, row_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.document import Line

MIN_COLUMNS = 3
"""Columns of a table; two stand side by side at the head and the foot of every document."""
MAX_LINE = 1000
"""Characters of a line that may be a row of such a table."""

Range = tuple[int, int]
_SEPARATORS = (regex.compile(r"\t"), regex.compile(r"(?<=\s)\|(?=\s)"))
_PIECE = regex.compile(r"\S+(?: \S+)*")


def part_plain_tables(lines: Sequence[Line]) -> list[Line]:
    """Return `lines`, the rows of tables that are plain text with the gaps between their cells."""
    rows: dict[int, Line] = {}
    for index, line in enumerate(lines):
        head = None if line.number in rows else _find_head(line)
        if head:
            rows |= {row.number: row for row in head.read_rows(lines[index:])}
    return [rows.get(line.number, line) for line in lines]


def _find_head(line: Line) -> _Separated | _Aligned | None:
    """Return how the columns below a head are parted; None where the line is no head."""
    if line.cell is not None or len(line.text) > MAX_LINE:
        return None
    for separator in _SEPARATORS:
        gaps = [match.span() for match in separator.finditer(line.text)]
        if _is_head(line, gaps):
            return _Separated(separator, len(gaps))
    gutters = _between(_pieces(line))
    return _Aligned(gutters) if _is_head(line, gutters) else None


def _is_head(line: Line, gaps: Sequence[Range]) -> bool:
    if len(gaps) + 1 < MIN_COLUMNS:
        return False
    return read_head(Row(tuple(line_flow(line).split(gaps)))) is not None


@dataclass(frozen=True, slots=True)
class _Separated:
    """A table whose columns a character parts."""

    separator: regex.Pattern[str]
    gaps: int

    def read_rows(self, lines: Sequence[Line]) -> Iterator[Line]:
        """Yield rows of as many cells as the head, and those of a group: a number and its title."""
        for line in lines:
            gaps = tuple(match.span() for match in self.separator.finditer(line.text))
            if not line.text.strip():
                continue
            numbered = bool(gaps) and row_number(line_flow(line, 0, gaps[0][0])) is not None
            if len(gaps) != self.gaps and not numbered and not is_row(line):
                return
            yield line if is_row(line) else replace(line, gaps=gaps)


@dataclass(frozen=True, slots=True)
class _Aligned:
    """A table whose columns strips of white space part."""

    gutters: list[Range]

    def read_rows(self, lines: Sequence[Line]) -> list[Line]:
        """Return the rows that leave the strips free."""
        gutters = self.gutters
        rows: list[Line] = []
        for line in lines:
            pieces = _pieces(line)
            if not pieces:
                continue
            if len(line.text) > MAX_LINE or not _keeps_first(pieces, gutters[0]):
                break
            gutters = [_narrow(gutter, pieces) for gutter in gutters]
            rows.append(line)
        return [replace(line, gaps=_gaps(_pieces(line), gutters)) for line in rows] if len(rows) > 1 else []


def _pieces(line: Line) -> list[Range]:
    return [match.span() for match in _PIECE.finditer(line.text)]


def _between(pieces: Sequence[Range]) -> list[Range]:
    return [(left[1], right[0]) for left, right in pairwise(pieces)]


def _keeps_first(pieces: Sequence[Range], gutter: Range) -> bool:
    """Tell whether a line keeps to the first column, and does not stand in it alone."""
    first = pieces[0]
    return first[0] > gutter[0] or (first[1] < gutter[1] and len(pieces) > 1)


def _narrow(gutter: Range, pieces: Sequence[Range]) -> Range:
    """Return what `pieces` leave free of a strip; a title that runs across it leaves it as it is."""
    low, high = gutter
    for start, end in pieces:
        if start <= low and end >= high:
            return gutter
        if low < start < high:
            high = start
        elif low < end < high:
            low = end
    return low, high


def _gaps(pieces: Sequence[Range], gutters: Sequence[Range]) -> tuple[Range, ...]:
    """Return what parts the cells of a line: from the end of one to the next; nothing beside an empty one."""
    columns = [sum(start >= high for _, high in gutters) for start, _ in pieces]
    gaps: list[Range] = []
    position = 0
    for column in range(len(gutters) + 1):
        own = [piece for piece, place in zip(pieces, columns, strict=True) if place == column]
        start, end = (own[0][0], own[-1][1]) if own else (position, position)
        if column:
            gaps.append((position, start))
        position = end
    return tuple(gaps)
