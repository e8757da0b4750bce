"""Which of two engines is right where they read differently, before the context is asked.

A logistic regression on how sure each is, and on which letters the one has for those of the other: each engine has
mistakes of its own. Its weights are fitted by training/arbitration.py to pages whose text is known.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import regex
from rapidfuzz.distance import Levenshtein

from planparse.data import data_path
from planparse.restoring.tokens import is_roman
from planparse.text import strip_marks

_LEAST_DOUBT = 0.02
"""What is left of a confidence of one: neither engine is ever surer."""

_LEAST_CHANCE = 1 / (1 + math.exp(10))

_STEP = 0.5
"""Nats to which the doubt in a word that both engines read is told."""

_SIGNS = ".,;:)(/-"

_SPACED = regex.compile(r"\p{P}(?=\p{L})")
"""A sign that stands before a letter: a space is lost between them."""


class Doubt(NamedTuple):
    """Log odds that both engines are wrong, by how sure each is.

    Attributes:
        even: where neither engine is surer of being right than of being wrong.
        first, second: what the log odds of the leading engine, and of the second one, add.
    """

    even: float
    first: float
    second: float

    def of(self, own: float, confidence: float) -> float:
        """Return the log odds where the leading engine is sure by `own`, the second by `confidence`."""
        return self.even + self.first * logit(own) + self.second * logit(confidence)


class Weights(NamedTuple):
    """What training/arbitration.py found.

    Attributes:
        features: log odds that each feature adds for the second engine.
        neither: that both are wrong where they differ, against the leading one being right.
        agreed: that both are wrong where they read the same, less those of all such words: restoring learns from the
            document how many of them are slips.
        honest: intercept and slope of the log odds that a choice is right, over the decoder's log odds (Platt, 1999).
    """

    features: dict[str, float]
    neither: Doubt
    agreed: Doubt
    honest: tuple[float, float]


@cache
def load_weights() -> Weights:
    """Return the weights of the package."""
    table = json.loads(Path(data_path("arbitration.json")).read_text(encoding="utf-8"))
    intercept, slope = table["honest"]
    return Weights(table["features"], Doubt(*table["neither"]), Doubt(*table["agreed"]), (intercept, slope))


def odds(printed: str, other: str, own: float, confidence: float) -> float:
    """Return log P(the second engine is right) / P(the leading one is), without the context.

    The leading engine read `printed`, and was sure of it by `own`; the second read `other`, sure by `confidence`.
    """
    weights = load_weights().features
    return sum(weights.get(name, 0.0) * value for name, value in features(printed, other, own, confidence).items())


def agreed_shift(own: float, confidence: float) -> float:
    """Return by how many nats a slip is likelier than in other words that both engines read alike.

    Words share readings by it, so it is rounded.
    """
    return round(load_weights().agreed.of(own, confidence) / _STEP) * _STEP


def probability(chance: float) -> float:
    """Return how sure the choice of a reading is, whose probability in the lattice is `chance`."""
    intercept, slope = load_weights().honest
    return 1 / (1 + math.exp(-intercept - slope * log_odds(chance)))


def log_odds(chance: float) -> float:
    """Return log(chance / (1 - chance)), ten at most: the lattice knows nothing more surely."""
    bounded = min(max(chance, _LEAST_CHANCE), 1 - _LEAST_CHANCE)
    return math.log(bounded / (1 - bounded))


def features(printed: str, other: str, own: float, confidence: float) -> dict[str, float]:
    """Return what tells of a dispute, by name.

    >>> sorted(features("thê", "thể", 0.5, 0.5))
    ['first', 'marks', 'one', 'second', 'ê>ể']
    """
    found = Counter(_pairs(printed, other))
    found[_kind(printed, other)] += 1
    if is_roman(printed.strip(_SIGNS)):
        found["roman"] = 1
    joined = len(_SPACED.findall(other)) - len(_SPACED.findall(printed))
    if joined:
        found["joined"] = joined
    return {
        "one": 1.0,
        "first": logit(own),
        "second": logit(confidence),
        **{name: float(n) for name, n in found.items()},
    }


def _pairs(printed: str, other: str) -> list[str]:
    """Return the characters that differ, as `printed>other`; longer stretches than three say nothing."""
    found = []
    for op in Levenshtein.opcodes(printed, other):
        if op.tag != "equal":
            pair = (printed[op.src_start : op.src_end], other[op.dest_start : op.dest_end])
            if max(map(len, pair)) <= 3:  # noqa: PLR2004 (as the docstring says)
                found.append(">".join(pair))
    return found


def _kind(printed: str, other: str) -> str:
    """Return in what the two readings differ."""
    if printed.replace(" ", "") == other.replace(" ", ""):
        return "split" if len(printed) > len(other) else "unsplit"
    if printed.lower() == other.lower():
        return "case"
    if strip_marks(printed) == strip_marks(other):
        return "marks"
    letters = [[char for char in text if char.isalnum()] for text in (printed, other)]
    if letters[0] == letters[1]:
        return "signs"
    if any(map(str.isdigit, printed + other)):
        return "digits"
    return "letters"


def logit(confidence: float) -> float:
    """Return the log odds that an engine is right, as it says; neither is ever quite sure."""
    bounded = min(max(confidence, _LEAST_DOUBT), 1 - _LEAST_DOUBT)
    return math.log(bounded / (1 - bounded))
