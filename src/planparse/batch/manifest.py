"""What is done, from which input, by which version: manifest.jsonl between runs, SQLite during one.

A run reads `manifest.jsonl` into `run.sqlite` in its state folder, where each document is on disk as soon as it is
settled, and writes it anew at its end, a line a document in the order of their outputs. Where a run was killed, the
next one finds its SQLite file and goes on from that; where another machine has written the manifest since, that goes
before. So there is one record at a time, and memory holds none of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from dataclasses import asdict, dataclass, replace
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, Literal, Self

from platformdirs import user_state_path

from planparse import __version__
from planparse.batch.documents import output_path
from planparse.batch.outputs import forget_partial, write_lines
from planparse.errors import OutputError
from planparse.places import Address, to_place
from planparse.reading.engines import engine_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from planparse.config import Config
    from planparse.places import Place

MANIFEST_NAME = "manifest.jsonl"
STATE_FOLDER = ".planparse"
"""The folder in an output folder of this machine that holds what runs need and nobody else does."""

_TABLES = """
CREATE TABLE entry (output TEXT PRIMARY KEY, content TEXT, maker TEXT, status TEXT, line TEXT) WITHOUT ROWID;
CREATE INDEX entry_by_content ON entry (content);
CREATE TABLE met (output TEXT PRIMARY KEY, input BLOB, content TEXT, state TEXT) WITHOUT ROWID;
CREATE INDEX met_by_content ON met (content, state);
CREATE INDEX met_by_state ON met (state);
CREATE TABLE there (output TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE origin (content TEXT);
"""
"""entry: the record. met: the documents of this run, each `seen`, `begun`, `settled`, or `twin`: put off until another
one of the same content, which is begun, is settled. there: the files of an output folder in a store, which would take
long to be asked for one by one. origin: `content_of` the manifest that the record holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document of a run.

    Attributes:
        input: its path, as it was given or found.
        output: the JSON file's path below the output folder; a failed document has none there.
        sha256: of the input's bytes; None where they were not read.
        version: the planparse that worked on it.
        configuration: `configuration_of` the options that it worked with.
        status: whether the output is there.
        error: code (an error's class) and message of what failed.
        seconds: how long it took.
        pages, tasks, to_review, warnings: of the plan: its pages, tasks, fields to check, warnings; None if it failed.
        mark: what stands for the content of an input in a store, as `content_of` says; None for files of this machine.
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
    mark: str | None = None


def configuration_of(config: Config) -> str:
    """Return a digest of all that a plan depends on beside the document and the version: options and engines.

    Raises:
        EngineMissingError: an engine that is asked for is not installed.
    """
    options = asdict(config) | {"engine": "+".join(engine_names(config))}
    return hashlib.sha256(json.dumps(options, sort_keys=True).encode()).hexdigest()[:16]


def content_of(path: Place) -> str | None:
    """Return what stands for a file's content: what its store says, or the SHA-256; None where it can't be read."""
    if isinstance(path, Address) and path.mark:
        return path.mark
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def state_folder(folder: Place) -> Path:
    """Make and return the folder for what runs on an output folder need; it is on this machine in any case."""
    if isinstance(folder, Address):
        state = user_state_path("planparse") / "runs" / hashlib.sha256(folder.text.encode()).hexdigest()[:16]
    else:
        state = folder / STATE_FOLDER
    state.mkdir(parents=True, exist_ok=True)
    return state


class Manifest:
    """The manifest of an output folder, open for the length of a run by one process.

    On leaving, however that comes about, what was settled is in `manifest.jsonl`.
    """

    def __init__(self, folder: Place, configuration: str) -> None:
        self._folder = folder
        self._maker = f"{__version__} {configuration}"
        self._path = folder / MANIFEST_NAME
        self._run_path = state_folder(folder) / "run.sqlite"

    def __enter__(self) -> Self:
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
        database = sqlite3.connect(self._run_path, isolation_level=None)
        for pragma in _PRAGMAS:
            database.execute(f"PRAGMA {pragma}").fetchall()
        if not database.execute("SELECT 1 FROM sqlite_master").fetchone():
            database.executescript(f"BEGIN; {_TABLES} COMMIT;")
        self._load_into(database)
        return database

    def _load_into(self, database: sqlite3.Connection) -> None:
        """Read the manifest, if that was not done yet, and which outputs a store has."""
        content = content_of(self._path) or ""
        database.execute("BEGIN")
        if database.execute("SELECT content FROM origin").fetchone() != (content,):
            database.executemany(_PUT, map(_to_row, _load(self._path)))
            database.execute("DELETE FROM origin")
            database.execute("INSERT INTO origin VALUES (?)", (content,))
        database.execute("DELETE FROM there")
        if isinstance(self._folder, Address):
            files = ((file.text.removeprefix(f"{self._folder}/"),) for file in self._folder.walk())
            database.executemany("INSERT OR IGNORE INTO there VALUES (?)", files)
        database.execute("COMMIT")

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
            forget_partial(output_path(self._folder, output))
        self._database.execute("DELETE FROM met")

    def _remove(self) -> None:
        for path in self._run_path.parent.glob(f"{self._run_path.name}*"):
            path.unlink()

    def meet(self, path: Place, output: str, content: str | None) -> bool:
        """Note a document; tell whether this run had not met it before.

        Raises:
            OutputError: the run has met another document of the same output.
        """
        row = (output, os.fsencode(str(path)), content, "seen")
        if self._database.execute("INSERT OR IGNORE INTO met VALUES (?, ?, ?, ?)", row).rowcount == 1:
            return True
        (before,) = self._database.execute("SELECT input FROM met WHERE output = ?", (output,)).fetchone()
        other = os.fsdecode(before)
        if os.path.abspath(other) != os.path.abspath(str(path)):  # noqa: PTH100 (links stay)
            raise OutputError("two documents share an output", f"{other}, {path}", "run batch for each")
        return False

    def is_current(self, output: str, content: str | None) -> bool:
        """Tell whether `output` was made from this content by this version and configuration, and is there."""
        row = self._database.execute("SELECT content, maker, status FROM entry WHERE output = ?", (output,)).fetchone()
        return row == (content, self._maker, "done") and self._is_there(output)

    def _is_there(self, output: str) -> bool:
        if isinstance(self._folder, Address):
            return self._database.execute("SELECT 1 FROM there WHERE output = ?", (output,)).fetchone() is not None
        return output_path(self._folder, output).is_file()

    def has_failed(self, output: str) -> bool:
        """Tell whether the document of `output` failed when it was last worked on."""
        query = "SELECT 1 FROM entry WHERE output = ? AND status = 'failed'"
        return self._database.execute(query, (output,)).fetchone() is not None

    def find_twin(self, output: str, content: str | None) -> str | None:
        """Return another output that this version and configuration made from the same content, and that is there."""
        query = "SELECT output FROM entry WHERE content = ? AND maker = ? AND status = 'done' AND output != ? LIMIT 1"
        row = self._database.execute(query, (content, self._maker, output)).fetchone()
        return row[0] if row and self._is_there(row[0]) else None

    def is_begun(self, content: str | None) -> bool:
        """Tell whether a document of this content is being worked on."""
        query = "SELECT 1 FROM met WHERE content = ? AND state = 'begun' LIMIT 1"
        return self._database.execute(query, (content,)).fetchone() is not None

    def begin(self, output: str) -> None:
        """Note that a document is being worked on."""
        self._mark(output, "begun")

    def put_off(self, output: str) -> None:
        """Note that a document waits for its twin."""
        self._mark(output, "twin")

    def _mark(self, output: str, state: str) -> None:
        self._database.execute("UPDATE met SET state = ? WHERE output = ?", (state, output))

    def take_put_off(self) -> Iterator[tuple[Place, str, str]]:
        """Yield path, output and content of documents that were put off, each once."""
        query = "SELECT input, output, content FROM met WHERE state = 'twin' ORDER BY output LIMIT 1"
        while (row := self._database.execute(query).fetchone()) is not None:
            self._mark(row[1], "seen")
            path = to_place(os.fsdecode(row[0]))
            yield (replace(path, mark=row[2]) if isinstance(path, Address) else path), row[1], row[2]

    def add(self, entry: Entry) -> None:
        """Put `entry` in the place of an older one of the same output; it is on disk when this returns."""
        self._database.execute(_PUT, _to_row(entry))
        if entry.status == "done":
            self._database.execute("INSERT OR IGNORE INTO there VALUES (?)", (entry.output,))
        self._mark(entry.output, "settled")


_PRAGMAS = ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL")
"""One process alone needs no shared memory, which network file systems lack. No record waits for the disk: what a
process has written stays when it is killed."""
_PUT = "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)"


def _to_row(entry: Entry) -> tuple[str, str | None, str, str, str]:
    line = json.dumps(asdict(entry), ensure_ascii=False) + "\n"
    return entry.output, entry.mark or entry.sha256, f"{entry.version} {entry.configuration}", entry.status, line


def _load(path: Place) -> Iterator[Entry]:
    """Yield the entries of a manifest; lines that are none are left out."""
    if path.is_file():
        with path.open("rb") as file, TextIOWrapper(file, "utf-8", "replace", newline="\n") as lines:
            yield from filter(None, map(_from_line, lines))


def _from_line(line: str) -> Entry | None:
    try:
        data: dict[str, Any] = json.loads(line)
        return Entry(**data)
    except (ValueError, TypeError):
        return None
