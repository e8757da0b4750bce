"""log P(meant): trigrams of syllables with backoff, mapped from the files that scripts/train_language_model.py wrote.

Words are numbers: their places in the vocabulary. A pair of words is the number of its bigram, -1 if it was not kept.
Logarithms are natural.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from planparse.data import data_path

BOUNDARY, NUMBER, CODE, UNKNOWN = CLASSES = ("<s>", "<number>", "<code>", "<unknown>")
"""What stands in the place of a word: the end of a clause or paragraph, a number, a document number, any other."""

STEPS_A_NAT = 16
"""Log probabilities are kept in bytes, as sixteenths of a nat; a byte reaches down to e^-16."""

Numbers = npt.NDArray[np.int64]
Logs = npt.NDArray[np.float32]


class LanguageModel:
    """A trie in arrays: below each word its followers in rising order, below each pair of words theirs.

    Attributes:
        words: the vocabulary: classes, words in small letters, acronyms as printed.
        numbers: the number of each word.
    """

    def __init__(self, prefix: str) -> None:
        """Map the files whose names begin with `prefix`."""
        self.words: list[str] = json.loads(Path(f"{prefix}.json").read_text(encoding="utf-8"))["words"]
        self.numbers = {word: number for number, word in enumerate(self.words)}
        self._arrays = {
            name: np.asarray(np.load(f"{prefix}_{name}.npy", mmap_mode="r"))
            for name in (
                "unigram_logs",
                "unigram_backoffs",
                "bigram_offsets",
                "bigram_words",
                "bigram_logs",
                "bigram_backoffs",
                "trigram_offsets",
                "trigram_words",
                "trigram_logs",
            )
        }

    def number(self, word: str) -> int:
        """Return the number of `word`, or of the unknown."""
        return self.numbers.get(word, self.numbers[UNKNOWN])

    def unigrams(self) -> Logs:
        """Return log P(word) of the whole vocabulary."""
        return self._logs("unigram_logs", np.arange(len(self.words)))

    def pairs(self, first: Numbers, second: Numbers) -> Numbers:
        """Return the pair of each two words."""
        return self._find("bigram", first, second)

    def followers(self, first: Numbers, second: Numbers) -> Logs:
        """Return log P(second | first)."""
        return self.log_probabilities(np.full(len(first), -1), self.pairs(first, second), first, second)

    def log_probabilities(self, pairs: Numbers, last_pairs: Numbers, second: Numbers, third: Numbers) -> Logs:
        """Return log P(third | first, second), where `pairs` is (first, second) and `last_pairs` (second, third)."""
        known = pairs >= 0
        triples = np.full(len(pairs), -1)
        triples[known] = self._find("trigram", pairs[known], third[known])
        below = np.where(
            last_pairs >= 0,
            self._logs("bigram_logs", last_pairs),
            self._logs("unigram_backoffs", second) + self._logs("unigram_logs", third),
        )
        backed_off = below + np.where(known, self._logs("bigram_backoffs", pairs), 0)
        return np.where(triples >= 0, self._logs("trigram_logs", triples), backed_off).astype(np.float32)

    def _logs(self, name: str, index: Numbers) -> Logs:
        steps: Logs = self._arrays[name][index].astype(np.float32)
        return steps / np.float32(-STEPS_A_NAT)

    def _find(self, order: str, parents: Numbers, words: Numbers) -> Numbers:
        """Return where each of `words` stands among the followers of its parent, -1 where it does not: bisection."""
        offsets, followers = self._arrays[f"{order}_offsets"], self._arrays[f"{order}_words"]
        low, end = offsets[parents].astype(np.int64), offsets[parents + 1].astype(np.int64)
        high = end
        for _ in range(int((high - low).max(initial=0)).bit_length()):
            middle = (low + high) >> 1
            after = (low < high) & (followers[np.minimum(middle, len(followers) - 1)] < words)
            low, high = np.where(after, middle + 1, low), np.where(after, high, middle)
        found = (low < end) & (followers[np.minimum(low, len(followers) - 1)] == words)
        return np.where(found, low, -1)


@cache
def load_language_model() -> LanguageModel:
    """Return the model of the package; its files are mapped, so that processes share them."""
    return LanguageModel(data_path("language_model"))
