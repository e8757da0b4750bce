"""Tesseract's table of words → words, from a recorded page; its failures; and one page read in earnest.

`recorded/three-lines.json` holds what the version of Tesseract that it names gave for a page drawn in Liberation Serif,
13 pt at 200 dpi: the lines of the page are in it too.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytesseract
import pytest
from PIL import Image, ImageDraw, ImageFont

from planparse.config import DEFAULT, Config
from planparse.errors import InputTimeoutError, TesseractLanguageMissingError, TesseractMissingError, ToolError
from planparse.reading.engines import Shape
from planparse.reading.engines.tesseract import Tesseract, to_words
from planparse.reading.images.raster import Raster
from planparse.reading.layout import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planparse.reading.segments import PlacedWord

RECORDED = Path(__file__).parents[2] / "recorded" / "three-lines.json"
FONT_FILE = Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf")
WHITE = Raster(Image.new("L", (400, 200), "white"), 200.0)


@pytest.fixture(scope="module")
def recorded() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return content


def to_texts(words: Sequence[PlacedWord]) -> list[str]:
    return [" ".join(word.text for word in segment.words) for segment in lay_out(words, [])]


def make_table(*rows: tuple[str, float, tuple[int, int]]) -> dict[str, list[Any]]:
    """Return Tesseract's table of one line: text, confidence, and size in pixels of each word."""
    table: dict[str, list[Any]] = {"text": [text for text, _, _ in rows], "conf": [conf for _, conf, _ in rows]}
    table |= {key: [1] * len(rows) for key in ("block_num", "par_num", "line_num")}
    table |= {"left": [100 * number for number in range(len(rows))], "top": [50] * len(rows)}
    return table | {"width": [size[0] for _, _, size in rows], "height": [size[1] for _, _, size in rows]}


# Words of a table


def test_a_recorded_page_gives_its_lines(recorded: dict[str, Any]) -> None:
    assert to_texts(to_words(recorded["image_to_data"], recorded["dpi"])) == recorded["lines"]


def test_recorded_words_have_boxes_in_points_and_confidences_up_to_one(recorded: dict[str, Any]) -> None:
    first, *others = to_words(recorded["image_to_data"], recorded["dpi"])
    assert first.word.text == "Thực"
    assert first.bbox == pytest.approx((112 * 0.36, 91 * 0.36, 186 * 0.36, 122 * 0.36), abs=0.01)
    assert first.word.confidence == pytest.approx(0.96)
    assert first.line == (1, 1, 1)
    assert all(word.word.confidence and 0.8 < word.word.confidence <= 1 for word in others)
    assert {word.line for word in others} == {(1, 1, 1), (1, 1, 2), (1, 1, 3)}


def test_half_the_resolution_doubles_the_boxes(recorded: dict[str, Any]) -> None:
    fine, coarse = (to_words(recorded["image_to_data"], dpi)[0].bbox for dpi in (200.0, 100.0))
    assert coarse == pytest.approx([2 * side for side in fine], abs=0.02)


def test_rows_without_words_are_dropped() -> None:
    words = to_words(make_table(("", -1, (900, 40)), (" ", 95, (900, 40)), ("Đơn", 90, (60, 24))), 200)
    assert [placed.word.text for placed in words] == ["Đơn"]


def test_a_speck_within_a_line_is_dropped() -> None:
    speck, stop, hyphen = (".", 20, (5, 6)), (".", 90, (8, 8)), ("-", 90, (12, 3))
    words = to_words(make_table(("Đơn", 90, (60, 24)), speck, stop, hyphen, ("vị", 90, (27, 31))), 200)
    assert [placed.word.text for placed in words] == ["Đơn", ".", "-", "vị"]
    assert [placed.bbox[0] for placed in words] == [0, 72, 108, 144]


def test_a_small_letter_is_no_speck() -> None:
    words = to_words(make_table(("a", 90, (5, 5)), ("i", 90, (2, 6))), 200)
    assert [placed.word.text for placed in words] == ["a", "i"]


@pytest.mark.parametrize("printed", ["15\u2044KH-UBND", "15\u2215KH-UBND", "15/\u2044KH-UBND", "15\u2044/KH-UBND"])
def test_a_fraction_slash_is_a_slash(printed: str) -> None:
    assert to_words(make_table((printed, 90, (200, 24))), 200)[0].word.text == "15/KH-UBND"


def test_words_are_in_nfc() -> None:
    assert to_words(make_table(("Đo\u031bn", 90, (60, 24))), 200)[0].word.text == "Đơn"


# Many images at once


def test_images_of_one_kind_are_one_call_and_get_their_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call answers, for each image that its list names, with a word that tells the image's width."""
    calls: list[tuple[str, int]] = []

    def read(names: str, **options: Any) -> dict[str, list[Any]]:  # noqa: ANN401 (stands in for untyped functions)
        paths = Path(names).read_text(encoding="utf-8").splitlines()
        calls.append((options["config"].partition(" -c")[0], len(paths)))
        widths = [Image.open(path).width for path in paths]
        table = make_table(*((str(width), 90, (60, 24)) for width in widths))
        return table | {"page_num": [number for number, _ in enumerate(paths, start=1)]}

    monkeypatch.setattr("pytesseract.image_to_data", read)
    kinds = [(100, 200.0, Shape.PAGE), (110, 200.0, Shape.COLUMN), (120, 200.0, Shape.PAGE), (130, 150.0, Shape.PAGE)]
    images = [(Raster(Image.new("L", (width, 50), "white"), dpi), shape) for width, dpi, shape in kinds]
    read_words = Tesseract().read_many(images, DEFAULT, place="plan.pdf")
    assert [[placed.word.text for placed in words] for words in read_words] == [["100"], ["110"], ["120"], ["130"]]
    assert calls == [
        ("--oem 1 --psm 3 --dpi 200", 2),
        ("--oem 1 --psm 6 --dpi 200", 1),
        ("--oem 1 --psm 3 --dpi 150", 1),
    ]


def test_an_image_of_many_without_words_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    table = make_table(("Đơn", 90, (60, 24))) | {"page_num": [2]}
    monkeypatch.setattr("pytesseract.image_to_data", lambda *_, **__: table)
    read_words = Tesseract().read_many([(WHITE, Shape.PAGE)] * 3, DEFAULT, place="plan.pdf")
    assert [len(words) for words in read_words] == [0, 1, 0]


# Failures


def test_without_tesseract_the_error_tells_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytesseract.pytesseract.tesseract_cmd", "/nonexistent/tesseract")
    with pytest.raises(TesseractMissingError, match="apt-get install tesseract-ocr"):
        Tesseract().read(WHITE, DEFAULT, place="page 1")


def fail_with(error: Exception) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> Any:  # noqa: ANN401 (stands in for untyped functions)
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "known", "expected"),
    [
        (pytesseract.TesseractError(1, "Failed loading language 'vie'"), ["eng"], TesseractLanguageMissingError),
        (pytesseract.TesseractError(1, "Segmentation\nfault"), ["vie"], ToolError),
        (RuntimeError("Tesseract process timeout"), ["vie"], InputTimeoutError),
        (PermissionError("not executable"), ["vie"], ToolError),
    ],
)
def test_a_failure_of_tesseract_is_told_by_its_kind(
    error: Exception, known: list[str], expected: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytesseract.image_to_data", fail_with(error))
    monkeypatch.setattr("pytesseract.get_languages", lambda: known)
    with pytest.raises(expected) as caught:
        Tesseract().read(WHITE, DEFAULT, place="page 1")
    assert type(caught.value) is expected
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("before", [None, "4"])
@pytest.mark.parametrize("failing", [False, True])
def test_the_limit_of_threads_is_set_and_restored(
    before: str | None, monkeypatch: pytest.MonkeyPatch, *, failing: bool
) -> None:
    if before is None:
        monkeypatch.delenv("OMP_THREAD_LIMIT", raising=False)
    else:
        monkeypatch.setenv("OMP_THREAD_LIMIT", before)
    during: list[str | None] = []

    def read(*_: object, **__: object) -> dict[str, list[Any]]:
        during.append(os.environ.get("OMP_THREAD_LIMIT"))
        if failing:
            raise RuntimeError
        return make_table()

    monkeypatch.setattr("pytesseract.image_to_data", read)
    if failing:
        with pytest.raises(InputTimeoutError):
            Tesseract().read(WHITE, DEFAULT, place="page 1")
    else:
        assert Tesseract().read(WHITE, DEFAULT, place="page 1") == []
    assert during == ["1"]
    assert os.environ.get("OMP_THREAD_LIMIT") == before


def is_gone(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return process.status() == psutil.STATUS_ZOMBIE or not psutil.wait_procs([process], timeout=5)[1]
    except psutil.NoSuchProcess:
        return True


@pytest.mark.skipif(os.name != "posix", reason="needs a shell script")
def test_a_page_out_of_time_leaves_no_process_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read with a script that starts a program of its own and waits for it, as wrappers of Tesseract do."""
    script = tmp_path / "tesseract"
    script.write_text(
        f"#!/bin/sh\n[ $1 = --version ] && exec echo tesseract 5.3.0\nsleep 60 & echo $! > {tmp_path}/child\nwait\n",
        encoding="utf-8",
    )
    script.chmod(0o755)
    monkeypatch.setattr("pytesseract.pytesseract.tesseract_cmd", str(script))
    with pytest.raises(InputTimeoutError):
        Tesseract().read(WHITE, Config(page_timeout=1.0), place="page 1")
    child = int((tmp_path / "child").read_text(encoding="utf-8"))
    assert is_gone(child)


def test_calls_at_once_restore_the_limit_of_threads_when_the_last_one_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_THREAD_LIMIT", "4")
    both = threading.Barrier(2)

    def read(*_: object, **__: object) -> dict[str, list[Any]]:
        both.wait(timeout=10)
        return make_table()

    monkeypatch.setattr("pytesseract.image_to_data", read)
    threads = [threading.Thread(target=Tesseract().read, args=(WHITE, DEFAULT), kwargs={"place": "p"}) for _ in "12"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert os.environ["OMP_THREAD_LIMIT"] == "4"


# Tesseract itself


@pytest.mark.ocr
def test_an_unknown_language_is_missing() -> None:
    with pytest.raises(TesseractLanguageMissingError, match="tesseract-ocr-xyz"):
        Tesseract().read(WHITE, Config(language="xyz"), place="page 1")


@pytest.mark.ocr
def test_a_white_page_has_no_words() -> None:
    assert Tesseract().read(WHITE, DEFAULT, place="page 1") == []


def draw(recorded: dict[str, Any]) -> Raster:
    """Return the page of the recording."""
    scale = recorded["dpi"] / 72
    image = Image.new("L", (round(420 * scale), round(150 * scale)), "white")
    font = ImageFont.truetype(str(FONT_FILE), round(13 * scale))
    for number, line in enumerate(recorded["lines"]):
        ImageDraw.Draw(image).text((40 * scale, (30 + 24 * number) * scale), line, font=font, fill=0)
    return Raster(image, float(recorded["dpi"]))


@pytest.mark.ocr
@pytest.mark.skipif(not FONT_FILE.is_file(), reason="needs Liberation Serif: apt-get install fonts-liberation2")
def test_a_small_page_is_read(recorded: dict[str, Any]) -> None:
    """Another version of Tesseract may see other boxes, but should read the lines."""
    words = Tesseract().read(draw(recorded), DEFAULT, place="page 1")
    assert to_texts(words) == recorded["lines"]


@pytest.mark.ocr
@pytest.mark.skipif(not FONT_FILE.is_file(), reason="needs Liberation Serif: apt-get install fonts-liberation2")
def test_a_page_is_read_among_others_as_it_is_alone(recorded: dict[str, Any]) -> None:
    page = draw(recorded)
    images = [(WHITE, Shape.PAGE), (page, Shape.PAGE), (page, Shape.COLUMN), (page, Shape.PAGE)]
    alone = [Tesseract().read(raster, DEFAULT, place="page 1", shape=shape) for raster, shape in images]
    assert Tesseract().read_many(images, DEFAULT, place="plan.pdf") == alone
