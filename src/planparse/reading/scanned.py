"""What OCR read of a page's image, in a form that can be kept: a page costs seconds, and is read once.

A store keeps pages under keys that name all that a reading depends on: the image, the engines and their versions, the
options, and the code that prepares and reads images. Rules of later stages are none of these.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import astuple, dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol, Self

import cv2
import pypdfium2
from pypdfium2 import PdfImage

from planparse.document import OtherReading, Word
from planparse.reading.engines import engine_names, load_engine
from planparse.reading.segments import PlacedWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable

    from planparse.config import Config
    from planparse.document import Affine, BBox

_READERS = ("agreement.py", "engines", "images", "scan.py", "scanned.py", "segments.py", "tables")
"""The modules of this package on which the reading of an image depends."""
_LEVEL = 6
"""Of zlib: a page of 40 KB as JSON takes 9 KB."""


class PageStore(Protocol):
    """Keeps pages by their keys, as bytes."""

    def get(self, key: str, /) -> bytes | None:
        """Return what is kept under a key."""
        ...

    def put(self, key: str, data: bytes, /) -> None:
        """Keep a page."""
        ...


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """What OCR read of a page's image.

    Attributes:
        words: where they stand on the image as it was read.
        grids: the boxes of the cells of each table.
        size: of the image, in points.
        to_page: where the image was turned or straightened, the way to the page as it is in the file.
        problems: why engines beside the leading one did not read it.
    """

    words: tuple[PlacedWord, ...]
    grids: tuple[tuple[BBox, ...], ...]
    size: tuple[float, float]
    to_page: Affine | None
    problems: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        """Return it as packed JSON."""
        return zlib.compress(json.dumps(astuple(self), ensure_ascii=False, separators=(",", ":")).encode(), _LEVEL)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return what `to_bytes` has packed."""
        words, grids, size, to_page, problems = json.loads(zlib.decompress(data))
        return cls(
            tuple(map(_to_word, words)),
            tuple(tuple(map(_to_tuple, grid)) for grid in grids),
            _to_tuple(size),
            _to_tuple(to_page) if to_page else None,
            tuple(problems),
        )


def _to_tuple(numbers: Sequence[float]) -> Any:  # noqa: ANN401 (of as many as there are)
    return tuple(numbers)


def _to_word(data: Sequence[Any]) -> PlacedWord:
    (text, bbox, confidence, bold, other), line = data
    word = Word(text, tuple(bbox), confidence, bold, OtherReading(*other) if other else None)
    return PlacedWord(word, None if line is None else tuple(line))


def frame_key(digest: str, number: int, config: Config) -> str:
    """Return the key of a frame of the image file whose SHA-256 is `digest`."""
    return _to_key(f"{digest} {number}", config)


def page_key(document: pypdfium2.PdfDocument, number: int, digest: str, config: Config) -> str:
    """Return the key of page `number` of the PDF whose SHA-256 is `digest`.

    A page that is one image and nothing else has the key of that image, in whatever file it stands.
    """
    return _to_key(_only_image(document[number - 1]) or f"{digest} {number}", config)


def _only_image(page: pypdfium2.PdfPage) -> str | None:
    """Return a digest of the image that is all of a page; None where there is more, or less."""
    try:
        objects = list(page.get_objects(max_depth=1))
        if len(objects) != 1 or not isinstance(image := objects[0], PdfImage):
            return None
        filters = image.get_filters()
        if "JBIG2Decode" in filters:  # part of it may stand elsewhere
            return None
        info = image.get_metadata()
        shape = (info.width, info.height, info.bits_per_pixel, info.colorspace, filters, page.get_size())
        place = (page.get_rotation(), page.get_bbox(), image.get_matrix().get())
        seen = hashlib.sha256(repr((shape, place)).encode())
        seen.update(image.get_data(decode_simple=False))
        return seen.hexdigest()
    except pypdfium2.PdfiumError:
        return None


def _to_key(image: str, config: Config) -> str:
    return hashlib.sha256(f"{image} {_reader(config)}".encode()).hexdigest()


@cache
def _reader(config: Config) -> str:
    """Return all that a reading depends on beside the image."""
    engines = [f"{name} {load_engine(name).version()}" for name in engine_names(config)]
    options = (config.language, config.dpi, config.max_pixels)
    return repr((engines, options, version("pypdfium2"), cv2.__version__, _code()))


@cache
def _code() -> str:
    """Return a digest of the code that reads images."""
    seen = hashlib.sha256()
    for name in _READERS:
        for source in _sources(files("planparse.reading") / name):
            seen.update(source.read_bytes())
    return seen.hexdigest()


def _sources(place: Traversable) -> Iterator[Traversable]:
    if place.is_dir():
        for inner in sorted(place.iterdir(), key=lambda one: one.name):
            yield from _sources(inner)
    elif place.name.endswith(".py"):
        yield place
