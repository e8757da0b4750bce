"""What the driver of a batch takes for a document, beside the document's own work, and whether that grows.

    python bench/batch.py [--documents 100 1000 10000 100000]

The documents are tiny texts and the parser a stand-in that returns an empty plan, so that what is left is finding,
hashing, recording and writing; workers wait for the disk, here nobody does. Told are milliseconds a document, of a
processor and by the clock, and the memory at the end, for a first run and for a second one, which finds all done. Then,
what the driver takes for a document with more and more calls in flight, whose answers come one by one.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from concurrent.futures import Executor, Future
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING
from unittest.mock import patch

import psutil

from planparse.batch import runs, work
from planparse.batch.calls import Answer, Call, perform
from planparse.batch.driver import drive
from planparse.batch.lanes import Lanes
from planparse.batch.manifest import content_of
from planparse.batch.pools import Pool, open_serial
from planparse.batch.runs import Options, parse_into
from planparse.pipeline import parse_text

if TYPE_CHECKING:
    from planparse.batch.driver import Steps
    from planparse.config import Config
    from planparse.plan import Plan

MEGABYTE = 1024**2
ROUND_TRIPS = 2000
WINDOWS = (16, 256, 1024, 4096)
BETWEEN = 0.0005
"""Seconds between two answers."""


def stand_in(path: Path, *, config: Config, store: object) -> Plan:  # noqa: ARG001 (as the real one)
    """Return a plan that only knows what it is of."""
    return PLAN.model_copy(update={"source": PLAN.source.__class__(path.name, content_of(path) or "", 1, "text")})


PLAN = parse_text("KẾ HOẠCH\n")


def measure(folder: Path, count: int) -> None:
    """Print what a run of so many documents takes, and one after it."""
    for number in range(count):
        (folder / f"{number}.txt").write_text(str(number), encoding="utf-8")
    for name in ("first", "again"):
        started = time.process_time(), time.perf_counter()
        parse_into(folder / "out", [str(folder)], Options())
        processor, clock = time.process_time() - started[0], time.perf_counter() - started[1]
        print(
            f"{count:7d} documents, {name}: {processor / count * 1000:.2f} ms of a processor each, "
            f"{clock / count * 1000:.2f} ms by the clock, {psutil.Process().memory_info().rss / MEGABYTE:.0f} MB"
        )


class OneByOne(Executor):
    """Makes no call, and answers one after the other."""

    def __init__(self) -> None:
        self._futures: SimpleQueue[Future[Answer]] = SimpleQueue()
        threading.Thread(target=self._answer, daemon=True).start()

    def submit(self, *_: object) -> Future[Answer]:  # type: ignore[override]  # of calls it looks at nothing
        """Return what will be answered."""
        future: Future[Answer] = Future()
        self._futures.put(future)
        return future

    def _answer(self) -> None:
        while True:
            future = self._futures.get()
            time.sleep(BETWEEN)
            if future.set_running_or_notify_cancel():
                future.set_result(Answer(None, None, 0.0))


def one_call() -> Steps[None]:
    """Ask for one call, as a short document does."""
    yield [Call(int, (), "int")]


def measure_window(window: int) -> None:
    """Print what a document takes with so many calls in flight."""
    documents = drive((one_call() for _ in range(2 * window)), Pool(OneByOne(), perform, window))
    for _ in range(window // 2):
        next(documents)
    started, count = time.thread_time(), window // 2
    for _ in range(count):
        next(documents)
    print(f"{window:7d} calls in flight: {(time.thread_time() - started) / count * 1000:.2f} ms of a processor each")


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
            with tempfile.TemporaryDirectory() as name, patch("os.fsync", int):
                measure(Path(name), count)
    for window in WINDOWS:
        measure_window(window)
    lanes = Lanes()
    lanes.contain(Call(int, (), "warm"))
    started = time.perf_counter()
    for _ in range(ROUND_TRIPS):
        lanes.contain(Call(int, (), "int"))
    print(f"to a process and back: {(time.perf_counter() - started) / ROUND_TRIPS * 1000:.2f} ms")
    lanes.close()


if __name__ == "__main__":
    main()
