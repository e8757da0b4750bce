"""How well text is restored: what is mended, what is left alone, whether probabilities mean what they say.

    PYTHONPATH=scripts python bench/restoring.py SHARED [--pages 10]

SHARED is the folder with corpus/, gold/, plans/ and scans/. Corpus text is that which training holds out; with
--pages, pages of it are typeset, worn and read by Tesseract's English and Vietnamese models. A word counts as right
when it equals the printed one, case and all, apart from punctuation around it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from corpus import read_lines
from estimate_confusions import Pair, read_pages
from planparse.restoring import restore
from planparse.restoring.damage import estimate_states
from planparse.restoring.lines import restore_lines
from planparse.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planparse.document import Edit

BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
HELD_OUT_LINES = 600


def bare(word: str) -> str:
    """Return `word` without the punctuation around it."""
    return word.strip(".,;:!?…()[]“”\"'’-–/")


def is_word(text: str) -> bool:
    """Tell whether there are letters in `text`."""
    return any(map(str.isalpha, text))


@dataclass
class Calibration:
    """How often repairs are right, by the probability that they claim."""

    repairs: Counter[float] = field(default_factory=Counter)
    right: Counter[float] = field(default_factory=Counter)
    claimed: Counter[float] = field(default_factory=Counter)

    def add(self, probability: float, *, right: bool) -> None:
        """Count one repair."""
        least = max(bound for bound in BINS if probability >= bound)
        self.repairs[least] += 1
        self.right[least] += right
        self.claimed[least] += probability  # type: ignore[assignment]  # a Counter of floats adds like one of ints

    def show(self) -> None:
        """Print a line for each range of probability."""
        print("probability   repairs   claimed   right")
        for bound in sorted(self.repairs):
            times = self.repairs[bound]
            print(f"from {bound:.2f} {times:12} {self.claimed[bound] / times:9.3f} {self.right[bound] / times:7.3f}")


def accuracy(restored: Sequence[str], truth: Sequence[str]) -> float:
    """Return the share of the words of `truth` that stand in `restored`, line by line."""
    words = right = 0
    for line, meant in zip(restored, truth, strict=True):
        found, wanted = [bare(word) for word in line.split()], [bare(word) for word in meant.split()]
        missed = {edit.dest_pos for edit in Levenshtein.editops(found, wanted) if edit.tag != "delete"}
        places = {place for place, word in enumerate(wanted) if is_word(word)}
        words += len(places)
        right += len(places - missed)
    return right / max(words, 1)


def changed_words(text: str) -> list[Pair]:
    """Return the words of `text`, which is right, that restoring changes."""
    return [pair for pair in zip(text.split(), restore(text).split(), strict=True) if pair[0] != pair[1]]


def repaired(word: str, start: int, edits: Sequence[Edit]) -> tuple[str, float]:
    """Return the `word` at `start` with those of `edits` that fall into it, and the probability of all of them."""
    mine = [edit for edit in edits if start <= edit.span[0] < start + len(word)]
    for edit in reversed(mine):
        word = word[: edit.span[0] - start] + edit.restored + word[edit.span[1] - start :]
    return word, prod(edit.probability for edit in mine)


def judge_pages(lines: Sequence[Sequence[Pair]], calibration: Calibration) -> Counter[str]:
    """Count what restoring does to words that were read: mended, spoilt, right and wrong as before."""
    read = [" ".join(word for word, _ in line) for line in lines]
    verdicts: Counter[str] = Counter()
    for line, edits in zip(lines, restore_lines(read, estimate_states(read)), strict=True):
        start = 0
        for word, meant in line:
            restored, probability = repaired(word, start, edits)
            start += len(word) + 1
            if is_word(meant):
                before, after = bare(word) == bare(meant), bare(restored) == bare(meant)
                verdicts[("wrong", "mended", "spoilt", "right")[2 * before + after]] += 1
                if restored != word:
                    calibration.add(probability, right=after)
    return verdicts


def gold_lines(shared: Path) -> tuple[list[str], list[str]]:
    """Return the lines of the ruined sample as read, and as printed."""
    read, truth = (
        (shared / "gold" / f"quang-ngai-cchc-2024.{kind}.txt").read_text(encoding="utf-8").splitlines()
        for kind in ("ocr", "truth")
    )
    return read, truth


def restore_all(lines: Iterable[str]) -> list[str]:
    """Return the restored lines."""
    return restore("\n".join(lines)).split("\n")


def show_accuracies(shared: Path) -> None:
    """Print the share of right words before and after restoring."""
    read, truth = gold_lines(shared)
    print(f"ruined sample: {accuracy(read, truth):.4f} → {accuracy(restore_all(read), truth):.4f}")
    held_out = [line.strip() for line in read_lines(shared / "corpus", "admin", held_out=True)][:HELD_OUT_LINES]
    stripped = ["".join(map(strip_mark, line)) for line in held_out]
    print(
        f"held-out text, marks stripped: {accuracy(stripped, held_out):.4f} → "
        f"{accuracy(restore_all(stripped), held_out):.4f}"
    )


def strip_mark(char: str) -> str:
    """Return `char` without its mark, case kept."""
    return fold(char).upper() if char.isupper() else fold(char)


def show_changes(shared: Path) -> None:
    """Print which words of right texts change."""
    paths = [*shared.glob("gold/*truth.txt"), *shared.glob("plans/*/text.txt"), *shared.glob("scans/*/truth.txt")]
    texts = {path.parent.name: path.read_text(encoding="utf-8") for path in sorted(paths)}
    texts["held-out"] = "".join(read_lines(shared / "corpus", "admin", held_out=True))
    for name, text in texts.items():
        pairs = changed_words(text)
        shown = ", ".join(f"{before} → {after}" for before, after in pairs[:8])
        print(f"{name}: {len(pairs)} of {len(text.split())} words change {shown}")


def main() -> None:
    """Print all measures."""
    parser = argparse.ArgumentParser(description="Measure planparse.restoring.")
    parser.add_argument("shared", type=Path, help="folder with corpus/, gold/, plans/ and scans/")
    parser.add_argument("--pages", type=int, default=0, help="typeset pages for each of Tesseract's two models")
    options = parser.parse_args()
    show_accuracies(options.shared)
    show_changes(options.shared)
    calibration = Calibration()
    for language in ("eng", "vie") if options.pages else ():
        lines = list(read_pages(options.shared / "corpus", language, options.pages, held_out=True, seed=2))
        print(f"typeset pages, {language}: {dict(judge_pages(lines, calibration))}")
    calibration.show()


if __name__ == "__main__":
    main()
