"""Train the syllable trigrams of `planparse.restoring` from Vietnamese text.

    python scripts/train_language_model.py CORPUS [--out FOLDER]

CORPUS is a folder with admin.txt.xz, legal.txt.xz and general.txt.xz: UTF-8, one paragraph on a line. Written are the
`language_model*` files of src/planparse/data. No chance is involved: the same corpus gives the same bytes.

Counts are weighted by source, smoothed by interpolated absolute discounting, pruned to the n-grams whose loss would
cost the most likelihood, and kept as a backoff model (see docs/restoring.md).
"""

from __future__ import annotations

import argparse
import json
import lzma
from array import array
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planparse.restoring.document_numbers import symbols_of
from planparse.restoring.language_model import BOUNDARY, CLASSES, STEPS_A_NAT
from planparse.restoring.tokens import Kind, tokenize, vocabulary_items
from planparse.text import fold, is_syllable

if TYPE_CHECKING:
    from collections.abc import Iterator

WEIGHTS = {"admin": 12, "legal": 2, "general": 1}
"""How often a paragraph counts: plans are nearest to `admin`, the smallest part; `general` only widens the vocabulary."""

SCANNED = ("admin", "legal")
"""The parts that hold text of scanned decisions; `general` has none."""

SLIP_RATIO, SCAN_LINES, MAX_SLIPS = 20, 50, 0.0025
"""How much more frequent the right word is than its slip; the paragraphs looked at together; the share of slips from which
they are left out. The share is 0 in three quarters of the paragraphs, and above this in 2 % of `admin`, 6 % of `legal`."""

MIN_SYLLABLE, MIN_ACRONYM, MIN_OTHER = 4, 48, 200
"""Weighted counts from which a well-formed syllable, an acronym, and any other word enters the vocabulary."""

DISCOUNTS = {2: 1.0, 3: 1.0}
"""What each n-gram gives up for the unseen; least perplexity of held-out text among 0.5, 0.7, 1.0, 1.4."""

MIN_SYMBOL = 40
"""Weighted count from which a group of letters in document numbers counts as a symbol."""

MAX_BIGRAMS, MAX_TRIGRAMS = 1_200_000, 3_000_000
"""N-grams kept: 18 MB in all, and no file over 8 MB."""

BLOCK_LINES, BLOCKS_A_TURN = 200, 50
"""Of every 50 blocks of 200 lines of `admin`, the last is held out, for tuning and measuring."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def is_held_out(index: int) -> bool:
    """Tell whether line `index` (from 0) of admin.txt.xz is kept from training."""
    return index // BLOCK_LINES % BLOCKS_A_TURN == BLOCKS_A_TURN - 1


def read_lines(corpus: Path, name: str, *, held_out: bool = False) -> Iterator[str]:
    """Yield the paragraphs of one part of the corpus: those to train on, or those held out."""
    with lzma.open(corpus / f"{name}.txt.xz", "rt", encoding="utf-8") as lines:
        for index, line in enumerate(lines):
            if (name == "admin" and is_held_out(index)) == held_out:
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
        return self.items[(self.items != boundary) | (np.roll(self.items, 1) != boundary)]


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


def count_symbols(corpus: Path) -> dict[str, int]:
    """Return how often each group of letters stands in document numbers, the frequent ones, most frequent first."""
    counts: Counter[str] = Counter()
    for name in ("admin", "legal"):
        for line in read_lines(corpus, name):
            for token in tokenize(line, damaged=False):
                if token.kind is Kind.CODE:
                    counts.update(dict.fromkeys(symbols_of(token.text), WEIGHTS[name]))
    return {symbol: count for symbol, count in counts.most_common() if count >= MIN_SYMBOL}


def choose_vocabulary(streams: dict[str, Ints], interner: Interner) -> list[str]:
    """Return the classes, then the words that are frequent enough, in the order of their letters."""
    counts = np.zeros(len(interner), np.int64)
    for name, stream in streams.items():
        counts += WEIGHTS[name] * np.bincount(stream, minlength=len(interner))
    words = [item for item, number in interner.items() if item not in CLASSES and counts[number] >= least_count(item)]
    return [*CLASSES, *sorted(words)]


def least_count(item: str) -> int:
    """Return how often `item` must be seen to enter the vocabulary."""
    if not item.islower():
        return MIN_ACRONYM
    return MIN_SYLLABLE if is_syllable(item) else MIN_OTHER


def count_trigrams(streams: dict[str, Ints], renumber: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the trigrams, packed as (a * size + b) * size + c in rising order, and their weighted counts."""
    keys, weights = [], []
    for name, stream in streams.items():
        words = renumber[stream]
        unique, counts = np.unique(pack(words, size), return_counts=True)
        keys.append(unique)
        weights.append(counts * WEIGHTS[name])
    return sum_by_key(np.concatenate(keys), np.concatenate(weights))


def sum_by_key(keys: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Return the distinct keys in rising order, and the sum of the values of each."""
    order = np.argsort(keys, kind="stable")
    keys, values = keys[order], values[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[starts], np.add.reduceat(values, starts)


@dataclass
class Order:
    """The n-grams of one length: packed words in rising order, counts, interpolated and lower-order probabilities."""

    keys: Ints
    counts: Ints
    probability: Floats
    lower: Floats
    size: int

    @property
    def contexts(self) -> Ints:
        """All words of each n-gram but the last."""
        return self.keys // self.size

    def kept(self, keep: npt.NDArray[np.bool_]) -> Order:
        """Return the n-grams marked in `keep`."""
        return Order(self.keys[keep], self.counts[keep], self.probability[keep], self.lower[keep], self.size)

    def losses(self) -> Floats:
        """Return the log likelihood that the training text loses without each n-gram."""
        return self.counts * np.log(self.probability / self.lower)


def estimate(keys: Ints, counts: Ints, lower: Order | None, size: int) -> Order:
    """Return the n-grams with interpolated probabilities: max(c - D, 0) / c(context) + gamma * P(lower)."""
    if lower is None:
        uniform = np.full(len(keys), 1.0 / size)
        total = counts.sum()
        return Order(keys, counts, (counts + 1.0) / (total + size), uniform, size)
    _, context, occupied = np.unique(keys // size, return_inverse=True, return_counts=True)
    totals = np.bincount(context, counts)
    discount = DISCOUNTS[2 if keys[-1] < size * size else 3]
    gamma = (discount * occupied / totals)[context]
    suffix = keys % (size if lower.keys[-1] < size else size * size)
    below = lower.probability[np.searchsorted(lower.keys, suffix)]
    return Order(keys, counts, (counts - discount) / totals[context] + gamma * below, below, size)


def backoff_weights(contexts: Ints, higher: Order) -> Floats:
    """Return, for each context, what multiplies the lower order for words not kept after it."""
    where = np.searchsorted(contexts, higher.contexts)
    seen = np.bincount(where, higher.probability, len(contexts))
    below = np.bincount(where, higher.lower, len(contexts))
    return np.maximum(1.0 - seen, 1e-6) / np.maximum(1.0 - below, 1e-6)


def prune(bigrams: Order, trigrams: Order) -> tuple[Order, Order]:
    """Keep the most useful trigrams, their contexts, and the most useful other bigrams."""
    keep = np.zeros(len(trigrams.keys), bool)
    keep[np.argsort(-trigrams.losses(), kind="stable")[:MAX_TRIGRAMS]] = True
    trigrams = trigrams.kept(keep)
    losses = bigrams.losses()
    losses[np.searchsorted(bigrams.keys, np.unique(trigrams.contexts))] = np.inf
    keep = np.zeros(len(bigrams.keys), bool)
    keep[np.argsort(-losses, kind="stable")[:MAX_BIGRAMS]] = True
    return bigrams.kept(keep), trigrams


def quantise(values: Floats) -> npt.NDArray[np.uint8]:
    """Return -ln(values) in steps, as bytes."""
    return np.clip(np.rint(-np.log(values) * STEPS_A_NAT), 0, 255).astype(np.uint8)


def train(corpus: Path) -> tuple[list[str], dict[str, npt.NDArray[np.generic]]]:
    """Return the vocabulary and the arrays of the model."""
    interner = Interner()
    parts = drop_scans({name: read_part(read_lines(corpus, name), interner) for name in WEIGHTS}, interner)
    streams = {name: part.without_repeats(interner[BOUNDARY]) for name, part in parts.items()}
    words = choose_vocabulary(streams, interner)
    size = len(words)
    numbers = {word: number for number, word in enumerate(words)}
    unknown = numbers[CLASSES[-1]]
    renumber = np.array([numbers.get(item, unknown) for item in interner], np.int64)
    keys, counts = count_trigrams(streams, renumber, size)
    print(f"{size} words, {len(keys)} trigrams")
    two = sum_by_key(keys // size, counts)
    one = sum_by_key(two[0] // size, two[1])
    full = np.bincount(one[0], one[1], size).astype(np.int64)
    unigrams = estimate(np.arange(size), full, None, size)
    bigrams = estimate(*two, unigrams, size)
    trigrams = estimate(keys, counts, bigrams, size)
    bigrams, trigrams = prune(bigrams, trigrams)
    return words, to_arrays(unigrams, bigrams, trigrams)


def to_arrays(unigrams: Order, bigrams: Order, trigrams: Order) -> dict[str, npt.NDArray[np.generic]]:
    """Return the model as `LanguageModel` maps it: sorted words below the offsets of their context, bytes of log P."""
    size = unigrams.size
    first = np.searchsorted(bigrams.keys // size, np.arange(size + 1))
    second = np.searchsorted(np.searchsorted(bigrams.keys, trigrams.contexts), np.arange(len(bigrams.keys) + 1))
    return {
        "unigram_logs": quantise(unigrams.probability),
        "unigram_backoffs": quantise(np.minimum(backoff_weights(unigrams.keys, bigrams), 1.0)),
        "bigram_offsets": first.astype(np.uint32),
        "bigram_words": (bigrams.keys % size).astype(np.uint16),
        "bigram_logs": quantise(bigrams.probability),
        "bigram_backoffs": quantise(np.minimum(backoff_weights(bigrams.keys, trigrams), 1.0)),
        "trigram_offsets": second.astype(np.uint32),
        "trigram_words": (trigrams.keys % size).astype(np.uint16),
        "trigram_logs": quantise(trigrams.probability),
    }


def main() -> None:
    """Train, write, and print the size of each file."""
    parser = argparse.ArgumentParser(description="Train the language model of planparse.restoring.")
    parser.add_argument("corpus", type=Path, help="folder with admin.txt.xz, legal.txt.xz and general.txt.xz")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "src/planparse/data")
    options = parser.parse_args()
    words, arrays = train(options.corpus)
    vocabulary = options.out / "language_model.json"
    content = {"words": words, "symbols": count_symbols(options.corpus)}
    vocabulary.write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    for name, values in arrays.items():
        np.save(options.out / f"language_model_{name}.npy", values)
        print(f"{name}: {len(values)} values, {values.nbytes / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
