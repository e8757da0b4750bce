"""One clause of prose → who leads and who coordinates the work that it assigns.

Only a clause that says *chủ trì*, or *giao* and a body, assigns; "có trách nhiệm", "phối hợp", "đề nghị" do not. Who
leads stands before "chủ trì", or in the clause before it, or governs it from above ("Sở Nội vụ:").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import regex

from planparse.data import load_table
from planparse.language.bodies import is_named, opens_name, opens_person
from planparse.language.lists import list_end
from planparse.language.words import Word, is_phrase, phrase_length, split_words
from planparse.language.work import opens_phrase, verb_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Range = tuple[int, int]

MAX_READ = 2000
"""Characters of a clause in which units are looked for: they stand before the work that is assigned."""
MAX_BETWEEN = 30
"""Words of a phrase between a body's name and "chủ trì" ("trên cơ sở đề xuất của …, chủ trì"); 22 at most were seen."""
TOGETHER_WORDS = 4
"""Words between "phối hợp" and the units ("phối hợp chặt chẽ, thường xuyên với")."""

_LEADS = ("chủ", "trì")
_TOLD = frozenset({"đã", "được", "việc", "chuyển", "bàn"})
"""Before "giao" they tell of what was given: "UBND tỉnh đã giao Sở A", "về việc giao", "chuyển giao"."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What a clause assigns, as character ranges of its text.

    Attributes:
        lead: who leads; None where the clause leaves it to what governs it.
        coordinating: with whom; None where it names nobody.
    """

    lead: Range | None
    coordinating: Range | None


def read_duty(text: str) -> Duty | None:
    """Return what `text`, a sentence or a clause, assigns; None where it assigns nothing.

    >>> text = "Sở Nội vụ chủ trì, phối hợp với Sở Tài chính xây dựng kế hoạch."
    >>> duty = read_duty(text)
    >>> text[slice(*duty.lead)], text[slice(*duty.coordinating)]
    ('Sở Nội vụ', 'Sở Tài chính')
    """
    words = split_words(text[:MAX_READ])
    begin = 0
    for end in [*(index for index, word in enumerate(words) if word.text == ";"), len(words)]:
        found = _led(words, begin, end) or _given(words, begin, end)
        if found is not None:
            return found
        begin = end + 1 if end < len(words) and not _inside_list(words, end) else begin
    return None


def find_partners(text: str) -> list[Range]:
    """Return the lists of units that `text` names after "phối hợp (với)", each a character range."""
    words = split_words(text)
    found = (_partners(words, index, len(words)) for index in _spoken(words, ("phối", "hợp"), 0, len(words)))
    return [one for one in found if one]


def _inside_list(words: Sequence[Word], index: int) -> bool:
    """Tell whether the semicolon at `words[index]` parts the units of one list."""
    return any(list_end(words, start) > index for start in range(max(0, index - 12), index) if opens_name(words, start))


def _led(words: Sequence[Word], begin: int, end: int) -> Duty | None:
    """Read the first "chủ trì" between two words that assigns something."""
    for index in _spoken(words, _LEADS, begin, end):
        if _text(words, index + 2) == ":" or phrase_length(words, index + 2, "chaired") or _is_quoted(words, index):
            continue
        lead = _lead_before(words, begin, index)
        if lead is None:
            continue
        named = lead if lead[1] > lead[0] else _subject(words, index)
        return Duty(_range(words, named), _partners_after(words, index + 2, end))
    return None


def _lead_before(words: Sequence[Word], begin: int, index: int) -> Range | None:
    """Return the words that lead before "chủ trì" at `index`: none where it opens the clause; None: nobody does."""
    opening = _skip_opening(words, begin)
    if opening >= index or _is_filler(words, opening, index) or _is_role(words, opening, index):
        return (index, index)
    for start in range(begin, index):
        if not opens_name(words, start) or not _may_precede(words, begin, start, index):
            continue
        end = list_end(words[: index - (_text(words, index - 1) == "đồng")], start)
        if _is_title_of(words, start, index):
            return None
        if _is_founded_for(words, start, end, index):
            end = index
        if end > start and is_named(words[start:end]) and _is_filler(words, end, index):
            return None if _is_anyone(words, start, end) else (start, end)
    added = _text(words, index - 1) in {",", "và"} and (
        _subject(words, index) != (0, 0) or opens_phrase(words, opening) or verb_at(words, opening)
    )
    return (index, index) if added else None


def _is_founded_for(words: Sequence[Word], start: int, end: int, index: int) -> bool:
    """Tell whether the words up to "chủ trì" at `index` say what a body is for: "Ban Chỉ đạo thực hiện Quy chế …"."""
    founded = any(is_phrase(words[begin:end], "founded") for begin in range(start, end))
    return (
        founded
        and all(word.text not in {",", ";", ":"} for word in words[end:index])
        and not _is_filler(words, end, index)
    )


def _is_anyone(words: Sequence[Word], start: int, end: int) -> bool:
    """Tell whether a collective is only spoken of: "các sở, ngành được phân công chủ trì"."""
    return _text(words, end) == "được" and any(word.lower == "các" for word in words[start:end])


def _is_title_of(words: Sequence[Word], start: int, index: int) -> bool:
    """Tell whether "cơ quan chủ trì" only says who somebody is: no name, and no list that a name opens."""
    role = [_text(words, index - 2), _text(words, index - 1)] in (["cơ", "quan"], ["đơn", "vị"], ["tổ", "chức"])
    return role and index - 2 > start and _text(words, index - 3) not in {"các", "những", ",", "và"}


def _skip_opening(words: Sequence[Word], begin: int) -> int:
    index = begin
    while index < len(words) and words[index].text in {"-", "+", "*", ",", ";"}:
        index += 1
    return index


def _is_role(words: Sequence[Word], start: int, end: int) -> bool:
    """Tell whether the words say in which role: "Là cơ quan đầu mối, chủ trì"."""
    return (
        words[start].lower == "là"
        and end - start <= MAX_BETWEEN
        and not any(verb_at(words, index) for index in range(start + 1, end))
    )


def _is_filler(words: Sequence[Word], start: int, end: int) -> bool:
    """Tell whether the words may stand between a name and "chủ trì"."""
    between = [word.lower for word in words[start:end] if word.text != ","]
    joined = " ".join(between)
    if not between or _fillers().fullmatch(joined):
        return True
    opened = joined.startswith(("trên cơ sở ", "căn cứ ", "theo ", "là ", "với vai trò ", "ngoài "))
    return opened and end - start <= MAX_BETWEEN and (words[end - 1].text == "," or joined.startswith(("là ", "với ")))


@cache
def _fillers() -> regex.Pattern[str]:
    one = "|".join(regex.escape(phrase) for phrase in load_table("assignments")["before_lead"])
    return regex.compile(rf"(?:{one})(?:\s+(?:{one}))*")


def _may_precede(words: Sequence[Word], begin: int, start: int, index: int) -> bool:
    """Tell whether a name at `start` may be who leads by "chủ trì" at `index`, by the words before it in the clause.

    "do Sở X chủ trì" assigns after a comma or at the end of a sentence, else it only tells whose a thing is.
    """
    before = _text(words, start - 1)
    if start == begin or before in {",", ":", ";", "("}:
        return True
    if before in {"-", "+"}:
        return start - 1 == begin or _text(words, start - 2) in {":", ";", "."} or words[start - 2].text.isdigit()
    if before == "do":
        return _text(words, start - 2) in {",", ";", "(", ":"} or _text(words, index + 2) in {".", ";", ")", ""}
    return _opens_subject(words, start)


def _opens_subject(words: Sequence[Word], start: int) -> bool:
    """Tell whether the word or two before the name at `start` say that it acts now: "giao", "đề nghị", "hằng năm"."""
    first, second = _text(words, start - 2), _text(words, start - 1)
    openers = load_table("assignments")["before_names"]
    if f"{first} {second}" in openers:  # not "Ban Chỉ đạo Trung ương"
        return not words[start - 2].capital or not opens_name(words[:start], max(0, start - 3))
    return second in openers and first not in _TOLD


def _is_quoted(words: Sequence[Word], index: int) -> bool:
    """Tell whether `words[index]` stands within quotation marks."""
    opened = [word.text for word in words[:index] if word.text in {"“", "”", '"'}]
    return bool(opened) and (opened[-1] == "“" or (opened[-1] == '"' and len(opened) % 2 == 1))


def _subject(words: Sequence[Word], before: int) -> Range:
    """Return who is the subject of the sentence whose later clause says "chủ trì"; an empty range where nobody is."""
    end = min(list_end(words, 0), before) if opens_name(words, 0) else 0
    acts = 0 < end < before and (verb_at(words, end) or _text(words, end) == "là")
    return (0, end) if acts else (0, 0)


def _given(words: Sequence[Word], begin: int, end: int) -> Duty | None:
    """Read "giao Sở X …" between two words: at the beginning, after who gives, or after a comma."""
    for index in range(begin, end):
        if words[index].lower not in {"giao", "phân"} or not _is_giving(words, begin, index):
            continue
        start = _after_giving(words, index)
        stop = list_end(words, start) if opens_name(words, start) or _opens_small(words, start) else start
        if stop > start and is_named(words[start:stop]) and stop < len(words) - 1:
            return Duty(_range(words, (start, stop)), _partners_after(words, stop, max(end, stop)))
    return None


def _after_giving(words: Sequence[Word], index: int) -> int:
    """Return the index at which the name of who is given work begins, behind "giao (nhiệm vụ) (cho) (đồng chí)"."""
    start = index + (2 if words[index].lower == "phân" else 1)
    start += phrase_length(words, start, "given_things")
    start += _text(words, start) == "cho"
    titled = phrase_length(words, start, "titles")
    return start if opens_person(words, start) else start + titled


def _is_giving(words: Sequence[Word], begin: int, index: int) -> bool:
    if words[index].lower == "phân" and _text(words, index + 1) != "công":
        return False
    named_at_once = not phrase_length(words, index + 1, "given_things")
    if index == _skip_opening(words, begin) or (_text(words, index - 1) in {",", ":"} and named_at_once):
        return True
    if words[index].lower != "giao" or not phrase_length(words, begin, "givers"):
        return False
    between = " ".join(word.lower for word in words[list_end(words, begin) : index])
    return not between or between in load_table("assignments")["before_giving"]


def _partners_after(words: Sequence[Word], start: int, end: int) -> Range | None:
    """Return the units after the first "phối hợp" between two words, or after "cùng" directly at `start`.

    The list ends with the clause where its work stands before it ("chủ trì kiểm tra, phối hợp với A; B báo cáo"), else
    it goes on until the work ("chủ trì, phối hợp với A; B báo cáo").
    """
    begin = start + (_text(words, start) == ",")
    if joined := phrase_length(words, begin, "joined_by"):
        return _partners(words, begin + joined - 2, len(words))
    together = next(_spoken(words, ("phối", "hợp"), start, len(words)), None)
    if together is None:
        return None
    if helping := _helping(words, start, together):
        return _range(words, helping)
    if together >= end:
        return None
    at_once = not any(verb_at(words, index) for index in range(start, together))
    return _partners(words, together, len(words) if at_once else end)


def _helping(words: Sequence[Word], start: int, together: int) -> Range | None:
    """Return the units before "phối hợp" at `together` that do: "X chủ trì, các khoa, phòng phối hợp thực hiện"."""
    for begin in range(start + 1, together):
        listed = _text(words, begin - 1) in {",", ";"} and opens_name(words, begin)
        if listed and list_end(words[:together], begin) == together:
            return (begin, together)
    return None


def _partners(words: Sequence[Word], index: int, end: int) -> Range | None:
    """Return the list of units after "phối hợp" at `words[index]`."""
    for start in range(index + 2, min(end, index + 3 + TOGETHER_WORDS)):
        if words[start].lower in {"với", "cùng"}:
            continue
        stop = min(list_end(words, start), end)
        if (opens_name(words, start) or _opens_small(words, start)) and stop > start:
            return _range(words, (start, stop))
        if words[start].text in {".", ";", ":"} or verb_at(words, start):
            return None
    return None


def _opens_small(words: Sequence[Word], index: int) -> bool:
    """Tell whether a general list without "các" begins there, after "với": "với sở, ngành liên quan"."""
    return words[index - 1].lower in {"với", "cùng", "hợp", "giao", "cho"} and list_end(words, index) > index


def _spoken(words: Sequence[Word], phrase: tuple[str, str], begin: int, end: int) -> Iterator[int]:
    """Yield each index between two words at which the two words of `phrase` stand."""
    first, second = phrase
    for index in range(begin, end - 1):
        if words[index].lower == first and words[index + 1].lower == second:
            yield index


def _text(words: Sequence[Word], index: int) -> str:
    """Return the word at `index` in small letters; "" beyond either end."""
    return words[index].lower if 0 <= index < len(words) else ""


def _range(words: Sequence[Word], part: tuple[int, int]) -> Range | None:
    start, end = part
    return (words[start].start, words[end - 1].end) if end > start else None
