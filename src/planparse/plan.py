"""Plan, the contract: fields and validators, to JSON and back.

Pydantic forbids what it does not know; every key is present, a value that the document does not state is null or [].
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from planparse.document import Source, Where
from planparse.errors import InputMissingError, PlanFormatError
from planparse.warning import PlanWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from planparse.document import BBox
    from planparse.places import Place

SCHEMA_VERSION = "1.0"
Probability = Annotated[float, Field(ge=0, le=1)]

RUN_FIELDS: dict[str, Any] = {"source": {"file": None, "sha256": "", "pages": 0, "text_from": "text"}, "warnings": []}
"""Fields of a plan that depend on the run, and what stands for them where only facts are given."""
TASK_RUN_FIELDS: dict[str, Any] = {
    "confidence": dict.fromkeys(("text", "lead_units", "coordinating_units", "deliverables", "time_frame"), 1.0),
    "needs_review": [],
    "where": [],
}
"""The same for a task."""

_REMEDY = f"give a plan of schema version {SCHEMA_VERSION}, as `planparse parse` writes it"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Header(_Model):
    """The head of the document (phần đầu)."""

    parent_body: str | None
    issuer: str | None
    number: str | None
    place: str | None
    date: date | None
    type: str | None
    title: str | None


class OutlineItem(_Model):
    """An item of the outline (đề mục) with the items below it."""

    id: str
    marker: str | None
    level: Annotated[int, Field(ge=1)]
    title: str | None
    text: tuple[str, ...]
    children: tuple[OutlineItem, ...]


class Unit(_Model):
    """A body that acts (đơn vị); collective: "các phòng, ban"."""

    name: str
    collective: bool


class Recurrence(StrEnum):
    """How a time comes again."""

    CONTINUOUS = "continuous"
    PERIODIC = "periodic"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


class TimeFrame(_Model):
    """When (thời gian): the words, and what they say as dates, both ends included."""

    text: str
    start: date | None
    end: date | None
    recurrence: Recurrence | None
    condition: str | None
    milestones: tuple[TimeFrame, ...]


class OtherField(_Model):
    """A labelled field beyond the four."""

    label: str
    text: str


class Reference(_Model):
    """A document that is cited (văn bản viện dẫn)."""

    type: str
    number: str | None
    date: date | None
    issuer: str | None


class Confidence(_Model):
    """The chance that each field of a task is right."""

    text: Probability
    lead_units: Probability
    coordinating_units: Probability
    deliverables: Probability
    time_frame: Probability


TaskField = Literal["text", "lead_units", "coordinating_units", "deliverables", "time_frame"]


class Task(_Model):
    """A task (nhiệm vụ): what, who leads, with whom, what comes out, when."""

    id: str
    path: tuple[str, ...]
    kind: Literal["fields", "table", "prose"]
    text: str
    lead_units: tuple[Unit, ...]
    coordinating_units: tuple[Unit, ...]
    deliverables: tuple[str, ...]
    time_frame: TimeFrame | None
    other_fields: tuple[OtherField, ...]
    references: tuple[Reference, ...]
    confidence: Confidence
    needs_review: tuple[TaskField, ...]
    where: tuple[Where, ...]


class Signature(_Model):
    """Who signs, by which authority (TM., KT., TL., TUQ.)."""

    authority: str | None
    position: str | None
    name: str | None


def _mapped(where: Where, maps: Mapping[int, Callable[[BBox], BBox]]) -> Where:
    move = maps.get(where.page)
    return replace(where, bbox=move(where.bbox)) if move and where.bbox else where


class Plan(_Model):
    """A plan (kế hoạch) as data; the JSON's names are the fields' names."""

    schema_version: Literal["1.0"]
    source: Source
    header: Header
    year: int | None
    preamble: tuple[str, ...]
    outline: tuple[OutlineItem, ...]
    tasks: tuple[Task, ...]
    references: tuple[Reference, ...]
    closing: tuple[str, ...]
    recipients: tuple[str, ...]
    signature: Signature | None
    warnings: tuple[PlanWarning, ...]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        for kind, parts in (("outline item", self.walk()), ("task", self.tasks)):
            counts = Counter(part.id for part in parts)
            if repeated := [one for one, count in counts.items() if count > 1]:
                raise ValueError(f"{kind} ids are not unique: {', '.join(repeated)}")
        return self

    def walk(self) -> Iterator[OutlineItem]:
        """Yield every item of the outline, in the document's order, without recursion."""
        stack = list(reversed(self.outline))
        while stack:
            item = stack.pop()
            yield item
            stack.extend(reversed(item.children))

    def with_boxes(self, maps: Mapping[int, Callable[[BBox], BBox]]) -> Self:
        """Return the plan with the boxes of tasks on the pages of `maps` put elsewhere."""
        if not maps:
            return self
        tasks = [
            task.model_copy(update={"where": tuple(_mapped(one, maps) for one in task.where)}) for task in self.tasks
        ]
        return self.model_copy(update={"tasks": tuple(tasks)})

    def to_json(self) -> str:
        """Return the plan as JSON: keys in the contract's order, two-space indent, a newline at the end."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"

    def facts(self) -> dict[str, Any]:
        """Return what the document says, as JSON data: the plan without what depends on the run (`RUN_FIELDS`)."""
        data = self.model_dump(mode="json", exclude=set(RUN_FIELDS))
        for task in data["tasks"]:
            for field in TASK_RUN_FIELDS:
                del task[field]
        return data

    @classmethod
    def from_json(cls, text: str, *, name: str = "plan") -> Self:
        """Read a plan from the JSON that `to_json` wrote; `name` is the file that errors speak of.

        Raises:
            PlanFormatError: `text` is no JSON, of another schema version, or not a plan.
        """
        return cls._from_data(_load(text, name), name)

    @classmethod
    def from_facts(cls, text: str, *, name: str = "plan") -> Self:
        """Read a plan from its facts alone, as a person or `facts` wrote them; a whole plan will do, too.

        What depends on the run is empty or 1 where it is left out, `schema_version` is this one.

        Raises:
            PlanFormatError: as from_json.
        """
        data = _load(text, name)
        if isinstance(data, dict):
            data = {"schema_version": SCHEMA_VERSION, **RUN_FIELDS, **data}
            tasks = data.get("tasks")
            if isinstance(tasks, list):
                data["tasks"] = [{**TASK_RUN_FIELDS, **task} if isinstance(task, dict) else task for task in tasks]
        return cls._from_data(data, name)

    @classmethod
    def _from_data(cls, data: object, name: str) -> Self:
        version = data.get("schema_version") if isinstance(data, dict) else None
        if version != SCHEMA_VERSION:
            raise PlanFormatError(f"schema version {version!r}", name, _REMEDY)
        try:
            return cls.model_validate(data)
        except (ValidationError, RecursionError) as error:
            raise PlanFormatError(f"not a plan: {_first_problem(error)}", name, _REMEDY) from error


def read_plan(path: Place) -> Plan:
    """Read the plan, or the facts of a plan, in a file.

    Raises:
        InputMissingError: there is no such file, or it can't be opened.
        PlanFormatError: it holds no plan.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputMissingError(error.strerror or str(error), str(path), "give the JSON file of a plan") from error
    except UnicodeDecodeError as error:
        raise PlanFormatError("not UTF-8", str(path), _REMEDY) from error
    return Plan.from_facts(text, name=str(path))


def _load(text: str, name: str) -> object:
    try:
        data: object = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise PlanFormatError(f"not JSON: {error}", name, _REMEDY) from error
    return data


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")


def _first_problem(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a plan (draft 2020-12)."""
    return Plan.model_json_schema(mode="serialization")
