"""The head of a table: its lines, and what the words over each column mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from planparse.outline import FieldKind, Passage
from planparse.segmenting.fields import fold_label, meaning, word_kinds
from planparse.segmenting.rows import EMPTY, Row, row_number

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_HEAD_KINDS = 2
"""Columns that a row must name to be the head of a table of tasks."""
MAX_HEAD_WORDS = 15
"""Words of a column's head; the longest met has 9 ("Đơn vị được phân công chủ trì tham mưu thực hiện")."""
NUMBER = "number"
BARE = "bare"
"""A head of bodies that does not say what they do: "Đơn vị", which may be a unit of measure, "Thực hiện"."""
UNITS = (FieldKind.LEAD_UNITS, FieldKind.COORDINATING_UNITS, FieldKind.LEAD_AND_COORDINATING_UNITS)
"""The kinds of fields that name bodies."""
_PLAIN_HEADS = frozenset({"time", "product", "result", "content", "lead", "coordinate", "other", "status", "target"})


_FOOTNOTE = regex.compile(r"[\[(]\s*(?:\d{1,2}|\*+)\s*[\])]|\*+|(?<=\p{L})\d\b")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: for each column the kinds of its words, () where they are unknown, and its label."""

    words: tuple[tuple[str, ...], ...]
    labels: tuple[Passage, ...]


def read_head(row: Row) -> Head | None:
    """Read a row as the head of a table; None where it names too little, or bears a row's number."""
    if row_number(row.cells[0] if row.cells else None):
        return None
    words = [_words(cell.text) if cell else () for cell in row.cells]
    kinds = {column_meaning(one) for one in words} - {None}
    known = sum(column_meaning(one) is not None for one in words)
    numbered = bool(words) and "number" in words[0] and len(row.filled) > 1
    if not numbered and (len(kinds) < MIN_HEAD_KINDS or known < len(row.filled) / 2):
        return None
    return Head(tuple(words), tuple((cell or EMPTY).passage() for cell in row.cells))


def read_sub_head(row: Row, head: Head) -> Head | None:
    """Read a row below `head` as its second line ("Phân công thực hiện" over "Chủ trì | Phối hợp")."""
    named = read_head(row)
    if named and len(named.words) < len(head.words):
        return _widen(named, head)
    below_words = not any(row.cells[:2]) and bool(row.filled) and not any(row_number(cell) for cell in row.filled)
    if len(row.cells) != len(head.words) or not (named or below_words):
        return None
    words, labels = list(head.words), list(head.labels)
    for index, cell in enumerate(row.cells):
        above = index - 1 if index and not head.labels[index].text else index
        if cell:
            words[index] = found if column_meaning(found := _words(cell.text)) else words[above]
            labels[index] = cell.passage()
    return Head(tuple(words), tuple(labels))


def _widen(sub: Head, head: Head) -> Head | None:
    """Put the columns of a second line, printed alone, in the place of the one that they are below."""
    unsettled = [
        index
        for index, words in enumerate(head.words)
        if column_meaning(words) in {*UNITS, BARE} or (head.labels[index].text and column_meaning(words) is None)
    ]
    if not unsettled or not all(column_meaning(words) in UNITS for words in sub.words):
        return None
    place = unsettled[0]
    return Head(
        (*head.words[:place], *sub.words, *head.words[place + 1 :]),
        (*head.labels[:place], *sub.labels, *head.labels[place + 1 :]),
    )


def is_same(head: Head, before: Head) -> bool:
    """Tell whether `head` is `before` printed again, perhaps without its number cell."""
    named, known = tuple(map(column_meaning, head.words)), tuple(map(column_meaning, before.words))
    return named == known or (known[:1] == (NUMBER,) and named == known[1:])


@lru_cache(maxsize=8192)
def _words(head: str) -> tuple[str, ...]:
    """Return the kinds of the words of a column's head; () where they are no such words."""
    folded = fold_label(_FOOTNOTE.sub(" ", head))
    if len(folded.split()) > MAX_HEAD_WORDS:
        return ()
    return word_kinds(folded, own=_may_be_own, vocabularies=("words", "columns")) or ()


def _may_be_own(kinds: Sequence[str]) -> bool:
    """Tell whether words of the document's own may follow, once what they describe is plain and not longer."""
    return bool(_PLAIN_HEADS & set(kinds)) and kinds.count("own") <= 2 * sum(kind != "own" for kind in kinds)


def column_meaning(words: tuple[str, ...]) -> str | None:
    """Return a `FieldKind` value, "number", "target", "bare", or None, for the kinds of a head's words."""
    if not words:
        return None
    kinds = set(words)
    if NUMBER in kinds:
        return NUMBER
    if kinds & {"measure", "people"} or (kinds & {"target", "group"} and not kinds & {"content", "lead", "coordinate"}):
        return FieldKind.OTHER
    if kinds <= {"body", "person"} or kinds == {"do"}:
        return BARE
    found = meaning(words)
    return None if found is None else found.value
