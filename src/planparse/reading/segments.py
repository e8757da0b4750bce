"""Words with their places, and segments: words that stand on one line without a wide gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planparse.document import BBox, Cell, Word, union_bbox
from planparse.reading.boxes import shared_height

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROW_OVERLAP = 0.5
"""Share of the lower segment's height by which two segments of one row overlap."""


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


def make_segment(words: Sequence[Word], cell: Cell | None = None) -> Segment:
    """Return words, from the left, as a segment."""
    box = union_bbox(word.bbox for word in words)
    assert box is not None  # noqa: S101 (words of a page have boxes)
    return Segment(tuple(words), box, cell)


def to_rows(segments: Iterable[Segment]) -> list[Row]:
    """Group segments that overlap in height to rows, from the top; each row from the left."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda one: (one.bbox[1] + one.bbox[3]) / 2):
        if rows and shared_height(rows[-1][-1].bbox, segment.bbox) >= ROW_OVERLAP:
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [tuple(sorted(row, key=lambda one: one.bbox[0])) for row in rows]
