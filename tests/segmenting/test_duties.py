"""What a clause assigns, and to whom."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse.language.bodies import opens_name
from planparse.language.lists import list_end
from planparse.language.words import split_words
from planparse.segmenting.duties import MAX_READ, find_partners, read_duty

PARTS = [
    "Sở Nội vụ",
    "Sở Văn hóa, Thể thao và Du lịch",
    "các sở, ngành",
    "UBND các xã, phường",
    "Ban Chỉ đạo",
    "chủ trì",
    "phối hợp với",
    "giao",
    "Giao",
    "phân công",
    "đồng chí",
    "có trách nhiệm",
    "là cơ quan",
    "rà soát",
    "hằng năm",
    "đã",
    ",",
    ";",
    ":",
    "-",
    "“",
    "”",
    "(",
    ")",
    ".",
    "(1)",
]
SENTENCES = st.lists(st.sampled_from(PARTS) | st.text(max_size=8), max_size=14).map(" ".join)


@pytest.mark.cases("segmenting/duties")
def test_duty(case: dict[str, Any]) -> None:
    duty = read_duty(case["given"])
    units = {"lead": duty.lead, "coordinating": duty.coordinating} if duty else {}
    assert {name: case["given"][slice(*part)] if part else "" for name, part in units.items()} == case["expect"]


@given(SENTENCES)
def test_units_lie_within_the_text(text: str) -> None:
    duty = read_duty(text)
    parts = [part for part in (duty.lead, duty.coordinating) if part] if duty else []
    assert all(0 <= start < end <= len(text) for start, end in [*parts, *find_partners(text)])


@given(SENTENCES)
def test_who_leads_is_a_list_of_units(text: str) -> None:
    duty = read_duty(text)
    words = split_words(text[slice(*duty.lead)] if duty and duty.lead else "Sở Nội vụ")
    assert opens_name(words, 0)
    assert list_end(words, 0) == len(words)


def test_who_leads_stands_at_the_beginning_of_a_long_clause() -> None:
    text = "Sở Nội vụ chủ trì, phối hợp với " + "Sở Nội vụ chủ trì, giao " * 5000
    duty = read_duty(text)
    assert duty is not None
    assert duty.lead == (0, len("Sở Nội vụ"))


def test_a_duty_far_behind_is_not_looked_for() -> None:
    assert read_duty("a" * MAX_READ + " Sở Nội vụ chủ trì rà soát.") is None


@pytest.mark.parametrize(
    "part", ["Sở Nội vụ, ", "chủ trì ", "; giao các sở ", "phối hợp với ", "là cơ quan chủ trì ", "("]
)
def test_any_repetition_comes_to_an_end(part: str) -> None:
    duty = read_duty(part * 20_000)
    assert duty is None or duty.lead is None or duty.lead[1] <= MAX_READ
