"""What words look like, before anything is known of what they mean."""

from __future__ import annotations

from collections import Counter
from enum import Enum, auto
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import regex

from planparse.restoring.language_model import load_language_model
from planparse.restoring.tokens import UPPER_LINE, Kind, classify, is_acronym, marker_end
from planparse.text import fold, is_syllable, is_upper

if TYPE_CHECKING:
    from collections.abc import Iterable

_BROKEN = regex.compile(r"\p{L}[^\p{L}\p{M}\p{N}/.,:;()&’'-]+\p{L} | \p{Ll}\d+\p{Ll}", regex.VERBOSE)
"""A sign that stands in no word of any language between two letters, or a digit between two small ones."""

_AROUND = regex.compile(r"^[^\p{L}\p{N}]+ | (?<![^\p{L}\p{N}])[^\p{L}\p{N}]+$", regex.VERBOSE)


class Look(Enum):
    """What a word looks like.

    Attributes:
        VIETNAMESE: a syllable with marks that no other language has.
        LATIN: with marks that other languages have too.
        PLAIN: a syllable without marks.
        NEAR: what a syllable is that lost its marks, and no syllable itself.
        ODD: neither.
        BROKEN: with signs or digits inside.
    """

    VIETNAMESE = auto()
    LATIN = auto()
    PLAIN = auto()
    NEAR = auto()
    ODD = auto()
    BROKEN = auto()


@lru_cache(maxsize=1 << 16)
def look_of(word: str) -> Look:
    """Return what `word` looks like.

    >>> [look_of(word).name for word in ("thường", "hành", "hanh", "thuong", "government", "ho~ch")]
    ['VIETNAMESE', 'LATIN', 'PLAIN', 'NEAR', 'ODD', 'BROKEN']
    """
    if _BROKEN.search(word):
        return Look.BROKEN
    if not is_syllable(word):
        if fold(word) not in _folded_syllables():
            return Look.ODD
        return Look.NEAR if word.isascii() else Look.LATIN
    if word.isascii():
        return Look.PLAIN
    return Look.LATIN if all(char <= "\xff" for char in word) else Look.VIETNAMESE


@cache
def _folded_syllables() -> frozenset[str]:
    return frozenset(fold(word) for word in load_language_model().words if is_syllable(word))


def is_written_short(word: str, upper: bool) -> bool:  # noqa: FBT001 (asked of every word)
    """Tell whether `word` is an acronym; in a heading in capitals (`upper`), only what cannot be a word is.

    >>> is_written_short("UBND", True), is_written_short("QUYET", True), is_written_short("UBND", False)
    (True, False, True)
    """
    return word.isupper() and is_acronym(word) and (not upper or look_of(fold(word)) is Look.ODD)


@lru_cache(maxsize=1 << 14)
def in_capitals(piece: str) -> bool:
    """Tell whether `piece` looks like a word of a heading in capitals, and like no acronym.

    >>> [in_capitals(piece) for piece in ("QUYET,", "KHi", "UBND", "2/QD", "Sở")]
    [True, True, False, False, False]
    """
    upper = sum(map(str.isupper, piece))
    most = upper > 1 and upper > sum(map(str.islower, piece))
    return most and look_of(fold(_AROUND.sub("", piece))) is not Look.ODD


@lru_cache(maxsize=1 << 16)
def _look_of_piece(piece: str, upper: bool) -> Look | None:  # noqa: FBT001 (a cache's key)
    """Return the look of what stands between two spaces.

    Numbers, single letters, acronyms and names of other languages look alike anywhere.
    """
    word = _AROUND.sub("", piece)
    if len(word) <= 1 or classify(piece) is not Kind.WORD or is_written_short(word, upper):
        return None
    look = look_of(word)
    return None if look is Look.ODD and word.istitle() else look


@lru_cache(maxsize=1 << 12)
def looks_in(line: str) -> tuple[Look, ...]:
    """Return the looks of the words of `line`."""
    upper = is_upper(line, share=UPPER_LINE)
    looks = (_look_of_piece(piece, upper) for piece in line[marker_end(line) :].split())
    return tuple(look for look in looks if look)


def look_shares(lines: Iterable[str]) -> dict[Look, float]:
    """Return the share of each look among the words of `lines`: what planparse.restoring.damage was filled with."""
    counts = Counter(look for line in lines for look in looks_in(line))
    return {look: counts[look] / max(counts.total(), 1) for look in Look}
