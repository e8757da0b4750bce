import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse.text import fold, has_marks, is_syllable, is_upper, match_case, nfc, squeeze, strip_tone

VIETNAMESE = st.text(alphabet="aàảãáạăằâầbcdđeéêếghiíklmnoóôốơớpqrstuúưứvxyý ĐƯƠ0123", max_size=40)


@pytest.mark.cases("text/syllables")
def test_syllables(case: dict[str, Any]) -> None:
    assert is_syllable(case["given"]) is case["expect"]


@pytest.mark.cases("text/tones")
def test_tones(case: dict[str, Any]) -> None:
    assert strip_tone(case["given"]) == case["expect"]


@given(st.text())
def test_folding_keeps_offsets(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(VIETNAMESE)
def test_folding_leaves_no_marks(text: str) -> None:
    assert not has_marks(fold(text))


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_every_vietnamese_letter_is_one_code_point(text: str) -> None:
    assert nfc(unicodedata.normalize("NFD", text)) == text


@given(st.text())
def test_squeezing_leaves_single_spaces(text: str) -> None:
    assert squeeze(text).split(" ") == (text.split() or [""])


def test_capitals_are_told_by_their_share() -> None:
    texts = ("MỤC ĐÍCH, YÊU CẦU", "NHIỆM VỤ CHUNG và", "MỤC ĐÍCH, yêu cầu", "Mục đích", "12")
    assert [is_upper(text) for text in texts] == [True, True, False, False, False]


def test_a_word_takes_the_case_of_its_model() -> None:
    assert [match_case("đơn", model) for model in ("PON", "Pon", "pon", "P", "1")] == [
        "ĐƠN",
        "Đơn",
        "đơn",
        "Đơn",
        "đơn",
    ]
