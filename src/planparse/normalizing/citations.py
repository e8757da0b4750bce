"""Citations: where a text cites documents by number, and laws by date or number.

A number stands behind its kind ("Quyết định số 5/QĐ-TTg"), or in a list that a kind opens ("các Quyết định của Thủ
tướng Chính phủ: số 5/QĐ-TTg …; số 6/QĐ-TTg …"); what opens the list names the issuer of all in it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import regex

from planparse.data import load_table
from planparse.plan import Reference
from planparse.text import squeeze

MAX_ISSUER_WORDS = 12
"""Words of an issuer's name after "của": "Chủ tịch Ủy ban nhân dân thành phố Hồ Chí Minh" has 10."""
ISSUER_WINDOW = 300
"""Characters that hold more words than such a name may have, each of the seven letters of "nghiêng"."""

# 1789/QĐ-UBND, 45/2020/NĐ-CP, 31-CT/TU, 67/2006/QH11, 12/2015/TTLT-BTTTT-BNV
_NUMBER = r"(?P<number>\d+(?:[./\-]\d+)*[a-z]?\s?[/\-]\s?[\p{Lu}Đđ][\p{L}\d&.]*(?:\s?[\-/–]\s?[\p{L}\d&.]*[\p{L}\d])*)"
# "năm" as OCR may have it
_DATE = (
    r"(?:\s*,?\s*ngày\s+(?:(?P<day>\d{1,2})\s?[/.\-]\s?(?P<month>\d{1,2})\s?[/.\-]\s?(?P<year>\d{4})"
    r"|(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})\s+n\p{L}m\s+(?P<year>\d{4})))"
)
_ISSUER = regex.compile(r"\s*(?:,\s*)?của\s+(?P<name>\p{L}.*)")
_LISTED = regex.compile(rf"(?:\s*[,;:]\s*|\s*)(?:và\s+)?(?:số\s*:?\s+)?{_NUMBER}{_DATE}?")
_ITEM = regex.compile(rf"(?:[;,:(]\s*|\bvà\s+)(?:và\s+)?(?:[Ss]ố)\s*:?\s+{_NUMBER}{_DATE}?")
_LIST_END = regex.compile(r"\.\s+(?=\p{Lu})|\n")

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A reference and the range of its words in a text."""

    reference: Reference
    start: int
    end: int


def find_citations(text: str) -> list[Found]:
    """Return the citations of `text` in their order."""
    found = [_found(match, match["type"], text) for match in _document_pattern().finditer(text)]
    found = _with_others(found, _laws(text))
    openers = list(_opener_pattern().finditer(text))
    stops = _list_ends(text)
    found = _with_others(found, _listed(text, found, openers, stops))
    return [_with_opener(one, text, openers, stops) for one in found]


def _with_others(found: list[Found], others: list[Found]) -> list[Found]:
    """Return in the text's order what is `found`, and of `others` those that do not begin within it."""
    starts = [one.start for one in found]
    free = []
    for one in others:
        place = bisect_right(starts, one.start)
        if not place or found[place - 1].end <= one.start:
            free.append(one)
    return sorted([*found, *free], key=lambda one: one.start)


def _found(match: regex.Match[str], kind: str, text: str) -> Found:
    kind = squeeze(kind)
    kind = kind[:1].upper() + (kind[1:].lower() if kind.isupper() and len(kind) > 3 else kind[1:])  # noqa: PLR2004 ("VB")
    number = regex.sub(r"\s+", "", match["number"]).replace("–", "-") if match["number"] else None
    issuer = read_issuer(text[match.end() : match.end() + ISSUER_WINDOW])
    return Found(Reference(type=kind, number=number, date=_date(match), issuer=issuer), match.start(), match.end())


def _date(match: regex.Match[str]) -> date | None:
    parts = (match["year"], match["month"], match["day"])
    try:
        return date(*map(int, parts)) if all(parts) else None
    except ValueError:
        return None


def _laws(text: str) -> list[Found]:
    return [_found(match, match["type"], text) for match in _law_pattern().finditer(text)]


def _listed(text: str, typed: list[Found], openers: list[regex.Match[str]], stops: list[Range]) -> list[Found]:
    """Return the documents of lists whose kind stands only once, at the beginning."""
    kinds = sorted(
        [(one.end, one.reference.type) for one in typed] + [(match.end(), match["type"]) for match in openers]
    )
    ends = [end for end, _ in kinds]
    listed: list[Found] = []
    for match in _items(text, ends):
        start = match.start("number")
        before = bisect_right(ends, start) - 1
        if before >= 0 and not _stands_between(stops, ends[before], start):
            listed.append(replace(_found(match, kinds[before][1], text), start=start))
    return listed


def _items(text: str, ends: list[int]) -> list[regex.Match[str]]:
    """Return the numbers without their kind: after "số", or right behind another document or what opens the list."""
    items = list(_ITEM.finditer(text))
    waiting = [*ends, *(match.end() for match in items)]
    tried = set(waiting)
    while waiting:
        if match := _LISTED.match(text, waiting.pop()):
            items.append(match)
            if match.end() not in tried:
                tried.add(match.end())
                waiting.append(match.end())
    return list({match.start("number"): match for match in items}.values())


def _list_ends(text: str) -> list[Range]:
    return [match.span() for match in _LIST_END.finditer(text)]


def _stands_between(ranges: list[Range], start: int, end: int) -> bool:
    """Tell whether one of `ranges`, which are in order, stands in a text from `start` on, with more before `end`."""
    place = bisect_left(ranges, (start, start))
    return place < len(ranges) and ranges[place][1] < end


def _with_opener(found: Found, text: str, openers: list[regex.Match[str]], stops: list[Range]) -> Found:
    """Return a citation with the issuer that the list's opener names, where it has none of its own."""
    if found.reference.issuer:
        return found
    place = bisect_right(openers, found.end, key=lambda match: match.end()) - 1
    opener = openers[place] if place >= 0 else None
    if opener is None or not _is_kind(found, opener["type"]) or _stands_between(stops, opener.end(), found.end):
        return found
    issuer = read_issuer(text[opener.end("type") : opener.end("type") + ISSUER_WINDOW])
    return replace(found, reference=found.reference.model_copy(update={"issuer": issuer}))


def _is_kind(found: Found, kind: str) -> bool:
    return found.reference.type.lower() == squeeze(kind).lower()


def read_issuer(rest: str) -> str | None:
    """Return X where `rest` begins with "của X": a name ends at punctuation or at what the document is about.

    >>> read_issuer(" của Bộ Nông nghiệp và Môi trường về việc")
    'Bộ Nông nghiệp và Môi trường'
    """
    match = _ISSUER.match(rest)
    if not match or not match["name"][0].isupper():
        return None
    name = match["name"]
    stop = _first_stop(name)
    words = name[:stop].split()
    is_body = words[:1] != ["Luật"] and words[:2] != ["Bộ", "luật"]
    return " ".join(words) if words and len(words) <= MAX_ISSUER_WORDS and is_body else None


def _first_stop(name: str) -> int:
    commas = [match.span() for match in _commas().finditer(name)]
    stops = [match.start() for match in _stops().finditer(name)]
    return next((stop for stop in stops if not any(start <= stop < end for start, end in commas)), len(name))


@cache
def _commas() -> regex.Pattern[str]:
    return regex.compile("|".join(map(regex.escape, load_table("references")["names_with_comma"])))


@cache
def _stops() -> regex.Pattern[str]:
    """Match what ends a name: punctuation, a word of what follows, "và" but before another part of the name."""
    table = load_table("references")
    ends = "|".join(table["issuer_ends"])
    capital = "|".join(table["issuer_ends_capital"])
    return regex.compile(
        rf"[,.;:()“”\"\[\]]|\s(?:{ends}|số)\b|\s(?i:{capital})\b|\svà\s(?!\p{{Lu}})|\svà\s(?=(?:{_types()})\b)"
    )


@cache
def _types() -> str:
    types = sorted(load_table("references")["types"], key=len, reverse=True)
    return "|".join(regex.escape(one).replace(r"\ ", r"\s+") for one in types)


@cache
def _document_pattern() -> regex.Pattern[str]:
    return regex.compile(rf"\b(?i:(?P<type>{_types()}))(?:\s+(?:kết luận\s+)?số)?\s*:?\s+{_NUMBER}{_DATE}?")


@cache
def _opener_pattern() -> regex.Pattern[str]:
    """Match what opens a list: "các Quyết định của Thủ tướng Chính phủ: số …", "các văn bản số …"."""
    return regex.compile(
        rf"\b[Cc]ác\s+(?i:(?P<type>{_types()}))\b(?:\s+sau(?:\s+đây)?)?(?:\s+của\s+[^.;:()]{{3,160}}?)?\s*(?=:|\bsố\b|\d+/)"
    )


@cache
def _law_pattern() -> regex.Pattern[str]:
    """Match a law by its name with a number or a date: "Luật Quy hoạch ngày 24 tháng 11 năm 2017".

    Only the name of a law that amends others has the names of laws in it.
    """
    ends = "ngày|(?<!một )số|năm|này|được|đã|hiện|tại|quy định|Nghị|Thông tư|Quyết định"
    word = rf"(?!(?:{ends})\b)[\p{{L}}\d\-]+"
    gap = r"(?:,\s+|\s+)"
    single = rf"(?:Bộ luật|Luật|Pháp lệnh)\s+(?:{word}{gap}(?!Luật\s(?!sư)|Bộ luật|Pháp lệnh)){{0,14}}?{word}"
    amending = rf"(?:Luật|Pháp lệnh)\s+[Ss]ửa\s+đ\p{{L}}i(?:{gap}{word}){{3,45}}?"
    number = r"\s*:?\s*số\s+(?P<number>\d+(?:/\d{4})?[/\-](?:QH|UBTVQH|PL|L-|LCT|SL)[\p{L}\d\-/]*)"
    return regex.compile(rf"(?P<type>{amending}|{single})(?:\s*\([^()]*\))?(?:{number}{_DATE}?|{_DATE})")
