"""Names of bodies: many of them are told apart as two are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from planparse.normalizing import unit_names
from planparse.normalizing.unit_names import Names, is_same_unit

if TYPE_CHECKING:
    import pytest

NAMES = st.lists(
    st.lists(st.sampled_from(["Sở", "SỞ", "NV", "Nội", "Vụ", "vụ", "và", "GDĐT", "Giáo", "dục", "Đào", "tạo"])).map(
        " ".join
    )
)


@given(NAMES, st.integers(0, 10))
def test_a_name_is_among_others_where_it_is_the_same_as_one(names: list[str], place: int) -> None:
    """As the plain comparison of all pairs tells."""
    name = names[place % len(names)] if names else "Sở"
    others = names[: place // 2]
    assert (name in Names(others)) == any(is_same_unit(name, other) for other in others)


def test_names_without_abbreviations_are_not_compared_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of thousands takes time in proportion to its length."""
    compared: list[object] = []

    def compare(one: object, _: object) -> bool:
        compared.append(one)
        return False

    monkeypatch.setattr(unit_names, "_is_same", compare)
    known = Names(f"Xã số {number}" for number in range(1000))
    found = [f"Xã số {number}" in known for number in range(900, 1100)]
    assert (sum(found), len(compared)) == (100, 0)
