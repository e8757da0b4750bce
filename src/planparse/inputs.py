"""What a command is given: a document or a text, in a file or on stdin; plans in files and folders."""
# ruff: noqa: PLC0415 (as in planparse.cli)

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from planparse.config import DEFAULT
from planparse.errors import InputEmptyError, InputMissingError, InputTooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.config import Config
    from planparse.document import Document
    from planparse.places import Place
    from planparse.plan import Plan

STDIN = Path("-")


def read_document(source: Place, config: Config) -> Document:
    """Return the document in a file, or on stdin."""
    from planparse.reading import read_bytes, read_file
    from planparse.restoring import plausibility

    if source == STDIN:
        return read_bytes(_read_stdin(), name=None, config=config, judge=plausibility)
    return read_file(source, config, judge=plausibility)


def read_text(source: Path) -> str:
    """Return a text with its own line ends, old encodings converted; what is no UTF-8 as the reader decodes it."""
    from planparse.reading.encodings import convert, decode

    data = _read_stdin() if source == STDIN else _read_regular(source)
    try:
        return convert(data.decode("utf-8"))
    except UnicodeDecodeError:
        return decode(data, where=str(source)).text


def read_plans(sources: Sequence[Path]) -> list[Plan]:
    """Return the plans in files, and in all JSON files below folders by their names; a file named twice counts once.

    Hidden files and folders, and links to folders, are left out.

    Raises:
        InputError: one can't be read or is no plan; a folder holds none.
    """
    from planparse.plan import read_plan

    paths = {os.path.realpath(path): path for source in sources for path in _find_plans(source)}
    return [read_plan(path) for path in paths.values()]


def _find_plans(source: Path) -> list[Path]:
    if not source.is_dir():
        return [source]
    if found := sorted(_walk(source)):
        return found
    raise InputEmptyError("no plans", str(source), "give a folder with plans as JSON files")


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder, onerror=_refuse_folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place, name) for name in files if name.endswith(".json") and not name.startswith("."))


def _refuse_folder(error: OSError) -> NoReturn:
    raise InputMissingError(f"can't be read: {error.strerror}", str(error.filename), "check its rights") from error


def _read_regular(source: Path) -> bytes:
    try:
        if not source.is_file():
            raise InputMissingError("no such file, or not a regular one", str(source), "check the name")
        with source.open("rb") as file:
            return _read_limited(file, str(source))
    except OSError as error:
        raise InputMissingError(f"can't be opened: {error.strerror}", str(source), "check its rights") from error


def _read_limited(file: BinaryIO, where: str) -> bytes:
    data = file.read(DEFAULT.max_bytes + 1)
    if len(data) > DEFAULT.max_bytes:
        raise InputTooLargeError(f"over the limit of {DEFAULT.max_bytes} bytes", where, "split the document")
    return data


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise InputMissingError("stdin is closed", "-", "pipe text into it, or name a file")
    return _read_limited(sys.stdin.buffer, "-")
