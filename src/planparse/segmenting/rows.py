"""The lines of a table → its rows of cells; what the cells hold.

A table comes as cells of a page (`Line.cell`) or as lines of text between bars ("| 1 | Nhiệm vụ | Sở A |").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import regex

from planparse.data import load_table
from planparse.language.words import phrases
from planparse.outline import FieldKind
from planparse.segmenting.flow import Flow, join_flows, line_flow
from planparse.text import fold, has_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from planparse.document import Line

EMPTY = Flow("", ())

# "1", "1.", "01", "3.2", "II", "a)"; a code: "A1.2", "NV-03"
ROW_NUMBER = regex.compile(
    r"\s*\(?(?P<number>\d{1,3}(?:\.\d{1,2})*|[IVX]{1,5}|[A-H]|[a-zđ]|[A-ZĐ]{1,3}[.-]?\d{1,3}(?:\.\d{1,2})*)\s*[.)]?\s*$"
)
_COLUMN_NUMBER = regex.compile(r"\s*\(?(?:\d{1,2}|[A-E])\)?\s*$")
_LINE_BREAK = regex.compile(r"<br\s*/?>", regex.IGNORECASE)
_FIGURE = regex.compile(r"\s*[≥≤<>]?\s*\d[\d.,]*\s*%?\s*")
_DOCUMENT = regex.compile(r"\d+\s*(?:/\d{4})?\s*[/-]\s*\p{Lu}{2,}")
_SHORT_NAMES = frozenset({"so", "ubnd", "hdnd", "mttq"})
"""Names of bodies that no other word is written like."""
_PLURAL = regex.compile(r"(?:cac|nhung|moi|tat ca|toan the)\s")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells from the left; empty where nothing is printed, None below one that spans rows."""

    cells: tuple[Flow | None, ...]

    @property
    def filled(self) -> list[Flow]:
        """The cells that hold something."""
        return [cell for cell in self.cells if cell]

    @property
    def page(self) -> int:
        """The page that the row begins on."""
        return min((cell.first.page for cell in self.filled), default=0)

    @property
    def numbers_columns(self) -> bool:
        """Whether the row numbers the columns: "(1) | (2) | (3)"."""
        return len(self.filled) > 1 and all(_COLUMN_NUMBER.match(cell.text) for cell in self.filled)

    def cell(self, index: int | None) -> Flow | None:
        """Return the cell in column `index`; None where there is none."""
        return self.cells[index] if index is not None and index < len(self.cells) else None

    def over(self, below: Sequence[Row]) -> Row:
        """Return the row with the cells of the rows `below`, which go on with it, below its own."""
        rows = (self, *below)
        width = max(len(row.cells) for row in rows)
        return Row(tuple(_stack([row.cell(index) for row in rows]) for index in range(width)))


def read_rows(lines: Sequence[Line]) -> tuple[list[Row], list[Flow]]:
    """Return the rows of a table, and the borders that are printed around its cells."""
    rows: list[list[Row]] = []
    borders: list[Flow] = []
    for boxed, group in groupby(lines, key=lambda line: line.cell is not None):
        if boxed:
            rows += [[row] for row in _boxed_rows(list(group))]
        else:
            for line in group:
                cells, bars = _split_gaps(line) if line.gaps else _split_bars(line)
                borders += bars
                if rows and _is_wrapped(line, cells):
                    rows[-1].append(Row(cells))
                elif any(cells):
                    rows.append([Row(cells)])
    return [row.over(wrapped) if wrapped else row for row, *wrapped in rows], borders


def row_number(cell: Flow | None) -> str | None:
    """Return the number that a cell holds, as printed, without punctuation; None where it holds none."""
    match = ROW_NUMBER.match(cell.text) if cell else None
    return match["number"] if match else None


def holds_time(text: str) -> bool:
    """Tell whether `text` names a time.

    >>> holds_time("Quý IV/2025"), holds_time("Đang thực hiện")
    (True, False)
    """
    return bool(_cell_words("time").search(fold(text)))


def holds_clock(text: str) -> bool:
    """Tell whether `text` names an hour or a part of a day, as programmes of events do."""
    return bool(_cell_words("clock").match(fold(text).strip(" -")))


def says_status(text: str) -> bool:
    """Tell whether `text` says how far a work is: "Đã hoàn thành", "Đang thực hiện"."""
    return bool(_cell_words("status").match(fold(text).strip(" -+")))


def is_mark(text: str) -> bool:
    """Tell whether a cell only marks its column: "x", "CT" (chủ trì), "P" (phối hợp)."""
    return bool(_cell_words("mark").fullmatch(fold(text).strip()))


def mark_role(text: str) -> FieldKind | None:
    """Return what a mark says of the unit at its column's head; None where it says nothing more."""
    folded = fold(text).strip()
    if _cell_words("mark_lead").fullmatch(folded):
        return FieldKind.LEAD_UNITS
    return FieldKind.COORDINATING_UNITS if _cell_words("mark_coordinate").fullmatch(folded) else None


def names_body(text: str) -> bool:
    """Tell whether `text` begins as the name of a body or of several does.

    >>> names_body("Sở Nội vụ"), names_body("Các sở, ngành"), names_body("Ban hành kế hoạch")
    (True, True, False)
    """
    text = text.strip(" -+")
    name = _bodies().match(text.lower() if has_marks(text) else fold(text))
    if not name:
        return bool(_PLURAL.match(fold(text)))
    following = text[name.end() :]
    if " " in name[0] or not following.strip() or fold(name[0]) in _SHORT_NAMES:
        return True
    listed = regex.match(r"\s*,\s*(\p{L}+)", following)
    return fold(listed[1]) in phrases("general")[1] if listed else not following.lstrip()[:1].islower()


def names_person(text: str) -> bool:
    """Tell whether `text` begins with a person's title and name.

    >>> names_person("Đ/c Hạnh"), names_person("PGĐ Lê Minh Châu"), names_person("Ông bà")
    (True, True, False)
    """
    return bool(_persons().match(text.strip(" -+")))


def holds_figure(text: str) -> bool:
    """Tell whether a cell is a figure: "3", "1.250,5", "85%"."""
    return bool(_FIGURE.fullmatch(text))


def holds_document(text: str) -> bool:
    """Tell whether a cell cites a document by its number: "Quyết định số 12/QĐ-UBND"."""
    return bool(_DOCUMENT.search(text))


def share(cells: Sequence[Flow], test: Callable[[str], bool]) -> float:
    """Return the share of `cells` whose text passes `test`; 0 of none."""
    return sum(test(cell.text) for cell in cells) / len(cells) if cells else 0.0


def _stack(cells: Sequence[Flow | None]) -> Flow | None:
    printed = [cell for cell in cells if cell is not None]
    return join_flows(printed) if len(printed) > 1 else next(iter(printed), None)


def _boxed_rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Yield the rows of page tables; the last column of each table tells how many cells a row has."""
    for _, table in groupby(lines, key=lambda line: line.cell.table if line.cell else 0):
        cells: dict[tuple[int, int], list[Flow]] = {}
        spanned: set[tuple[int, int]] = set()
        for line in table:
            if line.cell:
                cells.setdefault((line.cell.row, line.cell.column), []).append(line_flow(line))
                spanned |= {(line.cell.row + below, line.cell.column) for below in range(1, line.cell.rows)}
        width = max(column for _, column in cells)
        for row in sorted({row for row, _ in cells}):
            places = [(row, column) for column in range(1, width + 1)]
            yield Row(
                tuple(
                    None if place in spanned and place not in cells else join_flows(cells.get(place, ()))
                    for place in places
                )
            )


def _is_wrapped(line: Line, cells: Sequence[Flow]) -> bool:
    """Tell whether a line of columns parted by white space goes on with the row above: it has nothing in the first."""
    return bool(line.gaps) and not cells[0] and all(set(line.text[start:end]) <= {" "} for start, end in line.gaps)


def _split_gaps(line: Line) -> tuple[tuple[Flow, ...], list[Flow]]:
    flow = line_flow(line)
    cells = tuple(cell.strip() for cell in flow.split(line.gaps))
    return cells, [border for gap in line.gaps if (border := flow.cut(*gap))]


def _split_bars(line: Line) -> tuple[tuple[Flow, ...], list[Flow]]:
    bars = [index for index, char in enumerate(line.text) if char == "|"]
    flow = line_flow(line)
    before = [] if not line.text[: bars[0]].strip() else [-1]
    after = [] if not line.text[bars[-1] + 1 :].strip() else [len(line.text)]
    pieces = [flow.cut(left + 1, right) for left, right in pairwise([*before, *bars, *after])]
    if all(not cell or set(cell.text) <= set("-–—:= ") for cell in pieces):
        return (), [flow]
    breaks = [
        flow.cut(*match.span())
        for match in _LINE_BREAK.finditer(flow.text)
        if (before or bars[0] < match.start()) and (after or match.start() < bars[-1])
    ]
    return tuple(map(_join_broken, pieces)), [*(flow.cut(bar, bar + 1) for bar in bars), *breaks]


def _join_broken(cell: Flow) -> Flow:
    """Join the lines of a cell that a page's markup parts ("Sở A<br>Sở B")."""
    return join_flows(cell.split(match.span() for match in _LINE_BREAK.finditer(cell.text)))


@cache
def _cell_words(key: str) -> regex.Pattern[str]:
    return regex.compile("|".join(rf"(?:{one})(?!\p{{L}})" for one in load_table("labels")["cells"][key]))


@cache
def _bodies() -> regex.Pattern[str]:
    names = {one.lower() for one in (*load_table("units")["names"], *load_table("frame")["bodies"])}
    forms = names | set(map(fold, names))
    return regex.compile(rf"(?:{'|'.join(sorted(map(regex.escape, forms), key=len, reverse=True))})(?!\p{{L}})")


@cache
def _persons() -> regex.Pattern[str]:
    titles = "|".join(map(regex.escape, load_table("labels")["cells"]["titles"]))
    return regex.compile(rf"(?:(?i:{titles})\.?\s+)+\p{{Lu}}")
