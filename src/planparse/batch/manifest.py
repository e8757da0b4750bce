"""manifest.jsonl: what is done, from which input, by which version; a line a document."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from planparse import __version__
from planparse.batch.documents import output_path
from planparse.batch.outputs import write_text

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

MANIFEST_NAME = "manifest.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document of a run.

    Attributes:
        input: its path, as it was given or found.
        output: the JSON file's path below the output folder; a failed document has none there.
        sha256: of the input's bytes; None where they can't be read.
        version: the planparse that worked on it.
        engine: the OCR engines that it could use, the leading one first, `+` between them.
        status: whether the output is there.
        error: code (an error's class) and message of what failed.
        seconds: how long it took.
    """

    input: str
    output: str
    sha256: str | None
    version: str
    engine: str
    status: Literal["done", "failed"]
    error: dict[str, str] | None
    seconds: float


def hash_file(path: Path) -> str | None:
    """Return the SHA-256 of a file's bytes; None where they can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


class Manifest:
    """The manifest of an output folder, open for the length of a run.

    Each entry is on disk when `add` returns, so a killed run loses none; a line that such a run left unfinished is
    ignored. On leaving, the lines are in the order of the outputs, one for each.
    """

    def __init__(self, folder: Path, engine: str) -> None:
        self._folder = folder
        self._maker = (__version__, engine)
        self._path = folder / MANIFEST_NAME
        self._entries = {entry.output: entry for entry in _load(self._path)}

    def __enter__(self) -> Self:
        self._rewrite()
        self._file = self._path.open("a", encoding="utf-8", newline="\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._rewrite()

    def is_current(self, output: str, sha256: str | None) -> bool:
        """Tell whether `output` was made from an input of this content by this version and engine, and is there."""
        entry = self._entries.get(output)
        if entry is None or entry.status != "done" or entry.sha256 != sha256:
            return False
        return (entry.version, entry.engine) == self._maker and output_path(self._folder, output).is_file()

    def add(self, entry: Entry) -> None:
        """Put `entry` in the place of an older one of the same output."""
        self._entries[entry.output] = entry
        self._file.write(_to_line(entry))
        self._file.flush()

    def _rewrite(self) -> None:
        write_text(self._path, "".join(_to_line(self._entries[output]) for output in sorted(self._entries)))


def _to_line(entry: Entry) -> str:
    return json.dumps(asdict(entry), ensure_ascii=False) + "\n"


def _load(path: Path) -> list[Entry]:
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return [entry for line in lines if (entry := _from_line(line)) is not None]


def _from_line(line: str) -> Entry | None:
    try:
        data: dict[str, Any] = json.loads(line)
        return Entry(**data)
    except (ValueError, TypeError):
        return None
