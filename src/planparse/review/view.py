"""What the review page shows of a plan: its fields, why one is doubtful, and where each stands on the pages."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from rapidfuzz import fuzz

from planparse.plan import TaskField
from planparse.review.source import is_within
from planparse.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planparse.document import BBox, Edit, Line, Page
    from planparse.plan import Plan, Task, TimeFrame
    from planparse.reading.images.pictures import Picture
    from planparse.review.source import ReadSource
    from planparse.warning import PlanWarning

FIELDS: tuple[str, ...] = get_args(TaskField)
ALIKE = 90.0
"""Percent from which a line is taken to hold a field's words: a line of the field, or the field within a line. The
words of both were restored alike, so that only joined and cut lines make them differ."""
SHORTEST = 4
"""Characters below which a line or a value is found everywhere."""
LINE_EDITS = 12
"""Repairs of one field that are told; more hide the one that matters."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a task: how sure it is, and for a doubtful one what was printed and what was made of that.

    `located` tells whether `printed` are the lines of the field, or, where its words were not found, of its task.
    """

    name: str
    path: str
    confidence: float
    doubtful: bool
    printed: tuple[str, ...] = ()
    located: bool = False
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task: its fields and the warnings about its lines."""

    number: int
    task: Task
    fields: tuple[Field, ...]
    warnings: tuple[PlanWarning, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a page: of a task, or of the lines of fields; `text` where the page is shown as text."""

    tasks: tuple[int, ...]
    fields: tuple[str, ...]
    bbox: BBox | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class PageView:
    """A page: its picture, or its lines as text; the places on it, large ones first so that small ones lie on top."""

    number: int
    width: float
    height: float
    picture: str | None
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class View:
    """All that the page shows; `doubtful` are the paths of doubtful fields with their tasks, the least sure first."""

    plan: Plan
    tasks: tuple[TaskView, ...]
    doubtful: tuple[tuple[TaskView, Field], ...]
    pages: tuple[PageView, ...]


Named = tuple["Line", tuple[str, ...]]
"""A line of a task, and the fields of it whose words stand there."""
Marks = dict[int, tuple[list[int], list[str]]]
"""For the number of each line: the tasks that it belongs to, the smallest first, and the paths of the fields on it."""


def describe(plan: Plan, source: ReadSource | None) -> View:
    """Return what the page shows of a plan and, where it is there, of its document."""
    pages = source.pages if source else ()
    lines = [[(line, _names_on(line, task)) for line in _lines_of(task, pages)] for task in plan.tasks]
    tasks = tuple(_view(number, plan, own) for number, own in enumerate(lines))
    doubtful = [(task, field) for task in tasks for field in task.fields if field.doubtful]
    doubtful.sort(key=lambda pair: pair[1].confidence)
    return View(plan, tasks, tuple(doubtful), _show(plan, source, _mark_lines(lines, pages)) if source else ())


def _show(plan: Plan, source: ReadSource, marks: Marks) -> tuple[PageView, ...]:
    if not source.pictures:
        return tuple(_print(page, marks) for page in source.pages)
    read = {page.number: page for page in source.pages}
    return tuple(_draw(picture, read.get(picture.number), plan, marks) for picture in source.pictures)


def _lines_of(task: Task, pages: Sequence[Page]) -> list[Line]:
    """Return the lines of a task: by its boxes, since numbers depend on the engine; by numbers in a text."""
    found = []
    for place in task.where:
        page = next((page for page in pages if page.number == place.page), None)
        for line in page.lines if page else ():
            inside = is_within(line, page, place.bbox) if page and place.bbox else _is_numbered(line, place.lines)
            if inside and not line.furniture:
                found.append(line)
    return found


def _is_numbered(line: Line, numbers: tuple[int, int]) -> bool:
    return line.bbox is None and numbers[0] <= line.number <= numbers[1]


def _names_on(line: Line, task: Task) -> tuple[str, ...]:
    return tuple(name for name in FIELDS if _holds(line, _values(task, name)))


def _view(number: int, plan: Plan, lines: Sequence[Named]) -> TaskView:
    task = plan.tasks[number]
    fields = tuple(_field(task, name, f"tasks.{number}.{name}", lines) for name in FIELDS)
    return TaskView(number, task, fields, tuple(one for one in plan.warnings if _is_about(one, task)))


def _is_about(warning: PlanWarning, task: Task) -> bool:
    if warning.where is None:
        return False
    first, last = warning.where.lines
    return any(place.lines[0] <= last and first <= place.lines[1] for place in task.where)


def _field(task: Task, name: str, path: str, lines: Sequence[Named]) -> Field:
    confidence, doubtful = getattr(task.confidence, name), name in task.needs_review
    if not doubtful:
        return Field(name, path, confidence, doubtful=False)
    found = [line for line, names in lines if name in names]
    own = found or [line for line, _names in lines]
    edits = sorted((edit for line in own for edit in line.edits), key=lambda edit: edit.probability)
    printed = tuple(line.printed for line in own)
    repairs = tuple(edits[:LINE_EDITS])
    return Field(name, path, confidence, doubtful, printed=printed, located=bool(found), edits=repairs)


def _values(task: Task, name: str) -> tuple[str, ...]:
    """Return a field's texts, as the document has them."""
    match name:
        case "text":
            return (task.text,)
        case "deliverables":
            return task.deliverables
        case "time_frame":
            return tuple(_times(task.time_frame)) if task.time_frame else ()
        case _:
            return tuple(unit.name for unit in getattr(task, name))


def _times(time_frame: TimeFrame) -> Iterable[str]:
    yield time_frame.text
    for milestone in time_frame.milestones:
        yield from _times(milestone)


def _holds(line: Line, values: Iterable[str]) -> bool:
    """Tell whether a line has the words of a value, or is part of it."""
    text = fold(line.text).strip()
    folded = [fold(value).strip() for value in values]
    return any(
        min(len(text), len(value)) >= SHORTEST and fuzz.partial_ratio(text, value, score_cutoff=ALIKE) > 0
        for value in folded
    )


def _mark_lines(lines: Sequence[Sequence[Named]], pages: Sequence[Page]) -> Marks:
    marks: Marks = {line.number: ([], []) for page in pages for line in page.lines}
    for number in sorted(range(len(lines)), key=lambda one: len(lines[one])):
        for line, names in lines[number]:
            tasks, fields = marks[line.number]
            tasks.append(number)
            fields.extend(f"tasks.{number}.{name}" for name in names)
    return marks


def _draw(picture: Picture, page: Page | None, plan: Plan, marks: Marks) -> PageView:
    """Return a page as a picture, with the boxes of tasks and of those lines that fields stand on."""
    spots = sorted(_boxes(plan, picture.number), key=lambda spot: _area(spot.bbox), reverse=True)
    for line in page.lines if page else ():
        tasks, fields = marks[line.number]
        if page and fields and line.bbox:
            spots.append(Spot(tuple(tasks), tuple(fields), page.printed_box(line.bbox)))
    uri = f"data:image/webp;base64,{base64.b64encode(picture.webp).decode()}"
    return PageView(picture.number, picture.width, picture.height, uri, tuple(spots))


def _boxes(plan: Plan, page: int) -> Iterator[Spot]:
    for number, task in enumerate(plan.tasks):
        for place in task.where:
            if place.page == page and place.bbox:
                yield Spot((number,), (), place.bbox)


def _area(bbox: BBox | None) -> float:
    return (bbox[2] - bbox[0]) * (bbox[3] - bbox[1]) if bbox else 0.0


def _print(page: Page, marks: Marks) -> PageView:
    """Return a page of a text, whose lines are shown as they were printed."""
    spots = [Spot(tuple(marks[one.number][0]), tuple(marks[one.number][1]), None, one.printed) for one in page.lines]
    return PageView(page.number, 0.0, 0.0, None, tuple(spots))
