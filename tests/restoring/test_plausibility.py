"""Plausibility: right Vietnamese is near 1, whatever its case; what is read badly is lower, the worse the lower."""

from __future__ import annotations

import unicodedata

import pytest

from planparse.restoring import plausibility
from planparse.text import strip_marks

RIGHT = """Thực hiện công tác kiểm soát thủ tục hành chính năm 2024, Ủy ban nhân dân tỉnh ban hành kế hoạch như sau:
1. Rà soát, đơn giản hóa thủ tục hành chính thuộc phạm vi quản lý của tỉnh.
Đơn vị chủ trì: Văn phòng Ủy ban nhân dân tỉnh; đơn vị phối hợp: các sở, ban, ngành."""
MISREAD = RIGHT.replace("ự", "ư").replace("ủ", "ú").replace("ộ", "ô")


@pytest.mark.parametrize("text", [RIGHT, RIGHT.upper(), "Số: 12/KH-UBND ngày 05 tháng 01 năm 2024"])
def test_right_text_is_plausible(text: str) -> None:
    assert plausibility(text) > 0.85


@pytest.mark.parametrize("text", [strip_marks(RIGHT), "The department shall publish this report", "Céng hoµ x· héi"])
def test_text_without_marks_or_in_another_language_or_encoding_is_not(text: str) -> None:
    assert plausibility(text) < 0.3


def test_the_worse_a_text_is_read_the_lower_it_is() -> None:
    assert plausibility(RIGHT) > plausibility(MISREAD) > plausibility(strip_marks(RIGHT))


@pytest.mark.parametrize("text", ["", " \n\n", "...", "\x00"])
def test_what_has_no_words_is_zero(text: str) -> None:
    assert plausibility(text) == 0.0


def test_the_words_before_a_clause_do_not_matter_after_it() -> None:
    assert plausibility("Đơn vị.") == pytest.approx(plausibility("Đơn vị. Đơn vị."))


def test_decomposed_text_is_the_callers_to_compose() -> None:
    assert plausibility(unicodedata.normalize("NFC", unicodedata.normalize("NFD", RIGHT))) == plausibility(RIGHT)
