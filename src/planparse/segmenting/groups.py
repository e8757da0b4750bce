"""Rows that stand over others: "II | HOÀN THIỆN CƠ CHẾ", "Nhiệm vụ giao Bộ trưởng Bộ Công an chỉ đạo"."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING

import regex

from planparse.outline import Marker, MarkerKind
from planparse.segmenting.bullets import read_bullet
from planparse.segmenting.flow import CLOSING_PUNCTUATION
from planparse.segmenting.governors import read_governor
from planparse.segmenting.markers import read_candidates
from planparse.segmenting.numerals import from_roman, roman_numbers, to_roman
from planparse.segmenting.rows import names_body, row_number
from planparse.text import fold, is_upper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.outline import Passage
    from planparse.segmenting.columns import Columns
    from planparse.segmenting.flow import Flow
    from planparse.segmenting.rows import Row

MAX_NUMBER = 4
"""Characters of a number that OCR has damaged ("Il", "I11.")."""

_ROMAN_LOOKALIKES = frozenset("ilv")
"""Small letters that a Roman number of a group may have become; "c)" is a row's."""
_POINT = regex.compile(r"\s*[a-zđ]\s*[.)]\s")
_GIVEN = regex.compile(
    r"\bgiao (?:cho )?(?P<name>.+?)(?:,? (?:chi dao|thuc hien|chu tri|trien khai|to chuc|phu trach)\b.*)?[\s:.;]*$"
)


@dataclass(slots=True)
class Group:
    """Rows below one row that stands over them, or below the head: what makes a node, or belongs to the item around.

    Attributes:
        marker, title: its number and words; None for rows below no such row.
        leader: who the title says is in charge.
        parent: the group that it is in.
        heads: the heads that stand among its rows.
        rows: its rows, and what their columns mean.
    """

    marker: Marker | None
    title: Passage | None
    leader: Passage | None = None
    parent: Group | None = None
    heads: list[Row] = field(default_factory=list)
    rows: list[tuple[Row, Columns | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Opened:
    """A group that a row opens, and the cells that only repeat its title."""

    group: Group
    repeated: list[Flow]


def continues(row: Row, above: Row, columns: Columns) -> bool:
    """Tell whether a row goes on with the one above: without a number, and without a task or in mid-sentence."""
    if row.cell(columns.number) or columns.text is None or not above.cell(columns.text):
        return False
    text = row.cell(columns.text)
    if not text:
        return bool(row.filled) and not _opens_with_first(row, above)
    alone = len(row.filled) == 1
    if text.text[:1].islower() and not _POINT.match(text.text):
        return alone or columns.number is not None
    broken = row.page != above.page and text.text.rstrip().endswith((".", ";"))
    return broken and alone and all(cell is not None for cell in row.cells)


def _opens_with_first(row: Row, above: Row) -> bool:
    """Tell whether a row holds nothing but its first cell, where nothing above spans the rest: "Tháng 4 | | |"."""
    printed = all(cell is not None for cell in row.cells)
    return printed and len(row.filled) == 1 and bool(row.cells[0]) and row.page == above.page


def open_group(
    row: Row, columns: Columns | None, groups: Sequence[Group], current: Group, following: Row | None
) -> Opened | None:
    """Read a row that stands over all columns; None where it is a row like others.

    Args:
        row: the row.
        columns: what its columns mean, where that is known.
        groups: the groups before.
        current: the one that the last row belongs to.
        following: the row below it.
    """
    split = _number_and_title(row, columns, following)
    if split is None:
        return None
    number, title, repeated = split
    marker = _marker(number, title, columns, following) if number else None
    if number and marker is None:
        return None
    if marker is None and (inner := _marker_within(title)):
        marker, title = inner
    if marker and _is_roman_misread(marker, current, columns, following):
        marker = replace(marker, kind=MarkerKind.SECTION)
    marker = _in_sequence(marker, groups)
    words = title.passage(drop=CLOSING_PUNCTUATION)
    return Opened(Group(marker, words, _leader(title), _parent(marker, title, current)), repeated)


def _number_and_title(
    row: Row, columns: Columns | None, following: Row | None
) -> tuple[Flow | None, Flow, list[Flow]] | None:
    """Return number, title and its repetitions of a row whose other columns are empty."""
    filled = row.filled
    number = filled[0] if len(filled) > 1 and _is_number(filled[0]) else None
    titles = filled[1:] if number else filled
    others = _further_numbers(titles) if number else []
    titles = titles[len(others) :]
    if not titles or len({title.text for title in titles}) > 1 or row_number(titles[0]):
        return None
    if columns and columns.text is not None:
        stands = _stands_over(row, number, titles, columns, following)
    else:
        over_all = len(row.cells) < 3 or not row.cells[2] or len(titles) > 1  # noqa: PLR2004 (number and title)
        unit_beside = number and len(row.cells) == 3 and len(titles) == 1  # noqa: PLR2004 (a task and its unit)
        stands = over_all and not unit_beside
    return (number, titles[0], [*others, *titles[1:]]) if stands else None


def _stands_over(
    row: Row, number: Flow | None, titles: Sequence[Flow], columns: Columns, following: Row | None
) -> bool:
    """Tell whether a title is over all columns: printed twice, where words begin, or over rows numbered below it."""
    spanned = titles[0].first.cell is not None and None in row.cells
    if number is None and spanned:
        return False
    placed = titles[0] in (row.cell(columns.text), row.cell(columns.number), row.cells[0])
    return len(titles) > 1 or placed or (number is not None and _numbers_below(number, following, columns))


def _further_numbers(cells: Sequence[Flow]) -> list[Flow]:
    """Return the numbers before a title, of the group in another document: "I | VI | THỂ CHẾ"."""
    return list(takewhile(lambda cell: row_number(cell) is not None, cells[:-1]))


def _numbers_below(number: Flow, following: Row | None, columns: Columns) -> bool:
    """Tell whether the next row is numbered below `number`: 5.1.1 below 5.1."""
    below = row_number(following.cell(columns.number)) if following else None
    return bool(below and below.startswith(f"{row_number(number)}."))


def _is_number(cell: Flow) -> bool:
    return row_number(cell) is not None or (len(cell.text) <= MAX_NUMBER and bool(roman_numbers(cell.text.strip(" ."))))


def _marker(number: Flow, title: Flow, columns: Columns | None, following: Row | None) -> Marker | None:
    """Return the marker of a group; None where the number is that of a row: an Arabic one over no rows of its own."""
    element = row_number(number) or number.text.strip(" .")
    if element[0].isdigit():
        below = columns is not None and following is not None and _is_below(following, element, columns)
        kind = (MarkerKind.CLAUSE, MarkerKind.DECIMAL, MarkerKind.DEEP_DECIMAL)[min(2, element.count("."))]
        return Marker(kind, number.text.strip(), element, number.spans) if below or is_upper(title.text) else None
    if element.islower() and (number.text.strip().endswith(")") or not set(element) <= _ROMAN_LOOKALIKES):
        return None
    letter = element.isupper() and from_roman(element) is None and row_number(number) is not None
    return Marker(MarkerKind.LETTER if letter else MarkerKind.SECTION, number.text.strip(), element, number.spans)


def _is_below(row: Row, element: str, columns: Columns) -> bool:
    """Tell whether a row is one of those that the row numbered `element` stands over: 1.1, a), a bullet."""
    number, text = row_number(row.cell(columns.number)), row.cell(columns.text)
    if number:
        return number.startswith(f"{element}.") or number.islower()
    own = len(row.filled) > 1
    return bool(text and own and (read_bullet(text.text) or _POINT.match(text.text)))


def _marker_within(title: Flow) -> tuple[Marker, Flow] | None:
    """Return the marker that a title begins with ("II. HOÀN THIỆN CƠ CHẾ"), and the rest of it."""
    for candidate in read_candidates(title.text):
        plain = candidate.cost < 1 or (len(candidate.element) > 1 and title.text.startswith(f"{candidate.element} "))
        if candidate.kind in {MarkerKind.SECTION, MarkerKind.LETTER} and plain:
            printed = title.text[: candidate.end].strip()
            marker = Marker(candidate.kind, printed, candidate.element, title.cut(0, candidate.end).spans)
            return marker, title.cut(candidate.end)
    return None


def _is_roman_misread(marker: Marker, current: Group, columns: Columns | None, following: Row | None) -> bool:
    """Tell whether "1", "11" beside a title is I, II: it follows a Roman group with rows, and stands over none."""
    after_roman = current.marker is not None and current.marker.kind is MarkerKind.SECTION and bool(current.rows)
    over_rows = columns is not None and following is not None and _is_below(following, marker.element, columns)
    return marker.kind is MarkerKind.CLAUSE and set(marker.element) == {"1"} and after_roman and not over_rows


def _in_sequence(marker: Marker | None, groups: Sequence[Group]) -> Marker | None:
    """Read a Roman number as the one that follows the last, where OCR may have damaged it."""
    if marker is None or marker.kind is not MarkerKind.SECTION:
        return marker
    last = next((one.marker for one in reversed(groups) if one.marker and from_roman(one.marker.element)), None)
    following = (from_roman(last.element) or 0) + 1 if last else 1
    readings = roman_numbers(marker.printed.strip(" ."))
    clean = from_roman(marker.printed.strip(" .")) is not None
    if (from_roman(marker.element) and following not in readings) or (clean and last is None):
        return marker
    element = to_roman(following if following in readings else min(readings, default=1, key=readings.__getitem__))
    if element == marker.element:
        return marker
    return Marker(MarkerKind.SECTION, element, element, marker.spans)


def ends_group(row: Row, group: Group, columns: Columns) -> bool:
    """Tell whether a row is no longer below `group`, "1" over "a)" and "b)": it bears the next number, "2"."""
    number = row_number(row.cell(columns.number))
    if (
        group.marker is None
        or not group.rows
        or not number
        or not number.isdigit()
        or not group.marker.element.isdigit()
    ):
        return False
    below, _ = group.rows[0]
    alike = (row_number(below.cell(columns.number)) or "").isdigit()
    return int(number) == int(group.marker.element) + 1 and not alike


def _parent(marker: Marker | None, title: Flow, current: Group) -> Group | None:
    """Return the group that a new one is in: beside the last open one of its kind, else in the last."""
    last = current if current.title else None
    one = last
    while one:
        if _is_beside(one, marker, title):
            return one.parent
        one = one.parent
    return last


def _is_beside(one: Group, marker: Marker | None, title: Flow) -> bool:
    """Tell whether a new group is of the level of `one`: numbered alike; of those without numbers, in capitals alike.

    "Công tác tổ chức" is below "CÔNG TÁC ĐẢNG" where no row stands between them.
    """
    if marker or one.marker or one.title is None:
        return (one.marker.kind if one.marker else None) is (marker.kind if marker else None)
    above, below = is_upper(one.title.text), is_upper(title.text)
    if above and not below:
        return bool(one.rows)
    return above == below or one.parent is None or one.parent.marker is not None


def _leader(title: Flow) -> Passage | None:
    """Return whom a title puts in charge: "Nhiệm vụ giao Bộ Công an chỉ đạo", "Sở Tài chính"."""
    given = _GIVEN.search(fold(title.text))
    if given and names_body(title.text[given.start("name") :]):
        return title.cut(*given.span("name")).passage(drop=CLOSING_PUNCTUATION)
    governor = read_governor(title.text)
    return title.cut(*governor.units).passage(drop=CLOSING_PUNCTUATION) if governor else None
