"""Names of units: what belongs to a name, whether it stands for several bodies, whether two name one body."""

from __future__ import annotations

from functools import cache, lru_cache, partial
from itertools import takewhile
from typing import TYPE_CHECKING

import regex

from planparse.data import load_table
from planparse.language.bodies import COMMON, GENERAL, is_plural
from planparse.language.words import begins_with, is_phrase, phrase_length, split_words
from planparse.language.work import VERBS, begins_work
from planparse.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planparse.language.words import Word

MAX_NAME = 2000
"""Characters of a text that may be one name; a longer one is no name, and is not looked through for others."""
MAX_ALIKE = 200
"""Names with which an abbreviation is compared: more than any province has communes."""
MAX_TAIL = 7
"""Words in small letters that end a name; of 185 names of one body in the labelled plans three have more."""
CLOSING = " \t.,;:-–"
MAX_NAME_WORDS = 18
"""Words of a name; a longer text is a sentence, in which the name ends before what the body has to do."""
_BEFORE_NO_DUTY = frozenset({"tong", "duoc", "bi", "va", "ve", "cua"})
"""Before a verb they carry a name on, or tell what is done with the body."""

_OPENERS = regex.compile(
    r"^(?:(?:và|giao|đề nghị|yêu cầu|mời|cùng|với|(?:chủ trì, )?phối hợp (?:với|cùng)|đồng thời|ngoài ra)"
    r"(?:[\s,]+|$))+",
    regex.IGNORECASE,
)
_BRACKETS = regex.compile(r"\s*\((?P<inner>[^()]*)\)?")
_ROLE = regex.compile(
    r"\s+(?:(?:đồng )?chủ trì|phối hợp|(?:là|làm) (?:(?:cơ quan|đơn vị) )?(?:thường trực|đầu mối|chủ trì))"
    r"(?: thực hiện)?$",
    regex.IGNORECASE,
)
_EXCEPT = regex.compile(r"(?:ngoại )?trừ\s", regex.IGNORECASE)
_SEVERAL = regex.compile(
    r"\b(?:các|cac|từng|mọi|tất cả)\s|\bcấp (?:xã|huyện|cơ sở)\b|\bcap (?:xa|huyen|co so)\b"
    r"|\b\d+ (?:xã|phường|huyện|sở|đơn vị|cơ quan|tỉnh)\b"
)
_Word = tuple[str, str]
"""A word of a name: as printed, and without marks."""

# One body, though "các" stands in its name
_SINGLE = regex.compile(r"(?:ban quan ly|bql|lien hiep|trung tam|vien|vu|cuc|quy|cong ty)\b")


def clean_name(name: str) -> str:
    """Return a name without abbreviations in brackets, qualifiers, and what the body has to do.

    >>> clean_name("Sở Giáo dục và Đào tạo (GDĐT) theo chức năng, nhiệm vụ được giao")
    'Sở Giáo dục và Đào tạo'
    """
    name = _OPENERS.sub("", squeeze(name).strip(CLOSING))
    name = _BRACKETS.sub(lambda match: match[0] if _is_parent(match["inner"], name[: match.start()]) else "", name)
    name = _without_qualifier(name).strip(CLOSING)
    return _ROLE.sub("", name).strip(CLOSING)


def _without_qualifier(name: str) -> str:
    place = _qualifiers().search(name.lower(), 1)
    return name[: place.start()] if place else name


@cache
def _qualifiers() -> regex.Pattern[str]:
    """Match a qualifier: with its marks, and as OCR may leave it, without any."""
    forms = {form for word in load_table("units")["qualifiers"] for form in (word, fold(word))}
    return regex.compile(rf"\s,?\s?(?:{'|'.join(sorted(forms, key=len, reverse=True))})\b")


def _is_parent(inner: str, name: str) -> bool:
    """Tell whether brackets hold a body above, places or whom the name leaves out: no abbreviation, no remark."""
    if _EXCEPT.match(inner):
        return True
    is_name = inner[:1].isupper() and any(word.islower() for word in inner.split())
    return is_name and not (len(name) <= MAX_NAME and is_same_unit(inner, name))


def duty_start(name: str) -> int | None:
    """Return where the verb of a sentence begins that stands for a name; None where `name` is only a name.

    >>> duty_start("Sở Tư pháp rà soát văn bản"), duty_start("Ban Chỉ đạo thực hiện quy chế dân chủ")
    (11, None)
    """
    words = split_words(name)
    sure = len(words) > MAX_NAME_WORDS or begins_with(name, "acting")
    outside = (index for index in _outside_brackets(words) if index)
    return next((words[index].start for index in outside if _is_duty(words, index, sure=sure)), None)


def is_work(clause: str) -> bool:
    """Tell whether a clause of a field says what is done, and names nobody: "hoàn thành trước 30/6"."""
    words = split_words(clause.strip(CLOSING))
    verb = phrase_length(words, 0, *VERBS)
    if not verb or words[0].capital or _OPENERS.match(clause):
        return False
    return verb > phrase_length(words, 0, *GENERAL)


def _outside_brackets(words: Sequence[Word]) -> Iterator[int]:
    depth = 0
    for index, word in enumerate(words):
        depth += (word.text == "(") - (word.text == ")")
        if depth == 0:
            yield index


def _is_duty(words: Sequence[Word], index: int, *, sure: bool) -> bool:
    """Tell whether a verb stands there that has an object and does not tell which bodies are meant.

    A weak verb is one where `sure`: behind a body whose names hold none, or in a text too long for a name.
    """
    if phrase_length(words, index, "adverbs"):
        return True
    verb = phrase_length(words, index, *VERBS)
    if not verb or fold(words[index - 1].text) in _BEFORE_NO_DUTY or not begins_work(words, index):
        return False
    if phrase_length(words, index, "duties"):
        return True
    if not sure and not phrase_length(words, index, "verbs"):
        return False
    following = " ".join(word.lower for word in words[index + verb : index + verb + 3])
    founded = any(is_phrase(words[start:index], "founded") for start in range(max(0, index - 3), index))
    has_object = bool(following) or sum(word.capital for word in words[:index]) > 1
    return has_object and not founded and not following.startswith(("liên quan", "có liên quan"))


def runs_on(name: str) -> bool:
    """Tell whether a name may hold work that no table knows: more small letters at its end than names have.

    >>> runs_on("Cục Kiểm tra văn bản quy phạm pháp luật"), runs_on("Đội Y tế đo huyết áp cho bà con bản xa nhất")
    (False, True)
    """
    tail = takewhile(lambda word: word.lower == word.text and word.text.isalpha(), reversed(split_words(name)))
    return len(list(tail)) > MAX_TAIL and not is_collective(name)


def is_collective(name: str) -> bool:
    """Tell whether `name` stands for several bodies: "các phòng, ban", "UBND xã, phường", "cơ quan liên quan"."""
    words = split_words(name)
    if is_plural(words, 0) or (name[:1].islower() and phrase_length(words, 0, *GENERAL)):
        return True
    if _SINGLE.match(fold(name)):
        return False
    return bool(_SEVERAL.search(" ".join(name.lower().split()[:7]))) or any(
        map(partial(_are_listed, words), range(len(words)))
    )


def _are_listed(words: Sequence[Word], index: int) -> bool:
    """Tell whether general words for bodies or places stand there with a comma between them: "xã, phường"."""
    end = index + phrase_length(words, index, *COMMON)
    return index < end < len(words) - 1 and words[end].text == "," and phrase_length(words, end + 1, *COMMON) > 0


def is_same_unit(one: str, other: str) -> bool:
    """Tell whether two names are of one body: letter for letter without marks, or one abbreviates words of the other.

    >>> is_same_unit("Sở GDĐT", "Sở Giáo dục và Đào tạo"), is_same_unit("UBND tỉnh", "Ủy ban nhân dân tỉnh")
    (True, True)
    >>> is_same_unit("Sở Nội vụ", "Sở Tài chính")
    False
    """
    return _is_same(_name_words(one), _name_words(other))


class Names:
    """Names of bodies; one is in them where any of them is of the same body, as `is_same_unit` tells.

    Two names in which nothing is short for anything are the same where their words are. So only with an abbreviation
    are names compared one by one, and with so many that the time for all grows as their number.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._spelt: set[tuple[str, ...]] = set()
        self._all: list[tuple[_Word, ...]] = []
        self._short: list[tuple[_Word, ...]] = []
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Add a name."""
        words = _name_words(name)
        self._spelt.add(_spelling(words))
        for names in (self._all, self._short) if any(map(_may_abbreviate, words)) else (self._all,):
            if len(names) < MAX_ALIKE:
                names.append(words)

    def __contains__(self, name: str) -> bool:
        words = _name_words(name)
        others = self._all if any(map(_may_abbreviate, words)) else self._short
        return _spelling(words) in self._spelt or any(_is_same(words, other) for other in others)


def _spelling(words: tuple[_Word, ...]) -> tuple[str, ...]:
    return tuple(folded for _, folded in words)


def _may_abbreviate(word: _Word) -> bool:
    return len(word[0]) > 1 and word[0].isupper()


@lru_cache(maxsize=8192)
def _name_words(name: str) -> tuple[_Word, ...]:
    """Return the words of a name that its abbreviation has a letter for: as printed, and without marks."""
    words = ((word.text, fold(word.text)) for word in split_words(name))
    return tuple((word, folded) for word, folded in words if folded != "va" and folded[:1].isalnum())


def _is_same(one: tuple[_Word, ...], other: tuple[_Word, ...]) -> bool:
    left = right = 0
    while left < len(one) and right < len(other):
        if one[left][1] == other[right][1]:
            left, right = left + 1, right + 1
        elif count := _abbreviated(one[left], other, right):
            left, right = left + 1, right + count
        elif count := _abbreviated(other[right], one, left):
            left, right = left + count, right + 1
        else:
            return False
    return left == len(one) and right == len(other)


def _abbreviated(short: _Word, long: tuple[_Word, ...], start: int) -> int:
    """Return of how many words from `long[start]` on `short` has the first letters; 0 where it abbreviates none."""
    printed, folded = short
    letters = [letter for letter in folded if letter.isalnum()]
    if not printed.isupper() or len(letters) == 1:
        return 0
    initials = [word[:1] for _, word in long[start : start + len(letters)]]
    return len(letters) if initials == letters else 0
