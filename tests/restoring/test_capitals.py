"""Capitals that were meant to be small."""

from __future__ import annotations

import pytest

from planparse.restoring.capitals import is_small
from planparse.restoring.language_model import load_language_model

NUMBERS = load_language_model().numbers


@pytest.mark.parametrize(
    ("printed", "before", "word"),
    [("Vao", "đưa", "vào"), ("Sot", "sai", "sót"), ("Vat", "sở", "vật"), ("Iuat", "pháp", "luật"), ("Iy", "xử", "lý")],
)
def test_a_capital_within_a_clause_may_be_small(printed: str, before: str, word: str) -> None:
    assert is_small(printed, NUMBERS[before], NUMBERS[word])


@pytest.mark.parametrize(
    ("printed", "before", "word"),
    [
        ("Viet", "cộng", "việt"),  # names keep theirs
        ("Nam", "việt", "nam"),
        ("vao", "đưa", "vào"),  # it is small already
        ("VAO", "đưa", "vào"),  # a heading
        ("UBND", "của", "UBND"),
    ],
)
def test_other_capitals_stay(printed: str, before: str, word: str) -> None:
    assert not is_small(printed, NUMBERS[before], NUMBERS[word])
