"""How the text around a word was read: right, without marks, by an engine that knows no Vietnamese; or it is foreign.

A line is in one hidden state; lines beside it tend to share it. The look of the words alone tells the state, so that
half of a document may be restored already and half bare.
"""

from __future__ import annotations

import math
from collections import Counter
from enum import Enum, auto
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from planparse.restoring.language_model import load_language_model
from planparse.restoring.tokens import UPPER_LINE, Kind, is_acronym, tokenize
from planparse.text import fold, is_syllable, is_upper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class State(Enum):
    """What happened to a line."""

    RIGHT = auto()
    BARE = auto()
    MANGLED = auto()
    FOREIGN = auto()


class Look(Enum):
    """What a word looks like."""

    VIETNAMESE = auto()
    LATIN = auto()
    PLAIN = auto()
    NEAR = auto()
    ODD = auto()


_LOOKS: dict[State, tuple[float, ...]] = {
    State.RIGHT: (0.6077, 0.2713, 0.1148, 0.001, 0.0061),
    State.BARE: (0.001, 0.001, 0.8306, 0.1545, 0.0149),
    State.MANGLED: (0.001, 0.0715, 0.6558, 0.1160, 0.1567),
    State.FOREIGN: (0.001, 0.001, 0.1759, 0.001, 0.8241),
}
"""Share of each look by state, as scripts/estimate_confusions.py prints it: of the administrative corpus, the same
without marks, its pages as Tesseract's English model reads them, the Apache licence. 0.001 stands for less."""

_SHARES = {State.RIGHT: 0.5, State.BARE: 0.2, State.MANGLED: 0.25, State.FOREIGN: 0.05}
"""How often a document, or a stretch of one, is in each state: a guess. It decides lines of one or two words only."""

_STAY = 0.95
"""The chance that a line is in the state of the line before. From 0.8 to 0.99 the state changes of 4 % of the lines of
held-out pages, nearly always between BARE and MANGLED, which differ little."""


@lru_cache(maxsize=1 << 16)
def look_of(word: str) -> Look:
    """Return what `word` looks like.

    >>> [look_of(word).name for word in ("thường", "hành", "hanh", "thuong", "government")]
    ['VIETNAMESE', 'LATIN', 'PLAIN', 'NEAR', 'ODD']
    """
    if not is_syllable(word):
        return Look.NEAR if fold(word) in _folded_syllables() else Look.ODD
    marked = [char for char in word if char > "\x7f"]
    if not marked:
        return Look.PLAIN
    return Look.LATIN if all(char <= "\xff" for char in marked) else Look.VIETNAMESE


@cache
def _folded_syllables() -> frozenset[str]:
    return frozenset(fold(word) for word in load_language_model().words if is_syllable(word))


def _looks(line: str) -> Iterator[Look]:
    """Yield the looks of the words of `line`, acronyms apart: these look alike in any state."""
    upper = is_upper(line, share=UPPER_LINE)
    for token in tokenize(line, damaged=True):
        acronym = not upper and token.text.isupper() and is_acronym(token.text)
        if token.kind is Kind.WORD and len(token.text) > 1 and not acronym:
            yield look_of(token.text)


def look_shares(lines: Iterable[str]) -> dict[Look, float]:
    """Return the share of each look among the words of `lines`: what _LOOKS was filled with."""
    counts = Counter(look for line in lines for look in _looks(line))
    return {look: counts[look] / max(counts.total(), 1) for look in Look}


def estimate_states(lines: Sequence[str]) -> list[State]:
    """Return the most probable state of each line: Viterbi over the lines."""
    states = list(State)
    logs = dict(zip(Look, np.log([_LOOKS[state] for state in states]).T, strict=True))
    shares = np.log([_SHARES[state] for state in states])
    change = math.log((1 - _STAY) / _STAY)
    best = shares
    origins = []
    for line in lines:
        jump = best.max() + change + shares
        origins.append(np.where(best >= jump, np.arange(len(states)), int(best.argmax())))
        best = np.maximum(best, jump) + sum((logs[look] for look in _looks(line)), np.zeros(len(states)))
    state = int(best.argmax())
    path = []
    for origin in reversed(origins):
        path.append(states[state])
        state = int(origin[state])
    return path[::-1]


def is_foreign(lines: Sequence[str], states: Sequence[State]) -> bool:
    """Tell whether most words of the lines stand in lines that are not Vietnamese."""
    words = Counter[State]()
    for line, state in zip(lines, states, strict=True):
        words[state] += sum(1 for _ in _looks(line))
    return words[State.FOREIGN] > words.total() / 2
