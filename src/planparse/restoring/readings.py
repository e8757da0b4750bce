"""A printed piece of a line → what it may be read as: a small lattice over its characters.

A piece of damaged text is all that stands between two spaces. It may be one word, two that run together, or words,
numbers and signs in any order; a sign may be part of a letter. Each edge is one of these, with log P(printed | meant).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import regex

from planparse.restoring.candidates import count_capitals, search, search_bare
from planparse.restoring.channel import PLACES, Channel
from planparse.restoring.decoding import NO_WORD
from planparse.restoring.document_numbers import mend_number
from planparse.restoring.language_model import BOUNDARY, CODE, NUMBER, UNKNOWN, load_language_model
from planparse.restoring.looks import is_written_short
from planparse.restoring.tokens import Kind, classify, is_roman, vocabulary_item
from planparse.text import is_syllable, match_case

if TYPE_CHECKING:
    from collections.abc import Sequence

Numbers = npt.NDArray[np.int64]
Logs = npt.NDArray[np.float32]

_LIMITS, _SPLIT_LIMITS, _SLIP_LIMIT = (14, 8), (28, 14), 5
"""Candidates of a word in damaged text and of a part of a piece; the same where words are split, which is worse damage;
those of a word in right text, where a slip is nearly always among the nearest."""

_EDGES, _PART_BEAM = 40, 12.0
"""Edges of a piece that is read in parts, and nats below the best way to read it at which an edge is given up."""

SLIP = 0.0025
"""The share of words that right text is expected to have wrong before it is looked at."""

_LOG_SLIP = np.float32(np.log(SLIP))

_LEAST_SLIP = 1e-6
"""The least chance that a word is not printed as it is meant; keeps the logarithm finite."""

_STRANGER, _STRANGER_LETTER, _STRANGER_CAPITAL = -6.0, -2.4, -3.0
"""log P that a printed word outside the vocabulary is meant so, and what each of its letters, and each capital among
small ones, adds: names, English."""

_STRANGE_ACRONYM = -7.0
"""The same for an acronym, which any letters make."""

_LOST_SPACE, _INNER_SIGN, _OUTER_SIGN, _ODD_SIGN, _LONE_SIGN = -6.5, -5.0, -0.5, -3.0, -8.0
"""log P that the space between two words is lost, that a sign stands between letters, that one of the usual signs
stands around a word, that any other does, and that such a one stands alone."""

_DIGIT, _INNER_NUMBER = -2.3, -4.0
"""log P of one digit, ten of which are alike, and that a number stands in a piece with letters."""

_WELL_READ, _WELL_READ_SPLIT = (-11.0, -1.0), (-8.0, -0.7)
"""log P, and what each character adds, from which a piece is one word and not read in parts; and where words are
split."""

_WINDOW, _LONGEST = 12, 40
"""Characters within which a word of a piece ends; past which a piece is neither a word nor some that run together."""

_LONGEST_WORD = 16
"""Characters past which a piece is no word: the longest syllable has 7, and damage seldom doubles it."""

_WORD_SIGNS = 3
"""Up to so many digits or signs alone may be a word: `13` for "là", `&` for "ở"."""

_ACRONYM_SIZE = 3
"""Up to so many capitals among small letters are a word whose letters look alike in both cases: BO for Bộ."""

_USUAL = frozenset(".,;:!?()[]\"'“”‘’/-–—…+%* ")
_PARTS = regex.compile(r"\d[\d.,/:-]*\d | \d | [^\p{L}\p{N}]+", regex.VERBOSE)
_MANY = 1 << 16
"""More than there are words."""

_RUN = regex.compile(r"(?<![\p{L}\p{M}\p{N}])[\p{L}\p{M}]+(?![\p{L}\p{M}\p{N}])")
_END = regex.compile(r"[.;:!?…]")


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


def _reading(printed: str, edges: Edges) -> Reading:
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
    return replace(_reading(printed, Edges.literal(0, len(printed), word)), mended=mended)


class Reader:
    """Reads pieces of damaged text, under one channel; the same piece once.

    Attributes:
        joins: whether words may go across spaces.
    """

    noisy = True

    def __init__(self, channel: Channel, *, joins: bool = True) -> None:
        self.channel = channel
        self.joins = joins
        self._limit, self._part_limit = _SPLIT_LIMITS if joins else _LIMITS
        self._known: dict[tuple[str, bool], Reading] = {}

    def read(self, printed: str, *, upper: bool) -> Reading:
        """Return the reading of a piece; `upper` tells whether its line is a heading in capitals."""
        key = (printed, upper)
        reading = self._known.get(key)
        if reading is None:
            reading = self._known[key] = self._read(printed, upper=upper)
        return reading

    def join(self, pieces: Sequence[str], *, upper: bool) -> Reading:
        """Return the reading of pieces with one space between each two, where words may go across the spaces."""
        if len(pieces) == 1:
            return self.read(pieces[0], upper=upper)
        text = " ".join(pieces)
        key = (text, upper)
        if key not in self._known:
            parts, place = [], 0
            for piece in pieces:
                parts.append(self.read(piece, upper=upper).edges.shifted(place))
                last = place + len(piece)
                if last < len(text):
                    parts.append(Edges.literal(last, last + 1, NO_WORD))
                    found = self._words_from(text, place)
                    parts.append(found.at(found.end > last))
                place = last + 1
            edges = _near_best(Edges.chain(parts), len(text), _EDGES * len(pieces))
            self._known[key] = replace(_reading(text, edges), noisy=self.noisy and not upper, spells=True)
        return self._known[key]

    def _read(self, printed: str, *, upper: bool) -> Reading:
        kind = classify(printed)
        if kind is Kind.FIXED or len(printed) > _LONGEST:
            return keep(printed, UNKNOWN)
        if kind is Kind.CODE:
            return keep(printed, CODE, mended=mend_number(printed, self.channel))
        lead, core, trail = _peel(printed)
        start, end = len(lead), len(lead) + len(core)
        parts = _signs(end, lead, trail)
        if kind is Kind.NUMBER:
            parts.append(Edges.literal(start, end, _number(NUMBER), _DIGIT * sum(map(str.isdigit, core))))
            if core.isdigit() and len(core) <= _WORD_SIGNS:
                parts.append(self._words(core, start))
            return replace(_reading(printed, Edges.chain(parts)), noisy=self.noisy and not upper)
        whole = self._whole(core, start, upper=upper) if core else self._words(printed, 0)
        parts += [whole, *self._between_signs(core, start, upper=upper)]
        best = whole.gains().max(initial=-np.inf)
        least, letter = _WELL_READ_SPLIT if self.joins else _WELL_READ
        poor = bool(best < least + letter * len(core)) if core else False
        clean = core.isalpha() and all(sign in _USUAL for sign in lead + trail)
        if core and (poor or not clean):
            parts = [_near_best(Edges.chain(self._parts(printed, lead, parts)), len(printed), _EDGES)]
        return replace(_reading(printed, Edges.chain(parts)), noisy=self.noisy and not upper, poor=poor, spells=True)

    def _whole(self, core: str, start: int, *, upper: bool) -> Edges:
        """Return the edges over the core: the printed word itself, and the words it may stand for."""
        number = _number_of(core, upper=upper)
        marked = core.isalpha() and is_syllable(core) and any(char > "\xff" for char in core)
        if marked or (is_roman(core) and not upper):
            return Edges.literal(start, start + len(core), number)
        evidence = _STRANGE_ACRONYM if is_written_short(core, upper) else _STRANGER + _STRANGER_LETTER * len(core)
        evidence += _INNER_SIGN * sum(not char.isalnum() for char in core)
        if not core.isupper():
            evidence += _STRANGER_CAPITAL * sum(map(str.isupper, core[1:]))
        if len(core) > _LONGEST_WORD:
            return Edges.literal(start, start + len(core), number, evidence)
        words = self._words(core, start)
        same = words.word == number
        if same.any():
            evidence = float(words.evidence[same][0])
        return Edges.chain([Edges.literal(start, start + len(core), number, evidence), words.at(~same)])

    def _between_signs(self, core: str, start: int, *, upper: bool) -> list[Edges]:
        """Return the edges over the numbers and signs within a piece, and over what stands between them."""
        if core.isalpha():
            return []
        found = _literals(core, start)
        for run in _RUN.finditer(core):
            if len(run.group()) < len(core):
                found.append(self._whole(run.group(), start + run.start(), upper=upper))
        return found

    def _words(self, core: str, start: int) -> Edges:
        """Return the likeliest words that `core` may stand for."""
        if len(core) > (_LONGEST_WORD if any(map(str.isalnum, core)) else _WORD_SIGNS):
            return _no_edges()
        words, ends, logs = search(core, self.channel, self._limit)
        return _edges(start, ends, words, logs)

    def _parts(self, printed: str, lead: str, parts: list[Edges]) -> list[Edges]:
        """Return the edges of `parts`, and of the words within the piece on ways that may come near the best."""
        found = list(parts)
        gains = [edges.gains() for edges in found]
        forward = np.full(len(printed) + 1, -np.inf, np.float32)
        forward[0] = 0.0
        for start in range(len(printed)):
            if forward[start] > forward[-1] - _PART_BEAM:
                words = self._words_from(printed, start)
                if start > len(lead) and printed[start - 1].isalnum():
                    words.evidence += np.float32(_LOST_SPACE)
                found.append(words)
                gains.append(words.gains())
                for edges, gain in zip(found, gains, strict=True):
                    here = edges.start == start
                    np.maximum.at(forward, edges.end[here], forward[start] + gain[here])
        return found

    def _words_from(self, printed: str, start: int) -> Edges:
        """Return the likeliest words that may begin at `start` of a piece, wherever they end."""
        words, ends, logs = search(printed[start : start + _WINDOW], self.channel, self._part_limit, partial=True)
        return _edges(start, ends, words, logs)


class BareReader(Reader):
    """Reads text that was typed without marks: nothing else is lost."""

    noisy = False

    def __init__(self) -> None:
        super().__init__(Channel({"bare": 1.0}), joins=False)

    def _words(self, core: str, start: int) -> Edges:
        if not core.isalpha():
            return _no_edges()
        known = load_language_model().numbers.get(vocabulary_item(core))
        words = np.unique(np.append(search_bare(core), [] if known is None else [known])).astype(np.int64)
        return _edges(start, np.full(len(words), len(core)), words, np.zeros(len(words), np.float32))

    def _parts(self, printed: str, lead: str, parts: list[Edges]) -> list[Edges]:  # noqa: ARG002 (nothing runs together)
        return parts


def _peel(printed: str) -> tuple[str, str, str]:
    """Return the signs before the core of a piece, the core, and the signs after it.

    >>> _peel("(khu,vuc):"), _peel("...")
    (('(', 'khu,vuc', '):'), ('...', '', ''))
    """
    core = printed.lstrip(_signs_of(printed))
    lead = printed[: len(printed) - len(core)]
    bare = core.rstrip(_signs_of(core))
    return lead, bare, core[len(bare) :]


def _signs_of(text: str) -> str:
    return "".join(char for char in text if not char.isalnum())


def _no_edges() -> Edges:
    return _edges(0, np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))


def _edges(start: int, lengths: Numbers, words: Numbers, logs: Logs) -> Edges:
    """Return the edges from `start` to words of so many characters."""
    count = len(words)
    return Edges(np.full(count, start), start + lengths, words, np.zeros(count, bool), logs)


def _near_best(edges: Edges, length: int, most: int) -> Edges:
    """Return the edges on ways through the piece that are not far from the best one, as the model sees single words."""
    _, first = np.unique((edges.start * length + edges.end) * _MANY + edges.word, return_index=True)
    edges = edges.at(first)
    gains = edges.gains()
    forward, backward = np.full(length + 1, -np.inf), np.full(length + 1, -np.inf)
    forward[0] = backward[length] = 0.0
    rows = list(zip(edges.start.tolist(), edges.end.tolist(), gains.tolist(), strict=True))
    for start, end, gain in sorted(rows):
        forward[end] = max(forward[end], forward[start] + gain)
    for start, end, gain in sorted(rows, reverse=True):
        backward[start] = max(backward[start], backward[end] + gain)
    totals = forward[edges.start] + gains + backward[edges.end]
    least = totals.max() - _PART_BEAM
    if len(totals) > most:
        least = max(least, float(np.partition(totals, -most)[-most]))
    return edges.at(totals >= least)


def _literals(core: str, offset: int) -> list[Edges]:
    """Return the numbers and signs within a piece, as they are printed."""
    found = []
    for part in _PARTS.finditer(core):
        text, start, end = part.group(), offset + part.start(), offset + part.end()
        if text[0].isdigit():
            evidence = _INNER_NUMBER + _DIGIT * sum(map(str.isdigit, text))
            found.append(Edges.literal(start, end, _number(NUMBER), evidence))
        else:
            found.append(Edges.literal(start, end, NO_WORD, _INNER_SIGN * len(text)))
    return found


def _signs(end: int, lead: str, trail: str) -> list[Edges]:
    """Return the edges over the signs around the core of a piece: an end of a clause, or nothing to the model."""
    parts = []
    for place, signs in ((0, lead), (end, trail)):
        if signs:
            word = _number(BOUNDARY) if _END.search(signs) else NO_WORD
            lone = end == len(lead) and not trail
            evidence = sum(_OUTER_SIGN if sign in _USUAL else _LONE_SIGN if lone else _ODD_SIGN for sign in signs)
            parts.append(Edges.literal(place, place + len(signs), word, evidence))
    return parts


def _number(item: str) -> int:
    return load_language_model().number(item)


def _number_of(printed: str, *, upper: bool) -> int:
    return _number(vocabulary_item(printed.lower() if upper else printed))


@lru_cache(maxsize=1 << 16)
def read_right(printed: str, upper: bool, shift: float = 0.0) -> Reading:  # noqa: FBT001 (a cache's key)
    """Return the reading of a word in text that is right: itself, or a word that one slip may have turned into it.

    `shift` is added to the log probability of a slip.
    """
    if is_roman(printed) or printed in "IVX" or is_written_short(printed, upper):
        return keep(printed, vocabulary_item(printed))
    model = load_language_model()
    number = _number_of(printed, upper=upper)
    kept = Edges.literal(0, len(printed), number)
    words, ends, logs = search(printed, load_vietnamese(), _SLIP_LIMIT)
    lowered = printed.lower()
    best = [
        place for place, word in enumerate(words.tolist()) if word != number and model.words[word].lower() != lowered
    ]
    if not best:
        return replace(_reading(printed, kept), cautious=True)
    slips = np.array([_slip(model.words[words[place]]) for place in best], np.float32)
    others = _edges(0, ends[best], words[best], logs[best] - slips + np.float32(_LOG_SLIP + shift))
    return replace(_reading(printed, Edges.chain([kept, others])), cautious=True)


@lru_cache(maxsize=1)
def load_vietnamese() -> Channel:
    """Return the channel of an engine that knows Vietnamese."""
    return Channel({"vie": 1.0})


@lru_cache(maxsize=1 << 14)
def _slip(word: str) -> float:
    """Return the log of the chance that `word` is not printed as it is meant."""
    channel = load_vietnamese()
    kept = 0.0
    for letter in word:
        if letter in PLACES:
            row = channel.row(letter)
            kept += float(channel.table[row, PLACES[letter]])
    return float(np.log(-np.expm1(kept - _LEAST_SLIP)))


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
