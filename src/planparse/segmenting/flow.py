"""Flow: connected text that remembers, character by character, the lines that it stands on."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING

import regex

from planparse.document import Where, merge_places
from planparse.outline import Passage, Span
from planparse.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planparse.document import Edit, Line

CLOSING_PUNCTUATION = " \t.,;:"
_SPLIT_CODE = regex.compile(r"[\p{L}\d]-$")


@dataclass(frozen=True, slots=True)
class Piece:
    """`line.text[start:end]`, which stands at offset `at` of a flow."""

    at: int
    line: Line
    start: int
    end: int

    @property
    def edits(self) -> Iterator[Edit]:
        """The repairs of the line that touch the piece."""
        first = bisect_right(self.line.edits, self.start, key=lambda edit: edit.restored_span[1])
        return takewhile(lambda edit: edit.restored_span[0] < self.end, islice(self.line.edits, first, None))


@dataclass(frozen=True, slots=True)
class Flow:
    """Text joined from pieces of lines; the spaces between pieces belong to none."""

    text: str
    pieces: tuple[Piece, ...]

    def __bool__(self) -> bool:
        return bool(self.text.strip())

    @property
    def first(self) -> Line:
        """The line that the flow begins on."""
        return self.pieces[0].line

    def cut(self, start: int, end: int | None = None) -> Flow:
        """Return the part from offset `start` to `end`."""
        end = len(self.text) if end is None else end
        begin = max(0, bisect_right(self.pieces, start, key=lambda piece: piece.at) - 1)
        kept = []
        for piece in self.pieces[begin:]:
            if piece.at >= end:
                break
            low = max(start, piece.at)
            high = min(end, piece.at + piece.end - piece.start)
            if low < high:
                shift = piece.start - piece.at
                kept.append(Piece(low - start, piece.line, low + shift, high + shift))
        return Flow(self.text[start:end], tuple(kept))

    def split(self, gaps: Iterable[tuple[int, int]]) -> Iterator[Flow]:
        """Yield what `gaps`, ranges of offsets in order, part: one more than there are gaps."""
        start = 0
        for gap, end in gaps:
            yield self.cut(start, gap)
            start = end
        yield self.cut(start)

    def strip(self) -> Flow:
        """Return the flow without white space at its ends."""
        left = len(self.text) - len(self.text.lstrip())
        return self.cut(left, max(left, len(self.text.rstrip())))

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the characters stand."""
        return tuple(
            Span(piece.line.number, piece.start, piece.end) for piece in self.pieces if piece.start < piece.end
        )

    def passage(self, *, drop: str = "") -> Passage:
        """Return the flow as a passage; `drop` are characters to leave out of the end of its text."""
        text = squeeze(self.text)
        lines = list({piece.line.number: piece.line for piece in self.pieces}.values())
        return Passage(
            text=drop_closing(text, drop) if drop else text,
            spans=self.spans,
            where=merge_places(Where(line.page, line.bbox, (line.number, line.number)) for line in lines),
            confidence=min((line.confidence for line in lines), default=1.0),
            wrong_repairs=sum(1.0 - edit.probability for piece in self.pieces for edit in piece.edits),
        )


def drop_closing(text: str, characters: str = CLOSING_PUNCTUATION) -> str:
    """Return `text` without closing punctuation; an ellipsis stays.

    >>> drop_closing("Sở Nội vụ;"), drop_closing("v.v..."), drop_closing("phù hợp./.")
    ('Sở Nội vụ', 'v.v...', 'phù hợp')
    """
    text = text.removesuffix("./.")
    if text.endswith(("...", "…")):
        return text
    return text.rstrip(characters)


def line_flow(line: Line, start: int = 0, end: int | None = None) -> Flow:
    """Return `line.text[start:end]` as a flow."""
    end = len(line.text) if end is None else end
    return Flow(line.text[start:end], (Piece(0, line, start, end),))


def join_flows(flows: Iterable[Flow]) -> Flow:
    """Join flows by one space, or by none where a code is split at its hyphen ("QĐ-" / "UBND")."""
    text = ""
    pieces: list[Piece] = []
    for flow in flows:
        part = flow.strip()
        if not part.text:
            continue
        if text and not _SPLIT_CODE.search(text[-2:]):
            text += " "
        pieces += [Piece(len(text) + piece.at, piece.line, piece.start, piece.end) for piece in part.pieces]
        text += part.text
    return Flow(text, tuple(pieces))
