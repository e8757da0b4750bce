"""What is odd in a document, but does not stop planparse: a code, words, a place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class WarningCode(StrEnum):
    """Every code that a warning may have; docs/errors.md tells cause and cure of each."""

    NO_TEXT = "no-text"
    CONTROL_CHARACTERS = "control-characters"
    INVALID_BYTES = "invalid-bytes"
    ENCODING = "encoding"
    LOOK_ALIKES = "look-alikes"
    NOT_VIETNAMESE = "not-vietnamese"
    POOR_TEXT_LAYER = "poor-text-layer"
    PAGE_NOT_READ = "page-not-read"
    ENGINE_FAILED = "engine-failed"
    MARKER_SEQUENCE = "marker-sequence"
    TASK_INCOMPLETE = "task-incomplete"
    DATE_INVALID = "date-invalid"
    TIME_REVERSED = "time-reversed"
    DEADLINE_PAST = "deadline-past"
    DEADLINE_YEAR = "deadline-year"
    TASK_REPEATED = "task-repeated"
    ROLE_CONFLICT = "role-conflict"
    REFERENCE_CONFLICT = "reference-conflict"


@dataclass(frozen=True, slots=True)
class WarningPlace:
    """The page, and the first and last line, that a warning is about."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 (read by pydantic, not a field)

    page: int
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """Odd, but not fatal; `where` is None when it is about the whole document."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 (read by pydantic, not a field)

    code: WarningCode
    message: str
    where: WarningPlace | None = None
