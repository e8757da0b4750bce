"""Plan, the contract: fields and validators, to JSON and back.

Pydantic forbids what it does not know; every key is present, a value that the document does not state is null or [].
"""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from planparse.document import Source, Where
from planparse.errors import PlanFormatError
from planparse.warning import PlanWarning

SCHEMA_VERSION = "1.0"
Probability = Annotated[float, Field(ge=0, le=1)]


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
        for kind, ids in (("outline item", self._outline_ids()), ("task", [task.id for task in self.tasks])):
            if repeated := {one for one in ids if ids.count(one) > 1} if len(set(ids)) < len(ids) else set():
                raise ValueError(f"{kind} ids are not unique: {', '.join(sorted(repeated))}")
        return self

    def _outline_ids(self) -> list[str]:
        ids: list[str] = []
        stack = list(reversed(self.outline))
        while stack:
            item = stack.pop()
            ids.append(item.id)
            stack.extend(reversed(item.children))
        return ids

    def to_json(self) -> str:
        """Return the plan as JSON: keys in the contract's order, two-space indent, a newline at the end."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str, *, name: str = "plan") -> Self:
        """Read a plan from the JSON that `to_json` wrote; `name` is the file that errors speak of.

        Raises:
            PlanFormatError: `text` is no JSON, of another schema version, or not a plan.
        """
        remedy = f"give a plan of schema version {SCHEMA_VERSION}, as `planparse parse` writes it"
        try:
            data = json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise PlanFormatError(f"not JSON: {error}", name, remedy) from error
        version = data.get("schema_version") if isinstance(data, dict) else None
        if version != SCHEMA_VERSION:
            raise PlanFormatError(f"schema version {version!r}", name, remedy)
        try:
            return cls.model_validate(data)
        except (ValidationError, RecursionError) as error:
            raise PlanFormatError(f"not a plan: {_first_problem(error)}", name, remedy) from error


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
