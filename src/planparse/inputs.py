"""What a command is given: a document or a text, in a file or on stdin."""
# ruff: noqa: PLC0415 (as in planparse.cli)

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from planparse.config import DEFAULT
from planparse.errors import InputMissingError, InputTooLargeError

if TYPE_CHECKING:
    from planparse.config import Config
    from planparse.document import Document
    from planparse.places import Place

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
