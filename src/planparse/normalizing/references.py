"""References: "Quyết định số 1789/QĐ-UBND ngày 15/12/2023 của Chủ tịch UBND tỉnh" → type, number, date, issuer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from planparse.normalizing.citations import find_citations
from planparse.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from planparse.plan import Reference

# The whole of a line under a title: what it names is the document that it stands in
_ENCLOSED = regex.compile(r"\(?\s*(?:ban hành\s+)?kèm theo(?:\s\p{L}+){1,4}\s+số\b[^()]*\)?[.\s]*", regex.IGNORECASE)


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


def read_own_reference(texts: Iterable[str]) -> Reference | None:
    """Return the document itself, as a line under the title of its plan or appendix names it: "(Kèm theo …)"."""
    lines = (text for text in texts if _ENCLOSED.fullmatch(text.strip()))
    return next((one for line in lines for one in read_references(line)), None)


def without_document(references: tuple[Reference, ...], numbers: Iterable[str | None]) -> tuple[Reference, ...]:
    """Return `references` without the document itself, which has one of `numbers`."""
    own = {fold(number) for number in numbers if number}
    return tuple(one for one in references if fold(one.number or "") not in own)
