"""OCR engines: each reads a page's image; which ones there are is told by entry points.

A package plugs another engine in by an entry point of the group `planparse.engines`: its name is what `--engine` takes,
its value a class that makes an `Engine` without arguments. It may be a `ManyEngine`.
"""

from __future__ import annotations

from enum import Enum, auto
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from planparse.errors import EngineMissingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.config import Config
    from planparse.reading.images.raster import Raster
    from planparse.reading.segments import PlacedWord

GROUP = "planparse.engines"
AUTO = "auto"
"""Reads with Tesseract, and a second time with trueocr where that is installed."""

_AUTO_ENGINES = ("tesseract", "trueocr")
_PACKAGES = {"trueocr": "trueocr"}
"""What an engine of ours needs that may be missing."""


class Shape(Enum):
    """How the text of an image stands: a page with columns, or paragraphs one below the other."""

    PAGE = auto()
    COLUMN = auto()


class Engine(Protocol):
    """Reads the words of an image."""

    def version(self) -> str:
        """Return the version of the engine and its models: what another one has read is read again.

        Raises:
            ToolError: it is missing, or does not run.
        """
        ...

    def read(self, raster: Raster, config: Config, *, place: str, shape: Shape = Shape.PAGE) -> list[PlacedWord]:
        """Return the words in reading order: NFC, boxes in points, confidences from 0 to 1, the line of each.

        `place` names the document and page in errors; `config.page_timeout` is what is left of the page's time.

        Raises:
            InputTimeoutError: it took longer than `config.page_timeout` seconds.
            ToolError: the engine, or a part of it, is missing or fails.
        """
        ...


@runtime_checkable
class ManyEngine(Engine, Protocol):
    """Reads the words of many images at once, faster than one by one."""

    def read_many(
        self, images: Sequence[tuple[Raster, Shape]], config: Config, *, place: str
    ) -> list[list[PlacedWord]]:
        """Return the words of each image, as `read` would; `config.page_timeout` is for all of them.

        Raises:
            InputTimeoutError, ToolError: as `read`; it has read none of them then.
        """
        ...


def known_engines() -> list[str]:
    """Return the names of the engines that are installed, sorted."""
    return sorted({found.name for found in entry_points(group=GROUP) if is_usable(found.name)})


def is_known(asked: str) -> bool:
    """Tell whether `asked`, a `Config.engine`, is made of names of engines, each once, installed or not."""
    names = asked.split("+")
    known = {found.name for found in entry_points(group=GROUP)}
    return asked == AUTO or (known.issuperset(names) and len({*names}) == len(names))


def engine_names(config: Config) -> list[str]:
    """Return the names of the engines that `config.engine` asks for, the leading one first.

    Raises:
        EngineMissingError: one of them is not installed.
    """
    if config.engine == AUTO:
        lead, *others = _AUTO_ENGINES
        return [lead, *filter(is_usable, others)]
    names = [name.strip() for name in config.engine.split("+")]
    for name in names:
        if not is_usable(name):
            known = ", ".join([AUTO, *known_engines()])
            remedy = (
                'install it: pip install "planparse[trueocr]"' if name in _AUTO_ENGINES else f"take one of: {known}"
            )
            raise EngineMissingError(f"no engine {name!r} is installed", "--engine", remedy)
    return names


def engines_of(config: Config) -> list[Engine]:
    """Return the engines that `config.engine` asks for, the leading one first.

    Raises:
        EngineMissingError: one of them is not installed.
    """
    return [load_engine(name) for name in engine_names(config)]


@cache
def load_engine(name: str) -> Engine:
    """Return the engine called `name`, which is installed; the same one each time."""
    engine: Engine = next(iter(entry_points(group=GROUP, name=name))).load()()
    return engine


@cache
def is_usable(name: str) -> bool:
    """Tell whether there is an engine called `name`, and the package that it needs; nothing is imported."""
    return bool(entry_points(group=GROUP, name=name)) and find_spec(_PACKAGES.get(name, __name__)) is not None
