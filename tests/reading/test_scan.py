"""Two engines on one page: what becomes of it where one of them fails, or the page's time is over."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

pytest.importorskip("cv2", reason="OpenCV is not installed")

from planparse.config import Config
from planparse.document import Word
from planparse.errors import InputTimeoutError, TesseractMissingError, ToolError
from planparse.reading import GROUP, read_bytes
from planparse.reading.engines import time_limit
from planparse.reading.scan import read_scan
from planparse.reading.segments import PlacedWord
from planparse.warning import WarningCode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planparse.document import Document
    from planparse.reading.engines import Engine
    from planparse.reading.images.raster import Raster

LIMIT = Config(page_timeout=10.0)
BOX = (72.0, 72.0, 200.0, 86.0)


class Clock:
    """Stands still, but for what engines take."""

    now = 100.0


class Reader:
    """An engine that reads a text, takes its time over it, and remembers how much it was given."""

    def __init__(self, clock: Clock, text: str, seconds: float = 0.0) -> None:
        self._clock, self._text, self._seconds = clock, text, seconds
        self.given: list[float] = []

    def version(self) -> str:
        return "1"

    def read(self, _: Raster, config: Config, *, place: str, shape: object) -> list[PlacedWord]:
        del shape
        self.given.append(config.page_timeout)
        self._clock.now += min(self._seconds, config.page_timeout)
        if self._seconds > config.page_timeout:
            raise InputTimeoutError("took too long", place, "wait")
        return [PlacedWord(Word(self._text, BOX, 0.9), (1,))]


class Broken:
    """An engine that fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, *_: object, **__: object) -> list[PlacedWord]:
        raise self._error


class ManyReader(Reader):
    """An engine that reads many images at once, if it does not fail at that."""

    def __init__(self, clock: Clock, text: str, seconds: float = 0.0, error: Exception | None = None) -> None:
        super().__init__(clock, text, seconds)
        self._error = error
        self.groups: list[int] = []

    def read_many(self, images: Sequence[object], _: Config, **__: object) -> list[list[PlacedWord]]:
        self.groups.append(len(images))
        if self._error:
            raise self._error
        return [[PlacedWord(Word(f"{self._text}{number}", BOX, 0.9), (1,))] for number, _ in enumerate(images)]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr(time_limit, "monotonic", lambda: standing.now)
    return standing


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Document]:
    """Return a function that reads a white page by engines."""
    out = io.BytesIO()
    Image.new("L", (827, 1169), "white").save(out, "PNG", dpi=(100, 100))

    def read_by(*engines: Engine) -> Document:
        monkeypatch.setattr("planparse.reading.scan.engines_of", lambda _: engines)
        return read_bytes(out.getvalue(), name="plan.png", config=LIMIT)

    return read_by


@pytest.fixture
def read_pages(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Document]:
    """Return a function that reads so many white pages by engines."""

    def read_by(count: int, *engines: Engine) -> Document:
        pages = [Image.new("L", (827, 1169), "white") for _ in range(count)]
        out = io.BytesIO()
        pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=100)
        monkeypatch.setattr("planparse.reading.scan.engines_of", lambda _: engines)
        return read_bytes(out.getvalue(), name="plan.pdf", config=LIMIT)

    return read_by


def told(document: Document) -> Sequence[tuple[str, str]]:
    return [(warning.code, warning.message) for warning in document.warnings]


@pytest.mark.parametrize("error", [ValueError("no such tensor"), ToolError("no such tensor", "page 1", "none")])
def test_a_second_engine_that_fails_leaves_the_page_to_the_first(
    read: Callable[..., Document], clock: Clock, error: Exception
) -> None:
    document = read(Reader(clock, "hoạch"), Broken(error))
    assert [line.text for line in document.lines] == ["hoạch"]
    assert [warning.code for warning in document.warnings] == [WarningCode.ENGINE_FAILED]
    assert "no such tensor" in document.warnings[0].message


def test_a_second_engine_that_takes_too_long_leaves_the_page_to_the_first(
    read: Callable[..., Document], clock: Clock
) -> None:
    document = read(Reader(clock, "hoạch", 4.0), Reader(clock, "hoach", 11.0))
    assert next(document.lines).words[0].other is None
    message = "page 1 was read without its second engine: OCR took longer than 10 s"
    assert told(document) == [(WarningCode.ENGINE_FAILED, message)]


def test_a_third_engine_reads_where_the_second_fails(read: Callable[..., Document], clock: Clock) -> None:
    document = read(Reader(clock, "hoach"), Broken(ValueError()), Reader(clock, "hoạch"))
    (word,) = [word for line in document.lines for word in line.words]
    assert word.other
    assert word.other.text == "hoạch"


def test_the_second_engine_has_the_time_that_the_first_left(read: Callable[..., Document], clock: Clock) -> None:
    second = Reader(clock, "hoạch")
    read(Reader(clock, "hoạch", 4.0), second)
    assert second.given == [6.0]


def test_a_page_that_is_turned_has_one_time_for_all_turns(
    clock: Clock, make_page: Callable[..., Raster], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nonsense(Reader):
        def read(self, raster: Raster, config: Config, *, place: str, shape: object) -> list[PlacedWord]:
            return super().read(raster, config, place=place, shape=shape) * 20

    lead = Nonsense(clock, "xqzwk", 4.0)
    monkeypatch.setattr("planparse.reading.scan.engines_of", lambda _: [lead])
    read_scan(make_page(), LIMIT, place="page 1")
    assert lead.given == [10.0, 6.0, 2.0]


def test_a_first_engine_that_takes_too_long_fails_the_page(read: Callable[..., Document], clock: Clock) -> None:
    with pytest.raises(InputTimeoutError, match="longer than 10 s"):
        read(Reader(clock, "hoạch", 11.0), Reader(clock, "hoạch"))


def test_a_first_engine_that_fails_fails_the_document(read: Callable[..., Document], clock: Clock) -> None:
    with pytest.raises(ToolError, match="Broken failed"):
        read(Broken(ValueError()), Reader(clock, "hoạch"))


def test_a_program_that_is_missing_fails_the_document(read: Callable[..., Document], clock: Clock) -> None:
    """It is not the page that is at fault, and there is a command that installs it."""
    with pytest.raises(TesseractMissingError):
        read(Reader(clock, "hoạch"), Broken(TesseractMissingError("missing", "tesseract", "install it")))


# Pages read at once


def test_pages_are_read_in_groups_each_with_its_own_words(read_pages: Callable[..., Document], clock: Clock) -> None:
    lead = ManyReader(clock, "hoạch")
    document = read_pages(GROUP + 2, lead)
    assert [line.text for line in document.lines] == [f"hoạch{number}" for number in (*range(GROUP), 0, 1)]
    assert (lead.groups, lead.given) == ([GROUP, 2], [])


def test_a_single_page_is_no_group(read_pages: Callable[..., Document], clock: Clock) -> None:
    lead = ManyReader(clock, "hoạch")
    read_pages(1, lead)
    assert (lead.groups, lead.given) == ([], [10.0])


@pytest.mark.parametrize("error", [ValueError("crash"), InputTimeoutError("too long", "plan.pdf", "wait")])
def test_pages_of_a_group_that_fails_are_read_on_their_own(
    read_pages: Callable[..., Document], clock: Clock, error: Exception
) -> None:
    lead = ManyReader(clock, "hoạch", 4.0, error)
    document = read_pages(3, lead)
    assert [line.text for line in document.lines] == ["hoạch"] * 3
    assert lead.given == [10.0] * 3


def test_a_page_that_takes_too_long_after_its_group_failed_is_told_by_its_number(
    read_pages: Callable[..., Document], clock: Clock
) -> None:
    class SlowOnce(ManyReader):
        def read(self, raster: Raster, config: Config, *, place: str, shape: object) -> list[PlacedWord]:
            self._seconds = 11.0 if "page 2" in place else 1.0
            return super().read(raster, config, place=place, shape=shape)

    document = read_pages(3, SlowOnce(clock, "hoạch", error=InputTimeoutError("too long", "plan.pdf", "wait")))
    assert told(document) == [(WarningCode.PAGE_NOT_READ, "page 2 was not read: OCR took longer than 10 s")]


def test_the_second_engine_reads_each_page_of_a_group(read_pages: Callable[..., Document], clock: Clock) -> None:
    second = Reader(clock, "hoach")
    document = read_pages(2, ManyReader(clock, "hoạch"), second)
    assert [bool(line.words[0].other) for line in document.lines] == [True, True]


def test_large_pages_make_small_groups(
    read_pages: Callable[..., Document], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planparse.reading.pages.GROUP_PIXELS", 2 * 1654 * 2338)
    lead = ManyReader(clock, "hoạch")
    read_pages(5, lead)
    assert lead.groups == [2, 2]
