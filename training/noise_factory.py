"""Pages without limit whose text is known: typeset, worn, read by OCR engines, aligned line by line.

    python training/noise_factory.py CORPUS --out FOLDER [--pages 2400] [--held-out] [--jobs 2]
    python training/noise_factory.py PLAN.txt... --out FOLDER --engine eng --wear office

Each page is a file of its own, FOLDER/ENGINE/NUMBER.json, made from its number alone: run again, only what is missing
is made, and the same number gives the same page. Engines that are not installed are named and left out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from rapidfuzz.distance import Indel
from rich.progress import track

from corpus import read_lines
from planparse.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROWS, MARGIN, LINE_EMS = 36, 60, 33
"""Lines of a page; pixels around them; the length of a line in sizes of type."""

HEADINGS = 0.12
"""Share of short paragraphs set in capitals."""

LEAST_LIKE = 0.4
"""Likeness, without marks, from which a line read is taken to be a line set."""

FONTS = {
    "LiberationSerif": 5,
    "Tinos": 2,
    "texgyretermes": 3,
    "FreeSerif": 3,
    "LinLibertine": 1,
    "NotoSerif": 1,
    "DejaVuSerif": 1,
    "LiberationSans": 1,
    "Arimo": 1,
}
"""Families with all Vietnamese letters, and how often each is used: offices set Times New Roman (Decree
30/2020/NĐ-CP), with which the first four agree in widths."""

STYLES = {
    "regular": (("-Regular", "-regular", "_R", ""), 8),
    "bold": (("-Bold", "-bold", "_RB", "Bold"), 2),
    "italic": (("-Italic", "-italic", "_RI", "Italic"), 1),
}
"""How families name the file of each style, and how often it is used."""

ENGINES: dict[str, tuple[tuple[str, ...], int]] = {
    "eng": (("tesseract", "-", "-", "-l", "eng", "--psm", "6"), 10),
    "vie": (("tesseract", "-", "-", "-l", "vie", "--psm", "6"), 7),
    "fra": (("tesseract", "-", "-", "-l", "fra", "--psm", "6"), 4),
    "deu": (("tesseract", "-", "-", "-l", "deu", "--psm", "6"), 4),
    "gocr": (("gocr", "-i"), 5),
    "ocrad": (("ocrad", "--format=utf8"), 5),
}
"""The command that reads a page (PGM on stdin or in a file), and the engine's share of the pages."""

Page = npt.NDArray[np.uint8]
Lines = list[tuple[str, str]]


@dataclass(frozen=True)
class Wear:
    """How a page suffers.

    Attributes:
        blur: radius in ems of type.
        noise: standard deviation in grey levels of 256.
        threshold: the grey level below which ink stays ink; None keeps the greys.
        squeeze: by how much the height is sampled coarser, as a fax does.
        specks: share of pixels that turn.
        tilt: degrees.
    """

    blur: float = 0.0
    noise: float = 0.0
    threshold: int | None = None
    squeeze: float = 1.0
    specks: float = 0.0
    tilt: float = 0.0


def office(rng: random.Random) -> Wear:
    """Return a scanner in good order."""
    return Wear(blur=rng.uniform(0.0, 0.025), noise=rng.uniform(0, 14), tilt=rng.uniform(-0.4, 0.4))


def copier(rng: random.Random) -> Wear:
    """Return a photocopy that was scanned in black and white."""
    return Wear(
        blur=rng.uniform(0.01, 0.035),
        noise=rng.uniform(0, 30),
        threshold=rng.randrange(110, 205),
        specks=rng.uniform(0, 0.0015),
        tilt=rng.uniform(-0.7, 0.7),
    )


def fax(rng: random.Random) -> Wear:
    """Return a fax: fewer rows than columns, black and white."""
    return Wear(
        blur=rng.uniform(0.01, 0.03),
        noise=rng.uniform(0, 20),
        threshold=rng.randrange(120, 200),
        squeeze=rng.uniform(1.2, 2.0),
        specks=rng.uniform(0, 0.001),
        tilt=rng.uniform(-0.3, 0.3),
    )


WEARS: dict[str, tuple[Callable[[random.Random], Wear], int, tuple[int, ...]]] = {
    "office": (office, 6, (30, 34, 38, 42, 50, 58)),
    "copier": (copier, 3, (26, 30, 38, 50, 58)),
    "fax": (fax, 1, (38, 44, 50)),
}
"""Each wear, how often, and the pixels of 14 pt type: 29 at 150 dpi, 39 at 200, 58 at 300."""


def find_fonts() -> dict[str, list[Path]]:
    """Return the files of each style: for each family that is installed, as often as it is to be used."""
    files = {
        path.stem: path
        for folder in ("/usr/share/fonts", "/usr/share/texmf/fonts")
        for path in Path(folder).rglob("*.[ot]tf")
    }
    found: dict[str, list[Path]] = {}
    for style, (endings, _) in STYLES.items():
        for family, times in FONTS.items():
            path = next((files[family + ending] for ending in endings if family + ending in files), None)
            if path:
                found.setdefault(style, []).extend([path] * times)
    return found


def wrap(paragraphs: Iterator[str], font: ImageFont.FreeTypeFont, width: int, rng: random.Random) -> Iterator[str]:
    """Yield the lines of `paragraphs` set in `font`."""
    for paragraph in paragraphs:
        heading = len(paragraph) < width // 10 and rng.random() < HEADINGS
        line = ""
        for word in (paragraph.upper() if heading else paragraph).split():
            longer = f"{line} {word}" if line else word
            if line and font.getlength(longer) > width:
                yield line
                longer = word
            line = longer
        if line:
            yield line


def typeset(
    paragraphs: Iterator[str], font: ImageFont.FreeTypeFont, rng: random.Random
) -> tuple[Image.Image, list[str]]:
    """Return a clean page with the first lines of `paragraphs`, and these lines."""
    size = int(font.size)
    pitch, width = round(size * rng.uniform(1.3, 1.6)), size * LINE_EMS
    lines = list(islice(wrap(paragraphs, font, width, rng), ROWS))
    image = Image.new("L", (width + 2 * MARGIN, 2 * MARGIN + len(lines) * pitch), 255)
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        draw.text((MARGIN, MARGIN + row * pitch), line, font=font, fill=0)
    return image, lines


def soil(image: Image.Image, wear: Wear, size: int, rng: random.Random) -> Image.Image:
    """Return `image` as `wear` leaves it; `size` is that of its type in pixels."""
    chance = np.random.default_rng(rng.randrange(1 << 30))
    image = image.rotate(wear.tilt, Image.Resampling.BICUBIC, fillcolor=255)
    image = image.filter(ImageFilter.GaussianBlur(wear.blur * size))
    width, height = image.size
    image = image.resize((width, round(height / wear.squeeze)), Image.Resampling.BOX)
    grey = np.asarray(image, np.float32) + chance.normal(0, wear.noise, image.size[::-1]).astype(np.float32)
    if wear.threshold is not None:
        grey = np.where(grey > wear.threshold, 255, 0)
    grey = np.where(chance.random(grey.shape) < wear.specks, 255 - grey, grey)
    worn = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    return worn.resize((width, height), Image.Resampling.BILINEAR)


def read_page(image: Image.Image, engine: str) -> list[str]:
    """Return the lines that `engine` reads."""
    command = list(ENGINES[engine][0])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.pgm"
        image.save(path)
        command = [str(path) if part == "-" and place == 1 else part for place, part in enumerate(command)]
        if engine in ("gocr", "ocrad"):
            command.append(str(path))
        environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
        strict = engine not in ("gocr", "ocrad")  # these fail on pages without text
        result = subprocess.run(command, capture_output=True, check=strict, env=environment)  # noqa: S603 (fixed commands)
    lines = result.stdout.decode("utf-8", "replace").replace("\f", "\n").splitlines()
    return [" ".join(line.split()) for line in lines if line.strip()]


def align_lines(read: Sequence[str], meant: Sequence[str]) -> Lines:
    """Return (read, set) for the lines that can be paired, in order: the pairs that are most alike together."""
    like = np.array([[Indel.normalized_similarity(fold(a), fold(b)) for b in meant] for a in read]).reshape(
        len(read), len(meant)
    )
    gain = np.where(like >= LEAST_LIKE, like, 0.0)
    best = np.zeros((len(read) + 1, len(meant) + 1))
    for row in range(len(read) - 1, -1, -1):
        for column in range(len(meant) - 1, -1, -1):
            best[row, column] = max(
                best[row + 1, column], best[row, column + 1], gain[row, column] + best[row + 1, column + 1]
            )
    pairs, row, column = [], 0, 0
    while row < len(read) and column < len(meant):
        if gain[row, column] and best[row, column] == gain[row, column] + best[row + 1, column + 1]:
            pairs.append((read[row], meant[column]))
            row, column = row + 1, column + 1
        elif best[row, column] == best[row + 1, column]:
            row += 1
        else:
            column += 1
    return pairs


def make_page(
    number: int,
    engine: str,
    paragraphs: Sequence[str],
    *,
    fonts: dict[str, list[Path]],
    wears: Sequence[str],
    out: Path,
) -> None:
    """Write page `number` as `engine` reads it, unless it is there."""
    path = out / engine / f"{number:05}.json"
    if path.exists():
        return
    rng = random.Random(f"{engine} {number}")  # noqa: S311 (repeatable, nothing secret)
    wear_name = rng.choices(wears, [WEARS[wear][1] for wear in wears])[0]
    wear, _, sizes = WEARS[wear_name]
    style = rng.choices(list(STYLES), [share for _, share in STYLES.values()])[0]
    path_of_font = rng.choice(fonts[style])
    font = ImageFont.truetype(path_of_font, rng.choice(sizes))
    start = rng.randrange(max(len(paragraphs) - ROWS, 1))
    image, meant = typeset(iter(paragraphs[start:]), font, rng)
    worn = soil(image, wear(rng), int(font.size), rng)
    page = {
        "engine": engine,
        "wear": wear_name,
        "font": path_of_font.stem,
        "size": int(font.size),
        "lines": align_lines(read_page(worn, engine), meant),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(page, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    unfinished.replace(path)


def turns_of(engines: Sequence[str]) -> list[str]:
    """Return the engines that are installed, each as often as its share, mixed."""
    installed = [engine for engine in engines if shutil.which(ENGINES[engine][0][0])]
    for engine in set(engines) - set(installed):
        print(f"{engine}: not installed, left out")
    most = max(share for _, share in ENGINES.values())
    return [engine for turn in range(most) for engine in installed if turn < ENGINES[engine][1]]


def read_paragraphs(sources: Sequence[Path], *, held_out: bool) -> list[str]:
    """Return the paragraphs of a corpus, or the lines of texts."""
    if sources[0].is_dir():
        return [line.strip() for line in read_lines(sources[0], "admin", held_out=held_out)]
    return [line for path in sources for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_pages(folder: Path, engine: str) -> Iterator[Lines]:
    """Yield the pairs of lines of each page of `engine` in `folder`, in the order of their numbers."""
    for path in sorted((folder / engine).glob("*.json")):
        yield [(read, meant) for read, meant in json.loads(path.read_text(encoding="utf-8"))["lines"]]


def main() -> None:
    """Make the pages."""
    parser = argparse.ArgumentParser(description="Make pages whose text is known, as OCR engines read them.")
    parser.add_argument("sources", type=Path, nargs="+", help="folder with admin.txt.xz, or texts")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pages")
    parser.add_argument("--pages", type=int, default=2400)
    parser.add_argument("--engine", choices=ENGINES, action="append", help="may be repeated; all if it is not given")
    parser.add_argument("--wear", choices=WEARS, action="append", help="may be repeated; all if it is not given")
    parser.add_argument("--held-out", action="store_true", help="set what training never sees")
    parser.add_argument("--jobs", type=int, default=2, help="pages made at once")
    options = parser.parse_args()
    turns = turns_of(options.engine or list(ENGINES))
    make = partial(
        make_page,
        paragraphs=read_paragraphs(options.sources, held_out=options.held_out),
        fonts=find_fonts(),
        wears=options.wear or list(WEARS),
        out=options.out,
    )
    with ThreadPoolExecutor(options.jobs) as pool:
        futures = [pool.submit(make, number, turns[number % len(turns)]) for number in range(options.pages)]
        for future in track(futures, description="pages"):
            future.result()


if __name__ == "__main__":
    main()
