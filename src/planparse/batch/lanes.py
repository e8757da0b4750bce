"""Lanes: each a process of its own that makes one call at a time, so that nothing a document does harms another.

A lane's process leads a process group. It ends, with all that it started, when a document is over a limit, when the
lane is closed, and when the process that the lane belongs to is gone, however that ended. It is started as a program,
not as a copy of a process: so it works from threads, and where processes of `multiprocessing` may have no children.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from functools import cache
from typing import TYPE_CHECKING, Self, cast

import psutil

from planparse.batch.calls import Answer, Call
from planparse.errors import InputTimeoutError, InputTooLargeError, InternalError, PlanparseError

if TYPE_CHECKING:
    from types import TracebackType
    from typing import BinaryIO

    from planparse.batch.calls import Limits

ATTEMPTS = 2
"""Times that a call is made whose process dies; it may have died of what the others took."""
LOOK_SECONDS = 0.1
"""Seconds between looks at how long a process has worked and how much memory it holds; a look takes 0.03 ms."""

_PROGRAM = """
import sys, pickle
sys.path[:] = pickle.load(sys.stdin.buffer)
from planparse.batch.worker import serve
serve()
"""
"""What a lane's process runs: with the paths of the process that started it, it finds the same modules."""


class LaneEndedError(Exception):
    """The process of a lane ended in the middle of a call."""


class Lanes:
    """The lanes of this process: one for each thread that asks."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._all: list[Lane] = []
        self._closed = False

    def contain(self, call: Call) -> Answer:
        """Make a call in this thread's lane; one whose process dies is made once more.

        An answer says so where the call was over a limit, or its process died twice.
        """
        started = time.monotonic()
        error: PlanparseError | None = None
        for _ in range(ATTEMPTS):
            watch = Watch(call.limits)
            try:
                return self._lane().ask(call, watch)
            except LaneEndedError:
                error = watch.explain(call)
            except PlanparseError as problem:
                error = problem
            if error or self._closed:
                break
        error = error or InternalError(
            "its process was killed, twice", call.where, "give it more memory, or fewer --jobs"
        )
        return Answer(None, error, time.monotonic() - started)

    def _lane(self) -> Lane:
        if not hasattr(self._local, "lane"):
            self._local.lane = Lane()
            self._all.append(self._local.lane)
            if self._closed:
                self._local.lane.close()
        return cast("Lane", self._local.lane)

    def close(self) -> None:
        """End all processes, whatever they are at."""
        self._closed = True
        for lane in self._all:
            lane.close()


@cache
def _lanes_here() -> Lanes:
    return Lanes()


def contain_here(call: Call) -> Answer:
    """Make a call in a lane of whichever process this is; the lane stays for the next one."""
    return _lanes_here().contain(call)


class Lane:
    """A process that makes one call at a time; it is started when the first is made, and anew after it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def ask(self, call: Call, watch: Watch) -> Answer:
        """Make a call.

        Raises:
            LaneEndedError: the process died, or `watch` ended it.
            InternalError: no process can be started.
        """
        process = self._process = self._process or _start()
        if self._closed:
            self._end()
        try:
            with watch.over(process):
                _send(process, call)
                return cast("Answer", _receive(process))
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self._end()
            raise LaneEndedError from error

    def close(self) -> None:
        """End the process and all that it has started, for good."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            end_group(process)
            process.wait()


class Watch:
    """Ends a process that is over the limits of its call, and tells of it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._over: str | None = None
        self._done = threading.Event()

    def over(self, process: subprocess.Popen[bytes]) -> Self:
        """Watch `process` within a `with`."""
        if self._limits.seconds is not None or self._limits.memory is not None:
            threading.Thread(target=self._look, args=(process,), daemon=True).start()
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()

    def _look(self, process: subprocess.Popen[bytes]) -> None:
        seconds, memory = self._limits.seconds, self._limits.memory
        end = None if seconds is None else time.monotonic() + seconds
        while not self._done.wait(LOOK_SECONDS if end is None else min(LOOK_SECONDS, max(0.0, end - time.monotonic()))):
            if end is not None and time.monotonic() >= end:
                self._over = "time"
            elif memory is not None and _memory(process) > memory:
                self._over = "memory"
            if self._over:
                end_group(process)
                return

    def explain(self, call: Call) -> PlanparseError | None:
        """Return the error of a call that this ended, None where the process died of something else."""
        if self._over == "time":
            return InputTimeoutError(f"took longer than {self._limits.seconds:g} s", call.where, "raise --timeout")
        if self._over == "memory":
            size = f"{(self._limits.memory or 0) // 1024**2} MB"
            return InputTooLargeError(f"took more memory than {size}", call.where, "raise --memory, or split it")
        return None


def _memory(process: subprocess.Popen[bytes]) -> int:
    try:
        return int(psutil.Process(process.pid).memory_info().rss)
    except psutil.Error:
        return 0


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all of its group."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
    else:
        process.kill()


def _start() -> subprocess.Popen[bytes]:
    try:
        process = subprocess.Popen(  # noqa: S603 (this interpreter, our own program)
            [sys.executable, "-P", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        _send(process, sys.path)
        _receive(process)
    except (EOFError, OSError) as error:
        raise InternalError("no process can be started", "planparse", "free memory, or use fewer --jobs") from error
    return process


def _send(process: subprocess.Popen[bytes], value: object) -> None:
    stream = cast("BinaryIO", process.stdin)
    pickle.dump(value, stream)
    stream.flush()


def _receive(process: subprocess.Popen[bytes]) -> object:
    return pickle.load(cast("BinaryIO", process.stdout))  # noqa: S301 (from a process that we started)
