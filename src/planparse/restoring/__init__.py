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
from planparse.restoring.damage import estimate_states, is_foreign
from planparse.restoring.lines import restore_lines
from planparse.text import nfc
from planparse.warning import PlanWarning, WarningCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.document import Document, Edit, Line

__all__ = ["restore", "restore_document"]

_LINE_END = regex.compile(r"(\r\n|\n|\r)")


def restore(text: str) -> str:
    """Return `text` in NFC with its Vietnamese restored, line for line; white space and numbers stay.

    >>> restore("Quyet dinh so 12/QD-UBND")
    'Quyết định số 12/QĐ-UBND'
    """
    pieces = _LINE_END.split(nfc(text))
    lines = pieces[::2]
    states = estimate_states(lines)
    if not is_foreign(lines, states):
        edits = restore_lines(lines, states)
        pieces[::2] = [apply_edits(line, found) for line, found in zip(lines, edits, strict=True)]
    return "".join(pieces)


def restore_document(document: Document) -> Document:
    """Return `document` with the text of its lines restored from `printed`, each change recorded as an edit.

    Furniture stays as it is. Where the document is not Vietnamese, all stays, and a warning says so.
    """
    lines = [line for line in document.lines if not line.furniture]
    printed = [line.printed for line in lines]
    states = estimate_states(printed)
    if is_foreign(printed, states):
        return replace(document, warnings=(*document.warnings, _NOT_VIETNAMESE))
    breaks = {index for index, (before, line) in enumerate(pairwise(lines), start=1) if before.cell != line.cell}
    edits = {line.number: found for line, found in zip(lines, restore_lines(printed, states, breaks), strict=True)}
    return document.with_lines(_with_edits(line, edits.get(line.number, ())) for line in document.lines)


_NOT_VIETNAMESE = PlanWarning(WarningCode.NOT_VIETNAMESE, "the text is not Vietnamese; it stays as it was read")


def _with_edits(line: Line, edits: Sequence[Edit]) -> Line:
    return replace(line, text=apply_edits(line.printed, edits), edits=tuple(edits)) if edits else line
