"""The same task twice: pairs of tasks in the same words, but for what OCR slipped in, and with a lead in common.

What is alike is not the same: in tables of the labelled plans, neighbours that name one subject each ("… gồm: (1) định
danh tàu thuyền", "… gồm: (2) định danh địa điểm") are alike to 94 and 97 of 100 by `rapidfuzz.fuzz.ratio`. They differ
in whole words; a slip makes one word into what is none. So words are compared, not letters.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex
from rapidfuzz.distance import Levenshtein

from planparse.text import fold, is_syllable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.plan import Task

SLIP_LETTERS = 1
"""Letters, marks aside, by which a slip differs from its word; what differs by more is as likely another word."""
LEAST_LETTERS = 3
"""Letters of a word in which a slip is told from another word: "I" and "II", "VI" and "VII" are numbers."""
WORDS_A_SLIP = 10
"""Words of a text for each slip in it: one more word wrong in ten is what a poor scan is restored to."""
EDGE_WORDS = 5
"""Words at the start, and at the end, one of which a pair must share to be compared: slips stand in few places."""
NEIGHBOURS = 8
"""Tasks before it with the same edge that a task is compared with, so that the time for all grows as their number."""
OWN_WORDS = 8
"""Words of a task that says by itself what it is about; a shorter one ("Tổ chức triển khai thực hiện") leans on its
heading, and below another one it is another task."""

_Key = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Worded:
    """A task, its words in small letters, and the same without marks."""

    task: Task
    words: tuple[str, ...]
    folded: tuple[str, ...]


def find_repeats(tasks: Sequence[Task]) -> Iterator[tuple[Task, Task]]:
    """Yield each task that repeats an earlier one, behind that one; in time that grows as their number.

    Tasks are compared with those assigned in the same way: prose that names again what a table lists is how plans are
    written. Below different headings, the same words with different times are two steps of one work (comment on a
    draft; carry out what came of it), and no repeat.
    """
    seen: dict[_Key, list[_Worded]] = defaultdict(list)
    for one in map(_worded, tasks):
        keys = _keys(one)
        earlier = (other for key in keys for other in reversed(seen[key][-NEIGHBOURS:]))
        twin = next((other for other in earlier if _is_same(other, one) and _may_repeat(other, one)), None)
        if twin:
            yield twin.task, one.task
        for key in keys:
            seen[key].append(one)


def times_differ(one: Task, other: Task) -> bool:
    """Tell whether both tasks have a time, in other words."""
    times = [task.time_frame.text for task in (one, other) if task.time_frame]
    return len({fold(time) for time in times}) > 1


def _worded(task: Task) -> _Worded:
    words = regex.findall(r"[\p{L}\p{N}]+", task.text.lower())
    return _Worded(task, tuple(words), tuple(map(fold, words)))


def _keys(one: _Worded) -> list[_Key]:
    """Return under what a task is looked for: each lead with the start, and the end, of its words."""
    leads = sorted({fold(unit.name) for unit in one.task.lead_units}) or [""]
    edges = (one.folded[:EDGE_WORDS], one.folded[-EDGE_WORDS:])
    return [(one.task.kind, lead, edge) for lead in leads for edge in edges if edge]


def _is_same(one: _Worded, other: _Worded) -> bool:
    """Tell whether two tasks have the same words, but for slips."""
    if len(one.words) != len(other.words):
        return False
    differing = [index for index, word in enumerate(one.folded) if word != other.folded[index]]
    few = len(differing) * WORDS_A_SLIP <= len(one.words)
    return few and all(_is_slip(one.words[index], other.words[index]) for index in differing)


def _is_slip(one: str, other: str) -> bool:
    """Tell whether two words differ as a slip from its word: by a letter, and only one of them is a word."""
    is_letters = one.isalpha() and other.isalpha() and min(len(one), len(other)) >= LEAST_LETTERS
    near = Levenshtein.distance(fold(one), fold(other), score_cutoff=SLIP_LETTERS) <= SLIP_LETTERS
    return is_letters and near and is_syllable(one) != is_syllable(other)


def _may_repeat(one: _Worded, other: _Worded) -> bool:
    """Tell whether the same words are the same task: below one heading, or told by themselves and due together."""
    if one.task.path[:-1] == other.task.path[:-1]:
        return True
    return len(one.words) >= OWN_WORDS and not times_differ(one.task, other.task)
