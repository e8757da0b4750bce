"""What the driver of a batch takes for a document, beside the document's own work, and whether that grows.

    python bench/batch.py [--documents 100 1000 10000 100000]

The documents are tiny texts and the parser a stand-in that returns an empty plan, so that what is left is finding,
hashing, recording and writing; workers wait for the disk, here nobody does. Told are milliseconds a document and the
memory at the end, for a first run and for a second one, which finds all done.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import psutil

from planparse.batch import runs, work
from planparse.batch.calls import Call
from planparse.batch.lanes import Lanes
from planparse.batch.manifest import content_of
from planparse.batch.pools import open_serial
from planparse.batch.runs import Options, parse_into
from planparse.pipeline import parse_text

if TYPE_CHECKING:
    from planparse.config import Config
    from planparse.plan import Plan

MEGABYTE = 1024**2
ROUND_TRIPS = 2000


def stand_in(path: Path, *, config: Config, store: object) -> Plan:  # noqa: ARG001 (as the real one)
    """Return a plan that only knows what it is of."""
    return PLAN.model_copy(update={"source": PLAN.source.__class__(path.name, content_of(path) or "", 1, "text")})


PLAN = parse_text("KẾ HOẠCH\n")


def measure(folder: Path, count: int) -> None:
    """Print what a run of so many documents takes, and one after it."""
    for number in range(count):
        (folder / f"{number}.txt").write_text(str(number), encoding="utf-8")
    for name in ("first", "again"):
        started = time.perf_counter()
        parse_into(folder / "out", [str(folder)], Options())
        each = (time.perf_counter() - started) / count * 1000
        print(
            f"{count:7d} documents, {name}: {each:.2f} ms each, {psutil.Process().memory_info().rss / MEGABYTE:.0f} MB"
        )


def main() -> None:
    """Measure each number of documents, and the way to a process and back."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[100, 1000, 10_000, 100_000])
    counts = parser.parse_args().documents
    with (
        patch.object(work, "parse", stand_in),
        patch.object(work, "count_pages", lambda _path, _config: 1),
        patch.object(runs, "open_pool", lambda **_options: open_serial()),
    ):
        for count in counts:
            with tempfile.TemporaryDirectory() as name, patch("os.fsync"):
                measure(Path(name), count)
    lanes = Lanes()
    lanes.contain(Call(int, (), "warm"))
    started = time.perf_counter()
    for _ in range(ROUND_TRIPS):
        lanes.contain(Call(int, (), "int"))
    print(f"to a process and back: {(time.perf_counter() - started) / ROUND_TRIPS * 1000:.2f} ms")
    lanes.close()


if __name__ == "__main__":
    main()
