"""The search along the trie against its plain twin, which aligns one word."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planparse.restoring.candidates import Trie, load_trie, mangled_candidates, search
from planparse.restoring.channel import LONGEST, Channel, load_channel
from planparse.restoring.language_model import load_language_model

WORDS = load_language_model().words


def align(channel: Channel, printed: str, meant: str) -> float:
    if not meant:
        return 0.0 if not printed else -math.inf
    return max(
        channel.log_probability(meant[0], printed[:size]) + align(channel, printed[size:], meant[1:])
        for size in range(min(LONGEST, len(printed)) + 1)
    )


@settings(deadline=None)  # the first call loads the model
@given(
    st.sampled_from(["dOn", "tíc", "s6", "HDPND"]),
    st.lists(st.sampled_from(["đơn", "đòn", "tác", "số", "HĐND"]), min_size=1),
)
def test_evidence_equals_that_of_the_best_alignment(printed: str, words: list[str]) -> None:
    channel, distinct = load_channel("english"), sorted(set(words))
    numbers, logs = search(Trie.build(distinct), channel, printed, capitals=0)
    for number, log in zip(numbers.tolist(), logs.tolist(), strict=True):
        assert log == pytest.approx(align(channel, printed, distinct[number]), abs=1e-3)


@pytest.mark.parametrize(("printed", "meant"), [("Pon", "đơn"), ("ctia", "của"), ("thyc", "thực"), ("soét", "soát")])
def test_the_meant_word_is_a_candidate(printed: str, meant: str) -> None:
    words, _ = mangled_candidates(printed, "english", 12)
    assert meant in [WORDS[word] for word in words]


def test_a_right_word_is_its_own_best_candidate() -> None:
    words, logs = mangled_candidates("thẩm", "vietnamese", 5)
    assert WORDS[words[logs.argmax()]] == "thẩm"


def test_the_trie_holds_every_word_once() -> None:
    ends = [word for word in load_trie().word.tolist() if word >= 0]
    assert len(ends) == len(set(ends))
