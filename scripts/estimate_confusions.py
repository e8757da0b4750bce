"""Count how scanning mangles Vietnamese letters: write the counted tables of data/confusions.toml.

    python scripts/estimate_confusions.py CORPUS [--pages 200] [--out FILE]

Paragraphs of CORPUS/admin.txt.xz are typeset with Liberation Serif, blurred, soiled, some turned to black and white,
and read by Tesseract: with its English model, to learn what becomes of marks where the engine knows none, and, worn
more, with its Vietnamese model. Where each word was set is known, so that read and set words pair by their boxes.
Letters are then aligned by hard EM. It takes about 2 s a page on one core; the same seed gives the same pages.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import os
import random
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from corpus import read_lines
from planparse.restoring.channel import LONGEST, prior
from planparse.restoring.damage import Look, look_shares
from planparse.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FONTS = Path("/usr/share/fonts/truetype/liberation2")
STYLES = {"Regular": 8, "Bold": 2, "Italic": 1}
"""Liberation Serif has the widths of Times New Roman, which Decree 30/2020/NĐ-CP prescribes; how often each style."""

ROWS = 40
MARGIN = 60
HEADINGS = 0.12
"""Share of short paragraphs set in capitals."""

EM_ROUNDS, EM_PRIOR = 5, 5.0
LEAST_COUNT = 2
COUNTED = "# Counted by scripts/estimate_confusions.py; everything below is written by it.\n"

Pair = tuple[str, str]


class Wear(NamedTuple):
    """How a page is worn: the sizes of type in pixels, the most blur (pixels) and noise (grey levels of 256)."""

    sizes: tuple[int, ...]
    blur: float
    noise: float


WEAR = {"eng": Wear((26, 30, 34, 38, 42, 50, 58), 1.0, 20.0), "vie": Wear((20, 22, 24, 26, 30, 38, 50), 1.8, 45.0)}
"""14 pt type has 26 pixels at 130 dpi, 58 at 300 dpi."""


@dataclass(frozen=True)
class Row:
    """A typeset line: its top, and each word with where it begins and ends, in pixels."""

    top: int
    words: tuple[tuple[str, float, float], ...]


def wrap(
    paragraphs: Iterator[str], font: ImageFont.FreeTypeFont, width: int, rng: random.Random
) -> Iterator[list[str]]:
    """Yield the lines of `paragraphs` set in `font`, as lists of words."""
    for paragraph in paragraphs:
        heading = len(paragraph) < width // 10 and rng.random() < HEADINGS
        line: list[str] = []
        for word in (paragraph.upper() if heading else paragraph).split():
            if line and font.getlength(" ".join([*line, word])) > width:
                yield line
                line = []
            line.append(word)
        if line:
            yield line


def typeset(paragraphs: Iterator[str], wear: Wear, rng: random.Random) -> tuple[Image.Image, list[Row], int]:
    """Return a worn page with the first lines of `paragraphs`, where its words are, and the distance of its lines."""
    size = rng.choice(wear.sizes)
    style = rng.choices(list(STYLES), list(STYLES.values()))[0]
    font = ImageFont.truetype(FONTS / f"LiberationSerif-{style}.ttf", size)
    pitch, width = size * 29 // 20, size * 34
    image = Image.new("L", (width, 2 * MARGIN + ROWS * pitch), 255)
    draw = ImageDraw.Draw(image)
    rows = []
    lines = wrap(paragraphs, font, width - 2 * MARGIN, rng)
    for top, line in zip(range(MARGIN, MARGIN + ROWS * pitch, pitch), lines, strict=False):
        left, words = float(MARGIN), []
        for word in line:
            draw.text((left, top), word, font=font, fill=0)
            words.append((word, left, left + font.getlength(word)))
            left = words[-1][2] + font.getlength(" ")
        rows.append(Row(top, tuple(words)))
    return soil(image, wear, rng), rows, pitch


def soil(image: Image.Image, wear: Wear, rng: random.Random) -> Image.Image:
    """Return `image` blurred and with noise; one page in three is black and white, as old scanners have it."""
    blurred = np.asarray(image.filter(ImageFilter.GaussianBlur(rng.uniform(0, wear.blur))), np.float64)
    noise = np.random.default_rng(rng.randrange(1 << 30)).normal(0, rng.uniform(0, wear.noise), blurred.shape)
    grey = np.clip(blurred + noise, 0, 255)
    if rng.random() < 1 / 3:
        grey = np.where(grey > rng.uniform(120, 200), 255, 0)
    return Image.fromarray(grey.astype(np.uint8))


def read_page(image: Image.Image, language: str) -> list[tuple[float, float, float, str]]:
    """Return what Tesseract reads: left, right, middle height and text of each word."""
    data = io.BytesIO()
    image.save(data, "PNG")
    command = ["tesseract", "-", "-", "-l", language, "--psm", "6", "tsv"]
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    result = subprocess.run(  # noqa: S603 (a fixed command)
        command, input=data.getvalue(), capture_output=True, check=True, env=environment
    )
    words: list[tuple[float, float, float, str]] = []
    for line in result.stdout.decode().splitlines()[1:]:
        *numbers, text = line.split("\t")
        if text.strip():
            left, top, width, height = map(int, numbers[6:10])
            words.append((left, left + width, top + height / 2, text.strip()))
    return words


def pair_words(read: Sequence[tuple[float, float, float, str]], row: Row, pitch: int) -> list[Pair]:
    """Return (read, set) for the words of a row; where words ran together or apart, both sides have spaces."""
    near = sorted(word for word in read if row.top - 0.1 * pitch <= word[2] < row.top + 0.9 * pitch)
    groups: list[tuple[str, list[int]]] = []
    for text, left, right in row.words:
        hits = [
            index
            for index, word in enumerate(near)
            if min(right, word[1]) - max(left, word[0]) > 0.3 * min(right - left, word[1] - word[0])
        ]
        if groups and hits and groups[-1][1][-1:] == hits[:1]:
            groups[-1] = (f"{groups[-1][0]} {text}", groups[-1][1] + hits[1:])
        else:
            groups.append((text, hits))
    return [(" ".join(near[index][3] for index in hits), text) for text, hits in groups]


def read_pages(corpus: Path, language: str, pages: int, *, held_out: bool, seed: int = 1) -> Iterator[list[Pair]]:
    """Yield the paired words of each line of `pages` pages."""
    rng = random.Random(seed)  # noqa: S311 (repeatable, nothing secret)
    paragraphs = [line.strip() for line in read_lines(corpus, "admin", held_out=held_out)]
    for _ in range(pages):
        start = rng.randrange(len(paragraphs) - ROWS)
        image, rows, pitch = typeset(iter(paragraphs[start:]), WEAR[language], rng)
        words = read_page(image, language)
        yield from (pair_words(words, row, pitch) for row in rows)


class Aligner:
    """Confusions so far, and the best alignment under them."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {}

    def log_probability(self, meant: str, printed: str) -> float:
        """Return log P(printed | meant)."""
        row = self.counts.get(meant, Counter())
        return math.log((row[printed] + EM_PRIOR * prior(meant, printed)) / (row.total() + EM_PRIOR))

    def align(self, printed: str, meant: str) -> tuple[float, list[Pair]]:
        """Return the best alignment of a word, as (meant letter, printed characters), and its log probability."""
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
        counts: dict[str, Counter[str]] = {}
        for (printed, meant), times in pairs.items():
            score, path = self.align(printed, meant)
            if score > -12 - 3 * len(meant):
                for letter, characters in path:
                    counts.setdefault(letter, Counter())[characters] += times
        self.counts = counts


def count_confusions(lines: Sequence[Sequence[Pair]]) -> dict[str, Counter[str]]:
    """Return how often each letter was read as what."""
    pairs = Counter(
        (read, meant)
        for line in lines
        for read, meant in line
        if read and " " not in read + meant and len(read) <= 2 * len(meant) + 2 and any(map(str.isalpha, meant))
    )
    aligner = Aligner()
    for _ in range(EM_ROUNDS):
        aligner.learn(pairs)
    return {letter: row for letter, row in sorted(aligner.counts.items()) if letter.isalpha()}


def to_toml(name: str, counts: dict[str, Counter[str]]) -> str:
    """Return the table `name`: a line a letter, what it became most often first."""
    rows = []
    for letter, row in counts.items():
        cells = [f"{json.dumps(printed, ensure_ascii=False)} = {times}" for printed, times in row.most_common()]
        kept = cells[: sum(times >= LEAST_COUNT for times in row.values())]
        rows.append(f'"{letter}" = {{ {", ".join(kept)} }}\n')
    return f"\n[{name}]\n" + "".join(rows)


def print_shares(name: str, texts: Sequence[str]) -> None:
    """Print how the words of `texts` look: the table of planparse.restoring.damage."""
    shares = look_shares(texts)
    print(f"{name:8}", *(f"{look.name} {shares[look]:.4f}" for look in Look))


def main() -> None:
    """Read the pages, write the tables, print the looks of words."""
    parser = argparse.ArgumentParser(description="Count the confusions that planparse.restoring knows.")
    parser.add_argument("corpus", type=Path, help="folder with admin.txt.xz")
    parser.add_argument("--pages", type=int, default=200, help="pages for each of the two models")
    root = Path(__file__).parents[1]
    parser.add_argument("--out", type=Path, default=root / "src/planparse/data/confusions.toml")
    options = parser.parse_args()
    lines = {language: list(read_pages(options.corpus, language, options.pages, held_out=False)) for language in WEAR}
    tables = to_toml("english", count_confusions(lines["eng"])) + to_toml("vietnamese", count_confusions(lines["vie"]))
    by_hand = options.out.read_text(encoding="utf-8").partition(COUNTED)[0]
    options.out.write_text(by_hand + COUNTED + tables, encoding="utf-8")
    right = list(read_lines(options.corpus, "admin"))[::20]
    print_shares("RIGHT", right)
    print_shares("BARE", [fold(line) for line in right])
    print_shares("MANGLED", [" ".join(read for read, _ in line) for line in lines["eng"]])
    print_shares("FOREIGN", (root / "LICENSE").read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    main()
