"""Times: "trước 30/6", "Quý II/2024", "thường xuyên" → a time frame with dates, recurrence, condition, milestones.

A time is parted into the clauses that have a time each; of a clause is read how often, on what it depends, and, of what
is left, the dates. The meaning of each form is the contract's: "trước ngày" has an end only, a year that is left out is
the plan's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import regex

from planparse.normalizing.conditions import (
    CONDITION,
    CONDITION_CLAUSE,
    LEADING_CONDITION,
    condition_end,
    condition_start,
    within_brackets,
    without_condition,
)
from planparse.normalizing.dates import DAY_OPENS, RANGE, Moment, find_moments, has_impossible_date, match_moment
from planparse.plan import Recurrence, TimeFrame
from planparse.text import fold, squeeze

CLAUSE_PARTS = 12
"""Parts between commas in which the time of a clause is looked for."""
MAX_TIME = 2000
"""Characters of a time that is read; a longer text is kept, but is no time: the longest labelled has 238."""
BARE_WORDS = 3
"""Words of a time that only says how often ("hằng năm", "định kỳ hằng quý"): it adds to the clause before."""

_EACH = r"\b(?:hang|moi|tung|dinh\s+ky)\s+"
_ONCE = r"\b(?:0?1|mot)\s+lan\s*(?:/|mot|moi)\s*(?:mot\s+)?"
_SOME_MONTHS = r"\b\d+\s+thang\s*(?:,|va)\s*(?:hang|moi|mot|0?1)\s+nam\b"
_RECURRENCES = (
    (regex.compile(r"\b(?:thuong xuyen|lien tuc|xuyen suot|quanh nam|24/(?:7|24))\b"), Recurrence.CONTINUOUS),
    (regex.compile(rf"{_EACH}ngay\b|{_ONCE}ngay\b"), Recurrence.DAILY),
    (regex.compile(rf"{_EACH}tuan\b|{_ONCE}tuan\b"), Recurrence.WEEKLY),
    (regex.compile(rf"{_EACH}thang\b|{_ONCE}thang\b"), Recurrence.MONTHLY),
    (regex.compile(rf"{_EACH}qu[yi]\b|{_ONCE}qu[yi]\b|\bthang (?:dau|cuoi)(?: cua)? qu[yi]\b"), Recurrence.QUARTERLY),
    (regex.compile(rf"{_EACH}(?:\d+|hai|ba|sau)\s+(?:ngay|tuan|thang)\b|{_SOME_MONTHS}"), Recurrence.PERIODIC),
    (regex.compile(rf"{_EACH}nam\b(?!\s+\d{{4}})|{_ONCE}nam\b"), Recurrence.YEARLY),
    (regex.compile(r"\bdinh ky\b|\b\d+\s+(?:lan\s*/|(?:thang|nam)\s*(?:/|mot)\s*lan)"), Recurrence.PERIODIC),
)
"""Of several, the most frequent one holds: "định kỳ 6 tháng và hằng năm" is every six months."""
# Closes the stretch before it: "Đầu quý III, muộn nhất 15/8"
_CLOSES = regex.compile(r"(?:(?:cham|muon) nhat|han (?:chot|cuoi))(?: (?:la|vao|trong|truoc|den|ngay))*\s*")
# When most of what goes on is done: "Thường xuyên (cao điểm tháng 5)"
_PEAK = regex.compile(r"\b(?:cao diem|trong tam|tap trung|nhat la)\b.*")

_PERIOD = (
    r"\bdinh ky (?:(?:hang|moi) (?:ngay|thang|quy|nam|tuan)|(?:\d+|sau) thang(?:, (?:mot )?nam)?)"
    r"|\b(?:truoc|cham nhat|muon nhat|den het|trong|ngay|vao|tu)"
    r"(?: (?:\d[\d/h]*|la|truoc|ngay|thang|quy|va|den|dau|cuoi|gio|phut),?)*"
    r" (?:hang|moi) (?:ngay|thang|quy|nam|tuan)\b"
)
# What opens a phrase, or has it behind it; "tầm nhìn đến năm 2050" is in the name of a plan
_PHRASE_OPENS = (
    r"(?<![/\-])\b(?:(?:truoc|(?:cham|muon) nhat(?: la| vao| trong| truoc)?|den het|trong|tu|vao"
    r"|(?<!\b(?:tam nhin|dinh huong) )den) |(?<=\b(?:hoan thanh|xong) ))"
)
_BARE_PHRASE = regex.compile(
    rf"{_PHRASE_OPENS}(?:(?:dau|giua|cuoi) )?{DAY_OPENS}(?:(?:thang|quy|nam|giai doan) )?(?=[\div])"
)
_CLAUSE_BREAK = regex.compile(r";\s*|\.\s+(?=\p{Lu})")
_COMMA = regex.compile(r",\s+(?=\p{L})")
_AND = regex.compile(r"\s(?:và\s)(?=\p{Ll})")
# Carry a time on after "và": "và các năm tiếp theo", "và tháng 9", "và hằng quý"
_GOES_ON = regex.compile(
    r"(?:\d|(?:cac|nhung|thang|quy|nam|ngay|hang|den|tu|truoc|sau|theo|lien tuc|thuong xuyen|dau|cuoi|trong|khi|ca)\b)"
)
# Date what only recurs: "Hằng năm, bắt đầu từ năm 2026"
_DATES_IT = regex.compile(r"(?:bat dau|ke tu|tu|trong|den|giai doan|truoc|cham nhat)\b")


def read_time_frame(text: str, year: int | None) -> TimeFrame | None:
    """Return the time frame that `text` words; `year` is the plan's. None where `text` is empty.

    >>> frame = read_time_frame("Quý II/2024", None)
    >>> str(frame.start), str(frame.end)
    ('2024-04-01', '2024-06-30')
    """
    text = squeeze(text).rstrip(" .;,")
    if not text:
        return None
    if len(text) > MAX_TIME:
        return TimeFrame(text=text, start=None, end=None, recurrence=None, condition=None, milestones=())
    clauses = _split_clauses(text, year)
    return (
        _join([_read_clause(clause, year) for clause in clauses], text)
        if len(clauses) > 1
        else _read_clause(text, year)
    )


def find_time(text: str, year: int | None) -> TimeFrame | None:
    """Return the time that a sentence of prose names as a bare phrase: a deadline, a period; None where it names none.

    >>> find_time("Sở Nội vụ chủ trì, hoàn thành trước ngày 30/6/2025.", None).text
    'trước ngày 30/6/2025'
    """
    folded = fold(text)
    periodic = regex.search(_PERIOD, folded)
    if periodic and any(char.isdigit() for char in periodic[0]):
        return read_time_frame(text[slice(*periodic.span())], year)
    for match in _BARE_PHRASE.finditer(folded):
        end = match_moment(folded, _form_start(match))
        if end and find_moments(folded[match.start() : end], year):
            return read_time_frame(text[match.start() : _range_end(folded, end)], year)
    return read_time_frame(text[slice(*periodic.span())], year) if periodic else None


def is_impossible(text: str, year: int | None = None) -> bool:
    """Tell whether `text` words a date that cannot be: 31/02/2024, tháng 13, Quý V; `year` is the plan's."""
    return has_impossible_date(fold(text), year)


def is_reversed(text: str, year: int | None = None) -> bool:
    """Tell whether `text` words a stretch that ends before it starts: "từ tháng 9 đến tháng 3/2026"."""
    return any(one.start and one.end and one.start > one.end for one in find_moments(fold(text), year))


def _form_start(match: regex.Match[str]) -> int:
    """Return where the form begins: at its own word ("tháng", "quý", "năm") or its number."""
    word = regex.search(r"(?:ngay|thang|quy|nam)\s*$", match[0])
    return match.start() + word.start() if word and not word[0].startswith("ngay") else match.end()


def _range_end(folded: str, end: int) -> int:
    """Return the end of a form and of the second one, where it is a range: "từ ngày … đến ngày …"."""
    joint = RANGE.match(folded, end)
    return (match_moment(folded, joint.end()) if joint else None) or end


def _join(milestones: list[TimeFrame], text: str) -> TimeFrame:
    """Return the time that spans `milestones`."""
    starts = [one.start for one in milestones if one.start]
    ends = [one.end for one in milestones if one.end]
    start = min([*starts, *ends]) if starts else None
    is_open = any(one.start and not one.end for one in milestones)
    return TimeFrame(
        text=text,
        start=start,
        end=None if is_open else max(ends, default=None),
        recurrence=None,
        condition=None,
        milestones=tuple(milestones),
    )


def _split_clauses(text: str, year: int | None) -> list[str]:
    clauses = [clause for clause in _CLAUSE_BREAK.split(text) if clause.strip()]
    return [last for clause in clauses for part in _split_at_comma(clause, year) for last in _split_at_and(part, year)]


def _split_at_comma(clause: str, year: int | None) -> list[str]:
    """Split a clause at a comma on both sides of which a time of its own stands; a condition stays with its time."""
    clauses = [""]
    parts = _COMMA.split(clause)
    for index, part in enumerate(parts):
        left = clauses[-1]
        if CONDITION_CLAUSE.search(fold(left)):
            clauses[-1] = ", ".join([left, *parts[index:]])
            break
        rest = ", ".join(parts[index : index + CLAUSE_PARTS])
        if left and _is_timed(left, year) and _may_begin_clause(left, rest, year):
            clauses.append(part)
        else:
            clauses[-1] = f"{left}, {part}" if left else part
    return clauses


def _split_at_and(clause: str, year: int | None) -> list[str]:
    """Split a clause at "và" between two pieces of work, each with its time."""
    for joint in _AND.finditer(clause):
        left, right = clause[: joint.start()], clause[joint.end() :]
        if _GOES_ON.match(fold(right)) or CONDITION.search(fold(left)) or not _is_timed(left, year):
            continue
        if _may_begin_clause(left, right, year):
            return [left, *_split_at_and(right, year)]
    return [clause]


def _may_begin_clause(left: str, right: str, year: int | None) -> bool:
    folded = fold(right)
    in_brackets = left.count("(") != left.count(")")
    lists = match_moment(folded, 0) is not None or regex.match(r"(?:iv|i{1,3})\b", folded)  # "Quý III, IV"
    dates = _is_bare(left) and _DATES_IT.match(folded)
    return (
        _is_timed(right, year)
        and not (in_brackets or lists or dates or _is_bare(right))
        and not (LEADING_CONDITION.match(folded) or _closes(folded))
    )


def _closes(folded: str) -> bool:
    """Tell whether a date is all that a part adds: "muộn nhất 15/8"."""
    match = _CLOSES.match(folded)
    return match is not None and match_moment(folded, match.end()) == len(folded.rstrip())


def _is_bare(text: str) -> bool:
    """Tell whether `text` only names a recurrence ("Thường xuyên, hằng năm"): it adds to the clause before."""
    return len(text.split()) <= BARE_WORDS and not any(char.isdigit() for char in text)


def _is_timed(text: str, year: int | None) -> bool:
    folded = fold(text)
    return bool(find_moments(folded, year)) or _recurrence(folded) is not None


def _read_clause(text: str, year: int | None) -> TimeFrame:
    folded = fold(text)
    recurrence = _recurrence(folded)
    begin = condition_start(text, recurrence, year)
    end_of_condition = condition_end(folded, begin)
    own = folded if begin is None else without_condition(folded, begin, end_of_condition)
    start, end = _dates(own, recurrence, year)
    condition = None if begin is None else within_brackets(text[begin:end_of_condition])
    return TimeFrame(text=text, start=start, end=end, recurrence=recurrence, condition=condition, milestones=())


def _dates(own: str, recurrence: Recurrence | None, year: int | None) -> tuple[date | None, date | None]:
    """Return the first and last day: of what recurs within a year, only where a range is stated."""
    moments = find_moments(_PEAK.sub("", own) if recurrence is Recurrence.CONTINUOUS else own, year)
    if recurrence is Recurrence.CONTINUOUS and not moments and year:
        return date(year, 1, 1), date(year, 12, 31)
    if recurrence not in {None, Recurrence.CONTINUOUS} and not regex.search(r"\d{4}|\b(?:trong|ca) nam\b", own):
        return None, None
    return _span(_closed(own, moments))


def _closed(own: str, moments: list[Moment]) -> list[Moment]:
    """Return the moments, the stretch before a date that closes it cut off there."""
    if not moments[1:]:
        return moments
    *earlier, last = moments
    closes = _CLOSES.search(own, earlier[-1].span[1], last.span[0])
    return [*(replace(one, end=None) for one in earlier), last] if closes and closes.end() == last.span[0] else moments


def _span(moments: list[Moment]) -> tuple[date | None, date | None]:
    """Return the first and last day of all moments; open where the last one is."""
    if not moments:
        return None, None
    starts = [one.start for one in moments if one.start]
    ends = [one.end for one in moments if one.end]
    start = min(starts, default=None)
    end = None if moments[-1].end is None else max(ends)
    return (None, None) if start and end and start > end else (start, end)  # words that contradict each other


def _recurrence(folded: str) -> Recurrence | None:
    return next((kind for pattern, kind in _RECURRENCES if pattern.search(folded)), None)
