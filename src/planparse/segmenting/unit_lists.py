"""Lists of units in running text: where the names of bodies begin and end in a sentence, by how names are written.

A name begins with a word that bodies are called by ("Sở", "Ban") or with a plural ("các sở, ngành"). It ends where the
work begins: at a verb, or at a word that opens a phrase ("để", "theo"). A comma or "và" goes on with the list where a
name follows, a place ("các xã, phường") or a capital within a name ("Sở Văn hóa, Thể thao và Du lịch").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import regex

from planparse.data import load_table

if TYPE_CHECKING:
    from collections.abc import Sequence

Range = tuple[int, int]

MAX_READ = 2000
"""Characters of a clause in which units are looked for: they stand before the work that is assigned."""
MAX_LIST_WORDS = 120
"""Words of a list of units; the longest read in the corpus has 96."""
LONGEST_PHRASE = 4
"""Words of the longest entries of `data/assignments.toml`, and of the general words and places of `data/units.toml`."""

_ANYBODY = frozenset(
    {"các", "những", "mọi", "cơ", "quan", "đơn", "vị", "tổ", "chức", "cá", "nhân", "có", "liên", "khác", "và", "hoặc"}
)
"""The words of a list that may mean anybody: "các cơ quan, đơn vị, tổ chức, cá nhân có liên quan"."""

_AFTER_CONCERNED = frozenset({"của", "thuộc", "trực", "ở", "tại", "khác", "cùng", "cấp", "đóng", "khối"})
"""What goes on with a collective behind "liên quan" ("các cơ quan liên quan thuộc tỉnh"), counted in the corpus."""

# "KH&CN", "12/KH-VP" whole; "chủ trì/phối hợp" word by word
_TOKEN = regex.compile(r"(?=\S{0,100}[\p{Lu}\d])[\p{L}\d&./\-]*[\p{L}\d&/]|\p{L}+|\S")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a sign of a sentence: `text[start:end]`."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        """The word in small letters."""
        return self.text.lower()

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
    return tuple(Word(match[0], *match.span()) for match in _TOKEN.finditer(text))


def list_end(words: Sequence[Word], start: int) -> int:
    """Return the index after the list of units that begins at `words[start]`; `start` where none does.

    >>> words = split_words("Sở Tài chính, Sở Nội vụ và các sở, ngành liên quan xây dựng kế hoạch")
    >>> " ".join(word.text for word in words[: list_end(words, 0)])
    'Sở Tài chính , Sở Nội vụ và các sở , ngành liên quan'
    """
    index = _item_start(words, start)
    if index == start and not (opens_name(words, start) or _opens_general(words, start)):
        return start
    end = index = max(index, start + 1)
    stop = min(len(words), start + MAX_LIST_WORDS)
    while index < stop:
        word = words[index]
        if word.text == "(" and (closed := _after_bracket(words, index)) is not None:
            end = index = closed
        elif word.text in {",", ";"} or word.lower in {"và", "cùng", "với", "hoặc"}:
            following = _next_item(words, index + 1)
            if following is None:
                return end
            end = index = following
        elif word.text == ":" and _is_factored(words, start, index):
            end = index = index + 2
        elif word.text == "." and words[index - 1].lower in _phrases("shortened"):
            end = index = index + 1
        elif word.text in {".", ":", "(", ")"} or _ends_list(words, index):
            return end
        else:
            end = index = index + 1
    return end


def is_proper_list(text: str) -> bool:
    """Tell whether `text` consists of units, one with a proper name: no label, not even in title case.

    >>> is_proper_list("Sở Nội vụ, các sở, ngành liên quan"), is_proper_list("Lãnh đạo phụ trách")
    (True, False)
    """
    words = split_words(text)
    capitals = sum(word.capital for word in words)
    if not opens_name(words, 0) or not 1 < capitals < len(words):
        return False
    return list_end(words, 0) == len(words)


def opens_name(words: Sequence[Word], index: int) -> bool:
    """Tell whether the name of a body begins there: capitalized, or a plural ("các sở"), or its kind ("cơ quan Thuế").

    "Báo cáo" and "Trường hợp" are no bodies, though "Báo" and "Trường" are: the longer reading counts.
    """
    if index >= len(words) or _is_prevention(words, index):
        return False
    if _is_plural(words, index):
        return _phrase_at(words, index + 1, _general()) or _phrase_at(words, index + 1, _names())
    if not words[index].capital:
        kind = _phrase_length(words, index, _phrases("kinds"))
        return kind > 0 and index + kind < len(words) and words[index + kind].capital
    return _phrase_length(words, index, _names()) >= max(1, _phrase_length(words, index, _no_names()))


def is_named(words: Sequence[Word]) -> bool:
    """Tell whether a list names somebody: more than "các cơ quan, đơn vị có liên quan", which may be anybody."""
    return any(word.lower not in _ANYBODY for word in words if word.text.isalnum())


def verb_at(words: Sequence[Word], index: int) -> bool:
    """Tell whether work begins at `words[index]`: one of the verbs of `data/assignments.toml`, strong or weak."""
    return _phrase_at(words, index, _verbs())


def opens_phrase(words: Sequence[Word], index: int) -> bool:
    """Tell whether a phrase that is no part of a list begins at `words[index]`: how, when, what for."""
    return _phrase_at(words, index, _phrases("phrase_openers"))


def _opens_general(words: Sequence[Word], index: int) -> bool:
    """Tell whether a general noun begins there ("sở, ngành liên quan"), no verb."""
    general = _phrase_length(words, index, _general())
    if index < len(words) and words[index].capital:
        return general > _phrase_length(words, index, _no_names())
    return general > 0 and not _ends_list(words, index)


def _is_factored(words: Sequence[Word], start: int, index: int) -> bool:
    """Tell whether a colon in a list goes on with names: "các Sở: Nội vụ, Tài chính"."""
    if index + 1 >= len(words) or verb_at(words, index + 1):
        return False
    return words[index + 1].capital and any(_is_plural(words, place) for place in range(start, index))


def _item_start(words: Sequence[Word], start: int) -> int:
    """Return the index after the plural words that open an item of a list."""
    index = start
    while index < len(words) and _is_plural(words, index):
        index += 2 if words[index].lower in {"tất", "toàn"} else 1
    return index


def _is_prevention(words: Sequence[Word], index: int) -> bool:
    """Tell whether "phòng, chống" stands at `words[index]`: work, or part of a name, but no room (phòng)."""
    return [word.lower for word in words[index : index + 3]] == ["phòng", ",", "chống"]


def _next_item(words: Sequence[Word], index: int) -> int | None:
    """Return the index after the first word of the item that begins at `words[index]`; None where none does."""
    while index < len(words) and words[index].lower in {"và", "cùng", "với"}:
        index += 1
    first = _item_start(words, index)
    if first >= len(words):
        return None
    word = words[first]
    if first > 1 and _is_prevention(words, first - 2):
        return first + 1
    named = word.capital or _phrase_at(words, first, _general())
    if not named or (not word.capital and first == index and _ends_list(words, first)):
        return None
    return first + 1


def _ends_list(words: Sequence[Word], index: int) -> bool:
    word = words[index]
    if word.capital or word.text.isdigit() or _is_organization(words, index) or _is_longer(words, index):
        return False
    if word.lower == "về" and words[index - 1].lower in _last_words():
        return True
    if _follows_concerned(words, index):
        return True
    if opens_phrase(words, index):
        return not _carries_on(words, index)
    if _phrase_at(words, index, _phrases("verbs")):
        return not _is_second_syllable(words, index)
    return _phrase_at(words, index, _phrases("weak_verbs")) and not _carries_on(words, index)


def _is_longer(words: Sequence[Word], index: int) -> bool:
    """Tell whether a body in small letters stands there that begins as a verb does: "hợp tác xã"."""
    return _phrase_length(words, index, _general()) > _phrase_length(words, index, _verbs()) > 0


def _follows_concerned(words: Sequence[Word], index: int) -> bool:
    """Tell whether `words[index]` stands behind "(có) liên quan", which closes a collective, without carrying it on."""
    before = [word.lower for word in words[max(0, index - 2) : index]]
    return before == ["liên", "quan"] and words[index].lower not in _AFTER_CONCERNED


def _is_organization(words: Sequence[Word], index: int) -> bool:
    """Tell whether "tổ chức" is a body: plural, of a kind, or in a list with no other verb than of a duty behind it."""
    if [word.lower for word in words[index : index + 2]] != ["tổ", "chức"]:
        return False
    if index and _is_plural(words, index - 1):
        return True
    kind = [word.lower for word in words[index + 2 : index + 4]] in (["chính", "trị"], ["xã", "hội"])
    listed = index > 0 and words[index - 1].lower in {",", "và"}
    acts = verb_at(words, index + 2) and words[index + 2].lower not in {"chủ", "có", "chịu"}
    return kind or (listed and not acts)


def _is_second_syllable(words: Sequence[Word], index: int) -> bool:
    """Tell whether a verb of one syllable may end a word that began before it ("Đào tạo", "đăng ký").

    Behind a proper name, whose syllables all have capitals, it does not ("tỉnh Hòa Bình trình").
    """
    before = words[index - 1] if index else None
    if before is None or words[index].lower not in _phrases("verbs"):
        return False
    proper = index > 1 and words[index - 2].capital and not opens_name(words, index - 2)
    word = f"{before.lower} {words[index].lower}"
    return (before.capital and not before.acronym and not proper) or word in _phrases("weak_verbs")


def _carries_on(words: Sequence[Word], index: int) -> bool:
    """Tell whether `words[index]` belongs to the name before it ("dự án đầu tư xây dựng", "Bộ Ngoại giao")."""
    if index and words[index - 1].text in {"-", "–"}:
        return True
    parts = (words[start:end] for start in range(max(0, index - 2), index + 1) for end in (index + 1, index + 2))
    return any(" ".join(word.lower for word in part) in _phrases("compounds") for part in parts)


def _after_bracket(words: Sequence[Word], index: int) -> int | None:
    depth = 0
    for place in range(index, len(words)):
        depth += {"(": 1, ")": -1}.get(words[place].text, 0)
        if depth == 0:
            return place + 1
    return None


def _is_plural(words: Sequence[Word], index: int) -> bool:
    word = words[index].lower
    if word in {"tất", "toàn"}:
        return [one.lower for one in words[index + 1 : index + 2]] in (["cả"], ["thể"])
    return word in {"các", "những", "mọi"}


def _phrase_at(words: Sequence[Word], index: int, phrases: frozenset[str]) -> bool:
    return _phrase_length(words, index, phrases) > 0


def _phrase_length(words: Sequence[Word], index: int, phrases: frozenset[str]) -> int:
    """Return of how many words the longest of `phrases` is that stands at `words[index]`; 0 where none does."""
    spoken = [word.lower for word in words[index : index + LONGEST_PHRASE]]
    return max((count for count in range(1, len(spoken) + 1) if " ".join(spoken[:count]) in phrases), default=0)


@cache
def _phrases(key: str) -> frozenset[str]:
    return frozenset(load_table("assignments")[key])


@cache
def _verbs() -> frozenset[str]:
    return _phrases("verbs") | _phrases("weak_verbs")


@cache
def _no_names() -> frozenset[str]:
    return _verbs() | _phrases("no_names") | frozenset(load_table("units")["not_names"])


@cache
def _names() -> frozenset[str]:
    return frozenset(name.lower() for name in (*load_table("units")["names"], *load_table("assignments")["persons"]))


@cache
def _general() -> frozenset[str]:
    units, words = load_table("units"), load_table("assignments")
    return frozenset((*units["general"], *units["places"], *words["small_names"], *words["persons"]))


@cache
def _last_words() -> frozenset[str]:
    return frozenset(phrase.split()[-1] for phrase in _general())
