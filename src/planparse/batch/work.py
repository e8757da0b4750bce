"""What a document goes through, and what becomes of it.

A short document is parsed by one call. The pages of a long one are read by several, which may be made at the same time;
one more then makes the plan of what they read.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from planparse.batch.calls import NO_LIMITS, Answer, Call
from planparse.batch.outputs import write_in_folder
from planparse.errors import InputDamagedError, InputTimeoutError
from planparse.pipeline import parse
from planparse.places import mark_now, printable
from planparse.plan import read_plan
from planparse.reading import GROUP, count_pages, scan_pages
from planparse.restoring import plausibility

if TYPE_CHECKING:
    from collections.abc import Callable

    from planparse.batch.cache import PageCache
    from planparse.batch.calls import Limits
    from planparse.batch.driver import Steps
    from planparse.config import Config
    from planparse.errors import PlanparseError
    from planparse.places import Place
    from planparse.plan import Plan
    from planparse.reading.scanned import PageStore


@dataclass(frozen=True, slots=True)
class Outcome:
    """A document's plan, or the error that there is none; one of the two is None.

    Attributes:
        path: the document, as it was given.
        plan: its plan.
        error: why it has none.
        seconds: how long it took, in however many processes.
    """

    path: Place
    plan: Plan | None
    error: PlanparseError | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Written:
    """What is known of a plan that was written.

    Attributes:
        sha256: of the bytes that it was read from.
        pages: of the document.
        tasks, warnings: how many it has.
        to_review: how many fields a person should check.
    """

    sha256: str
    pages: int
    tasks: int
    to_review: int
    warnings: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A document that is too long for one call: how many pages it has."""

    pages: int


@dataclass(frozen=True, slots=True)
class Part:
    """Some pages of a document: how many, and what OCR read of them, by their keys, where no cache has it."""

    count: int
    pages: dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How documents are worked on.

    Attributes:
        config: how they are read.
        limits: what one may take.
        cache: where pages are kept.
        jobs: how many calls are made at the same time.
    """

    config: Config
    limits: Limits = NO_LIMITS
    cache: PageCache | None = None
    jobs: int = 1


@dataclass(slots=True)
class _Store:
    """The pages of one document, and of all others behind them."""

    cache: PageCache | None
    pages: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        return self.pages.get(key) or (self.cache.get(key) if self.cache else None)

    def put(self, key: str, data: bytes) -> None:
        self.pages[key] = data
        if self.cache:
            self.cache.put(key, data)


def parse_steps(path: Place, setup: Setup) -> Steps[Outcome]:
    """Parse a document."""
    answer = yield from _steps(path, setup, partial(_parse, path, setup.config))
    return Outcome(path, answer.value, answer.error, answer.seconds)


def write_steps(path: Place, content: str | None, target: Place, setup: Setup) -> Steps[Answer]:
    """Parse a document and write its plan to `target`, which is whole or untouched at any moment.

    `content` is what its `content_of` was when the run met it; to have another one by then is an error. The answer's
    value is `Written`.
    """
    return _steps(path, setup, partial(_parse_and_write, path, setup.config, content, target))


def copy_steps(path: Place, twin: Place, target: Place, setup: Setup) -> Steps[Answer]:
    """Write to `target` the plan of a document whose bytes are those of another one, which has its plan in `twin`."""
    (answer,) = yield [Call(_copy, (path, twin, target), str(path), setup.limits)]
    return answer


def _steps(path: Place, setup: Setup, finish: Callable[[PageStore], object]) -> Steps[Answer]:
    where, limits = str(path), setup.limits
    (begun,) = yield [Call(_begin, (path, setup.config, setup.cache, finish), where, limits)]
    if not isinstance(begun.value, Cut):
        return begun
    parts = yield [
        Call(_read_part, (path, numbers, setup.config, setup.cache), where, _left(limits, begun.seconds))
        for numbers in cut(begun.value.pages, setup.jobs)
    ]
    seconds = begun.seconds + sum(part.seconds for part in parts)
    error = next((part.error for part in parts if part.error), None) or _overdue(limits, seconds, where)
    if error:
        return Answer(None, error, seconds)
    pages = {key: data for part in parts for key, data in part.value.pages.items()}
    (ended,) = yield [Call(_finish, (setup.cache, pages, finish), where, _left(limits, seconds))]
    return replace(ended, seconds=seconds + ended.seconds)


def cut(pages: int, jobs: int) -> list[range]:
    """Return the pages of a document, from 1, in parts: the first ones long, the last ones short.

    So `jobs` that take parts as they get free end at about the same time. At most `GROUP` pages are a part.

    >>> [len(part) for part in cut(20, 2)]
    [5, 4, 3, 2, 2, 1, 1, 1, 1]
    """
    parts = []
    first = 1
    while first <= pages:
        size = min(GROUP, -(-(pages + 1 - first) // (2 * jobs)))
        parts.append(range(first, first + size))
        first += size
    return parts


def _left(limits: Limits, seconds: float) -> Limits:
    return limits if limits.seconds is None else replace(limits, seconds=max(0.0, limits.seconds - seconds))


def _overdue(limits: Limits, seconds: float, where: str) -> PlanparseError | None:
    if limits.seconds is None or seconds <= limits.seconds:
        return None
    return InputTimeoutError(f"took longer than {limits.seconds:g} s", where, "raise --timeout")


def _begin(path: Place, config: Config, cache: PageCache | None, finish: Callable[[PageStore], object]) -> object:
    pages = count_pages(path, config)
    return Cut(pages) if pages > GROUP else finish(_Store(cache))


def _read_part(path: Place, numbers: range, config: Config, cache: PageCache | None) -> Part:
    store = _Store(cache)
    scan_pages(path, numbers, config, judge=plausibility, store=store)
    return Part(len(numbers), {} if cache else store.pages)


def _finish(cache: PageCache | None, pages: dict[str, bytes], finish: Callable[[PageStore], object]) -> object:
    return finish(_Store(cache, pages))


def _parse(path: Place, config: Config, store: PageStore) -> Plan:
    return parse(path, config=config, store=store)


def _parse_and_write(path: Place, config: Config, content: str | None, target: Place, store: PageStore) -> Written:
    plan = _parse(path, config, store)
    if content != (mark_now(path) or plan.source.sha256):
        raise InputDamagedError("changed while it was read", str(path), "run again")
    return _write(plan, target)


def _copy(path: Place, twin: Place, target: Place) -> Written:
    plan = read_plan(twin)
    return _write(plan.model_copy(update={"source": replace(plan.source, file=printable(path.name))}), target)


def _write(plan: Plan, target: Place) -> Written:
    write_in_folder(target, plan.to_json())
    to_review = sum(len(task.needs_review) for task in plan.tasks)
    return Written(plan.source.sha256, plan.source.pages, len(plan.tasks), to_review, len(plan.warnings))
