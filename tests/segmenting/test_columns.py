"""Cells of a row that lacks some, each below the column that it fits."""

from __future__ import annotations

from itertools import combinations

from hypothesis import assume, given
from hypothesis import strategies as st

from planparse.outline import FieldKind
from planparse.segmenting.columns import Columns, align
from planparse.segmenting.flow import Flow
from planparse.segmenting.heads import NUMBER, Head
from planparse.segmenting.rows import Row

FITS: dict[str | None, dict[str, int]] = {
    NUMBER: {"1": 1, "Sở Nội vụ": -2, "Quý I/2025": -2, "Rà soát": -2},
    FieldKind.LEAD_UNITS: {"Sở Nội vụ": 1, "Quý I/2025": -1},
    FieldKind.TIME_FRAME: {"1": -1, "Sở Nội vụ": -1, "Quý I/2025": 1, "Rà soát": -1},
    FieldKind.DESCRIPTION: {"1": 1, "Sở Nội vụ": 1, "Quý I/2025": 1, "Rà soát": 1},
    None: {},
}
"""How well a cell fits a column; 0 where nothing is said."""

CELLS = st.lists(st.sampled_from(["1", "Sở Nội vụ", "Quý I/2025", "Rà soát"]), min_size=1, max_size=5)
KINDS = st.lists(st.sampled_from([*FITS]), min_size=2, max_size=7, unique_by=lambda kind: kind or object())


def columns_of(kinds: list[str | None]) -> Columns:
    text = kinds.index(FieldKind.DESCRIPTION) if FieldKind.DESCRIPTION in kinds else None
    return Columns(Head((), ()), tuple(kinds), text, assigns=True)


def row_of(texts: list[str]) -> Row:
    return Row(tuple(Flow(text, ()) for text in texts))


@given(texts=CELLS, kinds=KINDS)
def test_no_other_places_fit_better(texts: list[str], kinds: list[str | None]) -> None:
    """Trying every way of placing the cells, one by one, is the plain twin."""
    assume(len(texts) < len(kinds))
    ways = combinations(kinds, len(texts))
    best = max(sum(FITS[kind].get(text, 0) for kind, text in zip(way, texts, strict=True)) for way in ways)
    aligned = align(row_of(texts), columns_of(kinds)).cells
    fit = sum(FITS[kind].get(cell.text, 0) for kind, cell in zip(kinds, aligned, strict=True) if cell)
    assert fit == best


def test_a_row_of_many_columns_is_aligned() -> None:
    """A hundred columns for fifty cells leave 10^29 ways."""
    columns = columns_of([NUMBER, FieldKind.DESCRIPTION, *[None] * 98])
    aligned = align(row_of(["1", "Rà soát", *["x"] * 48]), columns)
    assert [cell.text if cell else None for cell in aligned.cells[:3]] == ["1", "Rà soát", "x"]
