from __future__ import annotations

import pytest

from planparse.restoring.damage import State, estimate_states, is_foreign

RIGHT = "Ủy ban nhân dân tỉnh giao Sở Nội vụ chủ trì, phối hợp với các cơ quan"
BARE = "Uy ban nhan dan tinh giao So Noi vu chu tri, phoi hop voi cac co quan"
MANGLED = "Uy ban nhan dan tinh giao Sé Noi vu chil tri, phdi hop véi cac co quan hiéu qua thyc hién"
FOREIGN = "The provincial committee assigns the department to coordinate with agencies"


@pytest.mark.parametrize(
    ("line", "state"),
    [(RIGHT, State.RIGHT), (BARE, State.BARE), (MANGLED, State.MANGLED), (FOREIGN, State.FOREIGN)],
)
def test_the_look_of_words_tells_the_state(line: str, state: State) -> None:
    assert estimate_states([line]) == [state]


def test_states_change_inside_a_document() -> None:
    states = estimate_states([RIGHT, RIGHT, "", BARE, BARE])
    assert [states[0], states[1], states[3], states[4]] == [State.RIGHT, State.RIGHT, State.BARE, State.BARE]


def test_a_line_without_words_is_as_the_line_before() -> None:
    assert estimate_states([MANGLED, "12/2024", MANGLED])[1] is State.MANGLED


@pytest.mark.parametrize(
    ("lines", "foreign"), [([FOREIGN], True), ([RIGHT], False), ([FOREIGN, RIGHT, BARE], False), ([], False)]
)
def test_most_words_tell_the_language(lines: list[str], foreign: bool) -> None:  # noqa: FBT001 (a parameter of a test)
    assert is_foreign(lines, estimate_states(lines)) is foreign
