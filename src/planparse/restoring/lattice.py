"""What a printed piece of a line may be read as: a small lattice over its characters.

Each edge is a word, a number, signs or a space, with log P(printed | meant).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planparse.restoring.candidates import count_capitals
from planparse.restoring.decoding import NO_WORD
from planparse.restoring.language_model import load_language_model
from planparse.restoring.tokens import vocabulary_item
from planparse.text import match_case

if TYPE_CHECKING:
    from collections.abc import Sequence

Numbers = npt.NDArray[np.int64]
Logs = npt.NDArray[np.float32]

PART_BEAM = 12.0
"""Nats below the best way to read a piece in parts at which an edge is given up."""

_MANY = 1 << 16
"""More than there are words."""

_ACRONYM_SIZE = 3
"""Up to so many capitals among small letters are a word whose letters look alike in both cases: BO for Bộ."""


@dataclass(slots=True)
class Edges:
    """Ways to read some characters of a piece, as arrays.

    Attributes:
        start, end: the characters.
        word: the number of the word, or NO_WORD.
        kept: whether the characters stay as they are printed.
        evidence: log P(printed | word).
    """

    start: Numbers
    end: Numbers
    word: Numbers
    kept: npt.NDArray[np.bool_]
    evidence: Logs

    @classmethod
    def literal(cls, start: int, end: int, word: int, evidence: float = 0.0) -> Edges:
        """Return one edge that keeps what is printed."""
        return cls(
            np.array([start]), np.array([end]), np.array([word]), np.array([True]), np.array([evidence], np.float32)
        )

    @classmethod
    def of_words(cls, start: int, lengths: Numbers, words: Numbers, logs: Logs) -> Edges:
        """Return the edges from `start` to words of so many characters."""
        count = len(words)
        return cls(np.full(count, start), start + lengths, words, np.zeros(count, bool), logs)

    @classmethod
    def none(cls) -> Edges:
        """Return no edge."""
        return cls.of_words(0, np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))

    @classmethod
    def chain(cls, parts: Sequence[Edges]) -> Edges:
        """Return all edges of `parts`."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([part.start for part in parts]),
            np.concatenate([part.end for part in parts]),
            np.concatenate([part.word for part in parts]),
            np.concatenate([part.kept for part in parts]),
            np.concatenate([part.evidence for part in parts]),
        )

    def at(self, index: npt.NDArray[np.generic]) -> Edges:
        """Return the edges at `index`."""
        return Edges(self.start[index], self.end[index], self.word[index], self.kept[index], self.evidence[index])

    def shifted(self, places: int) -> Edges:
        """Return the edges, so many characters later."""
        return Edges(self.start + places, self.end + places, self.word, self.kept, self.evidence)

    def gains(self) -> Logs:
        """Return what each edge is worth without its context."""
        gains: Logs = self.evidence + np.where(self.word == NO_WORD, 0, load_language_model().unigrams[self.word])
        return gains

    def near_best(self, length: int, most: int) -> Edges:
        """Return the edges on ways through `length` characters that are not far from the best one, at most `most`.

        The model sees single words only.
        """
        _, first = np.unique((self.start * length + self.end) * _MANY + self.word, return_index=True)
        edges = self.at(first)
        gains = edges.gains()
        forward, backward = np.full(length + 1, -np.inf), np.full(length + 1, -np.inf)
        forward[0] = backward[length] = 0.0
        rows = list(zip(edges.start.tolist(), edges.end.tolist(), gains.tolist(), strict=True))
        for start, end, gain in sorted(rows):
            forward[end] = max(forward[end], forward[start] + gain)
        for start, end, gain in sorted(rows, reverse=True):
            backward[start] = max(backward[start], backward[end] + gain)
        totals = forward[edges.start] + gains + backward[edges.end]
        least = totals.max() - PART_BEAM
        if len(totals) > most:
            least = max(least, float(np.partition(totals, -most)[-most]))
        return edges.at(totals >= least)


@dataclass(frozen=True, slots=True)
class Reading:
    """The lattice of a piece.

    Attributes:
        printed: the piece.
        edges: in the order of their start.
        size: nodes of the lattice, but for its first.
        starts, ends: the nodes of each edge, from 0 to `size`.
        cautious: whether the text around is right, so that only a slip explains a change; the first edge keeps it.
        noisy: whether small letters may be printed as capitals.
        mended: what the piece becomes by grammar alone, and the probability that this is right.
        poor: whether no way to read the piece is likely, so that a space in it may be lost, or one be too many.
        spells: whether the piece is made of damaged words.
        texts: of each edge what it prints, where that is neither its characters nor its word; None where nothing is
            disputed between two engines.
    """

    printed: str
    edges: Edges
    size: int
    starts: Numbers
    ends: Numbers
    cautious: bool = False
    noisy: bool = False
    mended: tuple[str, float] | None = None
    poor: bool = False
    spells: bool = False
    texts: tuple[str | None, ...] | None = None

    def original(self, index: int) -> str:
        """Return what is printed where the edge at `index` stands."""
        return self.printed[self.edges.start[index] : self.edges.end[index]]

    def text(self, index: int) -> str:
        """Return what the edge at `index` prints."""
        if self.texts and (text := self.texts[index]) is not None:
            return text
        printed = self.original(index)
        if self.edges.kept[index]:
            return printed
        word = load_language_model().words[self.edges.word[index]]
        return _in_case(word, printed, noisy=self.noisy)


def to_reading(printed: str, edges: Edges) -> Reading:
    """Return the lattice of `edges`, which lead from the beginning of `printed` to its end."""
    count = len(edges.start)
    if count == 1 or (edges.start.max() == 0 and edges.end.min() == len(printed)):
        return Reading(printed, edges, 1, np.zeros(count, np.int64), np.ones(count, np.int64))
    edges = edges.at(np.argsort(edges.start * 1000 + edges.end, kind="stable"))
    used = np.zeros(len(printed) + 1, np.int64)
    used[edges.start] = used[edges.end] = 1
    places = np.cumsum(used) - 1
    return Reading(printed, edges, int(places[-1]), places[edges.start], places[edges.end])


@lru_cache(maxsize=1 << 15)
def keep(printed: str, item: str | None, *, mended: tuple[str, float] | None = None) -> Reading:
    """Return the reading of what is never changed, or by grammar alone, and is `item` to the language model."""
    word = NO_WORD if item is None else load_language_model().number(item)
    return replace(to_reading(printed, Edges.literal(0, len(printed), word)), mended=mended)


def number_of(printed: str, *, upper: bool) -> int:
    """Return what the language model knows a printed word by; `upper` tells whether its line is in capitals."""
    return load_language_model().number(vocabulary_item(printed.lower() if upper else printed))


@lru_cache(maxsize=1 << 15)
def _in_case(word: str, printed: str, *, noisy: bool) -> str:
    """Return `word` in the case that `printed` shows; an acronym has its own. Where case is `noisy`, BO may be Bộ.

    >>> _in_case("bộ", "BO", noisy=True), _in_case("bộ", "BO", noisy=False), _in_case("TTg", "TTG", noisy=True)
    ('Bộ', 'BỘ', 'TTg')
    >>> _in_case("khí", "KHi", noisy=False), _in_case("góp", "GOp", noisy=True)
    ('KHÍ', 'Góp')
    """
    if not word.islower():
        return word
    if noisy and count_capitals(printed) > 1 and len(printed) <= _ACRONYM_SIZE:
        return word[:1].upper() + word[1:]
    return word.upper() if count_capitals(printed) > 1 else match_case(word, printed)
