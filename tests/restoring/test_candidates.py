"""The search along the trie against its plain twin, which aligns one word by recursion."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planparse.restoring.candidates import (
    SPREAD,
    align,
    build_trie,
    count_capitals,
    load_trie,
    search,
    search_bare,
    search_whole,
)
from planparse.restoring.channel import ALPHABET, LONGEST, PLACES, Channel
from planparse.restoring.habits import PRIOR
from planparse.restoring.language_model import load_language_model
from planparse.text import fold

MODEL = load_language_model()
WORDS = MODEL.words
CHANNEL = Channel(PRIOR)

FARTHEST = -16.0
"""log P of words that are found whatever the best one is."""

PRINTED = st.text("adeghimnoprstuy6Pé’l.D", min_size=1, max_size=7)
MEANT = st.sampled_from(["đơn", "đòn", "tác", "số", "sở", "HĐND", "thực", "ngày", "của", "đ", "hiện", "an", "giáo"])


def log_probability(letter: str, printed: str) -> float:
    return float(CHANNEL.table[CHANNEL.row(printed), PLACES[letter]])


def best_alignment(printed: str, meant: str) -> float:
    if not meant:
        return 0.0 if not printed else -math.inf
    return max(
        log_probability(meant[0], printed[:size]) + best_alignment(printed[size:], meant[1:])
        for size in range(min(LONGEST, len(printed)) + 1)
    )


def in_capitals(word: str, printed: str) -> str:
    count = count_capitals(printed)
    return word[:count].upper() + word[count:]


@given(PRINTED, st.lists(MEANT, min_size=1, unique=True))
def test_a_search_finds_all_that_the_twin_finds_likely(printed: str, words: list[str]) -> None:
    logs = np.zeros(len(words), np.float32)
    found, evidence = search_whole(printed, CHANNEL, build_trie(words, logs), logs)
    plain = {word: best_alignment(printed, word) for word in words}
    least = max(max(plain.values()) - SPREAD, FARTHEST)
    assert {word for word, log in plain.items() if log > least + 0.01} <= {words[number] for number in found}
    assert evidence.tolist() == pytest.approx([plain[words[number]] for number in found], abs=1e-3)
    assert sorted(evidence.tolist(), reverse=True) == evidence.tolist()


@settings(max_examples=25)
@given(PRINTED)
def test_evidence_of_the_vocabulary_is_that_of_the_best_alignment(printed: str) -> None:
    words, ends, logs = search(printed, CHANNEL, 8)
    assert set(ends.tolist()) <= {len(printed)}
    plain = [best_alignment(printed, in_capitals(WORDS[word], printed)) for word in words]
    assert logs.tolist() == pytest.approx(plain, abs=1e-3)


@settings(max_examples=25)
@given(PRINTED)
def test_a_part_is_weighed_by_what_is_printed_up_to_its_end(printed: str) -> None:
    words, ends, logs = search(printed, CHANNEL, 3, partial=True)
    plain = [
        best_alignment(printed[:end], in_capitals(WORDS[word], printed)) for word, end in zip(words, ends, strict=True)
    ]
    assert logs.tolist() == pytest.approx(plain, abs=1e-3)


def test_words_that_run_together_are_found_in_part() -> None:
    words, ends, _ = search("donvi", CHANNEL, 8, partial=True)
    assert (MODEL.numbers["đơn"], 3) in zip(words.tolist(), ends.tolist(), strict=True)


@pytest.mark.parametrize(("printed", "meant"), [("Pon", "đơn"), ("ctia", "của"), ("thyc", "thực"), ("soét", "soát")])
def test_the_meant_word_is_among_the_candidates(printed: str, meant: str) -> None:
    words, _, _ = search(printed, CHANNEL, 12)
    assert meant in [WORDS[word] for word in words]


@pytest.mark.parametrize("word", ["thẩm", "đơn", "quyết", "UBND"])
def test_a_right_word_is_its_own_best_candidate(word: str) -> None:
    words, _, logs = search(word, Channel({"vie": 1.0}), 5)
    assert WORDS[words[logs.argmax()]] == word


def test_so_many_words_are_returned_as_are_asked_for() -> None:
    assert [len(search("cua", CHANNEL, limit)[0]) for limit in (1, 3, 7)] == [1, 3, 7]


def test_a_bare_word_may_be_all_that_lose_their_marks_to_it() -> None:
    found = {WORDS[word] for word in search_bare("Don").tolist()}
    assert found == {word for word in WORDS if word.islower() and fold(word) == "don"}
    assert {"đơn", "đòn", "đón"} <= found


def test_nothing_is_bare_of_what_is_no_word() -> None:
    assert search_bare("zzq").tolist() == []


@given(st.text(ALPHABET, min_size=1, max_size=8), st.data())
def test_an_alignment_parts_all_that_is_printed(meant: str, data: st.DataObject) -> None:
    printed = data.draw(st.text("aoudnié6’l|P ", max_size=LONGEST * len(meant)))
    pairs = align(CHANNEL, printed, meant)
    assert "".join(letter for letter, _ in pairs) == meant
    assert "".join(characters for _, characters in pairs) == printed
    assert max(len(characters) for _, characters in pairs) <= LONGEST


@settings(max_examples=50)
@given(PRINTED, MEANT)
def test_an_alignment_is_the_best_one(printed: str, meant: str) -> None:
    best = best_alignment(printed, meant)
    if best > -math.inf:
        pairs = align(CHANNEL, printed, meant)
        assert sum(log_probability(*pair) for pair in pairs) == pytest.approx(best, abs=1e-3)


def test_a_mangled_letter_is_aligned_with_what_it_became() -> None:
    assert align(CHANNEL, "dO’l’l", "đơn") == [("đ", "d"), ("ơ", "O’"), ("n", "l’l")]


def test_the_trie_holds_every_word_of_letters_once() -> None:
    ends = [word for word in load_trie().word.tolist() if word >= 0]
    assert sorted(WORDS[word] for word in ends) == sorted(
        word for word in WORDS if all(char in PLACES for char in word)
    )
