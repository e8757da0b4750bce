"""References: "Quyết định số 1789/QĐ-UBND ngày 15/12/2023 của Chủ tịch UBND tỉnh" → type, number, date, issuer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from planparse.normalizing.citations import find_citations
from planparse.normalizing.unit_names import is_same_unit
from planparse.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from planparse.document import Where
    from planparse.plan import Reference

# The whole of a line under a title: what it names is the document that it stands in
_ENCLOSED = regex.compile(r"\(?\s*(?:ban hành\s+)?kèm theo(?:\s\p{L}+){1,4}\s+số\b[^()]*\)?[.\s]*", regex.IGNORECASE)
_SHORT_TYPES = {"vb": "van ban", "qd": "quyet dinh", "cv": "cong van"}
_YEAR_IN = regex.compile(r"\d+/((?:19|20)\d{2})/")


@dataclass(frozen=True, slots=True)
class Mention:
    """A document as one passage cites it, and the places of the passage."""

    reference: Reference
    where: tuple[Where, ...] = ()

    @property
    def key(self) -> str:
        """What tells the document from others: its number, else its type."""
        return fold(self.reference.number or self.reference.type)


def read_references(text: str) -> tuple[Reference, ...]:
    """Return the documents that `text` cites, in its order, each once.

    >>> read_references("Nghị định số 45/2020/NĐ-CP ngày 08/4/2020 của Chính phủ.")[0].issuer
    'Chính phủ'
    """
    return merge_references([found.reference for found in find_citations(squeeze(text))])


def merge_references(references: Iterable[Reference]) -> tuple[Reference, ...]:
    """Return each document once, as at its first mention; a date or issuer named only later is added."""
    found: list[Reference] = []
    alike: dict[str, list[int]] = defaultdict(list)
    for one in references:
        places = alike[fold(one.number or one.type)]
        place = next((place for place in places if may_be_one(found[place], one)), None)
        if place is None:
            places.append(len(found))
            found.append(one)
        else:
            known = found[place]
            named = {"date": known.date or one.date, "issuer": known.issuer or one.issuer}
            found[place] = known.model_copy(update=named)
    return tuple(found)


def may_be_one(one: Reference, other: Reference) -> bool:
    """Tell whether two references may be to one document: nothing that both state tells them apart.

    Numbers begin anew each year, and in each office; within a year, another date is a misprint.
    """
    if fold(one.number or "") != fold(other.number or ""):
        return False
    if not one.number:
        return fold(one.type) == fold(other.type) and one.date == other.date
    dates = [reference.date for reference in (one, other) if reference.date]
    if len(dates) > 1 and dates[0] == dates[1]:
        return are_types_alike(one, other)
    within_year = len(dates) < 2 or bool(year_in(one)) or dates[0].year == dates[1].year  # noqa: PLR2004 (both)
    return within_year and are_types_alike(one, other) and are_issuers_alike(one, other)


def are_types_alike(one: Reference, other: Reference) -> bool:
    """Tell whether both may be of one kind: two laws, "Kế hoạch" and "Kế hoạch liên tịch", anything and "Văn bản"."""
    if _is_law(one) and _is_law(other):
        return True
    types = sorted(
        (_SHORT_TYPES.get(fold(reference.type), fold(reference.type)) for reference in (one, other)), key=len
    )
    return "van ban" in types or f"{types[1]} ".startswith(f"{types[0]} ")


def are_issuers_alike(one: Reference, other: Reference) -> bool:
    """Tell whether both may be of one body: not named, or one name within the other ("Chủ tịch UBND tỉnh")."""
    if not one.issuer or not other.issuer:
        return True
    short, long = sorted((one.issuer.split(), other.issuer.split()), key=len)
    parts = (long[start:end] for start in range(len(long)) for end in range(start + 1, len(long) + 1))
    return any(is_same_unit(" ".join(short), " ".join(part)) for part in parts)


def first_mentions(mentions: Iterable[Mention]) -> list[Mention]:
    """Return the first mention of each document on each date that it is said to be of."""
    return list({(one.key, one.reference.date): one for one in reversed(list(mentions))}.values())[::-1]


def same_document_twice(mentions: Iterable[Mention]) -> list[tuple[Mention, Mention]]:
    """Return pairs that are evidently one document under two numbers: of one type, kind and date, digits permuted."""
    alike: dict[tuple[str, str, date], Mention] = {}
    pairs = []
    for one in first_mentions(mentions):
        cited = one.reference
        match = regex.match(r"\d+", cited.number or "")
        if match and cited.date:
            key = (cited.type, "".join(sorted(match[0])) + (cited.number or "")[match.end() :], cited.date)
            first = alike.setdefault(key, one)
            if first.reference.number != cited.number:
                pairs.append((first, one))
    return pairs


def dated_twice(mentions: Iterable[Mention]) -> list[tuple[Mention, Mention]]:
    """Return pairs that are one document on two dates; a number without a year begins anew each year."""
    alike: dict[tuple[str, str, int], Mention] = {}
    pairs = []
    for one in first_mentions(mentions):
        cited = one.reference
        if cited.number and cited.date:
            first = alike.setdefault((fold(cited.type), fold(cited.number), year_in(cited) or cited.date.year), one)
            if first.reference.date != cited.date and are_issuers_alike(first.reference, cited):
                pairs.append((first, one))
    return pairs


def named_otherwise(mentions: Iterable[Mention]) -> list[tuple[Mention, Mention]]:
    """Return pairs of one number that are named as of two kinds, or of one number and date as of two bodies."""
    first: dict[tuple[str, date | None], Mention] = {}
    pairs: dict[tuple[str, str, str | None], tuple[Mention, Mention]] = {}
    for one in mentions:
        cited = one.reference
        if not cited.number or _is_law(cited):
            continue
        other = first.setdefault((fold(cited.number), cited.date), one)
        same = are_types_alike(other.reference, cited) and (not cited.date or are_issuers_alike(other.reference, cited))
        if not same:
            pairs.setdefault((one.key, cited.type, cited.issuer), (other, one))
    return list(pairs.values())


def _is_law(reference: Reference) -> bool:
    """Tell whether it is a law, whose numbers are another row than those of resolutions with the same symbol."""
    return bool(regex.match(r"(?:bo )?luat\b|phap lenh\b", fold(reference.type)))


def is_of_other_year(reference: Reference) -> bool:
    """Tell whether a number bears another year than its date: "45/2020/NĐ-CP ngày 08/4/2021"."""
    year = year_in(reference)
    return bool(year and reference.date and reference.date.year != year)


def year_in(reference: Reference) -> int | None:
    """Return the year that a number bears: 2020 of "45/2020/NĐ-CP"."""
    match = _YEAR_IN.match(reference.number or "")
    return int(match[1]) if match else None


def read_own_reference(texts: Iterable[str]) -> Reference | None:
    """Return the document itself, as a line under the title of its plan or appendix names it: "(Kèm theo …)"."""
    lines = (text for text in texts if _ENCLOSED.fullmatch(text.strip()))
    return next((one for line in lines for one in read_references(line)), None)


def without_document(references: tuple[Reference, ...], numbers: Iterable[str | None]) -> tuple[Reference, ...]:
    """Return `references` without the document itself, which has one of `numbers`."""
    own = {fold(number) for number in numbers if number}
    return tuple(one for one in references if fold(one.number or "") not in own)
