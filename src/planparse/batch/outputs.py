"""Where results go: files that are whole or not there, and the checks that can be made before any work."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from planparse.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PARTIAL_PREFIX = ".planparse-"
"""How the names of files begin that are still being written; one that stays is left from a run that was killed."""


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 to `path`, which holds all of it afterwards or is untouched.

    Raises:
        OutputError: it can't be written.
    """
    with _as_output_error(path):
        data = text.encode("utf-8", "backslashreplace")
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file():
            target.write_bytes(data)  # a device or a pipe; a folder refuses
        else:
            _replace(target, data)


def _replace(target: Path, data: bytes) -> None:
    handle, partial = tempfile.mkstemp(prefix=PARTIAL_PREFIX, dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).chmod(_mode(target))
        Path(partial).replace(target)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """Return the permissions of the file that is replaced, or those of any new file."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def check_file(path: Path, inputs: Sequence[Path]) -> None:
    """Make sure, before the work, that `path` can be written and is none of `inputs`.

    Raises:
        OutputError: it can't.
    """
    with _as_output_error(path):
        if path.is_dir():
            raise OutputError("the output is a folder", str(path), "name a file in it")
        for one in inputs:
            if one.exists() and path.exists() and path.samefile(one):
                raise OutputError("the output is the input", str(path), "name another file")
        if not path.parent.is_dir():
            raise OutputError("no such folder", str(path.parent), "create it, or name another file")
        if path.exists() and not path.is_file():
            return
        _probe(path.parent)


def make_folder(folder: Path, inputs: Sequence[Path]) -> None:
    """Make sure, before the work, that `folder` exists, can be written to and is none of `inputs`.

    Raises:
        OutputError: it can't.
    """
    with _as_output_error(folder):
        for one in inputs:
            if folder.exists() and one.exists() and folder.samefile(one):
                raise OutputError("the output is the input", str(folder), "name another folder")
        if folder.exists() and not folder.is_dir():
            raise OutputError("the output is not a folder", str(folder), "name a folder")
        folder.mkdir(parents=True, exist_ok=True)
        _probe(folder)


def _probe(folder: Path) -> None:
    """Raise OSError unless a file can be created in `folder`."""
    with tempfile.NamedTemporaryFile(prefix=PARTIAL_PREFIX, dir=folder):
        pass


@contextmanager
def _as_output_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(f"can't be written: {reason}", str(path), "free it, or name another place") from error
