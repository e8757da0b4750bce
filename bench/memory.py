"""How much memory `planparse parse` takes for a long scan, and whether that grows with its pages.

    python bench/memory.py [--pages 60 200] [--engine tesseract]

The pages are those of a sample scanned at 300 dpi, over and over, each moved by some pixels and with noise of its own,
so that none is read like another. Told is the resident memory of each kind of process, its peak and the peak of each
quarter of the time: what grows with the pages rises from one to the next.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil
import pypdfium2
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = Path(__file__).parents[1] / "samples" / "quang-ngai-cchc-2024-300dpi.pdf"
DPI, POINTS_PER_INCH = 300, 72
SHIFT, NOISE = 12, 3.0
"""Pixels by which a page is moved at most, and grey levels of its noise."""
QUALITY = 60
"""Of JPEG: a page then has half a megabyte, as office scanners make them."""
INTERVAL = 0.25
QUARTERS = 4
MEGABYTE = 1024**2


def pages(count: int) -> Iterator[Image.Image]:
    """Yield so many pages, no two alike."""
    rng = np.random.default_rng(count)
    sample = pypdfium2.PdfDocument(SAMPLE)
    for number in range(count):
        page = sample[number % len(sample)]
        grey = np.asarray(page.render(scale=DPI / POINTS_PER_INCH, grayscale=True).to_pil(), np.float32)
        moved = np.roll(grey, rng.integers(-SHIFT, SHIFT, 2), axis=(0, 1))
        noisy = moved + rng.normal(0, NOISE, moved.shape).astype(np.float32)
        yield Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def make(path: Path, count: int) -> None:
    """Write a scan of so many pages."""
    first, *_ = [next(made := pages(count))]
    first.save(path, "PDF", save_all=True, append_images=made, resolution=DPI, quality=QUALITY)


def watch(command: list[str]) -> tuple[float, dict[str, list[tuple[float, int]]]]:
    """Run a command; return its seconds and, by name of process, the seconds and bytes of each look at it."""
    seen: dict[str, list[tuple[float, int]]] = defaultdict(list)
    start = time.monotonic()
    with subprocess.Popen(command) as process:  # noqa: S603 (our own command)
        tree = psutil.Process(process.pid)
        while process.poll() is None:
            for one in [tree, *tree.children(recursive=True)]:
                try:
                    seen[one.name()].append((time.monotonic() - start, one.memory_info().rss))
                except psutil.Error:
                    continue
            time.sleep(INTERVAL)
    if process.returncode:
        sys.exit(process.returncode)
    return time.monotonic() - start, seen


def measure(count: int, engine: str) -> None:
    """Print the peak of each kind of process, and its peak in each quarter of the time."""
    with tempfile.TemporaryDirectory() as folder:
        scan, plan = Path(folder, "scan.pdf"), Path(folder, "plan.json")
        make(scan, count)
        size = scan.stat().st_size / MEGABYTE
        command = [sys.executable, "-m", "planparse", "parse", str(scan), "-o", str(plan), "--engine", engine]
        seconds, seen = watch(command)
    print(f"{count} pages, {size:.0f} MB, {engine}: {seconds:.0f} s", flush=True)
    for name, looks in seen.items():
        quarters = [0.0] * QUARTERS
        for at, size in looks:
            quarter = min(int(QUARTERS * at / seconds), QUARTERS - 1)
            quarters[quarter] = max(quarters[quarter], size / MEGABYTE)
        shares = ", ".join(f"{peak:.0f}" for peak in quarters)
        print(f"  {name}: {max(quarters):.0f} MB; by quarters {shares}", flush=True)


def main() -> None:
    """Measure scans of several lengths."""
    parser = argparse.ArgumentParser(description="Memory of planparse parse over long scans.")
    parser.add_argument("--pages", type=int, nargs="+", default=[60, 200])
    parser.add_argument("--engine", default="tesseract")
    options = parser.parse_args()
    for count in options.pages:
        measure(count, options.engine)


if __name__ == "__main__":
    main()
