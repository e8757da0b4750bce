"""How much a text reads like right Vietnamese: the language model's opinion of its words, from 0 to 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planparse.restoring.compiled import compiled
from planparse.restoring.language_model import BOUNDARY, UNKNOWN, Numbers, Tables, load_language_model, score
from planparse.restoring.tokens import vocabulary_items

if TYPE_CHECKING:
    from collections.abc import Iterator

RIGHT, WRONG = -3.0, -10.0
"""Mean log P of a word in right text, and in ruined text: natural.

Measured with an unknown word at `WRONG`, on pieces of 250 words. Median: ../shared/plans -3.0, the same in capitals
-3.1, the scans' truth -3.0, ../shared/corpus/general.txt.xz (poems, talk) -4.7; a letter wrong in 5, 10, 20 and 50 % of
the words -3.7, -4.4, -5.6 and -8.3; English -9.3; UTF-8 read as windows-1252 -10.2; layers of OCR without Vietnamese
-11.2; without marks -11.6.
"""


def plausibility(text: str) -> float:
    """Return how much `text`, in NFC, reads like right Vietnamese: 1 as typed, 0 not at all; 0 where it has no words.

    >>> plausibility("Đơn vị chủ trì thực hiện") > 0.9, plausibility("Pon vi chu tri thuc hien")
    (True, 0.0)
    """
    model = load_language_model()
    numbers = np.fromiter((model.number(item) for item in _items(text)), dtype=np.int64)
    mean = _mean_log(model.tables, numbers, model.numbers[BOUNDARY], model.numbers[UNKNOWN])
    return min(1.0, max(0.0, (mean - WRONG) / (RIGHT - WRONG)))


def _items(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from vocabulary_items(line)


@compiled
def _mean_log(tables: Tables, numbers: Numbers, boundary: int, unknown: int) -> float:
    """Return the mean log P of a word after the three before it, from which a boundary parts it."""
    total, count = 0.0, 0
    three, two, one = -1, -1, boundary
    for number in numbers:
        if number == boundary:
            three, two, one = -1, -1, boundary
            continue
        log, _ = score(tables, three, two, one, number)
        total += WRONG if number == unknown else log
        count += 1
        three, two, one = two, one, number
    return total / count if count else WRONG
