"""The next free number or element of a sequence, in time that grows as the numbers that are taken."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planparse.segmenting.paragraphs import expected_element

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from planparse.outline import Marker


class FreeNumbers:
    """Numbers of one sequence, of which more and more are taken; what was found taken is not asked for again.

    >>> numbers, taken = FreeNumbers(), {1, 2, 4}
    >>> numbers.first(1, taken.__contains__), numbers.first(4, taken.__contains__)
    (3, 5)
    """

    def __init__(self) -> None:
        self._following: dict[int, int] = {}

    def first(self, start: int, is_taken: Callable[[int], bool]) -> int:
        """Return the first number from `start` on that is free; what is taken once stays so."""
        number, passed = start, []
        while number in self._following or is_taken(number):
            passed.append(number)
            number = self._following.get(number, number + 1)
        self._following.update(dict.fromkeys(passed, number))
        return number


class FreeElements:
    """Elements of the sequences of siblings' markers, "2", "b", "III", of which more and more are taken."""

    def __init__(self) -> None:
        self._numbers: dict[object, FreeNumbers] = defaultdict(FreeNumbers)

    def first(self, marker: Marker | None, start: int, taken: Collection[str]) -> str:
        """Return the first element from number `start` on, in the marker's sequence, that is not `taken`."""

        def written(number: int) -> str:
            return expected_element(marker, number) if marker else str(number)

        numbers = self._numbers[(marker.kind, written(1)) if marker else None]
        return written(numbers.first(start, lambda number: written(number) in taken))
