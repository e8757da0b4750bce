"""Items → the most probable path through all their lattices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planparse.restoring.decoding import NO_WORD, Lattice, best_path, posteriors
from planparse.restoring.language_model import BOUNDARY, CLASSES, load_language_model
from planparse.restoring.memory import history_key
from planparse.restoring.slips import SLIP

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from planparse.restoring.items import Item
    from planparse.restoring.memory import Memory

_SLIP_WORDS = 400
"""Words of experience behind SLIP: a text of few lines can hardly change it."""

_LEAST_SLIPS, _MOST_SLIPS = 0.0018, 0.05
"""Shares of words that text may have wrong: below the one they are its author's and stay, above the other it is not
right. Pages that an engine read have 0.002 to 0.03, plans that were typed 0 to 0.0015."""


@dataclass(frozen=True, slots=True)
class Path:
    """The edges decided on, in reading order.

    Attributes:
        items: what was read.
        owners: for each edge of the path, the index of its item.
        edges: and its index in the item's reading.
        numbers: and the number of its word.
        chances: and its probability.
        others: for each item, the probabilities of all its edges.
    """

    items: list[Item]
    owners: list[int]
    edges: list[int]
    numbers: npt.NDArray[np.int64]
    chances: list[float]
    others: list[npt.NDArray[np.float64]]

    def words(self) -> npt.NDArray[np.int64]:
        """Return the numbers of the words."""
        words: npt.NDArray[np.int64] = self.numbers[self.numbers != NO_WORD]
        return words

    def letters(self) -> Iterator[tuple[str, str, float]]:
        """Yield what was printed in damaged lines, which word it was read as, and the probability."""
        classes = [load_language_model().number(name) for name in CLASSES]
        told = (self.numbers != NO_WORD) & ~np.isin(self.numbers, classes)
        for place in np.flatnonzero(told).tolist():
            reading, index = self.items[self.owners[place]].reading, self.edges[place]
            if reading.spells:
                yield reading.original(index), reading.text(index), self.chances[place]


def decode(items: list[Item], memory: Memory, *, scanned: bool = False) -> Path:
    """Return the path with the most characters expected right.

    Where the text was `scanned`, slips in what looks right are an engine's, however few they are.
    """
    if not items:
        return Path([], [], [], np.zeros(0, np.int64), [], [])
    readings = [item.reading for item in items]
    offsets = np.cumsum([0, *(reading.size for reading in readings)])
    counts = np.array([len(reading.starts) for reading in readings])
    owner = np.repeat(np.arange(len(items)), counts)
    firsts = np.cumsum(counts) - counts
    starts = np.concatenate([reading.starts for reading in readings]) + offsets[owner]
    words = np.concatenate([reading.edges.word for reading in readings])
    lattice = Lattice(
        np.searchsorted(starts, np.arange(offsets[-1] + 1)),
        np.concatenate([reading.ends for reading in readings]) + offsets[owner],
        words,
        np.concatenate([reading.edges.evidence for reading in readings]),
    )
    model = load_language_model()
    chances = posteriors(lattice, model.tables, memory, history_key(-1, -1, model.number(BOUNDARY)))
    cautious = np.array([reading.cautious for reading in readings])
    chances = _weigh_slips(chances, cautious, owner, firsts, least=0.0 if scanned else _LEAST_SLIPS)
    widths = np.concatenate([reading.edges.end - reading.edges.start for reading in readings])
    kept = np.concatenate([reading.edges.kept for reading in readings])
    path = best_path(lattice, chances * np.where(kept, np.maximum(widths, 1), widths))
    owners = owner[path]
    return Path(
        items,
        owners.tolist(),
        (path - firsts[owners]).tolist(),
        words[path],
        chances[path].tolist(),
        np.split(chances, firsts[1:]),
    )


def _weigh_slips(
    chances: npt.NDArray[np.float64],
    cautious: npt.NDArray[np.bool_],
    owner: npt.NDArray[np.int64],
    firsts: npt.NDArray[np.int64],
    *,
    least: float,
) -> npt.NDArray[np.float64]:
    """Return `chances` with slips in right text as frequent as the text itself shows; below the share `least`, none."""
    if not cautious.any():
        return chances
    slips = float((1.0 - chances[firsts][cautious]).sum())
    share = (slips + SLIP * _SLIP_WORDS) / (cautious.sum() + _SLIP_WORDS)
    odds = min(share, _MOST_SLIPS) / SLIP if share > least else 0.0
    scale = np.where(cautious[owner], odds, 1.0)
    scale[firsts] = 1.0
    weighed = chances * scale
    sums = np.add.reduceat(weighed, firsts)
    return np.where(cautious[owner], weighed / np.maximum(sums[owner], 1e-300), weighed)
