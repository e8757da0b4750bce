"""How sure an edit is: the decoder's own probability, made honest by what it was worth on pages whose text is known.

The decoder trusts its channel too much, most of all where the page is bad. A logistic regression corrects it by how
much is in doubt in the whole text and around the word (training/calibration.py; Platt, 1999).
"""

from __future__ import annotations

import math
from functools import cache

from planparse.data import load_table

NAMES = ("one", "odds", "text_doubt", "near_doubt", "misfit", "odds_text_doubt", "odds_near_doubt")
"""What the regression weighs: `features`, in their order."""

_UNSURE_TO, _SURE_FROM = 0.949, 0.985
"""Who relies on 0.95 wants 199 in 200 to be right: what the regression puts between these is told as the lower."""

_LARGEST_ODDS, _LEAST_DOUBT = 14.0, 0.002


def features(chance: float, text_doubt: float, near_doubt: float, misfit: float) -> tuple[float, ...]:
    """Return the features of an edit.

    Args:
        chance: the decoder's probability.
        text_doubt: mean of one minus the probability over the damaged words decoded together.
        near_doubt: the same over the few words around.
        misfit: -log P(printed | meant) a character.
    """
    odds = _LARGEST_ODDS
    if chance < 1.0:
        odds = min(max(math.log(max(chance, 1e-9) / (1.0 - chance)), -4.0), _LARGEST_ODDS)
    text, near = math.log(text_doubt + _LEAST_DOUBT), math.log(near_doubt + _LEAST_DOUBT)
    return (1.0, odds, text, near, math.sqrt(max(misfit, 0.0)), odds * text, odds * near)


@cache
def _weights(kind: str) -> tuple[float, ...]:
    table: dict[str, float] = load_table("calibration")[kind]
    return tuple(table[name] for name in NAMES)


def probability(kind: str, values: tuple[float, ...]) -> float:
    """Return the probability that an edit is right; `kind` is `damaged` or `right`, after the text around it."""
    score = sum(weight * value for weight, value in zip(_weights(kind), values, strict=True))
    chance = 1.0 / (1.0 + math.exp(-score))
    return chance if chance >= _SURE_FROM else min(chance, _UNSURE_TO)
