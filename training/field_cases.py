"""Tasks of documents whose plans are known, field by field: what speaks against each, and whether it is right.

For training/confidence.py. Documents are read and restored once (`read_documents`); texts also as OCR would damage
them, letter by letter. What is parsed of them is compared with gold strictly, but a task with the likest wherever it
stands: a wrong path is no wrong field.
"""

from __future__ import annotations

import json
import pickle
import random
import zlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz
from rich.progress import track

from planparse.config import DEFAULT
from planparse.data import data_path
from planparse.normalizing import normalize_outline
from planparse.normalizing.evidence import WEIGHERS, survey
from planparse.plan import Plan, Task, read_plan
from planparse.reading import read_file, read_text
from planparse.restoring import plausibility, restore_document
from planparse.score.plans import TASK_FIELDS
from planparse.segmenting import segment_document
from planparse.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planparse.document import Document

NOISES = ("vie", "eng")
"""The engines of `confusions.json` whose mistakes texts are given: as a plan is read, and by a model without marks."""
LEAST_LIKE = 60
"""Per cent of likeness from which two texts may be of one task, what is gained by the path included."""
SAME_PATH, SAME_KIND = 15, 5
"""What a pair of tasks gains where texts are alike: a plan may say one thing twice."""


class Case(NamedTuple):
    """A task, or a field of one, with what speaks for and against it.

    Attributes:
        document, input: what was read.
        kind: of the task.
        task: its number among the tasks of the plan.
        name: the field; `task` for whether it is one.
        evidence: by name.
        right: whether it is as in gold.
        real: whether gold has the task.
        stated: whether either plan states the field.
    """

    document: str
    input: str
    kind: str
    task: int
    name: str
    evidence: dict[str, float]
    right: bool
    real: bool
    stated: bool


def read_documents(documents: Path, out: Path) -> None:
    """Read and restore what is not kept yet."""
    out.mkdir(parents=True, exist_ok=True)
    for name, read in track(list(inputs(documents)), description="documents"):
        path = out / f"{name}.pickle"
        if not path.exists():
            path.write_bytes(pickle.dumps(restore_document(read())))


def inputs(documents: Path) -> Iterator[tuple[str, Callable[[], Document]]]:
    """Yield each input with its name, `document@input`, and how it is read."""
    for path in sorted(documents.glob("*/*")):
        name = f"{path.parent.name}@{path.name}"
        if path.suffix == ".pdf":
            yield name, partial(read_file, path, DEFAULT, judge=plausibility)
        elif path.suffix == ".txt":
            text = path.read_text(encoding="utf-8")
            yield name, partial(read_text, text)
            for noise in NOISES if "ocr" not in path.stem else ():
                yield f"{name}-{noise}", partial(read_text, damage(text, noise))


def damage(text: str, engine: str) -> str:
    """Return a text with letters mistaken as often as by an engine; the same for the same text."""
    table = json.loads(Path(data_path("confusions.json")).read_text(encoding="utf-8"))[engine]
    dice = random.Random(zlib.crc32((engine + text).encode()))  # noqa: S311 (no secret)
    return "".join(_misread(char, table, dice) for char in text)


def _misread(char: str, table: dict[str, dict[str, int]], dice: random.Random) -> str:
    seen = table.get(char)
    return dice.choices(list(seen), list(seen.values()))[0] if seen else char


def collect(documents: Path, read: Path) -> list[Case]:
    """Return the cases of all that is kept."""
    cases: list[Case] = []
    for path in track(sorted(read.glob("*.pickle")), description="plans"):
        name, given = path.stem.split("@")
        document: Document = pickle.loads(path.read_bytes())  # noqa: S301 (our own folder)
        cases += _cases(name, given, document, read_plan(documents / name / "plan.json"))
    return cases


def _cases(name: str, given: str, document: Document, gold: Plan) -> Iterator[Case]:
    outline = segment_document(document)
    plan = normalize_outline(outline, document.source)
    around = survey(plan.tasks, outline, plan.year)
    counterparts = pair(plan, gold)
    for index, (assignment, task) in enumerate(zip(outline.assignments, plan.tasks, strict=True)):
        other = counterparts.get(index)
        for what, weigh in WEIGHERS.items():
            right, stated = _compare(what, task, other)
            evidence = {key: float(value) for key, value in weigh(assignment, task, around).items()}
            yield Case(name, given, task.kind, index, what, evidence, right, other is not None, stated)


def _compare(what: str, task: Task, other: Task | None) -> tuple[bool, bool]:
    """Return whether a field is as in gold, and whether either states it."""
    if what == "task":
        return other is not None, True
    values = [sorted(map(str, TASK_FIELDS[what](one))) if one else [] for one in (task, other)]
    return other is not None and values[0] == values[1], bool(values[0] or values[1])


def pair(plan: Plan, gold: Plan) -> dict[int, Task]:
    """Return the counterpart of each task, by its number: the likest text first, wherever it stands."""
    likeness = [
        (fuzz.ratio(fold(one.text), fold(other.text)) + _bonus(one, other), i, j)
        for i, one in enumerate(plan.tasks)
        for j, other in enumerate(gold.tasks)
    ]
    found: dict[int, int] = {}
    for _, i, j in sorted((one for one in likeness if one[0] >= LEAST_LIKE), key=lambda one: (-one[0], one[1:])):
        if i not in found and j not in found.values():
            found[i] = j
    return {i: gold.tasks[j] for i, j in found.items()}


def _bonus(one: Task, other: Task) -> int:
    return SAME_PATH * (one.path == other.path) + SAME_KIND * (one.kind == other.kind)
