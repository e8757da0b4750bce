"""How the text of each line was read: right, without marks, mangled, ruined; or it is foreign.

A line is in one hidden state; lines beside it tend to share it. The look of the words alone tells the state, so that
half of a document may be restored already and half bare.
"""

from __future__ import annotations

import math
from collections import Counter
from enum import Enum, auto
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from planparse.restoring.looks import Look, looks_in

if TYPE_CHECKING:
    from collections.abc import Sequence


class State(Enum):
    """What happened to a line: nothing, it lost its marks, an engine read it that knows no Vietnamese, or a bad one."""

    RIGHT = auto()
    BARE = auto()
    MANGLED = auto()
    RUINED = auto()
    FOREIGN = auto()


DAMAGED = (State.BARE, State.MANGLED, State.RUINED)
"""The states of lines that are to be restored."""

_LOOKS: dict[State, tuple[float, ...]] = {
    State.RIGHT: (0.6083, 0.2718, 0.1152, 0.001, 0.0045, 0.001),
    State.BARE: (0.001, 0.001, 0.8394, 0.1560, 0.0044, 0.001),
    State.MANGLED: (0.001, 0.1769, 0.6254, 0.0293, 0.1567, 0.0117),
    State.RUINED: (0.0018, 0.4541, 0.2745, 0.0214, 0.1306, 0.1176),
    State.FOREIGN: (0.001, 0.001, 0.2099, 0.001, 0.7901, 0.001),
}
"""Share of each look by state, as training/looks.py prints it: of the administrative corpus, the same without marks,
its pages as Tesseract's English model reads them and as four others do, the Apache licence; 0.001 stands for less."""

_SHARES = {State.RIGHT: 0.5, State.BARE: 0.2, State.MANGLED: 0.15, State.RUINED: 0.1, State.FOREIGN: 0.05}
"""How often a document, or a stretch of one, is in each state: a guess. It decides lines of one or two words only."""

_STAY = 0.95
"""The chance that a line is in the state of the line before. From 0.8 to 0.99 the state changes of 4 % of the lines of
held-out pages, nearly always between BARE and MANGLED, which differ little."""

_MOSTLY, _ISLAND = 0.8, 3
"""The share of words from which a text is right, or damaged, on the whole; and the most lines of an island in it."""

_FEW_WORDS, _MOST_ODD, _MOST_MARKED = 50, 0.05, 0.004
"""Words that it takes to tell text that was typed without marks, and the shares that it stays below: of odd words, of
which it has 0.004 and what engines read 0.14, and of words with marks or signs in them: 0.0003 against 0.1 and more."""


def estimate_states(lines: Sequence[str]) -> list[State]:
    """Return the most probable state of each line: Viterbi over the lines."""
    states = list(State)
    logs = np.log([_LOOKS[state] for state in states])
    shares = np.log([_SHARES[state] for state in states])
    change = math.log((1 - _STAY) / _STAY)
    best = shares
    origins = []
    for line in lines:
        jump = best.max() + change + shares
        origins.append(np.where(best >= jump, np.arange(len(states)), int(best.argmax())))
        looks = looks_in(line)
        best = np.maximum(best, jump) + logs @ [looks.count(look) for look in Look]
    state = int(best.argmax())
    path = []
    for origin in reversed(origins):
        path.append(states[state])
        state = int(origin[state])
    return path[::-1]


def join_islands(lines: Sequence[str], states: Sequence[State]) -> list[State]:
    """Return `states` without islands of a few lines that are full of names or words of other languages.

    An engine reads a whole page badly, or none of it: in right text what looks mangled is right, in damaged text what
    looks foreign is damaged.
    """
    sizes = Counter[State]()
    for line, state in zip(lines, states, strict=True):
        sizes[state] += len(looks_in(line))
    worst = max(DAMAGED, key=lambda state: sizes[state])
    instead: dict[State, State] = {}
    if sizes[State.RIGHT] >= _MOSTLY * sizes.total():
        instead = dict.fromkeys((State.MANGLED, State.RUINED), State.RIGHT)
    elif sum(sizes[state] for state in DAMAGED) >= _MOSTLY * sizes.total():
        instead = {State.FOREIGN: worst}
    joined: list[State] = []
    for state, run in groupby(states):
        length = len(list(run))
        joined += [instead.get(state, state) if length <= _ISLAND else state] * length
    return joined


def is_foreign(lines: Sequence[str], states: Sequence[State]) -> bool:
    """Tell whether most words of the lines stand in lines that are not Vietnamese."""
    words = Counter[State]()
    for line, state in zip(lines, states, strict=True):
        words[state] += len(looks_in(line))
    return words[State.FOREIGN] > words.total() / 2


def is_bare(lines: Sequence[str], states: Sequence[State]) -> bool:
    """Tell whether what is damaged was typed without marks: an engine would have left some marks and oddities."""
    looks = Counter[Look]()
    for line, state in zip(lines, states, strict=True):
        if state in DAMAGED:
            looks.update(looks_in(line))
    marked = looks[Look.LATIN] + looks[Look.BROKEN]
    few_odd = looks[Look.ODD] < _MOST_ODD * looks.total() and marked < _MOST_MARKED * looks.total()
    return looks.total() >= _FEW_WORDS and few_odd
