"""Where the name of a body begins: at a word that bodies are called by ("Sở"), or a plural ("các sở, ngành")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planparse.language.words import phrase_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.language.words import Word

NAMES = ("names", "persons")
"""What names begin with: bodies, and who holds an office."""
COMMON = ("general", "places")
"""Words for bodies and places of a kind, of which lists consist: "sở, ngành", "xã, phường"."""
GENERAL = (*COMMON, "small_names", "persons")
"""Words for bodies, places and people, written in small letters."""
NO_NAMES = ("verbs", "weak_verbs", "no_names", "not_names")
"""What begins as a name does, but is work, or carries a name on."""

_ANYBODY = frozenset(
    {"các", "những", "mọi", "cơ", "quan", "đơn", "vị", "tổ", "chức", "cá", "nhân", "có", "liên", "khác", "và", "hoặc"}
)
"""The words of a list that may mean anybody: "các cơ quan, đơn vị, tổ chức, cá nhân có liên quan"."""


def opens_name(words: Sequence[Word], index: int) -> bool:
    """Tell whether the name of a body begins there: capitalized, or a plural ("các sở"), or its kind ("cơ quan Thuế").

    "Báo cáo" and "Trường hợp" are no bodies, though "Báo" and "Trường" are: the longer reading counts.
    """
    if index >= len(words):
        return False
    if plural := is_plural(words, index):
        return phrase_length(words, index + plural, *GENERAL, *NAMES) > 0
    if words[index].capital:
        return opens_proper_name(words, index) or opens_person(words, index)
    kind = phrase_length(words, index, "kinds")
    return opens_person(words, index) or (kind > 0 and index + kind < len(words) and words[index + kind].capital)


def opens_proper_name(words: Sequence[Word], index: int) -> bool:
    """Tell whether a body's name begins at a capital there."""
    if not words[index].capital or is_prevention(words, index):
        return False
    name = phrase_length(words, index, *NAMES)
    return name >= max(1, phrase_length(words, index, *NO_NAMES))


def opens_person(words: Sequence[Word], index: int) -> bool:
    """Tell whether a person is named there: "đồng chí Nguyễn Văn An", "Ông Trần Bình", but not "đồng chí Bộ trưởng"."""
    end = index + phrase_length(words, index, "titles")
    capitals = words[end : end + 2]
    return (
        end > index and len(capitals) > 1 and all(map(_is_given_name, capitals)) and not opens_proper_name(words, end)
    )


def _is_given_name(word: Word) -> bool:
    return word.capital and not word.acronym


def is_plural(words: Sequence[Word], index: int) -> int:
    """Return of how many words the plural is that opens a collective there ("các", "tất cả"); 0 where none does."""
    return phrase_length(words, index, "plurals")


def is_named(words: Sequence[Word]) -> bool:
    """Tell whether a list names somebody: more than "các cơ quan, đơn vị có liên quan", which may be anybody."""
    return any(word.lower not in _ANYBODY for word in words if word.text.isalnum())


def is_prevention(words: Sequence[Word], index: int) -> bool:
    """Tell whether "phòng, chống" stands at `words[index]`: work, or part of a name, but no room (phòng)."""
    return [word.lower for word in words[index : index + 3]] == ["phòng", ",", "chống"]
