"""log P(meant): n-grams of syllables with backoff, mapped from the files that training/language_model.py wrote.

Words are numbers: their places in the vocabulary. N-grams stand in hash tables, as fingerprints of two bytes; an n-gram
is looked for only when its end was found in the table below, so that a false hit is rare. Logarithms are natural.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planparse.data import STEPS_A_NAT, data_path
from planparse.restoring.compiled import compiled

BOUNDARY, NUMBER, CODE, UNKNOWN = CLASSES = ("<s>", "<number>", "<code>", "<unknown>")
BOUNDARY_NUMBER = 0
"""The classes are the first words of every model."""
"""What stands in the place of a word: the end of a clause or paragraph, a number, a document number, any other."""

ORDER = 4
"""Words of the longest n-gram."""

WORD_BITS = 13
"""Bits of a word in the key of an n-gram: the vocabulary has less than 8,192 words."""

EVEN_ODDS = 128
"""The byte of log odds of nothing."""

BUCKET = 4
"""Slots of a bucket. An n-gram stands in one of two buckets (cuckoo hashing; Pagh and Rodler, 2001), so that an absent
one is compared with eight fingerprints, and taken for another once in 9,000 times."""

Numbers = npt.NDArray[np.int64]
Logs = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]


class Tables(NamedTuple):
    """The arrays of a model, in the form that compiled loops take.

    For each length, fingerprints, log P and backoffs; and the log odds of a capital within a clause.
    """

    unigram_logs: Bytes
    unigram_backoffs: Bytes
    unigram_capitals: Bytes
    bigram_prints: npt.NDArray[np.uint16]
    bigram_logs: Bytes
    bigram_backoffs: Bytes
    bigram_capitals: Bytes
    trigram_prints: npt.NDArray[np.uint16]
    trigram_logs: Bytes
    trigram_backoffs: Bytes
    fourgram_prints: npt.NDArray[np.uint16]
    fourgram_logs: Bytes


@compiled
def hash_key(key: int | np.int64) -> np.uint64:
    """Return `key` with its bits mixed: the finalizer of splitmix64 (Steele, Lea and Flood, 2014)."""
    mixed = np.uint64(key) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@compiled
def fingerprint(mixed: np.uint64) -> np.uint16:
    """Return what stands for an n-gram in its slot; zero is an empty one."""
    return max(np.uint16(mixed & np.uint64(0xFFFF)), np.uint16(1))


@compiled
def bucket(mixed: np.uint64, choice: int, slots: int) -> np.int64:
    """Return the first slot of one of the two buckets of an n-gram."""
    spread = mixed >> np.uint64(16) if choice == 0 else hash_key(np.int64(mixed >> np.uint64(1)))
    return np.int64(spread % np.uint64(slots // BUCKET)) * BUCKET


@compiled
def find(prints: npt.NDArray[np.uint16], key: int) -> int:
    """Return the slot of the n-gram `key`, -1 if it was not kept."""
    mixed = hash_key(key)
    wanted = fingerprint(mixed)
    for choice in range(2):
        start = bucket(mixed, choice, len(prints))
        for slot in range(start, start + BUCKET):
            if prints[slot] == wanted:
                return slot
    return -1


@compiled
def score(tables: Tables, three: int, two: int, one: int, word: int) -> tuple[float, int]:
    """Return log P(word | the three words before it), and of how many words the longest n-gram found is.

    -1 stands for no word, or one that does not matter; `one` is the nearest.
    """
    return score_after(tables, three, two, one, word, backoffs(tables, three, two, one))


@compiled
def backoffs(tables: Tables, three: int, two: int, one: int) -> tuple[float, float, float]:
    """Return the steps that it costs to leave the contexts of one, two and three words: the same for each next word."""
    if one < 0:
        return 0.0, 0.0, 0.0
    pair = (two << WORD_BITS) | one
    return (
        np.float64(tables.unigram_backoffs[one]),
        _backoff(tables.bigram_prints, tables.bigram_backoffs, pair) if two >= 0 else 0.0,
        _backoff(tables.trigram_prints, tables.trigram_backoffs, (three << (2 * WORD_BITS)) | pair)
        if two >= 0 and three >= 0
        else 0.0,
    )


@compiled
def score_after(
    tables: Tables, three: int, two: int, one: int, word: int, left: tuple[float, float, float]
) -> tuple[float, int]:
    """Return what `score` does, by what it costs to leave the contexts."""
    if one < 0:
        return -np.float64(tables.unigram_logs[word]) / STEPS_A_NAT, 1
    key = (one << WORD_BITS) | word
    slot = find(tables.bigram_prints, key)
    if slot < 0:
        return -(np.float64(tables.unigram_logs[word]) + left[0] + left[1] + left[2]) / STEPS_A_NAT, 1
    log = np.float64(tables.bigram_logs[slot])
    if two < 0:
        return -log / STEPS_A_NAT, 2
    key |= two << (2 * WORD_BITS)
    slot = find(tables.trigram_prints, key)
    if slot < 0:
        return -(log + left[1] + left[2]) / STEPS_A_NAT, 2
    log = np.float64(tables.trigram_logs[slot])
    if three < 0:
        return -log / STEPS_A_NAT, 3
    slot = find(tables.fourgram_prints, (three << (3 * WORD_BITS)) | key)
    if slot < 0:
        return -(log + left[2]) / STEPS_A_NAT, 3
    return -np.float64(tables.fourgram_logs[slot]) / STEPS_A_NAT, 4


@compiled
def _backoff(prints: npt.NDArray[np.uint16], steps: Bytes, context: int) -> float:
    """Return the steps that it costs to leave `context`."""
    slot = find(prints, context)
    return np.float64(steps[slot]) if slot >= 0 else 0.0


@compiled
def capital_odds(tables: Tables, before: int, word: int) -> float:
    """Return the log odds that `word` begins with a capital after the word `before`."""
    slot = find(tables.bigram_prints, (before << WORD_BITS) | word)
    step = np.int64(tables.unigram_capitals[word] if slot < 0 else tables.bigram_capitals[slot])
    return (step - EVEN_ODDS) / STEPS_A_NAT


class LanguageModel:
    """The vocabulary and its n-grams.

    Attributes:
        words: the vocabulary: classes, words in small letters, acronyms as printed.
        numbers: the number of each word.
        tables: the n-grams.
        unigrams: log P(word) of the whole vocabulary.
    """

    def __init__(self, prefix: str) -> None:
        """Map the files whose names begin with `prefix`."""
        self.words: list[str] = json.loads(Path(f"{prefix}.json").read_text(encoding="utf-8"))["words"]
        self.numbers = {word: number for number, word in enumerate(self.words)}
        self.tables = Tables(*(np.asarray(np.load(f"{prefix}_{name}.npy", mmap_mode="r")) for name in Tables._fields))
        self.unigrams: Logs = self.tables.unigram_logs.astype(np.float32) / np.float32(-STEPS_A_NAT)

    def number(self, word: str) -> int:
        """Return the number of `word`, or of the unknown."""
        return self.numbers.get(word, self.numbers[UNKNOWN])


@cache
def load_language_model() -> LanguageModel:
    """Return the model of the package; its files are mapped, so that processes share them."""
    return LanguageModel(str(data_path("language_model")))
