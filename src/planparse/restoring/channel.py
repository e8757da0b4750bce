"""log P(printed | meant): how scanning mangles letters and marks.

A meant letter is printed as none, one or up to three characters, independently of its neighbours. Each engine has its
own habits (data/confusions.json); a document has a mixture of them, and then habits of its own.
"""

from __future__ import annotations

import json
import threading
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from planparse.data import data_path, load_table
from planparse.text import fold, has_marks, strip_tone

if TYPE_CHECKING:
    from collections.abc import Mapping

Table = npt.NDArray[np.float32]
Counts = dict[str, dict[str, float]]

LONGEST = 3
"""Characters that one meant letter may become: đ reads as `dD`, ưở as `u’o’`, but no letter as four."""

_DOUBT, _DOUBT_SHARE = 20.0, 0.2
"""Observations that the expectation is worth: 20, and a fifth of the letter's own, since other scanners and fonts
damage otherwise than those counted."""

_OWN_DOUBT_SHARE = 0.3
"""The same share for what a document shows of its own engine."""

_FAMILY, _POOL = 0.3, 0.2
"""Shares of the expectation that come from the letters that differ in the tone only, and from the other engines."""

_NEW_SPACE = 0.002
"""The chance that a space is put within a word at a letter."""

_MARKS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
_SMALL = "".join(sorted({*_MARKS, *"bcdfghjklmnpqrstvwxz"}))
ALPHABET = _SMALL + _SMALL.upper()
"""Every letter that may be meant."""

PLACES = {letter: place for place, letter in enumerate(ALPHABET)}


_NARROW = frozenset("lIi1|!rtfj()[]{}'’‘`\"*.,:;/\\ ")
"""Characters half as wide as a letter: two or three are easily seen in one."""

_CLAUSE_SIGNS = frozenset(".,;: ")
"""Signs too frequent in their own right to be the mark of a letter."""


def prior(meant: str, printed: str) -> float:
    """Return what a confusion that nobody has counted is worth beside others: they are without number, and have no sum.

    Marks go first, then whole letters; a mark may be seen as a character of its own, a wide letter as narrow ones.
    """
    if printed == meant:
        return 0.5
    if len(printed) == 1:
        if fold(printed) == fold(meant):
            return 0.25
        return 0.002 if has_marks(meant) else 0.0006
    if len(printed) > 1 and has_marks(meant) and fold(meant) in fold(printed) and not _CLAUSE_SIGNS & {*printed}:
        return (0.003, 0.0002)[len(printed) - 2]
    narrow = sum(char in _NARROW for char in printed)
    return (0.01, 0.0, 0.00005, 0.000002)[len(printed)] * 3.0**narrow


_FOLDED = np.array([fold(letter) for letter in ALPHABET])
_MARKED = np.array([has_marks(letter) for letter in ALPHABET])
_LETTERS_OF = {char: char == _FOLDED for char in set(_FOLDED.tolist())}


@lru_cache(maxsize=1 << 14)
def priors(printed: str) -> Table:
    """Return prior(letter, printed) for every letter of ALPHABET, at once."""
    if len(printed) == 1:
        values = np.where(_MARKED, np.float32(prior("ẵ", "#")), np.float32(prior("z", "#")))
        values[_LETTERS_OF.get(fold(printed), False)] = prior("a", "á")
        if printed in PLACES:
            values[PLACES[printed]] = prior(printed, printed)
        return values
    values = np.full(len(ALPHABET), prior("z", printed), np.float32)
    if printed and not _CLAUSE_SIGNS & {*printed}:
        for char in fold(printed):
            if char in _LETTERS_OF:
                values[_LETTERS_OF[char] & _MARKED] = prior("ẵ", "a" * len(printed))
    return values


class Engines(NamedTuple):
    """What is known of all engines.

    Attributes:
        names: the engines.
        printed: the row of each confusion that was counted.
        likelihoods: P(printed | letter) by engine, row and letter.
        unseen: by engine and letter, what P(printed | letter) is of its prior where nothing was counted.
    """

    names: tuple[str, ...]
    printed: dict[str, int]
    likelihoods: Table
    unseen: Table


@cache
def load_engines() -> Engines:
    """Return the confusions of the package, smoothed.

    A letter seen seldom is taken to fare like those that differ from it in the tone only, like the same letter in
    other engines, and like any other letter.
    """
    table: dict[str, Counts] = json.loads(Path(data_path("confusions.json")).read_text(encoding="utf-8"))
    names = tuple(table)
    rows = {out: None for counts in table.values() for row in counts.values() for out in row}
    shapes: Counts = load_table("confusions")["shapes"]
    rows |= {out: None for row in shapes.values() for out in row}
    printed = {out: index for index, out in enumerate(rows)}
    counted = np.zeros((len(names), len(printed), len(ALPHABET)), np.float32)
    for engine, name in enumerate(names):
        for letter, row in table[name].items():
            for out, times in row.items():
                counted[engine, printed[out], PLACES[letter]] = times
    for letter, row in shapes.items():
        for out, times in row.items():
            counted[[name not in {"vie", "bare"} for name in names], printed[out], PLACES[letter]] += times
    uncounted = np.stack([priors(out) for out in printed])
    totals = counted.sum(axis=1, keepdims=True)
    expected = _FAMILY * _share(_over_families(counted)) + (1 - _FAMILY - _POOL) * uncounted
    expected += _POOL * _share(counted.sum(axis=0, keepdims=True))
    weight = _DOUBT + _DOUBT_SHARE * totals
    likelihoods = (counted + weight * expected) / (totals + weight)
    unseen = (1 - _FAMILY - _POOL) * weight / (totals + weight)
    return Engines(names, printed, likelihoods.astype(np.float32), unseen[:, 0].astype(np.float32))


def _over_families(counted: Table) -> Table:
    """Return the sums over the letters that differ in the tone only."""
    families = [strip_tone(letter) for letter in ALPHABET]
    same = np.array([[first == second for second in families] for first in families], np.float32)
    return counted @ same


def _share(counted: Table) -> Table:
    shares: Table = counted / np.maximum(counted.sum(axis=1, keepdims=True), 1)
    return shares


class Channel:
    """One way of damaging text: a mixture of engines, and what a document itself shows.

    Attributes:
        table: log P(printed | letter of ALPHABET), a row for each printed piece met so far.
    """

    def __init__(self, weights: Mapping[str, float], seen: Counts | None = None, doubt: float = 0.0) -> None:
        """Mix the engines by `weights`; `seen` counts what the document shows, `doubt` is what the mixture weighs."""
        self._engines = load_engines()
        if unknown := weights.keys() - {*self._engines.names}:
            raise ValueError(f"no engine is called {', '.join(sorted(unknown))}")
        shares = np.array([weights.get(name, 0.0) for name in self._engines.names], np.float32)
        self._shares = shares / shares.sum()
        self._mixed = np.tensordot(self._shares, self._engines.likelihoods, axes=1)
        self._unseen = self._shares @ self._engines.unseen
        self._seen: dict[str, Table] = {}
        self._totals = np.zeros(len(ALPHABET), np.float32)
        self._doubt = np.float32(doubt)
        for letter, row in (seen or {}).items():
            for out, times in row.items():
                self._seen.setdefault(out, np.zeros(len(ALPHABET), np.float32))[PLACES[letter]] += times
                self._totals[PLACES[letter]] += times
        self._lock = threading.Lock()
        self._rows: dict[str, int] = {}
        self._table = np.zeros((1024, len(ALPHABET)), np.float32)

    @property
    def table(self) -> Table:
        """The rows so far, in the order of their numbers; more room than rows."""
        return self._table

    def row(self, printed: str) -> int:
        """Return the number of the row of `printed`."""
        number = self._rows.get(printed)
        if number is None:
            logs = self._logs(printed)
            with self._lock:
                number = len(self._rows)
                if number == len(self._table):
                    self._table = np.concatenate([self._table, np.zeros_like(self._table)])
                self._table[number] = logs
                self._rows[printed] = number
        return number

    def _logs(self, printed: str) -> Table:
        index = self._engines.printed.get(printed)
        if index is not None:
            chances = self._mixed[index]
        elif " " in printed:
            without = self.row(printed.replace(" ", ""))
            chances = np.exp(self._table[without]) * _NEW_SPACE
        else:
            chances = self._unseen * priors(printed)
        if self._doubt:
            counted = self._seen.get(printed, np.float32(0))
            weight = self._doubt + _OWN_DOUBT_SHARE * self._totals
            chances = (counted + weight * chances) / (self._totals + weight)
        logs: Table = np.log(chances)
        return logs

    def rows(self, printed: str) -> npt.NDArray[np.int32]:
        """Return the rows of the pieces of `printed`, by their length (0 to LONGEST) and their start."""
        pieces = np.full((LONGEST + 1, len(printed) + 1), -1, np.int32)
        row = self.row
        pieces[0] = row("")
        for size in range(1, LONGEST + 1):
            for start in range(len(printed) - size + 1):
                pieces[size, start] = row(printed[start : start + size])
        return pieces


def fit_weights(seen: Counts, start: Mapping[str, float], *, rounds: int = 12) -> dict[str, float]:
    """Return the shares of the engines that explain the confusions `seen` best: expectation maximisation.

    `start` is what is known before, in confusions seen. Confusions are taken as independent draws; a letter read as
    itself tells nothing between engines that all do so.
    """
    engines = load_engines()
    counts, chances = [], []
    for letter, row in seen.items():
        for out, times in row.items():
            index = engines.printed.get(out)
            if index is not None:
                counts.append(times)
                chances.append(engines.likelihoods[:, index, PLACES[letter]])
    shares = np.array([start.get(name, 0.0) for name in engines.names], np.float64)
    if not counts:
        return dict(start)
    weights, likelihoods = np.array(counts, np.float64), np.array(chances, np.float64)
    for _ in range(rounds):
        joint = likelihoods * shares
        joint /= joint.sum(axis=1, keepdims=True)
        shares = weights @ joint + np.array([start.get(name, 0.0) for name in engines.names])
        shares /= shares.sum()
    return dict(zip(engines.names, shares.tolist(), strict=True))
