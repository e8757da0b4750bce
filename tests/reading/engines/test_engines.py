"""Which engines there are, and which are asked for."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

import pytest

from planparse.config import Config
from planparse.errors import EngineMissingError
from planparse.reading import engines
from planparse.reading.engines import Engine, engine_names, engines_of, known_engines, load_engine
from planparse.reading.engines.tesseract import Tesseract

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Entry points by name; what is put there is installed."""
    points = {"tesseract": "planparse.reading.engines.tesseract:Tesseract"}

    def entry_points(*, group: str, name: str | None = None) -> list[EntryPoint]:
        return [EntryPoint(key, value, group) for key, value in points.items() if name in (None, key)]

    monkeypatch.setattr(engines, "entry_points", entry_points)
    for cached in (engines.load_engine, engines.is_usable):
        cached.cache_clear()
    yield points
    for cached in (engines.load_engine, engines.is_usable):
        cached.cache_clear()


class Silent:
    """An engine that somebody plugs in."""

    def read(self, *_: object, **__: object) -> list[object]:
        return []


@pytest.mark.usefixtures("found")
def test_tesseract_reads_alone_where_nothing_else_is_installed() -> None:
    assert engine_names(Config()) == ["tesseract"]


def test_trueocr_reads_too_where_it_is_installed(found: dict[str, str]) -> None:
    found["trueocr"] = f"{__name__}:Silent"
    assert engine_names(Config()) == ["tesseract", "trueocr"]


def test_an_engine_whose_package_is_missing_is_none(found: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    found["trueocr"] = "planparse.reading.engines.trueocr:TrueOcr"
    monkeypatch.setattr(engines, "find_spec", lambda name: None if name == "trueocr" else object())
    assert (engine_names(Config()), known_engines()) == (["tesseract"], ["tesseract"])


def test_another_engine_is_plugged_in_by_its_entry_point(found: dict[str, str]) -> None:
    found["silent"] = f"{__name__}:Silent"
    lead, second = engines_of(Config(engine="silent+tesseract"))
    assert type(lead).__name__ == "Silent"
    assert isinstance(second, Tesseract)


@pytest.mark.usefixtures("found")
def test_an_engine_is_made_once() -> None:
    assert load_engine("tesseract") is load_engine("tesseract")


@pytest.mark.parametrize(("asked", "remedy"), [("foo", "take one of: auto, tesseract"), ("trueocr", "pip install")])
@pytest.mark.usefixtures("found")
def test_an_engine_that_is_not_there_is_an_error_with_a_remedy(asked: str, remedy: str) -> None:
    with pytest.raises(EngineMissingError, match=remedy):
        engine_names(Config(engine=f"tesseract+{asked}"))


def test_tesseract_keeps_the_protocol() -> None:
    engine: Engine = Tesseract()
    assert callable(engine.read)
