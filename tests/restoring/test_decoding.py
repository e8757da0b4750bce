"""The decoder against its plain twin, which looks at every path."""

from __future__ import annotations

from itertools import product
from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planparse.restoring.decoding import Place, decode, posteriors
from planparse.restoring.language_model import BOUNDARY, load_language_model

MODEL = load_language_model()
NUMBERS = st.sampled_from(
    [MODEL.numbers[word] for word in ["đơn", "vị", "đòn", "chủ", "chú", "trì", "tri", "các", "phòng"]]
)
EVIDENCE = st.dictionaries(NUMBERS, st.floats(-8, 0), min_size=1, max_size=3)
PLACES = st.lists(
    EVIDENCE.map(lambda logs: Place(np.array(list(logs)), np.array(list(logs.values()), np.float32))),
    min_size=1,
    max_size=5,
)


def enumerate_posteriors(places: list[Place]) -> list[list[float]]:
    chances = [[0.0] * len(place.words) for place in places]
    for path in product(*(range(len(place.words)) for place in places)):
        words = [int(place.words[index]) for place, index in zip(places, path, strict=True)]
        score = sum(float(place.evidence[index]) for place, index in zip(places, path, strict=True))
        for first, second, third in zip(words, words[1:], words[2:], strict=False):
            one, two, three = np.array([first]), np.array([second]), np.array([third])
            score += MODEL.log_probabilities(MODEL.pairs(one, two), MODEL.pairs(two, three), two, three)[0]
        for place, index in enumerate(path):
            chances[place][index] += exp(score)
    return [[chance / sum(row) for chance in row] for row in chances]


@settings(deadline=None)  # the first call loads the model
@given(PLACES)
def test_posteriors_equal_those_of_all_paths(places: list[Place]) -> None:
    boundary = Place(np.array([MODEL.numbers[BOUNDARY]]), np.zeros(1, np.float32))
    lattice = [boundary, boundary, *places]
    for fast, plain in zip(posteriors(lattice, MODEL), enumerate_posteriors(lattice), strict=True):
        assert fast == pytest.approx(plain, abs=1e-4)


@settings(deadline=None)  # the first call loads the model
@given(PLACES.map(lambda places: places * 200))
def test_a_long_text_is_decoded_in_chains(places: list[Place]) -> None:
    assert [len(chances) for chances in decode(places, MODEL)] == [len(place.words) for place in places]


def test_every_context_spreads_its_whole_probability() -> None:
    """Backoff leaves nothing over, but for the rounding of bytes."""
    words = np.arange(len(MODEL.words))
    for first, second in [("đơn", "vị"), ("phòng", "ban"), ("quý", "II"), ("đòn", "trì")]:
        one, two = (np.full(len(words), MODEL.numbers[word]) for word in (first, second))
        logs = MODEL.log_probabilities(MODEL.pairs(one, two), MODEL.pairs(two, words), two, words)
        assert np.exp(logs).sum() == pytest.approx(1.0, abs=0.05)
