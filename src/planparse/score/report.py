"""Files and folders of plans or texts → a report of their scores."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planparse.errors import InputEmptyError, InputMissingError, InputUnsupportedError
from planparse.plan import Header, Plan, read_plan
from planparse.score.plans import score_plans
from planparse.score.texts import score_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planparse.score.figures import Figure, Score

PLAN_NAME = "plan.json"
INNER_SUFFIXES = frozenset({".plan", ".pdf", ".txt", ".png", ".jpg", ".jpeg", ".tif", ".tiff"})
"""What may stand before `.json` and is no part of the stem, as in `a.pdf.json`."""


@dataclass(frozen=True, slots=True)
class Report:
    """The scores of pairs by name.

    Attributes:
        pairs: a score a pair; a gold file without a prediction is scored against nothing.
        missing: the names of gold without a prediction.
        extra: the names of predictions without gold; they have no score.
    """

    pairs: dict[str, Score]
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def total(self) -> Score:
        """The sum of the pairs."""
        return reduce(add, self.pairs.values())

    def to_data(self) -> dict[str, Any]:
        """Return the report as JSON data."""
        return {
            "total": self.total.to_data(),
            "pairs": {name: score.to_data() for name, score in self.pairs.items()},
            "missing": list(self.missing),
            "extra": list(self.extra),
        }

    def to_text(self) -> str:
        """Return the total as a table."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        total, pairs = self.total, len(self.pairs)
        yield f"{pairs} {'pair' if pairs == 1 else 'pairs'}"
        if total.figures:
            heads = ("precision", "recall", "F1", "right", "predicted", "gold", "exact")
            yield " " * 20 + "".join(f"{head:>11}" for head in heads)
        yield from (f"{name:<20}{_row(figure)}" for name, figure in total.figures.items())
        text = total.text
        yield f"character error rate {_percent(text.character_error_rate)} ({text.edits} of {text.characters})"
        yield f"syllable accuracy    {_percent(text.syllable_accuracy)} ({text.right_syllables} of {text.syllables})"
        yield from (f"missing: {name}" for name in self.missing)
        yield from (f"without gold: {name}" for name in self.extra)


def _row(figure: Figure) -> str:
    shares = (figure.precision, figure.recall, figure.f1)
    counts = (figure.right, figure.predicted, figure.gold)
    cells = [*map(_percent, shares), *map(str, counts)] if figure.predicted or figure.gold else ["–"] * 6
    exact = f"{figure.exact}/{figure.cases}"
    return "".join(f"{cell:>11}" for cell in [*cells, exact])


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.2%}"


def score_paths(predicted: Path, gold: Path) -> Report:
    """Score a plan against a plan, a text against a text, or a folder of them against a folder.

    In folders, files pair by stem: `a.json`, `a.plan.json`, `a.pdf.json` and `a/plan.json` have the stem `a`.

    Raises:
        InputError: a file is missing or holds no plan; nothing can be compared.
    """
    if predicted.is_dir() != gold.is_dir():
        raise InputUnsupportedError("a file and a folder", f"{predicted}, {gold}", "give two files or two folders")
    if not gold.is_dir():
        return Report({gold.name: _score_files(predicted, gold)})
    left, right = _by_stem(predicted), _by_stem(gold)
    if not right:
        raise InputEmptyError("no plans or texts", str(gold), "give a folder with <stem>.json or <stem>/plan.json")
    pairs = {name: _score_files(left.get(name), right[name]) for name in sorted(right)}
    return Report(pairs, tuple(sorted(right.keys() - left.keys())), tuple(sorted(left.keys() - right.keys())))


def _score_files(predicted: Path | None, gold: Path) -> Score:
    if predicted and predicted.suffix != gold.suffix:
        raise InputUnsupportedError("a plan and a text", f"{predicted}, {gold}", "give two of the same type")
    if gold.suffix == ".txt":
        return score_texts(_read_text(predicted) if predicted else "", _read_text(gold))
    return score_plans(read_plan(predicted) if predicted else _empty_plan(), read_plan(gold))


def _by_stem(folder: Path) -> dict[str, Path]:
    """Return the files of a folder by what they are called: the stem, with `.txt` where they are texts."""
    found: dict[str, Path] = {}
    for path in sorted([*folder.glob("*.json"), *folder.glob(f"*/{PLAN_NAME}"), *folder.glob("*.txt")]):
        name = _stem(path)
        if name in found:
            raise InputUnsupportedError("two files of one stem", f"{found[name]}, {path}", "take one away")
        found[name] = path
    return found


def _stem(path: Path) -> str:
    if path.suffix == ".txt":
        return path.name
    if path.name == PLAN_NAME:
        return path.parent.name
    inner = Path(path.stem)
    return inner.stem if inner.suffix.lower() in INNER_SUFFIXES else inner.name


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise InputMissingError(error.strerror or str(error), str(path), "name a text file") from error


def _empty_plan() -> Plan:
    """Return a plan that states nothing."""
    lists = ("preamble", "outline", "tasks", "references", "closing", "recipients")
    header = dict.fromkeys(Header.model_fields)
    return Plan.from_facts(
        json.dumps({"header": header, "year": None, "signature": None, **{name: [] for name in lists}})
    )
