"""What is done, from which input, by which version: manifest.jsonl between runs, SQLite during one.

A run reads `manifest.jsonl` into `.planparse/run.sqlite`, where each document is on disk as soon as it is settled, and
writes it anew at its end, a line a document in the order of their outputs. Where a run was killed, the next one finds
its SQLite file and goes on from that. So there is one record at a time, and memory holds none of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from planparse import __version__
from planparse.batch.documents import output_path
from planparse.batch.outputs import partial_of, write_lines
from planparse.errors import OutputError
from planparse.reading.engines import engine_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from planparse.config import Config

MANIFEST_NAME = "manifest.jsonl"
STATE_FOLDER = ".planparse"
"""The folder in an output folder that holds what runs need and nobody else does."""

_TABLES = """
CREATE TABLE entry (output TEXT PRIMARY KEY, sha256 TEXT, maker TEXT, status TEXT, line TEXT) WITHOUT ROWID;
CREATE INDEX entry_by_content ON entry (sha256);
CREATE TABLE met (output TEXT PRIMARY KEY, input BLOB, sha256 TEXT, state TEXT) WITHOUT ROWID;
CREATE INDEX met_by_content ON met (sha256, state);
CREATE INDEX met_by_state ON met (state);
"""
"""entry: the record. met: the documents of this run, each `seen`, `begun`, `settled`, or `twin`: put off until another
one of the same bytes, which is begun, is settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document of a run.

    Attributes:
        input: its path, as it was given or found.
        output: the JSON file's path below the output folder; a failed document has none there.
        sha256: of the input's bytes; None where they can't be read.
        version: the planparse that worked on it.
        configuration: `configuration_of` the options that it worked with.
        status: whether the output is there.
        error: code (an error's class) and message of what failed.
        seconds: how long it took.
        pages, tasks, to_review, warnings: of the plan: its pages, tasks, fields to check, warnings; None if it failed.
    """

    input: str
    output: str
    sha256: str | None
    version: str
    configuration: str
    status: Literal["done", "failed"]
    error: dict[str, str] | None
    seconds: float
    pages: int | None = None
    tasks: int | None = None
    to_review: int | None = None
    warnings: int | None = None


def configuration_of(config: Config) -> str:
    """Return a digest of all that a plan depends on beside the document and the version: options and engines.

    Raises:
        EngineMissingError: an engine that is asked for is not installed.
    """
    options = asdict(config) | {"engine": "+".join(engine_names(config))}
    return hashlib.sha256(json.dumps(options, sort_keys=True).encode()).hexdigest()[:16]


def hash_file(path: Path) -> str | None:
    """Return the SHA-256 of a file's bytes; None where they can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


class Manifest:
    """The manifest of an output folder, open for the length of a run by one process.

    On leaving, however that comes about, what was settled is in `manifest.jsonl`.
    """

    def __init__(self, folder: Path, configuration: str) -> None:
        self._folder = folder
        self._maker = f"{__version__} {configuration}"
        self._path = folder / MANIFEST_NAME
        self._run_path = folder / STATE_FOLDER / "run.sqlite"

    def __enter__(self) -> Self:
        self._run_path.parent.mkdir(exist_ok=True)
        try:
            self._database = self._open()
            self._forget_run()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # cut off by a power failure: the record before that run is whole
            self._remove()
            self._database = self._open()
        return self

    def _open(self) -> sqlite3.Connection:
        """Open what a killed run left, or what `manifest.jsonl` holds."""
        is_new = not self._run_path.exists()
        database = sqlite3.connect(self._run_path, isolation_level=None)
        for pragma in _PRAGMAS:
            database.execute(f"PRAGMA {pragma}").fetchall()
        if is_new:
            database.executescript(f"BEGIN; {_TABLES}")
            database.executemany(_PUT, map(_to_row, _load(self._path)))
            database.execute("COMMIT")
        return database

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._forget_run()
        lines = self._database.execute("SELECT line FROM entry ORDER BY output")
        write_lines(self._path, (line for (line,) in lines))
        self._database.close()
        self._remove()

    def _forget_run(self) -> None:
        """Remove what killed processes left half-written of outputs that were begun, and all that this run met."""
        for (output,) in self._database.execute("SELECT output FROM met WHERE state = 'begun'"):
            partial_of(output_path(self._folder, output)).unlink(missing_ok=True)
        self._database.execute("DELETE FROM met")

    def _remove(self) -> None:
        for path in self._run_path.parent.glob(f"{self._run_path.name}*"):
            path.unlink()

    def meet(self, path: Path, output: str, sha256: str | None) -> bool:
        """Note a document; tell whether this run had not met it before.

        Raises:
            OutputError: the run has met another document of the same output.
        """
        row = (output, os.fsencode(path), sha256, "seen")
        if self._database.execute("INSERT OR IGNORE INTO met VALUES (?, ?, ?, ?)", row).rowcount == 1:
            return True
        (before,) = self._database.execute("SELECT input FROM met WHERE output = ?", (output,)).fetchone()
        other = os.fsdecode(before)
        if os.path.abspath(other) != os.path.abspath(path):  # noqa: PTH100 (links stay)
            raise OutputError("two documents share an output", f"{other}, {path}", "run batch for each")
        return False

    def is_current(self, output: str, sha256: str | None) -> bool:
        """Tell whether `output` was made from these bytes by this version and configuration, and is there."""
        row = self._database.execute("SELECT sha256, maker, status FROM entry WHERE output = ?", (output,)).fetchone()
        return row == (sha256, self._maker, "done") and output_path(self._folder, output).is_file()

    def has_failed(self, output: str) -> bool:
        """Tell whether the document of `output` failed when it was last worked on."""
        query = "SELECT 1 FROM entry WHERE output = ? AND status = 'failed'"
        return self._database.execute(query, (output,)).fetchone() is not None

    def find_twin(self, output: str, sha256: str | None) -> str | None:
        """Return another output that this version and configuration made from the same bytes, and that is there."""
        query = "SELECT output FROM entry WHERE sha256 = ? AND maker = ? AND status = 'done' AND output != ? LIMIT 1"
        row = self._database.execute(query, (sha256, self._maker, output)).fetchone()
        return row[0] if row and output_path(self._folder, row[0]).is_file() else None

    def is_begun(self, sha256: str | None) -> bool:
        """Tell whether a document of these bytes is being worked on."""
        query = "SELECT 1 FROM met WHERE sha256 = ? AND state = 'begun' LIMIT 1"
        return self._database.execute(query, (sha256,)).fetchone() is not None

    def begin(self, output: str) -> None:
        """Note that a document is being worked on."""
        self._mark(output, "begun")

    def put_off(self, output: str) -> None:
        """Note that a document waits for its twin."""
        self._mark(output, "twin")

    def _mark(self, output: str, state: str) -> None:
        self._database.execute("UPDATE met SET state = ? WHERE output = ?", (state, output))

    def take_put_off(self) -> Iterator[tuple[Path, str, str]]:
        """Yield path, output and SHA-256 of documents that were put off, each once."""
        query = "SELECT input, output, sha256 FROM met WHERE state = 'twin' ORDER BY output LIMIT 1"
        while (row := self._database.execute(query).fetchone()) is not None:
            self._mark(row[1], "seen")
            yield Path(os.fsdecode(row[0])), row[1], row[2]

    def add(self, entry: Entry) -> None:
        """Put `entry` in the place of an older one of the same output; it is on disk when this returns."""
        self._database.execute(_PUT, _to_row(entry))
        self._mark(entry.output, "settled")


_PRAGMAS = ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL")
"""One process alone needs no shared memory, which network file systems lack. No record waits for the disk: what a
process has written stays when it is killed."""
_PUT = "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)"


def _to_row(entry: Entry) -> tuple[str, str | None, str, str, str]:
    line = json.dumps(asdict(entry), ensure_ascii=False) + "\n"
    return entry.output, entry.sha256, f"{entry.version} {entry.configuration}", entry.status, line


def _load(path: Path) -> Iterator[Entry]:
    """Yield the entries of a manifest; lines that are none are left out."""
    if path.is_file():
        with path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            yield from filter(None, map(_from_line, lines))


def _from_line(line: str) -> Entry | None:
    try:
        data: dict[str, Any] = json.loads(line)
        return Entry(**data)
    except (ValueError, TypeError):
        return None
