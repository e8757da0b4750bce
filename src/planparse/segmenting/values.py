"""A cell → its values: at bullets, at lines of their own, between units where nothing is printed."""

from __future__ import annotations

import regex

from planparse.outline import FieldKind
from planparse.segmenting.bullets import read_bullet
from planparse.segmenting.fields import TASK_FIELDS, UNITS
from planparse.segmenting.flow import Flow, Piece, join_flows
from planparse.segmenting.rows import names_body
from planparse.text import fold

# What no value ends with: it goes on below; in a time also what the number is of.
_OPEN_END = regex.compile(r"(?:[,(/&–-]|(?<!\p{L})(?:va|hoac|cua|voi|thuoc|cho|ve|tai|den|tu|cac|theo|trong))\s*$")
_OPEN_TIME = regex.compile(r"(?<!\p{L})(?:truoc|ngay|thang|quy|nam)\s*$")
# "Sở Tài chính|Các sở, ngành", "UBND xã, phường, đặc khu|Sở Tài chính": what parted two units is lost
_INNER_BULLET = regex.compile(r"(?<!\s)\s*[;/]\s*[-–+•]\s*(?=[\p{Lu}\d])")
_UNMARKED = regex.compile(
    r"(?<=\p{Ll})\s(?=Các \p{Ll})|(?<=, (?:xã|phường|đặc khu|thị trấn|ngành|địa phương))\s(?=\p{Lu})(?!Trung ương)"
)


def split_cell(cell: Flow, kind: FieldKind, width: float | None) -> list[Flow]:
    """Return the values of a cell; `width`: points of the widest line of its column, None where nobody knows.

    Values stand at bullets; those of the four fields also on lines of their own, units where no comma parts them.
    """
    bullets = _split_bullets(cell)
    if kind not in TASK_FIELDS or len(bullets) > 1:
        return bullets
    lines = [line for bullet in bullets for line in _split_lines(bullet, kind, width)]
    return [part for line in lines for part in _split_unmarked(line)] if kind in UNITS else lines


def _split_bullets(cell: Flow) -> list[Flow]:
    """Split a cell at the bullets that its lines begin with."""
    parts: list[list[Flow]] = []
    for piece in cell.pieces:
        flow = _cut_piece(cell, piece)
        bullet = read_bullet(flow.text)
        if bullet:
            parts += [[one] for one in _split_inner_bullets(flow.cut(bullet.end))]
        elif parts:
            parts[-1].append(flow)
        else:
            parts.append([flow])
    return [joined for joined in map(join_flows, parts) if joined]


def _split_inner_bullets(flow: Flow) -> list[Flow]:
    """Split what stands behind a bullet at the bullets within its line: "- A; - B", "- A / - B"."""
    return list(flow.split(gap.span() for gap in _INNER_BULLET.finditer(flow.text)))


def _split_lines(cell: Flow, kind: FieldKind, width: float | None) -> list[Flow]:
    """Split a cell where a line begins that its author began: not where the column's width broke one."""
    parts: list[list[Flow]] = []
    for index, piece in enumerate(cell.pieces):
        flow = _cut_piece(cell, piece)
        if not index or _begins_value(cell.pieces[index - 1], piece, kind, width):
            parts.append([flow])
        else:
            parts[-1].append(flow)
    return [join_flows(part) for part in parts]


def _begins_value(above: Piece, piece: Piece, kind: FieldKind, width: float | None) -> bool:
    ends, begins = above.line.text[above.start : above.end], piece.line.text[piece.start : piece.end].strip()
    if begins[:1].islower() or _OPEN_END.search(fold(ends)):
        return False
    if kind is FieldKind.TIME_FRAME and _OPEN_TIME.search(fold(ends)):
        return False
    if _is_broken_on_purpose(above, piece):
        return True
    named = kind not in UNITS or names_body(begins)
    return named and not _would_not_fit(above, piece, width)


def _is_broken_on_purpose(above: Piece, piece: Piece) -> bool:
    """Tell whether markup, or the border of a row, parts two lines of a cell."""
    first, second = above.line, piece.line
    if first.cell is None or second.cell is None:
        return True
    return first.cell.table == second.cell.table and first.cell.row != second.cell.row


def _would_not_fit(above: Piece, piece: Piece, width: float | None) -> bool:
    """Tell whether the line above had no room for the first word below, or nobody knows."""
    first, second = above.line.bbox, piece.line.bbox
    if width is None or first is None or second is None:
        return True
    words = piece.line.text.split()
    word = (second[2] - second[0]) * (len(words[0]) + 1) / max(1, len(piece.line.text)) if words else 0.0
    return first[2] - first[0] + word > width


def _split_unmarked(cell: Flow) -> list[Flow]:
    """Split units where nothing is printed between them: before "Các", or before a name that follows a plural."""
    gaps = (gap.span() for gap in _UNMARKED.finditer(cell.text) if names_body(cell.text[gap.end() :]))
    return [part.strip() for part in cell.split(gaps)]


def _cut_piece(cell: Flow, piece: Piece) -> Flow:
    """Return `piece` as a flow of its own."""
    text = cell.text[piece.at : piece.at + piece.end - piece.start]
    return Flow(text, (Piece(0, piece.line, piece.start, piece.end),) if text else ())
