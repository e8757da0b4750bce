"""Words outside of tables → lines in reading order: rows, and columns side by side.

The head of an official document has two columns (issuer, motto), its foot too (recipients, signature): there the left
column is read before the right one.
"""

from __future__ import annotations

import itertools
from statistics import median
from typing import TYPE_CHECKING

from planparse.reading.segments import PlacedWord, Row, Segment, make_segment, to_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.document import Word

COLUMN_GAP = 2.2
"""White space between two words, in heights of the line, that parts columns; justified text stays below 1.5."""
MIN_SPLIT_ROWS = 2
"""Rows that fall into two segments before they are columns: one may be justified text with a wide gap."""


def read_columns(words: Sequence[PlacedWord]) -> list[Segment]:
    """Return the lines in reading order."""
    rows = to_rows([part for line in _engine_lines(words) for part in _split_at_gaps(line)])
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
    return [[word for segment in row for word in segment.words] for row in to_rows(segments)]


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
    return [make_segment(group) for group in groups]


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
