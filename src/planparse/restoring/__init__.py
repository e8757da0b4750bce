"""Document → Document, as it was typed: the best reading of each line.

>>> restore("Pon vi chu tri")
'Đơn vị chủ trì'
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

from planparse.document import apply_edits
from planparse.restoring.damage import estimate_states, is_foreign, join_islands
from planparse.restoring.disputes import doubt_words, seconds_of
from planparse.restoring.document_numbers import mend_row_number
from planparse.restoring.items import Lines
from planparse.restoring.lines import restore_lines
from planparse.restoring.plausibility import plausibility
from planparse.text import nfc
from planparse.warning import PlanWarning, WarningCode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from planparse.document import Document, Edit, Line

__all__ = ["explain", "find_edits", "plausibility", "restore", "restore_document"]

_LINE_END = regex.compile(r"(\r\n|\n|\r)")


def restore(text: str) -> str:
    """Return `text` in NFC with its Vietnamese restored, line for line; white space and numbers stay.

    >>> restore("Quyet dinh so 12/QD-UBND")
    'Quyết định số 12/QĐ-UBND'
    """
    pieces = _LINE_END.split(nfc(text))
    pieces[::2] = map(apply_edits, pieces[::2], find_edits(pieces[::2]))
    return "".join(pieces)


def explain(text: str) -> Iterator[tuple[int, Edit]]:
    """Yield the edits that `restore` makes, each with the number of its line, from 1.

    >>> [(line, edit.original, edit.restored) for line, edit in explain("So 12 don vi")]
    [(1, 'So', 'Số'), (1, 'don', 'đơn'), (1, 'vi', 'vị')]
    """
    for number, edits in enumerate(find_edits(_LINE_END.split(nfc(text))[::2]), start=1):
        for edit in edits:
            yield number, edit


def find_edits(lines: Sequence[str]) -> list[list[Edit]]:
    """Return the edits of each line.

    Text that is not Vietnamese has none.
    """
    states = join_islands(lines, estimate_states(lines))
    return [[] for _ in lines] if is_foreign(lines, states) else restore_lines(Lines(lines, states))


def restore_document(document: Document) -> Document:
    """Return `document` with the text of its lines restored from `printed`, each change recorded as an edit.

    Furniture stays as it is. Where the document is not Vietnamese, all stays, and a warning says so.
    """
    lines = [line for line in document.lines if not line.furniture]
    printed = [line.printed for line in lines]
    states = join_islands(printed, estimate_states(printed))
    if is_foreign(printed, states):
        return replace(document, warnings=(*document.warnings, _NOT_VIETNAMESE))
    breaks = {index for index, (before, line) in enumerate(pairwise(lines), start=1) if before.cell != line.cell}
    scanned = document.source.text_from == "ocr"
    seconds = [list(seconds_of(line.words)) for line in lines] if _has_seconds(lines) else ()
    found = restore_lines(Lines(printed, states, breaks, seconds), scanned=scanned)
    edits = {line.number: of_line for line, of_line in zip(lines, found, strict=True)}
    edits.update((line.number, [edit]) for line, edit in _row_numbers(lines, breaks))
    return document.with_lines(_with_edits(line, edits.get(line.number, ())) for line in document.lines)


def _row_numbers(lines: Sequence[Line], breaks: Collection[int]) -> Iterator[tuple[Line, Edit]]:
    """Yield the lines that an engine read and that are all of their cell, and a number to be mended, with its edit."""
    ends = {*breaks, 0, len(lines)}
    for index, line in enumerate(lines):
        read = line.words and line.words[0].confidence is not None
        if line.cell and read and {index, index + 1} <= ends and (edit := mend_row_number(line.printed)):
            yield line, edit


def _has_seconds(lines: Sequence[Line]) -> bool:
    """Tell whether a second engine read any of the words."""
    return any(word.other for line in lines for word in line.words)


_NOT_VIETNAMESE = PlanWarning(WarningCode.NOT_VIETNAMESE, "the text is not Vietnamese; it stays as it was read")


def _with_edits(line: Line, edits: Sequence[Edit]) -> Line:
    """Return `line` with what the edits change; a word of which two engines disagreed is as sure as it was kept."""
    if not edits:
        return line
    made = tuple(edit for edit in edits if edit.restored != edit.original)
    words = doubt_words(line.words, [edit for edit in edits if edit.restored == edit.original])
    return replace(line, text=apply_edits(line.printed, made), words=words, edits=made)
