"""Read one marker at the beginning of a line: "II.", "3.", "đ)", "Điều 5" → what it may stand for.

A printed marker may have been damaged by OCR ("I11." for III, "¢)" for c), "1)" for l)), so that each line gives
several candidates, each at a cost; `hierarchy` chooses among them by the sequence.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from planparse.outline import MarkerKind
from planparse.segmenting.numerals import (
    NAMES,
    SUBSTITUTION_COST,
    digit_confusions,
    from_roman,
    letter_ordinal,
    point_readings,
    roman_readings,
)
from planparse.text import fold, is_upper

SMALL_START_COST = 1.0
"""For an item whose text begins with a small letter: one item in three does in lists, one in fifty elsewhere."""
MISSING_STOP_COST = 1.5
"""For a number without its full stop or bracket."""

_DIRT = r"(?P<dirt>[\s.,_'’‘`´\"~]{0,4})"

# "PHỤ LỤC", "Phụ lục II", "PHỤ LỤC SỐ 2:"; with its title where in capitals
_NAMED = {
    MarkerKind.APPENDIX: regex.compile(r"phu luc(?:\s+(?:so\s+)?(?P<number>[ivxl]{1,5}|\d{1,2}|[a-h]))?(?!\w)\s*[.:]?"),
    # "Phần I", "PHẦN THỨ HAI"
    MarkerKind.PART: regex.compile(r"phan\s+(?:thu\s+)?(?P<number>[ivx]{1,5}|\d{1,2}|nhat|hai|ba|tu|nam|sau)\b[.:]?"),
    # "Chương II"
    MarkerKind.CHAPTER: regex.compile(r"chuong\s+(?P<number>[ivxl]{1,6}|\d{1,2})\b[.:]?"),
    # "Điều 5."
    MarkerKind.ARTICLE: regex.compile(r"dieu\s+(?P<number>\d{1,3})\s*[.:](?=\s|$)"),
    # "Bước 1:", "Giai đoạn 2.", "Nhóm nhiệm vụ 3:"
    MarkerKind.STEP: regex.compile(
        r"(?:buoc|giai doan|dot|noi dung|(?:nhom )?(?:nhiem vu|giai phap)|(?:tieu )?du an|hop phan|hoat dong)"
        r"\s+(?:so\s+)?(?P<number>\d{1,2})\s*[.:](?=\s|$)"
    ),
}
# "Tháng 9/2025", "THÁNG 10 NĂM 2025:", "Quý I", "Tháng 9, 10"
_PERIOD = regex.compile(
    r"\s*(?:thang\s+\d{1,2}(?:\s*[,&-]\s*\d{1,2})*|quy\s+(?:[1-4]|iv|i{1,3}))"
    r"(?:\s*[/.-]\s*\d{4}|\s+nam\s+\d{4})?\s*[.:]?\s*$"
)
_ORDINAL_WORDS = {"nhat": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6}
# "III.", "I11.", "|.", "IV TITLE", "II- TITLE" (documents of the Party), "II/ TITLE"
_ROMAN = regex.compile(
    rf"{_DIRT}(?P<number>[IVXLHl1|!ÍÌi\]\[vY]{{1,7}})(?:\s?(?P<stop>[.,:)]|[-–/](?=\s*\p{{Lu}}))|(?=\s))(?=\s|\p{{Lu}})"
)
# "A. TITLE", "A- TITLE"
_LETTER = regex.compile(r"(?P<number>[A-HĐ])[.\-–/](?=\s+\p{Lu})")
# "12.", "§.", "3- ", "3/ "
_CLAUSE = regex.compile(
    rf"{_DIRT}(?P<number>[\d§$ŠlIOSBZ]{{1,3}})(?:\s?(?P<stop>[.,])|[-–/](?=\s+\p{{Lu}}))(?=\s|\p{{L}}|[“\"(]|$)"
)
# "1.2", "1.2.", "1.2.3.", "1.2- "
_DECIMAL = regex.compile(r"\s*(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})(?:[-–/](?=\s+\p{Lu})|\.?)(?=\s|\p{L})")
# "đ)", "¢)", ",C)", "1)", "a.", "a/"
_POINT = regex.compile(rf"{_DIRT}(?P<number>[\p{{L}}\d¢©€£@|!¡\]§&ø]{{1,2}})\s?(?P<stop>\))(?=\s|\p{{L}}|$)")
_DOTTED_POINT = regex.compile(r"(?P<number>[a-zđ])[.\-/](?=\s+\p{Lu})")
# "(1)", "(a)", "1)"
_PARENTHESIS = regex.compile(r"\s*\((?P<number>\d{1,2}|[a-zđ]|[ivx]{1,4})\)")
_NUMBER_BRACKET = regex.compile(r"\s*(?P<number>\d{1,2})\)(?=\s|\p{L})")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a printed marker may stand for.

    Attributes:
        kind: what it numbers.
        style: its punctuation, ")" or "." …, where one kind has several.
        ordinal: its place in its sequence, from 1; letters that Vietnamese leaves out lie between.
        element: the marker without punctuation, as that sequence writes it.
        prefix: the numbers before the last one of "1.2.3".
        end: where the text after it begins.
        cost: what stands against the reading, 0 for a clean marker.
    """

    kind: MarkerKind
    style: str
    ordinal: float
    element: str
    end: int
    cost: float
    prefix: tuple[int, ...] = ()


def read_candidates(text: str) -> tuple[Candidate, ...]:
    """Return every marker that `text` may begin with, the least cost first.

    >>> [(one.element, one.cost) for one in read_candidates("II. NỘI DUNG")]
    [('II', 0.0), ('III', 1.0)]
    """
    found = [
        *_read_named(text),
        *_read_period(text),
        *_read_roman(text),
        *_read_letter(text),
        *_read_clause(text),
        *_read_decimal(text),
        *_read_point(text),
        *_read_parenthesis(text),
    ]
    return tuple(sorted(found, key=lambda candidate: candidate.cost))


def _start_cost(rest: str) -> float:
    first = next((char for char in rest if char.isalpha()), "")
    return SMALL_START_COST if first.islower() else 0.0


def _read_named(text: str) -> list[Candidate]:
    if not text.lstrip()[:1].isupper():
        return []
    folded = fold(text)
    left = len(text) - len(text.lstrip())
    for kind, pattern in _NAMED.items():
        match = pattern.match(folded, left)
        if match and not (kind is MarkerKind.APPENDIX and _goes_on(text[left:], match.end() - left)):
            number = match["number"]
            printed = text[slice(*match.span("number"))] if number else ""
            name = NAMES.get(kind) or text[left : match.start("number")].strip()
            if number in _ORDINAL_WORDS:
                name, printed = f"{name} thứ", printed.lower()
            bare = printed if kind is MarkerKind.APPENDIX else printed.lstrip("0")
            element = f"{name} {printed.upper() if from_roman(printed.upper()) else bare}".strip()
            cost = (
                0.0
                if text[match.end() :].strip() == "" or kind is not MarkerKind.PART
                else _start_cost(text[match.end() :])
            )
            return [Candidate(kind, "", _named_ordinal(number), element, match.end(), cost)]
    return []


def _goes_on(text: str, end: int) -> bool:
    """Tell whether a sentence goes on after "Phụ lục I"; where all is in capitals, its title follows."""
    rest = text[end:].strip()
    return bool(rest) and not (text.startswith("PHỤ LỤC") and rest[:1].isupper() and is_upper(rest.partition("(")[0]))


def _named_ordinal(number: str | None) -> int:
    if number is None:
        return 1
    if number.isdigit():
        return int(number)
    return from_roman(number.upper()) or _ORDINAL_WORDS.get(number) or "abcdefgh".find(number[0]) + 1 or 1


def is_period(text: str) -> bool:
    """Tell whether a heading is nothing but a period.

    >>> is_period("Tháng 9/2025"), is_period("Quý I"), is_period("Tháng 9/2025 và cả năm")
    (True, True, False)
    """
    return text.lstrip()[:1].isupper() and bool(_PERIOD.match(fold(text)))


def _read_period(text: str) -> list[Candidate]:
    """Read a period that heads what is below it, without a number."""
    return [Candidate(MarkerKind.PERIOD, "", 1, "", 0, 0.0)] if is_period(text) else []


def _read_roman(text: str) -> list[Candidate]:
    match = _ROMAN.match(text)
    if not match:
        return []
    printed = match["number"]
    rest = text[match.end() :]
    cost = 0.0 if match["stop"] and match["stop"] in ".:-–/" else MISSING_STOP_COST
    cost += (SUBSTITUTION_COST if match["dirt"].strip() else 0.0) + _start_cost(rest)
    cost -= 0.5 * SUBSTITUTION_COST if is_upper(rest) and not printed.isupper() else 0.0
    found = []
    for reading, substitutions in roman_readings(printed):
        if number := from_roman(reading):
            total = max(0.0, cost + SUBSTITUTION_COST * substitutions)
            found.append(Candidate(MarkerKind.SECTION, "", number, reading, match.end(), total))
    return found


def _read_letter(text: str) -> list[Candidate]:
    match = _LETTER.match(text)
    if not match or match["number"] not in "ABCDEFGH":
        return []
    ordinal = "ABCDEFGH".index(match["number"]) + 1
    cost = 0.0 if is_upper(text[match.end() :]) else SMALL_START_COST
    return [Candidate(MarkerKind.LETTER, "", ordinal, match["number"], match.end(), cost)]


def _read_clause(text: str) -> list[Candidate]:
    match = _CLAUSE.match(text)
    if not match:
        return []
    digits = "".join(digit_confusions().get(char, char) for char in match["number"])
    substitutions = sum(one != other for one, other in zip(digits, match["number"], strict=True))
    if not digits.isdigit() or int(digits) == 0 or match["number"].isalpha():
        return []
    cost = SUBSTITUTION_COST * (1.5 * substitutions + (match["stop"] == ",") + bool(match["dirt"].strip()))
    cost += _start_cost(text[match.end() :])
    return [Candidate(MarkerKind.CLAUSE, ".", int(digits), str(int(digits)), match.end(), cost)]


def _read_decimal(text: str) -> list[Candidate]:
    match = _DECIMAL.match(text)
    if not match:
        return []
    numbers = tuple(map(int, match["number"].split(".")))
    kind = MarkerKind.DECIMAL if len(numbers) == 2 else MarkerKind.DEEP_DECIMAL  # noqa: PLR2004 (1.2 has two numbers)
    cost = 2.0 * _start_cost(text[match.end() :])
    return [Candidate(kind, "", numbers[-1], match["number"], match.end(), cost, numbers[:-1])]


def _read_point(text: str) -> list[Candidate]:
    if match := _POINT.match(text):
        dirt = SUBSTITUTION_COST if match["dirt"].strip() else 0.0
        return [
            Candidate(MarkerKind.POINT, ")", ordinal, letter, match.end(), cost + dirt)
            for letter, ordinal, cost in point_readings(match["number"])
        ]
    if match := _DOTTED_POINT.match(text):
        return [
            Candidate(MarkerKind.POINT, ".", ordinal, letter, match.end(), cost + SUBSTITUTION_COST)
            for letter, ordinal, cost in point_readings(match["number"])
            if cost == 0
        ]
    return []


def _read_parenthesis(text: str) -> list[Candidate]:
    if match := _PARENTHESIS.match(text):
        number = match["number"]
        if number.isdigit():
            return [Candidate(MarkerKind.PARENTHESIS, "(1)", int(number), number, match.end(), SUBSTITUTION_COST)]
        if roman := from_roman(number.upper()):
            return [Candidate(MarkerKind.PARENTHESIS, "(i)", roman, number, match.end(), SUBSTITUTION_COST)]
        return [
            Candidate(MarkerKind.PARENTHESIS, "(a)", letter_ordinal(number), number, match.end(), SUBSTITUTION_COST)
        ]
    if match := _NUMBER_BRACKET.match(text):
        number = match["number"]
        return [Candidate(MarkerKind.PARENTHESIS, "1)", int(number), number, match.end(), SUBSTITUTION_COST)]
    return []
