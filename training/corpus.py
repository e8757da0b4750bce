"""The training corpus: its paragraphs, those held out, and without the stretches that scanning has spoilt."""

from __future__ import annotations

import lzma
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planparse.restoring.language_model import BOUNDARY
from planparse.restoring.tokens import vocabulary_items
from planparse.text import fold, is_syllable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK_LINES, BLOCKS_A_TURN = 200, 50
"""Of every 50 blocks of 200 lines of `admin` and `legal`, the last is held out, for tuning and measuring."""

SCANNED = ("admin", "legal")
"""The parts that hold text of scanned decisions; `general` has none."""

SLIP_RATIO, SCAN_LINES, MAX_SLIPS = 20, 50, 0.0025
"""How much more frequent the right word is than its slip; the paragraphs looked at together; the share of slips from
which they are left out: 0 around three quarters of the paragraphs, above this in 2 % of `admin`, 6 % of `legal`."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def is_held_out(index: int) -> bool:
    """Tell whether line `index` (from 0) of `admin` or `legal` is kept from training."""
    return index // BLOCK_LINES % BLOCKS_A_TURN == BLOCKS_A_TURN - 1


def read_lines(corpus: Path, name: str, *, held_out: bool = False) -> Iterator[str]:
    """Yield the paragraphs of one part of the corpus: those to train on, or those held out."""
    with lzma.open(corpus / f"{name}.txt.xz", "rt", encoding="utf-8") as lines:
        for index, line in enumerate(lines):
            if (name in SCANNED and is_held_out(index)) == held_out:
                yield line


class Interner(dict[str, int]):
    """Numbers for items, in the order they come."""

    def __missing__(self, item: str) -> int:
        self[item] = number = len(self)
        return number


@dataclass
class Part:
    """One part of the corpus: its items as numbers, a boundary before each paragraph, and where paragraphs end."""

    items: Ints
    ends: Ints

    def kept(self, keep: npt.NDArray[np.bool_]) -> Part:
        """Return the paragraphs marked in `keep`."""
        lengths = np.diff(self.ends, prepend=0)
        return Part(self.items[np.repeat(keep, lengths)], np.cumsum(lengths[keep]))

    def without_repeats(self, boundary: int) -> Ints:
        """Return the items, without boundaries that follow one another."""
        kept: Ints = self.items[(self.items != boundary) | (np.roll(self.items, 1) != boundary)]
        return kept


def read_part(lines: Iterator[str], interner: Interner) -> Part:
    """Return the items of `lines` as numbers."""
    items, ends = array("I"), array("L")
    for line in lines:
        items.append(interner[BOUNDARY])
        items.extend(map(interner.__getitem__, vocabulary_items(line)))
        ends.append(len(items))
    return Part(np.frombuffer(items, np.uint32).astype(np.int64), np.frombuffer(ends, np.uint64).astype(np.int64))


def pack(items: Ints, size: int) -> Ints:
    """Return each three items in a row as one number."""
    return (items[:-2] * size + items[1:-1]) * size + items[2:]


def drop_scans(parts: dict[str, Part], interner: Interner) -> dict[str, Part]:
    """Return the parts without the stretches that scanning has spoilt.

    A slip is a word in whose place, between the same neighbours, one that differs in its marks only stands 20 times as
    often. Right text has next to none; it takes a few in a hundred lines to tell that they were scanned.
    """
    size = len(interner)
    folds = Interner()
    folded = np.array([folds[fold(item) if is_syllable(item) else item] for item in interner], np.int64)
    keys, counts = np.unique(np.concatenate([pack(parts[name].items, size) for name in SCANNED]), return_counts=True)
    alike = (keys // size**2 * size + folded[keys // size % size]) * size + keys % size
    _, group = np.unique(alike, return_inverse=True)
    most = np.zeros(group.max() + 1, np.int64)
    np.maximum.at(most, group, counts)
    slips = keys[counts * SLIP_RATIO <= most[group]]
    return parts | {name: parts[name].kept(slip_density(parts[name], slips, size) < MAX_SLIPS) for name in SCANNED}


def slip_density(part: Part, slips: Ints, size: int) -> Floats:
    """Return the share of slips among the items around each paragraph."""
    found = np.concatenate([[0], np.isin(pack(part.items, size), slips), [0]])
    sums = np.concatenate([[0], np.cumsum(found)])
    lengths = np.diff(part.ends, prepend=0)
    slipped = sums[part.ends] - sums[part.ends - lengths]
    around = np.ones(SCAN_LINES)
    density: Floats = np.convolve(slipped, around, "same") / np.convolve(lengths, around, "same")
    return density
