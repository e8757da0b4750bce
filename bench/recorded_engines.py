"""OCR engines that answer from a folder what they have read before: a page is read again without its slow part.

    with recorded(keep):    # keep(kind, key, make) returns what is kept under a key, made where it is not
        document = read_bytes(data, name="plan.pdf", config=DEFAULT)

An answer is kept under the hash of the image, how it was asked for, and the engine's code.
"""

from __future__ import annotations

import hashlib
import inspect
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from planparse import document
from planparse.reading import scan, segments
from planparse.reading.engines import Engine, Shape, engines_of
from planparse.reading.images import skew

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planparse.config import Config
    from planparse.reading.images.raster import Raster
    from planparse.reading.segments import PlacedWord

    Keep = Callable[[str, str, Callable[[], Any]], Any]


@dataclass(frozen=True)
class RecordedEngine:
    """An engine whose answers are kept."""

    engine: Engine
    keep: Keep

    def version(self) -> str:
        """Return the engine's version."""
        return self.engine.version()

    def read(self, raster: Raster, config: Config, *, place: str, shape: Shape = Shape.PAGE) -> list[PlacedWord]:
        """Return what the engine reads of an image, or has read of it before."""
        modules = (inspect.getmodule(type(self.engine)), skew, segments, document)
        code = [Path(str(module.__file__)).read_bytes() for module in modules if module]
        asked = (raster.image.mode, raster.image.size, raster.dpi, raster.skew, shape.name, config.language)
        parts = [raster.image.tobytes(), repr(asked).encode(), *code]
        key = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:32]
        words: list[PlacedWord] = self.keep(
            "engines", key, lambda: self.engine.read(raster, config, place=place, shape=shape)
        )
        return words


@contextmanager
def recorded(keep: Keep) -> Iterator[None]:
    """Have pages read by engines whose answers are kept."""
    with patch.object(scan, "engines_of", lambda config: [RecordedEngine(one, keep) for one in engines_of(config)]):
        yield
