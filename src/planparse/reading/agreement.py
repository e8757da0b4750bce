"""Two engines' words of one image → one list of words that know what the other engine read.

The leading engine's lines stay. The other's words go to the line on which they stand; there both texts are aligned
letter by letter, and cut where both have a space. Lines that only the other engine found are added.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import Levenshtein

from planparse.document import OtherReading, union_bbox
from planparse.reading.boxes import shared_height
from planparse.reading.segments import PlacedWord
from planparse.text import strip_marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.document import BBox

SAME_HEIGHT = 0.5
"""Share of the lower one's height by which a word overlaps the line on which it stands."""
REACH = 3.0
"""Heights of a line beyond its ends within which a word that the leading engine missed still belongs to it. It hardly
matters: on four samples that both engines read, of 130 missing words 129 are with 0, 130 with 10."""
SURE = 0.6
"""Mean confidence from which a line is added that only the other engine found: what a seal or dirt is read as should
stay out. The four samples read the same with 0, 0.4 and 0.8; without such lines they miss two more words and have three
fewer that are not printed."""

ALIKE, SAME_PLACE = 1 / 3, 0.6
"""Share of the characters that readings of the same letters have in common ("H." and "II." have a third), or else the
share of the width that both cover."""

Line = list[PlacedWord]


class _Group(NamedTuple):
    """Words of both engines for the same letters."""

    first: Sequence[PlacedWord]
    second: Sequence[PlacedWord]


def merge_readings(first: Sequence[PlacedWord], second: Sequence[PlacedWord]) -> list[PlacedWord]:
    """Return the words of `first`, with what `second` read instead, and the lines that only `second` has."""
    lines = _lines(first)
    boxes = [_box(line) for line in lines]
    found: dict[int, Line] = defaultdict(list)
    missed: list[Line] = []
    for other in _lines(second):
        rest = []
        for word in other:
            place = _place(word.bbox, lines, boxes)
            if place is None:
                rest.append(word)
            else:
                found[place].append(word)
        if rest and _is_sure(rest):
            missed.append(rest)
    merged = [word for place, line in enumerate(lines) for word in _annotate(line, found[place])]
    return merged + [replace(word, line=(-1, number)) for number, line in enumerate(missed) for word in line]


def _lines(words: Sequence[PlacedWord]) -> list[Line]:
    lines: dict[tuple[int, ...] | None, Line] = defaultdict(list)
    for word in words:
        lines[word.line].append(word)
    return [sorted(line, key=lambda word: word.bbox[0]) for line in lines.values()]


def _box(line: Sequence[PlacedWord]) -> BBox:
    box = union_bbox(word.bbox for word in line)
    assert box is not None  # noqa: S101 (words of a page have boxes)
    return box


def _place(box: BBox, lines: Sequence[Line], boxes: Sequence[BBox]) -> int | None:
    """Return the line that `box` stands on; None where there is none."""
    best, most = None, 0.0
    for place, line in enumerate(boxes):
        reach = REACH * (line[3] - line[1])
        if line[0] - reach < box[2] and box[0] < line[2] + reach and line[1] < box[3] and box[1] < line[3]:
            share = shared_height(box, _nearest(box, lines[place]))
            if share >= SAME_HEIGHT and share > most:
                best, most = place, share
    return best


def _nearest(box: BBox, line: Line) -> BBox:
    """Return the box of the word of a line that is nearest to `box` along the line: the line may lie askew."""
    return min((word.bbox for word in line), key=lambda other: max(other[0] - box[2], box[0] - other[2]))


def _is_sure(line: Line) -> bool:
    return sum(word.word.confidence or 0.0 for word in line) >= SURE * len(line)


def _annotate(first: Line, second: Line) -> Iterator[PlacedWord]:
    """Yield the words of a line, the first of each group with what the other engine read for the group."""
    if not second:
        yield from first
        return
    for group in _groups(first, sorted(second, key=lambda word: word.bbox[0])):
        lead, *rest = group.first
        yield replace(lead, word=replace(lead.word, other=_reading(group))) if _is_same(group) else lead
        yield from rest


def _reading(group: _Group) -> OtherReading:
    confidence = min(placed.word.confidence or 0.0 for placed in group.second)
    return OtherReading(_text(group.second), confidence, len(group.first))


def _text(words: Sequence[PlacedWord]) -> str:
    return " ".join(placed.word.text for placed in words)


def _is_same(group: _Group) -> bool:
    """Tell whether both read the same letters: a part of the texts is alike, or they stand in the same place.

    Where columns are read across, or a line is dirt, words are paired that have nothing to do with each other.
    """
    alike = Levenshtein.normalized_similarity(*map(strip_marks, map(_text, group)))
    (left, _, right, _), (start, _, end, _) = _box(group.first), _box(group.second)
    common, whole = min(right, end) - max(left, start), max(right, end) - min(left, start)
    return alike >= ALIKE or common >= SAME_PLACE * whole


def _groups(first: Line, second: Line) -> Iterator[_Group]:
    """Yield the words between two spaces that both texts have at the same place; neither side is ever empty."""
    texts = [" ".join(placed.word.text for placed in line) for line in (first, second)]
    shared = shared_spaces(*map(strip_marks, texts))
    starts = (0, 0)
    for one, other in [*shared, (len(texts[0]), len(texts[1]))]:
        counts = (texts[0].count(" ", 0, one) + 1, texts[1].count(" ", 0, other) + 1)
        yield _Group(first[starts[0] : counts[0]], second[starts[1] : counts[1]])
        starts = counts


def shared_spaces(first: str, second: str) -> list[tuple[int, int]]:
    """Return where spaces stand that an alignment with the fewest changes makes one.

    >>> shared_spaces("THU ONG TRUC", "THUONG TRUC")
    [(7, 6)]
    """
    return [
        (op.src_start + shift, op.dest_start + shift)
        for op in Levenshtein.opcodes(first, second)
        if op.tag == "equal"
        for shift in range(op.src_end - op.src_start)
        if first[op.src_start + shift] == " "
    ]
