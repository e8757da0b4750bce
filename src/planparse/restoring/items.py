"""Lines → items: what is read together, at its place, in the order that the decoder takes it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from planparse.restoring import arbitration
from planparse.restoring.damage import DAMAGED, State
from planparse.restoring.disputes import read_disputed
from planparse.restoring.document_numbers import quarter_numeral
from planparse.restoring.language_model import BOUNDARY, CODE, NUMBER, UNKNOWN, load_language_model
from planparse.restoring.lattice import keep
from planparse.restoring.looks import in_capitals
from planparse.restoring.pairs import find_loose
from planparse.restoring.slips import read_right
from planparse.restoring.tokens import UPPER_LINE, Kind, Token, as_marker, marker_end, pieces, tokenize, vocabulary_item
from planparse.text import fold, is_upper

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from planparse.restoring.disputes import Second
    from planparse.restoring.lattice import Reading
    from planparse.restoring.readings import Reader

_GAP = 4
"""Spaces from which they part columns."""

LONGEST_GROUP = 40
"""Characters of pieces that are read together."""


class Item(NamedTuple):
    """A reading at its place in the lines.

    Attributes:
        line: index of the line.
        start: where in the line the reading's printed characters begin.
        numeral: the Roman numeral that the reading is if the word before is "quý".
    """

    line: int
    start: int
    reading: Reading
    numeral: str | None = None


class Lines(NamedTuple):
    """What is to be read.

    Attributes:
        texts: the lines.
        states: how the text of each was read.
        breaks: the lines over whose beginning no context runs.
        seconds: of each line what a second engine read; empty where there was none.
    """

    texts: Sequence[str]
    states: Sequence[State]
    breaks: Collection[int] = ()
    seconds: Sequence[Sequence[Second]] = ()


def items_of(lines: Lines, block: range, reader: Reader) -> list[Item]:
    """Return the items of the lines of `block`; no boundary follows another.

    Of what is not Vietnamese the leading engine's reading stays: our language model can't tell who is right.
    """
    opening = keep("", BOUNDARY)
    boundary = load_language_model().number(BOUNDARY)
    found: list[Item] = []
    loose = find_loose(lines.texts, block) if reader.noisy else set()
    for index in block:
        line, state = lines.texts[index], lines.states[index]
        seconds = lines.seconds[index] if lines.seconds and state is not State.FOREIGN else ()
        start = marker_end(line)
        opens = index in lines.breaks or line[:start].strip() or _begins_paragraph(lines.texts, index, start)
        if opens and not (found and found[-1].reading.edges.word[-1] == boundary):
            found.append(Item(index, 0, opening))
        upper = is_upper(line, share=UPPER_LINE)
        if state in DAMAGED and not seconds:
            found += _damaged_items(line, index, start, reader, loose, upper=upper)
        else:
            found += _right_items(line, index, _with_seconds(line, start, seconds), state, start=start, upper=upper)
    return found


def _with_seconds(line: str, start: int, seconds: Sequence[Second]) -> Iterator[tuple[str, int, Second | None]]:
    """Yield what stands between spaces, where, and what a second engine read there; what it read otherwise, whole.

    Of what stands before `start`, the line's marker, only what is disputed.
    """
    by_start = {second.start: second for second in seconds if second.start >= start}
    end = start
    for second in seconds:
        if second.start < start and (disputed := _of_marker(line, start, second)):
            yield line[second.start : second.end], second.start, disputed
            end = max(end, second.end)
    for piece, place in pieces(line, start):
        if place < end:
            continue
        second_here = by_start.get(place)
        printed = line[place : second_here.end] if second_here else piece
        end = place + len(printed)
        yield printed, place, second_here


def _of_marker(line: str, start: int, second: Second) -> Second | None:
    """Return what a second engine read of a marker, and of a word that is glued to it; None where it is the same."""
    glued = second.end > start
    marker, rest, behind = second.text.partition(" ") if glued else (second.text, "", "")
    text = as_marker(marker, line[second.start : min(start, second.end)]) + rest + behind
    same = text == line[second.start : second.end] or (glued and not rest)
    return None if same else second._replace(text=text)


def _damaged_items(
    line: str, index: int, start: int, reader: Reader, loose: Collection[tuple[int, int]], *, upper: bool
) -> Iterator[Item]:
    """Yield the items of a damaged line: the pieces that read poorly together with their neighbours, others alone.

    `loose` has the places of brackets and quotes without a partner, see `find_loose`.
    """
    group: list[Reading] = []
    opened = end = 0
    poor = words = opened_upper = False
    after_quarter = False
    found = list(pieces(line, start))
    capitals = [upper or in_capitals(piece) for piece, _ in found]
    for (piece, place), headline in zip(found, _beside(capitals), strict=True):
        quarter = quarter_numeral(line, place) if after_quarter else None
        after_quarter = _names_quarter(piece)
        reading = reader.read(piece, upper=headline, loose=(index, place) in loose)
        gap = end and place - end >= _GAP
        joins = (
            reader.joins
            and group
            and not quarter
            and (poor or reading.poor)
            and words
            and reading.spells
            and line[end:place] == " "
        )
        if group and not (joins and place + len(piece) - opened <= LONGEST_GROUP):
            yield Item(index, opened, reader.join(group, upper=opened_upper))
            group = []
        if gap:
            yield Item(index, end, keep("", BOUNDARY))
        if quarter:
            yield from _quarter_items(index, Token(Kind.WORD, piece, place), quarter, State.MANGLED)
            continue
        if not group:
            opened, opened_upper = place, headline
        group.append(reading)
        end, poor, words = place + len(piece), reading.poor, reading.spells
    if group:
        yield Item(index, opened, reader.join(group, upper=opened_upper))


def _beside(capitals: Sequence[bool]) -> list[bool]:
    """Tell which pieces in capitals stand beside another one."""
    around = [False, *capitals, False]
    return [here and (before or after) for before, here, after in zip(around, capitals, around[2:], strict=False)]


def _right_items(
    line: str, index: int, found: Iterable[tuple[str, int, Second | None]], state: State, *, start: int, upper: bool
) -> Iterator[Item]:
    """Yield the items of a line that is right, or foreign, or that two engines read; its text begins at `start`."""
    after_quarter = False
    end = len(line)
    for piece, place, second in found:
        if place - end >= _GAP:
            yield Item(index, end, keep("", BOUNDARY))
        end = place + len(piece)
        quarter = quarter_numeral(line, place) if after_quarter else None
        after_quarter = _names_quarter(piece)
        if quarter:
            yield from _quarter_items(index, Token(Kind.WORD, piece, place), quarter, state)
        elif second and second.text != piece:
            yield Item(index, place, read_disputed(piece, second, upper=upper, silent=place < start))
        else:
            shift = arbitration.agreed_shift(second.own, second.confidence) if second else 0.0
            for offset, reading in _right_readings(piece, upper, state is not State.FOREIGN, shift):
                yield Item(index, place + offset, reading)


@lru_cache(maxsize=1 << 16)
def _right_readings(
    piece: str,
    upper: bool,  # noqa: FBT001 (a cache's key)
    vietnamese: bool,  # noqa: FBT001 (the same)
    shift: float,
) -> list[tuple[int, Reading]]:
    """Return the readings of the tokens of a piece, and where they begin; `shift`: see `read_right`."""
    found = []
    for token in tokenize(piece):
        if token.kind is Kind.WORD and vietnamese:
            found.append((token.start, read_right(token.text, upper, shift)))
        else:
            found.append((token.start, _fixed(token)))
    return found


def _begins_paragraph(lines: Sequence[str], index: int, start: int) -> bool:
    """Tell whether the line stands after an empty one, and does not go on with a small letter."""
    after_blank = index == 0 or not lines[index - 1].strip()
    return after_blank and not lines[index][start : start + 1].islower()


def _names_quarter(piece: str) -> bool:
    """Tell whether `piece` is "quý", with its mark or without."""
    return piece[:1] in "Qq" and fold(piece) == "quy"


def _quarter_items(line: int, token: Token, quarter: tuple[str, str], state: State) -> Iterator[Item]:
    """Yield the numeral of a quarter, and what is left of its token; in right text a 1 may be meant."""
    printed, numeral = quarter
    reading = keep(printed, vocabulary_item(numeral))
    yield Item(line, token.start, reading, None if state is State.RIGHT and printed == "1" else numeral)
    if rest := token.text[len(printed) :]:
        yield Item(line, token.start + len(printed), keep(rest, NUMBER))


def _fixed(token: Token) -> Reading:
    """Return the reading of what gives context only."""
    item = {Kind.CODE: CODE, Kind.NUMBER: NUMBER, Kind.END: BOUNDARY, Kind.FIXED: UNKNOWN}.get(token.kind)
    return keep(token.text, item or vocabulary_item(token.text))
