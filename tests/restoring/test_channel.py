"""What engines do to letters: counted, expected, and shown by one document."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planparse.restoring.candidates import search
from planparse.restoring.channel import (
    ALPHABET,
    LONGEST,
    PLACES,
    Channel,
    Table,
    fit_weights,
    load_engines,
    prior,
    priors,
)
from planparse.restoring.habits import PRIOR, learn
from planparse.restoring.language_model import load_language_model

ENGINES = load_engines()
EVENLY = dict.fromkeys(ENGINES.names, 1.0)


def logs_of(channel: Channel, printed: str) -> Table:
    """Return log P(printed | letter) of every letter."""
    row = channel.row(printed)  # may lengthen the table
    logs: Table = channel.table[row]
    return logs


def chance(channel: Channel, letter: str, printed: str) -> float:
    return float(np.exp(logs_of(channel, printed)[PLACES[letter]]))


def draw_confusions(engine: str, times: int = 50) -> dict[str, dict[str, float]]:
    """Return what `engine` makes of some letters, each set so many times."""
    dice, printed = np.random.default_rng(0), list(ENGINES.printed)
    seen = {}
    for letter in "aàáăâeêéioôơuưđnhtcg":
        shares = ENGINES.likelihoods[ENGINES.names.index(engine), :, PLACES[letter]].astype(np.float64)
        drawn = dice.multinomial(times, shares / shares.sum())
        seen[letter] = {printed[place]: float(drawn[place]) for place in np.flatnonzero(drawn)}
    return seen


@given(st.text(st.sampled_from(ALPHABET + "0168.,’'|:! -²©"), max_size=LONGEST))
@example("dD")
@example("’u’")
@example("Đ")
def test_priors_are_the_prior_of_every_letter(printed: str) -> None:
    assert priors(printed).tolist() == pytest.approx([prior(letter, printed) for letter in ALPHABET], rel=1e-5)


@pytest.mark.parametrize("weights", [*({name: 1.0} for name in ENGINES.names), PRIOR])
def test_every_confusion_has_a_probability(weights: dict[str, float]) -> None:
    channel = Channel(weights)
    logs = np.array([logs_of(channel, printed) for printed in ENGINES.printed])
    assert np.isfinite(logs).all()
    assert logs.max() <= 0.0


@pytest.mark.parametrize("letter", ["n", "h", "t", "c", "g"])
def test_a_consonant_that_was_often_counted_becomes_something_known(letter: str) -> None:
    channel = Channel({"eng": 1.0})
    assert sum(chance(channel, letter, printed) for printed in ENGINES.printed) == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize("engine", ENGINES.names)
def test_the_engine_is_found_by_its_confusions(engine: str) -> None:
    shares = fit_weights(draw_confusions(engine), EVENLY)
    assert max(shares, key=shares.__getitem__) == engine
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares[engine] > 0.5


def test_a_mixture_of_engines_is_found() -> None:
    first, second = draw_confusions("gocr", 80), draw_confusions("vie", 80)
    seen = {
        letter: {out: row.get(out, 0.0) + second[letter].get(out, 0.0) for out in row.keys() | second[letter].keys()}
        for letter, row in first.items()
    }
    shares = fit_weights(seen, EVENLY)
    assert set(sorted(shares, key=shares.__getitem__)[-2:]) == {"gocr", "vie"}


def test_without_confusions_the_engines_stay_as_likely() -> None:
    assert fit_weights({}, PRIOR) == PRIOR


def test_confusions_seen_in_the_document_get_likelier() -> None:
    without, seeing = Channel(PRIOR), Channel(PRIOR, {"đ": {"P": 30.0, "d": 5.0}}, 12.0)
    assert chance(seeing, "đ", "P") > 0.5 > chance(without, "đ", "P")
    assert chance(seeing, "đ", "đ") < chance(without, "đ", "đ")
    assert chance(seeing, "ơ", "o") == pytest.approx(chance(without, "ơ", "o"))


def test_a_confusion_that_nobody_counted_is_learnt() -> None:
    assert "§%" not in ENGINES.printed
    without, seeing = Channel(PRIOR), Channel(PRIOR, {"ơ": {"§%": 20.0}}, 12.0)
    assert chance(without, "ơ", "§%") < 0.01
    assert chance(seeing, "ơ", "§%") > 0.5


def test_habits_of_the_engine_are_learnt_from_readings() -> None:
    model, before = load_language_model(), Channel(PRIOR)
    after = learn([("Pon", "Đơn", 0.99), ("Póng", "Đóng", 0.99), ("Pến", "Đến", 0.99)] * 20, before)
    assert chance(after, "Đ", "P") > chance(before, "Đ", "P")
    number = model.numbers["đoàn"]
    evidence = []
    for channel in (before, after):
        words, _, logs = search("Poàn", channel, 14)
        evidence.append(float(logs[words == number][0]))
    assert evidence[1] > evidence[0]


def test_a_doubtful_reading_teaches_nothing() -> None:
    before = Channel(PRIOR)
    after = learn([("Pon", "Đơn", 0.4)] * 50, before)
    assert chance(after, "Đ", "P") == pytest.approx(chance(before, "Đ", "P"))


def test_there_is_room_for_any_number_of_pieces() -> None:
    channel = Channel(PRIOR)
    first = chance(channel, "đ", "d")
    rows = {channel.row(f"{place:03}") for place in range(1000)} | {
        channel.row(f"a{place:02}"[:3]) for place in range(100)
    }
    assert len(rows) == 1100
    assert chance(channel, "đ", "d") == first
