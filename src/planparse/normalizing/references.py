"""References: "Quyết định số 1789/QĐ-UBND ngày 15/12/2023 của Chủ tịch UBND tỉnh" → type, number, date, issuer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from planparse.normalizing.citations import find_citations
from planparse.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from planparse.document import Where
    from planparse.plan import Reference

# The whole of a line under a title: what it names is the document that it stands in
_ENCLOSED = regex.compile(r"\(?\s*(?:ban hành\s+)?kèm theo(?:\s\p{L}+){1,4}\s+số\b[^()]*\)?[.\s]*", regex.IGNORECASE)
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
            if first.reference.date != cited.date:
                pairs.append((first, one))
    return pairs


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
