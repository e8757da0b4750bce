"""Times: "trước 30/6", "Quý II/2024", "thường xuyên" → a time frame with dates, recurrence, condition, milestones.

Read on text without marks, so that "Quí", "Qúy" and what OCR left bare are one. A date that cannot be is kept as words
only. The meaning of each form is the contract's: "trước ngày" has an end only, a quarter runs from its first day to its
last, a year that is left out is the plan's.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

import regex

from planparse.plan import Recurrence, TimeFrame
from planparse.text import fold, squeeze

QUARTER_MONTHS = 3
YEAR_MONTHS = 12
FIRST_YEAR, LAST_YEAR = 1945, 2100
LEAP_YEAR = 2024
"""Stands in for a year that nobody states, so that 29/02 is a day."""
CLAUSE_PARTS = 12
"""Parts between commas in which the time of a clause is looked for."""
CITED_WINDOW = 80
"""Characters before a date in which the number of the document stands that it belongs to."""

_ROMAN_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(?:(?:\s*[/\-.,]\s*|\s+)(?:nam\s+)?(?P<year>(?:19|20)\d{2}))?"

# One point or stretch of time; a later form is tried where an earlier one does not fit.
_FORMS = regex.compile(
    r"""
      # 30/11/2024, 30.11.2024, 30-11-2024
      \b(?P<day>\d{1,2})\s?[/.\-]\s?(?P<month>\d{1,2})\s?[/.\-]\s?(?P<dyear>(?:19|20)\d{2})\b
      # ngày 30 tháng 11 năm 2020, ngày 30 tháng 11
    | \b(?:ngay\s+)?(?P<wday>\d{1,2})\s+thang\s+(?P<wmonth>\d{1,2})(?:\s+nam\s+(?P<wyear>\d{4}))?\b
      # Quý III, IV/2026; Quý II năm 2025; quý I
    | \bqu[yi]\s?(?P<quarter>iv|i{1,3}|[1-4])\b
      (?:\s*(?:,|-|va|den)\s*(?:qu[yi]\s?)?(?P<quarter2>iv|i{1,3}|[1-4])\b)?
      (?:(?:\s*[/\-]\s*|\s+)(?:nam\s+)?(?P<qyear>\d{4}))?
      # Tháng 12/2025; tháng 11 năm 2025; tháng 11 - 12/2025
    | \bthang\s?(?P<mmonth>\d{1,2})
      (?:\s*(?:-|va|den)\s*(?:thang\s)?(?P<mmonth2>\d{1,2}))?
      (?:(?:\s*[/\-]\s*|\s+nam\s+)(?P<myear>\d{4}))?(?![\d/])
      # 6 tháng đầu năm 2025
    | \b(?P<half>6|sau)\s+thang\s+(?P<which>dau|cuoi)\s+nam(?:\s+(?P<hyear>\d{4}))?
      # 6/2025
    | (?<![\d/.])(?P<smonth>\d{1,2})\s?[/\-]\s?(?P<syear>(?:19|20)\d{2})(?![\d/])
      # 30/6
    | (?:ngay|truoc|den)\s+(?P<nday>\d{1,2})/(?P<nmonth>\d{1,2})(?![\d/])
      # 2026 - 2030
    | \b(?P<from>(?:19|20)\d{2})\s*(?:-|–|den\s+(?:het\s+)?(?:nam\s+)?)\s*(?P<to>(?:19|20)\d{2})\b
      # năm 2026; 2026
    | (?:\bnam\s+)?(?<![\d/.\-])(?P<yyear>(?:19|20)\d{2})\b(?!\s?/|/)
      # trong năm
    | \b(?P<plan_year>trong\s+nam|ca\s+nam|nam\s+nay)\b(?!\s+\d)
    """,
    regex.VERBOSE,
)
_BEFORE = regex.compile(
    r"(?:\btruoc|\bcham nhat(?:\s+la)?|\bkhong qua|\bden(?:\s+het)?|\bhan chot|\bxong truoc)(?:\s+(?:het|ngay|la))*\s*$"
)
_FROM = regex.compile(r"(?:\btu|\bke tu|\bbat dau)(?:\s+(?:ngay|het))*\s*$")
_ONWARD = regex.compile(r"\b(?:va cac nam (?:tiep theo|sau)|va nhung nam (?:tiep theo|sau)|tro di|den khi)\b")
_CITED = regex.compile(r"(?:so\s+\S+|/\S+|\bluat\b[^,;]*)\s+$")

_RECURRENCES = (
    (regex.compile(r"\b(?:h[a]ng|moi)\s+ngay\b"), Recurrence.DAILY),
    (regex.compile(r"\b(?:hang|moi)\s+tuan\b"), Recurrence.WEEKLY),
    (regex.compile(r"\b(?:hang|moi)\s+thang\b"), Recurrence.MONTHLY),
    (regex.compile(r"\b(?:hang|moi)\s+quy\b"), Recurrence.QUARTERLY),
    (regex.compile(r"\b(?:hang|moi)\s+nam\b"), Recurrence.YEARLY),
    (regex.compile(r"\bdinh\s+ky\b"), Recurrence.PERIODIC),
)
_CONTINUOUS = regex.compile(r"\b(?:thuong xuyen|lien tuc|xuyen suot)\b")
_CONDITION = regex.compile(r"\b(?:theo|ngay sau khi|sau khi|khi|ngay khi|tuy theo|can cu)\b")
_LEADING_CONDITION = regex.compile(r"\s*(?:theo|ngay sau|sau|khi|ngay khi|tuy|can cu|den khi)\b(?!\s+ngay)")
_BARE_PHRASE = regex.compile(
    r"\b(?P<phrase>truoc|cham nhat(?:\s+la)?|den het|trong|den)\s+"
    r"(?:ngay|thang|quy|nam)?\s*(?=[\div])"
)
_CLAUSE_BREAK = regex.compile(r";\s*|\.\s+(?=\p{Lu})")
_COMMA = regex.compile(r",\s+(?=\p{L})")
_CONDITION_CLAUSE = regex.compile(r"(?:^|,)\s*(?:theo|sau khi|khi)\b")


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of time in a text: its first and last day, None where it is open, and where its words stand."""

    start: date | None
    end: date | None
    span: tuple[int, int]


def read_time_frame(text: str, year: int | None) -> TimeFrame | None:
    """Return the time frame that `text` words; `year` is the plan's. None where `text` is empty.

    >>> frame = read_time_frame("Quý II/2024", None)
    >>> str(frame.start), str(frame.end)
    ('2024-04-01', '2024-06-30')
    """
    text = squeeze(text).rstrip(" .;,")
    if not text:
        return None
    clauses = _split_clauses(text, year)
    if len(clauses) > 1:
        milestones = tuple(_read_clause(clause, year) for clause in clauses)
        starts = [one.start for one in milestones if one.start]
        ends = [one.end for one in milestones if one.end]
        return TimeFrame(
            text=text,
            start=min([*starts, *(end for end in ends if not starts)], default=None) if starts else None,
            end=max(ends, default=None),
            recurrence=None,
            condition=None,
            milestones=milestones,
        )
    return _read_clause(text, year)


def find_time(text: str, year: int | None) -> TimeFrame | None:
    """Return the time that a sentence of prose names as a bare phrase: a deadline, a period; None where it names none.

    >>> find_time("Sở Nội vụ chủ trì, hoàn thành trước ngày 30/6/2025.", None).text
    'trước ngày 30/6/2025'
    """
    folded = fold(text)
    for match in _BARE_PHRASE.finditer(folded):
        following = _FORMS.match(folded, _form_start(folded, match))
        if following and _moment(following, folded, year):
            return read_time_frame(text[match.start() : following.end()], year)
    periodic = regex.search(
        r"\bdinh ky\s+(?:(?:hang|moi)\s+(?:thang|quy|nam|tuan)|\d+\s+thang(?:,\s*(?:mot\s+)?nam)?)", folded
    )
    return read_time_frame(text[slice(*periodic.span())], year) if periodic else None


def is_impossible(text: str, year: int | None = None) -> bool:
    """Tell whether `text` words a date that cannot be: 31/02/2024, tháng 13, Quý V; `year` is the plan's."""
    folded = fold(text)
    if regex.search(r"\bqu[yi]\s?(?:vi{0,3}|ix|x|[05-9])\b|\bthang\s?(?:0{1,2}|1[3-9]|[2-9]\d)\b", folded):
        return True
    return any(_moment(match, folded, year or LEAP_YEAR) is None for match in _FORMS.finditer(folded))


def _form_start(folded: str, match: regex.Match[str]) -> int:
    """Return where the form begins: at its own word ("tháng", "quý", "năm") or its number."""
    word = regex.search(r"(?:ngay|thang|quy|nam)\s*$", folded[: match.end()])
    return word.start() if word and not word[0].startswith("ngay") else match.end()


def _split_clauses(text: str, year: int | None) -> list[str]:
    clauses = [clause for clause in _CLAUSE_BREAK.split(text) if clause.strip()]
    return [part for clause in clauses for part in _split_at_comma(clause, year)]


def _split_at_comma(clause: str, year: int | None) -> list[str]:
    """Split a clause at a comma on both sides of which a time of its own stands; a condition stays with its time."""
    clauses = [""]
    parts = _COMMA.split(clause)
    for index, part in enumerate(parts):
        left = clauses[-1]
        if _CONDITION_CLAUSE.search(fold(left)):
            clauses[-1] = ", ".join([left, *parts[index:]])
            break
        rest = ", ".join(parts[index : index + CLAUSE_PARTS])
        if left and _is_timed(left, year) and _may_begin_clause(left, rest, year):
            clauses.append(part)
        else:
            clauses[-1] = f"{left}, {part}" if left else part
    return clauses


def _may_begin_clause(left: str, right: str, year: int | None) -> bool:
    return (
        _is_timed(right, year)
        and not _LEADING_CONDITION.match(fold(right))
        and not _is_bare(right)
        and _split_allowed(left, right)
    )


def _split_allowed(left: str, right: str) -> bool:
    quarters = regex.search(r"\bqu[yi]\b", fold(left)) and regex.match(r"\s*(?:iv|i{1,3})\b", fold(right))
    return not quarters and left.count("(") == left.count(")")


def _is_bare(text: str) -> bool:
    """Tell whether `text` only names a recurrence ("Thường xuyên, hằng năm"): it adds to the clause before."""
    words = fold(text).split()
    return len(words) <= 3 and not any(char.isdigit() for char in text)  # noqa: PLR2004 ("hằng năm", "liên tục")


def _is_timed(text: str, year: int | None) -> bool:
    folded = fold(text)
    return bool(_moments(folded, year)) or _recurrence(folded) is not None


def _read_clause(text: str, year: int | None) -> TimeFrame:
    folded = fold(text)
    recurrence = _recurrence(folded)
    condition = _condition(text, folded, recurrence, year)
    own = folded
    if condition is not None:
        place = text.find(condition)
        named = regex.search(r"\btrong\s+(?:nam|quy|thang)\b[^,;]*$", folded[place:])
        own = folded[:place] + (named[0] if named and not folded[place:].lstrip().startswith("sau") else "")
    moments = _moments(own, year)
    start, end = _span(moments, own)
    if recurrence is Recurrence.CONTINUOUS and not moments and year:
        start, end = date(year, 1, 1), date(year, YEAR_MONTHS, 31)
    if recurrence is Recurrence.YEARLY and not regex.search(r"\bgiai doan\b|\d{4}", own):
        start = end = None
    return TimeFrame(text=text, start=start, end=end, recurrence=recurrence, condition=condition, milestones=())


def _recurrence(folded: str) -> Recurrence | None:
    if _CONTINUOUS.search(folded):
        return Recurrence.CONTINUOUS
    return next((kind for pattern, kind in _RECURRENCES if pattern.search(folded)), None)


def _condition(text: str, folded: str, recurrence: Recurrence | None, year: int | None) -> str | None:
    """Return the words on which the time depends: the whole clause, or what follows the time that it names first."""
    if _LEADING_CONDITION.match(folded):
        return text
    match = _CONDITION.search(folded)
    if not match or not (recurrence or _moments(folded[: match.start()], year)):
        return text[match.start() :] if match and match[0].endswith("sau khi") else None
    if regex.search(r"\b(?:tiep|quy dinh)\s*$", folded[: match.start()]):
        return None
    return text[match.start() :]


def _moments(folded: str, year: int | None) -> list[Moment]:
    found = []
    for match in _FORMS.finditer(folded):
        if _is_cited(folded, match):
            continue
        moment = _moment(match, folded, year)
        if moment:
            found.append(moment)
    return found


def _is_cited(folded: str, match: regex.Match[str]) -> bool:
    """Tell whether a date belongs to a document that is cited: "số 140/KH-UBND ngày 14/10/2021"."""
    before = regex.sub(r"\bngay\s*$", "", folded[max(0, match.start() - CITED_WINDOW) : match.start()])
    return bool(_CITED.search(before)) and bool(match["day"] or match["wday"])


def _moment(match: regex.Match[str], folded: str, year: int | None) -> Moment | None:
    stretch = _stretch(match, year)
    if stretch is None:
        return None
    start, end = stretch
    begin = match.start("nday") if match["nday"] else match.start()
    before = folded[max(0, begin - CITED_WINDOW) : begin]
    before = regex.sub(r"\b(?:ngay|thang|quy|nam)\s*$", "", before)
    single_day = start == end
    if _BEFORE.search(before):
        excluded = regex.search(r"\btruoc\W+(?:het\s+)?(?:\w+\s+)?$", before) and not single_day
        return Moment(None, start if excluded else end, match.span())
    if _FROM.search(before) or _ONWARD.match(
        folded, match.end() + 1 if folded[match.end() : match.end() + 1] == " " else match.end()
    ):
        return Moment(start, None, match.span())
    return Moment(None if single_day else start, end, match.span())


def _stretch(match: regex.Match[str], plan_year: int | None) -> tuple[date, date] | None:  # noqa: PLR0911 (one form a line)
    """Return the first and last day of a form; None where it is no date, or its year is not known."""
    if match["day"]:
        return _days(match["dyear"], match["month"], match["day"])
    if match["wday"]:
        return _days(match["wyear"] or plan_year, match["wmonth"], match["wday"])
    if match["nday"]:
        return _days(plan_year, match["nmonth"], match["nday"])
    if match["quarter"]:
        first = _ROMAN_QUARTERS[match["quarter"]]
        last = _ROMAN_QUARTERS[match["quarter2"]] if match["quarter2"] else first
        return _months(match["qyear"] or plan_year, QUARTER_MONTHS * (first - 1) + 1, QUARTER_MONTHS * last)
    if match["mmonth"]:
        return _months(match["myear"] or plan_year, int(match["mmonth"]), int(match["mmonth2"] or match["mmonth"]))
    if match["half"]:
        return _months(match["hyear"] or plan_year, *((1, 6) if match["which"] == "dau" else (7, 12)))
    if match["smonth"]:
        return _months(match["syear"], int(match["smonth"]), int(match["smonth"]))
    if match["from"]:
        first_year, last_year = _months(match["from"], 1, YEAR_MONTHS), _months(match["to"], 1, YEAR_MONTHS)
        return (first_year[0], last_year[1]) if first_year and last_year else None
    return _months(match["yyear"] or plan_year, 1, YEAR_MONTHS)


def _days(year: int | str | None, month: str, day: str) -> tuple[date, date] | None:
    try:
        one = date(int(year), int(month), int(day)) if year else None
    except ValueError:
        return None
    return (one, one) if one else None


def _months(year: int | str | None, first: int, last: int) -> tuple[date, date] | None:
    if not year or not 1 <= first <= last <= YEAR_MONTHS or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return None
    number = int(year)
    return date(number, first, 1), date(number, last, monthrange(number, last)[1])


def _span(moments: list[Moment], folded: str) -> tuple[date | None, date | None]:
    """Return the first and last day of all moments; open where the last one is."""
    if not moments:
        return None, None
    starts = [one.start for one in moments if one.start]
    ends = [one.end for one in moments if one.end]
    open_end = moments[-1].end is None or (_ONWARD.search(folded) is not None)
    start = min(starts, default=None)
    if len(moments) > 1 and start is None and regex.search(r"\d\s*(?:-|–|den)\s*(?:ngay\s*)?\d", folded):
        start = min(ends)
    return start, None if open_end else max(ends, default=None)
