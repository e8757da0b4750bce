"""Counts of what is right, and the shares that follow from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


@dataclass(frozen=True, slots=True)
class Figure:
    """How much of one thing is right; see the module for what is counted."""

    right: int = 0
    predicted: int = 0
    gold: int = 0
    exact: int = 0
    cases: int = 0

    def __add__(self, other: Figure) -> Figure:
        return Figure(
            self.right + other.right,
            self.predicted + other.predicted,
            self.gold + other.gold,
            self.exact + other.exact,
            self.cases + other.cases,
        )

    @property
    def precision(self) -> float | None:
        """The share of what is predicted that is right; None where nothing is predicted."""
        return _share(self.right, self.predicted)

    @property
    def recall(self) -> float | None:
        """The share of what is in gold that is predicted; None where gold has nothing."""
        return _share(self.right, self.gold)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None where neither side has anything."""
        return _share(2 * self.right, self.predicted + self.gold)

    @property
    def exact_share(self) -> float | None:
        """The share of comparisons that are wholly right."""
        return _share(self.exact, self.cases)


@dataclass(frozen=True, slots=True)
class TextFigure:
    """Edits that make the predicted text gold's, gold's characters; gold's syllables that stand, gold's syllables."""

    edits: int = 0
    characters: int = 0
    right_syllables: int = 0
    syllables: int = 0

    def __add__(self, other: TextFigure) -> TextFigure:
        return TextFigure(
            self.edits + other.edits,
            self.characters + other.characters,
            self.right_syllables + other.right_syllables,
            self.syllables + other.syllables,
        )

    @property
    def character_error_rate(self) -> float | None:
        """Edits by character of gold."""
        return _share(self.edits, self.characters)

    @property
    def syllable_accuracy(self) -> float | None:
        """The share of gold's syllables that the prediction has."""
        return _share(self.right_syllables, self.syllables)


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one pair, or the sum of several; `figures` is empty for texts."""

    text: TextFigure
    figures: dict[str, Figure] = field(default_factory=dict)

    def __add__(self, other: Score) -> Score:
        names = dict.fromkeys([*self.figures, *other.figures])
        nothing = Figure()
        figures = {name: self.figures.get(name, nothing) + other.figures.get(name, nothing) for name in names}
        return Score(self.text + other.text, figures)

    def to_data(self) -> dict[str, Any]:
        """Return the counts and shares as JSON data; a share of nothing is None."""
        text = asdict(self.text) | {
            "character_error_rate": self.text.character_error_rate,
            "syllable_accuracy": self.text.syllable_accuracy,
        }
        return {"figures": {name: _figure_data(figure) for name, figure in self.figures.items()}, "text": text}


def _figure_data(figure: Figure) -> dict[str, Any]:
    shares = ("precision", "recall", "f1", "exact_share")
    return asdict(figure) | {name: getattr(figure, name) for name in shares}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def compare(predicted: Sequence[Hashable], gold: Sequence[Hashable]) -> Figure:
    """Count the values that both have; a case where at least one has any."""
    common = (Counter(predicted) & Counter(gold)).total()
    exact = common == len(predicted) == len(gold)
    stated = bool(predicted or gold)
    return Figure(common, len(predicted), len(gold), int(exact and stated), int(stated))
