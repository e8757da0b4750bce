"""White strips from top to bottom between the words of consecutive lines: what parts columns.

A line's cover is a whole number whose bits are steps of the page's width, set where a word stands; the cover of several
lines is their bitwise or, so that a strip between columns is a run of zeros with ones on both sides.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planparse.document import BBox

STEPS = 2
"""Steps in a point: finer than a scan's pixel at 100 dpi."""
FARTHEST = 20_000
"""Points; PDF pages are no wider than 14,400 (PDF 1.7, appendix C)."""

Strip = tuple[float, float]
"""Left and right side, in points."""


def cover(boxes: Iterable[BBox]) -> int:
    """Return the steps of the page's width on which `boxes` stand."""
    covered = 0
    for x0, _, x1, _ in boxes:
        start, end = _step(x0), max(_step(x0) + 1, _step(x1))
        covered |= ((1 << (end - start)) - 1) << start
    return covered


def span(strip: Strip) -> int:
    """Return the steps of a strip."""
    return cover([(strip[0], 0.0, strip[1], 0.0)])


def count_strips(covered: int, least: float) -> int:
    """Return how many white strips of at least `least` points part the columns."""
    wide = _wide_starts(covered, least)
    return (wide & ~(wide << 1)).bit_count()


def find_strips(covered: int, least: float) -> list[Strip]:
    """Return the white strips of at least `least` points between columns, from the left."""
    strips = []
    starts = _wide_starts(covered, least)
    starts &= ~(starts << 1)
    while starts:
        start = (starts & -starts).bit_length() - 1
        after = covered >> start
        end = start + (after & -after).bit_length() - 1
        strips.append((start / STEPS, end / STEPS))
        starts &= starts - 1
    return strips


def wide_gaps(boxes: Iterable[BBox], least: float) -> Iterator[Strip]:
    """Yield the gaps of at least `least` points between the boxes of a line."""
    sides = sorted((box[0], box[2]) for box in boxes)
    ends = accumulate((end for _, end in sides), max)
    for end, (start, _) in zip(ends, sides[1:], strict=False):
        if start - end >= least:
            yield end, start


def _wide_starts(covered: int, least: float) -> int:
    """Return the steps at which a run of at least `least` points without a word begins or goes on, within the cover."""
    if not covered:
        return 0
    white = ((1 << covered.bit_length()) - 1) ^ covered
    white &= ~((covered & -covered) - 1)
    length, steps = 1, max(1, round(least * STEPS))
    while length < steps:
        shift = min(length, steps - length)
        white &= white >> shift
        length += shift
    return white


def _step(x: float) -> int:
    return round(min(max(x, 0.0), FARTHEST) * STEPS)
