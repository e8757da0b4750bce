"""How documents are worked on: one after the other, or in processes.

An executor takes the work and the paths and yields outcomes. Each process has a pool of its own, so that it is known
which document a process died of, and the others go on.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING

from planparse.batch.outcome import Outcome
from planparse.errors import InputTimeoutError, InternalError, PlanparseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection

Work = Callable[[Path], Outcome]

ATTEMPTS = 2
"""Times that a document is tried whose process dies; it may have died of what the others took."""
GRACE_SECONDS = 5.0
"""How long after the time limit a process ends itself that does not even let its guard thread run."""

LEAST_WAIT = 0.05
"""Seconds between looks at a process that is about to end."""


def processors() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_serially(work: Work, paths: Iterable[Path]) -> Iterator[Outcome]:
    """Work on one document after the other, in this process."""
    return map(work, paths)


def run_in_processes(work: Work, paths: Iterable[Path], *, jobs: int, timeout: float | None) -> Iterator[Outcome]:
    """Work on up to `jobs` documents at a time, each for up to `timeout` seconds.

    Raises:
        InternalError: no process can be started.
    """
    todo = iter(paths)
    idle: list[_Lane] = []
    running: dict[Future[Outcome], _Job] = {}
    try:
        while True:
            while len(running) < jobs and (path := next(todo, None)) is not None:
                job = _Job(path, idle.pop() if idle else _Lane())
                running[job.submit(work, timeout)] = job
            if not running:
                return
            for future in _wait(running, timeout):
                job = running.pop(future)
                if not job.died(future):
                    idle.append(job.lane)
                elif job.attempt < ATTEMPTS and not job.is_overdue(timeout):
                    job = _Job(job.path, _Lane(), job.attempt + 1)
                    running[job.submit(work, timeout)] = job
                    continue
                yield job.outcome(future, timeout)
    finally:
        for lane in [*idle, *(job.lane for job in running.values())]:
            lane.kill()


def _wait(running: dict[Future[Outcome], _Job], timeout: float | None) -> set[Future[Outcome]]:
    """Return what has finished by the time that the next document is overdue, and end the process of that."""
    left = None if timeout is None else timeout - max(job.seconds for job in running.values())
    done = wait(running, None if left is None else max(left, LEAST_WAIT), FIRST_COMPLETED).done
    for future, job in running.items():
        if future not in done and job.is_overdue(timeout):
            job.lane.kill()
    return done


class _Job:
    """A document on its way through a process."""

    def __init__(self, path: Path, lane: _Lane, attempt: int = 1) -> None:
        self.path = path
        self.lane = lane
        self.attempt = attempt
        self._started = time.monotonic()

    def submit(self, work: Work, timeout: float | None) -> Future[Outcome]:
        return self.lane.submit(work, self.path, timeout)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def is_overdue(self, timeout: float | None) -> bool:
        return timeout is not None and self.seconds >= timeout

    def died(self, future: Future[Outcome]) -> bool:
        return isinstance(future.exception(), BrokenProcessPool)

    def outcome(self, future: Future[Outcome], timeout: float | None) -> Outcome:
        error = future.exception()
        if error is None:
            return future.result()
        return Outcome(self.path, None, self._describe(error, timeout), self.seconds)

    def _describe(self, error: BaseException, timeout: float | None) -> PlanparseError:
        where = str(self.path)
        if not isinstance(error, BrokenProcessPool):
            return InternalError.from_exception(error, where)
        if self.is_overdue(timeout):
            return InputTimeoutError(f"took longer than {timeout:g} s", where, "raise --timeout")
        return InternalError("its process was killed, twice", where, "give it more memory, or fewer --jobs")


class _Lane:
    """One process that works on one document at a time and dies when this process does."""

    def __init__(self) -> None:
        context = multiprocessing.get_context(_start_method())
        reader, self._writer = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(1, context, _begin, (reader,))
        try:
            self._pool.submit(os.getpid).result()
        except BrokenProcessPool as error:
            raise InternalError("no process can be started", "planparse", "free memory, or use one job") from error
        finally:
            reader.close()

    def submit(self, work: Work, path: Path, timeout: float | None) -> Future[Outcome]:
        return self._pool.submit(_work_guarded, work, path, timeout)

    def kill(self) -> None:
        """End the process and all that it has started."""
        self._writer.close()
        self._pool.shutdown(wait=False, cancel_futures=True)


def _start_method() -> str:
    """Return how processes start: never as a copy of this one, whose threads and locks they would have."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return "spawn"
    multiprocessing.get_context("forkserver").set_forkserver_preload(["planparse.pipeline"])
    return "forkserver"


def _begin(reader: Connection) -> None:
    """Prepare a worker: a process group of its own, that ends when the other end of `reader` is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)
    threading.Thread(target=_end_with, args=(reader,), daemon=True).start()


def _end_with(reader: Connection) -> None:
    try:
        reader.recv_bytes()
    except (EOFError, OSError):
        if hasattr(os, "killpg"):
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(1)


def _work_guarded(work: Work, path: Path, timeout: float | None) -> Outcome:
    """Work on a document in a worker; end the process where it hangs in compiled code that nothing can interrupt."""
    if timeout is None:
        return work(path)
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(timeout + GRACE_SECONDS, exit=True, file=nowhere)
        try:
            return work(path)
        finally:
            faulthandler.cancel_dump_traceback_later()
