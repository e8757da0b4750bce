"""A word of text that is right, and what one slip may have turned into it."""

from __future__ import annotations

from planparse.restoring.slips import read_right


def test_a_slip_in_right_text_comes_after_the_word_itself() -> None:
    reading = read_right("thâm", upper=False)
    texts = [reading.text(index) for index in range(len(reading.starts))]
    assert reading.cautious
    assert texts[0] == "thâm"
    assert "thẩm" in texts
    assert reading.edges.evidence[0] == 0 > reading.edges.evidence[1:].max()


def test_a_numeral_in_right_text_has_no_other_reading() -> None:
    reading = read_right("XIII", upper=False)
    assert [reading.text(index) for index in range(len(reading.starts))] == ["XIII"]
