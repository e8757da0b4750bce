"""Which documents a batch works on, and where the plan of each goes."""

from __future__ import annotations

import glob
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from planparse.errors import InputMissingError, OutputError

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


def find_documents(sources: Sequence[str], *, beside: Path) -> dict[str, Path]:
    """Return the documents that `sources` (files, folders, globs) name, by the outputs that their plans have.

    Of folders, all files of a type that we read are taken, in order of their names; hidden ones, links to folders and
    the output folder `beside` are not.

    Raises:
        InputMissingError: a source does not exist, is no file or can't be read; none has a document.
        OutputError: two documents would share an output.
    """
    found: dict[str, Path] = {}
    for source in sources:
        for path in _readable(source, beside):
            output = output_name(path)
            if os.path.abspath(found.setdefault(output, path)) != os.path.abspath(path):  # noqa: PTH100 (links stay)
                raise OutputError("two documents share an output", f"{found[output]}, {path}", "run batch for each")
    if not found:
        raise InputMissingError("no document", ", ".join(sources), "name PDF, image or .txt files, or their folder")
    return found


def _readable(source: str, beside: Path) -> list[Path]:
    """Return the documents of a source; a folder that can't be looked into is no folder without documents."""
    try:
        return list(_expand(source, beside))
    except OSError as error:
        what = f"can't be read: {error.strerror or error}"
        raise InputMissingError(what, printable(error.filename or source), "check its rights") from error


def _expand(source: str, beside: Path) -> Iterator[Path]:
    path = Path(source)
    if path.is_dir():
        yield from _walk(path, beside)
    elif path.is_file():
        yield path
    elif os.path.lexists(path) or not glob.has_magic(source):
        raise InputMissingError("no such file or folder", source, "check the name; pipes and devices are not read")
    else:
        for match in sorted(glob.glob(source, recursive=True)):  # noqa: PTH207 (absolute patterns, too)
            yield from _expand(match, beside)


def _walk(folder: Path, beside: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder, onerror=_refuse):
        visible = sorted(name for name in folders if not name.startswith("."))
        folders[:] = [name for name in visible if not is_same(Path(parent, name), beside)]
        for name in sorted(files):
            path = Path(parent, name)
            if not name.startswith(".") and path.suffix.lower() in READABLE_SUFFIXES and path.is_file():
                yield path


def _refuse(error: OSError) -> NoReturn:
    raise error


def is_same(path: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file or folder that exists."""
    return path.exists() and other.exists() and path.samefile(other)


def output_name(path: Path) -> str:
    """Return where the plan of a document goes, below the output folder.

    The folders are those below the current one, or, for a document elsewhere, those from the root. The name keeps its
    suffix, so that `a.pdf` and `a.png` differ; one that gets too long is cut and takes a digest.
    """
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 (a link is a document of its own, not what it points to)
    here = Path.cwd()
    parts = absolute.relative_to(here).parts if absolute.is_relative_to(here) else absolute.parts[1:]
    *folders, name = map(printable, parts)
    return "/".join([*folders, _fit(name)])


def _fit(name: str) -> str:
    if len(f"{name}.json".encode()) <= MAX_NAME:
        return f"{name}.json"
    ending = f"~{hashlib.sha256(name.encode()).hexdigest()[:12]}.json"
    return name.encode()[: MAX_NAME - len(ending)].decode(errors="ignore") + ending
