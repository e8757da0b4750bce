"""File → Document: for each page its text layer or OCR, lines in reading order, furniture marked."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from planparse.document import Document, Line, Page, Source, Word
from planparse.errors import (
    InputDamagedError,
    InputEmptyError,
    InputMissingError,
    InputTooLargeError,
    InputUnsupportedError,
)
from planparse.places import Address, mark_now, printable
from planparse.reading.encodings import Decoded, clean, decode
from planparse.reading.furniture import PAGE_BREAK, mark_furniture
from planparse.warning import PlanWarning, WarningCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.config import Config
    from planparse.places import Place
    from planparse.reading.layers.evidence import Judge
    from planparse.reading.paper import Paper
    from planparse.reading.scanned import PageStore

GROUP = 8
"""Pages that are read at once. They are one call of Tesseract's, whose start takes a tenth of the time of a page; and
the PDF is opened anew for them, since pdfium keeps what it has rendered, half a megabyte a page."""
_NAMELESS = "stdin"
"""What is named in errors where there is no file."""
PDF_HEAD = 1024
"""Bytes in which a PDF's signature may stand after rubbish (PDF 1.7, appendix H, note 13)."""

_IMAGE_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_OTHER_TYPES = regex.compile(
    rb"""
    (?P<WebP_image> RIFF.{4}WEBP ) | (?P<BMP_image> BM.{4}\x00{4} ) | (?P<HEIC_or_AVIF_image> .{4}ftyp )
    | (?P<JPEG_2000_image> .{4}jP\ \ | \xff\x4f\xff\x51 ) | (?i: \s* (?: <!doctype\ html | <html ) ) (?P<HTML_page>)
    """,
    regex.VERBOSE | regex.DOTALL,
)
"""How other files begin that are no text, though their bytes may pass for it."""
_OTHER_SIGNATURES = {
    b"PK\x03\x04": "a zip archive or an Office document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a gzip archive",
    b"GIF8": "a GIF image",
}


def read_file(path: Place, config: Config, *, judge: Judge | None = None, store: PageStore | None = None) -> Document:
    """Read a PDF, an image or a text file.

    `judge` says how much a text reads like right Vietnamese, where the text layer and OCR of a page differ; without
    one, spelling alone does. `store` keeps what OCR reads, and knows what it has read before.

    Raises:
        InputError: it is missing, empty, damaged, encrypted, too large, or of a type that we don't read.
        ToolError: a page needs OCR, and Tesseract or its model is missing.
    """
    opened = _open(path, _stamp(path), config)
    if isinstance(opened, bytes):
        return _read_encoded(opened, printable(path.name))
    return _read_paper(opened, config, judge, store)


def count_pages(path: Place, config: Config) -> int:
    """Return how many pages `scan_pages` may read of a file: those of a PDF or an image, 0 of a text.

    Raises:
        InputError: as `read_file`.
    """
    opened = _open(path, _stamp(path), config)
    return 0 if isinstance(opened, bytes) else opened.count


def scan_pages(
    path: Place, numbers: Sequence[int], config: Config, *, judge: Judge | None = None, store: PageStore
) -> None:
    """Read those pages of `numbers`, from 1, that need OCR, into `store`; `judge` is as for `read_file`.

    Raises:
        InputError, ToolError: as `read_file`.
    """
    from planparse.reading.layers.evidence import by_spelling  # noqa: PLC0415 (as below)
    from planparse.reading.pages import scan_pages as scan  # noqa: PLC0415 (as below)

    opened = _open(path, _stamp(path), config)
    if not isinstance(opened, bytes):
        scan(opened, numbers, config, judge or by_spelling, store)


def read_bytes(
    data: bytes, *, name: str | None, config: Config, judge: Judge | None = None, store: PageStore | None = None
) -> Document:
    """Read the bytes of a document; the type is told by what they are, not by `name`.

    `judge` and `store` are as for `read_file`.

    Raises:
        InputError, ToolError: as `read_file`.
    """
    paper = _to_paper(data, name or _NAMELESS, config)
    return _read_encoded(data, name) if paper is None else _read_paper(paper, config, judge, store)


def _read_encoded(data: bytes, name: str | None) -> Document:
    """Read the bytes of a text."""
    return _from_text(decode(data, where=name or _NAMELESS), name, hashlib.sha256(data).hexdigest())


def _read_paper(paper: Paper, config: Config, judge: Judge | None, store: PageStore | None) -> Document:
    from planparse.reading.layers.evidence import by_spelling  # noqa: PLC0415 (loads PDF libraries, of no use to text)
    from planparse.reading.pages import read_pages  # noqa: PLC0415 (as above)

    return read_pages(paper, config, judge or by_spelling, store)


def _stamp(path: Place) -> object:
    """Return what tells whether a file is as it was: its size and when it changed; None where there is none.

    Of a store, what that says of the content; where it says nothing, no two stamps are equal.
    """
    try:
        if isinstance(path, Address):
            return mark_now(path) or object()
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns


@lru_cache(maxsize=1)
def _open(path: Place, _stamp: object, config: Config) -> Paper | bytes:
    """Return the pages of a file, of what may be a text its bytes; the last one stays, as its parts are asked for."""
    data = _load(path, config)
    return _to_paper(data, printable(path.name), config) or data


def is_pdf(data: bytes) -> bool:
    """Tell whether a file is a PDF."""
    return b"%PDF-" in data[:PDF_HEAD]


def _to_paper(data: bytes, where: str, config: Config) -> Paper | None:
    """Return the pages of a PDF or an image; None for what may be a text.

    Raises:
        InputError: as `read_file`.
    """
    if not data:
        raise InputEmptyError("empty file", where, "give a file with content")
    for signature, kind in _OTHER_SIGNATURES.items():
        if data.startswith(signature):
            raise InputUnsupportedError(f"{kind} is not read", where, "save it as PDF, image or text")
    if is_pdf(data):
        from planparse.reading.paper import PdfPaper  # noqa: PLC0415 (loads PDF libraries, of no use to text)

        return PdfPaper(data, where, hashlib.sha256(data).hexdigest(), config)
    if data.startswith(_IMAGE_SIGNATURES):
        from planparse.reading.paper import ImagePaper  # noqa: PLC0415 (as above)

        return ImagePaper(data, where, hashlib.sha256(data).hexdigest(), config)
    if where.lower().endswith(".pdf"):
        raise InputDamagedError("not a PDF, whatever its name says", where, "give the PDF itself")
    if other := _OTHER_TYPES.match(data[:PDF_HEAD]):
        kind = str(other.lastgroup).replace("_", " ")
        raise InputUnsupportedError(f"{kind}: not read", where, "save it as PDF, PNG, JPEG, TIFF or text")
    return None


def read_text(text: str, *, name: str | None = None) -> Document:
    """Read text that is decoded already.

    Raises:
        InputEmptyError: there is none.
    """
    if not text:
        raise InputEmptyError("empty text", name or "text", "give a text with content")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _from_text(clean(text), name, digest)


def _load(path: Place, config: Config) -> bytes:
    where = str(path)
    try:
        if _size(path) > config.max_bytes:
            limit = f"{config.max_bytes // 1024**2} MB"
            raise InputTooLargeError(f"larger than the limit of {limit}", where, "split the document")
        return path.read_bytes()
    except OSError as error:
        raise InputMissingError(
            f"can't be opened: {error.strerror or error}", where, "check its name and rights"
        ) from error


def _size(path: Place) -> int:
    """Return how many bytes a file has.

    Raises:
        InputMissingError: it is no regular file.
    """
    if isinstance(path, Address):
        size, is_folder, is_there = path.look()[1], True, True
    else:
        size, is_folder, is_there = path.stat().st_size if path.is_file() else None, path.is_dir(), path.exists()
    if size is None:
        what = "a folder" if is_folder else "not a regular file" if is_there else "no such file"
        remedy = "use `planparse batch` for a folder" if is_folder else "check the name"
        raise InputMissingError(what, str(path), remedy)
    return size


def _from_text(decoded: Decoded, name: str | None, digest: str) -> Document:
    pages: list[Page] = []
    number = 0
    for text in _split_pages(decoded.text):
        lines = []
        for printed in text:
            number += 1
            lines.append(Line(number, len(pages) + 1, printed, printed, tuple(map(Word, printed.split()))))
        pages.append(Page(len(pages) + 1, tuple(lines)))
    warnings = decoded.warnings
    if not decoded.text.strip():
        warnings = (*warnings, PlanWarning(WarningCode.NO_TEXT, "the document holds no text"))
    source = Source(name, digest, len(pages), "text")
    return Document(source, mark_furniture(pages), warnings)


def _split_pages(text: str) -> list[list[str]]:
    """Split at form feeds, and after lines that say so; a last line end opens no line."""
    pages: list[list[str]] = []
    for part in text.split("\f"):
        lines = part.split("\n")
        if len(lines) > 1 and not lines[-1]:
            lines.pop()
        pages.append([])
        for line in lines:
            pages[-1].append(line)
            if PAGE_BREAK.match(line):
                pages.append([])
    if len(pages) > 1 and not pages[-1]:
        pages.pop()
    return pages
