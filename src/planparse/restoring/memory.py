"""The document as a language model: what it says ten times informs the eleventh."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planparse.restoring.compiled import compiled
from planparse.restoring.language_model import WORD_BITS, hash_key

KEY_BITS = WORD_BITS + 1
"""Bits of a word in the key of a history; -1 stands for no word."""

SHARE, TRIGRAM_SHARE = 0.2, 0.7
"""What the document's own sequences weigh against the language model, and its trigrams against its bigrams."""

_LOAD = 0.5


class Memory(NamedTuple):
    """How often the document says what, in a hash table; empty slots have the key -1."""

    keys: npt.NDArray[np.int64]
    counts: npt.NDArray[np.float32]


NOTHING = Memory(np.zeros(0, np.int64), np.zeros(0, np.float32))


@compiled
def history_key(first: int, second: int, third: int) -> int:
    """Return three words as one number; -1 is no word."""
    return ((first + 1) << (2 * KEY_BITS)) | ((second + 1) << KEY_BITS) | (third + 1)


@compiled
def _slot(keys: npt.NDArray[np.int64], key: int) -> np.int64:
    """Return where `key` stands, or the empty slot where it would."""
    slot = np.int64(hash_key(key) & np.uint64(len(keys) - 1))
    while keys[slot] != -1 and keys[slot] != key:
        slot = (slot + 1) & (len(keys) - 1)
    return slot


@compiled
def times_said(memory: Memory, first: int, second: int) -> tuple[float, float]:
    """Return how often the document says the word `second`, and how often `first` before it."""
    if len(memory.keys) == 0 or second < 0:
        return 0.0, 0.0
    before = memory.counts[_slot(memory.keys, history_key(-1, -1, second))]
    pair = memory.counts[_slot(memory.keys, history_key(-1, first, second))] if first >= 0 else np.float32(0)
    return float(before), float(pair)


@compiled
def recall(memory: Memory, first: int, second: int, word: int, log: float, said: tuple[float, float]) -> float:
    """Return `log`, what the language model says of `word` after two words, mixed with what the document says.

    `said` is how often it says the two. Of each sequence one occurrence is left out: that which is being read may have
    been read before.
    """
    before, pair = said
    if before <= 1:
        return log
    own = 0.0
    times = memory.counts[_slot(memory.keys, history_key(-1, second, word))]
    if times > 1:
        own = (1 - TRIGRAM_SHARE) * (times - 1) / before
        times = memory.counts[_slot(memory.keys, history_key(first, second, word))]
        if first >= 0 and times > 1:
            own += TRIGRAM_SHARE * (times - 1) / pair
    return float(np.log((1 - SHARE) * np.exp(log) + SHARE * own))


@compiled
def _fill(keys: npt.NDArray[np.int64], counts: npt.NDArray[np.float32], words: npt.NDArray[np.int64]) -> None:
    for place in range(len(words)):
        for length in range(1, 4):
            if place + 1 >= length:
                second = words[place - 1] if length > 1 else -1
                first = words[place - 2] if length == 3 else -1  # noqa: PLR2004 (a trigram)
                slot = _slot(keys, history_key(first, second, words[place]))
                keys[slot] = history_key(first, second, words[place])
                counts[slot] += 1


def remember(words: npt.NDArray[np.int64]) -> Memory:
    """Return the memory of a text, its words in order."""
    size = 1 << max(int(3 * len(words) / _LOAD).bit_length(), 4)
    memory = Memory(np.full(size, -1, np.int64), np.zeros(size, np.float32))
    _fill(memory.keys, memory.counts, words)
    return memory
