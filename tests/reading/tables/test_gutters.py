"""Covers of lines, and the white strips in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse.reading.tables.gutters import count_strips, cover, find_strips

if TYPE_CHECKING:
    from planparse.document import BBox


def make_boxes(*sides: tuple[float, float]) -> list[BBox]:
    return [(left, 0.0, right, 10.0) for left, right in sides]


def test_strips_lie_between_words() -> None:
    assert find_strips(cover(make_boxes((10, 50), (60, 90), (100.5, 120))), 10) == [(50, 60), (90, 100.5)]


def test_a_strip_that_is_too_narrow_is_none() -> None:
    assert find_strips(cover(make_boxes((10, 50), (59, 90))), 10) == []


def test_white_at_the_page_s_edges_is_no_strip() -> None:
    assert find_strips(cover(make_boxes((300, 350))), 10) == []


def test_a_page_without_words_has_no_strip() -> None:
    assert find_strips(cover([]), 1) == []


def test_a_word_of_no_width_is_seen() -> None:
    assert cover(make_boxes((10, 10))) == 1 << 20


def test_words_outside_of_any_page_do_no_harm() -> None:
    assert find_strips(cover(make_boxes((-50, 10), (1e9, 2e9))), 10) == [(10, 20_000)]


SIDES = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 60)).map(lambda one: (one[0] / 2, (one[0] + one[1]) / 2)), max_size=12
)


@given(SIDES, st.integers(1, 40).map(lambda steps: steps / 2))
def test_strips_are_those_that_a_walk_over_the_page_finds(sides: list[tuple[float, float]], least: float) -> None:
    """The same by the simple way: sorted words, and the white between what is covered so far and the next one."""
    expected = []
    reached = min((left for left, _ in sides), default=0.0)
    for left, right in sorted(sides):
        if left - reached >= least:
            expected.append((reached, left))
        reached = max(reached, right)
    covered = cover(make_boxes(*sides))
    assert find_strips(covered, least) == expected
    assert count_strips(covered, least) == len(expected)


@pytest.mark.parametrize("least", [0.5, 3, 3.5, 7, 8, 15.5])
def test_the_least_width_is_kept_to_the_step(least: float) -> None:
    assert find_strips(cover(make_boxes((0, 10), (10 + least, 40))), least) == [(10, 10 + least)]
    assert find_strips(cover(make_boxes((0, 10), (10 + least - 0.5, 40))), least) == []
