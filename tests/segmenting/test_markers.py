"""One marker, and markers as a sequence."""

from __future__ import annotations

from typing import Any

import pytest

from planparse.outline import MarkerKind
from planparse.segmenting.bullets import read_bullet
from planparse.segmenting.hierarchy import MarkedLine, choose_markers
from planparse.segmenting.markers import read_candidates
from planparse.segmenting.numerals import element_of, from_roman, roman_numbers, to_roman


@pytest.mark.cases("segmenting/sequences")
def test_sequence(case: dict[str, Any]) -> None:
    choices = choose_markers([MarkedLine(read_candidates(line), continuation=False) for line in case["given"]])
    found = [f"{choice.depth} {choice.candidate.element}" if choice else "" for choice in choices]
    assert found == case["expect"]


@pytest.mark.parametrize(
    ("text", "glyph"),
    [("- Đơn vị", "-"), ("-Đơn vị", "-"), ("+ Kế hoạch", "+"), ("• Mục", "•"), ("* Ghi chú", "*"), ("~ Bám sát", "-")],
)
def test_bullet(text: str, glyph: str) -> None:
    bullet = read_bullet(text)
    assert bullet is not None
    assert bullet.glyph == glyph


@pytest.mark.parametrize("text", ["2021 - 2025", "Sở Nội vụ", "-", "", "a) Một"])
def test_no_bullet(text: str) -> None:
    assert read_bullet(text) is None


@pytest.mark.parametrize("number", range(1, 40))
def test_roman_numbers_are_read_as_written(number: int) -> None:
    assert from_roman(to_roman(number)) == number


@pytest.mark.parametrize("text", ["", "IIII", "VX", "A", "IC"])
def test_what_is_no_roman_number(text: str) -> None:
    assert from_roman(text) is None


def test_a_clean_roman_number_costs_nothing() -> None:
    assert roman_numbers("IV")[4] == 0


def test_elements_of_points_follow_the_alphabet() -> None:
    assert "".join(element_of(MarkerKind.POINT, number) for number in range(1, 13)) == "abcdđeghiklm"
