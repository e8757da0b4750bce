"""A path → the edits that it makes, each with how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planparse.document import Edit
from planparse.restoring import arbitration, calibration
from planparse.restoring.capitals import is_small
from planparse.restoring.decoding import NO_WORD
from planparse.restoring.language_model import BOUNDARY, load_language_model
from planparse.restoring.readings import GLYPHS

if TYPE_CHECKING:
    import numpy.typing as npt

    from planparse.restoring.items import Item
    from planparse.restoring.lattice import Reading
    from planparse.restoring.path import Path

_SURE = 0.8
"""The probability from which a word of right text is changed, and what begins with a digit is a word."""

_NEAR = 4
"""Edges of the path on each side whose doubt tells of a word's own."""

_WRAPPED = 50
"""Characters from which a line may go on with the next: 121 of the 123 lines of gold that go on with a small letter
have more; cells and headings, it is guessed, mostly fewer."""

_ALTERNATIVES, _LEAST_CHANCE, _CERTAIN = 3, 0.001, 0.995
"""Alternatives of an edit that are told, the probability from which they are, and that of the edit from which none
is."""


class _Before:
    """What stands before an edge of the path.

    Attributes:
        text: what the last edge prints.
        probability: how sure it is.
        number: the last word.
        place: the line and character where a word of the same clause would begin, None after anything but letters.
    """

    def __init__(self) -> None:
        self.text, self.probability = "", 1.0
        self.number = load_language_model().number(BOUNDARY)
        self.place: tuple[int, int] | None = None


def add_edits(path: Path, edits: list[list[Edit]]) -> None:
    """Add the edits of a path to those of the lines; one that changes nothing where the first engine is held right."""
    doubt, near = _doubts(path)
    before = _Before()
    glued = _glued(path)
    for at, owner in enumerate(path.owners):
        item, index, chance = path.items[owner], path.edges[at], path.chances[at]
        reading = item.reading
        if item.numeral:
            if before.text.lower() == "quý" and item.numeral != reading.printed:
                _add_edit(edits[item.line], item, 0, item.numeral, before.probability)
            continue
        original, number = reading.original(index), int(path.numbers[at])
        small = reading.noisy and _goes_on(item, index, before) and is_small(original, before.number, number)
        text, probability = original, 1.0
        if reading.mended:
            text, probability = reading.mended
        elif reading.texts is not None:
            text = original if reading.edges.kept[index] else reading.text(index)
            probability = arbitration.probability(chance)
        elif small or glued[at] or not reading.edges.kept[index]:
            text = reading.text(index).lower() if small else reading.text(index)
            probability = _probability(reading, index, (chance, doubt, near[at]))
        least = _SURE if reading.cautious or (_is_number(original) and reading.texts is None) else 0.0
        if probability >= least and (glued[at] or text != original or reading.texts is not None):
            space = " " if glued[at] else ""
            left = (1.0 - probability) / (1.0 - chance) if chance < _CERTAIN else 0.0
            others = _alternatives(reading, path.others[owner], index) if left else []
            alternatives = tuple((space + other, left * share) for other, share in others)
            _add_edit(edits[item.line], item, index, space + text, probability, alternatives)
        _pass(before, item, index, number)
        before.text, before.probability = text, probability


def _goes_on(item: Item, index: int, before: _Before) -> bool:
    """Tell whether the edge stands one space after a word of its line, or first after a long line that it goes on."""
    if before.place is None:
        return False
    line, place = before.place
    wrapped = item.line == line + 1 and place > _WRAPPED
    return wrapped or before.place == (item.line, item.start + int(item.reading.edges.start[index]))


def _is_number(printed: str) -> bool:
    """Tell whether `printed` may be a number: it begins with a digit, and is not one digit and a sign as large.

    >>> [_is_number(printed) for printed in ("12", "1é", "12€", "1&", "&")]
    [True, True, True, False, False]
    """
    return printed[:1].isdigit() and (printed[1:2].isdigit() or GLYPHS.isdisjoint(printed))


def _pass(before: _Before, item: Item, index: int, number: int) -> None:
    """Let the edge be what stands before the next."""
    end = item.start + int(item.reading.edges.end[index])
    spelt = item.reading.original(index).isalpha() or not item.reading.edges.kept[index]
    before.place = (item.line, end + 1) if spelt else None
    if number != NO_WORD:
        before.number = number


def _probability(reading: Reading, index: int, doubts: tuple[float, float, float]) -> float:
    """Return how sure the edge at `index` is, whose chance, and the doubt in the text and near it, are `doubts`."""
    misfit = -float(reading.edges.evidence[index]) / max(len(reading.original(index)), 1)
    kind = "right" if reading.cautious else "damaged"
    return calibration.probability(kind, calibration.features(*doubts, misfit))


def _glued(path: Path) -> list[bool]:
    """Tell for each edge whether it is a word, and follows another in the same piece without anything between."""
    spoken = (path.numbers != NO_WORD) & (path.numbers != load_language_model().number(BOUNDARY))
    owners = np.array(path.owners, np.int64)
    disputed = np.array([path.items[owner].reading.texts is not None for owner in path.owners], np.bool_)
    follows = spoken & ~disputed & np.roll(spoken, 1) & (owners == np.roll(owners, 1))
    follows[:1] = False
    glued: list[bool] = follows.tolist()
    return glued


def _doubts(path: Path) -> tuple[float, list[float]]:
    """Return how much is in doubt among the damaged words, and around each edge of the path."""
    doubts = 1.0 - np.array([*path.chances, 1.0])  # one more, so that there is one
    damaged = np.array([*(path.items[owned].reading.spells for owned in path.owners), False])
    window = np.ones(2 * _NEAR + 1)
    around = np.convolve(doubts, window, "full")[_NEAR : _NEAR + len(doubts)] - doubts
    return float(doubts[damaged].mean()) if damaged.any() else 0.0, (around[:-1] / (2 * _NEAR)).tolist()


def _add_edit(
    before: list[Edit],
    item: Item,
    index: int,
    text: str,
    probability: float,
    others: tuple[tuple[str, float], ...] = (),
) -> None:
    """Add the edit that puts `text` in the place of an edge to those `before` it on the line."""
    edges = item.reading.edges
    start, end = item.start + int(edges.start[index]), item.start + int(edges.end[index])
    place = start + (before[-1].restored_span[1] - before[-1].span[1] if before else 0)
    span = (place, place + len(text))
    before.append(Edit((start, end), span, item.reading.original(index), text, probability, others))


def _alternatives(reading: Reading, chances: npt.NDArray[np.float64], chosen: int) -> list[tuple[str, float]]:
    """Return what else the characters of the chosen edge may be read as, likeliest first, and the decoder's chances."""
    edges = reading.edges
    same = (edges.start == edges.start[chosen]) & (edges.end == edges.end[chosen]) & (chances >= _LEAST_CHANCE)
    texts = {reading.text(chosen): 0.0}
    likely = np.flatnonzero(same)
    for index in likely[np.argsort(-chances[likely])].tolist():
        if len(texts) > _ALTERNATIVES:
            break
        texts.setdefault(reading.text(index), float(chances[index]))
    return list(texts.items())[1:]
