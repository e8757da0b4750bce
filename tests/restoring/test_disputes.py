"""Where two engines read differently: the lattice of both, what speaks for each, and what is decided in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planparse.document import Cell, Document, Line, OtherReading, Page, Source, Word, apply_edits
from planparse.restoring import arbitration, restore_document
from planparse.restoring.disputes import Second, read_disputed, seconds_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.restoring.lattice import Reading

Pair = tuple[str, str]


def to_words(*pairs: Pair, own: float = 0.9, other: float = 0.9) -> list[Word]:
    """Return the words of a line as the leading engine read them, each pair with what the other one read."""
    words = []
    for first, second in pairs:
        texts = first.split()
        words.append(Word(texts[0], None, own, other=OtherReading(second, other, len(texts))))
        words += [Word(text, None, own) for text in texts[1:]]
    return words


def read_line(*pairs: Pair, own: float = 0.9, other: float = 0.9) -> Line:
    """Return a line that both engines read, restored."""
    words = to_words(*pairs, own=own, other=other)
    printed = " ".join(word.text for word in words)
    page = Page(1, (Line(1, 1, printed, printed, tuple(words)),))
    (line,) = restore_document(Document(Source(None, "", 1, "ocr"), (page,))).lines
    return line


def agree(text: str) -> Sequence[Pair]:
    return [(word, word) for word in text.split()]


def paths(reading: Reading) -> set[str]:
    """Return what each way through the lattice prints."""
    found: set[str] = set()

    def follow(node: int, text: str) -> None:
        if node == reading.size:
            found.add(text)
        for index, start in enumerate(reading.starts):
            if start == node:
                follow(int(reading.ends[index]), text + reading.text(index))

    follow(0, "")
    return found


# The lattice


@pytest.mark.parametrize(
    ("printed", "other"),
    [
        ("thê", "thể"),
        ("THƯ ỜNG", "THƯỜNG"),
        ("Mau, ngày", "Mau,ngày"),
        ("44", "14"),
        ("KL/TW", "51 -KL/TW"),
        ("~", "-"),
        ("...", "TM. CHÍNH PHỦ"),
    ],
)
def test_one_way_through_the_lattice_is_each_engine_s(printed: str, other: str) -> None:
    ways = paths(read_disputed(printed, Second(0, len(printed), other, 0.9, 0.9), upper=False))
    assert {printed, other} <= ways


def test_a_word_that_both_may_have_got_wrong_is_among_the_ways() -> None:
    assert "thể" in paths(read_disputed("thê", Second(0, 3, "thế", 0.9, 0.9), upper=False))


def test_a_word_that_only_the_second_engine_s_reading_is_near_is_among_the_ways() -> None:
    ways = paths(read_disputed("v{,", Second(0, 3, "ví,", 0.6, 0.4), upper=False))
    assert "vị," in ways


def test_a_word_near_both_readings_is_likelier_than_one_near_the_leading_engine_s() -> None:
    """The words that "thê" and "thế" may be slips of, beside those of "thê" and a text that is no word."""

    def chance(other: str) -> float:
        reading = read_disputed("thê", Second(0, 3, other, 0.9, 0.9), upper=False)
        return next(
            float(reading.edges.evidence[index])
            for index in range(len(reading.starts))
            if reading.text(index) == "thể" and not reading.edges.kept[index]
        )

    assert chance("thế") > chance("t9")


def test_a_number_is_never_read_as_anything_that_no_engine_read() -> None:
    assert paths(read_disputed("44", Second(0, 2, "14", 0.9, 0.9), upper=False)) == {"44", "14"}


# What a second engine read of a line


def test_a_group_of_words_stands_for_its_characters() -> None:
    words = to_words(("Bí thư", "Bíthư"), ("tỉnh", "tinh"), other=0.5)
    assert list(seconds_of(words)) == [Second(0, 6, "Bíthư", 0.5, 0.9), Second(7, 11, "tinh", 0.5, 0.9)]


def test_a_group_that_goes_on_in_another_column_tells_nothing() -> None:
    words = to_words(("Bí thư", "Bíthư"))
    assert list(seconds_of(words[:1])) == []


# The line


@pytest.mark.parametrize(
    ("before", "dispute", "after", "expected"),
    [
        ("tiếp tục cụ", ("thê", "thể"), "hóa các chỉ tiêu", "thể"),
        ("tiếp tục cụ", ("thể", "thế"), "hóa các chỉ tiêu", "thể"),
        ("Ủy ban nhân", ("dân", "dãn"), "tỉnh", "dân"),
        ("Ủy ban nhân", ("dần", "dân"), "tỉnh", "dân"),
        ("theo quy định của pháp", ("luật.", "luật"), "", "luật."),
        ("Văn phòng Ủy ban", ("nhân dân", "nhândân"), "tỉnh", "nhân dân"),
        ("Văn phòng Ủy ban", ("nhâ n", "nhân"), "dân tỉnh", "nhân"),
    ],
)
def test_the_context_decides(before: str, dispute: Pair, after: str, expected: str) -> None:
    line = read_line(*agree(before), dispute, *agree(after))
    assert line.text == " ".join(filter(None, [before, expected, after]))


def test_confidence_decides_where_the_context_is_silent() -> None:
    assert read_line(*agree("Quyết định số"), ("44", "14"), own=0.3, other=0.99).text == "Quyết định số 14"
    assert read_line(*agree("Quyết định số"), ("44", "14"), own=0.97, other=0.5).text == "Quyết định số 44"


@pytest.mark.parametrize(("own", "other", "expected"), [(0.96, 0.99, "thiếu"), (0.6, 0.4, "thiểu")])
def test_what_both_read_alike_is_mended_where_neither_is_sure(own: float, other: float, expected: str) -> None:
    assert read_line(*agree("dân tộc thiếu số"), own=own, other=other).text == f"dân tộc {expected} số"


def test_an_edit_tells_what_the_leading_engine_read_and_replays() -> None:
    line = read_line(*agree("tiếp tục cụ"), ("thê", "thể"), *agree("hóa các chỉ tiêu"))
    (edit,) = line.edits
    assert (edit.original, edit.restored) == ("thê", "thể")
    assert 0.5 < edit.probability <= 1
    assert apply_edits(line.printed, line.edits) == line.text


def test_what_both_read_alike_stays() -> None:
    text = "Sở Nội vụ chủ trì, phối hợp với Văn phòng UBND tỉnh"
    assert read_line(*agree(text)).edits == ()


def test_a_marker_is_the_surer_engine_s() -> None:
    assert read_line(("§.", "8."), *agree("Tổ chức thực hiện"), own=0.4, other=0.98).text == "8. Tổ chức thực hiện"


@pytest.mark.parametrize(
    ("dispute", "expected"),
    [
        pytest.param(("3.", "3,"), "3. Tổ chức thực hiện", id="a comma for a full stop"),
        pytest.param(("II.", "III"), "III. Tổ chức thực hiện", id="no full stop, and another numeral"),
        pytest.param(("II.", "IIL"), "III. Tổ chức thực hiện", id="an L for a numeral's I and its full stop"),
        pytest.param(("b)", "b"), "b) Tổ chức thực hiện", id="no bracket"),
    ],
)
def test_a_marker_keeps_its_sign_where_only_one_engine_read_it(dispute: Pair, expected: str) -> None:
    assert read_line(dispute, *agree("Tổ chức thực hiện"), own=0.5, other=0.98).text == expected


def test_a_word_that_is_glued_to_its_marker_is_parted_where_the_other_engine_parts_them() -> None:
    line = read_line(("I.NÂNG", "I NÂNG"), *agree("CAO NHẬN THỨC"), own=0.5, other=0.9)
    assert line.text == "I. NÂNG CAO NHẬN THỨC"


def read_cells(*texts: str, confidence: float | None = 0.9) -> list[str]:
    """Return lines restored, each in a cell of its own; one that begins with "|" goes on in the cell above."""
    lines = []
    for number, text in enumerate(texts, 1):
        row = sum(not before.startswith("|") for before in texts[:number])
        words = tuple(Word(word, None, confidence) for word in text.lstrip("|").split())
        lines.append(Line(number, 1, text.lstrip("|"), text.lstrip("|"), words, cell=Cell(1, row, 1)))
    document = Document(Source(None, "", 1, "ocr"), (Page(1, tuple(lines)),))
    return [line.text for line in restore_document(document).lines]


def test_the_comma_of_a_row_s_number_is_a_full_stop() -> None:
    assert read_cells("Sở Nội vụ chủ trì", "5,", "6.1,", "07") == ["Sở Nội vụ chủ trì", "5.", "6.1.", "07"]


def test_a_comma_stays_where_its_cell_goes_on_or_was_typed() -> None:
    assert read_cells("Nhiệm vụ số 3, 4,", "|5,", "|6") == ["Nhiệm vụ số 3, 4,", "5,", "6"]
    assert read_cells("Sở Nội vụ chủ trì", "5,", confidence=None)[1] == "5,"


# What speaks for an engine


def test_the_surer_an_engine_the_better_its_odds() -> None:
    assert arbitration.odds("44", "14", 0.3, 0.9) > arbitration.odds("44", "14", 0.9, 0.9)
    assert arbitration.odds("44", "14", 0.9, 0.9) > arbitration.odds("44", "14", 0.9, 0.3)


@pytest.mark.parametrize("doubt", ["neither", "agreed"])
def test_the_surer_both_engines_the_less_likely_both_are_wrong(doubt: str) -> None:
    weights = getattr(arbitration.load_weights(), doubt)
    assert weights.of(0.9, 0.9) < min(weights.of(0.9, 0.5), weights.of(0.5, 0.9))


@pytest.mark.parametrize(
    ("printed", "other", "kind"),
    [
        ("thê", "thể", "marks"),
        ("THƯ ỜNG", "THƯỜNG", "split"),
        ("nhândân", "nhân dân", "unsplit"),
        ("Tổ", "tổ", "case"),
        ("luật.", "luật", "signs"),
        ("44", "14", "digits"),
        ("bar", "ban", "letters"),
    ],
)
def test_a_dispute_is_of_one_kind(printed: str, other: str, kind: str) -> None:
    kinds = {"marks", "split", "unsplit", "case", "signs", "digits", "letters"}
    assert kinds & arbitration.features(printed, other, 0.9, 0.9).keys() == {kind}


def test_a_lost_space_after_a_sign_is_told() -> None:
    assert arbitration.features("Mau, ngày", "Mau,ngày", 0.9, 0.9)["joined"] == 1


def test_a_line_that_is_not_vietnamese_stays_as_the_leading_engine_read_it() -> None:
    """A language model of Vietnamese would decide for what looks Vietnamese."""
    foreign = [
        ("Licensed", "Licénsed"),
        ("under", "ủnder"),
        ("the", "thế"),
        ("Apache", "Apache"),
        ("License,", "Lịcense,"),
    ]
    foreign += [("Version", "Vẽrsion"), ("2.0", "2.0"), ("without", "wỉthout"), ("warranties", "warranties")]
    vietnamese = agree("Sở Nội vụ chủ trì, phối hợp với các sở, ban, ngành và Ủy ban nhân dân các huyện, thành phố")
    lines = [to_words(*pairs, own=0.5) for pairs in (vietnamese, vietnamese, foreign, foreign)]
    printed = [" ".join(word.text for word in words) for words in lines]
    page = Page(
        1,
        tuple(
            Line(n, 1, text, text, tuple(words)) for n, (text, words) in enumerate(zip(printed, lines, strict=True), 1)
        ),
    )
    restored = restore_document(Document(Source(None, "", 1, "ocr"), (page,)))
    assert [line.text for line in restored.lines] == printed


# What is kept


def test_a_word_of_which_engines_disagree_is_no_surer_than_the_choice() -> None:
    line = read_line(*agree("Quyết định số"), ("44", "14"), own=0.97, other=0.9)
    assert [word.confidence == 0.97 for word in line.words] == [True, True, True, False]


def test_a_kept_reading_is_no_edit() -> None:
    assert read_line(*agree("Quyết định số"), ("44", "14"), own=0.97, other=0.5).edits == ()


def test_the_surer_the_second_engine_the_less_sure_a_kept_word() -> None:
    lines = [read_line(*agree("Quyết định số"), ("44", "14"), own=0.97, other=other) for other in (0.3, 0.9)]
    first, second = (line.words[3].confidence or 0.0 for line in lines)
    assert first > second


def test_a_word_on_which_engines_agree_stays_as_sure() -> None:
    line = read_line(*agree("Quyết định số 44"), own=0.97, other=0.9)
    assert {word.confidence for word in line.words} == {0.97}
