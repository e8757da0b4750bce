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
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus import Floats, Interner, Ints, drop_scans, pack, read_lines, read_part
from planparse.restoring.document_numbers import symbols_of
from planparse.restoring.language_model import BOUNDARY, CLASSES, STEPS_A_NAT
from planparse.restoring.tokens import Kind, tokenize
from planparse.text import is_syllable

WEIGHTS = {"admin": 12, "legal": 2, "general": 1}
"""How often a paragraph counts: plans are nearest to `admin`, the smallest part; `general` widens the vocabulary. With
6 instead of 12 the perplexity of held-out text rises from 24.9 to 26.5."""

MIN_SYLLABLE, MIN_ACRONYM, MIN_OTHER = 4, 48, 200
"""Weighted counts from which a well-formed syllable, an acronym, and any other word enters the vocabulary."""

DISCOUNT = 0.6
"""Share of one occurrence that each n-gram gives up for the unseen; from 0.5 to 0.7 held-out perplexity is least."""

MIN_SYMBOL = 40
"""Weighted count from which a group of letters in document numbers counts as a symbol."""

MAX_BIGRAMS, MAX_TRIGRAMS = 1_200_000, 3_000_000
"""N-grams kept: 18 MB in all, and no file over 8 MB."""


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


@dataclass
class Counts:
    """N-grams, packed as (a * size + b) * size + c in rising order.

    Attributes:
        keys: the n-grams.
        counts: how often each stands in the corpus, weighted.
        units: the weight of the weightiest source that has it: what one occurrence counts for.
    """

    keys: Ints
    counts: Ints
    units: Ints

    @classmethod
    def merge(cls, keys: Ints, counts: Ints, units: Ints) -> Counts:
        """Sum the counts of equal keys."""
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        merged = np.add.reduceat(counts[order], starts), np.maximum.reduceat(units[order], starts)
        return cls(keys[starts], *merged)

    def contexts(self, size: int) -> Counts:
        """Return the n-grams without their last word."""
        return Counts.merge(self.keys // size, self.counts, self.units)


def count_trigrams(streams: dict[str, Ints], renumber: Ints, size: int) -> Counts:
    """Return the trigrams of all sources."""
    keys, counts, units = [], [], []
    for name, stream in streams.items():
        unique, times = np.unique(pack(renumber[stream], size), return_counts=True)
        keys.append(unique)
        counts.append(times * WEIGHTS[name])
        units.append(np.full(len(unique), WEIGHTS[name]))
    return Counts.merge(np.concatenate(keys), np.concatenate(counts), np.concatenate(units))


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
        return self.counts.astype(np.float64) * np.log(self.probability / self.lower)


def estimate_unigrams(found: Counts, size: int) -> Order:
    """Return P(word) of the whole vocabulary, with one occurrence added to each."""
    counts = np.ones(size, np.int64)
    counts[found.keys] += found.counts
    return Order(np.arange(size), counts, counts / counts.sum(), np.full(size, 1.0 / size), size)


def estimate(found: Counts, lower: Order, *, length: int) -> Order:
    """Return the n-grams of `length` with interpolated probabilities.

    P(word | context) = (c - D) / c(context) + gamma(context) * P(word | shorter context), where gamma spreads what all
    n-grams of the context gave up.
    """
    size = lower.size
    _, context = np.unique(found.keys // size, return_inverse=True)
    totals = np.bincount(context, found.counts)
    discounts = DISCOUNT * found.units
    gamma = np.bincount(context, discounts) / totals
    below = lower.probability[np.searchsorted(lower.keys, found.keys % size ** (length - 1))]
    probability = (found.counts - discounts) / totals[context] + gamma[context] * below
    return Order(found.keys, found.counts, probability, below, size)


def backoff_weights(contexts: Ints, higher: Order) -> Floats:
    """Return, for each context, what multiplies the lower order for words not kept after it."""
    where = np.searchsorted(contexts, higher.contexts)
    seen = np.bincount(where, higher.probability, len(contexts))
    below = np.bincount(where, higher.lower, len(contexts))
    weights: Floats = np.maximum(1.0 - seen, 1e-6) / np.maximum(1.0 - below, 1e-6)
    return weights


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
    steps: npt.NDArray[np.uint8] = np.clip(np.rint(-np.log(values) * STEPS_A_NAT), 0, 255).astype(np.uint8)
    return steps


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
    three = count_trigrams(streams, renumber, size)
    print(f"{size} words, {len(three.keys)} trigrams")
    two = three.contexts(size)
    unigrams = estimate_unigrams(two.contexts(size), size)
    bigrams = estimate(two, unigrams, length=2)
    bigrams, trigrams = prune(bigrams, estimate(three, bigrams, length=3))
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
