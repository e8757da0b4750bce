"""Train the n-grams of syllables of `planparse.restoring` from Vietnamese text.

    python training/language_model.py CORPUS [--out FOLDER]

CORPUS is a folder with admin.txt.xz, legal.txt.xz and general.txt.xz: UTF-8, one paragraph on a line. Written are the
`language_model*` files of src/planparse/data. No chance is involved: the same corpus gives the same bytes.

Counts are weighted by source, smoothed by interpolated absolute discounting, pruned to the n-grams whose loss would
cost the most likelihood, and kept as a backoff model (see docs/restoring.md).
"""

from __future__ import annotations

import argparse
import json
from array import array
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus import Floats, Interner, Ints, drop_scans, read_lines, read_part
from planparse.data import STEPS_A_NAT
from planparse.restoring.compiled import compiled
from planparse.restoring.document_numbers import symbols_of
from planparse.restoring.language_model import (
    BOUNDARY,
    BUCKET,
    CLASSES,
    EVEN_ODDS,
    ORDER,
    UNKNOWN,
    WORD_BITS,
    bucket,
    fingerprint,
    hash_key,
)
from planparse.restoring.tokens import UPPER_LINE, Kind, classify, marker_end, tokenize, vocabulary_item
from planparse.text import is_syllable, is_upper

WEIGHTS = {"admin": 12, "legal": 2, "general": 1}
"""How often a paragraph counts: plans are nearest to `admin`, the smallest part; `general` widens the vocabulary. With
6 instead of 12 the perplexity of held-out text rises from 24.9 to 26.5."""

MIN_SYLLABLE, MIN_ACRONYM, MIN_OTHER = 4, 48, 200
"""Weighted counts from which a well-formed syllable, an acronym, and any other word enters the vocabulary."""

DISCOUNTS = {2: 0.6, 3: 0.65, 4: 0.75}
"""Share of one occurrence that each n-gram gives up for the unseen, by its length."""

MIN_SYMBOL = 40
"""Weighted count from which a group of letters in document numbers counts as a symbol."""

KEPT = {2: 900_000, 3: 2_300_000, 4: 2_600_000}
"""N-grams kept, by length: 23 MB in all, and no file over 8 MB."""

CAPITAL_PRIOR = 4.0
"""Occurrences of a pair of words that the share of capitals of its second word is worth."""

LOAD = 0.92
"""Share of the slots of a hash table that are taken."""


def count_symbols(corpus: Path) -> dict[str, int]:
    """Return how often each group of letters stands in document numbers, the frequent ones, most frequent first."""
    counts: Counter[str] = Counter()
    for name in ("admin", "legal"):
        for line in read_lines(corpus, name):
            for piece in line.split():
                if classify(piece) is Kind.CODE:
                    counts.update(dict.fromkeys(symbols_of(piece), WEIGHTS[name]))
    return {symbol: count for symbol, count in counts.most_common() if count >= MIN_SYMBOL}


def count_capitals(corpus: Path, numbers: dict[str, int]) -> tuple[Floats, Ints, Floats]:
    """Return how often each word begins with a capital within a clause; pairs of words as keys, and the same of them.

    A share is drawn to that of the word by CAPITAL_PRIOR occurrences, and this to a half by one.
    """
    keys, capitals = array("q"), array("b")
    for line in read_lines(corpus, "admin"):
        if is_upper(line, share=UPPER_LINE):
            continue
        before = numbers[BOUNDARY]
        for token in tokenize(line[marker_end(line) :]):
            word = numbers.get(vocabulary_item(token.text), numbers[UNKNOWN])
            if before != numbers[BOUNDARY] and token.kind is Kind.WORD and word != numbers[UNKNOWN]:
                keys.append((before << WORD_BITS) | word)
                capitals.append(token.text[0].isupper())
            before = word
    pairs, flags = np.frombuffer(keys, np.int64), np.frombuffer(capitals, np.int8).astype(np.float64)
    words = pairs & ((1 << WORD_BITS) - 1)
    singles = np.bincount(words, minlength=len(numbers))
    shares = (np.bincount(words, flags, len(numbers)) + 0.5) / (singles + 1)
    unique, where, times = np.unique(pairs, return_inverse=True, return_counts=True)
    expected = CAPITAL_PRIOR * shares[unique & ((1 << WORD_BITS) - 1)]
    return shares, unique, (np.bincount(where, flags) + expected) / (times + CAPITAL_PRIOR)


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
    """N-grams of one length as keys, WORD_BITS a word, the last word lowest, in rising order.

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

    def contexts(self) -> Counts:
        """Return the n-grams without their last word."""
        return Counts.merge(self.keys >> WORD_BITS, self.counts, self.units)


def count_longest(streams: dict[str, Ints], renumber: Ints) -> Counts:
    """Return the n-grams of ORDER words of all sources."""
    keys, counts, units = [], [], []
    for name, stream in streams.items():
        words = renumber[stream]
        packed = np.zeros(len(words) - ORDER + 1, np.int64)
        for place in range(ORDER):
            packed = (packed << WORD_BITS) | words[place : len(words) - ORDER + 1 + place]
        unique, times = np.unique(packed, return_counts=True)
        keys.append(unique)
        counts.append(times * WEIGHTS[name])
        units.append(np.full(len(unique), WEIGHTS[name]))
    return Counts.merge(np.concatenate(keys), np.concatenate(counts), np.concatenate(units))


@dataclass
class Order:
    """The n-grams of one length: keys in rising order, counts, interpolated and lower-order probabilities."""

    length: int
    keys: Ints
    counts: Ints
    probability: Floats
    lower: Floats

    @property
    def contexts(self) -> Ints:
        """All words of each n-gram but the last."""
        return self.keys >> WORD_BITS

    @property
    def endings(self) -> Ints:
        """All words of each n-gram but the first."""
        return ending_of(self.keys, self.length - 1)

    def kept(self, keep: npt.NDArray[np.bool_]) -> Order:
        """Return the n-grams marked in `keep`."""
        return Order(self.length, self.keys[keep], self.counts[keep], self.probability[keep], self.lower[keep])

    def losses(self) -> Floats:
        """Return the log likelihood that the training text loses without each n-gram."""
        return self.counts.astype(np.float64) * np.log(self.probability / self.lower)


def ending_of(keys: Ints, length: int) -> Ints:
    """Return the last `length` words of each key."""
    return keys & ((1 << (length * WORD_BITS)) - 1)


def estimate_unigrams(found: Counts, size: int) -> Order:
    """Return P(word) of the whole vocabulary, with one occurrence added to each."""
    counts = np.ones(size, np.int64)
    counts[found.keys] += found.counts
    return Order(1, np.arange(size), counts, counts / counts.sum(), np.full(size, 1.0 / size))


def estimate(found: Counts, lower: Order) -> Order:
    """Return the n-grams one word longer than `lower` with interpolated probabilities.

    P(word | context) = (c - D) / c(context) + gamma(context) * P(word | shorter context), where gamma spreads what all
    n-grams of the context gave up.
    """
    length = lower.length + 1
    _, context = np.unique(found.keys >> WORD_BITS, return_inverse=True)
    totals = np.bincount(context, found.counts)
    discounts = DISCOUNTS[length] * found.units
    gamma = np.bincount(context, discounts) / totals
    below = lower.probability[np.searchsorted(lower.keys, ending_of(found.keys, length - 1))]
    probability = (found.counts - discounts) / totals[context] + gamma[context] * below
    return Order(length, found.keys, found.counts, probability, below)


def backoff_weights(contexts: Order, higher: Order) -> Floats:
    """Return, for each context, what multiplies the lower order for words not kept after it."""
    where = np.searchsorted(contexts.keys, higher.contexts)
    seen = np.bincount(where, higher.probability, len(contexts.keys))
    below = np.bincount(where, higher.lower, len(contexts.keys))
    weights: Floats = np.maximum(1.0 - seen, 1e-6) / np.maximum(1.0 - below, 1e-6)
    return np.minimum(weights, 1.0)


def prune(orders: list[Order]) -> list[Order]:
    """Keep the most useful n-grams of each length, and of the shorter ones all that a longer one begins or ends in."""
    kept: list[Order] = []
    for order in reversed(orders):
        losses = order.losses()
        if kept:
            needed = np.union1d(kept[-1].contexts, kept[-1].endings)
            losses[np.searchsorted(order.keys, needed)] = np.inf
        keep = np.zeros(len(order.keys), bool)
        keep[np.argsort(-losses, kind="stable")[: max(KEPT[order.length], int(np.isinf(losses).sum()))]] = True
        kept.append(order.kept(keep))
    return kept[::-1]


def quantise(values: Floats) -> npt.NDArray[np.uint8]:
    """Return -ln(values) in steps, as bytes."""
    steps: npt.NDArray[np.uint8] = np.clip(np.rint(-np.log(values) * STEPS_A_NAT), 0, 255).astype(np.uint8)
    return steps


@compiled
def place_keys(keys: Ints, slots: int) -> tuple[npt.NDArray[np.uint16], Ints]:
    """Return the fingerprints in a table of `slots`, and the slot of each key.

    A key that finds both its buckets full takes the place of one in them, which looks for another.
    """
    owner = np.full(slots, -1, np.int64)
    chance = np.uint64(1)
    for first in range(len(keys)):
        index, choice = np.int64(first), np.int64(0)
        while index >= 0:
            mixed = hash_key(keys[index])
            free = np.int64(-1)  # of the same type as what follows, for Numba
            for other in range(2):
                start = bucket(mixed, other, slots)
                for slot in range(start, start + BUCKET):
                    if owner[slot] < 0 and free < 0:
                        free = np.int64(slot)
            if free < 0:
                chance = hash_key(np.int64(chance >> np.uint64(1)))
                free = bucket(mixed, int(choice), slots) + np.int64(chance % np.uint64(BUCKET))
                choice = np.int64((chance >> np.uint64(8)) % np.uint64(2))
            index, owner[free] = owner[free], index
    prints, where = np.zeros(slots, np.uint16), np.zeros(len(keys), np.int64)
    for slot in range(slots):
        if owner[slot] >= 0:
            prints[slot] = fingerprint(hash_key(keys[owner[slot]]))
            where[owner[slot]] = slot
    return prints, where


def to_table(order: Order, name: str, columns: dict[str, npt.NDArray[np.uint8]]) -> dict[str, npt.NDArray[np.generic]]:
    """Return the hash table of `order`: fingerprints, and at the same slots the values of `columns`."""
    slots = -int(-len(order.keys) / LOAD // BUCKET) * BUCKET
    prints, where = place_keys(order.keys, slots)
    table: dict[str, npt.NDArray[np.generic]] = {f"{name}_prints": prints}
    for column, values in columns.items():
        table[f"{name}_{column}"] = np.zeros(slots, np.uint8)
        table[f"{name}_{column}"][where] = values
    return table


def train(corpus: Path) -> tuple[list[str], dict[str, npt.NDArray[np.generic]]]:
    """Return the vocabulary and the arrays of the model."""
    interner = Interner()
    parts = drop_scans({name: read_part(read_lines(corpus, name), interner) for name in WEIGHTS}, interner)
    streams = {name: part.without_repeats(interner[BOUNDARY]) for name, part in parts.items()}
    words = choose_vocabulary(streams, interner)
    numbers = {word: number for number, word in enumerate(words)}
    unknown = numbers[CLASSES[-1]]
    renumber = np.array([numbers.get(item, unknown) for item in interner], np.int64)
    found = [count_longest(streams, renumber)]
    for _ in range(ORDER - 1):
        found.append(found[-1].contexts())
    unigrams = estimate_unigrams(found.pop(), len(words))
    orders = [unigrams]
    while found:
        orders.append(estimate(found.pop(), orders[-1]))
        print(f"{len(orders[-1].keys)} n-grams of {len(orders)}")
    return words, to_arrays([unigrams, *prune(orders[1:])], count_capitals(corpus, numbers))


def to_arrays(orders: list[Order], capitals: tuple[Floats, Ints, Floats]) -> dict[str, npt.NDArray[np.generic]]:
    """Return the model as `LanguageModel` maps it."""
    unigrams, bigrams, trigrams, fourgrams = orders
    shares, pairs, of_pairs = capitals
    known = np.minimum(np.searchsorted(pairs, bigrams.keys), len(pairs) - 1)
    of_words = shares[bigrams.keys & ((1 << WORD_BITS) - 1)]
    of_bigrams = np.where(pairs[known] == bigrams.keys, of_pairs[known], of_words)
    return {
        "unigram_logs": quantise(unigrams.probability),
        "unigram_backoffs": quantise(backoff_weights(unigrams, bigrams)),
        "unigram_capitals": to_bytes(shares),
        **to_table(
            bigrams,
            "bigram",
            {
                "logs": quantise(bigrams.probability),
                "backoffs": quantise(backoff_weights(bigrams, trigrams)),
                "capitals": to_bytes(of_bigrams),
            },
        ),
        **to_table(
            trigrams,
            "trigram",
            {"logs": quantise(trigrams.probability), "backoffs": quantise(backoff_weights(trigrams, fourgrams))},
        ),
        **to_table(fourgrams, "fourgram", {"logs": quantise(fourgrams.probability)}),
    }


def to_bytes(shares: Floats) -> npt.NDArray[np.uint8]:
    """Return log odds of `shares` in steps, zero in the middle: planparse.restoring.language_model.capital_odds."""
    odds = np.log(shares / (1 - shares))
    steps: npt.NDArray[np.uint8] = np.clip(np.rint(odds * STEPS_A_NAT) + EVEN_ODDS, 0, 255).astype(np.uint8)
    return steps


def main() -> None:
    """Train, write, and print the size of each file."""
    parser = argparse.ArgumentParser(description="Train the language model of planparse.restoring.")
    parser.add_argument("corpus", type=Path, help="folder with admin.txt.xz, legal.txt.xz and general.txt.xz")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "src/planparse/data")
    options = parser.parse_args()
    words, arrays = train(options.corpus)
    content = {"words": words, "symbols": count_symbols(options.corpus)}
    vocabulary = json.dumps(content, ensure_ascii=False, indent=0) + "\n"
    (options.out / "language_model.json").write_text(vocabulary, encoding="utf-8")
    for name, values in arrays.items():
        unfinished = options.out / "unfinished.npy"  # others may have mapped the file that it replaces
        np.save(unfinished, values)
        unfinished.replace(options.out / f"language_model_{name}.npy")
        print(f"{name}: {len(values)} values, {values.nbytes / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
