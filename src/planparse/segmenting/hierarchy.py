"""Markers as a sequence: which candidate each line's marker stands for, or none, over a whole document.

A beam search over the states of a stack of open numberings. What is regular costs little (the next number of an open
numbering, a first number one rank deeper), what is odd costs more (a skip, a repetition, a first number that is not 1);
a damaged marker costs what `markers` says. The cheapest path wins. Costs are nats, set by hand and checked on the
numberings of real plans; the search is linear in lines and never refuses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from planparse.outline import MarkerKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.segmenting.markers import Candidate

BEAM = 12
"""States kept after each line; with 4 the plans read so far come out the same."""

OPEN_COST = 0.3
UNUSUAL_RANK_COST = 2.0
LATE_FIRST_COST, LATE_FIRST_STEP = 2.5, 0.3
SKIP_COST, SKIP_STEP = 2.0, 0.4
REPEAT_COST = 2.8
BACK_COST = 4.0
STYLE_COST = 0.8
FOREIGN_PREFIX_COST = 2.5
MAX_STEP_COST = 6.0
NOT_A_MARKER_COST = 3.5
"""For passing over a clean marker; one in thirty lines that begin like an item is a wrapped line."""
PARENTHESIS_RELIEF = 2.4
"""Less to pass over "(1)": it numbers clauses within a paragraph far more often than items."""
CONTINUATION_COST = 2.0
"""For an item on a line that looks like the continuation of the line before it."""

RANKS = {kind: rank for rank, kind in enumerate(MarkerKind)}


class Frame(NamedTuple):
    """An open numbering: what it numbers and its last number."""

    kind: MarkerKind
    style: str
    ordinal: float
    prefix: tuple[int, ...] = ()


Stack = tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """What the search is given of a line: its candidates, and whether it looks like a continuation."""

    candidates: tuple[Candidate, ...]
    continuation: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What the search says of a line: the candidate, its depth from 1, and whether the sequence is broken there."""

    candidate: Candidate
    depth: int
    odd: bool


@dataclass(frozen=True, slots=True)
class _Path:
    cost: float
    stack: Stack
    choice: Choice | None
    before: _Path | None


def choose_markers(lines: Sequence[MarkedLine]) -> list[Choice | None]:
    """Return the choice for each line: the cheapest numbering of the whole."""
    beam = [_Path(0.0, (), None, None)]
    marked = [index for index, line in enumerate(lines) if line.candidates]
    for index in marked:
        best: dict[Stack, _Path] = {}
        for path in beam:
            for following in _extend(path, lines[index]):
                known = best.get(following.stack)
                if known is None or following.cost < known.cost:
                    best[following.stack] = following
        beam = sorted(best.values(), key=lambda path: path.cost)[:BEAM]
    choices: list[Choice | None] = [None] * len(lines)
    last: _Path | None = beam[0]
    for index in reversed(marked):
        assert last is not None  # noqa: S101 (one step of the path for each marked line)
        choices[index] = last.choice
        last = last.before
    return choices


def _extend(path: _Path, line: MarkedLine) -> Iterator[_Path]:
    yield _Path(path.cost + _passing_cost(line), path.stack, None, path)
    own = CONTINUATION_COST if line.continuation else 0.0
    for candidate in line.candidates:
        for stack, cost, odd in _moves(path.stack, candidate):
            choice = Choice(candidate, len(stack), odd)
            yield _Path(path.cost + candidate.cost + cost + own, stack, choice, path)


def _passing_cost(line: MarkedLine) -> float:
    first = line.candidates[0]
    cost = NOT_A_MARKER_COST - first.cost
    if first.kind is MarkerKind.PARENTHESIS and first.style != "1)":
        cost -= PARENTHESIS_RELIEF
    return max(0.2, cost)


def _moves(stack: Stack, candidate: Candidate) -> Iterator[tuple[Stack, float, bool]]:
    """Yield (stack after it, cost, whether odd) for each place that `candidate` may take."""
    for depth in range(len(stack), 0, -1):
        frame = stack[depth - 1]
        if frame.kind is candidate.kind:
            below = stack[: depth - 1]
            cost, odd = _step_cost(frame, candidate)
            cost += _prefix_cost(below, candidate)
            kept = max(frame.ordinal, candidate.ordinal) if odd and candidate.ordinal != 1 else candidate.ordinal
            yield (*below, Frame(frame.kind, candidate.style, kept, candidate.prefix)), cost, odd
    yield from _openings(stack, candidate)


def _openings(stack: Stack, candidate: Candidate) -> Iterator[tuple[Stack, float, bool]]:
    """Yield the openings of a new numbering; articles (điều) are numbered through the chapters, so any may be first.

    A period without a number ("Tháng 9/2025") heads what is below it wherever it stands.
    """
    rank = RANKS[candidate.kind]
    anywhere = candidate.kind is MarkerKind.PERIOD
    usual = tuple(frame for frame in stack if anywhere or RANKS[frame.kind] < rank)
    late = candidate.ordinal > 1 and candidate.kind is not MarkerKind.ARTICLE
    cost = min(LATE_FIRST_COST + LATE_FIRST_STEP * candidate.ordinal, MAX_STEP_COST) if late else OPEN_COST
    frame = Frame(candidate.kind, candidate.style, candidate.ordinal, candidate.prefix)
    if all(frame.kind is not candidate.kind for frame in stack):
        yield (*usual, frame), cost + _prefix_cost(usual, candidate), late
        if len(usual) < len(stack):
            yield (*stack, frame), cost + UNUSUAL_RANK_COST + _prefix_cost(stack, candidate), late


def _step_cost(frame: Frame, candidate: Candidate) -> tuple[float, bool]:
    if candidate.kind is MarkerKind.PERIOD:
        return 0.0, False
    step = candidate.ordinal - frame.ordinal
    style = STYLE_COST if frame.style != candidate.style else 0.0
    if candidate.prefix > frame.prefix and candidate.ordinal == 1:
        return style, False
    if 0 < step <= 1:
        return style, False
    if step == 0:
        return style + REPEAT_COST, True
    if step > 1:
        return style + min(SKIP_COST + SKIP_STEP * step, MAX_STEP_COST), True
    return style + BACK_COST, True


def _prefix_cost(below: Stack, candidate: Candidate) -> float:
    """Return what stands against "2.1" below anything but number 2."""
    if not candidate.prefix:
        return 0.0
    own = tuple(int(frame.ordinal) for frame in below)
    return (
        0.0
        if own[-len(candidate.prefix) :] == candidate.prefix or own[-1:] == candidate.prefix[-1:]
        else FOREIGN_PREFIX_COST
    )
