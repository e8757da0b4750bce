"""What a document goes through, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from planparse.batch.calls import Call
from planparse.batch.documents import printable
from planparse.batch.outputs import write_in_folder
from planparse.errors import InputDamagedError
from planparse.pipeline import parse
from planparse.plan import read_plan

if TYPE_CHECKING:
    from pathlib import Path

    from planparse.batch.calls import Limits
    from planparse.batch.driver import Steps
    from planparse.config import Config
    from planparse.errors import PlanparseError
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
class Settled:
    """What became of a document whose plan is written where it was parsed; one of plan and error is None."""

    written: Written | None
    error: PlanparseError | None
    seconds: float


def parse_steps(path: Path, config: Config, limits: Limits) -> Steps[Outcome]:
    """Parse a document."""
    (answer,) = yield [Call(partial(parse, config=config), (path,), str(path), limits)]
    return Outcome(path, answer.value, answer.error, answer.seconds)


def write_steps(path: Path, sha256: str | None, target: Path, config: Config, limits: Limits) -> Steps[Settled]:
    """Parse a document and write its plan to `target`, which is whole or untouched at any moment.

    `sha256` is that of the bytes that it had when the run met it; others are an error.
    """
    (answer,) = yield [Call(_parse_and_write, (path, sha256, target, config), str(path), limits)]
    return Settled(answer.value, answer.error, answer.seconds)


def copy_steps(path: Path, twin: Path, target: Path, limits: Limits) -> Steps[Settled]:
    """Write to `target` the plan of a document whose bytes are those of another one, which has its plan in `twin`."""
    (answer,) = yield [Call(_copy, (path, twin, target), str(path), limits)]
    return Settled(answer.value, answer.error, answer.seconds)


def _parse_and_write(path: Path, sha256: str | None, target: Path, config: Config) -> Written:
    plan = parse(path, config=config)
    if plan.source.sha256 != sha256:
        raise InputDamagedError("changed while it was read", str(path), "run again")
    return _write(plan, target)


def _copy(path: Path, twin: Path, target: Path) -> Written:
    plan = read_plan(twin)
    return _write(plan.model_copy(update={"source": replace(plan.source, file=printable(path.name))}), target)


def _write(plan: Plan, target: Path) -> Written:
    write_in_folder(target, plan.to_json())
    to_review = sum(len(task.needs_review) for task in plan.tasks)
    return Written(plan.source.sha256, plan.source.pages, len(plan.tasks), to_review, len(plan.warnings))
