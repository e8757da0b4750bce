"""A text as words, numbers and abbreviations whole; its sentences; phrases of a table at a word."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import regex

from planparse.data import load_table
from planparse.text import fold, has_marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_PHRASE = 5
"""Words of the longest phrases of `data/assignments.toml` and `data/units.toml` that are looked up here."""

# "KH&CN", "12/KH-VP" whole; "chủ trì/phối hợp" word by word
_TOKEN = regex.compile(r"(?=\S{0,100}[\p{Lu}\d])(?:[.\-]{0,200}+[\p{L}\p{M}\d&/]++)++|[\p{L}\p{M}]+|\S")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a sign of a text: `text[start:end]`; `lower`: in small letters; `bare`: no mark is in all the text."""

    text: str
    start: int
    end: int
    lower: str
    bare: bool = False

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[:1].isupper()

    @property
    def acronym(self) -> bool:
        """Whether it is an abbreviation in capitals ("UBND", "KH&CN")."""
        return len(self.text) > 1 and self.text.isupper()


def split_words(text: str) -> tuple[Word, ...]:
    """Return the words and signs of `text`.

    >>> [word.text for word in split_words("Sở KH&CN, Bộ Y tế.")]
    ['Sở', 'KH&CN', ',', 'Bộ', 'Y', 'tế', '.']
    """
    bare = not has_marks(text)
    return tuple(Word(match[0], *match.span(), match[0].lower(), bare) for match in _TOKEN.finditer(text))


def split_sentences(text: str, stops: str = ".") -> Iterator[str]:
    """Yield the sentences of `text`: each ends at one of `stops` before a capital, not at the stop of "TP. Hà Nội".

    >>> list(split_sentences("Giao TP. Hà Nội. Sở Nội vụ theo dõi."))
    ['Giao TP. Hà Nội.', 'Sở Nội vụ theo dõi.']
    """
    begin = 0
    for gap in regex.finditer(rf"(?<=[{regex.escape(stops)}])\s+(?=\p{{Lu}})", text):
        if not ends_shortened(text, gap.start()):
            yield text[begin : gap.start()]
            begin = gap.end()
    yield text[begin:]


def ends_shortened(text: str, end: int) -> bool:
    """Tell whether the full stop before `end` is that of a shortened word: "TP.", "Q.", "đ/c."."""
    return bool(_shortened().search(text, max(0, end - LONGEST_SHORTENED), end))


LONGEST_SHORTENED = 8
"""Characters of the longest shortened word, with its stop and what is before it."""


@cache
def _shortened() -> regex.Pattern[str]:
    words = "|".join(map(regex.escape, load_table("assignments")["shortened"]))
    return regex.compile(rf"(?<![\p{{L}}\d])(?:{words})\.$", regex.IGNORECASE)


@cache
def phrases(*keys: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the phrases of these tables, in small letters: with their marks, and without any."""
    tables = load_table("units") | load_table("assignments")
    marked = frozenset(phrase.lower() for key in keys for phrase in tables[key])
    return marked, frozenset(map(fold, marked))


def phrase_length(words: Sequence[Word], index: int, *keys: str) -> int:
    """Return of how many words the longest phrase of these tables is that stands at `words[index]`; 0 where none does.

    A text without any marks is compared without them.

    >>> phrase_length(split_words("Sở Nội vụ phối hợp với"), 3, "verbs"), phrase_length(split_words("So"), 0, "names")
    (2, 1)
    """
    if not 0 <= index < len(words):
        return 0
    known = phrases(*keys)[words[index].bare]
    spoken = [word.lower for word in words[index : index + LONGEST_PHRASE]]
    return max((count for count in range(1, len(spoken) + 1) if " ".join(spoken[:count]) in known), default=0)


def is_phrase(words: Sequence[Word], *keys: str) -> bool:
    """Tell whether `words` are a phrase of these tables."""
    return bool(words) and phrase_length(words, 0, *keys) == len(words)


def begins_with(text: str, *keys: str) -> bool:
    """Tell whether `text` begins with a phrase of these tables."""
    return phrase_length(split_words(text), 0, *keys) > 0
