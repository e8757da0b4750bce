"""What a PDF unpacks to, told before any library unpacks it into memory."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import regex

from planparse.errors import InputTooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planparse.config import Config

_FLATE = regex.compile(rb"stream\r?\n(?=[\x08\x18\x28\x38\x48\x58\x68\x78])")
"""Where a stream begins that zlib may have packed: its first byte names the method and the window (RFC 1950)."""
_PIECE = 1024
"""Packed bytes unpacked at a time: they become a megabyte at most (zlib's factor is 1,032)."""
_BYTES_A_PIXEL = 3


def check_streams(data: bytes, name: str, config: Config) -> None:
    """Refuse a PDF one of whose streams holds more than the colours of a page of the most pixels.

    Streams that are packed twice are unpacked twice; nothing is kept. Those of an encrypted PDF can't be looked into.

    Raises:
        InputTooLargeError: there is such a stream.
    """
    limit = _BYTES_A_PIXEL * config.max_pixels
    for match in _FLATE.finditer(data):
        packed = [memoryview(data)[match.end() :]]
        if max(_size(_unpack(packed), limit), _size(_unpack(_unpack(packed)), limit)) > limit:
            remedy = "scan the document again"
            raise InputTooLargeError(f"unpacks to more than the limit of {limit:,} bytes", name, remedy)


def _unpack(pieces: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    for piece in pieces:
        for start in range(0, len(piece), _PIECE):
            yield unpacker.decompress(piece[start : start + _PIECE])
            if unpacker.eof:
                return


def _size(pieces: Iterable[bytes], limit: int) -> int:
    """Return how many bytes there are, or, once there are more than the limit, how many there were by then."""
    total = 0
    try:
        for piece in pieces:
            total += len(piece)
            if total > limit:
                break
    except zlib.error:
        pass
    return total
