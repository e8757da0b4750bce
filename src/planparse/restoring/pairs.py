"""Brackets and single quotes that have no partner: what an engine made of a hook, a bow or a mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from planparse.restoring.tokens import marker_end, peel, pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

_PARTNERS = {")": "(", "]": "[", "'": "'", "’": "'"}
_OPENING = {"(": "(", "[": "[", "'": "'", "‘": "'", "’": "'"}
PAIRED = frozenset({*_PARTNERS, *_OPENING})
"""Signs that come in pairs; engines do not tell the single quotes apart."""

_POINT = regex.compile(r"\W* (?: \p{L} | \d{1,2} | [ivx]{1,4} ) \)+ \W*", regex.VERBOSE)
"""What numbers a point within a text: "a)", "(ii)"; its bracket needs no partner."""

_FARTHEST = 6
"""Lines on which a bracket is closed at the latest: 99.5 % of 21,152 parentheses in `admin` have at most 250
characters, which are four lines."""


def find_loose(lines: Sequence[str], block: range) -> set[tuple[int, int]]:
    """Return the line and column, from 0, of each piece in `block` with a sign around it that lacks a partner.

    >>> sorted(find_loose(["1) ké hoach (mg dung", "", "tf) chuc (nhw sau", "nay) va a) mot"], range(4)))
    [(0, 12), (2, 0)]
    """
    loose: set[tuple[int, int]] = set()
    waiting: list[tuple[int, int, str]] = []
    for index in block:
        line = lines[index]
        start = marker_end(line)
        if not line.strip() or line[:start].strip() or index - (waiting[0][0] if waiting else index) >= _FARTHEST:
            loose.update((row, column) for row, column, _ in waiting)
            waiting = []
        if PAIRED.isdisjoint(line):
            continue
        for piece, place in pieces(line, start):
            if (
                not PAIRED.isdisjoint(piece)
                and not _POINT.fullmatch(piece)
                and not _close(piece, index, place, waiting)
            ):
                loose.add((index, place))
    if block.stop == len(lines):
        loose.update((row, column) for row, column, _ in waiting)
    return loose


def _close(piece: str, index: int, place: int, waiting: list[tuple[int, int, str]]) -> bool:
    """Open and close what the signs around `piece` do; tell whether each that closes had been opened."""
    lead, _, trail = peel(piece)
    waiting += [(index, place, _OPENING[sign]) for sign in lead if sign in _OPENING]
    for sign in trail:
        if sign in _PARTNERS:
            kinds = [kind for _, _, kind in waiting]
            if _PARTNERS[sign] not in kinds:
                return False
            del waiting[len(kinds) - 1 - kinds[::-1].index(_PARTNERS[sign])]
    return True
