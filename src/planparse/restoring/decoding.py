"""The most probable word at each place, summed over all ways of reading the rest.

A place has candidates: numbers of words, each with the log of its evidence. Forward and backward sums over the trigrams
give the probability of each candidate; its maximum is the reading with the least wrong words to be expected.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from planparse.restoring.language_model import BOUNDARY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.restoring.language_model import LanguageModel

Numbers = npt.NDArray[np.int64]
Logs = npt.NDArray[np.float32]
Sums = npt.NDArray[np.float64]
Scalar = TypeVar("Scalar", bound=np.generic)

_CHAIN = 256
"""Places decoded at once; bounds memory. A longer text is cut where nothing is in doubt, or here."""


@dataclass(frozen=True, slots=True)
class Place:
    """The words that may stand here, and the log of the evidence for each."""

    words: Numbers
    evidence: Logs


def decode(places: Sequence[Place], model: LanguageModel) -> Iterator[Sums]:
    """Yield the probabilities of the candidates of each place; the text begins after a boundary.

    What is most probable in one chain is the context of the next.
    """
    boundary = Place(np.array([model.number(BOUNDARY)]), np.zeros(1, np.float32))
    context = [boundary, boundary]
    for chain in _cut(places):
        decided = []
        for place, chances in zip(chain, posteriors([*context, *chain], model)[2:], strict=True):
            best = place.words[int(np.argmax(chances))]
            decided.append(Place(np.array([best]), np.zeros(1, np.float32)))
            yield chances
        context = [*context, *decided][-2:]


def _cut(places: Sequence[Place]) -> Iterator[Sequence[Place]]:
    """Cut the places into chains, past half of the longest where two places in a row leave no choice."""
    start = 0
    for end in range(1, len(places) + 1):
        settled = end - start > _CHAIN // 2 and all(len(place.words) == 1 for place in places[end - 2 : end])
        if settled or end - start == _CHAIN or end == len(places):
            yield places[start:end]
            start = end


def posteriors(places: Sequence[Place], model: LanguageModel) -> list[Sums]:
    """Return the probability of each candidate of each place; the first two places have one candidate each."""
    steps = _transitions(places, model)
    evidence = [np.exp(place.evidence.astype(np.float64) - place.evidence.max()) for place in places]
    forward = [np.ones((1, 1))]
    for step, chances in zip(steps, evidence[2:], strict=True):
        sums = np.einsum("ab,abc->bc", forward[-1], step) * chances
        forward.append(sums / sums.sum())
    backward = np.ones_like(forward[-1])
    result = []
    for index in range(len(steps) - 1, -1, -1):
        result.append((forward[index + 1] * backward).sum(axis=0))
        backward = np.einsum("abc,bc->ab", steps[index], backward * evidence[index + 2])
        backward /= backward.max()
    result += [np.ones(1), np.ones(1)]
    return [chances / chances.sum() for chances in reversed(result)]


def _transitions(places: Sequence[Place], model: LanguageModel) -> list[Sums]:
    """Return P(third | first, second) for all candidates of each three places in a row, looked up in one go."""
    words = [place.words for place in places]
    shapes = [(len(first), len(second)) for first, second in itertools.pairwise(words)]
    pairs = _split(
        model.pairs(
            np.concatenate([np.repeat(first, len(second)) for first, second in itertools.pairwise(words)]),
            np.concatenate([np.tile(second, len(first)) for first, second in itertools.pairwise(words)]),
        ),
        shapes,
    )
    triples = [(*shape, len(third)) for shape, third in zip(shapes, words[2:], strict=False)]
    logs = model.log_probabilities(
        _spread(pairs[:-1], triples, (0, 1)),
        _spread(pairs[1:], triples, (1, 2)),
        _spread(words[1:-1], triples, (1,)),
        _spread(words[2:], triples, (2,)),
    )
    return _split(np.exp(logs.astype(np.float64)), triples)


def _spread(values: Sequence[Numbers], shapes: Sequence[tuple[int, ...]], axes: tuple[int, ...]) -> Numbers:
    """Return `values` laid along `axes` of each shape, all flattened into one."""
    spread = []
    for value, shape in zip(values, shapes, strict=True):
        aligned = value.reshape([size if axis in axes else 1 for axis, size in enumerate(shape)])
        spread.append(np.broadcast_to(aligned, shape).ravel())
    return np.concatenate(spread)


def _split(flat: npt.NDArray[Scalar], shapes: Sequence[tuple[int, ...]]) -> list[npt.NDArray[Scalar]]:
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    return [part.reshape(shape) for part, shape in zip(np.split(flat, ends[:-1]), shapes, strict=True)]
