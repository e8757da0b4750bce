"""A printed piece → the words it may stand for, each with log P(printed | meant).

The vocabulary is a trie. Going down it letter by letter, every prefix of a word is scored once against every beginning
of the printed piece; prefixes far below what any letters could explain are left, with all words below them.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from planparse.restoring.channel import ALPHABET, LONGEST, PLACES
from planparse.restoring.compiled import compiled
from planparse.restoring.language_model import load_language_model
from planparse.text import fold

if TYPE_CHECKING:
    from planparse.restoring.channel import Channel, Table

Numbers = npt.NDArray[np.int64]
Logs = npt.NDArray[np.float32]

BEAM, SPREAD, _GLANCE = 20.0, 10.0, 4.0
"""Nats at which a prefix is given up: below what any letters could explain of the most frequent word, below the best
word, and below the former when the best word is looked for."""

_FARTHEST, _FARTHEST_LETTER = -12.0, -2.6
"""log P, and what each character adds, from which a word may be a part of a piece."""

_DEPTH = 24
"""Letters of the longest word, and room."""

_FOUND = 4096
"""Words that one search may find; pieces of nothing but signs find more, and none of them is likely."""

_HALF = len(ALPHABET) // 2


class Trie(NamedTuple):
    """The vocabulary by letters: the children of a node lie side by side.

    Attributes:
        first: where the children of each node begin; one more entry ends the last.
        letter: the place in ALPHABET of each node's letter.
        word: the number of the word that ends at the node, -1 if none does.
        best: the log probability of the most frequent word at or below the node.
    """

    first: Numbers
    letter: Numbers
    word: Numbers
    best: Logs


def build_trie(words: list[str], logs: Logs) -> Trie:
    """Build the trie of those words whose letters are all in ALPHABET, and their log P; the root is node 0."""
    spelt = {
        word: number
        for number, word in enumerate(words)
        if len(word) < _DEPTH and all(letter in PLACES for letter in word)
    }
    prefixes = {word[:end] for word in spelt for end in range(len(word) + 1)}
    nodes = sorted(prefixes, key=lambda prefix: (len(prefix), prefix))
    place = {prefix: index for index, prefix in enumerate(nodes)}
    parents = np.array([place[prefix[:-1]] for prefix in nodes[1:]])
    best = np.array([logs[spelt[prefix]] if prefix in spelt else -np.inf for prefix in nodes], np.float32)
    for node in range(len(nodes) - 1, 0, -1):
        best[parents[node - 1]] = max(best[parents[node - 1]], best[node])
    return Trie(
        first=1 + np.searchsorted(parents, np.arange(len(nodes) + 1)).astype(np.int64),
        letter=np.array([PLACES[prefix[-1]] if prefix else 0 for prefix in nodes]),
        word=np.array([spelt.get(prefix, -1) for prefix in nodes]),
        best=best,
    )


@compiled
def _emissions(table: Table, rows: npt.NDArray[np.int32]) -> Logs:
    """Return log P by letter, start and length of the printed piece: what one letter needs lies together."""
    emissions = np.full((table.shape[1], rows.shape[1], LONGEST + 1), -np.inf, np.float32)
    for size in range(LONGEST + 1):
        for start in range(rows.shape[1] - size):
            row = rows[size, start]
            for letter in range(table.shape[1]):
                emissions[letter, start, size] = table[row, letter]
    return emissions


@compiled
def _limits(emissions: Logs) -> tuple[Logs, Logs]:
    """Return what any letters could explain at best: each beginning of the piece, and each rest."""
    length = emissions.shape[1] - 1
    ideal = np.full(length + 1, -np.inf, np.float32)
    rest = np.full(length + 1, -np.inf, np.float32)
    most = np.full((length + 1, LONGEST + 1), -np.inf, np.float32)
    for letter in range(emissions.shape[0]):
        for start in range(length):
            for size in range(1, LONGEST + 1):
                most[start, size] = max(most[start, size], emissions[letter, start, size])
    ideal[0] = 0
    rest[length] = 0
    for end in range(1, length + 1):
        for size in range(1, min(LONGEST, end) + 1):
            ideal[end] = max(ideal[end], ideal[end - size] + most[end - size, size])
            rest[length - end] = max(rest[length - end], rest[length - end + size] + most[length - end, size])
    return ideal, rest


@compiled
def _descend(  # noqa: C901 (one loop down and up the trie)
    trie: Trie, emissions: Logs, capitals: int, least: Logs, exits: Logs
) -> tuple[Numbers, Numbers, Logs]:
    """Return the words found, where in the printed piece each ends, and its log P.

    A prefix that explains the first n characters must score `least`[n] with the most frequent word below it, a word
    that ends there `exits`[n].
    """
    length = emissions.shape[1] - 1
    words, ends, logs = np.empty(_FOUND, np.int64), np.empty(_FOUND, np.int64), np.empty(_FOUND, np.float32)
    found = 0
    scores = np.full((_DEPTH + 1, length + 1), -np.inf, np.float32)
    scores[0, 0] = 0
    low, high = np.zeros(_DEPTH + 1, np.int64), np.zeros(_DEPTH + 1, np.int64)
    node_at, stop_at = np.zeros(_DEPTH + 1, np.int64), np.zeros(_DEPTH + 1, np.int64)
    depth = 1
    node_at[1], stop_at[1] = trie.first[0], trie.first[1]
    while depth > 0:
        node = node_at[depth]
        if node == stop_at[depth]:
            depth -= 1
            continue
        node_at[depth] += 1
        letter = trie.letter[node]
        if depth <= capitals and letter < _HALF:
            letter += _HALF
        before, after = scores[depth - 1], scores[depth]
        first, last = low[depth - 1], high[depth - 1]
        low[depth], high[depth] = length + 1, -1
        for end in range(first, min(last + LONGEST, length) + 1):
            best = np.float32(-np.inf)
            for size in range(max(end - last, 0), min(LONGEST, end - first) + 1):
                best = max(best, before[end - size] + emissions[letter, end - size, size])
            if best + trie.best[node] > least[end]:
                low[depth] = min(low[depth], end)
                high[depth] = end
                after[end] = best
            else:
                after[end] = -np.inf
        if high[depth] < 0:
            continue
        word = trie.word[node]
        if word >= 0:
            for end in range(low[depth], high[depth] + 1):
                if after[end] + trie.best[node] > exits[end] and found < _FOUND:
                    words[found], ends[found], logs[found] = word, end, after[end]
                    found += 1
        if depth < _DEPTH:
            depth += 1
            node_at[depth], stop_at[depth] = trie.first[node], trie.first[node + 1]
    return words[:found], ends[:found], logs[:found]


@compiled
def _select(words: Numbers, ends: Numbers, logs: Logs, unigrams: Logs, limit: int) -> tuple[Numbers, Numbers, Logs]:
    """Return for each end the likeliest `limit` words, ends rising, likeliest first."""
    order = np.argsort(ends * 1000.0 - logs - unigrams[words])
    kept, last, count = 0, -1, 0
    for place in order:
        count = count + 1 if ends[place] == last else 1
        last = ends[place]
        if count <= limit:
            order[kept] = place
            kept += 1
    best = order[:kept]
    return words[best], ends[best], logs[best]


@compiled
def _search(
    trie: Trie, table: Table, rows: npt.NDArray[np.int32], capitals: int, unigrams: Logs, limit: int
) -> tuple[Numbers, Numbers, Logs]:
    """Return the words for all of the printed piece: first a narrow search for the best, then all that come near it."""
    emissions = _emissions(table, rows)
    ideal, rest = _limits(emissions)
    exits = np.full(len(ideal), np.inf, np.float32)
    exits[-1] = ideal[-1] + trie.best[0] - BEAM
    words, _, logs = _descend(trie, emissions, capitals, ideal[-1] + trie.best[0] - _GLANCE - rest, exits)
    if len(logs):
        exits[-1] = max(exits[-1], (logs + unigrams[words]).max() - SPREAD)
    words, ends, logs = _descend(trie, emissions, capitals, exits[-1] - rest, exits)
    return _select(words, ends, logs, unigrams, limit)


@compiled
def _search_parts(
    trie: Trie, table: Table, rows: npt.NDArray[np.int32], capitals: int, unigrams: Logs, limit: int
) -> tuple[Numbers, Numbers, Logs]:
    """Return the words for each beginning of the printed piece."""
    emissions = _emissions(table, rows)
    ideal, _ = _limits(emissions)
    least = ideal + trie.best[0] - SPREAD
    least[0] = -BEAM
    exits = least.copy()
    exits[0] = np.inf
    words, ends, logs = _descend(trie, emissions, capitals, least, exits)
    likely = np.flatnonzero(logs + unigrams[words] > _FARTHEST + _FARTHEST_LETTER * ends)
    return _select(words[likely], ends[likely], logs[likely], unigrams, limit)


def search_whole(printed: str, channel: Channel, trie: Trie, logs: Logs, limit: int = 16) -> tuple[Numbers, Logs]:
    """Return the likeliest words of `trie` for `printed`, likeliest first, and log P(printed | word).

    `logs` are those of P(word). Case is taken as printed.
    """
    rows = channel.rows(printed)  # may lengthen the table
    words, _, evidence = _search(trie, channel.table, rows, 0, logs, limit)
    return words, evidence


def search(printed: str, channel: Channel, limit: int, *, partial: bool = False) -> tuple[Numbers, Numbers, Logs]:
    """Return the likeliest words that `printed` may stand for, where each ends in it, and log P(printed | word).

    Words are likely by the channel and by how frequent they are. Without `partial`, all end at the end; with it, there
    are up to `limit` for each end.
    """
    rows = channel.rows(printed)  # may lengthen the table
    kernel = _search_parts if partial else _search
    unigrams = load_language_model().unigrams
    return kernel(load_trie(), channel.table, rows, count_capitals(printed), unigrams, limit)


@lru_cache(maxsize=1 << 15)
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
    return build_trie(load_language_model().words, load_language_model().unigrams)


@cache
def _by_fold() -> dict[str, Numbers]:
    groups: dict[str, list[int]] = {}
    for number, word in enumerate(load_language_model().words):
        if word.islower():
            groups.setdefault(fold(word), []).append(number)
    return {key: np.array(numbers) for key, numbers in groups.items()}


def search_bare(printed: str) -> Numbers:
    """Return the words that look like `printed` once their marks are gone."""
    return _by_fold().get(fold(printed), np.zeros(0, np.int64))


@compiled
def _align(table: Table, rows: npt.NDArray[np.int32], letters: Numbers) -> Numbers:
    """Return how many printed characters each letter became, along the best alignment."""
    length = rows.shape[1] - 1
    scores = np.full((len(letters) + 1, length + 1), -np.inf, np.float32)
    taken = np.zeros((len(letters) + 1, length + 1), np.int64)
    scores[0, 0] = 0
    for place in range(len(letters)):
        for end in range(length + 1):
            for size in range(min(LONGEST, end) + 1):
                score = scores[place, end - size] + table[rows[size, end - size], letters[place]]
                if score > scores[place + 1, end]:
                    scores[place + 1, end], taken[place + 1, end] = score, size
    sizes = np.zeros(len(letters), np.int64)
    end = length
    for place in range(len(letters), 0, -1):
        sizes[place - 1] = taken[place, end]
        end -= taken[place, end]
    return sizes


def align(channel: Channel, printed: str, meant: str) -> list[tuple[str, str]]:
    """Return each letter of `meant` with the characters of `printed` that it became; all letters are in ALPHABET."""
    letters = np.array([PLACES[letter] for letter in meant], np.int64)
    pairs, start = [], 0
    for letter, size in zip(meant, _align(channel.table, channel.rows(printed), letters).tolist(), strict=True):
        pairs.append((letter, printed[start : start + size]))
        start += size
    return pairs
