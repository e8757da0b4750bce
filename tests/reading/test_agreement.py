"""Two engines' words of one image: what stands for what, and which lines one of them missed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from planparse.document import Document, OtherReading, Page, Source, Word
from planparse.reading.agreement import merge_readings
from planparse.reading.layout import lay_out, to_lines
from planparse.reading.segments import PlacedWord
from planparse.restoring import restore_document

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT, PITCH = 6.0, 12.0, 20.0


def typeset(*lines: str, confidence: float = 0.9, drop: float = 0.0) -> list[PlacedWord]:
    """Return the words of lines set in letters of one width, `drop` points lower than they should be."""
    words = []
    for number, line in enumerate(lines):
        place = 0
        for text in line.split():
            left = line.index(text, place)
            place = left + len(text)
            top = number * PITCH + drop
            box = (left * WIDTH, top, place * WIDTH, top + HEIGHT)
            words.append(PlacedWord(Word(text, box, confidence), (number,)))
    return words


def merged(first: str, second: str) -> list[tuple[str, str, int]]:
    """Return for each group of a line what both engines read, and of how many words the first one made it."""
    words = [placed.word for placed in merge_readings(typeset(first), typeset(second))]
    found, index = [], 0
    while index < len(words):
        other = words[index].other
        assert other is not None
        text = " ".join(word.text for word in words[index : index + other.words])
        found.append((text, other.text, other.words))
        index += other.words
    return found


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Sở Nội vụ", "Sở Nội vụ", [("Sở", "Sở", 1), ("Nội", "Nội", 1), ("vụ", "vụ", 1)]),
        ("cụ thê hóa", "cụ thể hóa", [("cụ", "cụ", 1), ("thê", "thể", 1), ("hóa", "hóa", 1)]),
        ("THƯ ỜNG TRỰC", "THƯỜNG TRỰC", [("THƯ ỜNG", "THƯỜNG", 2), ("TRỰC", "TRỰC", 1)]),
        ("Cà Mau, ngày", "Cà Mau,ngày", [("Cà", "Cà", 1), ("Mau, ngày", "Mau,ngày", 2)]),
        ("số KL/TW ngày", "số 51 -KL/TW ngày", [("số", "số", 1), ("KL/TW", "51 -KL/TW", 1), ("ngày", "ngày", 1)]),
    ],
)
def test_words_are_paired_between_the_spaces_that_both_have(
    first: str, second: str, expected: list[tuple[str, str, int]]
) -> None:
    assert merged(first, second) == expected


def test_the_other_engine_is_as_sure_as_of_its_least_sure_word() -> None:
    second = [*typeset("KT.", confidence=0.9), *typeset("    BỘ", confidence=0.4)]
    first = merge_readings(typeset("KT.BỘ"), second)
    assert first[0].word.other == OtherReading("KT. BỘ", 0.4)


def test_a_line_that_the_leading_engine_missed_is_added() -> None:
    words = merge_readings(typeset("Nơi nhận:"), typeset("Nơi nhận:", "TM. CHÍNH PHỦ"))
    assert [placed.word.text for placed in words] == ["Nơi", "nhận:", "TM.", "CHÍNH", "PHỦ"]
    assert words[2].line == words[4].line
    assert words[2].line != words[0].line


def test_a_missed_line_of_low_confidence_is_dirt() -> None:
    second = [*typeset("Nơi nhận:"), *typeset("", "lfr oe", confidence=0.3)]
    assert len(merge_readings(typeset("Nơi nhận:"), second)) == 2


def test_a_line_that_only_the_leading_engine_has_stays_without_another_reading() -> None:
    words = merge_readings(typeset("Sở Nội vụ", "8"), typeset("Sở Nội vụ"))
    assert words[-1].word == Word("8", words[-1].bbox, 0.9)


def test_lines_that_lie_a_little_lower_are_the_same() -> None:
    words = merge_readings(typeset("Sở Nội", "vụ tỉnh"), typeset("Sở Nội", "vụ tỉnh", drop=4.0))
    assert [placed.word.other.text for placed in words if placed.word.other] == ["Sở", "Nội", "vụ", "tỉnh"]


LINES = st.lists(st.text("aăâbcdđ. ", min_size=1, max_size=12).filter(str.strip), max_size=4)


@given(first=LINES, second=LINES)
def test_every_word_of_the_leading_engine_stays_where_it_is(first: Sequence[str], second: Sequence[str]) -> None:
    words = typeset(*first)
    kept = [(placed.word.text, placed.bbox, placed.line) for placed in merge_readings(words, typeset(*second))]
    assert kept[: len(words)] == [(placed.word.text, placed.bbox, placed.line) for placed in words]


@given(first=LINES, second=LINES)
def test_no_word_of_the_other_engine_is_told_twice_or_made_up(first: Sequence[str], second: Sequence[str]) -> None:
    merged_words = merge_readings(typeset(*first), typeset(*second))
    told = [placed.word.other.text for placed in merged_words if placed.word.other]
    added = [placed.word.text for placed in merged_words if placed.line and placed.line[0] == -1]
    assert Counter(" ".join(told + added).split()) <= Counter(" ".join(second).split())


# Recorded: a page drawn, soiled, and read by both


def test_two_recorded_readings_of_a_poor_page_become_one_that_is_better_than_either() -> None:
    recorded = json.loads((Path(__file__).parents[1] / "recorded" / "two-engines.json").read_text(encoding="utf-8"))
    first, second = (
        [PlacedWord(Word(text, tuple(box), sure), tuple(line)) for text, box, sure, line in recorded["words"][engine]]
        for engine in ("tesseract", "trueocr")
    )
    segments = lay_out(merge_readings(first, second), [])
    page = Page(1, tuple(to_lines(segments, page=1, first=1)))
    restored = restore_document(Document(Source(None, "", 1, "ocr"), (page,)))
    printed = " ".join(recorded["lines"])

    def errors(text: str) -> int:
        return Levenshtein.distance(text, printed)

    alone = [errors(" ".join(placed.word.text for placed in words)) for words in (first, second)]
    assert errors(" ".join(line.text for line in restored.lines)) < min(alone) / 2
