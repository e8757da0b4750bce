"""What is read together, and what a document teaches about itself."""

from __future__ import annotations

from itertools import pairwise

from planparse.document import apply_edits
from planparse.restoring import find_edits, restore
from planparse.restoring.damage import State, is_bare
from planparse.restoring.decoding import NO_WORD
from planparse.restoring.items import Lines, items_of
from planparse.restoring.language_model import BOUNDARY, load_language_model
from planparse.restoring.readings import BareReader

BOUNDARY_NUMBER = load_language_model().number(BOUNDARY)


def boundaries(line: str, state: State) -> list[bool]:
    items = items_of(Lines([line], [state]), range(1), BareReader())
    words = [word for item in items for word in item.reading.edges.word[-1:].tolist() if word != NO_WORD]
    return [word == BOUNDARY_NUMBER for word in words]


def test_no_boundary_follows_another() -> None:
    for line in ("giáo dục, y tế, v.v...; các sở", "1. Căn cứ..."):
        found = boundaries(line, State.RIGHT)
        assert any(found)
        assert not any(first and second for first, second in pairwise(found))


def test_a_wide_gap_parts_columns_in_any_text() -> None:
    for state, line in ((State.RIGHT, "UBND tỉnh      Cộng hòa"), (State.BARE, "UBND tinh      Cong hoa")):
        assert boundaries(line, state) == [True, False, False, True, False, False]


def test_text_without_marks_is_told_from_text_that_an_engine_read() -> None:
    bare = "Uy ban nhan dan tinh giao So Noi vu chu tri, phoi hop voi cac co quan, don vi" * 5
    read = "Uy ban nhan dan tinh giao Sé Noi vu chii tri, phéi hgp véi cac co quan, don vi" * 5
    assert is_bare([bare], [State.BARE])
    assert not is_bare([read], [State.MANGLED])


def test_an_engine_is_learnt_where_the_damage_is() -> None:
    """The habits come from the first damaged lines, however many right ones stand before."""
    right = ["Ủy ban nhân dân tỉnh giao Sở Nội vụ chủ trì, phối hợp với các cơ quan, đơn vị liên quan."] * 150
    ruined = "H9i dPng nhan dan, cong chirc, vien chirc va nguoi lao dPng thyc hien nhiem vu"
    alone, after = find_edits([ruined] * 12), find_edits([*right, *[ruined] * 12])
    assert apply_edits(ruined, after[-1]) == apply_edits(ruined, alone[-1])


def test_what_a_document_says_often_decides_what_it_says_once_more() -> None:
    said = "Trung tam Phuc vu - Kiém soét thi tuc hanh chinh thyc hién\n"
    assert restore(said * 10).splitlines()[-1] == "Trung tâm Phục vụ - Kiểm soát thủ tục hành chính thực hiện"
