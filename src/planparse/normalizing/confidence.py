"""How sure a task's fields are: the chance that each is right, from what speaks for and against it.

The chance of a field is the chance that the task is one, times the chance that the field is right if so: two logistic
regressions on `planparse.normalizing.evidence`, fitted by training/confidence.py to documents whose plans are known.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

import regex

from planparse.data import data_path
from planparse.normalizing.evidence import WEIGHERS, survey
from planparse.plan import Confidence, TaskField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planparse.config import Config
    from planparse.outline import Outline
    from planparse.plan import Task

FIELDS: tuple[TaskField, ...] = get_args(TaskField)
UNKNOWN = Confidence(**dict.fromkeys(FIELDS, 0.0))
"""Stands in a task until all tasks of its document are known."""

UNREADABLE = 0.05
"""The most that a field with a letter nobody can read is sure: what is printed is not what was read. Not fitted: the
labelled documents have none."""
_UNKNOWN_LETTER = regex.compile(r"[\uFFFD\p{Co}]")

Weights = dict[str, float]


def judge_tasks(tasks: Sequence[Task], outline: Outline, year: int | None, config: Config) -> tuple[Task, ...]:
    """Return the tasks read from the assignments of `outline`, with their confidence and what needs review."""
    around = survey(tasks, outline, year)
    return tuple(
        _judged(task, {name: weigh(one, task, around) for name, weigh in WEIGHERS.items()}, config)
        for one, task in zip(outline.assignments, tasks, strict=True)
    )


def _judged(task: Task, evidence: Mapping[str, Mapping[str, float]], config: Config) -> Task:
    chances = {
        name: round(min(chance, UNREADABLE) if _is_unreadable(task, name) else chance, 2)
        for name, chance in field_chances(evidence, load_weights()).items()
    }
    review = tuple(name for name in FIELDS if chances[name] < config.review_below)
    return task.model_copy(update={"confidence": Confidence(**chances), "needs_review": review})


def _is_unreadable(task: Task, name: TaskField) -> bool:
    """Tell whether a field holds a letter of which nobody knows what it stands for: U+FFFD, or one of private use."""
    words = {
        "text": [task.text],
        "lead_units": [unit.name for unit in task.lead_units],
        "coordinating_units": [unit.name for unit in task.coordinating_units],
        "deliverables": task.deliverables,
        "time_frame": [task.time_frame.text] if task.time_frame else [],
    }
    return any(_UNKNOWN_LETTER.search(one) for one in words[name])


def field_chances(
    evidence: Mapping[str, Mapping[str, float]], weights: Mapping[str, Weights]
) -> dict[TaskField, float]:
    """Return the chance that each field is right."""
    is_task = chance(evidence["task"], weights["task"])
    return {name: is_task * chance(evidence[name], weights[name]) for name in FIELDS}


def chance(evidence: Mapping[str, float], weights: Weights) -> float:
    """Return the probability that `evidence` leaves; what has no weight says nothing.

    >>> chance({}, {"always": 0.0}), chance({"vague": 1.0}, {"always": 2.0, "vague": -2.0})
    (0.5, 0.5)
    """
    score = weights["always"] + sum(weights.get(name, 0.0) * value for name, value in evidence.items())
    return 1.0 / (1.0 + math.exp(-score))


@cache
def load_weights() -> dict[str, Weights]:
    """Return the weights of the package: log odds for each piece of evidence, by what is judged."""
    table = json.loads(Path(data_path("confidence.json")).read_text(encoding="utf-8"))
    return cast("dict[str, Weights]", table["weights"])
