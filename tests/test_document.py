import pytest

from planparse.document import (
    Document,
    Edit,
    Line,
    Page,
    Source,
    Where,
    Word,
    apply_edits,
    merge_places,
    union_bbox,
)

SOURCE = Source("a.txt", "0" * 64, 2, "text")


def _line(number: int, page: int, text: str = "x") -> Line:
    return Line(number, page, text, text)


def test_edits_replay() -> None:
    edits = [Edit((0, 3), (0, 3), "Pon", "Đơn", 0.9), Edit((7, 9), (7, 8), "rn", "m", 0.9)]
    assert apply_edits("Pon vi rn.", edits) == "Đơn vi m."


def test_without_edits_the_line_stays() -> None:
    assert apply_edits("Đơn vị", []) == "Đơn vị"


def test_the_box_of_a_line_spans_its_words() -> None:
    line = Line(1, 1, "a b", "a b", (Word("a", (1, 2, 3, 4)), Word("b", (5, 1, 6, 3))))
    assert line.bbox == (1, 1, 6, 4)


def test_plain_text_has_no_box() -> None:
    assert union_bbox([None, None]) is None


@pytest.mark.parametrize(
    ("words", "edits", "expected"),
    [
        ((), (), 1.0),
        ((Word("a", None, 0.5), Word("b", None, 0.9), Word("c")), (), 0.7),
        ((Word("a"),), (Edit((0, 1), (0, 1), "a", "á", 0.4),), 0.4),
        ((Word("a", None, 0.0),), (), 0.0),
    ],
    ids=["silent engine", "mean of what the engine said", "doubtful repair", "no confidence"],
)
def test_confidence_of_a_line(words: tuple[Word, ...], edits: tuple[Edit, ...], expected: float) -> None:
    assert Line(1, 1, "a", "a", words, edits).confidence == pytest.approx(expected)


def test_lines_go_back_to_their_pages() -> None:
    document = Document(SOURCE, (Page(1, (_line(1, 1),), 595, 842), Page(2, (_line(2, 2),))))
    changed = document.with_lines([_line(1, 1, "y"), _line(2, 2, "z")])
    assert [[line.text for line in page.lines] for page in changed.pages] == [["y"], ["z"]]


def test_places_merge_by_page() -> None:
    places = [Where(2, None, (9, 9)), Where(1, (0, 0, 1, 1), (3, 4)), Where(1, (5, 5, 6, 6), (1, 2))]
    assert merge_places(places) == (Where(1, (0, 0, 6, 6), (1, 4)), Where(2, None, (9, 9)))
