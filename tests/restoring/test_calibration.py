"""How sure edits are said to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse.restoring.calibration import NAMES, features, probability

SHARES = st.floats(0, 1)


@given(SHARES, SHARES, SHARES, st.floats(0, 20))
def test_every_edit_has_a_probability_and_none_between_unsure_and_sure(
    chance: float, text_doubt: float, near_doubt: float, misfit: float
) -> None:
    values = features(chance, text_doubt, near_doubt, misfit)
    assert len(values) == len(NAMES)
    for kind in ("damaged", "right"):
        told = probability(kind, values)
        assert 0.0 <= told <= 0.949 or 0.985 <= told <= 1.0


def test_doubt_in_the_text_makes_edits_less_sure() -> None:
    clean, ruined = (probability("damaged", features(0.999, doubt, doubt, 0.3)) for doubt in (0.002, 0.2))
    assert ruined < clean


def test_what_the_channel_hardly_explains_is_less_sure() -> None:
    near, far = (probability("damaged", features(0.999, 0.01, 0.01, misfit)) for misfit in (0.1, 4.0))
    assert far < near


@pytest.mark.parametrize("kind", ["damaged", "right"])
def test_a_certain_reading_in_a_clean_text_is_sure(kind: str) -> None:
    assert probability(kind, features(1.0, 0.0, 0.0, 0.05)) > 0.95
