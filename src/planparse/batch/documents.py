"""Which documents a batch works on, and where the plan of each goes."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from planparse.errors import InputMissingError
from planparse.places import Address, printable, to_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planparse.places import Place

READABLE_SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".txt"})
"""What is taken from a folder; a file that is named is taken whatever its name."""
MAX_NAME = 255
"""Bytes of a file's name in all common file systems."""


def output_path(folder: Place, output: str) -> Place:
    """Return the path of an output; its name is UTF-8 in every locale."""
    return folder / (output if isinstance(folder, Address) else os.fsdecode(output.encode()))


def find_documents(sources: Sequence[str], *, beside: Place) -> Iterator[tuple[Place, str]]:
    """Yield the documents that `sources` (files, folders, globs, of stores too) name, each with its output, as found.

    Of folders, all files of a type that we read are taken; hidden ones, links to folders and the output folder `beside`
    are not. What several sources name comes several times.

    Raises:
        InputMissingError: a folder can't be read.
    """
    for source in sources:
        try:
            place = to_place(source)
            for path in _expand_address(place, beside) if isinstance(place, Address) else _expand(source, beside):
                yield path, output_name(path)
        except OSError as error:
            what = f"can't be read: {error.strerror or error}"
            raise InputMissingError(what, printable(error.filename or source), "check name and rights") from error


def count_documents(sources: Sequence[str], *, beside: Place) -> int:
    """Return how many documents `find_documents` yields."""
    return sum(1 for _ in find_documents(sources, beside=beside))


def check_sources(sources: Sequence[str], *, beside: Place) -> None:
    """Make sure, before the work, that each of `sources` is there, and that they hold a document.

    Raises:
        InputMissingError: one does not exist, is no file or can't be read; none has a document.
    """
    folders = [source for source in sources if Path(source).is_dir()]
    others = [_first(source, beside) for source in sources if source not in folders]  # of a store, too
    if not any(others) and not any(_first(source, beside) for source in folders):
        raise InputMissingError("no document", ", ".join(sources), "name PDF, image or .txt files, or their folder")


def _first(source: str, beside: Place) -> tuple[Place, str] | None:
    return next(find_documents([source], beside=beside), None)


def _expand(source: str, beside: Place) -> Iterator[Path]:
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


def _walk(folder: Path, beside: Place) -> Iterator[Path]:
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


def _expand_address(source: Address, beside: Place) -> Iterator[Address]:
    """Yield what an address stands for: a file, those of a folder, or those that match a pattern."""
    try:
        file, size = source.look()
    except FileNotFoundError:
        if not glob.has_magic(source.text):
            raise InputMissingError("no such file or folder", source.text, "check the address") from None
        yield from _match(source, beside)
    else:
        yield from [file] if size is not None else _choose(source, source.walk(), beside)


def _match(pattern: Address, beside: Place) -> Iterator[Address]:
    """Yield the files that match a pattern, whatever their type, and those of folders that do."""
    fixed = re.split(r"[*?\[]", pattern.text, maxsplit=1)[0]
    folder, start = Address(fixed.rpartition("/")[0]), fixed.rpartition("/")[2]
    matches = folder.matcher(pattern.text.removeprefix(f"{folder}/"))
    for file in folder.walk(start):
        below = file.text.removeprefix(f"{folder}/")
        is_named = bool(matches(below))
        if is_named or any(matches(below[: slash.start()]) for slash in re.finditer("/", below)):
            yield from _choose(folder, [file], beside, of_any_type=is_named)


def _choose(
    folder: Address, files: Iterable[Address], beside: Place, *, of_any_type: bool = False
) -> Iterator[Address]:
    """Yield those of a folder's files that we read, and that are neither hidden nor outputs."""
    for file in files:
        below = file.text.removeprefix(f"{folder}/")
        is_hidden = any(part.startswith(".") for part in below.split("/"))
        is_output = beside != folder and file.text.startswith(f"{beside}/")
        is_readable = of_any_type or file.suffix.lower() in READABLE_SUFFIXES
        if is_readable and not is_hidden and not is_output:
            yield file


def is_same(path: Place, other: Place) -> bool:
    """Tell whether two paths lead to one file or folder that exists; of addresses, whether they are equal."""
    if isinstance(path, Address) or isinstance(other, Address):
        return path == other
    return path.exists() and other.exists() and path.samefile(other)


_DOTS = {"": r"\x", ".": r"\x2e", "..": r"\x2e\x2e"}
"""What stands for parts of a key that are no names of folders."""


def output_name(path: Place) -> str:
    """Return where the plan of a document goes, below the output folder.

    The folders are those below the current one; for a document elsewhere, those from the root; in a store, the bucket
    or host and the folders of the key. The name keeps its suffix, so that `a.pdf` and `a.png` differ; one that gets too
    long is cut and takes a digest. A backslash is doubled so that no name looks like bytes of another.
    """
    parts = path.parts if isinstance(path, Address) else _local_parts(path)
    *folders, name = (_DOTS.get(part) or printable(part.replace("\\", r"\\")) for part in parts)
    return "/".join([*(_fit(folder, "") for folder in folders), _fit(name, ".json")])


def _local_parts(path: Path) -> tuple[str, ...]:
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 (a link is a document of its own, not what it points to)
    here = Path.cwd()
    return absolute.relative_to(here).parts if absolute.is_relative_to(here) else absolute.parts[1:]


def _fit(name: str, suffix: str) -> str:
    if len(f"{name}{suffix}".encode()) <= MAX_NAME:
        return f"{name}{suffix}"
    ending = f"~{hashlib.sha256(name.encode()).hexdigest()[:12]}{suffix}"
    return name.encode()[: MAX_NAME - len(ending)].decode(errors="ignore") + ending
