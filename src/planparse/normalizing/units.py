"""Units: "các phòng, ban còn lại; Sở Nội vụ" → the bodies that are named, each as the document words it.

A semicolon always parts units. A comma or "và" does where a new name or collective begins after it: by its first word,
told by the rules of `planparse.language` from a list of how bodies are called, so that "Sở Văn hóa, Thể thao và Du
lịch" stays whole. Where a field holds a sentence, the bodies before its verb count.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING

import regex

from planparse.data import load_table
from planparse.language import found, to_doc
from planparse.normalizing.unit_names import (
    MAX_NAME,
    Names,
    clean_name,
    duty_start,
    is_collective,
    is_general,
    is_place,
    is_plural,
)
from planparse.plan import Unit
from planparse.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

CLAUSE = regex.compile(r"[;\n]|(?<!\b(?i:TP|TX|TT))\.\s+(?=\p{Lu})")
"""What parts the clauses of a field: not the stop of "TP. Hà Nội"."""

MAX_OPENING = 8
"""Words in which a list's next item begins, twice those of the longest entry of `data/units.toml`."""
MAX_OFFICE_WORDS = 8
"""Words of the longest name that `_OFFICE` matches: "văn phòng đoàn đại biểu quốc hội thành phố"."""

_OFFICE = regex.compile(r"van phong (?:hdnd|hoi dong nhan dan|doan (?:dbqh|dai bieu quoc hoi))(?: (?:tinh|thanh pho))?")
_MANY = regex.compile(r"\b(?:các|cac|những|nhung|mọi|tất cả|tat ca)\s+")
_ALIKE = regex.compile(r"(?P<plural>các|Các)\s+(?P<kind>\p{L}+(?:\s\p{L}+)?)\s*:\s*(?P<names>\p{Lu}.+)")


def read_units(text: str) -> tuple[Unit, ...]:
    """Return the units that `text` names, in its order, each once.

    >>> [unit.name for unit in read_units("Sở Văn hóa, Thể thao và Du lịch, Sở Nội vụ và các sở, ngành liên quan.")]
    ['Sở Văn hóa, Thể thao và Du lịch', 'Sở Nội vụ', 'các sở, ngành liên quan']
    """
    return make_units(
        name for clause in CLAUSE.split(write_out_lists(squeeze_lines(text))) for name in split_names(clause)
    )


def make_units(names: Iterator[str]) -> tuple[Unit, ...]:
    """Return the units of these names as printed, each once: "Sở GDĐT" is "Sở Giáo dục và Đào tạo"."""
    units: list[Unit] = []
    known = Names()
    for name in map(clean_name, names):
        if name and name not in known:
            known.add(name)
            units.append(Unit(name=name, collective=is_collective(name)))
    return tuple(units)


def squeeze_lines(text: str) -> str:
    """Return each line of `text` with single spaces."""
    return "\n".join(map(squeeze, text.split("\n")))


def split_names(clause: str) -> Iterator[str]:
    """Yield the names in a text without semicolons; of a sentence, those before its verb."""
    for name in _split(clause.strip()):
        end = duty_start(name)
        if name[:end].strip():
            yield name[:end]
        if end is not None:
            return


def has_work(clause: str) -> bool:
    """Tell whether a text says what the bodies that it names have to do."""
    return any(duty_start(name) is not None for name in _split(clause.strip()))


def write_out_lists(text: str) -> str:
    """Return a list under one word written out: "các Sở: Tài chính, Nội vụ" as "Sở Tài chính; Sở Nội vụ"."""
    match = _ALIKE.search(text)
    if not match or not is_general(match["kind"]):
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
    return is_plural(text) or 0 in _name_starts(to_doc(text))


def _split(text: str) -> Iterator[str]:
    """Split `text` at the commas and "và" after which a name or a collective begins, up to what is no name."""
    doc = to_doc(text)
    starts = _name_starts(doc)
    begin = 0
    for index, token in enumerate(doc[:-1]):
        if token.idx - begin > MAX_NAME:
            break
        joint = token.text == "," or token.norm_ in {"va", "hoac"}
        if joint and index and _parts(doc, index, starts, text[begin : token.idx]):
            yield text[begin : token.idx]
            begin = doc[index + 1].idx
    yield text[begin:]


def _name_starts(doc: Doc) -> frozenset[int]:
    """Return the indices of the words at which the name of a body begins, with a capital."""
    within = {span.start for span in found(doc, "WITHIN_NAME")}
    return frozenset(span.start for span in found(doc, "BODY") if span.start not in within and span.text[:1].isupper())


def _parts(doc: Doc, index: int, starts: frozenset[int], before: str) -> bool:
    """Tell whether the comma or "và" at `index` stands between two units; `before` is the unit before it."""
    following = index + 1 + (doc[index + 1].norm_ == "va" and index + 2 < len(doc))
    rest = doc[following : following + MAX_OPENING].text
    if before.count("(") > before.count(")") or _is_open(before):
        return False
    if _is_acronym(doc[following].text) and (following + 1 == len(doc) or doc[following + 1].text in {",", ";", "và"}):
        return following in starts or not is_plural(before.lstrip())
    if following in starts:
        return _is_name(before) or not _is_listed(doc, following)
    if is_plural(rest):
        return True
    return rest[:1].islower() and is_general(rest) and not is_place(rest) and _is_name(before)


def _is_open(before: str) -> bool:
    """Tell whether a name cannot end here: a word that needs another ("Báo và Đài …"), an office of two bodies."""
    words = before.split(maxsplit=MAX_OFFICE_WORDS)
    if len(words) == 1:
        return words[0][:1].isupper() and not _is_acronym(words[0])
    return len(words) <= MAX_OFFICE_WORDS and bool(_OFFICE.fullmatch(fold(before.strip())))


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) > 1


def _is_listed(doc: Doc, index: int) -> bool:
    """Tell whether a capital word stands in a list of such words: "các Sở, Ban, Ngành"."""
    return index + 1 < len(doc) and (doc[index + 1].text in {",", ";"} or doc[index + 1].norm_ == "va")


def _is_name(before: str) -> bool:
    """Tell whether `before` names a body or the places of one, so that general words after it are another unit."""
    text = before.strip()
    listed = list(_MANY.finditer(text.lower()))
    tail = text[listed[-1].end() :] if listed else text
    is_list = is_general(tail) and (bool(listed) or text[:1].islower() or text[1:].islower() or _is_general_list(tail))
    return not is_list or (is_place(tail) and not is_place(text))


def _is_general_list(text: str) -> bool:
    """Tell whether a text begins with two general words in a row: "Sở, ban, ngành Thành phố"."""
    first, *others = regex.split(r",\s*|\s+và\s+", text)
    return is_general(first) and bool(others) and is_general(others[0])
