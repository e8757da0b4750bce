"""The spaCy pipeline: words, rules, and how other programs load it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from planparse.language import NAME, RULES, found, load, to_doc

if TYPE_CHECKING:
    from pathlib import Path


def labelled(text: str, label: str) -> list[str]:
    doc = to_doc(text)
    return [span.text for span in found(doc, label)]


@given(st.text(max_size=200))
def test_a_doc_keeps_every_character(text: str) -> None:
    assert to_doc(text).text == text


def test_a_word_is_told_with_marks_and_without() -> None:
    token = to_doc("CHỦ trì")[0]
    assert (token.lower_, token.norm_) == ("chủ", "chu")


@pytest.mark.parametrize("text", ["Sở Tài chính", "So Tai chinh"])
def test_a_body_is_found_with_marks_and_without(text: str) -> None:
    assert labelled(text, "BODIES") == [text]


def test_a_number_is_no_body() -> None:
    assert labelled("Số 12", "BODIES") == []


@pytest.mark.parametrize(
    "number", ["1789/QĐ-UBND", "45/2020/NĐ-CP", "51-KL/TW", "12/2015/TTLT-BTTTT-BNV", "67/2006/QH11"]
)
def test_the_number_of_a_document_is_one_word(number: str) -> None:
    assert labelled(f"số {number}, ngày", "NUMBER") == [number]


@pytest.mark.parametrize("text", ["30/6/2025", "24/7", "2021-2025", "1.1"])
def test_a_date_is_no_number_of_a_document(text: str) -> None:
    assert labelled(text, "NUMBER") == []


def test_the_longest_reading_of_a_rule_stands() -> None:
    assert labelled("Sở Y tế chủ trì, phối hợp chặt chẽ với Sở Nội vụ", "LEADS_WITH") == [
        "chủ trì, phối hợp chặt chẽ với"
    ]


def test_spacy_loads_the_language_by_its_name() -> None:
    doc = spacy.blank(NAME)("Giao Sở Y tế")
    assert [span.label_ for span in doc.spans[RULES]] == ["ASSIGNS", "BODIES"]


def test_a_saved_pipeline_loads_again(tmp_path: Path) -> None:
    load().to_disk(tmp_path)
    doc = spacy.load(tmp_path)("Giao Sở Y tế")
    assert [span.label_ for span in doc.spans[RULES]] == ["ASSIGNS", "BODIES"]
