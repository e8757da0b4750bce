"""References: "Quyết định số 1789/QĐ-UBND ngày 15/12/2023 của Chủ tịch UBND tỉnh" → type, number, date, issuer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import regex

from planparse.data import load_table
from planparse.plan import Reference
from planparse.text import fold, squeeze

MAX_ISSUER_WORDS = 10
"""Words of an issuer's name after "của"."""

# 1789/QĐ-UBND, 45/2020/NĐ-CP, 31-CT/TU, 67/2006/QH11
_NUMBER = r"(?P<number>\d+(?:[./\-]\d+)*[a-z]?\s?[/\-]\s?[\p{Lu}Đđ][\p{L}\d&.]*(?:\s?[\-/–]\s?[\p{L}\d&.]*[\p{L}\d])*)"
_DATE = (
    r"(?:\s*,?\s*ngày\s+(?:(?P<day>\d{1,2})\s?[/.\-]\s?(?P<month>\d{1,2})\s?[/.\-]\s?(?P<year>\d{4})"
    r"|(?P<wday>\d{1,2})\s+tháng\s+(?P<wmonth>\d{1,2})\s+năm\s+(?P<wyear>\d{4})))"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A reference and where it stands in its text."""

    reference: Reference
    start: int


def read_references(text: str) -> tuple[Reference, ...]:
    """Return the documents that `text` cites, in its order, each once.

    >>> read_references("Nghị định số 45/2020/NĐ-CP ngày 08/4/2020 của Chính phủ.")[0].issuer
    'Chính phủ'
    """
    return merge_references([found.reference for found in _find(squeeze(text))])


def merge_references(references: list[Reference]) -> tuple[Reference, ...]:
    """Return each document once, as at its first mention; a date or issuer named only later is added."""
    merged: dict[tuple[str, str | None, date | None], Reference] = {}
    for one in references:
        key = (fold(one.number), None, None) if one.number else (fold(one.type), None, one.date)
        known = merged.get(key)
        if known is None:
            merged[key] = one
        else:
            merged[key] = known.model_copy(
                update={"date": known.date or one.date, "issuer": known.issuer or one.issuer}
            )
    return tuple(merged.values())


def same_document_twice(references: tuple[Reference, ...]) -> list[tuple[Reference, Reference]]:
    """Return pairs that are evidently one document under two numbers: of one type, kind and date, digits permuted."""
    alike: dict[tuple[str, str, date], Reference] = {}
    pairs = []
    for one in references:
        match = regex.match(r"\d+", one.number or "")
        if match and one.date:
            key = (one.type, "".join(sorted(match[0])) + (one.number or "")[match.end() :], one.date)
            first = alike.setdefault(key, one)
            if first.number != one.number:
                pairs.append((first, one))
    return pairs


def _find(text: str) -> list[Found]:
    found: list[Found] = []
    for match in _document_pattern().finditer(text):
        number = regex.sub(r"\s+", "", match["number"]).replace("–", "-")
        found.append(Found(_reference(match["type"], number, match, text), match.start()))
    taken = {one.start for one in found}
    for match in _law_pattern().finditer(text):
        if match.start() not in taken:
            name = squeeze(match["type"])
            law_number = regex.sub(r"\s+", "", match["number"]) if match["number"] else None
            found.append(Found(_reference(name, law_number, match, text), match.start()))
    return sorted(found, key=lambda one: one.start)


def _reference(kind: str, number: str | None, match: regex.Match[str], text: str) -> Reference:
    kind = squeeze(kind)
    kind = kind[:1].upper() + kind[1:].lower() if kind.isupper() else kind[:1].upper() + kind[1:]
    return Reference(type=kind, number=number, date=_date(match), issuer=_issuer(text[match.end() :]))


def _date(match: regex.Match[str]) -> date | None:
    parts = (match["year"] or match["wyear"], match["month"] or match["wmonth"], match["day"] or match["wday"])
    try:
        return date(*map(int, parts)) if all(parts) else None
    except ValueError:
        return None


def _issuer(rest: str) -> str | None:
    """Return X where "của X" follows the document: a name ends at punctuation or at what the document is about."""
    match = regex.match(r"\s*(?:,\s*)?của\s+(?P<name>[^,.;:()“\"]+)", rest)
    if not match:
        return None
    name = regex.split(_name_ends(), match["name"])[0].strip()
    words = name.split()
    return name if words and len(words) <= MAX_ISSUER_WORDS else None


@cache
def _name_ends() -> str:
    ends = load_table("references")["issuer_ends"]
    return rf"\s+(?={'|'.join(regex.escape(end) for end in ends)})(?:{'|'.join(regex.escape(end) for end in ends)})\b"


@cache
def _types() -> str:
    types = sorted(load_table("references")["types"], key=len, reverse=True)
    return "|".join(regex.escape(one).replace(r"\ ", r"\s+") for one in types)


@cache
def _document_pattern() -> regex.Pattern[str]:
    return regex.compile(rf"(?i:(?P<type>{_types()}))(?:\s+(?:kết luận\s+)?số)?\s*:?\s+{_NUMBER}{_DATE}?")


@cache
def _law_pattern() -> regex.Pattern[str]:
    """Match a law by its name with a number or a date: "Luật Quy hoạch ngày 24 tháng 11 năm 2017"."""
    name = r"(?P<type>(?:Bộ luật|Luật|Pháp lệnh)\s+(?:(?!\bngày\b|\bsố\b|\bLuật\b)[\p{L},\-]+\s+){1,14}?)"
    number = r"(?:số\s+(?P<number>\d+/\d{4}/[\p{L}\d]+))"
    return regex.compile(rf"{name}(?:{number}{_DATE}?|(?<=\s){_DATE})")


def without_self(references: tuple[Reference, ...], number: str | None) -> tuple[Reference, ...]:
    """Return `references` without the document itself."""
    return tuple(one for one in references if not number or fold(one.number or "") != fold(number))
