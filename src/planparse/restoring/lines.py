"""Lines → the edits that restore them.

The first pieces of damaged text are read twice: the first reading, under what is known of all engines, tells what this
document's engine does to each letter, and what the document says; the second, and that of all the rest, is under both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planparse.restoring.channel import Channel
from planparse.restoring.damage import DAMAGED, is_bare
from planparse.restoring.edits import add_edits
from planparse.restoring.habits import PRIOR, learn
from planparse.restoring.items import Lines, items_of
from planparse.restoring.memory import NOTHING, remember
from planparse.restoring.path import decode
from planparse.restoring.readings import BareReader, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from planparse.document import Edit
    from planparse.restoring.damage import State
    from planparse.restoring.disputes import Second
    from planparse.restoring.path import Path

_SPLIT = 0.003
"""Share of words with a space in them from which an engine is taken to put them there."""

_LONGEST_LINE = 8_000
"""Characters of a line that are read at once."""

_BLOCK, _SAMPLE, _REMEMBERED = 2_500, 1_500, 16
"""Pieces decoded together, which bounds memory and makes the share of slips a local one; pieces that are read first to
learn the habits of a document's engine; blocks whose words are remembered."""


def restore_lines(lines: Lines, *, scanned: bool = False) -> list[list[Edit]]:
    """Return the edits of each line; `scanned` tells whether an engine read all of the text.

    A line that is too long to be read at once is read as several.
    """
    parts = [(index, start, part) for index, line in enumerate(lines.texts) for start, part in _parts(line)]
    opening = {place for place, (index, start, _) in enumerate(parts) if index in lines.breaks and start == 0}
    split = Lines(
        [part for _, _, part in parts],
        [lines.states[index] for index, _, _ in parts],
        opening,
        [_seconds_of(lines, index, start, part) for index, start, part in parts] if lines.seconds else (),
    )
    found = _restore(split, scanned=scanned)
    edits: list[list[Edit]] = [[] for _ in lines.texts]
    for (index, start, _), of_part in zip(parts, found, strict=True):
        edits[index] += [_moved(edit, start, edits[index]) for edit in of_part] if start else of_part
    return edits


def _parts(line: str) -> Iterator[tuple[int, str]]:
    """Yield the line in parts that can be read at once, each with where it begins; they end after a space."""
    start = 0
    while len(line) - start > _LONGEST_LINE:
        end = line.rfind(" ", start, start + _LONGEST_LINE) + 1 or start + _LONGEST_LINE
        yield start, line[start:end]
        start = end
    yield start, line[start:]


def _seconds_of(lines: Lines, index: int, start: int, part: str) -> list[Second]:
    """Return what a second engine read within a part of a line."""
    end = start + len(part)
    return [
        second._replace(start=second.start - start, end=second.end - start)
        for second in lines.seconds[index]
        if start <= second.start and second.end <= end
    ]


def _moved(edit: Edit, start: int, before: Sequence[Edit]) -> Edit:
    """Return an edit of a part where it stands on its line, after the edits `before` the part."""
    shift = start + (before[-1].restored_span[1] - before[-1].span[1] if before else 0)
    return replace(
        edit,
        span=(edit.span[0] + start, edit.span[1] + start),
        restored_span=(edit.restored_span[0] + shift, edit.restored_span[1] + shift),
    )


def _restore(lines: Lines, *, scanned: bool) -> list[list[Edit]]:
    """Return the edits of lines none of which is too long."""
    edits: list[list[Edit]] = [[] for _ in lines.texts]
    reader, memory = _first_reader(lines.texts, lines.states), NOTHING
    said: list[npt.NDArray[np.int64]] = []
    learnt = False
    for block in _blocks(lines.texts):
        damaged = next((index for index in block if lines.states[index] in DAMAGED), None)
        if damaged is not None and not learnt:
            sample = next(_blocks(lines.texts[: block.stop], damaged, _SAMPLE))
            path = decode(items_of(lines, sample, reader), memory)
            reader, memory, learnt = _adapted(reader, path), remember(path.words()), True
        path = decode(items_of(lines, block, reader), memory, scanned=scanned)
        add_edits(path, edits)
        if learnt:
            said.append(path.words())
            memory = remember(np.concatenate(said[-_REMEMBERED:]))
    return edits


def _first_reader(lines: Sequence[str], states: Sequence[State]) -> Reader:
    """Return what reads damaged lines at first: as mangled by some engine, or as typed without marks."""
    return BareReader() if is_bare(lines, states) else Reader(Channel(PRIOR))


def _adapted(reader: Reader, path: Path) -> Reader:
    """Return the reader that knows the habits of the document's engine."""
    if isinstance(reader, BareReader):
        return reader
    letters = list(path.letters())
    joins = sum(" " in printed for printed, _, _ in letters) > _SPLIT * len(letters)
    return Reader(learn(letters, reader.channel), joins=joins)


def _blocks(lines: Sequence[str], start: int = 0, pieces: int = _BLOCK) -> Iterator[range]:
    """Yield the indices of lines from `start` on that are decoded together: about so many pieces."""
    size = 0
    for index in range(start, len(lines)):
        size += lines[index].count(" ") + 1
        if size >= pieces:
            yield range(start, index + 1)
            start, size = index + 1, 0
    if start < len(lines):
        yield range(start, len(lines))
