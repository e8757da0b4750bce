"""Letters of other alphabets within Latin words; words that are rightly in another alphabet."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse.reading.encodings.look_alikes import mend_look_alikes


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        pytest.param("\u0421ông an tỉnh", "Công an tỉnh", id="Cyrillic Es"),
        pytest.param("Sở T\u03bfi chính", "Sở Toi chính", id="Greek omicron"),
        pytest.param("B\u1ed9 N\u1ed9i v\u1ee5 \u041d\u00e0 N\u1ed9i", "Bộ Nội vụ Hà Nội", id="Cyrillic En"),
        pytest.param("v\u0430\u0306n hó\u0430", "văn hóa", id="Cyrillic a with a breve"),
        pytest.param("v\u04d1n thư", "văn thư", id="Cyrillic letter with a breve"),
        pytest.param("c\u0430\u0302\u0301p", "cấp", id="Cyrillic a with two marks"),
        pytest.param("t\u1f71c", "tác", id="Greek alpha with an acute"),
        pytest.param("\u0410\u0422T\u0422", "ATTT", id="acronym"),
        pytest.param("12/Q\u00d0-UBND, H\u00d0ND", "12/QĐ-UBND, HĐND", id="Eth of an acronym"),
        pytest.param("\u00d0ồng Tháp, \u0189ịnh, \u00f0ơn", "Đồng Tháp, Định, đơn", id="Eth of a syllable"),
        pytest.param("l\u01a3ng, T\u01a2", "lưng, TƯ", id="letter OI"),
        pytest.param("\u0430) Rà soát", "a) Rà soát", id="lone marker"),
    ],
)
def test_a_look_alike_within_a_word_is_mapped(printed: str, meant: str) -> None:
    assert mend_look_alikes(unicodedata.normalize("NFC", printed)) == (meant, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Hội Hữu nghị Việt - Nga (\u0420\u043e\u0441\u0441\u0438\u044f)",
        "\u0412 \u041c\u043e\u0441\u043a\u0432\u0435 \u0438 \u0430 также",
        "\u0441\u043e\u0440",
        "\u043f\u043e\u0434\u043f\u043e\u043b\u043a\u043e\u0432\u043d\u0438\u043aLực",
        "10 \u03bcm, 5 k\u03a9, \u0394t = 3, góc \u03b1",
        "Það er gott að búa á Íslandi",
        "Đơn vị chủ trì: Sở Tư pháp",
    ],
)
def test_what_is_rightly_in_another_alphabet_is_left_alone(text: str) -> None:
    assert mend_look_alikes(text) == (text, None)


def test_the_first_line_that_changed_is_told() -> None:
    assert mend_look_alikes("Россия\nSở\nC\u041eNG") == ("Россия\nSở\nCONG", 3)


@given(st.text(alphabet="aăđơ АаСсΩοÐðƣ\n-T\u0301"))
def test_mended_text_stays_as_it_is(text: str) -> None:
    once, _ = mend_look_alikes(unicodedata.normalize("NFC", text))
    assert mend_look_alikes(once) == (once, None)
