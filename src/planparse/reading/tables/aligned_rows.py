"""The rows of a table without ruling lines: lines of a cell stand at the pitch of its type, rows are further apart.

A row is what hangs together: lines one below the other in a column at the common pitch, and lines side by side. A value
that is set over several rows joins them, as does a table without space between its rows; there the numbers of the first
column tell rows apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from planparse.reading.boxes import shared_part

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOSE = 1.22
"""Distance of two lines, in pitches, from which on they are of two rows: 3 points of space at 12 points of type."""
SINGLE = 1.2
"""Pitch of lines in heights where a table has no cell of several lines: single spacing."""
WIDEST = 2.2
"""Distance of lines of one cell, in heights, at most: spacing of one and a half, with some air."""
BESIDE = 0.25
"""Share of the lower one's height by which two lines side by side overlap: 0.4 where cells are centred in their row."""
NUMBER_WIDTH = 2
"""Words of a row's number and its head at most: "1.", "1.1", "Số TT"."""
STRADDLED = 0.25
"""Share of a line's height that stands in a row, and more, where the line is set over that row and the next one."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a line: the columns (from 0) that it begins and ends in, top, bottom, and its boxes by index."""

    first: int
    last: int
    top: float
    bottom: float
    members: tuple[int, ...]

    @property
    def middle(self) -> float:
        """Half its height."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell: row and column from 1, the rows and columns that it spans, its boxes by index."""

    row: int
    column: int
    rows: int
    columns: int
    members: tuple[int, ...]


Run = list[Chunk]
"""Pieces one below the other in a column, at the common pitch."""


def find_cells(chunks: Sequence[Chunk], height: float) -> list[GridCell]:
    """Return the cells that the pieces of a table's lines make; `height` is that of a line, in points."""
    runs = _runs(chunks, LOOSE * _pitch(chunks, height))
    groups = _groups(runs)
    numbers = _numbers(chunks)
    parted = [sum(chunk in numbers for run in group for chunk in run) for group in groups]
    dense = sum(max(0, count - 1) for count in parted) > sum(count > 0 for count in parted)
    cells: list[GridCell] = []
    above = 0
    for group in groups:
        cuts = _cuts(group, numbers)
        cells += _cells(group, cuts, above, height, dense=dense)
        above += len(cuts) + 1
    return cells


def _pitch(chunks: Sequence[Chunk], height: float) -> float:
    """Return the usual distance of lines of one cell: where nothing stands beside the lower one in the first column."""
    starts = [chunk for chunk in chunks if chunk.first == 0]
    distances = [
        below.middle - above.middle
        for column in _by_column(chunks).values()
        for above, below in pairwise(column)
        if below.first and not any(_is_beside(below, start) for start in starts)
    ]
    near = [distance for distance in distances if distance <= WIDEST * height]
    return median(near) if near else SINGLE * height


def _by_column(chunks: Sequence[Chunk]) -> dict[int, list[Chunk]]:
    columns: dict[int, list[Chunk]] = {}
    for chunk in sorted(chunks, key=lambda one: one.middle):
        columns.setdefault(chunk.first, []).append(chunk)
    return columns


def _is_beside(one: Chunk, other: Chunk) -> bool:
    return shared_part((one.top, one.bottom), (other.top, other.bottom)) >= BESIDE


def _runs(chunks: Sequence[Chunk], loose: float) -> list[Run]:
    runs: list[Run] = []
    for column in _by_column(chunks).values():
        for index, chunk in enumerate(column):
            if index and chunk.middle - column[index - 1].middle < loose:
                runs[-1].append(chunk)
            else:
                runs.append([chunk])
    return sorted(runs, key=lambda run: run[0].top)


def _groups(runs: Sequence[Run]) -> list[list[Run]]:
    """Group runs that stand side by side, directly or by way of others, from the top."""
    groups: list[list[Run]] = []
    for run in runs:
        touching = [group for group in groups if any(_are_beside(run, other) for other in group)]
        merged = [other for group in touching for other in group]
        groups = [group for group in groups if group not in touching]
        groups.append([*merged, run])
    return sorted(groups, key=lambda group: min(run[0].top for run in group))


def _are_beside(one: Run, other: Run) -> bool:
    if one[-1].bottom < other[0].top or other[-1].bottom < one[0].top:
        return False
    return any(_is_beside(chunk, beside) for chunk in one for beside in other)


def _numbers(chunks: Sequence[Chunk]) -> frozenset[Chunk]:
    """Return the pieces of the first column where it is one of numbers."""
    first = [chunk for chunk in chunks if chunk.first == 0 == chunk.last]
    short = [chunk for chunk in first if len(chunk.members) <= NUMBER_WIDTH]
    return frozenset(short) if len(short) == len(first) else frozenset()


def _cuts(group: Sequence[Run], numbers: frozenset[Chunk]) -> list[float]:
    """Return the heights that part a group between its numbers."""
    entries = sorted((chunk for run in group for chunk in run if chunk in numbers), key=lambda one: one.middle)
    return [_cut(group, above.middle, below) for above, below in pairwise(entries)]


def _cut(group: Sequence[Run], least: float, below: Chunk) -> float:
    """Return where the fewest runs go on from a row to the one below; of such places that in the narrowest gap.

    Where no column has a run in each of the two, it is the top of the lower row's number.
    """
    columns: dict[int, list[Run]] = {}
    for run in group:
        columns.setdefault(run[0].first, []).append(run)
    gaps = [
        (one[-1].bottom, other[0].top)
        for runs in columns.values()
        for one, other in pairwise(sorted(runs, key=lambda run: run[0].top))
    ]
    places = [(_crossings(group, sum(gap) / 2), gap[1] - gap[0], sum(gap) / 2) for gap in gaps]
    inner = [place for place in places if least < place[2] < below.middle]
    return min(inner)[2] if inner else below.top


def _crossings(group: Sequence[Run], place: float) -> int:
    return sum(run[0].top < place < run[-1].bottom for run in group)


def _cells(group: Sequence[Run], cuts: Sequence[float], above: int, height: float, *, dense: bool) -> list[GridCell]:
    """Return the cells of a group whose rows are parted by `cuts`; `above` rows stand before it."""
    places: dict[tuple[int, int], list[Chunk]] = {}
    ends: dict[tuple[int, int], int] = {}
    for run in group:
        for piece in [[chunk] for chunk in run] if dense or run[0].first == 0 else [run]:
            row = sum(cut < piece[0].top + STRADDLED * height for cut in cuts)
            last = sum(cut < piece[-1].bottom - STRADDLED * height for cut in cuts)
            place = (row if not dense else sum(cut < piece[0].middle for cut in cuts), run[0].first)
            places.setdefault(place, []).extend(piece)
            ends[place] = max(ends.get(place, 0), place[0] if dense else last)
    return [
        GridCell(
            above + row + 1,
            column + 1,
            ends[row, column] - row + 1,
            max(chunk.last for chunk in chunks) - column + 1,
            tuple(index for chunk in chunks for index in chunk.members),
        )
        for (row, column), chunks in sorted(places.items())
    ]
