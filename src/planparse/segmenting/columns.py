"""The head of a table → what its columns mean: by the words of their heads, then by what their cells hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planparse.outline import FieldKind
from planparse.segmenting.fields import LEADS, UNITS, read_label
from planparse.segmenting.heads import BARE, CODE, NUMBER, PERIOD, Head, column_meaning
from planparse.segmenting.rows import (
    EMPTY,
    ROW_NUMBER,
    Row,
    holds_clock,
    holds_document,
    holds_figure,
    holds_time,
    is_mark,
    names_body,
    names_person,
    row_number,
    says_status,
    share,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from planparse.segmenting.flow import Flow

HALF = 0.5
"""The share of a column's cells that settles what it holds: most of them."""

MAX_TIME_WORDS = 10
"""Words of a cell that only says when; one of 303 in the tables of the labelled plans has more (12, for two times)."""

MARKED = "marked"
"""A column whose cells only mark it: its head names a unit or a time, "x" says that it is meant."""


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


def settle(head: Head, rows: Sequence[Row]) -> Columns:
    """Return what the columns below `head` mean; `rows` tell where its words leave it open."""
    cells = [[cell for row in rows if (cell := row.cell(index))] for index in range(len(head.words))]
    kinds = [_settle_kind(index, head, cells) for index in range(len(head.words))]
    kinds = _settle_number(_settle_units(kinds, head, cells), cells)
    kinds = _settle_unknown(kinds, head, cells)
    text = _text_column(kinds, cells, head)
    kinds = [_beside_text(index, kinds, text, head, cells) for index in range(len(kinds))]
    listed = _lists(head, kinds)
    times = [cell for kind, column in zip(kinds, cells, strict=True) if kind == FieldKind.TIME_FRAME for cell in column]
    assigns = text is not None and not listed and share(times, holds_clock) < HALF
    return Columns(head, tuple(kinds), text, assigns)


def _lists(head: Head, kinds: Sequence[str | None]) -> bool:
    """Tell whether a table lists people, or targets that nobody is charged with: measured, or watched by a body."""
    found = {word for words in head.words for word in words}
    leads = [words for words, kind in zip(head.words, kinds, strict=True) if kind in LEADS]
    measured = "measure" in found or any(column_meaning(words) == BARE for words in head.words)
    charged = not measured and any("other" not in words for words in leads)
    return "people" in found or ("target" in found and FieldKind.DESCRIPTION not in kinds and not charged)


def align(row: Row, columns: Columns) -> Row:
    """Return a row that lacks cells with each of its own below the column that it fits; the rest span rows."""
    width, count = len(columns.kinds), len(row.cells)
    if count >= width:
        return row
    # A title over all columns, or more of a task's words
    if count == 1 and columns.text is not None and not row_number(row.cells[0]):
        return Row((*[None] * columns.text, *row.cells, *[None] * (width - columns.text - 1)))
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
    if kind in UNITS:
        return 1 if names_body(cell.text) else -1 if holds_time(cell.text) else 0
    if kind == FieldKind.TIME_FRAME:
        return 1 if holds_time(cell.text) else -1
    return 1 if is_text else 0


def _settle_kind(index: int, head: Head, cells: Sequence[Sequence[Flow]]) -> str | None:
    """Return what column `index` means, where its cells may say otherwise than its head."""
    kind, words = column_meaning(head.words[index]), head.words[index]
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
        "status" in words or (column_meaning(words) == FieldKind.TIME_FRAME and _is_progress(column))
        for words, column in zip(head.words, cells, strict=True)
    )


def _settle_units(kinds: Sequence[str | None], head: Head, cells: Sequence[Sequence[Flow]]) -> list[str | None]:
    """Settle who leads: one column does, "chủ trì" before "thực hiện", a body before its head; names tell the rest."""
    leads = [index for index, kind in enumerate(kinds) if kind in LEADS]
    top = max((_rank(head.words[index]) for index in leads), default=0)
    settled = list(kinds)
    for index in leads:
        if _rank(head.words[index]) < top:
            person = _rank(head.words[index]) < 0
            settled[index] = FieldKind.OTHER if person else FieldKind.COORDINATING_UNITS
    named = FieldKind.DESCRIPTION in kinds
    for index, kind in enumerate(kinds):
        loose = kind == FieldKind.COORDINATING_UNITS and not leads and "related" in head.words[index]
        if kind == BARE or loose or (kind is None and FieldKind.COORDINATING_UNITS in kinds):
            bodies = named and not leads and share(cells[index], _says_who) >= HALF
            settled[index] = FieldKind.LEAD_UNITS if bodies else None
            leads += [index] if bodies else []
    return settled


def _says_who(text: str) -> bool:
    """Tell whether a cell names bodies or persons, or begins with a label that does ("Chủ trì: Sở A")."""
    label = read_label(text.lstrip(" -+"))
    return names_body(text) or names_person(text) or (label is not None and label.kind in UNITS)


def _says_when(text: str) -> bool:
    """Tell whether a cell holds a time and not much else."""
    return holds_time(text) and len(text.split()) <= MAX_TIME_WORDS and not holds_document(text)


def _settle_number(kinds: Sequence[str | None], cells: Sequence[Sequence[Flow]]) -> list[str | None]:
    """Settle a head of codes: they number the rows where no other column does."""
    codes = [index for index, kind in enumerate(kinds) if kind == CODE and share(cells[index], _is_row_number) >= HALF]
    number = codes[0] if codes and NUMBER not in kinds else None
    return [
        NUMBER if index == number else FieldKind.OTHER if kind == CODE else kind for index, kind in enumerate(kinds)
    ]


def _is_row_number(text: str) -> bool:
    return ROW_NUMBER.match(text) is not None


def _settle_unknown(kinds: Sequence[str | None], head: Head, cells: Sequence[Sequence[Flow]]) -> list[str | None]:
    """Settle by their cells the columns whose heads say nothing: who is in charge, and when.

    Not in lists of documents or figures, where bodies and years stand beside much else.
    """
    settled = list(kinds)
    in_list = any(share(column, holds_document) >= HALF for column in cells) or any(
        share(column, holds_figure) >= HALF for column, kind in zip(cells, kinds, strict=True) if kind != NUMBER
    )
    if not in_list and FieldKind.DESCRIPTION in kinds:
        if not any(kind in LEADS for kind in kinds):
            _take_fullest(settled, FieldKind.LEAD_UNITS, _shares(settled, head, cells, _says_who))
        if not {FieldKind.TIME_FRAME, PERIOD} & set(kinds):
            _take_fullest(settled, FieldKind.TIME_FRAME, _shares(settled, head, cells, _says_when))
    charged = any(kind in UNITS for kind in settled)
    return [(FieldKind.TIME_FRAME if charged else FieldKind.OTHER) if kind == PERIOD else kind for kind in settled]


def _shares(
    kinds: Sequence[str | None], head: Head, cells: Sequence[Sequence[Flow]], test: Callable[[str], bool]
) -> dict[int, float]:
    """Return for each column of unknown head the share of its cells that pass `test`."""
    unknown = [index for index, words in enumerate(head.words) if not words and kinds[index] is None]
    return {index: share(cells[index], test) for index in unknown}


def _take_fullest(kinds: list[str | None], kind: FieldKind, shares: Mapping[int, float]) -> None:
    """Give `kind` to the column with the most cells of that kind, if they are most of them."""
    best = max(shares, key=lambda index: (shares[index], -index), default=None)
    if best is not None and shares[best] >= HALF:
        kinds[best] = kind


def _beside_text(
    index: int, kinds: Sequence[str | None], text: int | None, head: Head, cells: Sequence[Sequence[Flow]]
) -> str | None:
    """Return what a column means beside that of the task: documents are its product, or cited; other words are more."""
    if kinds[index] != FieldKind.DESCRIPTION or index == text:
        return kinds[index]
    document = "document" in head.words[index][:1] and not {"do", "own"} & set(head.words[index])
    product = document and FieldKind.DELIVERABLES not in kinds and share(cells[index], holds_document) < HALF
    return FieldKind.DELIVERABLES if product else FieldKind.OTHER


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
    unknown = [index for index, kind in enumerate(kinds) if kind is None and column_meaning(head.words[index]) is None]
    if not unknown or not any(kind in UNITS for kind in kinds):
        return _target_column(kinds, head)
    return max(unknown, key=lambda index: sum(len(cell.text) for cell in cells[index]))


def _target_column(kinds: Sequence[str | None], head: Head) -> int | None:
    """Return the column of targets where a table has no other for its tasks, beside units."""
    targets = [index for index, words in enumerate(head.words) if "target" in words]
    return targets[0] if targets and any(kind in UNITS for kind in kinds) else None
