"""What became of one document."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planparse.errors import InternalError, PlanparseError
from planparse.pipeline import parse

if TYPE_CHECKING:
    from pathlib import Path

    from planparse.config import Config
    from planparse.plan import Plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """A document's plan, or the error that there is none; one of the two is None.

    Attributes:
        path: the document, as it was given.
        plan: its plan.
        error: why it has none.
        seconds: how long it took.
    """

    path: Path
    plan: Plan | None
    error: PlanparseError | None
    seconds: float


def parse_one(path: Path, config: Config) -> Outcome:
    """Parse a document; whatever goes wrong is in the outcome."""
    started = time.monotonic()
    plan, error = None, None
    try:
        plan = parse(path, config=config)
    except PlanparseError as problem:
        error = problem
    except Exception as problem:  # noqa: BLE001 (one document never stops the others)
        error = InternalError.from_exception(problem, str(path))
    return Outcome(path, plan, error, time.monotonic() - started)
