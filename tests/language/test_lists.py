"""Where a list of units ends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse.language.lists import MAX_LIST_WORDS, list_end
from planparse.language.words import split_words

VOCABULARY = [
    "Sở",
    "Nội",
    "vụ",
    "các",
    "sở",
    "ngành",
    "xã",
    "UBND",
    "liên",
    "quan",
    "và",
    "của",
    "tổ",
    "chức",
    "giao",
    "xây",
    "dựng",
    ",",
    ";",
    ":",
    "(",
    ")",
    "-",
    ".",
]
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=40).map(" ".join)


@pytest.mark.cases("language/lists")
def test_list(case: dict[str, Any]) -> None:
    text = case["given"]
    words = split_words(text)
    end = list_end(words, 0)
    assert text[: words[end - 1].end if end else 0] == case["expect"]


@given(WORDS, st.integers(min_value=0, max_value=40))
def test_a_list_ends_within_the_words(text: str, start: int) -> None:
    words = split_words(text)
    start = min(start, len(words))
    assert start <= list_end(words, start) <= len(words)


def test_a_list_is_not_read_without_end() -> None:
    words = split_words("Sở Nội vụ, " * 1000)
    assert list_end(words, 0) <= MAX_LIST_WORDS + 1


def test_words_cover_the_text() -> None:
    text = "Sở KH&CN, Bộ Y tế (12/KH-VP)."
    assert "".join(text[word.start : word.end] for word in split_words(text)) == text.replace(" ", "")
