"""What a document says often gets likelier in it."""

from __future__ import annotations

from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse.restoring.decoding import Lattice, posteriors
from planparse.restoring.language_model import BOUNDARY, load_language_model
from planparse.restoring.memory import NOTHING, SHARE, Memory, history_key, recall, remember, times_said

MODEL = load_language_model()
LOGS = st.floats(-20, 0)
TEXTS = st.lists(st.integers(0, 4), max_size=60)


def recalled(memory: Memory, first: int, second: int, word: int, log: float) -> float:
    """Return `log` mixed with what `memory` says of `word` after two words."""
    return recall(memory, first, second, word, log, times_said(memory, first, second))


@given(st.integers(-1, 8000), st.integers(-1, 8000), st.integers(0, 8000), LOGS)
def test_an_empty_memory_changes_nothing(first: int, second: int, word: int, before: float) -> None:
    assert recalled(NOTHING, first, second, word, before) == before


def test_what_the_text_says_often_gets_likelier() -> None:
    memory = remember(np.array([1, 2, 3, 9] * 10))
    assert recalled(memory, 1, 2, 3, -10.0) > recalled(memory, -1, 2, 3, -10.0) > -10.0


def test_what_is_said_more_often_gets_likelier_still() -> None:
    memory = remember(np.array([1, 2, 3] * 9 + [1, 2, 4] * 3))
    assert recalled(memory, 1, 2, 3, -10.0) > recalled(memory, 1, 2, 4, -10.0) > -10.0


def test_once_is_not_counted() -> None:
    once, twice = remember(np.array([1, 2, 3])), remember(np.array([1, 2, 3, 9, 1, 2, 3]))
    assert recalled(once, 1, 2, 3, -10.0) == -10.0
    assert recalled(twice, 1, 2, 3, -10.0) > -10.0


def test_a_word_said_once_is_as_likely_as_one_never_said() -> None:
    memory = remember(np.array([1, 2, 3] * 5 + [1, 2, 4]))
    assert recalled(memory, 1, 2, 4, -10.0) == recalled(memory, 1, 2, 5, -10.0) == pytest.approx(-10.0 + log(1 - SHARE))


def test_nothing_is_recalled_without_a_word_before() -> None:
    memory = remember(np.array([1, 2, 3] * 5))
    assert recalled(memory, -1, -1, 3, -10.0) == -10.0


@given(TEXTS, st.integers(0, 4), st.integers(0, 4))
def test_the_document_adds_at_most_its_share(text: list[int], first: int, second: int) -> None:
    memory = remember(np.array(text, np.int64))
    said = [exp(recalled(memory, first, second, word, -inf)) for word in range(5)]
    assert all(chance >= 0 for chance in said)
    assert sum(said) <= SHARE + 1e-6


@given(st.lists(st.integers(0, 8000), min_size=1, max_size=200))
def test_each_sequence_is_counted_as_often_as_it_stands(text: list[int]) -> None:
    memory = remember(np.array(text))
    counted = dict(zip(memory.keys.tolist(), memory.counts.tolist(), strict=True))
    for size in (1, 2, 3):
        runs = [tuple(text[place : place + size]) for place in range(len(text) - size + 1)]
        for run in runs:
            assert counted[history_key(*(-1,) * (3 - size), *run)] == runs.count(run)


@given(st.lists(st.tuples(*[st.integers(-1, 8190)] * 3), unique=True, min_size=2, max_size=20))
def test_each_three_words_have_a_key_of_their_own(rows: list[tuple[int, int, int]]) -> None:
    assert len({history_key(*row) for row in rows}) == len(rows)


def test_the_decoder_prefers_what_the_document_says() -> None:
    party, sandal, unit = (MODEL.numbers[word] for word in ("đơn", "đòn", "vị"))
    lattice = Lattice(
        np.array([0, 1, 3]), np.array([1, 2, 2]), np.array([unit, party, sandal]), np.zeros(3, np.float32)
    )
    start = history_key(-1, -1, MODEL.numbers[BOUNDARY])
    said = remember(np.array([MODEL.numbers[BOUNDARY], unit, sandal] * 8))
    before = posteriors(lattice, MODEL.tables, NOTHING, start)
    after = posteriors(lattice, MODEL.tables, said, start)
    assert before[2] < 0.5 < after[2]
