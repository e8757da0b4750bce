"""How fast a batch reads scans: beside raw Tesseract, with one process and two, and on a Dask cluster.

    python bench/throughput.py [--pages 40] [--dask]

The pages are those of bench/memory.py, as documents of two pages and as one long document. Raw Tesseract is two
processes at a time, one thread each, started for each page on the rasters that planparse hands to its Tesseract, so
that what is left of the difference is all the rest of planparse: reading files, preparing pages, restoring, segmenting,
normalizing, writing, and starting processes. Each is measured twice, in turn, and the faster one is told.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from memory import DPI, QUALITY, pages
from planparse.batch.runs import Options, parse_into
from planparse.config import Config
from planparse.reading.images.preparing import prepare
from planparse.reading.images.raster import open_pdf, render_page

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIG = Config(engine="tesseract")
JOBS = 2
SHORT, LONG = 2, 20
"""Pages of a short document, and of the long one."""
TURNS = 2


def make_documents(folder: Path, count: int) -> None:
    """Write so many pages as short documents, and a long document."""
    (folder / "short").mkdir()
    (folder / "long").mkdir()
    made = list(pages(max(count, LONG)))
    for start in range(0, count, SHORT):
        first, *others = made[start : start + SHORT]
        path = folder / "short" / f"{start}.pdf"
        first.save(path, "PDF", save_all=True, append_images=others, resolution=DPI, quality=QUALITY)
    first, *others = made[:LONG]
    first.save(
        folder / "long" / "long.pdf", "PDF", save_all=True, append_images=others, resolution=DPI, quality=QUALITY
    )


def make_rasters(folder: Path) -> list[Path]:
    """Write the images that planparse hands to Tesseract of the short documents."""
    found = []
    for path in sorted((folder / "short").iterdir()):
        with open_pdf(path.read_bytes(), path.name) as document:
            for number in range(1, len(document) + 1):
                raster = prepare(render_page(document, number, path.name, CONFIG)).raster
                found.append(folder / f"{path.stem}-{number}.bmp")
                raster.image.save(found[-1])
    return found


def read_raw(rasters: list[Path]) -> None:
    """Read images by raw Tesseract, `JOBS` at a time."""
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}

    def read(path: Path) -> None:
        command = ["tesseract", str(path), "stdout", "-l", CONFIG.language, "--dpi", str(CONFIG.dpi)]
        subprocess.run(command, check=True, capture_output=True, env=environment)  # noqa: S603 (our own)

    with ThreadPoolExecutor(JOBS) as threads:
        list(threads.map(read, rasters))


def run(folder: Path, **options: object) -> None:
    """Run a batch over a folder, with nothing kept of earlier ones."""
    with tempfile.TemporaryDirectory() as out:
        parse_into(Path(out), [str(folder)], Options(config=CONFIG, cache_bytes=0, **options))  # type: ignore[arg-type]  # of Options


def fastest(ways: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Return the seconds of the faster turn of each way."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for _ in range(TURNS):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - started)
            print(f"{name}: {seconds[name][-1]:.1f} s", flush=True)
    return {name: min(each) for name, each in seconds.items()}


def main() -> None:
    """Make the documents, measure, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--dask", action="store_true", help="a Dask cluster of two workers too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_documents(folder, arguments.pages)
        ways: dict[str, Callable[[], None]] = {
            "raw Tesseract": partial(read_raw, make_rasters(folder)),
            "batch": partial(run, folder / "short", jobs=JOBS),
            "long, one process": partial(run, folder / "long", jobs=1),
            "long, two": partial(run, folder / "long", jobs=JOBS),
        }
        if arguments.dask:
            from distributed import LocalCluster  # noqa: PLC0415 (only where it is asked for)

            cluster = LocalCluster(n_workers=JOBS, threads_per_worker=1, dashboard_address=":0")  # type: ignore[no-untyped-call]  # Dask ships types of some functions only
            ways["batch on Dask"] = partial(run, folder / "short", scheduler=cluster.scheduler_address)
        seconds = fastest(ways)
    print(f"of raw Tesseract's pages a minute: {seconds['raw Tesseract'] / seconds['batch']:.2f}")
    gain = seconds["long, one process"] / seconds["long, two"]
    print(f"a document of {LONG} pages, two processes: {gain:.2f} times one")
    if arguments.dask:
        print(f"Dask, of the local pool's pages a minute: {seconds['batch'] / seconds['batch on Dask']:.2f}")


if __name__ == "__main__":
    main()
