"""Where results go: files that are whole or not there, and the checks that can be made before any work."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from planparse.batch.documents import is_same
from planparse.errors import OutputError
from planparse.places import Address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planparse.places import Place

PARTIAL_PREFIX = ".planparse-"
"""How the names of files begin that are still being written; one that stays is left from a run that was killed."""


def write_text(path: Place, text: str) -> None:
    """Write `text` as UTF-8 to `path`, which holds all of it afterwards or is untouched.

    Raises:
        OutputError: it can't be written.
    """
    write_lines(path, [text])


def write_lines(path: Place, lines: Iterable[str]) -> None:
    """Write `lines`, which have their ends, as `write_text` does; they need not all be in memory.

    Raises:
        OutputError: it can't be written.
    """
    write_bytes(path, (line.encode("utf-8", "backslashreplace") for line in lines))


def write_bytes(path: Place, data: Iterable[bytes]) -> None:
    """Write the parts of `data` to `path` as `write_text` does.

    Raises:
        OutputError: it can't be written.
    """
    with _as_output_error(path):
        if isinstance(path, Address):
            _upload(path, data)
            return
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file():
            with target.open("wb") as file:
                file.writelines(data)  # a device or a pipe; a folder refuses
        else:
            _replace(target, data)


def write_in_folder(path: Place, text: str) -> None:
    """Write `text` as `write_text` does, and the folders that `path` lies in, where they are missing.

    Nobody else may write to `path` at the same time. What a process leaves half-written that is killed meanwhile, is
    in the file `partial_of(path)`.

    Raises:
        OutputError: it can't be written.
    """
    data = text.encode("utf-8", "backslashreplace")
    with _as_output_error(path):
        if isinstance(path, Address):
            path.write_bytes(data)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            _fill(partial_of(path), path, [data])


def partial_of(path: Path) -> Path:
    """Return where the text of `path` is until all of it is there."""
    return path.with_name(PARTIAL_PREFIX + hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16])


def forget_partial(path: Place) -> None:
    """Remove what a killed process left half-written of `path`; a store takes files whole."""
    if not isinstance(path, Address):
        partial_of(path).unlink(missing_ok=True)


def _upload(target: Address, data: Iterable[bytes]) -> None:
    with tempfile.TemporaryDirectory(prefix=PARTIAL_PREFIX) as folder:
        whole = Path(folder, "whole")
        with whole.open("wb") as file:
            file.writelines(data)
        target.put(whole)


def _replace(target: Path, data: Iterable[bytes]) -> None:
    handle, partial = tempfile.mkstemp(prefix=PARTIAL_PREFIX, dir=target.parent)
    os.close(handle)
    _fill(Path(partial), target, data)


def _fill(partial: Path, target: Path, data: Iterable[bytes]) -> None:
    """Write `data` to the file `partial` and let that take the place of `target`."""
    try:
        with partial.open("wb") as file:
            file.writelines(data)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(_mode(target))
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """Return the permissions of the file that is replaced, or those of any new file."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def check_file(path: Place, inputs: Sequence[Place]) -> None:
    """Make sure, before the work, that `path` can be written and is none of `inputs`.

    Raises:
        OutputError: it can't.
    """
    with _as_output_error(path):
        if any(is_same(one, path) for one in inputs):
            raise OutputError("the output is the input", str(path), "name another file")
        if isinstance(path, Address):
            _probe(Address(path.text.rpartition("/")[0]))
            return
        if path.is_dir():
            raise OutputError("the output is a folder", str(path), "name a file in it")
        if not path.parent.is_dir():
            raise OutputError("no such folder", str(path.parent), "create it, or name another file")
        if path.exists() and not path.is_file():
            return
        _probe(path.parent)


def make_folder(folder: Place, inputs: Sequence[Place]) -> None:
    """Make sure, before the work, that `folder` exists, can be written to and is none of `inputs`.

    Raises:
        OutputError: it can't.
    """
    with _as_output_error(folder):
        if any(is_same(one, folder) for one in inputs):
            raise OutputError("the output is the input", str(folder), "name another folder")
        if folder.is_file() if isinstance(folder, Address) else folder.exists() and not folder.is_dir():
            raise OutputError("the output is not a folder", str(folder), "name a folder")
        if isinstance(folder, Path):
            folder.mkdir(parents=True, exist_ok=True)
        _probe(folder)


def _probe(folder: Place) -> None:
    """Raise OSError unless a file can be created in `folder`."""
    if isinstance(folder, Address):
        (folder / PARTIAL_PREFIX).write_bytes(b"")
        (folder / PARTIAL_PREFIX).unlink(missing_ok=True)
        return
    with tempfile.NamedTemporaryFile(prefix=PARTIAL_PREFIX, dir=folder):
        pass


@contextmanager
def _as_output_error(path: Place) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise OutputError(f"can't be written: {reason}", str(path), "free it, or name another place") from error
