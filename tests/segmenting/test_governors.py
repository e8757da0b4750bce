"""Units that govern what is below them, or behind them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse.language.lists import list_end
from planparse.language.words import split_words
from planparse.segmenting.governors import gives_work, read_governor, read_run_in_governor

PARTS = [
    "Sở Nội vụ",
    "SỞ Y TẾ",
    "các sở, ngành",
    "UBND các xã, phường",
    "Giao",
    "Đề nghị",
    "Đối với",
    "Trách nhiệm của",
    "có trách nhiệm",
    "rà soát",
    "(cơ quan thường trực)",
    "[1]",
    ":",
    ";",
    ",",
    ".",
]
LINES = st.lists(st.sampled_from(PARTS) | st.text(max_size=8), max_size=8).map(" ".join)


@pytest.mark.cases("segmenting/governors")
def test_governor(case: dict[str, Any]) -> None:
    governor = read_governor(case["given"])
    found = {"units": case["given"][slice(*governor.units)], "gives": governor.gives} if governor else {}
    assert found == case["expect"]


@given(LINES)
def test_what_governs_is_a_list_of_units_within_the_text(text: str) -> None:
    governor = read_governor(text)
    words = split_words(text[slice(*governor.units)] if governor else "Sở Nội vụ")
    assert text.isupper() or list_end(words, 0) == len(words)


@given(LINES)
def test_what_is_governed_stands_behind_the_colon(text: str) -> None:
    found = read_run_in_governor(text)
    assert found is None or text[found[1] - 1] == ":"


def test_units_before_a_colon_govern() -> None:
    text = "Bộ Tài chính: (1) rà soát; (2) báo cáo."
    found = read_run_in_governor(text)
    assert found is not None
    assert (text[slice(*found[0].units)], text[found[1] :].strip()) == ("Bộ Tài chính", "(1) rà soát; (2) báo cáo.")


def test_a_colon_behind_work_governs_nothing() -> None:
    assert read_run_in_governor("Sở Nội vụ rà soát các nội dung: biên chế, tiền lương.") is None


def test_giving_is_told_from_naming() -> None:
    assert [gives_work(text) for text in ("Giao Sở Nội vụ:", "Sở Nội vụ:", "Giao chỉ tiêu:")] == [True, False, False]


def test_many_colons_come_to_an_end() -> None:
    assert read_run_in_governor("Sở Nội vụ rà soát: " * 20_000) is None


def test_a_paragraph_of_nothing_but_notes_governs_nothing() -> None:
    assert read_governor("Sở Nội vụ" + " [1]" * 10_000) is None
