"""Tesseract, through pytesseract: a page's image → words with boxes and confidences. All we know of it is here."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from subprocess import CalledProcessError, Popen
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import psutil
import pytesseract
import regex
from PIL import Image

from planparse.document import BBox, Word
from planparse.errors import TesseractLanguageMissingError, TesseractMissingError, ToolError
from planparse.reading.engines import Shape
from planparse.reading.engines.time_limit import TimeLimit
from planparse.reading.images.raster import POINTS_PER_INCH, Raster
from planparse.reading.segments import PlacedWord
from planparse.text import nfc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.config import Config

SPECK = 2.5
"""Points; a full stop of 14 pt type measures 1.5, a hyphen is 4 wide."""
_SLASH = regex.compile(r"/?[\u2044\u2215]/?")
_MODES = {Shape.PAGE: 3, Shape.COLUMN: 6}
"""Tesseract's page segmentation: automatic, which is better on office pages than modes 4 and 6; one block of text."""
_NO_PITCH_TEST = "-c textord_disable_pitch_test=1"
"""No search for type of fixed pitch, which only the old recogniser asks about: 3 % of the time. Words, boxes and
confidences stay the same: on 20 pages of samples clean, worn in four ways, and of typewriter's type."""
_FORMAT = "BMP"
"""How an image is handed over: not compressed, which takes a twentieth of the time of a PNG."""
INSTALL = (
    "install it: apt-get install tesseract-ocr tesseract-ocr-vie (Debian, Ubuntu), brew install tesseract-lang (macOS)"
)


class Tesseract:
    """The engine that gives the words their places."""

    def version(self) -> str:
        """Return Tesseract's version.

        Raises:
            ToolError: as `ask`.
        """
        return ask()[0]

    def read(self, raster: Raster, config: Config, *, place: str, shape: Shape = Shape.PAGE) -> list[PlacedWord]:
        """Return the words of an image, in the order in which Tesseract reads them.

        Raises:
            InputTimeoutError: it took longer than `config.page_timeout` seconds.
            TesseractMissingError: there is no Tesseract.
            TesseractLanguageMissingError: it has no model of `config.language`.
            ToolError: Tesseract failed in another way.
        """
        image = raster.image.copy()
        image.format = _FORMAT
        table = _ask(image, shape, raster.dpi, config, TimeLimit(config.page_timeout, place), place)
        return to_words(table, raster.dpi)

    def read_many(
        self, images: Sequence[tuple[Raster, Shape]], config: Config, *, place: str
    ) -> list[list[PlacedWord]]:
        """Return the words of each image, as `read` does; those alike in shape and resolution take one start together.

        Raises:
            InputTimeoutError, ToolError: as `read`; the limit is for all images.
        """
        limit = TimeLimit(config.page_timeout, place)
        alike: dict[tuple[Shape, int], list[int]] = defaultdict(list)
        for index, (raster, shape) in enumerate(images):
            alike[shape, round(raster.dpi)].append(index)
        found: list[list[PlacedWord]] = [[] for _ in images]
        for (shape, dpi), indices in alike.items():
            with _listed([images[index][0].image for index in indices]) as names:
                table = _ask(names, shape, dpi, config, limit, place)
            for index, page in zip(indices, _pages(table, len(indices)), strict=True):
                found[index] = to_words(page, images[index][0].dpi)
        return found


_Table = dict[str, "list[Any]"]
"""What `image_to_data` returns: columns, each with a value a row."""


@contextmanager
def _listed(images: Sequence[Image.Image]) -> Iterator[str]:
    """Write images to files; yield the name of a file that lists them, which Tesseract takes for one of many pages."""
    with TemporaryDirectory(prefix="planparse-") as folder:
        paths = [Path(folder, f"{number}.{_FORMAT.lower()}") for number in range(len(images))]
        for image, path in zip(images, paths, strict=True):
            image.save(path, _FORMAT)
        names = Path(folder, "images.txt")
        names.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
        yield str(names)


def _pages(table: _Table, count: int) -> list[_Table]:
    """Return the rows of each of so many pages."""
    numbers = table["page_num"]
    return [
        {
            name: [value for value, number in zip(column, numbers, strict=True) if number == page]
            for name, column in table.items()
        }
        for page in range(1, count + 1)
    ]


def _ask(image: Image.Image | str, shape: Shape, dpi: float, config: Config, limit: TimeLimit, place: str) -> _Table:
    """Return Tesseract's table of an image, or of those that a file lists.

    Raises:
        InputTimeoutError, ToolError: as `Tesseract.read`.
    """
    try:
        with _one_thread():
            table: _Table = pytesseract.image_to_data(
                image,
                lang=config.language,
                config=f"--oem 1 --psm {_MODES[shape]} --dpi {round(dpi)} {_NO_PITCH_TEST}",
                timeout=limit.left(),
                output_type=pytesseract.Output.DICT,
            )
    except pytesseract.TesseractNotFoundError as error:
        raise TesseractMissingError("Tesseract is not installed", "tesseract", INSTALL) from error
    except pytesseract.TesseractError as error:
        raise _explain(error, config.language, place) from error
    except (CalledProcessError, OSError) as error:
        raise ToolError(f"Tesseract does not run: {error}", place, "check it with `planparse doctor`") from error
    except RuntimeError as error:
        raise limit.exceeded() from error
    return table


def ask() -> tuple[str, list[str]]:
    """Return the version of Tesseract, and the languages of its models.

    Raises:
        TesseractMissingError: there is no Tesseract.
        ToolError: it does not run.
    """
    try:
        return str(pytesseract.get_tesseract_version()), pytesseract.get_languages()
    except pytesseract.TesseractNotFoundError as error:
        raise TesseractMissingError("not installed, or not in PATH", "tesseract", INSTALL) from error
    except (pytesseract.TesseractError, CalledProcessError, OSError, SystemExit) as error:
        raise ToolError(f"does not run: {error}", "tesseract", INSTALL) from error


def try_model(language: str) -> None:
    """Read an empty page with a model.

    Raises:
        ToolError: the model is damaged.
    """
    try:
        pytesseract.image_to_string(Image.new("L", (64, 64), "white"), lang=language)
    except pytesseract.TesseractError as error:
        raise ToolError(f"damaged: {error.message}", "tesseract", INSTALL) from error


def to_words(data: _Table, dpi: float) -> list[PlacedWord]:
    """Return the words of `image_to_data`'s table; what has no confidence or no letters is none."""
    scale = POINTS_PER_INCH / dpi
    words: list[PlacedWord] = []
    for index, text in enumerate(data["text"]):
        confidence = float(data["conf"][index])
        if confidence < 0 or not text.strip():
            continue
        left, top = data["left"][index] * scale, data["top"][index] * scale
        box = (
            round(left, 2),
            round(top, 2),
            round(left + data["width"][index] * scale, 2),
            round(top + data["height"][index] * scale, 2),
        )
        line = (data["block_num"][index], data["par_num"][index], data["line_num"][index])
        if not (words and words[-1].line == line and _is_speck(text, box)):
            words.append(PlacedWord(Word(_normal(text), box, confidence / 100), line))
    return words


def _normal(text: str) -> str:
    """Return a word in NFC, with the fraction slash that Tesseract likes to read as the slash that offices write."""
    return _SLASH.sub("/", nfc(text.strip()))


def _is_speck(text: str, box: BBox) -> bool:
    """Tell whether a word within a line is dirt: no letter or number, and no larger than a full stop."""
    return not any(map(str.isalnum, text)) and max(box[2] - box[0], box[3] - box[1]) < SPECK


def _explain(error: pytesseract.TesseractError, language: str, place: str) -> ToolError:
    """Tell a missing model, of which Tesseract only says so in words, by asking for its list of models."""
    try:
        known = pytesseract.get_languages()
    except (pytesseract.TesseractError, RuntimeError):
        known = []
    for missing in [name for name in language.split("+") if name not in known]:
        remedy = f"install it: apt-get install tesseract-ocr-{missing} (Debian), brew install tesseract-lang (macOS)"
        return TesseractLanguageMissingError(f"Tesseract has no model of {missing!r}", "tesseract", remedy)
    message = " ".join(str(error.message).split())[:200]
    return ToolError(f"Tesseract failed: {message}", place, "check it with `planparse doctor`")


class _Users:
    """How many calls want Tesseract to have one thread now, and what the limit was before the first of them."""

    lock = threading.Lock()
    count = 0
    before: str | None = None


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep Tesseract to one thread: it is faster so, and as many pages as there are cores are read at once."""
    with _Users.lock:
        if not _Users.count:
            _Users.before = os.environ.get("OMP_THREAD_LIMIT")
            os.environ["OMP_THREAD_LIMIT"] = "1"
        _Users.count += 1
    try:
        yield
    finally:
        with _Users.lock:
            _Users.count -= 1
            if not _Users.count and _Users.before is None:
                os.environ.pop("OMP_THREAD_LIMIT", None)
            elif not _Users.count:
                os.environ["OMP_THREAD_LIMIT"] = _Users.before or ""


def _kill_all(process: Popen[bytes], code: int) -> None:
    """End a process that pytesseract gave up, and all that it started: `tesseract` may be a script around the program.

    They can't have a process group of their own: they have to end with that of their batch too.
    """
    try:
        started = psutil.Process(process.pid).children(recursive=True)
    except psutil.Error:
        started = []
    process.kill()
    for child in started:
        try:
            child.kill()
        except psutil.Error:
            continue
    process.wait()
    process.returncode = code


pytesseract.pytesseract.kill = _kill_all
