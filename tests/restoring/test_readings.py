"""What a piece of a line may be read as: words, several that run together, numbers, signs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse.restoring import restore
from planparse.restoring.channel import Channel
from planparse.restoring.decoding import NO_WORD
from planparse.restoring.habits import PRIOR
from planparse.restoring.language_model import CODE, NUMBER, UNKNOWN, load_language_model
from planparse.restoring.lattice import Reading, keep
from planparse.restoring.readings import BareReader, Reader

MODEL = load_language_model()
READER = Reader(Channel(PRIOR))
PIECES = st.text("abcdehiknoptuéêôơđĐPD6410&’,.;:/-(", min_size=1, max_size=14)

Part = tuple[str, str]


def parts_of(reading: Reading) -> set[Part]:
    """Return each edge as what is printed and what it is read as."""
    return {(reading.original(index), reading.text(index)) for index in range(len(reading.starts))}


def items_of(reading: Reading, printed: str) -> set[str]:
    """Return what the edges that keep `printed` are to the language model."""
    return {
        MODEL.words[reading.edges.word[index]]
        for index in range(len(reading.starts))
        if reading.original(index) == printed and reading.edges.kept[index] and reading.edges.word[index] != NO_WORD
    }


@given(PIECES, st.booleans())
def test_the_edges_of_a_piece_lead_from_its_beginning_to_its_end(printed: str, upper: bool) -> None:  # noqa: FBT001 (drawn)
    reading = READER.read(printed, upper=upper)
    assert np.all(reading.starts < reading.ends)
    assert np.all(reading.edges.evidence <= 0)
    reached = {0}
    for start, end in zip(reading.starts.tolist(), reading.ends.tolist(), strict=True):
        if start in reached:
            reached.add(end)
    assert reading.size in reached
    places = np.full(reading.size + 1, -1)
    for node, place in ((reading.starts, reading.edges.start), (reading.ends, reading.edges.end)):
        for one, other in zip(node, place, strict=True):
            assert places[one] in (-1, other)
            places[one] = other
    assert places[0] == 0
    assert places[-1] == len(printed)


@pytest.mark.parametrize(
    ("printed", "parts"),
    [
        ("cAuphat", {("cAu", "cấu"), ("phat", "phát")}),
        ("khu,vuc", {("khu", "khu"), (",", ","), ("vuc", "vực")}),
        ("lfi2016-2021", {("2016-2021", "2016-2021")}),
        ("nam2024", {("nam", "năm"), ("2024", "2024")}),
        ("thyc", {("thyc", "thực")}),
        ("(Pon", {("(", "("), ("Pon", "Đơn")}),
        ("vi;", {("vi", "vị"), (";", ";")}),
        ("s6", {("s6", "số")}),
    ],
)
def test_a_piece_may_be_read_as_its_parts(printed: str, parts: set[Part]) -> None:
    assert parts <= parts_of(READER.read(printed, upper=False))


def test_a_word_whose_marks_were_read_as_signs_may_be_the_whole_piece() -> None:
    assert ("dO’l’l", "đơn") in parts_of(READER.read("dO’l’l", upper=False))


@pytest.mark.parametrize(
    ("line", "expect"),
    [
        ("Xay dung co cAuphat trién kinh té", "cơ cấu phát triển"),
        ("thyc hién tuthang 5 nam 2024", "từ tháng 5"),
        ("trén dia ban khu,vuc nong thén", "khu,vực nông thôn"),
        ("giai doan lfi2016-2021 thyc hién", "2016-2021 thực hiện"),
        ("day manh chuyén d6i sé giai doan2021-2025", "giai đoạn 2021-2025"),
        ("Cac don vi tr uc thuoc Van phong", "đơn vị trực thuộc"),
    ],
)
def test_split_and_glued_words_are_read_in_their_line(line: str, expect: str) -> None:
    assert expect in restore(line)


def test_pieces_are_joined_where_a_word_goes_across_their_space() -> None:
    joined = READER.join([READER.read("tr", upper=False), READER.read("uc", upper=False)], upper=False)
    assert ("tr uc", "trực") in parts_of(joined)
    assert (" ", " ") in parts_of(joined)
    assert READER.join([READER.read("Pon", upper=False)], upper=False) is READER.read("Pon", upper=False)


@pytest.mark.parametrize("printed", ["12/2024", "1.234.567,89", "30/6/2025", "95,5", "2021-2025", "2024", "1234567"])
def test_a_number_stays(printed: str) -> None:
    reading = READER.read(printed, upper=False)
    assert parts_of(reading) == {(printed, printed)}
    assert items_of(reading, printed) == {NUMBER}


def test_a_short_number_may_be_a_word() -> None:
    reading = READER.read("13", upper=False)
    assert ("13", "là") in parts_of(reading)
    assert items_of(reading, "13") == {NUMBER}


@pytest.mark.parametrize("printed", ["12/KH-VP", "05/2024/TT-BNV", "1879/Qb-UBND"])
def test_a_document_number_is_one_code(printed: str) -> None:
    reading = READER.read(printed, upper=False)
    assert parts_of(reading) == {(printed, printed)}
    assert items_of(reading, printed) == {CODE}


def test_the_letters_of_a_document_number_are_mended_and_its_digits_are_not() -> None:
    mended = READER.read("1879/Qb-UBND", upper=False).mended
    assert mended is not None
    assert mended[0] == "1879/QĐ-UBND"
    assert mended[1] > 0.9


@pytest.mark.parametrize(
    "printed", ["vanphong@quangngai.gov.vn", "https://dichvucong.gov.vn/p/home", "N.V.A.", "x" * 41]
)
def test_what_is_no_text_stays(printed: str) -> None:
    reading = READER.read(printed, upper=False)
    assert parts_of(reading) == {(printed, printed)}
    assert items_of(reading, printed) == {UNKNOWN}
    assert not reading.spells


@pytest.mark.parametrize("printed", ["thường", "Ủy", "XIII", "IV"])
def test_a_word_with_its_marks_or_a_numeral_stays_in_damaged_text(printed: str) -> None:
    assert parts_of(READER.read(printed, upper=False)) == {(printed, printed)}


def test_the_case_is_the_printed_one_but_for_short_words_that_look_alike() -> None:
    assert ("BO", "Bộ") in parts_of(READER.read("BO", upper=False))
    assert ("BO", "BỘ") in parts_of(READER.read("BO", upper=True))
    assert ("Pon", "Đơn") in parts_of(READER.read("Pon", upper=False))
    assert ("QUYET", "QUYẾT") in parts_of(READER.read("QUYET", upper=True))


def test_bare_text_has_lost_nothing_but_its_marks() -> None:
    reading = BareReader().read("Pon", upper=False)
    assert parts_of(reading) == {("Pon", text) for text in ("Pon", "Pôn", "Pồn")}
    assert ("don", "đơn") in parts_of(BareReader().read("don", upper=False))


def test_a_piece_is_read_once() -> None:
    assert READER.read("thyc", upper=False) is READER.read("thyc", upper=False)
    assert keep("12", NUMBER) is keep("12", NUMBER)


def test_a_piece_that_no_word_explains_is_poor() -> None:
    assert READER.read("tlxg’", upper=False).poor
    assert not READER.read("thyc", upper=False).poor


def test_a_word_leaves_the_sign_that_ends_a_clause_behind_a_scrap() -> None:
    assert {("k&", "kê"), (",", ",")} <= parts_of(READER.read("k&,", upper=False))


def test_a_number_beside_a_sign_as_large_as_a_letter_may_be_a_word() -> None:
    assert ("1&", "lệ") in parts_of(READER.read("1&", upper=False))
    assert ("1%", "lệ") not in parts_of(READER.read("1%", upper=False))


def test_a_quote_without_a_partner_may_be_dropped() -> None:
    assert ("’Két", "Kết") in parts_of(READER.read("’Két", upper=False, loose=True))
    assert ("’Két", "Kết") not in parts_of(READER.read("’Két", upper=False))


def test_a_bracket_without_a_partner_may_be_part_of_a_word() -> None:
    assert ("tf)", "Tổ") not in parts_of(READER.read("tf)", upper=False, loose=True))
    assert ("tf)", "tổ") in parts_of(READER.read("tf)", upper=False, loose=True))
