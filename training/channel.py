"""Learn what each engine makes of each letter, from the pages of training/noise_factory.py.

    python training/channel.py PAGES [--out FILE]

Words read are aligned with words set by expectation maximisation: the best alignment under the confusions so far, then
the confusions along it, until they stand still. Written is src/planparse/data/confusions.json.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from noise_factory import ENGINES, read_pages
from planparse.restoring.channel import ALPHABET, LONGEST, prior
from planparse.text import fold, strip_marks

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS, PRIOR = 5, 5.0
"""Rounds of alignment; observations that the expectation of an uncounted confusion is worth."""

FARTHEST, FARTHEST_LETTER = -12.0, -3.0
"""log P below which, with so much a letter, two words are not the same."""

LEAST_COUNT = 2
"""Confusions seen once are left to chance."""

BARE_TIMES = 1000
"""How often each letter counts as printed without its marks, in text that was typed so."""

Pair = tuple[str, str]
Counts = dict[str, Counter[str]]


def pair_words(read: str, meant: str) -> Iterator[Pair]:
    """Yield (read, set) word by word; where spaces were lost or put in, the words between those that both have."""
    cuts = [(0, 0)]
    for block in Levenshtein.opcodes(fold(read), fold(meant)):
        if block.tag == "equal":
            cuts += [
                (block.src_start + place, block.dest_start + place)
                for place in range(block.src_end - block.src_start)
                if read[block.src_start + place] == " "
            ]
    cuts.append((len(read), len(meant)))
    for (start, meant_start), (end, meant_end) in itertools.pairwise(cuts):
        yield read[start:end].strip(), meant[meant_start:meant_end].strip()


class Aligner:
    """Confusions so far, and the best alignment under them."""

    def __init__(self) -> None:
        self.counts: Counts = {}

    def log_probability(self, meant: str, printed: str) -> float:
        """Return log P(printed | meant)."""
        row = self.counts.get(meant, Counter())
        return math.log((row[printed] + PRIOR * prior(meant, printed)) / (row.total() + PRIOR))

    def align(self, printed: str, meant: str) -> tuple[float, list[Pair]]:
        """Return the best alignment of two words, as (meant letter, printed characters), and its log probability."""
        paths: dict[int, tuple[float, list[Pair]]] = {0: (0.0, [])}
        for letter in meant:
            longer: dict[int, tuple[float, list[Pair]]] = {}
            for start, (score, path) in paths.items():
                for end in range(start, min(start + LONGEST, len(printed)) + 1):
                    total = score + self.log_probability(letter, printed[start:end])
                    if end not in longer or total > longer[end][0]:
                        longer[end] = (total, [*path, (letter, printed[start:end])])
            paths = longer
        return paths.get(len(printed), (-math.inf, []))

    def learn(self, pairs: Counter[Pair]) -> None:
        """Align all pairs, then count; words too unlike to be the same are left out."""
        counts: Counts = {}
        for (printed, meant), times in pairs.items():
            score, path = self.align(printed, meant)
            if score > FARTHEST + FARTHEST_LETTER * len(meant):
                for letter, characters in path:
                    counts.setdefault(letter, Counter())[characters] += times
        self.counts = counts


def count_confusions(pages: Path, engine: str) -> Counts:
    """Return how often each letter was read as what."""
    pairs = Counter(
        (read, meant)
        for lines in read_pages(pages, engine)
        for line in lines
        for read, meant in pair_words(*line)
        if read and len(read) <= 2 * len(meant) + 2 and any(map(str.isalpha, meant))
    )
    aligner = Aligner()
    for _ in range(ROUNDS):
        aligner.learn(pairs)
    print(f"{engine}: {pairs.total()} words")
    return {letter: row for letter, row in sorted(aligner.counts.items()) if letter in ALPHABET}


def main() -> None:
    """Count, and write the table."""
    parser = argparse.ArgumentParser(description="Count the confusions that planparse.restoring knows.")
    parser.add_argument("pages", type=Path, help="folder that training/noise_factory.py wrote")
    parser.add_argument("--without", action="append", default=[], help="an engine to leave out, to measure without it")
    out = Path(__file__).parents[1] / "src/planparse/data/confusions.json"
    parser.add_argument("--out", type=Path, default=out)
    options = parser.parse_args()
    table = {
        engine: count_confusions(options.pages, engine)
        for engine in ENGINES
        if (options.pages / engine).exists() and engine not in options.without
    }
    table["bare"] = {letter: Counter({strip_marks(letter): BARE_TIMES}) for letter in ALPHABET}
    kept = {
        engine: {letter: {out: n for out, n in row.most_common() if n >= LEAST_COUNT} for letter, row in counts.items()}
        for engine, counts in table.items()
    }
    rows = ",\n".join(
        f'"{engine}": {{\n'
        + ",\n".join(f'"{letter}": {json.dumps(row, ensure_ascii=False)}' for letter, row in counts.items())
        + "\n}"
        for engine, counts in kept.items()
    )
    options.out.write_text("{\n" + rows + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
