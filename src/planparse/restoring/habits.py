"""What one document shows of its engine: from what was printed, and what it was read as, a channel of its own."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planparse.restoring.candidates import align
from planparse.restoring.channel import PLACES, Channel, fit_weights

if TYPE_CHECKING:
    from collections.abc import Iterable

PRIOR = {"eng": 4.0, "bare": 3.0, "fra": 1.0, "deu": 1.0, "gocr": 1.0, "ocrad": 1.0, "vie": 0.2}
"""What is known of a document's engine before it is read, in confusions seen."""

_SURE = 0.5
"""The probability from which a reading tells something."""

_DOUBT = 12.0
"""Observations that the mixture of engines is worth against the document's own."""


def learn(readings: Iterable[tuple[str, str, float]], channel: Channel) -> Channel:
    """Return the channel that `readings` (printed, meant, probability) show, which were made under `channel`."""
    pairs: dict[tuple[str, str], float] = defaultdict(float)
    for printed, meant, probability in readings:
        if probability >= _SURE and all(letter in PLACES for letter in meant):
            pairs[printed, meant] += probability
    seen: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (printed, meant), weight in pairs.items():
        for letter, out in align(channel, printed, meant):
            seen[letter][out] += weight
    return Channel(fit_weights(seen, PRIOR), seen, _DOUBT)
