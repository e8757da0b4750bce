"""Lines → the edits that restore them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from planparse.document import Edit
from planparse.restoring.damage import State
from planparse.restoring.decoding import decode
from planparse.restoring.document_numbers import mend_number, quarter_numeral
from planparse.restoring.language_model import BOUNDARY, CODE, NUMBER, UNKNOWN, load_language_model
from planparse.restoring.readings import SLIP, Reading, keep, read_word
from planparse.restoring.tokens import UPPER_LINE, Kind, Token, marker_end, tokenize, vocabulary_item
from planparse.text import fold, is_upper

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from planparse.restoring.decoding import Sums


_SLIP_WORDS = 400
"""Words of experience behind SLIP: a text of few lines can hardly change it."""

_MOST_SLIPS = 0.05
"""The largest share of words that text may have wrong and still count as right."""

_SURE = 0.9
"""The probability from which a word of right text is changed: of 71,000 words of right plans, 7 change, and 6 of these
are misprints; from 0.8, twice as many change, and half are misprints (bench/restoring.py)."""

_TEMPER, _TEMPER_SHIFT = 0.6, -0.4
"""What the log odds of a reading are multiplied by, and what is added: the decoder is too sure of itself. Fitted to the
table of calibration that bench/restoring.py prints for 30 typeset pages."""

_BLOCK = 20_000
"""Items decoded together: bounds memory, and makes the share of slips a local one."""


@dataclass(frozen=True, slots=True)
class Item:
    """A reading at its place in the lines.

    Attributes:
        line: index of the line.
        start: where in the line the reading's printed characters begin.
        numeral: the Roman numeral that this is if the word before is "quý".
        chance: the probability of a repair made before decoding.
    """

    line: int
    start: int
    reading: Reading
    numeral: str | None = None
    chance: float = 1.0


def restore_lines(lines: Sequence[str], states: Sequence[State], breaks: Collection[int] = ()) -> list[list[Edit]]:
    """Return the edits of each line; no context runs over the beginning of the lines in `breaks`."""
    edits: list[list[Edit]] = [[] for _ in lines]
    items = _without_repeats(item for index in range(len(lines)) for item in _items(lines, states, index, breaks))
    while block := list(islice(items, _BLOCK)):
        for item, text, probability in _choose(block):
            if text != item.reading.printed:
                edits[item.line].append(_edit(item, text, probability, edits[item.line]))
    return edits


def _edit(item: Item, text: str, probability: float, before: Sequence[Edit]) -> Edit:
    """Return the edit that follows those `before` on the line."""
    printed = item.reading.printed
    shift = before[-1].restored_span[1] - before[-1].span[1] if before else 0
    start = item.start + shift
    return Edit((item.start, item.start + len(printed)), (start, start + len(text)), printed, text, probability)


def _without_repeats(items: Iterable[Item]) -> Iterator[Item]:
    """Yield `items` without a boundary that follows another."""
    boundary = load_language_model().number(BOUNDARY)
    last = -1
    for item in items:
        words = item.reading.place.words
        if words[0] != boundary or last != boundary:
            yield item
        last = words[0]


def _items(lines: Sequence[str], states: Sequence[State], index: int, breaks: Collection[int]) -> Iterator[Item]:
    """Yield the items of one line."""
    line, state = lines[index], states[index]
    start = marker_end(line)
    if index in breaks or line[:start].strip() or _begins_paragraph(lines, index, start):
        yield Item(index, start, keep("", BOUNDARY))
    upper = is_upper(line, share=UPPER_LINE)
    before = ""
    for token in tokenize(line, damaged=state in (State.BARE, State.MANGLED)):
        quarter = quarter_numeral(line, token.start) if fold(before) == "quy" else None
        if quarter:
            yield from _quarter_items(index, token, quarter, state)
        elif token.kind is Kind.WORD and state is not State.FOREIGN:
            for reading in read_word(token.text, state, upper=upper):
                yield Item(index, token.start + reading.offset, reading)
        else:
            yield _fixed_item(index, token, state)
        before = token.text


def _begins_paragraph(lines: Sequence[str], index: int, start: int) -> bool:
    """Tell whether the line stands after an empty one, and does not go on with a small letter."""
    after_blank = index == 0 or not lines[index - 1].strip()
    return after_blank and not lines[index][start : start + 1].islower()


def _quarter_items(line: int, token: Token, quarter: tuple[str, str], state: State) -> Iterator[Item]:
    """Yield the numeral of a quarter, and what is left of its token; in right text a 1 may be meant."""
    printed, numeral = quarter
    reading = keep(printed, vocabulary_item(numeral))
    yield Item(line, token.start, reading, None if state is State.RIGHT and printed == "1" else numeral)
    if rest := token.text[len(printed) :]:
        yield Item(line, token.start + len(printed), keep(rest, NUMBER))


def _fixed_item(line: int, token: Token, state: State) -> Item:
    """Return the item of what gives context only, or is mended by its own grammar."""
    if token.kind is Kind.CODE and state is not State.FOREIGN:
        mended, chance = mend_number(token.text, "vietnamese" if state is State.RIGHT else "english")
        reading = keep(token.text, CODE)
        return Item(line, token.start, Reading(reading.printed, 0, (mended,), reading.place), chance=chance)
    item = {Kind.CODE: CODE, Kind.NUMBER: NUMBER, Kind.END: BOUNDARY, Kind.FIXED: UNKNOWN}.get(token.kind)
    return Item(line, token.start, keep(token.text, item or vocabulary_item(token.text)))


def _choose(items: Sequence[Item]) -> Iterator[tuple[Item, str, float]]:
    """Yield each item with the text decided on, and the probability that it is right."""
    chances = list(decode([item.reading.place for item in items], load_language_model()))
    odds = _slip_odds(items, chances)
    last, certainty = "", 1.0
    for item, chance in zip(items, chances, strict=True):
        if item.reading.cautious:
            chance[1:] *= odds
        best = int(np.argmax(chance))
        probability = item.chance * _temper(float(chance[best] / chance.sum()))
        text = item.reading.texts[best]
        if item.reading.cautious and probability < _SURE:
            text = item.reading.printed
        if item.numeral and last.lower() == "quý":
            text, probability = item.numeral, certainty
        yield item, text, probability
        last, certainty = text, probability


def _slip_odds(items: Sequence[Item], chances: Sequence[Sums]) -> float:
    """Return by how much slips are more, or less, frequent than SLIP in those items that are right text."""
    slips = [1.0 - float(chance[0]) for item, chance in zip(items, chances, strict=True) if item.reading.cautious]
    return min((sum(slips) + SLIP * _SLIP_WORDS) / (len(slips) + _SLIP_WORDS), _MOST_SLIPS) / SLIP


def _temper(chance: float) -> float:
    """Return `chance` made as modest as experience asks; certainty stays."""
    if chance >= 1.0:
        return 1.0
    log_odds = math.log(chance / (1.0 - chance))
    return 1.0 / (1.0 + math.exp(-_TEMPER * log_odds - _TEMPER_SHIFT))
