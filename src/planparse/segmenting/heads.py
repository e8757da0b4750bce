"""The head of a table: its lines, and what the words over each column mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from planparse.outline import FieldKind, Passage
from planparse.segmenting.fields import UNITS, fold_label, meaning, word_kinds
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
CODE = "code"
"""A head of codes: the rows' numbers where no other column has them."""
PERIOD = "period"
"""A head of years and phases: a time beside somebody who does the work."""
_PLAIN_HEADS = frozenset({"time", "product", "result", "content", "document", "lead", "coordinate"}) | frozenset(
    {"other", "form", "status", "target", CODE, PERIOD}
)
_IN_LABELS = {"named": "body", "moment": "time"}
"""What the kinds of words that are used in heads of columns only mean as parts of a label."""

_DATE = regex.compile(r"\d{1,2}\s*[/.-]\s*(?:\d{1,2}|(?:19|20)\d{2})\b")
_FOOTNOTE = regex.compile(r"[\[(]\s*(?:\d{1,2}|\*+)\s*[\])]|\*+|(?<=\p{L})\d\b")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: for each column the kinds of its words, () where they are unknown, and its label."""

    words: tuple[tuple[str, ...], ...]
    labels: tuple[Passage, ...]


def read_head(row: Row, above: Head | None = None) -> Head | None:
    """Read a row as the head of a table; None where it names too little, or bears a row's number.

    Without a head of numbers a row with a date is none, and below a head `above` it is one only if it is the same or
    names more than bodies: "Kiểm tra | Chi bộ" is a task and its unit.
    """
    if row_number(row.cells[0] if row.cells else None):
        return None
    words = [head_words(cell.text) if cell else () for cell in row.cells]
    known = sum(column_meaning(one) is not None for one in words)
    # "Kiểm tra việc quản lý … | Quý II, quý IV" consists of a head's words and others: a row of a task
    kinds = {column_meaning(one) for one in words if "own" not in one} - {None, FieldKind.OTHER}
    numbered = bool(words) and "number" in words[0] and len(row.filled) > 1
    dated = any(_DATE.search(cell.text) for cell in row.filled)
    if not numbered and (dated or len(kinds) < MIN_HEAD_KINDS or known < len(row.filled) / 2):
        return None
    head = Head(tuple(words), tuple((cell or EMPTY).passage() for cell in row.cells))
    again = numbered or above is None or len(kinds - {BARE}) >= MIN_HEAD_KINDS or is_same(head, above)
    return head if again else None


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
            words[index] = found if column_meaning(found := head_words(cell.text)) else words[above]
            labels[index] = cell.passage()
    return Head(tuple(words), tuple(labels))


def _widen(sub: Head, head: Head) -> Head | None:
    """Put the columns of a second line, printed alone, in the place of the one that they are below."""
    unsettled = [
        index
        for index, words in enumerate(head.words)
        if column_meaning(words) in UNITS | {BARE} or (head.labels[index].text and column_meaning(words) is None)
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
def head_words(head: str) -> tuple[str, ...]:
    """Return the kinds of the words of a column's head; () where they are no such words."""
    folded = fold_label(_FOOTNOTE.sub(" ", head))
    if len(folded.split()) > MAX_HEAD_WORDS:
        return ()
    return word_kinds(folded, own=_may_be_own, vocabularies=("words", "columns")) or ()


def _may_be_own(kinds: Sequence[str]) -> bool:
    """Tell whether words of the document's own may follow, once what they describe is plain and not longer."""
    described = sum(kind not in {"own", "filler"} for kind in kinds)
    return bool(_PLAIN_HEADS & set(kinds)) and kinds.count("own") <= 2 * described


def column_meaning(words: tuple[str, ...]) -> str | None:
    """Return a `FieldKind` value, "number", "code", "period", "bare", or None, for the kinds of a head's words."""
    if not words:
        return None
    kinds = set(words) - {"filler"}
    if words[0] == CODE:
        return CODE
    if NUMBER in kinds:
        return NUMBER
    if kinds & {"measure", "people"} or (kinds & {"target", "group"} and not kinds & {"content", "lead", "coordinate"}):
        return FieldKind.OTHER
    if kinds and (kinds <= {"body", "person"} or kinds == {"do"}):
        return BARE
    if special := _special_meaning(kinds):
        return special
    found = meaning(tuple(_IN_LABELS.get(one, one) for one in words))
    return None if found is None else found.value


def _special_meaning(kinds: set[str]) -> str | None:
    """Return what words mean in the head of a column only, where that differs from what they do in a label."""
    if kinds & {"product", "document"} and (len(kinds & {"product", "document"}) > 1 or "form" in kinds):
        return FieldKind.DELIVERABLES
    if kinds & {"support", "related"} and kinds <= {"support", "related", "body", "named", "person"}:
        return FieldKind.COORDINATING_UNITS
    return PERIOD if PERIOD in kinds and kinds <= {PERIOD, "do", "own"} else None
