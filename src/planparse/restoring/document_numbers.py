"""What grammar alone can mend: letters of a document number, a quarter's Roman numeral, a row's number. Digits stay."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import regex

from planparse.data import data_path
from planparse.document import Edit
from planparse.restoring.candidates import Trie, build_trie, search_whole
from planparse.text import has_marks

if TYPE_CHECKING:
    from planparse.restoring.channel import Channel

_GROUP = regex.compile(r"(?<=[/\u2044-])\p{Lu}[\p{L}]*(?=[/-]|$)")
"""The letters between the bars and hyphens of a number: QĐ and UBND of 12/QĐ-UBND."""

_QUARTER = regex.compile(r"(?P<numeral> [1Il|!H]{1,3} | [1Il|!]?[Vv] ) (?= /\d{4} | [\s.,;:)] | $ )", regex.VERBOSE)

_SURE, _FARTHEST = 0.9, -9.0
"""The chance, and the log P(printed | meant), from which letters of a document number are mended, and only where a mark
was lost: QD, QP for QĐ. A wrong number is worse than an odd one, and new symbols are coined every day."""


_ROW_NUMBER = regex.compile(r"(\d{1,3}(?:\.\d{1,2})*),")

_STOP = 0.9
"""How sure it is that the comma behind a row's number is a full stop: on 45 office scans all 31 were."""


def symbols_of(printed: str) -> list[str]:
    """Return the groups of letters in a document number.

    >>> symbols_of("12/2024/TT-BNV")
    ['TT', 'BNV']
    """
    found: list[str] = _GROUP.findall(printed)
    return found


@cache
def _symbols() -> tuple[list[str], npt.NDArray[np.float32], Trie]:
    counts: dict[str, int] = json.loads(Path(data_path("language_model.json")).read_text(encoding="utf-8"))["symbols"]
    logs = np.log(list(counts.values())).astype(np.float32)
    return list(counts), logs, build_trie(list(counts), logs)


def _mend_group(group: str, channel: Channel) -> tuple[str, float]:
    names, logs, trie = _symbols()
    found, evidence = search_whole(group, channel, trie, logs)
    if not len(found):
        return group, 1.0
    scores = evidence + logs[found]
    chance = float(1 / np.exp(scores - scores[0]).sum())
    sure = chance >= _SURE and evidence[0] > _FARTHEST and has_marks(names[found[0]])
    return (names[found[0]], chance) if sure else (group, 1.0)


def mend_number(printed: str, channel: Channel) -> tuple[str, float]:
    """Return a document number with its letters mended, and the chance that this is right.

    >>> from planparse.restoring.channel import Channel
    >>> english = Channel({"eng": 1.0})
    >>> mend_number("1789/QD-UBND", english)[0], mend_number("93/NQ-HDPND", english)[0]
    ('1789/QĐ-UBND', '93/NQ-HĐND')
    """
    chance = 1.0

    def mend(match: regex.Match[str]) -> str:
        nonlocal chance
        group, sure = _mend_group(match.group(), channel)
        chance *= sure
        return group

    return _GROUP.sub(mend, printed), chance


def quarter_numeral(line: str, start: int = 0) -> tuple[str, str] | None:
    """Return the numeral at `start`, as printed and as a Roman numeral, if it can name a quarter.

    >>> quarter_numeral("11/2024."), quarter_numeral("1V/2024"), quarter_numeral("Il, III"), quarter_numeral("2/2024")
    (('11', 'II'), ('1V', 'IV'), ('Il', 'II'), None)
    """
    match = _QUARTER.match(line, start)
    if not match:
        return None
    numeral = regex.sub(r"[1l|!]", "I", match["numeral"]).upper().replace("H", "II")
    return (match["numeral"], numeral) if numeral in {"I", "II", "III", "IV"} else None


def mend_row_number(cell: str) -> Edit | None:
    """Return the edit that makes a full stop of the comma behind a number that is all that stands in a cell.

    >>> mend_row_number("3,").restored, mend_row_number("3, 4,")
    ('.', None)
    """
    if not _ROW_NUMBER.fullmatch(cell):
        return None
    span = (len(cell) - 1, len(cell))
    return Edit(span, span, ",", ".", _STOP)
