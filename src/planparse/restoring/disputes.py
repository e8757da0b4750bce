"""Where two engines read differently → the lattice of both readings, and of what both may have got wrong.

What speaks for one engine or the other without the context is the odds of `arbitration`; the language model does the
rest, in the same lattice as all other words.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planparse.restoring import arbitration
from planparse.restoring.decoding import NO_WORD
from planparse.restoring.language_model import BOUNDARY, CODE, NUMBER, UNKNOWN, load_language_model
from planparse.restoring.lattice import Edges, Reading
from planparse.restoring.slips import SLIP, read_right
from planparse.restoring.tokens import Kind, Token, tokenize, vocabulary_item

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.document import Edit, Word

_CLASSES = {Kind.END: BOUNDARY, Kind.CODE: CODE, Kind.NUMBER: NUMBER, Kind.FIXED: UNKNOWN}


_EITHER = -math.log(2)
"""Log of the share of slips that either engine's word tells of."""

_IS_SLIP = -math.log(SLIP)
"""What makes a slip as likely as can be: the odds that neither engine is right say how likely one is."""


class Second(NamedTuple):
    """What a second engine read.

    Attributes:
        start, end: the characters of the line for which it stands.
        text: what it read there.
        confidence, own: what the second engine, and the leading one, said of their least sure word there.
    """

    start: int
    end: int
    text: str
    confidence: float
    own: float


def seconds_of(words: Sequence[Word]) -> Iterator[Second]:
    """Yield what a second engine read of a line whose text is that of `words` with a space between each two."""
    spans = _spans(words)
    for index, word in enumerate(words):
        if word.other is None or index + word.other.words > len(words):
            continue
        last = index + word.other.words - 1
        own = min(one.confidence or 0.0 for one in words[index : last + 1])
        yield Second(spans[index][0], spans[last][1], word.other.text, word.other.confidence, own)


def doubt_words(words: Sequence[Word], kept: Sequence[Edit]) -> tuple[Word, ...]:
    """Return the words of a line, none surer than the choice by which the leading engine's reading of it was `kept`."""
    doubted = []
    for word, (start, end) in zip(words, _spans(words), strict=True):
        chances = [edit.probability for edit in kept if edit.span[0] < end and start < edit.span[1]]
        sure = min([word.confidence or 0.0, *chances])
        doubted.append(replace(word, confidence=sure) if chances else word)
    return tuple(doubted)


def _spans(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Return where each word stands in a line that is the words with a space between each two."""
    starts = accumulate((len(word.text) + 1 for word in words), initial=0)
    return [(start, start + len(word.text)) for start, word in zip(starts, words, strict=False)]


def read_disputed(printed: str, second: Second, *, upper: bool, silent: bool = False) -> Reading:
    """Return the lattice of what the leading engine `printed`, and what the other one read instead.

    A marker is `silent`: the language model knows none.
    """
    odds = arbitration.odds(printed, second.text, second.own, second.confidence)
    neither = arbitration.load_weights().neither.of(second.own, second.confidence)
    return _read(printed, second.text, odds, neither, upper, silent)


class _Row(NamedTuple):
    """An edge of the lattice.

    Attributes:
        source, target: the nodes that it joins.
        start, end: its characters.
        word: the number of its word.
        evidence: log P.
        kept: whether its characters stay as they are printed.
        text: what it prints, where it is neither that nor its word.
    """

    source: int
    target: int
    start: int
    end: int
    word: int
    evidence: float = 0.0
    kept: bool = True
    text: str | None = None


@lru_cache(maxsize=1 << 12)
def _read(
    printed: str,
    other: str,
    odds: float,
    neither: float,
    upper: bool,  # noqa: FBT001 (the same)
    silent: bool,  # noqa: FBT001 (the same)
) -> Reading:
    own, theirs = ([], []) if silent else (list(tokenize(printed)), list(tokenize(other)))
    inner = max(len(own) - 1, 0)
    size = 1 + inner + max(len(theirs) - 1, 0)
    starts = [0, *(token.start for token in own[1:]), len(printed)]
    rows = _path(_words(own, upper), list(pairwise(starts)), 1, size)
    spans = [(0, len(printed))] + [(len(printed), len(printed))] * (len(theirs) - 1)
    first, *rest = _path(_words(theirs, upper), spans, 1 + inner, size)
    rows.append(first._replace(evidence=odds, kept=False, text=other))
    rows += (row._replace(kept=False, text="") for row in rest)
    slips = {row.word: row for row in _slips(own, upper, rows[0].target, neither)}
    if max(len(own), 1) == len(theirs) == 1:
        for slip in _slips(theirs, upper, size, neither):
            whole = slip._replace(start=0, end=len(printed), text=_put(other, slip))
            slips[slip.word] = _either(slips.get(slip.word), whole)
    known = {row.word for row in rows if row.source == 0}
    rows += (row for word, row in slips.items() if word not in known)
    return _lattice(printed, rows, size)


def _words(tokens: Sequence[Token], upper: bool) -> list[int]:  # noqa: FBT001 (as its caller has it)
    """Return the numbers of the words that the language model sees; at least one."""
    model = load_language_model()
    return [
        model.number(_CLASSES.get(token.kind) or vocabulary_item(token.text.lower() if upper else token.text))
        for token in tokens
    ] or [NO_WORD]


def _path(words: Sequence[int], spans: Sequence[tuple[int, int]], node: int, last: int) -> list[_Row]:
    """Return the edges of a way through the lattice; its inner nodes count from `node`."""
    nodes = [0, *range(node, node + len(words) - 1), last]
    return [
        _Row(source, target, start, end, word)
        for (source, target), (start, end), word in zip(pairwise(nodes), spans, words, strict=True)
    ]


def _slips(tokens: Sequence[Token], upper: bool, target: int, neither: float) -> Iterator[_Row]:  # noqa: FBT001 (its caller's)
    """Yield the words that the first of the tokens may be a slip of, where neither engine is right."""
    for token in tokens[:1]:
        if token.kind is Kind.WORD:
            reading = read_right(token.text, upper, _IS_SLIP)
            for index in range(1, len(reading.starts)):
                word, evidence = int(reading.edges.word[index]), float(reading.edges.evidence[index])
                place = (token.start, token.start + len(token.text))
                yield _Row(0, target, *place, word, evidence + neither + _EITHER, kept=False, text=reading.text(index))


def _put(text: str, slip: _Row) -> str:
    """Return a text with the word of a slip in its place."""
    return text[: slip.start] + (slip.text or "") + text[slip.end :]


def _either(one: _Row | None, other: _Row) -> _Row:
    """Return a slip that the words of both engines may be of, as the leading one's; of one of them, as it is."""
    return one._replace(evidence=float(np.logaddexp(one.evidence, other.evidence))) if one else other


def _lattice(printed: str, rows: list[_Row], size: int) -> Reading:
    rows.sort(key=lambda row: row.source)
    edges = Edges(
        np.array([row.start for row in rows]),
        np.array([row.end for row in rows]),
        np.array([row.word for row in rows]),
        np.array([row.kept for row in rows]),
        np.array([row.evidence for row in rows], np.float32),
    )
    starts, ends = np.array([row.source for row in rows]), np.array([row.target for row in rows])
    return Reading(printed, edges, size, starts, ends, texts=tuple(row.text for row in rows))
