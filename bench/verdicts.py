"""A plan against the right one: figures strict and soft, and a verdict on each field of each task.

Strict is as in planparse.score: tasks of one path are compared, a value is right or wrong. Soft: tasks pair by path,
and those left over by their texts, the likest first; values of a field pair the same way, and each counts by its
likeness. The likeness of texts is `rapidfuzz.fuzz.ratio` as a share, nothing below LEAST_LIKE. The likeness of dates
is the share of days that both have of the days that either has (a deadline is one day), averaged with whether
recurrence agrees, each where either states it; that of a time frame averages words and dates. `four` sums lead units,
coordinating units, deliverables and time frames.

A field is *stated* where gold or prediction has a value. Of the stated fields of predicted tasks, `flagged` is the
share in `needs_review`, `unflagged wrong` the error rate of the others; a field of a task that gold lacks is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rapidfuzz import fuzz

from planparse.score import score_plans
from planparse.score.plans import TASK_FIELDS
from planparse.score.texts import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from planparse.plan import Plan, Task, TimeFrame

LEAST_LIKE = 0.6
"""Of pairs of different unit names in the labelled plans 4 % are as like as this, of different times 12 %."""
FOUR = ("lead_units", "coordinating_units", "deliverables", "time_frame")
KINDS = ("fields", "table", "prose")
STRICT = {"outline": "outline", "tasks": "tasks", "dates": "time_frame.dates"} | {name: name for name in TASK_FIELDS}

FieldOf = tuple[tuple[str, ...], str]
"""Path of a task, name of a field."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What is right of what is predicted and of gold; a share has the same whole on both sides."""

    right: float = 0.0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None where there is nothing."""
        return 2 * self.right / (self.predicted + self.gold) if self.predicted + self.gold else None


Figures = dict[str, Counts]


class Verdict(NamedTuple):
    """What was read of a field, what is right, and whether they agree."""

    right: bool
    predicted: str
    gold: str


def measure(predicted: Plan, gold: Plan) -> Figures:
    """Return the figures of a plan by name; see the module for each."""
    strict = score_plans(predicted, gold).figures
    figures = {
        name: Counts(figure.right, figure.predicted, figure.gold)
        for name, figure in ((name, strict[of]) for name, of in STRICT.items())
    }
    soft = {name: _soft(pair_tasks(predicted, gold), name) for name in TASK_FIELDS}
    figures["four"] = sum((figures[name] for name in FOUR), Counts())
    figures["four soft"] = sum((soft[name] for name in FOUR), Counts())
    figures |= {f"{name} soft": counts for name, counts in soft.items()}
    return figures | _review(predicted, gold)


def of_kind(predicted: Plan, gold: Plan, kind: str) -> tuple[Plan, Plan]:
    """Return both plans with the tasks of a kind; a predicted task is of the kind that gold says, if it has it."""
    kinds = {task.path: task.kind for task in gold.tasks}
    left, right = (
        plan.model_copy(update={"tasks": tuple(task for task in plan.tasks if kinds.get(task.path, task.kind) == kind)})
        for plan in (predicted, gold)
    )
    return left, right


def verdicts(predicted: Plan, gold: Plan) -> dict[FieldOf, Verdict]:
    """Return a verdict on each field that either plan states."""
    left, right = ({task.path: task for task in plan.tasks} for plan in (predicted, gold))
    found: dict[FieldOf, Verdict] = {}
    for path in dict.fromkeys([*right, *left]):
        for name, values in TASK_FIELDS.items():
            got, wanted = (values(tasks[path]) if path in tasks else [] for tasks in (left, right))
            if got or wanted:
                found[path, name] = Verdict(
                    sorted(map(str, got)) == sorted(map(str, wanted)), _show(got), _show(wanted)
                )
    return found


def _show(values: Sequence[object]) -> str:
    return "; ".join(" ".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in values) or "nothing"


def _review(predicted: Plan, gold: Plan) -> Figures:
    found = verdicts(predicted, gold)
    flags = [
        (name in task.needs_review, not found[task.path, name].right)
        for task in predicted.tasks
        for name in TASK_FIELDS
        if (task.path, name) in found
    ]
    sure = [wrong for flagged, wrong in flags if not flagged]
    return {
        "flagged": Counts(len(flags) - len(sure), len(flags), len(flags)),
        "unflagged wrong": Counts(sum(sure), len(sure), len(sure)),
    }


# Soft figures


def pair_tasks(predicted: Plan, gold: Plan) -> list[tuple[Task | None, Task | None]]:
    """Pair tasks by path, then by text; those without counterpart stand alone."""
    left, right = ({task.path: task for task in plan.tasks} for plan in (predicted, gold))
    both = left.keys() & right.keys()
    lefts, rights = ([task for path, task in tasks.items() if path not in both] for tasks in (left, right))
    likeness = [[text_likeness(one.text, other.text) for other in rights] for one in lefts]
    pairs = list(match(likeness))
    alone: list[tuple[Task | None, Task | None]] = []
    alone += [(one, None) for index, one in enumerate(lefts) if all(i != index for i, _ in pairs)]
    alone += [(None, one) for index, one in enumerate(rights) if all(j != index for _, j in pairs)]
    return [(left[path], right[path]) for path in both] + [(lefts[i], rights[j]) for i, j in pairs] + alone


def match(likeness: Sequence[Sequence[float]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of row and column, each once at most, the likest first; those of likeness 0 stay alone."""
    if not likeness or not likeness[0]:
        return
    table = np.array(likeness, dtype=float)
    while table.max() > 0:
        row, column = divmod(int(table.argmax()), table.shape[1])
        yield row, column
        table[row, :] = table[:, column] = 0


def text_likeness(one: str, other: str) -> float:
    """Return how like two texts are, 0 to 1; nothing below LEAST_LIKE.

    >>> text_likeness("Sở Nội vụ", "Sở Nội vụ,"), text_likeness("Sở Nội vụ", "Công an tỉnh")
    (0.9473684210526316, 0.0)
    """
    ratio = fuzz.ratio(comparable(one), comparable(other)) / 100
    return ratio if ratio >= LEAST_LIKE else 0.0


def time_likeness(one: TimeFrame, other: TimeFrame) -> float:
    """Return how like two time frames are: the mean of words and dates."""
    words, dates = text_likeness(one.text, other.text), date_likeness(one, other)
    return words if dates is None else (words + dates) / 2


def date_likeness(one: TimeFrame, other: TimeFrame) -> float | None:
    """Return how like the dates and recurrences of two time frames are; None where neither states any."""
    stated = []
    spans = [_span(one), _span(other)]
    if any(spans):
        stated.append(_overlap(spans[0], spans[1]) if spans[0] and spans[1] else 0.0)
    if one.recurrence or other.recurrence:
        stated.append(float(one.recurrence == other.recurrence))
    return mean(stated) if stated else None


def _span(time_frame: TimeFrame) -> tuple[date, date] | None:
    start, end = time_frame.start or time_frame.end, time_frame.end or time_frame.start
    return (start, end) if start and end else None


def _overlap(one: tuple[date, date], other: tuple[date, date]) -> float:
    shared = (min(one[1], other[1]) - max(one[0], other[0])).days + 1
    either = (one[1] - one[0]).days + (other[1] - other[0]).days + 2 - max(0, shared)
    return max(0, shared) / either if either > 0 else 0.0


def _soft(pairs: Sequence[tuple[Task | None, Task | None]], name: str) -> Counts:
    return sum((_soft_pair(predicted, gold, name) for predicted, gold in pairs), Counts())


def _soft_pair(predicted: Task | None, gold: Task | None, name: str) -> Counts:
    if name == "time_frame":
        times = [[task.time_frame] if task and task.time_frame else [] for task in (predicted, gold)]
        likeness = [[time_likeness(one, other) for other in times[1]] for one in times[0]]
        return Counts(sum(likeness[i][j] for i, j in match(likeness)), len(times[0]), len(times[1]))
    texts = [[str(value) for value in TASK_FIELDS[name](task)] if task else [] for task in (predicted, gold)]
    likeness = [[text_likeness(one, other) for other in texts[1]] for one in texts[0]]
    return Counts(sum(likeness[i][j] for i, j in match(likeness)), len(texts[0]), len(texts[1]))
