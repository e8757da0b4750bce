"""Pages whose text is known, as Tesseract and trueocr read them: made once, kept as JSON, read by arbitration.py.

A page is typeset from paragraphs of a corpus, and worn as noise_factory.py does or damaged as scripts/damage.py does.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageFont

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from damage import LEVELS, damage, encode
from noise_factory import ROWS, STYLES, WEARS, align_lines, soil, typeset
from planparse.config import DEFAULT
from planparse.document import OtherReading, Word
from planparse.reading.images.raster import POINTS_PER_INCH, read_frames
from planparse.reading.layout import lay_out, to_lines
from planparse.reading.scan import read_scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TWO = replace(DEFAULT, engine="tesseract+trueocr")

DAMAGED = ("office", "poor", "fax", "phone")
SIZES = (12, 13, 13, 14, 14, 14)
"""Levels of damage, and points of type, of every other page."""

TYPE_POINTS = 14
"""Size of an office's type, which tells the resolution of a page."""


def make_page(number: int, paragraphs: Sequence[str], fonts: dict[str, list[Path]], out: Path) -> None:
    """Write page `number` as both engines read it, unless it is there."""
    path = out / f"{number:05}.json"
    if path.exists():
        return
    rng = random.Random(f"two engines {number}")  # noqa: S311 (repeatable, nothing secret)
    style = rng.choices(list(STYLES), [share for _, share in STYLES.values()])[0]
    start = rng.randrange(max(len(paragraphs) - ROWS, 1))
    face = rng.choice(fonts[style])
    lines, meant = (worn_page, levelled_page)[number % 2](iter(paragraphs[start:]), face, rng)
    texts = [" ".join(word.text for word in words) for words in lines]
    known = dict(align_lines(texts, meant))
    page = [
        {"meant": known[text], "words": [_to_json(word) for word in words]}
        for text, words in zip(texts, lines, strict=True)
        if text in known
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(page, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)


def worn_page(paragraphs: Iterator[str], face: Path, rng: random.Random) -> tuple[list[tuple[Word, ...]], list[str]]:
    """Return the lines read of a page worn as training/noise_factory.py does, and the lines set."""
    wear, _, sizes = WEARS[rng.choices(list(WEARS), [times for _, times, _ in WEARS.values()])[0]]
    size = rng.choice(sizes)
    image, meant = typeset(paragraphs, ImageFont.truetype(face, size), rng)
    return read_twice(soil(image, wear(rng), size, rng), size / TYPE_POINTS * POINTS_PER_INCH), meant


def levelled_page(
    paragraphs: Iterator[str], face: Path, rng: random.Random
) -> tuple[list[tuple[Word, ...]], list[str]]:
    """Return the lines read of a page damaged as scripts/damage.py does, and the lines set."""
    level = LEVELS[rng.choice(DAMAGED)]
    size = round(rng.choice(SIZES) / POINTS_PER_INCH * level.dpi)
    image, meant = typeset(paragraphs, ImageFont.truetype(face, size), rng)
    damaged = damage(image, level, np.random.default_rng(rng.randrange(1 << 30)))
    return read_twice(Image.open(BytesIO(encode(damaged, level))), float(level.dpi)), meant


def read_twice(image: Image.Image, dpi: float) -> list[tuple[Word, ...]]:
    """Return the lines of a page as planparse reads it."""
    data = BytesIO()
    image.save(data, "PNG", dpi=(dpi, dpi))
    (raster,) = read_frames(data.getvalue(), "page", TWO)
    scan = read_scan(raster, TWO, place="page")
    return [line.words for line in to_lines(lay_out(scan.words, []), page=1, first=1)]


def _to_json(word: Word) -> list[Any]:
    other = [word.other.text, word.other.confidence, word.other.words] if word.other else None
    return [word.text, word.confidence, other]


def read_pages(folder: Path) -> Iterator[list[tuple[list[Word], str]]]:
    """Yield the lines of each page: the words, and what was meant."""
    for path in sorted(folder.glob("*.json")):
        page = json.loads(path.read_text(encoding="utf-8"))
        yield [([_from_json(*word) for word in line["words"]], line["meant"]) for line in page]


def _from_json(text: str, confidence: float, other: list[Any] | None) -> Word:
    return Word(text, None, confidence, other=OtherReading(*other) if other else None)
