"""Dates: "30/6/2025", "Quý III, IV/2026", "ngày ba mươi tháng sáu", "Năm 2025-2030" → first and last day.

Read on text without marks, so that "Quí", "Qúy" and what OCR left bare are one. What a form leaves out is taken from
the form after it ("từ tháng 3 đến tháng 9/2026"), else from the plan's year; a date that cannot be is none.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import regex

from planparse.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUARTER_MONTHS = 3
YEAR_MONTHS = 12
FIRST_YEAR, LAST_YEAR = 1945, 2100
LEAP_YEAR = 2024
"""Stands in for a year that nobody states, so that 29/02 is a day."""
WINDOW = 80
"""Characters before a form in which the word stands that makes it a deadline, or the document that it dates."""

Days = tuple[date, date]

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DIGITS = ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin")
_ROUND = {"tu": 4, "muoi": 10, "muoi lam": 15, "hai muoi": 20, "hai muoi tu": 24, "hai muoi lam": 25, "ba muoi": 30}
_WORDS = {
    **{word: number for number, word in enumerate(_DIGITS, start=1)},
    **{f"muoi {word}": 10 + number for number, word in enumerate(_DIGITS, start=1)},
    **{f"hai muoi {word}": 20 + number for number, word in enumerate(_DIGITS, start=1)},
    **_ROUND,
    **{"ba muoi mot": 31},  # noqa: PIE800 (one kind a line)
}
"""Not "giêng" and "chạp", which are months of the moon."""
_WORD = "|".join(word.replace(" ", r"\s+") for word in sorted(_WORDS, key=len, reverse=True))
_MONTH_WORD = rf"(?!sau\b(?!\s+nam\s+\d))(?:{_WORD})"
"""Without marks, "tháng sáu" is "tháng sau", the next month: only a year behind it tells June."""
# "17h00", "17 giờ 00 phút", "tối Thứ Bảy": what may stand before a day
_HOUR = r"(?:\d{1,2}\s?(?:h|gio)\b\s?(?:\d{2}(?:\s?phut)?)?['’]?|\d{1,2}h\d{2}['’]?),?\s*"
_PART_OF_DAY = r"(?:(?:sang|trua|chieu|toi)\s+)?(?:(?:thu\s+(?:\d|hai|ba|tu|nam|sau|bay)|chu\s+nhat),?\s+)?"
DAY_OPENS = rf"(?:{_HOUR})?{_PART_OF_DAY}(?:ngay\s+)?"
_JOINT = rf"\s*(?:-|–|den(?:\s+het)?)\s*{DAY_OPENS}"
_LISTED = r"\s*(?:,|-|–|\+|&|va|den(?:\s+het)?)\s*"
_NO_WEEK = r"(?<!\btuan\s+(?:thu\s+)?(?:\d\s*(?:,|va|-|–)\s*)*)"
# Two numbers are a day and its month where such words go before, or nothing follows that they may be a part of
_DATED = r"(?<=\b(?:ngay|truoc|het|nhat|dip)\s+)"
_NO_PART = r"(?!24/7)(?=\d{1,2}/\d{1,2}\s*(?:$|[,;.)\-–]|(?:va|hang|nam|de)\b|den\b(?!\s+\d+/\d+\s+(?!va\b)\p{L})))"
_LOOSE = rf"(?<=^\s*|[;:(,]\s*|\d\s*[\-–]\s*|\b(?:den|va|tu|xong|thanh)\s+){_NO_PART}"
_AFTER_LIST = r"(?:nam|va|den|hang|moi|thang|tro)\b"
_NO_YEAR = r"(?:truoc|sau|toi|ke\s+tiep|tiep\s+theo|lien\s+ke|lien\s+truoc)\b"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_OF_YEAR = rf"(?:(?:\s*[/\-–.]\s*|\s+(?:cua\s+)?nam\s+){_YEAR}\b)?"

# One point or stretch of time; an earlier form is tried before a later one. What is repeated in a form is a list.
_FORMS = regex.compile(
    rf"""
      # 30/11/2024, 30.11.2024, 30-11-2024
      \b(?P<dated>(?P<day>\d{{1,2}})\s?(?P<sign>[/.\-])\s?(?P<month>\d{{1,2}})\s?(?P=sign)\s?{_YEAR}\b)
      # ngày 30 tháng 11 năm 2020, ngày ba mươi tháng sáu
    | \b{_NO_WEEK}(?P<written>
        (?:(?:ngay\s+)?(?P<day>\d{{1,2}})|ngay\s+(?:(?:mung|mong)\s+)?(?P<day>{_WORD}))
        \s+thang\s+(?P<month>\d{{1,2}}|{_MONTH_WORD})\b{_OF_YEAR})
      # the first day of "20 - 21/11/2017", "ngày 05 đến ngày 10 tháng 6"
    | (?<![\d/.])(?P<first_day>(?P<day>\d{{1,2}})(?={_JOINT}\d{{1,2}}(?:\s?/\s?\d{{1,2}}\b|\s+thang\s)))
      # trước ngày 30/6; 15/3 - 30/6/2026; 31/3; 30/6; not 1/2 số hộ
    | (?:{_DATED}|{_LOOSE})
      (?P<short>(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}}))(?![\d/])
    | (?<![\d/.])(?![1-9]/[1-9]\D)(?P<short>(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?={_JOINT}\d{{1,2}}[/.]\d{{1,2}}))
      # Quý III, IV/2026; Quý II năm 2025; quý I
    | \b(?P<quarters>(?:qu[yi]\s?|q\.?)(?P<quarter>iv|i{{1,3}}|[1-4])\b
      (?:{_LISTED}(?:qu[yi]\s?)?(?P<quarter>(?:iv|i{{1,3}})\b|[1-4]\b(?!\s+\p{{L}})))*(?:(?:\s*[/\-–.]\s*|,?\s+)(?:nam\s+)?{_YEAR}\b)?)
      # thượng tuần tháng 6
    | \b(?P<third>(?P<which>thuong|trung|ha)\s+tuan\s+thang\s+(?P<month>\d{{1,2}}){_OF_YEAR})
      # Tháng 12/2025; tháng 11 năm 2025; tháng 11 - 12/2025; tháng 3, tháng 6 và tháng 9
    | \b(?P<months>(?:thang\s?|t\.?(?=\d))(?P<month>\d{{1,2}}|(?:{_WORD})(?=\s+nam\s+\d))(?!\d)
      (?:{_LISTED}(?:thang\s?)?(?P<month>0?[1-9]|1[0-2])(?!\d|\s?/\s?\d{{1,2}}/|\s+(?!{_AFTER_LIST})\p{{L}}))*{_OF_YEAR})(?![\d/])
      # 6 tháng đầu năm 2025, nửa cuối năm
    | \b(?P<part>(?:(?P<count>\d{{1,2}}|{_WORD})\s+thang|nua)\s+(?P<which>dau|cuoi)\s+nam(?:\s+{_YEAR})?)
      # 6/2025, 6 - 8/2025
    | {_NO_WEEK}(?<![\d/.\p{{L}}])(?P<months>
        (?P<month>\d{{1,2}})(?:\s?[\-–]\s?(?P<month>\d{{1,2}}))?\s?[/\-]\s?{_YEAR})(?![\d/])
      # năm 2026; Năm 2025-2030; 2026 - 2030; not năm học 2025-2026
    | (?<!nam\s+hoc\s+(?:\d{{4}}\s*[\-–]\s*)?)(?<![\d/.\-])(?P<years>(?:\bnam\s+)?{_YEAR}\b
      (?:{_LISTED}(?:nam\s+)?{_YEAR}\b)*)(?!\s?/)
      # trong năm, đến hết năm
    | \b(?P<this_year>(?:trong|ca|het|suot|(?<=^|\b(?:den|vao|dip)\s+)cuoi)\s+nam|nam\s+nay)\b
      (?!\s+(?:\d|hoc\b|tinh\s+thue|tai\s+chinh|{_NO_YEAR}))
    """,
    regex.VERBOSE,
)
_IMPOSSIBLE = regex.compile(r"\bqu[yi]\s?(?:vi{0,3}|ix|x|[05-9])\b|\bthang\s?(?:0{1,2}|1[3-9]|[2-9]\d)\b")
# "30/9 của năm xét tặng", "15/01 năm sau", "tháng 6 âm lịch": a year, or a calendar, that the plan's does not tell
_OTHER_YEAR = regex.compile(rf"\s+(?:cua\s+nam\b(?!\s+(?:\d|nay\b))|nam\s+{_NO_YEAR}|am\s+lich\b)")
_OPENS = regex.compile(rf"\b(?:{DAY_OPENS}|(?:thang|quy|nam)\s*)$")
_BEFORE = regex.compile(
    r"\b(?:truoc|(?:cham|muon)\s+nhat|khong\s+(?:qua|muon\s+hon)|den|han\s+(?:chot|cuoi)|het)"
    r"(?:\s+(?:het|cuoi|ngay|la|vao|trong|truoc))*\s*$"
)
_EXCLUDED = regex.compile(r"\btruoc\s*$")
_FROM = regex.compile(r"(?<![/\-])\b(?:tu|ke\s+tu|bat\s+dau)(?:\s+(?:ngay|dau|het))*\s*$")
_AFTER = regex.compile(r"\bsau(?:\s+ngay)?\s*$")
_ONWARD = regex.compile(
    r"\s*\)?,?\s*(?:va\s+)?(?:co\s.{0,60}\s)?(?:(?:trong\s+)?(?:cac|nhung)\s+nam\s+(?:tiep\s+theo|ke\s+tiep|sau|toi|ve\s+sau)"
    r"|tro\s+(?:di|ve\s+sau)|(?:cho\s+)?den\s+khi)\b"
)
RANGE = regex.compile(_JOINT)
_CITED = regex.compile(r"(?:so\s+\S+|/\S*\p{L}\S*|\bluat\b[^,;]*)\s+$")


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of time in a text: its first and last day, None where it is open, and where its words stand."""

    start: date | None
    end: date | None
    span: tuple[int, int]


def find_moments(folded: str, year: int | None) -> list[Moment]:
    """Return the times that `folded` names, in its order; `year` is what a form without a year means.

    >>> [(str(one.start), str(one.end)) for one in find_moments("tu thang 3 den thang 9/2026", None)]
    [('2026-03-01', '2026-09-30')]
    """
    moments: list[Moment] = []
    for match, days in _read(folded, year):
        if days is None or _is_cited(folded, match):
            continue
        moment = _moment(folded, match, days)
        if moments and moment.start is None and RANGE.fullmatch(folded, moments[-1].span[1], match.start()):
            first = moments.pop()
            moment = Moment(first.start or first.end, moment.end, (first.span[0], moment.span[1]))
        moments.append(moment)
    return moments


def match_moment(folded: str, place: int) -> int | None:
    """Return where the form ends that begins at `place`; None where none does."""
    match = _FORMS.match(folded, place)
    return match.end() if match and _tells_year(folded, match) else None


def has_impossible_date(folded: str, year: int | None) -> bool:
    """Tell whether a date stands in `folded` that cannot be: 31/02/2024, tháng 13, Quý V."""
    return bool(_IMPOSSIBLE.search(folded)) or any(days is None for _, days in _read(folded, year or LEAP_YEAR))


def _read(folded: str, year: int | None) -> Iterator[tuple[regex.Match[str], Days | None]]:
    """Yield each form with its days; a year or month that it leaves out is that of the form after it."""
    matches = [match for match in _FORMS.finditer(folded) if _tells_year(folded, match)]
    read: list[tuple[regex.Match[str], Days | None]] = []
    month = None
    named: str | int | None = None
    for match in reversed(matches):
        named = match.captures("year")[0] if match["year"] else named
        month = match["month"] or month
        kind = next(name for name in _READERS if match[name])
        read.append((match, _READERS[kind](match, int(named or year or 0), month)))
    yield from reversed(read)


def _tells_year(folded: str, match: regex.Match[str]) -> bool:
    return bool(match["year"]) or not _OTHER_YEAR.match(folded, match.end())


def _moment(folded: str, match: regex.Match[str], days: Days) -> Moment:
    """Return what `days` mean after "trước", "từ", "đến" …, or before "trở đi"."""
    first, last = days
    before = _OPENS.sub("", folded[max(0, match.start() - WINDOW) : match.start()])
    if _BEFORE.search(before):
        excluded = _EXCLUDED.search(before) and first != last
        return Moment(None, first - timedelta(days=1) if excluded else last, match.span())
    if _AFTER.search(before):
        return Moment(first if first == last else last + timedelta(days=1), None, match.span())
    listed = max(len(match.captures(name)) for name in ("month", "quarter", "year")) > 1
    if (_FROM.search(before) and not listed) or _ONWARD.match(folded, match.end()):
        return Moment(first, None, match.span())
    return Moment(None if first == last else first, last, match.span())


def _is_cited(folded: str, match: regex.Match[str]) -> bool:
    """Tell whether a date belongs to a document that is cited: "số 140/KH-UBND ngày 14/10/2021"."""
    before = regex.sub(r"\bngay\s*$", "", folded[max(0, match.start() - WINDOW) : match.start()])
    return bool(match["day"]) and bool(_CITED.search(before))


def _day(match: regex.Match[str], year: int, month: str | None) -> Days | None:
    try:
        one = date(year, _number(month), _number(match["day"])) if year else None
    except ValueError:
        return None
    return (one, one) if one else None


def _listed_months(match: regex.Match[str], year: int, _month: str | None) -> Days | None:
    numbers = [_number(one) for one in match.captures("month")]
    return _months(year, numbers[0], numbers[-1])


def _listed_quarters(match: regex.Match[str], year: int, _month: str | None) -> Days | None:
    first, last = (_QUARTERS[match.captures("quarter")[place]] for place in (0, -1))
    return _months(year, QUARTER_MONTHS * (first - 1) + 1, QUARTER_MONTHS * last)


def _listed_years(match: regex.Match[str], _year: int, _month: str | None) -> Days | None:
    first, last = (_months(int(match.captures("year")[place]), 1, YEAR_MONTHS) for place in (0, -1))
    return (first[0], last[1]) if first and last and first[0] <= last[1] else None


def _third_of_month(match: regex.Match[str], year: int, month: str | None) -> Days | None:
    days = _months(year, _number(month), _number(month))
    if not days:
        return None
    first, last = {"thuong": (1, 10), "trung": (11, 20), "ha": (21, days[1].day)}[match["which"]]
    return days[0].replace(day=first), days[0].replace(day=last)


def _part_of_year(match: regex.Match[str], year: int, _month: str | None) -> Days | None:
    count = _number(match["count"]) if match["count"] else YEAR_MONTHS // 2
    return _months(year, *((1, count) if match["which"] == "dau" else (YEAR_MONTHS + 1 - count, YEAR_MONTHS)))


def _whole_year(_match: regex.Match[str], year: int, _month: str | None) -> Days | None:
    return _months(year, 1, YEAR_MONTHS)


_READERS: dict[str, Callable[[regex.Match[str], int, str | None], Days | None]] = {
    "dated": _day,
    "written": _day,
    "first_day": _day,
    "short": _day,
    "quarters": _listed_quarters,
    "third": _third_of_month,
    "months": _listed_months,
    "part": _part_of_year,
    "years": _listed_years,
    "this_year": _whole_year,
}


def _number(text: str | None) -> int:
    """Return a number in digits or in words; 0 for what is none."""
    return int(text) if text and text.isdigit() else _WORDS.get(squeeze(text or ""), 0)


def _months(year: int, first: int, last: int) -> Days | None:
    if not 1 <= first <= last <= YEAR_MONTHS or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
