"""Words outside of tables → lines in reading order: rows, and columns side by side.

The head of an official document has two columns (issuer, motto), its foot too (recipients, signature): there the left
column is read before the right one.
"""

from __future__ import annotations

import itertools
from statistics import median
from typing import TYPE_CHECKING

from planparse.reading.segments import PlacedWord, Row, Segment, make_segment, to_rows
from planparse.reading.tables.gutters import Strip, cover, find_strips

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.document import Word

COLUMN_GAP = 2.2
"""White space between two words, in heights of the line, that parts columns; justified text stays below 1.5."""
GUTTER = 4.0
"""Points of white between the longest line of the left column and that of the right one, at least."""
CENTRAL = 0.2
"""Share of the text's width at either side within which no gutter lies: a marker hangs there, or a line ends."""
MIN_SPLIT_ROWS, MIN_SIDE = 2, 2
"""Rows with words on both sides, or else rows on either side, that make columns: one alone may be justified text with a
wide gap, or a date at the right."""
SURROUNDED = 3
"""Short lines at the left, above and as many below, beside which words at the right are a column: a name."""
MIN_TURNS = 2
"""How often rows turn from one side to the other where none has both: text that ends at the left, and goes on at the
right, is read from the top all the same."""
NEAR = 2.5
"""White space in heights between a row and the one before it on the other side, at most, where columns stand there."""
CHAINED = 1.0
"""White space in heights between lines of the left column; what follows below more is text below the columns."""

_Side = int
"""-1: left of the gutter; 1: right of it."""


def read_columns(words: Sequence[PlacedWord]) -> list[Segment]:
    """Return the lines in reading order."""
    rows = to_rows([part for line in _engine_lines(words) for part in _split_at_gaps(line)])
    if not rows:
        return []
    width = (min(row[0].bbox[0] for row in rows), max(one.bbox[2] for row in rows for one in row))
    ordered: list[Segment] = []
    index = 0
    while index < len(rows):
        end, gutter = _band(rows, index, width)
        band = [segment for row in rows[index:end] for segment in row]
        ordered += _by_column(band, gutter) if gutter else band
        index = end
    return ordered


def _by_column(band: Sequence[Segment], gutter: float) -> Iterator[Segment]:
    """Yield the segments left of the gutter from the top, then those right of it."""
    for side in (-1, 1):
        for row in to_rows(segment for segment in band if _side(segment, gutter) == side):
            yield from row


def _band(rows: Sequence[Row], start: int, width: Strip) -> tuple[int, float | None]:
    """Return where the columns that begin at row `start` end, and their gutter; the next row without one."""
    covered, gutter, end = 0, None, start
    for index in range(start, len(rows)):
        covered |= cover(segment.bbox for segment in rows[index] if _is_text(segment))
        white = _central(covered, width)
        if white is None:
            break
        gutter, end = white, index + 1
    end = _last_row(rows, start, end, gutter) if gutter else end
    if gutter is None or not _is_text(rows[start][0]) or not _are_columns(rows[start:end], gutter):
        return start + 1, None
    return end, gutter


def _central(covered: int, width: Strip) -> float | None:
    """Return the middle of the widest white strip in the central part of the text; None where there is none."""
    margin = CENTRAL * (width[1] - width[0])
    edges = cover([(width[0] - 1, 0.0, width[0], 0.0), (width[1], 0.0, width[1] + 1, 0.0)])
    strips = [
        (max(left, width[0] + margin), min(right, width[1] - margin))
        for left, right in find_strips(covered | edges, GUTTER)
    ]
    widest = max(strips, key=lambda strip: strip[1] - strip[0], default=(0.0, 0.0))
    return sum(widest) / 2 if widest[1] - widest[0] >= GUTTER else None


def _is_text(segment: Segment) -> bool:
    """Tell whether a segment is more than a page's number, or a stroke of a pen that is read as a letter."""
    return sum(map(str.isalnum, "".join(word.text for word in segment.words))) > 1


def _side(segment: Segment, gutter: float) -> _Side:
    return -1 if (segment.bbox[0] + segment.bbox[2]) / 2 < gutter else 1


def _last_row(rows: Sequence[Row], start: int, end: int, gutter: float) -> int:
    """Return `end`, or the row at which the text goes on that stands below both columns, at the left."""
    right = max((index for index in range(start, end) if _side(rows[index][-1], gutter) > 0), default=start)
    lefts = [(index, segment) for index in range(start, end) for segment in rows[index] if _side(segment, gutter) < 0]
    for (_, above), (index, below) in itertools.pairwise(sorted(lefts, key=lambda one: one[1].bbox[1])):
        if index > right and _white(above, below) > CHAINED * _height(above):
            return index
    return end


def _white(above: Segment, below: Segment) -> float:
    return below.bbox[1] - above.bbox[3]


def _height(segment: Segment) -> float:
    return median(word.bbox[3] - word.bbox[1] for word in segment.words if word.bbox)


def _are_columns(rows: Sequence[Row], gutter: float) -> bool:
    """Tell whether rows have words on both sides of the gutter, or turn from side to side."""
    sides = [[_side(segment, gutter) for segment in row if _is_text(segment)] for row in rows]
    lefts = [index for index, side in enumerate(sides) if -1 in side]
    rights = [index for index, side in enumerate(sides) if 1 in side]
    if sum(len(set(side)) > 1 for side in sides) >= MIN_SPLIT_ROWS:
        return True
    around = (
        (sum(index < rights[0] for index in lefts), sum(index > rights[-1] for index in lefts)) if rights else (0, 0)
    )
    if min(around) >= SURROUNDED:
        return True
    turns = sum(
        set(one) != set(other) and _white(above[0], below[0]) <= NEAR * _height(above[0])
        for (above, one), (below, other) in itertools.pairwise(zip(rows, sides, strict=True))
        if one and other
    )
    return turns >= MIN_TURNS and min(len(lefts), len(rights)) >= MIN_SIDE


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
