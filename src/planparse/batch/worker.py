"""The process at the other end of a lane: makes one call after the other, and ends when nobody asks any more."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from planparse.batch.calls import Answer, Call, perform
from planparse.errors import InternalError

if TYPE_CHECKING:
    from collections.abc import Callable


def serve() -> NoReturn:
    """Answer the calls that come through stdin, through what was stdout."""
    requests, answers = _take_streams()
    calls: SimpleQueue[Call] = SimpleQueue()
    threading.Thread(target=_receive, args=(requests, calls.put), daemon=True).start()
    _send(answers, os.getpid())
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    while True:
        call = calls.get()
        answer = perform(call)
        try:
            data = pickle.dumps(answer)
        except Exception as error:  # noqa: BLE001 (whatever can't be sent, the answer is that)
            data = pickle.dumps(Answer(None, InternalError.from_exception(error, call.where), answer.seconds))
        answers.write(data)
        answers.flush()


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Return stdin and stdout, and keep libraries, and programs that they start, off both."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    streams = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return streams


def _send(answers: BinaryIO, value: object) -> None:
    answers.write(pickle.dumps(value))
    answers.flush()


def _receive(requests: BinaryIO, put: Callable[[Any], None]) -> None:
    """Take calls until the lane is closed, then end this process, whatever it is at, and what it started."""
    try:
        while True:
            put(pickle.load(requests))  # noqa: S301 (from the process that started this one)
    except (EOFError, OSError):
        if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)
        os._exit(1)
