"""What a time waits for or goes by: "sau khi …", "theo tiến độ …", "kể từ ngày …" → where the words stand.

Read on text without marks, but where marks alone tell it from other words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from planparse.normalizing.dates import find_moments
from planparse.text import fold

if TYPE_CHECKING:
    from planparse.plan import Recurrence

# Such words may begin the whole time; within it, these always open a condition, and
# others only after the time itself ("Thường xuyên, theo …").
_WAITS = (
    r"(?:(?<!\d )ngay )?sau khi|truoc (?:khi|thoi diem|ngay(?! (?:\d|(?:\p{L}+ ){1,3}thang\b)))|(?:cho )?den khi"
    r"|(?:ke|tinh) tu (?:khi|thoi diem|ngay(?! \d))|ngay khi|khi co"
    r"|theo (?:tien do|lo trinh|yeu cau|ke hoach|huong dan|thuc te|tinh hinh|chuong trinh)"
)
LEADING_CONDITION = regex.compile(
    rf"\s*(?:{_WAITS}|theo|ngay sau|sau(?! thang (?:dau|cuoi)| \d\d?/)|khi|tuy|can cu|tren co so"
    r"|truoc(?= \p{L})(?! (?:mat|het|cuoi|dau|giua|thoi han|tuan|gio|ngay|thang|quy|nam|giai doan)\b))\b"
    r"(?! (?:ngay|thang|quy|nam) \d)"
)
CONDITION = regex.compile(rf"\b(?:(?P<waits>{_WAITS})|theo|khi|tuy theo|can cu|tren co so)\b")
_NO_CONDITION = regex.compile(r"\b(?:tiep|quy dinh|dinh ky|trong)\s*$")
# How, not whether: "theo hướng tinh gọn", "theo đó"; and air, which without marks is "khi"
_MANNER = regex.compile(r"theo (?:hướng(?! dẫn)|đó|đúng)\b|khí\b", regex.IGNORECASE)
CONDITION_CLAUSE = regex.compile(r"(?:^|,)\s*(?:theo|sau khi|khi)\b")
# Ends a condition: "Kể từ ngày ký đến hết năm 2026", "Sau khi …, hoàn thành trước 31/12/2025"
_UNTIL = regex.compile(r"\s+den (?:(?:het|cuoi|truoc|ngay|thang|quy|nam) )*(?=\d)")
_DONE_BY = regex.compile(r",\s*(?:phai )?(?:hoan thanh|xong|ket thuc|(?:cham|muon) nhat|truoc)\b")
_YEAR_NAMED = regex.compile(r"\btrong\s+(?:nam|quy|thang)\b[^,;]*$")


def condition_start(text: str, recurrence: Recurrence | None, year: int | None) -> int | None:
    """Return where the words begin on which the time depends: the whole clause, or what follows the time itself."""
    folded = fold(text)
    if LEADING_CONDITION.match(folded):
        return 0
    for match in CONDITION.finditer(folded):
        before = folded[: match.start()]
        if _MANNER.match(text, match.start()):
            continue
        goes_by = match[0].startswith("theo") and bool(find_moments(folded, year))
        waits = match["waits"] and not goes_by
        if not _NO_CONDITION.search(before) and (waits or recurrence or find_moments(before, year)):
            return match.start()
    return None


def condition_end(folded: str, begin: int | None) -> int:
    """Return where the words end that begin at `begin`: before what the time then is, or with the clause."""
    counted = begin is not None and regex.match(r"(?:ke|tinh) tu\b", folded[begin:])
    done_by = (_UNTIL if counted else _DONE_BY).search(folded, begin or 0)
    return done_by.start() if done_by else len(folded)


def without_condition(folded: str, begin: int, end: int) -> str:
    """Return the time without what it depends on; a year named behind that ("theo …, trong năm 2025") stays."""
    if end < len(folded):
        return folded[:begin] + folded[end:]
    named = _YEAR_NAMED.search(folded[begin:])
    waits = folded[begin:].startswith(("sau", "truoc", "ngay sau"))
    return folded[:begin] + (named[0] if named and not waits else "")


def within_brackets(text: str) -> str:
    """Return `text` to the end of the brackets in which it began."""
    return text.partition(")")[0] if text.count(")") > text.count("(") else text
