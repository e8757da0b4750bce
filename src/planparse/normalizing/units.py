"""Units: "các phòng, ban còn lại; Sở Nội vụ" → the bodies that are named, each as the document words it.

A semicolon always parts units. A comma or "và" does where a new name begins after it: by its first word, told by
the rules of `planparse.language` from a list of how bodies are called, so that "Sở Văn hóa, Thể thao và Du lịch" stays
whole.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import regex

from planparse.data import load_table
from planparse.language import found, to_doc
from planparse.plan import Unit
from planparse.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

MAX_NAME_WORDS = 12
"""Words of a name; a longer text is a sentence, in which the name ends before what the body has to do."""
CLOSING = " \t.,;:-"

_ABBREVIATION = regex.compile(
    r"\s*\((?:(?:sau đây )?(?:viết|gọi) tắt[^)]*|[\p{Lu}&\d]+|(?:cơ quan|đơn vị) (?:chủ trì|phối hợp)|b/c|để b/c)\)"
)
_PLURAL = regex.compile(r"(?:các|cac|những|nhung|mọi|tất cả|tat ca|toàn thể|toan the)\s", regex.IGNORECASE)


def read_units(text: str) -> tuple[Unit, ...]:
    """Return the units that `text` names, in its order, each once.

    >>> [unit.name for unit in read_units("Sở Văn hóa, Thể thao và Du lịch, Sở Nội vụ và các sở, ngành liên quan.")]
    ['Sở Văn hóa, Thể thao và Du lịch', 'Sở Nội vụ', 'các sở, ngành liên quan']
    """
    units: dict[str, Unit] = {}
    for part in regex.split(r"[;\n]", text):
        for name in _split(squeeze(part)):
            cleaned = _clean(name)
            if cleaned:
                units.setdefault(cleaned, Unit(name=cleaned, collective=is_collective(cleaned)))
    return tuple(units.values())


def is_collective(name: str) -> bool:
    """Tell whether `name` stands for several bodies: "các phòng, ban", "UBND các xã, phường"."""
    folded = fold(name)
    if _PLURAL.match(name) or " cac " in f" {' '.join(folded.split()[:5])} ":
        return True
    listed = regex.findall(rf",\s*(?:{'|'.join(_general())})\b", folded)
    return bool(listed) and (name[:1].islower() or _is_general(folded.split(",")[0].split()[-1]))


def _split(text: str) -> Iterator[str]:
    """Split `text` at the commas and "và" after which a name or a collective begins."""
    doc = to_doc(text)
    words = [token.text for token in doc]
    starts = _name_starts(doc)
    begin = 0
    for index, token in enumerate(doc[:-1]):
        joint = token.text == "," or token.norm_ == "va"
        if joint and _parts(words, index, starts, text[begin : token.idx]):
            yield text[begin : token.idx]
            begin = doc[index + 1].idx
    yield text[begin:]


def _name_starts(doc: Doc) -> frozenset[int]:
    """Return the indices of the words at which the name of a body begins, with a capital."""
    within = {span.start for span in found(doc, "WITHIN_NAME")}
    return frozenset(span.start for span in found(doc, "BODY") if span.start not in within and span.text[:1].isupper())


def _parts(words: list[str], index: int, starts: frozenset[int], before: str) -> bool:
    """Tell whether the comma or "và" at `words[index]` stands between two units."""
    if before.count("(") > before.count(")"):
        return False
    following = index + 1
    if fold(words[following]) == "va" and following + 1 < len(words):
        following += 1
    first, rest = words[following], words[following + 1 : following + 3]
    if first.isupper() and len(first) > 1 and (not rest or rest[0] in {",", ";"}):
        return following in starts or not _PLURAL.match(before.lstrip())
    if following in starts:
        return bool(rest) and rest[0] not in {",", ";"} and fold(rest[0]) != "va"
    folded = fold(first)
    plural = bool(_PLURAL.match(first + " "))
    general = fold(words[index]) == "va" and folded in _general() and not _is_plural_list(before)
    return plural or general


def _is_plural_list(before: str) -> bool:
    folded = fold(before.strip())
    last = regex.split(r",\s*", folded)[-1]
    return (
        bool(_PLURAL.match(before.lstrip()))
        or _is_general(last.split()[0] if last.split() else "")
        or before[:1].islower()
    )


@cache
def _general() -> frozenset[str]:
    return frozenset(fold(word) for word in load_table("units")["general"])


def _is_general(folded: str) -> bool:
    return folded in _general()


def _clean(name: str) -> str:
    """Drop abbreviations in brackets, qualifiers, and the duty where a field holds a sentence."""
    name = _ABBREVIATION.sub("", name).strip(CLOSING)
    name = regex.sub(r"^(?:và|Và|Giao|giao)\s+", "", name)
    folded = fold(name)
    for qualifier in load_table("units")["qualifiers"]:
        place = folded.find(f" {fold(qualifier)}")
        if place > 0:
            name, folded = name[:place], folded[:place]
    if len(name.split()) > MAX_NAME_WORDS:
        name = name[: _duty_start(folded)]
    return name.strip(CLOSING)


def _duty_start(folded: str) -> int:
    places = [folded.find(f" {fold(duty)} ") for duty in load_table("units")["duties"]]
    return min((place for place in places if place > 0), default=len(folded))
