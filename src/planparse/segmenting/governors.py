"""Units that govern what stands below or behind them: a heading, a line above bullets, the beginning of a paragraph.

"Sở Nội vụ", "4. Trách nhiệm của Sở Nội vụ", "Giao Sở Nội vụ:", "Bộ Tài chính: (1) …". A text governs only where it
consists of units, with what leads to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import regex

from planparse.language.bodies import opens_name
from planparse.language.lists import list_end
from planparse.language.words import split_words
from planparse.segmenting.duties import MAX_READ, Range

_NOTE = regex.compile(r"\s*(?:\([^)]*\)|\[\d+\])\s*$")
# "Trách nhiệm của Sở Nội vụ", "Đối với các sở, ngành"
_ABOUT = regex.compile(
    r"(?:(?:trách nhiệm|nhiệm vụ|nhiệm vụ cụ thể|phân công)(?: của| cho)?|đối với|về phía|đồng chí)\s+",
    regex.IGNORECASE,
)
_HAS_DUTY = regex.compile(r",?\s*(?:có|chịu) (?:trách nhiệm|nhiệm vụ)\s*$")
_GIVES = regex.compile(r"(?:giao(?: cho)?|phân công)\s+", regex.IGNORECASE)
_ASKS = regex.compile(r"(?:đề nghị|yêu cầu)\s+", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Governor:
    """Units that govern what stands below them ("Sở Nội vụ:", "Giao Sở Nội vụ:").

    Attributes:
        units: where they stand in the text.
        gives: whether what is below is given to them by that word alone.
    """

    units: Range
    gives: bool


@lru_cache(maxsize=8192)
def read_governor(text: str) -> Governor | None:
    """Return the units that `text`, a heading or a line that ends in a colon, consists of; None where it says more.

    >>> governor = read_governor("Giao Sở Nội vụ:")
    >>> governor.units, governor.gives, read_governor("Nâng cao nhận thức:")
    ((5, 14), True, None)
    """
    if len(text) > MAX_READ:
        return None
    end = len(text.rstrip(" .:;,"))
    while note := _NOTE.search(text, 0, end):
        end = len(text[: note.start()].rstrip())
    if duty := _HAS_DUTY.search(text, 0, end):
        end = duty.start()
    gives = _GIVES.match(text)
    opener = gives or _ASKS.match(text) or _ABOUT.match(text)
    start = opener.end() if opener else 0
    named = text[start:end]
    if named.isupper():
        named = _sentence_case(named)
    words = split_words(named)
    if not words or not opens_name(words, 0) or list_end(words, 0) < len(words):
        return None
    return Governor((start, end), gives=gives is not None)


def gives_work(text: str) -> bool:
    """Tell whether `text` is a sentence that gives the work below it ("Giao Sở Nội vụ:"), no heading."""
    governor = read_governor(text)
    return governor is not None and governor.gives


def read_run_in_governor(text: str) -> tuple[Governor, int] | None:
    """Return the units before the first colon of `text`, and where what they govern begins: "Bộ Tài chính: (1) …"."""
    colon = text.find(":")
    while 0 < colon < MAX_READ:
        governor = read_governor(text[:colon])
        if governor:
            return governor, colon + 1
        if not opens_name(split_words(text[:colon]), 0):
            return None
        colon = text.find(":", colon + 1)
    return None


def _sentence_case(text: str) -> str:
    """Return capitals as a sentence writes names: each word with one capital, connectives small."""
    small = {"và", "các", "thuộc", "của", "cùng", "với"}
    return " ".join(word.lower() if word.lower() in small else word.capitalize() for word in text.split(" "))
