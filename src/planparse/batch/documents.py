"""Which documents a batch works on, and where the plan of each goes."""

from __future__ import annotations

import glob
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from planparse.errors import InputMissingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

READABLE_SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".txt"})
"""What is taken from a folder; a file that is named is taken whatever its name."""
MAX_NAME = 255
"""Bytes of a file's name in all common file systems."""


def printable(path: str | os.PathLike[str]) -> str:
    r"""Return a path as text that can be written; bytes that are not UTF-8 as `\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def output_path(folder: Path, output: str) -> Path:
    """Return the path of an output; its name is UTF-8 in every locale."""
    return folder / os.fsdecode(output.encode())


def find_documents(sources: Sequence[str], *, beside: Path) -> Iterator[tuple[Path, str]]:
    """Yield the documents that `sources` (files, folders, globs) name, each with its output, as they are found.

    Of folders, all files of a type that we read are taken; hidden ones, links to folders and
    the output folder `beside` are not. What several sources name comes several times.

    Raises:
        InputMissingError: a folder can't be read.
    """
    for source in sources:
        try:
            for path in _expand(source, beside):
                yield path, output_name(path)
        except OSError as error:
            what = f"can't be read: {error.strerror or error}"
            raise InputMissingError(what, printable(error.filename or source), "check its rights") from error


def count_documents(sources: Sequence[str], *, beside: Path) -> int:
    """Return how many documents `find_documents` yields."""
    return sum(1 for _ in find_documents(sources, beside=beside))


def check_sources(sources: Sequence[str], *, beside: Path) -> None:
    """Make sure, before the work, that each of `sources` is there, and that they hold a document.

    Raises:
        InputMissingError: one does not exist, is no file or can't be read; none has a document.
    """
    for source in sources:
        if not Path(source).is_dir():
            _first(source, beside)
    if not any(_first(source, beside) for source in sources):
        raise InputMissingError("no document", ", ".join(sources), "name PDF, image or .txt files, or their folder")


def _first(source: str, beside: Path) -> tuple[Path, str] | None:
    return next(find_documents([source], beside=beside), None)


def _expand(source: str, beside: Path) -> Iterator[Path]:
    path = Path(source)
    if path.is_dir():
        yield from _walk(path, beside)
    elif path.is_file():
        yield path
    elif os.path.lexists(path) or not glob.has_magic(source):
        raise InputMissingError("no such file or folder", source, "check the name; pipes and devices are not read")
    else:
        for match in glob.iglob(source, recursive=True):  # noqa: PTH207 (absolute patterns, too)
            yield from _expand(match, beside)


def _walk(folder: Path, beside: Path) -> Iterator[Path]:
    """Yield what a folder holds as the file system tells it: of a million files no list is made."""
    folders = []
    with os.scandir(folder) as entries:
        for entry in entries:
            path = Path(entry.path)
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif path.suffix.lower() in READABLE_SUFFIXES and path.is_file():
                yield path
    for path in sorted(folders):
        if not is_same(path, beside):
            yield from _walk(path, beside)


def is_same(path: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file or folder that exists."""
    return path.exists() and other.exists() and path.samefile(other)


def output_name(path: Path) -> str:
    """Return where the plan of a document goes, below the output folder.

    The folders are those below the current one, or, for a document elsewhere, those from the root. The name keeps its
    suffix, so that `a.pdf` and `a.png` differ; one that gets too long is cut and takes a digest. A backslash is doubled
    so that no name looks like bytes of another.
    """
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 (a link is a document of its own, not what it points to)
    here = Path.cwd()
    parts = absolute.relative_to(here).parts if absolute.is_relative_to(here) else absolute.parts[1:]
    *folders, name = (printable(part.replace("\\", r"\\")) for part in parts)
    return "/".join([*folders, _fit(name)])


def _fit(name: str) -> str:
    if len(f"{name}.json".encode()) <= MAX_NAME:
        return f"{name}.json"
    ending = f"~{hashlib.sha256(name.encode()).hexdigest()[:12]}.json"
    return name.encode()[: MAX_NAME - len(ending)].decode(errors="ignore") + ending
