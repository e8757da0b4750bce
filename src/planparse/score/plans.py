"""A plan against the right one: outline, header, tasks and their fields."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from planparse.score.figures import Figure, Score, compare
from planparse.score.texts import comparable, score_passage
from planparse.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from planparse.plan import OutlineItem, Plan, Reference, Task, TimeFrame

    TasksByPath = dict[tuple[str, ...], Task]
    Values = Callable[[Task], list[Hashable]]

MIN_SIMILARITY = 80.0
"""Per cent; two readings of one heading have 90 and more, two headings of one plan seldom more than 60."""


def score_plans(predicted: Plan, gold: Plan) -> Score:
    """Score a plan against the right one."""
    figures = dict(chain(_document_figures(predicted, gold), _task_figures(predicted, gold)))
    return Score(score_passage(_all_text(predicted), _all_text(gold)), figures)


def _all_text(plan: Plan) -> str:
    outline = ([item.title or "", *item.text] for item in plan.walk())
    return " ".join(chain(chain.from_iterable(outline), (task.text for task in plan.tasks)))


def _document_figures(predicted: Plan, gold: Plan) -> Iterator[tuple[str, Figure]]:
    yield "outline", _score_outline(predicted, gold)
    for name in type(gold.header).model_fields:
        yield f"header.{name}", compare(_one(getattr(predicted.header, name)), _one(getattr(gold.header, name)))
    yield "year", compare(_one(predicted.year), _one(gold.year))
    for name in ("preamble", "closing", "recipients"):
        yield name, compare(_texts(getattr(predicted, name)), _texts(getattr(gold, name)))
    yield "references", compare(_references(predicted.references), _references(gold.references))
    for name in ("authority", "position", "name"):
        left, right = (_one(getattr(plan.signature, name, None)) for plan in (predicted, gold))
        yield f"signature.{name}", compare(left, right)


def _score_outline(predicted: Plan, gold: Plan) -> Figure:
    left, right = ({item.id: _heading(item) for item in plan.walk()} for plan in (predicted, gold))
    hits = sum(fuzz.ratio(left[one], right[one]) >= MIN_SIMILARITY for one in left.keys() & right.keys())
    return Figure(hits, len(left), len(right), int(hits == len(left) == len(right)), 1)


def _heading(item: OutlineItem) -> str:
    return fold(squeeze(" ".join([item.title or "", *item.text[:1]])))


def _one(value: object) -> list[Hashable]:
    return [] if value is None else _texts([str(value)])


def _texts(texts: Iterable[str]) -> list[Hashable]:
    return [comparable(text) for text in texts]


def _references(references: Iterable[Reference]) -> list[Hashable]:
    return [(*_texts([one.type, one.number or "", one.issuer or ""]), one.date) for one in references]


def _time_text(time_frame: TimeFrame | None) -> list[Hashable]:
    return _one(time_frame.text if time_frame else None)


def _time_dates(time_frame: TimeFrame | None) -> list[Hashable]:
    if time_frame is None or not (time_frame.start or time_frame.end or time_frame.recurrence):
        return []
    return [(time_frame.start, time_frame.end, time_frame.recurrence)]


def _time(time_frame: TimeFrame | None) -> list[Hashable]:
    return [(*_time_text(time_frame), *_time_dates(time_frame))] if time_frame else []


TASK_FIELDS: dict[str, Values] = {
    "text": lambda task: _one(task.text),
    "lead_units": lambda task: _texts(unit.name for unit in task.lead_units),
    "coordinating_units": lambda task: _texts(unit.name for unit in task.coordinating_units),
    "deliverables": lambda task: _texts(task.deliverables),
    "time_frame": lambda task: _time(task.time_frame),
}
"""The values of each field that `task_fields` sums."""

TASK_DETAILS: dict[str, Values] = {
    "kind": lambda task: [task.kind],
    "collective": lambda task: [
        (comparable(unit.name), unit.collective) for unit in (*task.lead_units, *task.coordinating_units)
    ],
    "time_frame.text": lambda task: _time_text(task.time_frame),
    "time_frame.dates": lambda task: _time_dates(task.time_frame),
}
"""The values of what is reported beside them."""


def _task_figures(predicted: Plan, gold: Plan) -> Iterator[tuple[str, Figure]]:
    left, right = ({task.path: task for task in plan.tasks} for plan in (predicted, gold))
    yield "tasks", compare(list(left), list(right))
    for name, values in (TASK_FIELDS | TASK_DETAILS).items():
        yield name, _score_field(left, right, values)
    yield "task_fields", _sum_fields(left, right)


def _score_field(predicted: TasksByPath, gold: TasksByPath, values: Values) -> Figure:
    """Sum a field over all tasks; its cases are those that both have."""
    total = Figure()
    for path in predicted.keys() | gold.keys():
        left, right = (values(tasks[path]) if path in tasks else [] for tasks in (predicted, gold))
        figure = compare(left, right)
        both = path in predicted and path in gold
        total += figure if both else replace(figure, exact=0, cases=0)
    return total


def _sum_fields(predicted: TasksByPath, gold: TasksByPath) -> Figure:
    total = Figure()
    for path, task in gold.items():
        found = predicted.get(path)
        for values in TASK_FIELDS.values():
            figure = compare(values(found) if found else [], values(task))
            total += Figure(exact=figure.exact, cases=figure.cases)
    return total
