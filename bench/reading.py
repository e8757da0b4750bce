"""How well and how fast pages are read, beside plain Tesseract on the same pages, by level of damage.

    python bench/reading.py [--shared SHARED] [--pages 3] [--levels clean,office,poor] [--speed] [--ocrmypdf]

The pages are those of scripts/sample_texts, damaged as scripts/damage.py does, and the real scans of SHARED/scans.
Plain is `tesseract -l vie` at its defaults, on the page rendered at 300 dpi. A word of the truth is wrong where the
text read has it less often, so that the order of columns does not count; it does for characters. `kept wrong` is the
share of the words that plain Tesseract gets wrong. With --speed, pages a minute of two processes, as a share of two
of plain Tesseract, one thread each: planparse reads two scans that have half of the pages each; plain Tesseract is
started for each page, and, as one more reader, once for half of the pages. With --ocrmypdf, those of `ocrmypdf --jobs 2
--sidecar` too, where it is installed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
from PIL import Image
from rapidfuzz.distance import Levenshtein
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas
from rich.console import Console
from rich.progress import track
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from damage import LEVELS, damage, encode
from planparse.config import DEFAULT
from planparse.reading import read_file
from planparse.reading.engines import known_engines
from planparse.restoring import plausibility, restore_document
from planparse.text import nfc
from sample_layout import typeset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from planparse.document import Document

ROOT = Path(__file__).parents[1]
PLAIN_DPI, POINTS_PER_INCH, SEED = 300, 72.0, 7
TESSERACT = "Tesseract alone"
ONE_THREAD = os.environ | {"OMP_THREAD_LIMIT": "1"}
REAL = {
    "binhduong-tb06": "source.pdf",
    "camau-ct01": "source.pdf",
    "kiengiang-ttra09": "source.pdf",
    "chinhphu-nd": "page-{}.jpg",
}
"""The scans whose text is known: a PDF, or an image a page."""


@dataclass(frozen=True)
class Sheet:
    """A page as a PDF or image of its own, the same at 300 dpi for plain Tesseract, and its text."""

    level: str
    path: Path
    plain: Path
    text: str


@dataclass
class Tally:
    """What a reader made of the pages of a level: characters and words, and how many of them are wrong."""

    characters: int = 0
    bad_characters: int = 0
    words: int = 0
    bad_words: int = 0

    def add(self, text: str, truth: str) -> None:
        """Compare the text read of a page with the truth, line breaks aside."""
        read, meant = nfc(text).split(), nfc(truth).split()
        self.characters += len(" ".join(meant))
        self.bad_characters += Levenshtein.distance(" ".join(read), " ".join(meant))
        self.words += len(meant)
        self.bad_words += (Counter(meant) - Counter(read)).total()


# Pages


def made_sheets(folder: Path, levels: Iterable[str], pages: int) -> Iterator[Sheet]:
    """Yield up to so many pages of each sample's text, at each level."""
    for source in sorted((ROOT / "scripts" / "sample_texts").glob("*.toml")):
        document = pypdfium2.PdfDocument(typeset(tomllib.loads(source.read_text(encoding="utf-8"))))
        for number in range(min(pages, len(document))):
            text = document[number].get_textpage().get_text_range()
            for name in levels:
                level = LEVELS[name]
                clean = document[number].render(scale=level.dpi / POINTS_PER_INCH).to_pil()
                worn = encode(damage(clean, level, np.random.default_rng(SEED + number)), level)
                path = folder / f"{source.stem}-{number + 1}-{name}.pdf"
                write_pdf(worn, level.dpi, path)
                yield Sheet(name, path, render(path, 0, folder), text)


def real_sheets(folder: Path, shared: Path) -> Iterator[Sheet]:
    """Yield the pages of the real scans, each as a file of its own."""
    for name, pattern in REAL.items():
        for truth in sorted((shared / "scans" / name).glob("page-*.truth.txt")):
            number = int(truth.name.split(".")[0].removeprefix("page-"))
            text, source = truth.read_text(encoding="utf-8"), truth.parent / pattern.format(number)
            if source.suffix == ".jpg":
                yield Sheet("real", source, source, text)
                continue
            path = folder / f"{name}-{number}.pdf"
            one = pypdfium2.PdfDocument.new()
            one.import_pages(pypdfium2.PdfDocument(source), [number - 1])
            one.save(path)
            upright = not (name == "camau-ct01" and number == 2)  # noqa: PLR2004 (it stands on its head)
            yield Sheet("real" if upright else "real, on its head", path, render(path, 0, folder), text)


def write_pdf(image: bytes, dpi: int, path: Path) -> None:
    """Write an image as a page of its size."""
    with Image.open(BytesIO(image)) as opened:
        size = (opened.width * POINTS_PER_INCH / dpi, opened.height * POINTS_PER_INCH / dpi)
    page = canvas.Canvas(str(path), pagesize=size)
    page.drawImage(ImageReader(BytesIO(image)), 0, 0, *size)
    page.save()


def render(source: Path, index: int, folder: Path) -> Path:
    """Return a page rendered for plain Tesseract."""
    path = folder / f"{source.stem}.png"
    image = pypdfium2.PdfDocument(source)[index].render(scale=PLAIN_DPI / POINTS_PER_INCH, grayscale=True).to_pil()
    image.save(path, dpi=(PLAIN_DPI, PLAIN_DPI))
    return path


# Readers


def read_plain(sheet: Sheet) -> str:
    """Return what plain Tesseract reads."""
    command = ["tesseract", str(sheet.plain), "stdout", "-l", "vie"]
    result = subprocess.run(command, capture_output=True, check=True, env=ONE_THREAD)  # noqa: S603 (a fixed command)
    return result.stdout.decode("utf-8", "replace")


def read_ours(sheet: Sheet, engine: str) -> str:
    """Return what planparse reads with `engine`, restored."""
    return to_text(restore_document(read_file(sheet.path, replace(DEFAULT, engine=engine), judge=plausibility)))


def to_text(document: Document) -> str:
    """Return the lines of a document."""
    return "\n".join(line.text for line in document.lines)


def readers() -> dict[str, Callable[[Sheet], str]]:
    """Return the ways to read, plain Tesseract first."""
    found: dict[str, Callable[[Sheet], str]] = {"plain": read_plain, TESSERACT: partial(read_ours, engine="tesseract")}
    if "trueocr" in known_engines():
        found["both engines"] = partial(read_ours, engine="tesseract+trueocr")
    return found


# Measures


def measure(sheets: list[Sheet]) -> dict[tuple[str, str], Tally]:
    """Return what each reader makes of each level."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    with pool() as executor:
        for name, reader in readers().items():
            texts = executor.map(reader, sheets)
            for sheet, text in zip(sheets, track(texts, name, len(sheets)), strict=True):
                tallies[sheet.level, name].add(text, sheet.text)
    return tallies


def pool() -> ProcessPoolExecutor:
    """Return two processes that start afresh."""
    return ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))


def show(tallies: dict[tuple[str, str], Tally]) -> None:
    """Print a line for each level and reader."""
    table = Table("level", "reader", "words", "wrong words", "kept wrong", "wrong characters")
    for (level, name), tally in sorted(tallies.items(), key=lambda item: item[0][0]):
        plain = tallies[level, "plain"]
        kept = tally.bad_words / max(1, plain.bad_words)
        wrong = (tally.bad_words / tally.words, tally.bad_characters / tally.characters)
        table.add_row(level, name, str(tally.words), f"{wrong[0]:.2%}", f"{kept:.2f}", f"{wrong[1]:.2%}")
    Console().print(table)


def halves(sheets: list[Sheet], folder: Path) -> list[Sheet]:
    """Return two scans that have every other page each; for plain Tesseract, a list of their images."""
    found = []
    for half in range(2):
        part, whole = sheets[half::2], pypdfium2.PdfDocument.new()
        for sheet in part:
            whole.import_pages(pypdfium2.PdfDocument(sheet.path))
        path, plain = folder / f"half-{half}.pdf", folder / f"half-{half}.txt"
        whole.save(path)
        plain.write_text("".join(f"{sheet.plain}\n" for sheet in part), encoding="utf-8")
        found.append(Sheet("half", path, plain, ""))
    return found


def time_all(sheets: list[Sheet], folder: Path, *, ocrmypdf: bool) -> None:
    """Print pages a minute of each reader, by two processes, as a share of plain Tesseract's."""
    table = Table("reader", "pages a minute", "of plain")
    scans = [sheet for sheet in sheets if sheet.path.suffix == ".pdf"]
    both = halves(scans, folder)
    rates: dict[str, float] = {}
    for name, reader in readers().items():
        with ThreadPoolExecutor(2) if name == "plain" else pool() as executor:
            list(executor.map(reader, sheets[:2]))
            rates[name] = time_one(executor, reader, scans if name == "plain" else both, len(scans))
            if name == "plain":
                rates["plain, started twice"] = time_one(executor, reader, both, len(scans))
    if ocrmypdf and (program := shutil.which("ocrmypdf")):
        rates["OCRmyPDF"] = time_ocrmypdf(program, sheets)
    for name, rate in rates.items():
        table.add_row(name, f"{rate:.0f}", f"{rate / rates['plain']:.2f}")
    Console().print(table)


def time_one(executor: Executor, reader: Callable[[Sheet], str], sheets: list[Sheet], pages: int) -> float:
    """Return pages a minute."""
    started = time.perf_counter()
    list(executor.map(reader, sheets))
    return pages * 60 / (time.perf_counter() - started)


def time_ocrmypdf(program: str, sheets: list[Sheet]) -> float:
    """Return pages a minute of OCRmyPDF on all made pages in one file; it refuses pages with a layer."""
    with tempfile.TemporaryDirectory() as folder:
        whole = pypdfium2.PdfDocument.new()
        for sheet in sheets:
            if sheet.level in LEVELS:
                whole.import_pages(pypdfium2.PdfDocument(sheet.path))
        source = Path(folder) / "in.pdf"
        whole.save(source)
        options = ["--jobs", "2", "-l", "vie", "--sidecar", f"{folder}/out.txt"]
        command = [program, *options, str(source), f"{folder}/out.pdf"]
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (a fixed command)
        return len(whole) * 60 / (time.perf_counter() - started)


def main() -> None:
    """Make the pages, read them, print."""
    parser = argparse.ArgumentParser(description="Measure reading beside plain Tesseract.")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the folder with scans/")
    parser.add_argument("--pages", type=int, default=3, help="pages of each sample text")
    parser.add_argument("--levels", default=",".join(LEVELS), help="levels of damage, with commas between")
    parser.add_argument("--speed", action="store_true", help="measure pages a minute instead")
    parser.add_argument("--ocrmypdf", action="store_true", help="beside OCRmyPDF too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sheets = list(made_sheets(Path(folder), [name for name in options.levels.split(",") if name], options.pages))
        sheets += real_sheets(Path(folder), options.shared)
        if options.speed:
            time_all(sheets, Path(folder), ocrmypdf=options.ocrmypdf)
        else:
            show(measure(sheets))


if __name__ == "__main__":
    main()
