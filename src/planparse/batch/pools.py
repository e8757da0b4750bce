"""Where calls are made: in this process, in processes of this machine, on a Dask cluster.

Each is a `concurrent.futures.Executor` and the way in which it makes a call.
"""

from __future__ import annotations

import os
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planparse.batch.calls import Answer, Call, perform
from planparse.batch.lanes import Lanes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

AHEAD = 2


@dataclass(frozen=True, slots=True)
class Pool:
    """An executor, how it makes a call, and how many it makes at a time."""

    executor: Executor
    make: Callable[[Call], Answer]
    jobs: int

    @property
    def window(self) -> int:
        """How many calls are in flight: one that each process works on, one that it takes up at once."""
        return self.jobs * AHEAD

    def submit(self, call: Call) -> Future[Answer]:
        """Have a call made, some time."""
        return self.executor.submit(self.make, call)


class SerialExecutor(Executor):
    """Makes each call at once, in this thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 (as every executor)
        """Return the future of what is already done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 (it is the future's)
            future.set_exception(error)
        return future


def processors() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def open_serial() -> Iterator[Pool]:
    """Make calls in this process, one after the other, without limits."""
    yield Pool(SerialExecutor(), perform, 1)


@contextmanager
def open_lanes(jobs: int) -> Iterator[Pool]:
    """Make calls in `jobs` processes; on leaving, they are ended, whatever they are at."""
    lanes = Lanes()
    executor = ThreadPoolExecutor(jobs, "planparse-lane")
    try:
        yield Pool(executor, lanes.contain, jobs)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        lanes.close()
        executor.shutdown()


def open_pool(
    *, jobs: int | None = None, scheduler: str | None = None, contained: bool = True
) -> AbstractContextManager[Pool]:
    """Open a pool of `jobs` processes (as many as processor cores where None), or of the Dask cluster at `scheduler`.

    Where one process is enough and its work need not be contained, that is this one.
    """
    if scheduler is not None:
        from planparse.batch.dask import open_dask  # noqa: PLC0415 (an extra, slow to load)

        return open_dask(scheduler)
    jobs = jobs or processors()
    return open_lanes(jobs) if contained or jobs > 1 else open_serial()
