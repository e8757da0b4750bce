"""The driver: takes documents step by step through an executor.

It knows neither what the steps do nor where: on this machine, on a cluster, or in the same process.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from planparse.batch.calls import Answer, Call
from planparse.errors import InternalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from planparse.batch.pools import Pool

T = TypeVar("T")

Steps = Generator[Sequence[Call], Sequence[Answer], T]
"""A document's way: yields calls that may be made at once, is sent their answers, returns what became of it."""


_END = object()


@dataclass(slots=True)
class _Course(Generic[T]):
    """A document on its way: the answers to the calls of its present step, and how many are missing."""

    steps: Steps[T]
    answers: list[Answer | None] = field(default_factory=list)
    missing: int = 0


def drive(
    documents: Iterable[Steps[T] | None], pool: Pool, see: Callable[[Answer], None] = lambda _answer: None
) -> Iterator[T]:
    """Yield what becomes of each document, in the order in which they end.

    At most `pool.window` calls are in flight. A document is begun when those that were begun have no calls left to
    make, so that few are open at a time, and `documents` is read no faster than it is worked on. Where `documents`
    gives None, it is asked again when something has ended that is in flight. `see` is shown each answer.
    """
    todo = iter(documents)
    waiting: deque[tuple[_Course[T], int, Call]] = deque()
    running: dict[Future[Answer], tuple[_Course[T], int]] = {}
    try:
        while True:
            while len(running) < pool.window:
                if waiting:
                    course, number, call = waiting.popleft()
                    running[pool.submit(call)] = (course, number)
                    continue
                steps = next(todo, _END)
                if isinstance(steps, Generator):
                    yield from _advance(_Course(steps), waiting)
                elif steps is _END or running:
                    break
            if not running:
                return
            done = wait(running, return_when=FIRST_COMPLETED).done
            for future in [future for future in running if future in done]:
                course, number = running.pop(future)
                course.answers[number] = answer = _answer(future)
                see(answer)
                course.missing -= 1
                if not course.missing:
                    yield from _advance(course, waiting)
    finally:
        for future in running:
            future.cancel()


def _advance(course: _Course[T], waiting: deque[tuple[_Course[T], int, Call]]) -> Iterator[T]:
    """Send a document the answers it waits for; what it asks for next waits, and what became of it is yielded."""
    answers = [answer for answer in course.answers if answer is not None]
    try:
        calls = course.steps.send(answers) if course.answers else next(course.steps)
    except StopIteration as end:
        yield end.value
        return
    course.answers, course.missing = [None] * len(calls), len(calls)
    waiting.extend((course, number, call) for number, call in enumerate(calls))


def _answer(future: Future[Answer]) -> Answer:
    """Return an answer; where the executor itself failed, as a cluster may, an answer that says so."""
    error = future.exception()
    return future.result() if error is None else Answer(None, InternalError.from_exception(error, "executor"), 0.0)
