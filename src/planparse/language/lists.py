"""Lists of bodies in running text: where they begin and end in a sentence, by how names are written.

A name ends where the work begins: at a verb, or at a word that opens a phrase ("để", "theo"). A comma or "và" goes on
with the list where a name follows, a place ("các xã, phường") or a capital within a name ("Sở Văn hóa, Thể thao và Du
lịch").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planparse.language.bodies import GENERAL, NO_NAMES, is_plural, is_prevention, opens_name
from planparse.language.words import is_phrase, phrase_length, split_words
from planparse.language.work import begins_work, carries_on, is_within_name, opens_phrase, verb_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.language.words import Word

MAX_LIST_WORDS = 120
"""Words of a list of units; the longest read in the corpus has 96."""
JOINTS = frozenset({"và", "cùng", "với", "hoặc"})
"""Words between the items of a list."""

_AFTER_CONCERNED = frozenset({"của", "thuộc", "trực", "ở", "tại", "khác", "cùng", "cấp", "đóng", "khối"})
"""What goes on with a collective behind "liên quan" ("các cơ quan liên quan thuộc tỉnh"), counted in the corpus."""

_PLACES = frozenset({"xã", "phường", "trấn", "huyện", "quận", "phố", "tỉnh", "thôn"})
"""Last words of places that have a government, or a head, of their own."""
_AFTER_PLACE = frozenset(
    {"hội", "ủy", "uỷ", "đoàn", "đội", "lỵ", "viên", "trực", "thuộc", "của", "tại", "ở", "nơi", "số", "khóa", "khoá"}
    | {"mới", "cũ", "có", "liên", "còn", "sở", "khác", "cùng", "với", "và", "hoặc", "cấp", "bộ"}
)
"""What goes on with a name behind its place ("xã hội", "tỉnh ủy", "xã nơi …"); all else ended it in the corpus."""
LONGEST_NAME_WITH_PLACE = 9
"""Words in which a name with its place is looked for: "Phòng Văn hóa, Khoa học và Thông tin xã"."""


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
        elif word.text in {",", ";"} or word.lower in JOINTS:
            following = _next_item(words, index + 1)
            if following is None:
                return end
            end = index = following
        elif word.text == ":" and _is_factored(words, start, index):
            end = index = index + 2
        elif word.text == "." and is_phrase(words[index - 1 : index], "shortened"):
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


def _opens_general(words: Sequence[Word], index: int) -> bool:
    """Tell whether a general noun begins there ("sở, ngành liên quan"), no verb."""
    general = phrase_length(words, index, *GENERAL)
    if index < len(words) and words[index].capital:
        return general > phrase_length(words, index, *NO_NAMES)
    return general > 0 and not _ends_list(words, index)


def _is_factored(words: Sequence[Word], start: int, index: int) -> bool:
    """Tell whether a colon in a list goes on with names: "các Sở: Nội vụ, Tài chính"."""
    if index + 1 >= len(words) or verb_at(words, index + 1):
        return False
    return words[index + 1].capital and any(is_plural(words, place) for place in range(start, index))


def _item_start(words: Sequence[Word], start: int) -> int:
    """Return the index after the plural words that open an item of a list."""
    index = start
    while count := is_plural(words, index):
        index += count
    return index


def _next_item(words: Sequence[Word], index: int) -> int | None:
    """Return the index after the first word of the item that begins at `words[index]`; None where none does."""
    while index < len(words) and words[index].lower in JOINTS - {"hoặc"}:
        index += 1
    first = _item_start(words, index)
    if first >= len(words):
        return None
    word = words[first]
    if first > 1 and is_prevention(words, first - 2):
        return first + 1
    named = word.capital or phrase_length(words, first, *GENERAL)
    if not named or (not word.capital and first == index and _ends_list(words, first)):
        return None
    return first + 1


def _ends_list(words: Sequence[Word], index: int) -> bool:
    if is_within_name(words, index):
        return False
    if words[index].lower == "về" and _is_general_before(words, index):
        return True
    if _follows_concerned(words, index) or _follows_place(words, index):
        return True
    if opens_phrase(words, index):
        return not carries_on(words, index)
    return begins_work(words, index)


def _is_general_before(words: Sequence[Word], index: int) -> bool:
    """Tell whether the word before `words[index]` ends a general noun ("các cơ quan về …")."""
    return any(start + phrase_length(words, start, *GENERAL) == index for start in range(max(0, index - 3), index))


def _follows_concerned(words: Sequence[Word], index: int) -> bool:
    """Tell whether `words[index]` stands behind "(có) liên quan", which closes a collective, without carrying it on."""
    before = [word.lower for word in words[max(0, index - 2) : index]]
    return before == ["liên", "quan"] and words[index].lower not in _AFTER_CONCERNED


def _follows_place(words: Sequence[Word], index: int) -> bool:
    """Tell whether `words[index]` stands behind the place of one body ("Trạm Y tế xã"), which closes its name."""
    goes_on = words[index].lower in _AFTER_PLACE or phrase_length(words, index, "places") > 0
    if goes_on or not words[index].text.isalpha() or not _ends_place(words, index):
        return False
    for start in range(index - 2, max(-1, index - LONGEST_NAME_WITH_PLACE), -1):
        if is_plural(words, start) or not words[start].text[0].isalnum():
            return False
        if opens_name(words, start):
            return not (start and is_plural(words, start - 1))
    return False


def _ends_place(words: Sequence[Word], index: int) -> bool:
    """Tell whether the word before `words[index]` ends a place that has a government, no cooperative ("hợp tác xã")."""
    return words[index - 1].text in _PLACES and not is_phrase(words[max(0, index - 3) : index], "general")


def _after_bracket(words: Sequence[Word], index: int) -> int | None:
    depth = 0
    for place in range(index, len(words)):
        depth += {"(": 1, ")": -1}.get(words[place].text, 0)
        if depth == 0:
            return place + 1
    return None
