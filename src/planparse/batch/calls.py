"""What the driver asks for, and what it gets: calls that any process can make, and their answers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planparse.errors import InternalError, PlanparseError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a document may take; None is no limit.

    Attributes:
        seconds: of work, in whatever number of processes.
        memory: bytes that its process holds; Tesseract's own are bounded by `Config.max_pixels`.
    """

    seconds: float | None = None
    memory: int | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Call:
    """A function of a module and what it is given, all of it picklable; `where` names the document in errors."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    where: str
    limits: Limits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call returned, or the error that it ended with, and how many seconds it took."""

    value: Any
    error: PlanparseError | None
    seconds: float


def perform(call: Call) -> Answer:
    """Make a call here; whatever goes wrong is in the answer. Limits are not looked at."""
    started = time.monotonic()
    value, error = None, None
    try:
        value = call.function(*call.arguments)
    except PlanparseError as problem:
        error = problem
    except Exception as problem:  # noqa: BLE001 (one document never stops the others)
        error = InternalError.from_exception(problem, call.where)
    return Answer(value, error, time.monotonic() - started)
