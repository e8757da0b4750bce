"""What a Dask scheduler has to do for a document of a batch: processor time and bytes, beside the document's own work.

    python bench/cluster.py [--documents 2000] [--workers 2]

The calls are those of a batch, of documents that are not there, so that what is left is their way: from the driver
through the scheduler to a worker, to the worker's lane, and back. Bytes are those between scheduler, driver and
workers, counted by a relay before the scheduler, and include what workers report of themselves.
"""

from __future__ import annotations

import argparse
import itertools
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from distributed import Client

from planparse.batch.cache import PageCache
from planparse.batch.dask import open_dask
from planparse.batch.work import Setup, write_steps
from planparse.config import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planparse.batch.calls import Call
    from planparse.batch.pools import Pool

PIECE = 1 << 16
SETUP = Setup(config=DEFAULT, cache=PageCache(Path("out/.planparse/pages")))


class Relay:
    """Hands on what comes to `port` to the scheduler, and back, and counts the bytes of both."""

    def __init__(self, scheduler: int) -> None:
        self.bytes = 0
        self._scheduler = scheduler
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            near = self._listener.accept()[0]
            far = socket.create_connection(("127.0.0.1", self._scheduler))
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._hand_on, args=ends, daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while piece := source.recv(PIECE):
                self.bytes += len(piece)
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return  # one end is closed


@contextmanager
def started(*arguments: str) -> Iterator[psutil.Process]:
    """Start a part of a cluster, and end it."""
    process = psutil.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:], "--no-dashboard"],
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def call_of(folder: Path, number: int) -> Call:
    """Return what a batch asks for a document."""
    path = folder / f"2026-{number:06d}.pdf"
    (call,) = next(write_steps(path, "0" * 64, folder / "out" / f"{path.name}.json", SETUP))
    return call


def send(pool: Pool, calls: Iterator[Call]) -> None:
    """Make calls as the driver does, a window at a time."""
    running = {pool.submit(call) for call in itertools.islice(calls, pool.window)}
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        running |= {pool.submit(call) for call in itertools.islice(calls, len(done))}


def processor_seconds(process: psutil.Process) -> float:
    """Return what a process has taken so far."""
    return sum(process.cpu_times()[:2])


def measure(address: str, scheduler: psutil.Process, relay: Relay, count: int) -> None:
    """Print what so many documents take."""
    with open_dask(address) as pool, tempfile.TemporaryDirectory() as name:
        send(pool, (call_of(Path(name), number) for number in range(count // 10)))
        driver = psutil.Process()
        before = [processor_seconds(scheduler), processor_seconds(driver), relay.bytes, time.perf_counter()]
        send(pool, (call_of(Path(name), number) for number in range(count, 2 * count)))
        after = [processor_seconds(scheduler), processor_seconds(driver), relay.bytes, time.perf_counter()]
    each = [(end - start) / count for start, end in zip(before, after, strict=True)]
    print(f"{count} documents, milliseconds of a processor each: scheduler {each[0] * 1000:.2f}", end="")
    print(f", driver and relay {each[1] * 1000:.2f}; {1 / each[3]:.0f} documents a second by the clock")
    print(f"{each[2] / 1000:.1f} KB each over the scheduler's connections")


def main() -> None:
    """Start a cluster on this machine and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    port = free_port()
    with ExitStack() as stack:
        scheduler = stack.enter_context(started("dask_scheduler", "--host", "127.0.0.1", "--port", str(port)))
        time.sleep(5)
        relay = Relay(port)
        address = f"tcp://127.0.0.1:{relay.port}"
        for _ in range(options.workers):
            stack.enter_context(started("dask_worker", address, "--nthreads", "1", "--no-nanny"))
        with Client(address) as client:  # type: ignore[no-untyped-call]  # Dask ships types of some functions only
            client.wait_for_workers(options.workers)
        measure(address, scheduler, relay, options.documents)


if __name__ == "__main__":
    main()
