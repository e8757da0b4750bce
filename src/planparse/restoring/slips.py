"""A word of text that is right → itself, or a word that one slip may have turned into it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from planparse.restoring.candidates import search
from planparse.restoring.channel import PLACES, Channel
from planparse.restoring.language_model import load_language_model
from planparse.restoring.lattice import Edges, Reading, keep, number_of, to_reading
from planparse.restoring.looks import is_written_short
from planparse.restoring.tokens import is_roman, vocabulary_item

SLIP = 0.0025
"""The share of words that right text is expected to have wrong before it is looked at."""

_LOG_SLIP = np.float32(np.log(SLIP))

_LEAST_SLIP = 1e-6
"""The least chance that a word is not printed as it is meant; keeps the logarithm finite."""

_LIMIT = 5
"""Candidates of a word: a slip is nearly always among the nearest."""


@lru_cache(maxsize=1 << 16)
def read_right(printed: str, upper: bool, shift: float = 0.0) -> Reading:  # noqa: FBT001 (a cache's key)
    """Return the reading of a word in text that is right: itself, or a word that one slip may have turned into it.

    `shift` is added to the log probability of a slip.
    """
    if is_roman(printed) or printed in "IVX" or is_written_short(printed, upper):
        return keep(printed, vocabulary_item(printed))
    model = load_language_model()
    number = number_of(printed, upper=upper)
    kept = Edges.literal(0, len(printed), number)
    words, ends, logs = search(printed, load_vietnamese(), _LIMIT)
    lowered = printed.lower()
    best = [
        place for place, word in enumerate(words.tolist()) if word != number and model.words[word].lower() != lowered
    ]
    if not best:
        return replace(to_reading(printed, kept), cautious=True)
    slips = np.array([_slip(model.words[words[place]]) for place in best], np.float32)
    others = Edges.of_words(0, ends[best], words[best], logs[best] - slips + np.float32(_LOG_SLIP + shift))
    return replace(to_reading(printed, Edges.chain([kept, others])), cautious=True)


@lru_cache(maxsize=1)
def load_vietnamese() -> Channel:
    """Return the channel of an engine that knows Vietnamese."""
    return Channel({"vie": 1.0})


@lru_cache(maxsize=1 << 14)
def _slip(word: str) -> float:
    """Return the log of the chance that `word` is not printed as it is meant."""
    channel = load_vietnamese()
    kept = 0.0
    for letter in word:
        if letter in PLACES:
            row = channel.row(letter)
            kept += float(channel.table[row, PLACES[letter]])
    return float(np.log(-np.expm1(kept - _LEAST_SLIP)))
