"""A printed piece of damaged text → the lattice of what it may be read as.

A piece is all that stands between two spaces. It may be one word, two that run together, or words, numbers and signs in
any order; a sign may be part of a letter.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import regex

from planparse.restoring.candidates import search, search_bare
from planparse.restoring.channel import Channel
from planparse.restoring.decoding import NO_WORD
from planparse.restoring.document_numbers import mend_number
from planparse.restoring.language_model import BOUNDARY, CODE, NUMBER, UNKNOWN, load_language_model
from planparse.restoring.lattice import PART_BEAM, Edges, Reading, keep, number_of, to_reading
from planparse.restoring.looks import is_written_short
from planparse.restoring.pairs import PAIRED
from planparse.restoring.tokens import Kind, classify, is_roman, peel, vocabulary_item
from planparse.text import has_marks, is_syllable

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIMITS, _SPLIT_LIMITS = (32, 12), (32, 14)
"""Candidates of a word and of a part of a piece; the same where words are split, which is worse damage."""

_EDGES = 40
"""Edges of a piece that is read in parts."""

_STRANGER, _STRANGER_LETTER, _STRANGER_CAPITAL = -6.0, -2.4, -3.0
"""log P that a printed word outside the vocabulary is meant so, and what each of its letters, and each capital among
small ones, adds: names, English."""

_STRANGE_ACRONYM = -7.0
"""The same for an acronym, which any letters make."""

_LOST_SPACE, _INNER_SIGN, _OUTER_SIGN, _ODD_SIGN, _LONE_SIGN = -6.5, -5.0, -0.5, -3.0, -8.0
"""log P that the space between two words is lost, that a sign stands between letters, that one of the usual signs
stands around a word, that any other does, and that such a one stands alone."""

_LONE_GLYPH = -12.0
"""The same for one of `GLYPHS`, signs as large as a letter: 9 of 10 that stand alone on held-out pages and on pages of
plans are a word. How far below _LONE_SIGN is a guess."""
GLYPHS = frozenset("¢€£¥§©®&")

_NUMBER_GLYPH = -6.0
"""The same, beside that of the sign, for a digit and one of `GLYPHS`: `1&` is "lệ", `¢6` "có"; `100€` are euros."""

_SCRAP = -6.0
"""log P that a sign of `_SCRAPS` was typed after a word; that the scan left it there is as likely as any odd sign."""
_SCRAP_SIGNS = "¢€£¥§©®&~^`|"
_SCRAPS = frozenset(_SCRAP_SIGNS)
"""Signs that no Vietnamese word ends with: what engines make of a tone mark set apart, or of dirt."""

_QUOTES = "'‘’"
"""Single quotes, which Vietnamese hardly uses: before a word, and closed nowhere, they are what is left of a mark."""

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

_USUAL = frozenset(".,;:!?()[]\"'“”‘’/-–—…+%* ")
_PARTS = regex.compile(r"\d[\d.,/:-]*\d | \d | [^\p{L}\p{N}]+", regex.VERBOSE)

_RUN = regex.compile(r"(?<![\p{L}\p{M}\p{N}])[\p{L}\p{M}]+(?![\p{L}\p{M}\p{N}])")
_END = regex.compile(r"[.;:!?…]")


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
        self._known: dict[tuple[str, bool, bool], Reading] = {}

    def read(self, printed: str, *, upper: bool, loose: bool = False) -> Reading:
        """Return the reading of a piece.

        Args:
            printed: what stands between two spaces.
            upper: whether its line is a heading in capitals.
            loose: whether a bracket or quote around it has no partner, see `planparse.restoring.pairs`.
        """
        key = (printed, upper, loose)
        reading = self._known.get(key)
        if reading is None:
            reading = self._known[key] = self._read(printed, upper=upper, loose=loose)
        return reading

    def join(self, group: Sequence[Reading], *, upper: bool) -> Reading:
        """Return one reading of pieces with one space between each two, where words may go across the spaces."""
        if len(group) == 1:
            return group[0]
        text = " ".join(piece.printed for piece in group)
        key = (text, upper, False)
        if key not in self._known:
            parts, place = [], 0
            for piece in group:
                parts.append(piece.edges.shifted(place))
                last = place + len(piece.printed)
                if last < len(text):
                    parts.append(Edges.literal(last, last + 1, NO_WORD))
                    found = self._words_from(text, place)
                    parts.append(found.at(found.end > last))
                place = last + 1
            edges = Edges.chain(parts).near_best(len(text), _EDGES * len(group))
            self._known[key] = replace(to_reading(text, edges), noisy=self.noisy and not upper, spells=True)
        return self._known[key]

    def _read(self, printed: str, *, upper: bool, loose: bool) -> Reading:
        kind = classify(printed)
        if kind is Kind.FIXED or len(printed) > _LONGEST:
            return keep(printed, UNKNOWN)
        if kind is Kind.CODE:
            return keep(printed, CODE, mended=mend_number(printed, self.channel))
        lead, core, trail = peel(printed)
        start, end = len(lead), len(lead) + len(core)
        parts = _signs(end, lead, trail, loose=loose)
        if kind is Kind.NUMBER:
            glyph = len(core) == 1 and not GLYPHS.isdisjoint(lead + trail)
            evidence = _DIGIT * sum(map(str.isdigit, core)) + _NUMBER_GLYPH * glyph
            parts.append(Edges.literal(start, end, _number(NUMBER), evidence))
            if core.isdigit() and len(core) <= _WORD_SIGNS:
                parts.append(self._words(core, start))
                if glyph:
                    parts.append(self._words(printed, 0))
            return replace(to_reading(printed, Edges.chain(parts)), noisy=self.noisy and not upper)
        whole = self._whole(core, start, upper=upper) if core else self._words(printed, 0)
        parts += [
            whole,
            *self._between_signs(core, start, upper=upper),
            *self._without_scraps(whole, lead, core, trail, loose=loose),
        ]
        if loose:
            parts.append(self._words(printed, 0))
        best = whole.gains().max(initial=-np.inf)
        least, letter = _WELL_READ_SPLIT if self.joins else _WELL_READ
        poor = bool(best < least + letter * len(core)) if core else False
        clean = core.isalpha() and not loose and all(sign in _USUAL for sign in lead + trail)
        if core and (poor or not clean):
            parts = [Edges.chain(self._parts(printed, lead, parts)).near_best(len(printed), _EDGES)]
        return replace(to_reading(printed, Edges.chain(parts)), noisy=self.noisy and not upper, poor=poor, spells=True)

    def _whole(self, core: str, start: int, *, upper: bool) -> Edges:
        """Return the edges over the core: the printed word itself, and the words it may stand for."""
        number = number_of(core, upper=upper)
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

    def _without_scraps(self, whole: Edges, lead: str, core: str, trail: str, *, loose: bool) -> list[Edges]:
        """Return the edges over what `core` may stand for and the scraps around it, which drop them: "Kế¢" → "Kế"."""
        quotes = len(lead) - len(lead.rstrip(_QUOTES)) if loose else 0
        scraps = len(trail) - len(trail.lstrip(_SCRAP_SIGNS + _QUOTES if loose else _SCRAP_SIGNS))
        if not (self.noisy and (quotes or (scraps and core.isalpha()))):
            return []
        spelt = is_syllable(core) and has_marks(core)
        words = whole.at((whole.word != _number(UNKNOWN)) & (~whole.kept | spelt))
        evidence = words.evidence + np.float32(_ODD_SIGN * (quotes + scraps))
        kept = np.zeros(len(words.word), bool)
        return [Edges(words.start - quotes, words.end + scraps, words.word, kept, evidence)]

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
            return Edges.none()
        words, ends, logs = search(core, self.channel, self._limit)
        return Edges.of_words(start, ends, words, logs)

    def _parts(self, printed: str, lead: str, parts: list[Edges]) -> list[Edges]:
        """Return the edges of `parts`, and of the words within the piece on ways that may come near the best."""
        found = list(parts)
        gains = [edges.gains() for edges in found]
        forward = np.full(len(printed) + 1, -np.inf, np.float32)
        forward[0] = 0.0
        for start in range(len(printed)):
            if forward[start] > forward[-1] - PART_BEAM:
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
        return Edges.of_words(start, ends, words, logs)


class BareReader(Reader):
    """Reads text that was typed without marks: nothing else is lost."""

    noisy = False

    def __init__(self) -> None:
        super().__init__(Channel({"bare": 1.0}), joins=False)

    def _words(self, core: str, start: int) -> Edges:
        if not core.isalpha():
            return Edges.none()
        known = load_language_model().numbers.get(vocabulary_item(core))
        words = np.unique(np.append(search_bare(core), [] if known is None else [known])).astype(np.int64)
        return Edges.of_words(start, np.full(len(words), len(core)), words, np.zeros(len(words), np.float32))

    def _parts(self, printed: str, lead: str, parts: list[Edges]) -> list[Edges]:  # noqa: ARG002 (nothing runs together)
        return parts


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


def _signs(end: int, lead: str, trail: str, *, loose: bool) -> list[Edges]:
    """Return the edges over the signs around the core of a piece: an end of a clause, or nothing to the model.

    A word may take the first of the signs after it.
    """
    lone = end == len(lead) and not trail
    parts = [_sign_edge(0, lead, lone=lone, loose=loose)] if lead else []
    rests = range(len(trail)) if _SCRAPS & {*trail} else range(min(1, len(trail)))
    return parts + [_sign_edge(end + place, trail[place:], lone=lone, loose=loose) for place in rests]


def _sign_edge(place: int, signs: str, *, lone: bool, loose: bool) -> Edges:
    word = _number(BOUNDARY) if _END.search(signs) else NO_WORD
    return Edges.literal(place, place + len(signs), word, sum(_odd(sign, lone=lone, loose=loose) for sign in signs))


def _odd(sign: str, *, lone: bool, loose: bool) -> float:
    """Return log P of a sign around a word, or alone; one of a pair that is `loose` is odd."""
    if sign in _USUAL and not (loose and sign in PAIRED):
        return _OUTER_SIGN
    if lone:
        return _LONE_GLYPH if sign in GLYPHS else _LONE_SIGN
    return _SCRAP if sign in _SCRAPS or sign in _QUOTES else _ODD_SIGN


def _number(item: str) -> int:
    return load_language_model().number(item)
