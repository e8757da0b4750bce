"""The probability of each edge of a lattice, summed over all ways of reading the rest.

A lattice has nodes in reading order and edges between them, each a word that may stand there, with the log of the
evidence for it. A state is a node with the words before it, as far as the language model tells them apart. Forward sums
run over the most probable states of each node, backward sums over the steps that the forward ones took.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from planparse.restoring.compiled import compiled
from planparse.restoring.language_model import BOUNDARY_NUMBER, backoffs, hash_key, score_after
from planparse.restoring.memory import KEY_BITS, history_key, recall, times_said

if TYPE_CHECKING:
    from planparse.restoring.language_model import Tables
    from planparse.restoring.memory import Memory

Numbers = npt.NDArray[np.int64]
Logs = npt.NDArray[np.float32]
Sums = npt.NDArray[np.float64]

NO_WORD = -1
"""The word of an edge that is punctuation: it leaves the state as it is."""

STATES, BEAM = 32, 11.0
"""States of a node that are followed, and how many nats they may lie behind the best. Wrong syllables of mangled plans
(33,934 words) and of gold: 331 and 48 with 32 states within 9.5 nats and fewer candidates; 304 and 38 with 32
within 11; 303 and 38 with 40 within 12; 302 and 38 with 48 within 14, which take 1.07 and 1.28 times as long."""

_ROOM, _SLOTS, _STEPS = 512, 1024, 1 << 16
"""States that may reach a node before the best of them are taken; slots in which they are looked up, a power of two;
room for steps to begin with; beside the first state, each comes with a step."""

_MASK = (1 << KEY_BITS) - 1


class Lattice(NamedTuple):
    """Edges in the order of the node that they leave.

    Attributes:
        first: for each node, its first edge; one more entry ends the last.
        end: the node that each edge reaches, always a later one.
        word: the number of its word, or NO_WORD.
        evidence: the log of the evidence for it.
    """

    first: Numbers
    end: Numbers
    word: Numbers
    evidence: Logs


class Steps(NamedTuple):
    """What a forward pass did, in order; more room than steps.

    Attributes:
        origin, target: the numbers of the states that each step leaves and reaches.
        edge: the edge that it takes.
        log: the log probability of taking it.
    """

    origin: Numbers
    target: Numbers
    edge: Numbers
    log: Sums


@compiled
def _more_room(steps: Steps) -> Steps:
    """Return `steps` with twice the room."""
    room = 2 * len(steps.edge)
    longer = Steps(np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room))
    longer.origin[: len(steps.edge)] = steps.origin
    longer.target[: len(steps.edge)] = steps.target
    longer.edge[: len(steps.edge)] = steps.edge
    longer.log[: len(steps.edge)] = steps.log
    return longer


@compiled
def _reach(lattice: Lattice) -> int:
    """Return over how many nodes the longest edge leads, and one."""
    longest = 1
    for node in range(len(lattice.first) - 1):
        for edge in range(lattice.first[node], lattice.first[node + 1]):
            longest = max(longest, lattice.end[edge] - node)
    return longest + 1


class State(NamedTuple):
    """The words before a node, -1 for none, and what each word after them needs to know of them.

    Attributes:
        first, second, third: the words.
        left: what it costs to leave them, see `backoffs`.
        said: how often the document says them, see `times_said`.
    """

    first: int
    second: int
    third: int
    left: tuple[float, float, float]
    said: tuple[float, float]


@compiled
def _state_of(key: int, tables: Tables, memory: Memory) -> State:
    """Return the state of a history_key."""
    third, second, first = (key & _MASK) - 1, ((key >> KEY_BITS) & _MASK) - 1, (key >> (2 * KEY_BITS)) - 1
    left = backoffs(tables, first, second, third)
    return State(first, second, third, left, times_said(memory, second, third))


@compiled
def _extend(key: int, state: State, edge: int, lattice: Lattice, tables: Tables, memory: Memory) -> tuple[int, float]:
    """Return the history that an edge leads to from `key`, whose `state` is given, and the log P of taking it.

    A boundary right after another says nothing.
    """
    word = lattice.word[edge]
    log = np.float64(lattice.evidence[edge])
    if word == NO_WORD:
        return key, log
    first, second, third = state.first, state.second, state.third
    if word == third == BOUNDARY_NUMBER:
        return key, log
    gained, length = score_after(tables, first, second, third, word, state.left)
    log += recall(memory, second, third, word, gained, state.said)
    return history_key(second if length > 2 else -1, third if length > 1 else -1, word), log  # noqa: PLR2004 (n-grams)


@compiled
def _find_slot(slots: Numbers, keys: Numbers, key: int) -> np.int64:
    """Return the slot that tells where `key` stands among `keys`, or the empty one where it would; -1 is empty."""
    slot = np.int64(hash_key(key) & np.uint64(_SLOTS - 1))
    while slots[slot] >= 0 and keys[slots[slot]] != key:
        slot = (slot + 1) & (_SLOTS - 1)
    return slot


@compiled
def _forward(lattice: Lattice, tables: Tables, memory: Memory, start: int) -> tuple[Steps, int, Sums, Numbers, Sums]:
    """Return the steps and how many they are, the forward sum of each state, and the states and sums of the last node.

    Of the states that reach a node, STATES within BEAM of the best are followed. Nodes in reach stand in a ring.
    """
    ring = _reach(lattice)
    nodes = len(lattice.first) - 1
    keys, numbers = np.zeros((ring, _ROOM), np.int64), np.zeros((ring, _ROOM), np.int64)
    sums, counts = np.full((ring, _ROOM), -np.inf), np.zeros(ring, np.int64)
    tops, slots = np.full(ring, -np.inf), np.full((ring, _SLOTS), -1, np.int64)
    steps = Steps(np.empty(_STEPS, np.int64), np.empty(_STEPS, np.int64), np.empty(_STEPS, np.int64), np.empty(_STEPS))
    taken, states = 0, 1
    alpha = np.full(_STEPS + 1, -np.inf)
    keys[0, 0], sums[0, 0], counts[0] = start, 0.0, 1
    for node in range(nodes):
        here = node % ring
        order = np.argsort(-sums[here, : counts[here]])[:STATES]
        for place in order:
            total, number = sums[here, place], numbers[here, place]
            if total < sums[here, order[0]] - BEAM:
                break
            alpha[number] = total
            state = _state_of(keys[here, place], tables, memory)
            for edge in range(lattice.first[node], lattice.first[node + 1]):
                there = lattice.end[edge] % ring
                if total + lattice.evidence[edge] < tops[there] - BEAM:
                    continue
                key, log = _extend(keys[here, place], state, edge, lattice, tables, memory)
                if total + log < tops[there] - BEAM:
                    continue
                slot = _find_slot(slots[there], keys[there], key)
                where = slots[there, slot]
                if where < 0:
                    where = counts[there]
                    if where == _ROOM:
                        continue
                    slots[there, slot] = where
                    keys[there, where], sums[there, where], numbers[there, where] = key, -np.inf, states
                    counts[there] += 1
                    states += 1
                if taken == len(steps.edge):
                    steps = _more_room(steps)
                    alpha = np.concatenate((alpha, np.full(len(alpha), -np.inf)))
                steps.origin[taken], steps.target[taken] = number, numbers[there, where]
                steps.edge[taken], steps.log[taken] = edge, log
                taken += 1
                sums[there, where] = np.logaddexp(sums[there, where], total + log)
                tops[there] = max(tops[there], sums[there, where])
        counts[here], tops[here], slots[here] = 0, -np.inf, -1
    last = nodes % ring
    return steps, taken, alpha, numbers[last, : counts[last]], sums[last, : counts[last]]


@compiled
def posteriors(lattice: Lattice, tables: Tables, memory: Memory, start: int) -> Sums:
    """Return the probability of each edge; the text begins in the state `start`, a history_key."""
    steps, taken, alpha, ends, sums = _forward(lattice, tables, memory, start)
    result = np.zeros(len(lattice.end))
    beta = np.full(len(alpha), -np.inf)
    whole = -np.inf
    for place in range(len(ends)):
        beta[ends[place]] = 0.0
        whole = np.logaddexp(whole, sums[place])
    for step in range(taken - 1, -1, -1):
        after = steps.log[step] + beta[steps.target[step]]
        if after > -np.inf:
            origin = steps.origin[step]
            beta[origin] = np.logaddexp(beta[origin], after)
            result[steps.edge[step]] += np.exp(alpha[origin] + after - whole)
    return result


@compiled
def best_path(lattice: Lattice, gains: Sums) -> Numbers:
    """Return the edges of the path through the lattice whose gains sum to most."""
    nodes = len(lattice.first) - 1
    totals = np.full(nodes + 1, -np.inf)
    came = np.full(nodes + 1, -1, np.int64)
    left = np.zeros(nodes + 1, np.int64)
    totals[0] = 0.0
    for node in range(nodes):
        for edge in range(lattice.first[node], lattice.first[node + 1]):
            end = lattice.end[edge]
            if totals[node] + gains[edge] > totals[end]:
                totals[end], came[end], left[end] = totals[node] + gains[edge], edge, node
    path = np.empty(nodes, np.int64)
    count, node = 0, nodes
    while node > 0:
        if came[node] < 0:
            raise ValueError("no path leads through the lattice")
        path[count] = came[node]
        count += 1
        node = left[node]
    return path[:count][::-1].copy()
