"""log P(printed | meant): how scanning mangles letters and marks.

A meant letter is printed as none, one or up to three characters, independently of its neighbours. data/confusions.toml
counts what each letter became: under `english` when an engine that knows no Vietnamese read the page, under
`vietnamese` when one that does read a worn page, under `shapes` what real scans show beyond both.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import cache

import numpy as np
import numpy.typing as npt

from planparse.data import load_table
from planparse.text import fold, strip_tone

Row = npt.NDArray[np.float32]
Counts = dict[str, dict[str, int]]

LONGEST = 3
"""Characters that one meant letter may become: đ reads as `dD`, ưở as `u’o’`, but no letter as four."""

_DOUBT, _DOUBT_SHARE = 20.0, 0.1
"""Observations that the expectation is worth: 20, and a tenth of the letter's own. Other scanners damage otherwise than
those counted; on mangled pages from 5 and 0 to these the error falls by 2 %, on a page of another scanner by 40 %."""

_FAMILY = 0.7
"""Share of the expectation that comes from the letters that differ in the tone only; 0.6 to 0.9 do alike."""

_MARKS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
_SMALL = "".join(sorted({*_MARKS, *"bcdfghjklmnpqrstvwxz"}))
ALPHABET = _SMALL + _SMALL.upper()
"""Every letter that may be meant."""

PLACES = {letter: place for place, letter in enumerate(ALPHABET)}


def prior(meant: str, printed: str) -> float:
    """Return the probability of a confusion that nobody has counted: marks go first, then whole letters."""
    if printed == meant:
        return 0.5
    if len(printed) == 1:
        return 0.25 if fold(printed) == fold(meant) else 0.0008
    return (0.01, 0.0, 0.00002, 0.000001)[len(printed)]


class Channel:
    """One way of damaging text."""

    def __init__(self, counts: Counts) -> None:
        """Take how often each meant letter was printed as what."""
        self._counts = {letter: Counter(row) for letter, row in counts.items()}
        self._families: dict[str, Counter[str]] = {}
        for letter, row in self._counts.items():
            self._families.setdefault(strip_tone(letter), Counter()).update(row)
        self._rows: dict[str, Row] = {}

    def log_probability(self, meant: str, printed: str) -> float:
        """Return log P(printed | meant) for one meant letter.

        A letter seen seldom is taken to fare like those that differ from it in the tone only, and these like any other.
        """
        own = self._counts.get(meant, Counter())
        family = self._families.get(strip_tone(meant), Counter())
        general = prior(meant, printed)
        shared = family[printed] / max(family.total(), 1)
        weight = _DOUBT + _DOUBT_SHARE * own.total()
        expected = _FAMILY * shared + (1 - _FAMILY) * general
        return math.log((own[printed] + weight * expected) / (own.total() + weight))

    def row(self, printed: str) -> Row:
        """Return log P(printed | letter) for every letter of ALPHABET."""
        if printed not in self._rows:
            self._rows[printed] = np.array([self.log_probability(letter, printed) for letter in ALPHABET], np.float32)
        return self._rows[printed]

    def emissions(self, printed: str, length: int) -> npt.NDArray[np.float32]:
        """Return, for each letter and start, log P of the `length` characters of `printed` from there."""
        starts = range(len(printed) - length + 1)
        return np.stack([self.row(printed[start : start + length]) for start in starts], axis=1)


@cache
def load_channel(name: str) -> Channel:
    """Return the channel counted under `name`, with the general shapes added."""
    table: dict[str, Counts] = load_table("confusions")
    counts = {letter: dict(row) for letter, row in table[name].items()}
    for letter, row in table["shapes"].items():
        for printed, times in row.items():
            counts[letter][printed] = counts.get(letter, {}).get(printed, 0) + times
    return Channel(counts)
