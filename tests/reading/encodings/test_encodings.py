"""Bytes → text: the encodings that a text may come in, and what is dropped or mended on the way."""

from __future__ import annotations

import codecs
import unicodedata
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planparse.config import DEFAULT
from planparse.errors import InputDamagedError, InputEmptyError, InputError, InputUnsupportedError
from planparse.reading import read_bytes, read_text
from planparse.reading.encodings import clean, decode
from planparse.warning import WarningCode

if TYPE_CHECKING:
    from planparse.document import Document
    from planparse.warning import PlanWarning

PLAN = """\
KẾ HOẠCH
Thực hiện công tác kiểm soát thủ tục hành chính năm 2024
1. Rà soát, đơn giản hóa thủ tục hành chính
Đơn vị chủ trì: Văn phòng Ủy ban nhân dân tỉnh
Thời gian thực hiện: Quý II/2024"""
LINES = PLAN.split("\n")
TONES = "\u0300\u0301\u0303\u0309\u0323"


def read_lines(data: bytes) -> list[str]:
    return [line.text for line in read_bytes(data, name="plan.txt", config=DEFAULT).lines]


def to_1258(text: str) -> bytes:
    """Encode as windows-1258 does: a letter with its mark, then its tone."""
    parts = []
    for letter in text:
        decomposed = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in decomposed if mark in TONES)
        rest = "".join(mark for mark in decomposed if mark not in TONES)
        parts.append(unicodedata.normalize("NFC", rest) + tones)
    return "".join(parts).encode("cp1258")


def codes(warnings: tuple[PlanWarning, ...]) -> list[WarningCode]:
    return [warning.code for warning in warnings]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PLAN.encode("utf-8"), id="UTF-8"),
        pytest.param(PLAN.encode("utf-8-sig"), id="UTF-8 with BOM"),
        pytest.param(codecs.BOM_UTF16_LE + PLAN.encode("utf-16-le"), id="UTF-16 LE with BOM"),
        pytest.param(codecs.BOM_UTF16_BE + PLAN.encode("utf-16-be"), id="UTF-16 BE with BOM"),
        pytest.param(PLAN.encode("utf-16-le"), id="UTF-16 LE without BOM"),
        pytest.param(PLAN.encode("utf-16-be"), id="UTF-16 BE without BOM"),
        pytest.param(to_1258(PLAN), id="windows-1258"),
        pytest.param(unicodedata.normalize("NFD", PLAN).encode(), id="NFD"),
        pytest.param((LINES[0] + "\n" + unicodedata.normalize("NFD", "\n".join(LINES[1:]))).encode(), id="NFC and NFD"),
    ],
)
def test_every_encoding_gives_the_same_lines(data: bytes) -> None:
    assert read_lines(data) == LINES


def test_windows_1258_is_told_in_a_warning() -> None:
    assert codes(decode(to_1258(PLAN), where="plan.txt").warnings) == [WarningCode.ENCODING]


def test_utf_8_is_read_without_a_warning() -> None:
    assert decode(PLAN.encode(), where="plan.txt").warnings == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\u2029"], ids=ascii)
def test_every_line_end_ends_a_line(end: str) -> None:
    document = read_bytes(PLAN.replace("\n", end).encode(), name=None, config=DEFAULT)
    assert [(line.number, line.text) for line in document.lines] == list(enumerate(LINES, 1))
    assert document.warnings == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=ascii)
def test_every_line_end_ends_a_line_of_utf_16(end: str) -> None:
    assert read_lines(PLAN.replace("\n", end).encode("utf-16")) == LINES


@pytest.mark.parametrize("mark", ["\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff", "\u202e", "\u2066"], ids=ascii)
def test_a_character_without_width_is_dropped(mark: str) -> None:
    cleaned = clean(f"Đơn {mark}vị ch{mark}ủ trì")
    assert cleaned.text == "Đơn vị chủ trì"
    assert cleaned.warnings == ()


def test_a_control_character_is_dropped_with_a_warning_of_its_line() -> None:
    decoded = decode("Kế hoạch\nĐơn vị\x00 chủ\x07 trì: Sở Tư pháp".encode(), where="plan.txt")
    assert decoded.text == "Kế hoạch\nĐơn vị chủ trì: Sở Tư pháp"
    assert codes(decoded.warnings) == [WarningCode.CONTROL_CHARACTERS]
    assert decoded.warnings[0].where is not None
    assert decoded.warnings[0].where.lines == (2, 2)


def test_invalid_bytes_are_read_past_with_a_warning_of_their_line() -> None:
    data = PLAN.encode().replace("đơn giản".encode(), b"\xff\xfe gi\xe1")
    decoded = decode(data, where="plan.txt")
    lines = decoded.text.split("\n")
    assert [lines[0], lines[1], *lines[3:]] == [LINES[0], LINES[1], *LINES[3:]]
    assert codes(decoded.warnings) == [WarningCode.INVALID_BYTES]
    assert decoded.warnings[0].where is not None
    assert decoded.warnings[0].where.lines == (3, 3)


def test_a_look_alike_is_mapped_with_a_warning_of_its_line() -> None:
    cleaned = clean("Kế hoạch\n\u0421ông an tỉnh")
    assert cleaned.text == "Kế hoạch\nCông an tỉnh"
    assert codes(cleaned.warnings) == [WarningCode.LOOK_ALIKES]
    assert cleaned.warnings[0].where is not None
    assert cleaned.warnings[0].where.lines == (2, 2)


def test_no_bytes_are_an_empty_input() -> None:
    with pytest.raises(InputEmptyError):
        read_bytes(b"", name="plan.txt", config=DEFAULT)
    with pytest.raises(InputEmptyError):
        read_text("")


@pytest.mark.parametrize(
    "data",
    [pytest.param(b"\x00", id="one NUL"), pytest.param(bytes(range(256)) * 8, id="every byte")],
)
def test_bytes_that_are_no_text_are_damaged(data: bytes) -> None:
    with pytest.raises(InputDamagedError):
        read_bytes(data, name="plan.txt", config=DEFAULT)


@given(st.integers(min_value=0))
@example(16864347)  # begins as a gzip archive does
def test_random_bytes_are_refused(seed: int) -> None:
    data = Random(seed).randbytes(4096)  # noqa: S311 (no secret)
    with pytest.raises((InputDamagedError, InputUnsupportedError)):
        read_bytes(data, name="plan.txt", config=DEFAULT)


@pytest.mark.parametrize("text", [" ", "\n\n\n", "\t \r\n", "\f\f", "\u200b", "\ufeff"], ids=ascii)
def test_white_space_is_a_document_without_text(text: str) -> None:
    document = read_bytes(text.encode(), name="plan.txt", config=DEFAULT)
    assert not "".join(line.text for line in document.lines).strip()
    assert codes(document.warnings) == [WarningCode.NO_TEXT]


def assert_well_formed(document: Document) -> None:
    lines = list(document.lines)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert [page.number for page in document.pages] == list(range(1, document.source.pages + 1))
    for line in lines:
        assert unicodedata.is_normalized("NFC", line.text)
        assert "\n" not in line.text
        assert line.text == line.printed


@given(st.binary(min_size=1))
def test_any_bytes_are_a_document_or_an_input_error(data: bytes) -> None:
    try:
        document = read_bytes(data, name="plan.txt", config=DEFAULT)
    except InputError:
        return
    assert_well_formed(document)


@given(st.text(min_size=1), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]))
def test_any_encoded_text_is_a_document_or_an_input_error(text: str, encoding: str) -> None:
    try:
        document = read_bytes(text.encode(encoding), name=None, config=DEFAULT)
    except InputError:
        return
    assert_well_formed(document)


@given(st.text(min_size=1))
def test_any_text_is_a_document(text: str) -> None:
    assert_well_formed(read_text(text))


@given(st.text(alphabet="aăâđêôơưạảốừẦ \n\r\u0301\u0323\u200b,.;1", min_size=1))
def test_clean_text_stays_as_it_is(text: str) -> None:
    once = clean(text).text
    assert clean(once).text == once
