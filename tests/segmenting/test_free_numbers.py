"""Free numbers: the next one that nobody has, without asking again for those that somebody has."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planparse.segmenting.free_numbers import FreeNumbers


@given(st.lists(st.integers(1, 12)))
def test_each_start_gives_the_next_free_number(starts: list[int]) -> None:
    numbers, taken, plain = FreeNumbers(), set[int](), set[int]()
    for start in starts:
        taken.add(numbers.first(start, taken.__contains__))
        plain.add(next(number for number in range(start, 100) if number not in plain))
    assert taken == plain


def test_a_number_that_is_taken_is_asked_for_once() -> None:
    """So a thousand rows with one number take time in proportion to their number."""
    numbers, taken, asked = FreeNumbers(), set[int](), list[int]()

    def is_taken(number: int) -> bool:
        asked.append(number)
        return number in taken

    for _ in range(1000):
        taken.add(numbers.first(1, is_taken))
    assert (len(taken), len(asked)) == (1000, 1999)
