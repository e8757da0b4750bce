"""Whether a capital was printed as one: many letters look alike in both cases, and engines mix them up."""

from __future__ import annotations

import math

from planparse.restoring.candidates import count_capitals
from planparse.restoring.language_model import capital_odds, load_language_model
from planparse.text import fold

_ALIKE = frozenset("ckopsuvwxz")
"""Letters whose capital differs in nothing but its size."""

_FLIPS_ALIKE, _FLIPS_OTHER = math.log(0.03), math.log(0.005)
"""log P that a small letter is printed as a capital; of 1,000 c, s and v of the ruined sample 9 were, of clean pages
hardly any."""

_STROKE = math.log(20)
"""How much likelier an upright stroke (I) was a small l than a capital L, whose foot no engine overlooks."""

_SURE = math.log(9)
"""Log odds from which a capital is taken to be small."""


def is_small(printed: str, before: int, word: int) -> bool:
    """Tell whether `printed`, whose first letter alone is a capital, was meant with a small one.

    `word` is the number of the word that it was read as, `before` that of the word before it in the clause.
    """
    model = load_language_model()
    meant = model.words[word]
    if count_capitals(printed) != 1 or not meant.islower():
        return False
    if (printed[0], meant[0]) == ("I", "l"):
        flips = _STROKE
    else:
        flips = _FLIPS_ALIKE if fold(meant[0]) in _ALIKE and fold(printed[0]) == fold(meant[0]) else _FLIPS_OTHER
    return flips - capital_odds(model.tables, before, word) > _SURE
