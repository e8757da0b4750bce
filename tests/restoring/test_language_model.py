"""The model that the package comes with: what it knows, and what it must not take for known."""

from __future__ import annotations

import numpy as np
import pytest

from planparse.restoring.language_model import (
    CLASSES,
    UNKNOWN,
    WORD_BITS,
    capital_odds,
    find,
    load_language_model,
    score,
)

MODEL = load_language_model()
TABLES = MODEL.tables


def key_of(*words: int) -> int:
    key = 0
    for word in words:
        key = (key << WORD_BITS) | word
    return key


def numbers_of(text: str) -> list[int]:
    return [MODEL.numbers[word] for word in text.split()]


def log_of(text: str) -> tuple[float, int]:
    """Return the score of the last word of `text`, and of how many words the longest n-gram found is."""
    *history, word = numbers_of(text)
    three, two, one = [-1, -1, -1, *history][-3:]
    log, length = score(TABLES, three, two, one, word)
    return log, length


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        ("đơn vị", "đơn vi"),
        ("thực hiện", "thực hiến"),
        ("cơ quan chủ trì", "cơ quan chủ tri"),
        ("ủy ban nhân dân", "ủy ban nhân dần"),
        ("quý II", "quý TT"),
        ("quyết định số <code>", "quyết định số <number>"),
    ],
)
def test_known_n_grams_are_likelier_than_unknown_ones(known: str, unknown: str) -> None:
    assert log_of(known)[0] > log_of(unknown)[0] + 2


@pytest.mark.parametrize(("text", "length"), [("vị", 1), ("đơn vị", 2), ("ủy ban nhân", 3), ("ủy ban nhân dân", 4)])
def test_the_longest_n_gram_is_told(text: str, length: int) -> None:
    assert log_of(text)[1] == length


def test_a_longer_context_makes_the_next_word_surer() -> None:
    assert log_of("dân")[0] < log_of("nhân dân")[0] <= log_of("ban nhân dân")[0] <= log_of("ủy ban nhân dân")[0]


def test_a_word_without_context_has_its_own_probability() -> None:
    for word in numbers_of("đơn vị của <number> <s>"):
        assert score(TABLES, -1, -1, -1, word)[0] == pytest.approx(float(MODEL.unigrams[word]))


@pytest.mark.parametrize("text", ["đơn vị", "ủy ban", "thực hiện", "chủ trì", "ủy ban nhân", "ủy ban nhân dân"])
def test_an_n_gram_that_was_kept_is_found(text: str) -> None:
    words = numbers_of(text)
    prints = {2: TABLES.bigram_prints, 3: TABLES.trigram_prints, 4: TABLES.fourgram_prints}[len(words)]
    assert find(prints, key_of(*words)) >= 0


@pytest.mark.parametrize("text", ["đòn vị", "trì đòn", "quyết đòn"])
def test_an_n_gram_that_was_not_kept_is_not_found(text: str) -> None:
    assert find(TABLES.bigram_prints, key_of(*numbers_of(text))) == -1


@pytest.mark.parametrize(
    ("order", "prints"), [(2, TABLES.bigram_prints), (3, TABLES.trigram_prints), (4, TABLES.fourgram_prints)]
)
def test_what_cannot_be_known_is_seldom_found(order: int, prints: np.ndarray) -> None:
    """Keys that begin with a word past the vocabulary are found by chance alone."""
    dice, size = np.random.default_rng(order), 20_000
    firsts = dice.integers(len(MODEL.words), 1 << WORD_BITS, size)
    rest = dice.integers(0, len(MODEL.words), (size, order - 1))
    found = sum(
        find(prints, key_of(first, *row)) >= 0 for first, row in zip(firsts.tolist(), rest.tolist(), strict=True)
    )
    assert found / size < 0.001


def test_the_vocabulary_begins_with_the_classes_and_fits_its_bits() -> None:
    assert MODEL.words[: len(CLASSES)] == list(CLASSES)
    assert len(MODEL.words) == len(MODEL.numbers) == len(MODEL.unigrams) < 1 << WORD_BITS


def test_a_word_outside_the_vocabulary_is_unknown() -> None:
    assert MODEL.number("đơn") == MODEL.numbers["đơn"] != MODEL.number("xyzzy") == MODEL.numbers[UNKNOWN]


@pytest.mark.parametrize(
    ("text", "capital"),
    [
        ("tướng chính", True),
        ("tỉnh quảng", True),
        ("sở nội", True),
        ("của các", False),
        ("thực hiện", False),
        ("hội đồng", False),
    ],
)
def test_names_begin_with_a_capital_and_other_words_do_not(text: str, capital: bool) -> None:  # noqa: FBT001 (a parameter)
    odds = capital_odds(TABLES, *numbers_of(text))
    assert (odds > 2) if capital else (odds < -2)


def test_capitals_of_an_unknown_pair_are_those_of_the_word() -> None:
    stranger, word = numbers_of("đòn vị")
    assert find(TABLES.bigram_prints, key_of(stranger, word)) == -1
    assert capital_odds(TABLES, stranger, word) == capital_odds(TABLES, (1 << WORD_BITS) - 1, word)
