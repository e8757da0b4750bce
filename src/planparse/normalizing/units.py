"""Units: "các phòng, ban còn lại; Sở Nội vụ" → the bodies that are named, each as the document words it.

A semicolon always parts units. A comma or "và" does where a new name or collective begins after it: by its first word,
told by `planparse.language.bodies`, so that "Sở Văn hóa, Thể thao và Du lịch" stays whole. Where a field holds a
sentence, the bodies before its verb count.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING

import regex

from planparse.data import load_table
from planparse.language.bodies import COMMON, GENERAL, is_plural, opens_person, opens_proper_name
from planparse.language.words import begins_with, phrase_length, split_sentences, split_words
from planparse.normalizing.unit_names import MAX_NAME, Names, clean_name, duty_start, is_collective, is_work
from planparse.plan import Unit
from planparse.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.language.words import Word

MAX_OFFICE_WORDS = 8
"""Words of the longest name that `_OFFICE` matches: "văn phòng đoàn đại biểu quốc hội thành phố"."""

_OFFICE = regex.compile(r"van phong (?:hdnd|hoi dong nhan dan|doan (?:dbqh|dai bieu quoc hoi))(?: (?:tinh|thanh pho))?")
_ALIKE = regex.compile(r"(?P<plural>các|Các)\s+(?P<kind>\p{L}+(?:\s\p{L}+)?)\s*:\s*(?P<names>\p{Lu}.+)")


def read_units(text: str) -> tuple[Unit, ...]:
    """Return the units that `text` names, in its order, each once.

    >>> [unit.name for unit in read_units("Sở Văn hóa, Thể thao và Du lịch, Sở Nội vụ và các sở, ngành liên quan.")]
    ['Sở Văn hóa, Thể thao và Du lịch', 'Sở Nội vụ', 'các sở, ngành liên quan']
    """
    return make_units(name for clause in read_clauses(text) for name in split_names(clause))


def make_units(names: Iterator[str]) -> tuple[Unit, ...]:
    """Return the units of these names as printed, each once: "Sở GDĐT" is "Sở Giáo dục và Đào tạo"."""
    units: list[Unit] = []
    known = Names()
    for name in map(clean_name, names):
        if name and name not in known:
            known.add(name)
            units.append(Unit(name=name, collective=is_collective(name)))
    return tuple(units)


def read_clauses(text: str) -> Iterator[str]:
    """Yield the clauses of a field, each line with single spaces, and lists under one word written out."""
    return split_clauses(_write_out_lists("\n".join(map(squeeze, text.split("\n")))))


def split_clauses(text: str) -> Iterator[str]:
    """Yield the clauses of a field: parted by semicolons, line breaks and full stops."""
    return (sentence for part in regex.split(r"[;\n]", text) for sentence in split_sentences(part))


def split_names(clause: str) -> Iterator[str]:
    """Yield the names in a text without semicolons; of a sentence, those before its verb."""
    if is_work(clause):
        return
    for name in _split(clause.strip()):
        end = duty_start(name)
        if name[:end].strip():
            yield name[:end]
        if end is not None:
            return


def has_work(clause: str) -> bool:
    """Tell whether a text says what the bodies that it names have to do."""
    return any(duty_start(name) is not None for name in _split(clause.strip()))


def _write_out_lists(text: str) -> str:
    """Return a list under one word written out: "các Sở: Tài chính, Nội vụ" as "Sở Tài chính; Sở Nội vụ"."""
    match = _ALIKE.search(text)
    if not match or not begins_with(match["kind"], *COMMON):
        return text
    kind = match["kind"][:1].upper() + match["kind"][1:]
    names = [name for part in match["names"].split(";") for name in _split_alike(part)]
    written = [name if _begins_name(name) else f"{kind} {name}" for name in names]
    return "; ".join([text[: match.start()].strip(" ,"), *written]).strip(" ;")


def _split_alike(text: str) -> Iterator[str]:
    """Yield the names of a list without their first word: parted at commas and "và", but not within a sector's name."""
    joints = regex.finditer(r",\s*(?:và\s+)?|\s+và\s+", text)
    within = [match.span() for match in _sectors().finditer(text)]
    begin = 0
    for joint in joints:
        last = bisect_left(within, (joint.start(), 0)) - 1
        if last < 0 or within[last][1] <= joint.start():
            yield text[begin : joint.start()].strip()
            begin = joint.end()
    yield text[begin:].strip(" .")


@cache
def _sectors() -> regex.Pattern[str]:
    return regex.compile("|".join(map(regex.escape, load_table("units")["sectors"])), regex.IGNORECASE)


def _begins_name(text: str) -> bool:
    words = split_words(text)
    return is_plural(words, 0) > 0 or opens_proper_name(words, 0)


def _split(text: str) -> Iterator[str]:
    """Split `text` at the commas and "và" after which a name or a collective begins, up to what is no name."""
    words = split_words(text)
    begin = 0
    for index, word in enumerate(words[:-1]):
        if word.start - begin > MAX_NAME:
            break
        if index and _is_joint(word) and _parts(words, index, text[begin : word.start]):
            yield text[begin : word.start]
            begin = words[index + 1].start
    yield text[begin:]


def _is_joint(word: Word) -> bool:
    return fold(word.text) in {",", "va", "hoac"} or word.lower == "cùng"


def _parts(words: Sequence[Word], index: int, before: str) -> bool:
    """Tell whether the comma or "và" at `index` stands between two units; `before` is the unit before it."""
    following = index + 1 + (fold(words[index + 1].text) in {"va", "voi", "cung"} and index + 2 < len(words))
    if _is_office_of(before, words, following):
        return False
    if before.count("(") > before.count(")") or _is_open(before):
        return False
    named = opens_proper_name(words, following)
    if words[following].acronym and (following + 1 == len(words) or words[following + 1].text in {",", ";", "và"}):
        return named or not begins_with(before, "plurals")
    if named:
        return _is_name(before) or not _is_listed(words, following)
    if is_plural(words, following):
        return True
    small = not words[following].capital
    return (
        small
        and phrase_length(words, following, *GENERAL) > phrase_length(words, following, "places")
        and _is_name(before)
    )


def _is_office_of(before: str, words: Sequence[Word], index: int) -> bool:
    """Tell whether the office of the person stands there whom `before` names: "đồng chí Trần An, Phó Chủ tịch"."""
    return phrase_length(words, index, "persons") > 0 and opens_person(split_words(before), 0)


def _is_open(before: str) -> bool:
    """Tell whether a name cannot end here: a word that needs another ("Báo và Đài …"), an office of two bodies."""
    words = before.split(maxsplit=MAX_OFFICE_WORDS)
    if len(words) == 1:
        return words[0][:1].isupper() and not words[0].isupper()
    return len(words) <= MAX_OFFICE_WORDS and bool(_OFFICE.fullmatch(fold(before.strip())))


def _is_listed(words: Sequence[Word], index: int) -> bool:
    """Tell whether a capital word stands in a list of such words: "các Sở, Ban, Ngành"."""
    return index + 1 < len(words) and (words[index + 1].text == ";" or _is_joint(words[index + 1]))


def _is_name(before: str) -> bool:
    """Tell whether `before` names a body or the places of one, so that general words after it are another unit."""
    text = before.strip()
    words = split_words(text)
    plurals = [index + count for index in range(len(words)) if (count := is_plural(words, index))]
    tail = words[plurals[-1] if plurals else 0 :]
    if not phrase_length(tail, 0, *COMMON):
        return True
    is_list = bool(plurals) or text[:1].islower() or text[1:].islower() or _is_general_list(tail)
    return not is_list or (phrase_length(tail, 0, "places") > 0 and not phrase_length(words, 0, "places"))


def _is_general_list(words: Sequence[Word]) -> bool:
    """Tell whether a text begins with two general words in a row: "Sở, ban, ngành Thành phố"."""
    end = phrase_length(words, 0, *COMMON)
    return 0 < end < len(words) and _is_joint(words[end]) and phrase_length(words, end + 1, *COMMON) > 0
