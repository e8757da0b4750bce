"""Units: "các phòng, ban còn lại; Sở Nội vụ" → the bodies that are named, each as the document words it.

A semicolon always parts units. A comma or "và" does where a new name begins after it: by its first word, told by
spaCy's phrase matcher from a list of how bodies are called, so that "Sở Văn hóa, Thể thao và Du lịch" stays whole.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import regex

from planparse.data import load_table
from planparse.plan import Unit
from planparse.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.matcher import PhraseMatcher
    from spacy.vocab import Vocab

MAX_NAME_WORDS = 12
"""Words of a name; a longer text is a sentence, in which the name ends before what the body has to do."""
CLOSING = " \t.,;:-"

_TOKEN = regex.compile(r"[\p{L}\d&./\-]*[\p{L}\d&/]|\S")
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
    words = list(_TOKEN.finditer(text))
    starts = _name_starts([word[0] for word in words])
    begin = 0
    for index, word in enumerate(words):
        joint = word[0] == "," or fold(word[0]) == "va"
        if joint and index + 1 < len(words) and _parts(words, index, starts, text[begin : word.start()]):
            yield text[begin : word.start()]
            begin = words[index + 1].start()
    yield text[begin:]


def _parts(words: list[regex.Match[str]], index: int, starts: frozenset[int], before: str) -> bool:
    """Tell whether the comma or "và" at `words[index]` stands between two units."""
    if before.count("(") > before.count(")"):
        return False
    following = index + 1
    if fold(words[following][0]) == "va" and following + 1 < len(words):
        following += 1
    first, rest = words[following][0], [word[0] for word in words[following + 1 : following + 3]]
    if first.isupper() and len(first) > 1 and (not rest or rest[0] in {",", ";"}):
        return following in starts or not _PLURAL.match(before.lstrip())
    if following in starts:
        return bool(rest) and rest[0] not in {",", ";"} and fold(rest[0]) != "va"
    folded = fold(first)
    plural = bool(_PLURAL.match(first + " "))
    general = fold(words[index][0]) == "va" and folded in _general() and not _is_plural_list(before)
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


def _name_starts(words: list[str]) -> frozenset[int]:
    """Return the indices of the words at which the name of a body begins, with a capital."""
    from spacy.tokens import Doc  # noqa: PLC0415 (a second to import, of which texts without units have no use)

    if not words:
        return frozenset()
    doc = Doc(_vocab(), words=words)
    for token in doc:
        token.norm_ = token.text.lower()
    spans = _matcher()(doc, as_spans=True)
    excluded = {span.start for span in spans if span.label_ == "other"}
    return frozenset(
        span.start
        for span in spans
        if span.label_ == "name" and span.start not in excluded and words[span.start][:1].isupper()
    )


@cache
def _matcher() -> PhraseMatcher:
    from spacy.matcher import PhraseMatcher  # noqa: PLC0415 (as above)

    matcher = PhraseMatcher(_vocab(), attr="NORM")
    for label, key in (("name", "names"), ("other", "not_names")):
        matcher.add(label, [_phrase(form) for phrase in load_table("units")[key] for form in _forms(phrase)])
    return matcher


def _forms(phrase: str) -> set[str]:
    """Return a phrase as it is written with marks, and as OCR may have left it: without any."""
    return {phrase.lower(), fold(phrase)}


def _phrase(phrase: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 (spaCy's Doc, imported on use)
    from spacy.tokens import Doc  # noqa: PLC0415 (as above)

    doc = Doc(_vocab(), words=phrase.split())
    for token in doc:
        token.norm_ = token.text
    return doc


@cache
def _vocab() -> Vocab:
    from spacy.vocab import Vocab  # noqa: PLC0415 (as above)

    return Vocab()
