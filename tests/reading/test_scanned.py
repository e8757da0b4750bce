"""What OCR has read of a page is kept, and used only where it would be read the same."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from planparse.config import Config
from planparse.document import OtherReading, Word
from planparse.errors import InputTimeoutError
from planparse.reading import count_pages, read_bytes, scan_pages, scanned
from planparse.reading.engines import load_engine
from planparse.reading.scanned import ScannedPage, page_key
from planparse.reading.segments import PlacedWord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from planparse.reading.images.raster import Raster

TESSERACT = Config(engine="tesseract")
BOX = (72.0, 72.0, 200.0, 86.0)


class Store(dict[str, bytes]):
    """Keeps pages in memory."""

    def put(self, key: str, data: bytes) -> None:
        self[key] = data


class Reader:
    """An engine that counts how often it is asked, and reads that number."""

    def __init__(self) -> None:
        self.asked = 0
        self.late = False

    def version(self) -> str:
        return "1"

    def read(self, raster: Raster, config: Config, *, place: str, shape: object) -> list[PlacedWord]:  # noqa: ARG002 (as every engine)
        self.asked += 1
        if self.late:
            raise InputTimeoutError("late", place, "wait")
        return [PlacedWord(Word(f"thứ-{self.asked}", BOX, 0.9), (1,))]


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    reader = Reader()
    monkeypatch.setattr("planparse.reading.engines.load_engine", lambda _name: reader)
    monkeypatch.setattr(scanned, "load_engine", lambda _name: reader)
    scanned._reader.cache_clear()  # noqa: SLF001 (of the engine that stood there before)
    yield reader
    scanned._reader.cache_clear()  # noqa: SLF001 (as above)


def _image(grey: int) -> Image.Image:
    image = Image.new("L", (500, 700), 255)
    image.paste(grey, (100, 100, 300, 130))
    return image


def _pdf(*greys: int) -> bytes:
    out = io.BytesIO()
    first, *others = map(_image, greys)
    first.save(out, "PDF", save_all=True, append_images=others, resolution=72)
    return out.getvalue()


def _tiff(*greys: int) -> bytes:
    out = io.BytesIO()
    first, *others = map(_image, greys)
    first.save(out, "TIFF", save_all=True, append_images=others, dpi=(72, 72))
    return out.getvalue()


def _read(data: bytes, store: Store | None, config: Config = TESSERACT) -> list[str]:
    return [line.text for line in read_bytes(data, name="a", config=config, store=store).lines]


@pytest.mark.parametrize("make", [_pdf, _tiff])
def test_a_page_is_read_once(reader: Reader, make: Callable[..., bytes]) -> None:
    store = Store()
    pages = [_read(make(0, 90, 180), store) for _ in range(2)]
    assert (pages, reader.asked) == ([["thứ-1", "thứ-2", "thứ-3"]] * 2, 3)


def test_without_a_store_it_is_read_again(reader: Reader) -> None:
    for _ in range(2):
        _read(_pdf(0), None)
    assert reader.asked == 2


def test_the_same_image_in_another_file_is_not_read(reader: Reader) -> None:
    store = Store()
    texts = [_read(_pdf(0, 90), store), _read(_pdf(90, 0), store)]
    assert (texts, reader.asked) == ([["thứ-1", "thứ-2"], ["thứ-2", "thứ-1"]], 2)


def test_other_options_read_again(reader: Reader) -> None:
    store = Store()
    for config in (TESSERACT, Config(engine="tesseract", dpi=300)):
        _read(_pdf(0), store, config)
    assert reader.asked == 2


def test_another_version_of_the_engine_reads_again(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    _read(_pdf(0), store)
    monkeypatch.setattr(reader, "version", lambda: "2")
    scanned._reader.cache_clear()  # noqa: SLF001 (as in another process)
    _read(_pdf(0), store)
    assert reader.asked == 2


def test_a_page_that_took_too_long_is_not_kept(reader: Reader) -> None:
    store = Store()
    reader.late = True
    with pytest.raises(InputTimeoutError):
        _read(_pdf(0), store)
    assert store == {}


@pytest.mark.parametrize("make", [_pdf, _tiff])
def test_pages_are_scanned_apart_and_read_together(reader: Reader, tmp_path: Path, make: Callable[..., bytes]) -> None:
    path = tmp_path / "a"
    path.write_bytes(make(0, 60, 120, 180))
    store = Store()
    for numbers in ([3, 4], [1, 2]):
        scan_pages(path, numbers, TESSERACT, store=store)
    texts = _read(path.read_bytes(), store)
    assert (count_pages(path, TESSERACT), texts, reader.asked) == (4, ["thứ-3", "thứ-4", "thứ-1", "thứ-2"], 4)


def test_a_text_has_no_pages_to_scan(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Kế hoạch", encoding="utf-8")
    assert count_pages(tmp_path / "a.txt", TESSERACT) == 0


def test_an_image_that_stands_elsewhere_on_its_page_has_another_key(reader: Reader) -> None:
    keys = set()
    for scale in (1, 2):
        with pypdfium2.PdfDocument(_pdf(0)) as document:
            page = document[0]
            page.set_mediabox(0, 0, 500 * scale, 700)
            keys.add(page_key(document, 1, "digest", TESSERACT))
    assert (len(keys), reader.asked) == (2, 0)


coordinates = st.floats(0, 2000).map(lambda value: round(value, 2))
boxes = st.tuples(coordinates, coordinates, coordinates, coordinates)
words = st.builds(
    PlacedWord,
    st.builds(
        Word,
        st.text(min_size=1),
        boxes,
        st.none() | st.floats(0, 1),
        st.none() | st.booleans(),
        st.none() | st.builds(OtherReading, st.text(), st.floats(0, 1), st.integers(1, 9)),
    ),
    st.none() | st.lists(st.integers(0, 99), max_size=4).map(tuple),
)


@given(
    st.builds(
        ScannedPage,
        st.lists(words, max_size=3).map(tuple),
        st.lists(st.lists(boxes, max_size=3).map(tuple), max_size=2).map(tuple),
        st.tuples(coordinates, coordinates),
        st.none() | st.tuples(*[st.floats(-9, 9)] * 6),
        st.lists(st.text(), max_size=2).map(tuple),
    )
)
def test_a_page_comes_back_as_it_was_kept(page: ScannedPage) -> None:
    assert ScannedPage.from_bytes(page.to_bytes()) == page


@pytest.mark.ocr
def test_engines_tell_their_version() -> None:
    assert load_engine("tesseract").version()[:1].isdigit()
