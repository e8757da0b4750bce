"""Roman numbers, letters of points and digits: what OCR made of them, and how a numbering writes them."""

from __future__ import annotations

from functools import cache
from itertools import product

import regex

from planparse.data import load_table
from planparse.outline import MarkerKind
from planparse.text import POINT_LETTERS, fold

SUBSTITUTION_COST = 0.5
"""For each character that is read as another one: about the surprise (in nats) of a common OCR confusion."""
_ROMAN_READINGS = {"v": ("V", "I"), "Y": ("V", "I"), "H": ("II",), "L": ("I", "")}
LOST_STROKE = 2.0
"""Substitutions that a lost stroke ("I." for II) counts as; a repeated number costs more."""
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50}
_CANONICAL_ROMAN = regex.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")

NAMES = {
    MarkerKind.APPENDIX: "Phụ lục",
    MarkerKind.PART: "Phần",
    MarkerKind.CHAPTER: "Chương",
    MarkerKind.ARTICLE: "Điều",
}


def to_roman(number: int) -> str:
    """Write 1 to 39 as a Roman number."""
    return "X" * (number // 10) + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[number % 10]


def from_roman(text: str) -> int | None:
    """Read a canonical Roman number up to XXXIX; None where `text` is none."""
    if not text or not _CANONICAL_ROMAN.fullmatch(text):
        return None
    values = [_ROMAN_DIGITS[char] for char in text]
    following = [*values[1:], 0]
    return sum(-one if one < after else one for one, after in zip(values, following, strict=True))


def letter_element(ordinal: float) -> str:
    """Return the letter of point number `ordinal`, or the number itself beyond the alphabet."""
    index = int(ordinal) - 1
    return POINT_LETTERS[index] if 0 <= index < len(POINT_LETTERS) else str(index + 1)


def element_of(kind: MarkerKind, ordinal: int, prefix: tuple[int, ...] = ()) -> str:
    """Write the element that number `ordinal` has in a sequence of `kind`."""
    if kind in NAMES:
        number = to_roman(ordinal) if kind is not MarkerKind.ARTICLE else str(ordinal)
        return f"{NAMES[kind]} {number}"
    if kind is MarkerKind.SECTION:
        return to_roman(ordinal)
    if kind is MarkerKind.POINT:
        return letter_element(ordinal)
    if kind is MarkerKind.LETTER:
        return "ABCDEFGH"[ordinal - 1] if ordinal <= len("ABCDEFGH") else str(ordinal)
    return ".".join(map(str, (*prefix, ordinal)))


@cache
def roman_readings(printed: str) -> tuple[tuple[str, float], ...]:
    """Return (reading, substitutions) for what a Roman number may have been: a stroke is lost, "II" is read as H."""
    choices = [_ROMAN_READINGS.get(char, (char if char in "VX" else "I",)) for char in printed]
    readings: dict[str, float] = {}
    for reading in product(*choices):
        substitutions = sum(one != other for one, other in zip(printed, reading, strict=True))
        text = "".join(reading)
        readings[text] = min(float(substitutions), readings.get(text, float("inf")))
        readings.setdefault(text + "I", substitutions + LOST_STROKE)
    return tuple(readings.items())


def roman_numbers(printed: str) -> dict[int, float]:
    """Return the numbers that a printed Roman number may stand for, each with its cost.

    >>> roman_numbers("IH")[3] > 0, roman_numbers("IV")[4]
    (True, 0.0)
    """
    numbers: dict[int, float] = {}
    for reading, substitutions in roman_readings(printed):
        if number := from_roman(reading):
            numbers[number] = min(numbers.get(number, float("inf")), SUBSTITUTION_COST * substitutions)
    return numbers


@cache
def point_readings(printed: str) -> tuple[tuple[str, float, float], ...]:
    """Return (letter, ordinal, cost) for each letter that `printed` may be."""
    table = load_table("markers")
    lowered = printed.lower()
    readings: dict[str, float] = {}
    if len(lowered) == 1 and lowered in POINT_LETTERS + table["foreign_letters"]:
        readings[lowered] = 0.0 if printed.islower() else SUBSTITUTION_COST / 2
    for letter, cost in table["point_confusions"].get(lowered, {}).items():
        readings[letter] = min(cost, readings.get(letter, cost))
    return tuple((letter, letter_ordinal(letter), cost) for letter, cost in readings.items())


def letter_ordinal(letter: str) -> float:
    """Return the place of a letter among the points; one that Vietnamese leaves out stands between two."""
    if letter in POINT_LETTERS:
        return POINT_LETTERS.index(letter) + 1
    return sum(one < letter for one in fold(POINT_LETTERS)) + 0.5


@cache
def digit_confusions() -> dict[str, str]:
    """Return what OCR makes of digits → the digit."""
    return dict(load_table("markers")["digit_confusions"])
