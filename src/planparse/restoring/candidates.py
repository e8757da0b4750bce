"""A printed syllable → the syllables it may stand for, each with log P(printed | meant)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planparse.restoring.channel import LONGEST, PLACES, load_channel
from planparse.restoring.language_model import load_language_model
from planparse.text import fold

if TYPE_CHECKING:
    from planparse.restoring.channel import Channel

Numbers = npt.NDArray[np.int64]
Logs = npt.NDArray[np.float32]

_BEAM = 9.0
"""Nats below the best at which a reading is given up; wider changes no syllable of the held-out pages."""

_LEAST_SLIP = 1e-6
"""The least chance that a word is not printed as it is meant; keeps the logarithm finite."""

_HALF = len(PLACES) // 2


@dataclass(frozen=True)
class Trie:
    """The vocabulary by letters: the children of a node lie side by side.

    Attributes:
        first: where the children of each node begin; one more entry ends the last.
        letter: the place in ALPHABET of each node's letter.
        word: the number of the word that ends at the node, -1 if none does.
    """

    first: Numbers
    letter: Numbers
    word: Numbers

    @classmethod
    def build(cls, words: list[str]) -> Trie:
        """Build the trie of those words whose letters are all in ALPHABET; the root is node 0."""
        spelt = {word: number for number, word in enumerate(words) if all(letter in PLACES for letter in word)}
        prefixes = {word[:end] for word in spelt for end in range(len(word) + 1)}
        nodes = sorted(prefixes, key=lambda prefix: (len(prefix), prefix))
        place = {prefix: index for index, prefix in enumerate(nodes)}
        parents = np.array([place[prefix[:-1]] for prefix in nodes[1:]])
        return cls(
            first=1 + np.searchsorted(parents, np.arange(len(nodes) + 1)),
            letter=np.array([PLACES[prefix[-1]] if prefix else 0 for prefix in nodes]),
            word=np.array([spelt.get(prefix, -1) for prefix in nodes]),
        )

    def children(self, nodes: Numbers) -> tuple[Numbers, Numbers]:
        """Return the children of `nodes`, and for each the index of its parent in `nodes`."""
        counts = self.first[nodes + 1] - self.first[nodes]
        parents = np.repeat(np.arange(len(nodes)), counts)
        within = np.arange(len(parents)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self.first[nodes][parents] + within, parents


def search(trie: Trie, channel: Channel, printed: str, *, capitals: int) -> tuple[Numbers, Logs]:
    """Return the words that `printed` may stand for, and log P(printed | word) along the best alignment.

    The first `capitals` letters of a word are taken to be meant as capitals. Every prefix is scored once, against every
    beginning of `printed`; prefixes that fall _BEAM behind the best of their length are left.
    """
    length = len(printed)
    emissions = [channel.emissions(printed, size) for size in range(min(LONGEST, length) + 1)]
    nodes = np.zeros(1, np.int64)
    scores = np.full((1, length + 1), -np.inf, np.float32)
    scores[0, 0] = 0
    found: list[tuple[Numbers, Logs]] = []
    depth = 0
    while len(nodes):
        nodes, parents = trie.children(nodes)
        letters = trie.letter[nodes]
        if depth < capitals:
            letters = np.where(letters < _HALF, letters + _HALF, letters)
        scores = _advance(scores[parents], emissions, letters)
        alive = scores.max(axis=1, initial=-np.inf) > scores.max(initial=-np.inf) - _BEAM
        nodes, scores = nodes[alive], scores[alive]
        ends = (trie.word[nodes] >= 0) & (scores[:, length] > -np.inf)
        found.append((trie.word[nodes[ends]], scores[ends, length]))
        depth += 1
    words = np.concatenate([words for words, _ in found])
    logs = np.concatenate([logs for _, logs in found])
    near = logs > logs.max(initial=-np.inf) - _BEAM
    return words[near], logs[near]


def _advance(before: Logs, emissions: list[Logs], letters: Numbers) -> Logs:
    """Return the scores after one more meant letter, by how much of the printed form is used up."""
    after = before + emissions[0][letters]
    for size, emission in enumerate(emissions[1:], start=1):
        np.maximum(after[:, size:], before[:, :-size] + emission[letters], out=after[:, size:])
    return after


def count_capitals(printed: str) -> int:
    """Return how many letters of the meant word are capitals, by the look of the printed one: 0, 1, or all (99).

    >>> [count_capitals(printed) for printed in ("Pon", "PON", "pon", "BO", "hOat")]
    [1, 99, 0, 99, 0]
    """
    upper = sum(char.isupper() for char in printed)
    lower = sum(char.islower() for char in printed)
    if upper > 1 and upper > lower:
        return 99
    first = next((char for char in printed if char.isalpha()), "")
    return int(first.isupper())


@cache
def load_trie() -> Trie:
    """Return the trie of the vocabulary."""
    return Trie.build(load_language_model().words)


@cache
def _by_fold() -> dict[str, Numbers]:
    groups: dict[str, list[int]] = {}
    for number, word in enumerate(load_language_model().words):
        if word.islower():
            groups.setdefault(fold(word), []).append(number)
    return {key: np.array(numbers) for key, numbers in groups.items()}


@lru_cache(maxsize=1 << 16)
def mangled_candidates(printed: str, channel: str, limit: int) -> tuple[Numbers, Logs]:
    """Return at most `limit` words that a scan may have turned into `printed`: the likeliest, frequent ones first."""
    words, logs = search(load_trie(), load_channel(channel), printed, capitals=count_capitals(printed))
    best = np.argsort(-(logs + load_language_model().unigrams()[words]), kind="stable")[:limit]
    return words[best], logs[best]


def slip_candidates(printed: str, limit: int) -> tuple[Numbers, Logs]:
    """Return words that one slip in right text may have turned into `printed`, with log P(printed | word, a slip)."""
    words, logs = mangled_candidates(printed, "vietnamese", limit)
    return words, logs - _slips()[words]


@cache
def _slips() -> Logs:
    """Return, for each word of the vocabulary, the log of the chance that it is not printed as it is meant."""
    channel = load_channel("vietnamese")
    kept = [
        sum(channel.log_probability(letter, letter) for letter in word if letter in PLACES)
        for word in load_language_model().words
    ]
    slips: Logs = np.log(-np.expm1(np.array(kept) - _LEAST_SLIP)).astype(np.float32)
    return slips


@lru_cache(maxsize=1 << 16)
def bare_candidates(printed: str) -> tuple[Numbers, Logs]:
    """Return the words that look like `printed` once their marks are gone; a mark that is there stays."""
    words = _by_fold().get(fold(printed), np.zeros(0, np.int64))
    return words, np.zeros(len(words), np.float32)
