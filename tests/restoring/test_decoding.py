"""The decoder against its plain twins, which look at every path."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planparse.restoring.decoding import NO_WORD, Lattice, best_path, posteriors
from planparse.restoring.language_model import BOUNDARY, BOUNDARY_NUMBER, load_language_model, score
from planparse.restoring.memory import NOTHING, history_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn

MODEL = load_language_model()
START = [-1, -1, MODEL.numbers[BOUNDARY]]
CHOICE = ["đơn", "vị", "đòn", "chủ", "chú", "trì", "tri", "các", "phòng", "ban", "của", BOUNDARY]
ITEMS = st.sampled_from([NO_WORD, *(MODEL.numbers[word] for word in CHOICE)])

NEAR = 9.0
"""Nats within which all ways to a node must lie; of those far behind, the decoder gives up some."""

TEXT = """
    <s> căn cứ luật tổ chức chính quyền địa phương ngày <number> tháng <number> năm <number> <s> ủy ban nhân dân tỉnh
    ban hành kế hoạch triển khai thực hiện nhiệm vụ cải cách hành chính trên địa bàn tỉnh <s> cơ quan chủ trì phối hợp
    với các đơn vị có liên quan báo cáo kết quả về sở nội vụ để tổng hợp theo quyết định số <code> của thủ tướng
"""

Path = tuple[int, ...]


@st.composite
def lattices(draw: DrawFn) -> Lattice:
    """Draw a lattice of up to five nodes, with one to three edges from each, some of which skip nodes."""
    nodes = draw(st.integers(1, 5))
    first, ends, words, evidence = [0], [], [], []
    for node in range(nodes):
        for end, word in draw(
            st.sets(st.tuples(st.integers(node + 1, min(node + 3, nodes)), ITEMS), min_size=1, max_size=3)
        ):
            ends.append(end)
            words.append(word)
            evidence.append(draw(st.floats(-3, 0, width=32)))
        first.append(len(ends))
    return Lattice(np.array(first), np.array(ends), np.array(words), np.array(evidence, np.float32))


def walk(lattice: Lattice, node: int, path: Path, history: list[int], log: float) -> Iterator[tuple[int, Path, float]]:
    """Yield each way from the beginning: the node that it reaches, its edges and its log probability."""
    yield node, path, log
    if node < len(lattice.first) - 1:
        for edge in range(lattice.first[node], lattice.first[node + 1]):
            word, total = lattice.word[edge], log + lattice.evidence[edge]
            silent = word == NO_WORD or word == history[-1] == BOUNDARY_NUMBER
            if not silent:
                three, two, one = history[-3:]
                total += score(MODEL.tables, three, two, one, word)[0]
            longer = history if silent else [*history, word]
            yield from walk(lattice, int(lattice.end[edge]), (*path, edge), longer, total)


def enumerate_ways(lattice: Lattice) -> list[tuple[int, Path, float]]:
    return list(walk(lattice, 0, (), START, 0.0))


def whole_paths(lattice: Lattice) -> dict[Path, float]:
    return {path: log for node, path, log in enumerate_ways(lattice) if node == len(lattice.first) - 1}


def enumerate_posteriors(lattice: Lattice) -> list[float]:
    paths = whole_paths(lattice)
    whole = sum(map(exp, paths.values()))
    return [sum(exp(log) for path, log in paths.items() if edge in path) / whole for edge in range(len(lattice.end))]


def decode(lattice: Lattice) -> list[float]:
    chances: list[float] = posteriors(lattice, MODEL.tables, NOTHING, history_key(*START)).tolist()
    return chances


@given(lattices())
def test_posteriors_equal_those_of_all_paths(lattice: Lattice) -> None:
    ways = enumerate_ways(lattice)
    for node in range(len(lattice.first)):
        logs = [log for reached, _, log in ways if reached == node]
        assume(not logs or max(logs) - min(logs) < NEAR)
    assert decode(lattice) == pytest.approx(enumerate_posteriors(lattice), abs=1e-3)


@pytest.mark.parametrize(
    "columns",
    [
        ("ủy phòng", "ban", "nhân hành"),
        ("ủy phòng tiểu", "ban", "nhân", "dân"),
        ("cơ kế hoạch", "quan", "chủ", "trì tri trị"),
        ("hội cộng", "đồng", "nhân", "dân", "tỉnh tính"),
    ],
)
def test_words_up_to_three_back_decide(columns: tuple[str, ...]) -> None:
    rows = [[MODEL.numbers[word] for word in column.split()] for column in columns]
    first = np.cumsum([0, *map(len, rows)])
    ends = np.repeat(np.arange(1, len(rows) + 1), np.diff(first))
    lattice = Lattice(first, ends, np.concatenate(rows), np.zeros(len(ends), np.float32))
    assert decode(lattice) == pytest.approx(enumerate_posteriors(lattice), abs=1e-3)


@given(lattices())
def test_edges_that_leave_or_cross_a_node_share_all_probability(lattice: Lattice) -> None:
    chances = decode(lattice)
    starts = np.repeat(np.arange(len(lattice.first) - 1), np.diff(lattice.first)).tolist()
    rows = list(zip(starts, lattice.end.tolist(), chances, strict=True))
    for node in range(len(lattice.first) - 1):
        assert sum(chance for start, end, chance in rows if start <= node < end) == pytest.approx(1.0)


@given(lattices(), st.data())
def test_the_best_path_gains_most_of_all_paths(lattice: Lattice, data: st.DataObject) -> None:
    count = len(lattice.end)
    gains = np.array(data.draw(st.lists(st.floats(0, 9), min_size=count, max_size=count)))
    totals = {path: sum(gains[list(path)]) for path in whole_paths(lattice)}
    found = tuple(best_path(lattice, gains).tolist())
    assert totals[found] == pytest.approx(max(totals.values()))


def test_context_decides_between_words_that_are_printed_alike() -> None:
    order, unit, sandal = (MODEL.numbers[word] for word in ("đơn", "vị", "đòn"))
    lattice = Lattice(
        np.array([0, 2, 3]), np.array([1, 1, 2]), np.array([order, sandal, unit]), np.zeros(3, np.float32)
    )
    chances = decode(lattice)
    assert chances[0] > 0.99
    assert chances[1] < 0.01


def spread(history: tuple[int, ...]) -> float:
    """Return what all words have together after `history`; it is 1 but for rounding to a sixteenth of a nat."""
    three, two, one = (-1, -1, -1, *history)[-3:]
    return float(sum(exp(score(MODEL.tables, three, two, one, word)[0]) for word in range(len(MODEL.words))))


def contexts_of(size: int) -> set[tuple[int, ...]]:
    """Return the contexts of so many words in a text that the model knows well."""
    words = [MODEL.numbers[word] for word in TEXT.split()]
    return {tuple(words[place : place + size]) for place in range(len(words) - size + 1)}


def test_all_words_together_have_the_whole_probability() -> None:
    assert spread(()) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_context_as_a_rule_spreads_its_whole_probability(size: int) -> None:
    assert np.median([spread(context) for context in contexts_of(size)]) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_few_contexts_gain_from_n_grams_taken_for_others(size: int) -> None:
    """A fingerprint of 16 bits, compared eight times, is wrong once in 8,000 lookups."""
    sums = [spread(context) for context in contexts_of(size)]
    assert max(sums) < 1.5
    assert np.mean(np.array(sums) > 1.1) < 0.05
