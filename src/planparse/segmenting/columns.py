"""The head of a table → what its columns mean: by the words of their heads, then by what their cells hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from planparse.outline import FieldKind, Passage
from planparse.segmenting.fields import fold_label, meaning, read_label, word_kinds
from planparse.segmenting.rows import (
    EMPTY,
    Row,
    holds_clock,
    holds_time,
    is_mark,
    names_body,
    row_number,
    says_status,
    share,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.segmenting.flow import Flow

MIN_HEAD_KINDS = 2
"""Columns that a row must name to be the head of a table of tasks."""
MAX_HEAD_WORDS = 15
"""Words of a column's head; the longest met has 9 ("Đơn vị được phân công chủ trì tham mưu thực hiện")."""
HALF = 0.5
"""The share of a column's cells that settles what it holds: most of them."""

NUMBER = "number"
MARKED = "marked"
"""A column whose cells only mark it: its head names a unit or a time, "x" says that it is meant."""
BARE = "bare"
"""A head of bodies that does not say what they do: "Đơn vị", which may be a unit of measure, "Thực hiện"."""
_UNITS = (FieldKind.LEAD_UNITS, FieldKind.COORDINATING_UNITS, FieldKind.LEAD_AND_COORDINATING_UNITS)
_LEADS = (FieldKind.LEAD_UNITS, FieldKind.LEAD_AND_COORDINATING_UNITS)
_PLAIN_HEADS = frozenset({"time", "product", "result", "content", "lead", "coordinate", "other", "status", "target"})

_FOOTNOTE = regex.compile(r"[\[(]\s*(?:\d{1,2}|\*+)\s*[\])]|\*+|(?<=\p{L})\d\b")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: for each column the kinds of its words, () where they are unknown, and its label."""

    words: tuple[tuple[str, ...], ...]
    labels: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table mean.

    Attributes:
        head: their heads.
        kinds: for each a field's kind, "number" or None.
        text: the column of the task itself.
        assigns: whether rows may assign tasks.
    """

    head: Head
    kinds: tuple[str | None, ...]
    text: int | None
    assigns: bool

    @property
    def number(self) -> int | None:
        """The column of the rows' numbers."""
        return self.kinds.index(NUMBER) if NUMBER in self.kinds else None

    def has(self, *kinds: FieldKind) -> bool:
        """Tell whether a column is of one of `kinds`."""
        return any(kind in kinds for kind in self.kinds)


def read_head(row: Row) -> Head | None:
    """Read a row as the head of a table; None where it names too little, or bears a row's number."""
    if row_number(row.cells[0] if row.cells else None):
        return None
    words = [_words(cell.text) if cell else () for cell in row.cells]
    kinds = {_meaning(one) for one in words} - {None}
    known = sum(_meaning(one) is not None for one in words)
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
            words[index] = found if _meaning(found := _words(cell.text)) else words[above]
            labels[index] = cell.passage()
    return Head(tuple(words), tuple(labels))


def _widen(sub: Head, head: Head) -> Head | None:
    """Put the columns of a second line, printed alone, in the place of the one that they are below."""
    unsettled = [
        index
        for index, words in enumerate(head.words)
        if _meaning(words) in {*_UNITS, BARE} or (head.labels[index].text and _meaning(words) is None)
    ]
    if not unsettled or not all(_meaning(words) in _UNITS for words in sub.words):
        return None
    place = unsettled[0]
    return Head(
        (*head.words[:place], *sub.words, *head.words[place + 1 :]),
        (*head.labels[:place], *sub.labels, *head.labels[place + 1 :]),
    )


def is_same(head: Head, before: Head) -> bool:
    """Tell whether `head` is `before` printed again, perhaps without its number cell."""
    named, known = tuple(map(_meaning, head.words)), tuple(map(_meaning, before.words))
    return named == known or (known[:1] == (NUMBER,) and named == known[1:])


def settle(head: Head, rows: Sequence[Row]) -> Columns:
    """Return what the columns below `head` mean; `rows` tell where its words leave it open."""
    cells = [[cell for row in rows if (cell := row.cell(index))] for index in range(len(head.words))]
    kinds = [_settle_kind(index, head, cells) for index in range(len(head.words))]
    kinds = _settle_units(kinds, head, cells)
    text = _text_column(kinds, cells, head)
    for index, kind in enumerate(kinds):
        if kind == FieldKind.DESCRIPTION and index != text:
            kinds[index] = FieldKind.OTHER
    listed = _lists(head, kinds)
    times = [cell for kind, column in zip(kinds, cells, strict=True) if kind == FieldKind.TIME_FRAME for cell in column]
    assigns = text is not None and not listed and share(times, holds_clock) < HALF
    return Columns(head, tuple(kinds), text, assigns)


def _lists(head: Head, kinds: Sequence[str | None]) -> bool:
    """Tell whether a table lists people, or targets that nobody is charged with: measured, or watched by a body."""
    found = {word for words in head.words for word in words}
    leads = [words for words, kind in zip(head.words, kinds, strict=True) if kind in _LEADS]
    measured = "measure" in found or any(_meaning(words) == BARE for words in head.words)
    charged = not measured and any("other" not in words for words in leads)
    return "people" in found or ("target" in found and FieldKind.DESCRIPTION not in kinds and not charged)


def align(row: Row, columns: Columns) -> Row:
    """Return a row that lacks cells with each of its own below the column that it fits; the rest span rows."""
    width, count = len(columns.kinds), len(row.cells)
    if count >= width:
        return row
    cells: list[Flow | None] = [None] * width
    for place, cell in zip(_best_places(row, columns), row.cells, strict=True):
        cells[place] = cell
    if columns.number is not None and cells[columns.number] is None:
        cells[columns.number] = EMPTY
    return Row(tuple(cells))


def _best_places(row: Row, columns: Columns) -> tuple[int, ...]:
    """Return for each cell the column that it is below, in order, so that most cells fit; of equals the leftmost."""
    spare = len(columns.kinds) - len(row.cells)
    meanings = [(kind, place == columns.text) for place, kind in enumerate(columns.kinds)]
    # For up to so many columns left out: points, and the columns as negative numbers
    best: list[tuple[int, tuple[int, ...]]] = [(0, ())] * (spare + 1)
    for index, cell in enumerate(row.cells):
        fits = {one: _cell_fit(cell, one[0], is_text=one[1]) if cell else 0 for one in set(meanings)}
        placed: list[tuple[int, tuple[int, ...]]] = []
        for place, (points, before) in enumerate(best, start=index):
            here = (points + fits[meanings[place]], (*before, -place))
            placed.append(max(placed[-1], here) if placed else here)
        best = placed
    return tuple(-place for place in best[-1][1])


def _cell_fit(cell: Flow, kind: str | None, *, is_text: bool) -> int:
    """Return 1 where a cell holds what its column does, -1 where it holds something else, 0 where nobody can tell."""
    if kind == NUMBER:
        return 1 if row_number(cell) else -2
    if kind in _UNITS:
        return 1 if names_body(cell.text) else -1 if holds_time(cell.text) else 0
    if kind == FieldKind.TIME_FRAME:
        return 1 if holds_time(cell.text) else -1
    return 1 if is_text else 0


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


def _meaning(words: tuple[str, ...]) -> str | None:
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


def _settle_kind(index: int, head: Head, cells: Sequence[Sequence[Flow]]) -> str | None:
    """Return what column `index` means, where its cells may say otherwise than its head."""
    kind, words = _meaning(head.words[index]), head.words[index]
    if share(cells[index], is_mark) == 1 and (
        names_body(head.labels[index].text) or holds_time(head.labels[index].text)
    ):
        return MARKED
    if kind == FieldKind.TIME_FRAME and _is_progress(cells[index]):
        return FieldKind.OTHER
    open_result = "result" in words and kind == FieldKind.DELIVERABLES and not {"planned", "product"} & set(words)
    if open_result and (_reports(head, cells) or share(cells[index], says_status) >= HALF):
        return FieldKind.OTHER
    return kind


def _is_progress(cells: Sequence[Flow]) -> bool:
    return share(cells, says_status) >= HALF > share(cells, holds_time)


def _reports(head: Head, cells: Sequence[Sequence[Flow]]) -> bool:
    """Tell whether a column says how far the work is: then results are what was done, not what is to be done."""
    return any(
        "status" in words or (_meaning(words) == FieldKind.TIME_FRAME and _is_progress(column))
        for words, column in zip(head.words, cells, strict=True)
    )


def _settle_units(kinds: Sequence[str | None], head: Head, cells: Sequence[Sequence[Flow]]) -> list[str | None]:
    """Settle who leads: one column does, "chủ trì" before "thực hiện", a body before its head; names tell the rest."""
    leads = [index for index, kind in enumerate(kinds) if kind in _LEADS]
    top = max((_rank(head.words[index]) for index in leads), default=0)
    settled = list(kinds)
    for index in leads:
        if _rank(head.words[index]) < top:
            person = _rank(head.words[index]) < 0
            settled[index] = FieldKind.OTHER if person else FieldKind.COORDINATING_UNITS
    named = FieldKind.DESCRIPTION in kinds
    for index, kind in enumerate(kinds):
        if kind == BARE or (kind is None and FieldKind.COORDINATING_UNITS in kinds):
            bodies = named and not leads and share(cells[index], _says_who) >= HALF
            settled[index] = FieldKind.LEAD_UNITS if bodies else None
            leads += [index] if bodies else []
    return settled


def _says_who(text: str) -> bool:
    """Tell whether a cell names bodies, or begins with a label that does ("Chủ trì: Sở A; phối hợp: Sở B")."""
    label = read_label(text.lstrip(" -+"))
    return names_body(text) or (label is not None and label.kind in _UNITS)


def _rank(words: Sequence[str]) -> int:
    """Return how much a head is that of the lead's column, beside others: 1 chủ trì, 0 thực hiện, -1 a person's."""
    if "person" in words and "body" not in words:
        return -1
    return 1 if "lead" in words else 0


def _text_column(kinds: Sequence[str | None], cells: Sequence[Sequence[Flow]], head: Head) -> int | None:
    """Return the column of the task: the fullest that is named so, else the wordiest of unknown head beside units."""
    described = [index for index, kind in enumerate(kinds) if kind == FieldKind.DESCRIPTION]
    if described:
        return max(described, key=lambda index: (len(cells[index]), -index))
    unknown = [index for index, kind in enumerate(kinds) if kind is None and _meaning(head.words[index]) is None]
    if not unknown or not any(kind in _UNITS for kind in kinds):
        return _target_column(kinds, head)
    return max(unknown, key=lambda index: sum(len(cell.text) for cell in cells[index]))


def _target_column(kinds: Sequence[str | None], head: Head) -> int | None:
    """Return the column of targets where a table has no other for its tasks, beside units."""
    targets = [index for index, words in enumerate(head.words) if "target" in words]
    return targets[0] if targets and any(kind in _UNITS for kind in kinds) else None
