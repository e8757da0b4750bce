"""What speaks against a task and each of its fields: from reading, restoring and parsing, as numbers with names.

A number is 0 where there is nothing to say, and mostly 1 where there is; docs/confidence.md tells what each name means.
What it is worth: `planparse.normalizing.confidence`.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import regex

from planparse.data import load_table
from planparse.language.bodies import GENERAL, is_plural, opens_name
from planparse.language.words import phrase_length, split_words
from planparse.language.work import verb_at
from planparse.normalizing.dates import find_moments
from planparse.normalizing.time_frames import is_impossible
from planparse.normalizing.unit_names import runs_on
from planparse.outline import AssignmentKind, FieldKind
from planparse.text import fold
from planparse.warning import WarningCode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planparse.outline import Assignment, Field, Outline, Passage
    from planparse.plan import Task, TimeFrame, Unit

    Evidence = dict[str, float]

SHORT_TEXT = 5
"""Words; a task's text with fewer is a heading, or what a lost line has left. No line is lost where nothing is damaged:
of 460 tasks found in the labelled plans as clean text, none is so short, and no weight is known for one that is."""
LONG_DELIVERABLE = 25
"""Words; a longer one mostly is a report of what was done."""
MANY_ODD_MARKERS = 5
"""Markers that break the sequence, from which the numbering says no more."""
HALF_A_SYLLABLE = 0.02
"""Added to expected errors before the logarithm: a fiftieth of an error is as good as none."""

KINDS = {
    "lead_units": (FieldKind.LEAD_UNITS, FieldKind.LEAD_AND_COORDINATING_UNITS),
    "coordinating_units": (FieldKind.COORDINATING_UNITS, FieldKind.LEAD_AND_COORDINATING_UNITS),
    "deliverables": (FieldKind.DELIVERABLES,),
    "time_frame": (FieldKind.TIME_FRAME,),
}
"""Which of an assignment's fields a task's field is read from."""

_SAID = {"lead_units": regex.compile(r"\b(?:chu tri|giao)\b"), "coordinating_units": regex.compile(r"\bphoi hop\b")}
_ODD_SIGN = regex.compile(r"[|_~^\\{}\[\]]")
_ODD_SIGN_IN_NAME = regex.compile(r"[^\w\s,()&\-–./]")
_ENDED = regex.compile(r"[.;:!?…/)”\"]\s*$")
_YEAR = regex.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rest of the document tells of a task.

    Attributes:
        year: the plan's.
        named: in how many tasks a unit is named, by its name without marks.
        groups: how many tasks of one kind stand under one item, and how many of them have each field.
        kinds: how the document assigns tasks.
        odd_numbering: how far markers break the sequence, from 0 to 1.
        damaged: whether any word of a task was mended, or read by an engine that was not sure of it.
    """

    year: int | None
    named: Counter[str]
    groups: dict[tuple[object, ...], Counter[str]]
    kinds: frozenset[str]
    odd_numbering: float
    damaged: bool

    def siblings(self, task: Task) -> int:
        """Return how many other tasks are in the task's group."""
        return self.groups[_group(task)]["task"] - 1

    def siblings_with(self, name: str, task: Task) -> int:
        """Return how many of them have the field `name`."""
        return self.groups[_group(task)][name] - bool(getattr(task, name))


def survey(tasks: Sequence[Task], outline: Outline, year: int | None) -> Surroundings:
    """Return what all tasks of a document tell of each."""
    groups: dict[tuple[object, ...], Counter[str]] = defaultdict(Counter)
    for task in tasks:
        groups[_group(task)].update(["task", *(name for name in KINDS if getattr(task, name))])
    named = Counter(name for task in tasks for name in {fold(unit.name) for unit in _all_units(task)})
    odd = sum(warning.code is WarningCode.MARKER_SEQUENCE for warning in outline.warnings)
    kinds = frozenset(task.kind for task in tasks)
    odd_numbering = min(1.0, odd / MANY_ODD_MARKERS)
    return Surroundings(year, named, groups, kinds, odd_numbering, any(map(_is_damaged, outline.assignments)))


def _is_damaged(assignment: Assignment) -> bool:
    passages = [assignment.text, *(value for one in assignment.fields for value in one.values)]
    return any(passage.confidence < 1.0 or passage.wrong_repairs for passage in passages)


def _group(task: Task) -> tuple[object, ...]:
    return (task.path[:-1], task.kind)


def _all_units(task: Task) -> tuple[Unit, ...]:
    return (*task.lead_units, *task.coordinating_units)


def weigh_task(assignment: Assignment, task: Task, around: Surroundings) -> Evidence:
    """Return what speaks against this being a task at all."""
    return {
        "short": around.damaged and _is_short(task.text),
        "alone": not around.siblings(task),
        "prose_among_others": assignment.kind is AssignmentKind.PROSE and len(around.kinds) > 1,
        "odd_numbering": around.odd_numbering,
        "inherited": any(one.inherited for one in assignment.fields),
        "no_lead": not task.lead_units,
        "open_end": _is_open_ended(assignment),
        "no_verb": not _names_work(task.text),
        "leads_in": _leads_in(task.text),
    }


def weigh_text(assignment: Assignment, task: Task, _: Surroundings) -> Evidence:
    """Return what speaks against the words of a task, or where they begin and end."""
    text = task.text
    return {
        "repairs": _doubt([assignment.text]),
        "unread": _unread([assignment.text]),
        "short": _is_short(text),
        "begins_small": text[:1].islower(),
        "colon": ":" in text,
        "semicolon": ";" in text,
        "odd_sign": bool(_ODD_SIGN.search(text)),
        "leads": len(regex.findall(r"\bchu tri\b", fold(text))),
        "no_lead": not task.lead_units,
        "open_end": _is_open_ended(assignment),
        "leads_in": _leads_in(text),
        "open_bracket": text.count("(") != text.count(")"),
    }


def weigh_units(name: str, assignment: Assignment, task: Task, around: Surroundings) -> Evidence:
    """Return what speaks against the units of a field, `name`, or against there being none."""
    units: tuple[Unit, ...] = getattr(task, name)
    names = [fold(unit.name) for unit in units]
    new = sum(around.named[one] == 1 for one in names)
    return _weigh_field(name, assignment, task, around) | {
        "said_in_text": not units and bool(_SAID[name].search(fold(task.text))),
        "said_elsewhere": not units and any(_begins_with_name(value) for value in _unclaimed(assignment)),
        "unknown_body": any(not _begins_with_name(unit.name) or runs_on(unit.name) for unit in units),
        "comma": any(_is_list(unit.name) for unit in units),
        "bracket": any("(" in unit.name for unit in units),
        "odd_sign": any(_ODD_SIGN_IN_NAME.search(unit.name) for unit in units),
        "open_bracket": any(unit.name.count("(") != unit.name.count(")") for unit in units),
        "several": len(units) > 1,
        "many": math.log(max(1, len(units))),
        "new": new / max(1, len(names)),
    }


def weigh_deliverables(assignment: Assignment, task: Task, around: Surroundings) -> Evidence:
    """Return what speaks against the deliverables."""
    return _weigh_field("deliverables", assignment, task, around) | {
        "long": any(len(one.split()) > LONG_DELIVERABLE for one in task.deliverables),
        "many": math.log(max(1, len(task.deliverables))),
        "time": any(find_moments(fold(one), around.year) for one in task.deliverables),
    }


def weigh_time(assignment: Assignment, task: Task, around: Surroundings) -> Evidence:
    """Return what speaks against the time frame: words not understood, times in the text besides."""
    time = task.time_frame
    named = find_moments(fold(task.text), around.year) if assignment.kind is AssignmentKind.PROSE else []
    return _weigh_field("time_frame", assignment, task, around) | {
        "vague": time is not None and is_vague(time),
        "impossible": time is not None and is_impossible(time.text, around.year),
        "no_year": time is not None and around.year is None and not _YEAR.search(time.text),
        "milestones": bool(time and time.milestones),
        "digits": bool(time and any(char.isdigit() for char in time.text)),
        "several_in_text": len(named) > 1,
        "said_in_text": time is None and bool(named),
        "said_elsewhere": time is None
        and any(find_moments(fold(value), around.year) for value in _unclaimed(assignment)),
        "semicolon": time is not None and ";" in time.text,
    }


WEIGHERS: dict[str, Callable[[Assignment, Task, Surroundings], Evidence]] = {
    "task": weigh_task,
    "text": weigh_text,
    "lead_units": partial(weigh_units, "lead_units"),
    "coordinating_units": partial(weigh_units, "coordinating_units"),
    "deliverables": weigh_deliverables,
    "time_frame": weigh_time,
}
"""What is weighed of a task: that it is one, and each field."""


def is_vague(frame: TimeFrame) -> bool:
    """Tell whether the words of a time give neither a date, a recurrence nor a condition."""
    return not (frame.start or frame.end or frame.recurrence or frame.condition or frame.milestones)


def _weigh_field(name: str, assignment: Assignment, task: Task, around: Surroundings) -> Evidence:
    """Return what speaks against any field: how it is assigned, labelled, repaired; what siblings have."""
    fields = [one for one in assignment.fields if one.kind in KINDS[name]]
    siblings = around.siblings(task)
    empty = not getattr(task, name)
    values = [value for one in fields for value in one.values]
    return {
        "prose": assignment.kind is AssignmentKind.PROSE,
        "table": assignment.kind is AssignmentKind.TABLE,
        "empty": empty,
        "missing": empty and 2 * around.siblings_with(name, task) > siblings,
        "alone": not siblings,
        "several_fields": len(fields) > 1,
        "inherited": any(one.inherited for one in fields),
        "odd_label": assignment.kind is not AssignmentKind.PROSE and any(map(_has_odd_label, fields)),
        "repairs": _doubt(values or [assignment.text]),
        "unread": _unread(values or [assignment.text]),
        "odd_numbering": around.odd_numbering,
        "unclaimed": empty and bool(_unclaimed(assignment)),
    }


def _unclaimed(assignment: Assignment) -> list[str]:
    """Return the values of columns and labels that no field is read from."""
    return [value.text for one in assignment.fields if one.kind is FieldKind.OTHER for value in one.values]


def _begins_with_name(text: str) -> bool:
    """Tell whether a text begins as names of bodies do, those of a kind ("doanh nghiệp") among them."""
    words = split_words(text)
    return opens_name(words, 0) or phrase_length(words, 0, *GENERAL) > 0


def _is_list(name: str) -> bool:
    """Tell whether a name is a list of others, but no collective such as "các sở, ngành"."""
    return "," in name and not is_plural(split_words(name), 0)


def _is_open_ended(assignment: Assignment) -> bool:
    """Tell whether a sentence that assigns ends without a mark, as where a page or line is lost."""
    return assignment.kind is AssignmentKind.PROSE and not _ENDED.search(assignment.text.text)


def _leads_in(text: str) -> bool:
    """Tell whether a text only says that more follows."""
    return text.rstrip().endswith(":")


def _names_work(text: str) -> bool:
    """Tell whether any verb of those that tasks are made of stands in a text."""
    words = split_words(text)
    return any(verb_at(words, index) for index in range(len(words)))


def _doubt(passages: Sequence[Passage]) -> float:
    """Return the logarithm of how many repairs are wrong; 0 where there are none."""
    wrong = sum(passage.wrong_repairs for passage in passages)
    return math.log((wrong + HALF_A_SYLLABLE) / HALF_A_SYLLABLE)


def _unread(passages: Sequence[Passage]) -> float:
    """Return the logarithm of how unsure the least sure line is; 0 where it is sure."""
    unsure = 1.0 - min((passage.confidence for passage in passages), default=1.0)
    return math.log((unsure + HALF_A_SYLLABLE) / HALF_A_SYLLABLE)


def _is_short(text: str) -> bool:
    return len(text.split()) < SHORT_TEXT


def _has_odd_label(one: Field) -> bool:
    """Tell whether a label that stands with the task holds a word that labels are not made of: damaged, or its own."""
    return not one.inherited and any(
        word not in _label_words() for word in regex.findall("[a-z]+", fold(one.label.text))
    )


@cache
def _label_words() -> frozenset[str]:
    phrases = (phrase for words in load_table("labels")["words"].values() for phrase in words)
    return frozenset(word for phrase in phrases for word in regex.findall("[a-z]+", fold(phrase)))
