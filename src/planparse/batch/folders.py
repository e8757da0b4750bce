"""A batch run: files, folders and globs in, a folder of plans and its manifest out."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planparse import __version__
from planparse.batch import parse_many
from planparse.batch.documents import find_documents, output_path, printable
from planparse.batch.manifest import MANIFEST_NAME, Entry, Manifest, hash_file
from planparse.batch.outputs import PARTIAL_PREFIX, make_folder, write_text
from planparse.config import DEFAULT
from planparse.errors import InputDamagedError, InputError, OutputError, PlanparseError
from planparse.reading.engines import engine_names

try:
    import fcntl
except ImportError:  # Windows: two runs on one folder are not kept apart there
    fcntl = None  # type: ignore[assignment]  # the module is optional

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from planparse.batch.outcome import Outcome
    from planparse.config import Config


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did: how many plans it wrote, how many were there already, why the others failed."""

    manifest: Path
    done: int
    unchanged: int
    failures: tuple[PlanparseError, ...]

    def __str__(self) -> str:
        return f"{self.done} done, {self.unchanged} unchanged, {len(self.failures)} failed: see {self.manifest}"


@dataclass(frozen=True, slots=True)
class _Document:
    """A document, its output's name, the SHA-256 of its bytes when the run began (None: can't be read)."""

    path: Path
    output: str
    sha256: str | None


def parse_into(
    out: Path,
    sources: Sequence[str],
    *,
    config: Config = DEFAULT,
    jobs: int | None = None,
    timeout: float | None = None,
    force: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Summary:
    """Write the plans of all documents of `sources` below `out`, and the manifest.

    Only what is missing, changed, failed or from another version or engine is done, all with `force`. `progress` is
    told how many documents are done, of how many.

    Raises:
        InputMissingError: a source does not exist; there is no document.
        OutputError: `out` can't be written to, or another run is writing to it.
    """
    paths = find_documents(sources, beside=out)
    make_folder(out, [Path(source) for source in sources])
    engine = "+".join(engine_names(config))
    with _lock(out), Manifest(out, engine) as manifest:
        _sweep(out)
        documents = [_Document(path, output, hash_file(path)) for output, path in paths.items()]
        todo = {
            document.path: document
            for document in documents
            if force or not manifest.is_current(document.output, document.sha256)
        }
        failures = []
        for number, outcome in enumerate(parse_many(todo, jobs=jobs, timeout=timeout, config=config), start=1):
            entry, error = _settle(out, todo[outcome.path], outcome, engine)
            manifest.add(entry)
            failures += [error] if error else []
            progress(number, len(todo))
    unchanged = len(documents) - len(todo)
    return Summary(out / MANIFEST_NAME, len(todo) - len(failures), unchanged, tuple(failures))


def _settle(out: Path, document: _Document, outcome: Outcome, engine: str) -> tuple[Entry, PlanparseError | None]:
    """Write the plan, if there is one, and return what the manifest says of it; drop a plan that holds no more."""
    error = outcome.error
    if outcome.plan and outcome.plan.source.sha256 != document.sha256:
        error = InputDamagedError("changed while it was read", str(document.path), "run again")
    target = output_path(out, document.output)
    if outcome.plan and not error:
        make_folder(target.parent, [])
        write_text(target, outcome.plan.to_json())
    elif isinstance(error, InputError):
        target.unlink(missing_ok=True)
    entry = Entry(
        input=printable(document.path),
        output=document.output,
        sha256=document.sha256,
        version=__version__,
        engine=engine,
        status="failed" if error else "done",
        error={"code": type(error).__name__, "message": str(error)} if error else None,
        seconds=round(outcome.seconds, 3),
    )
    return entry, error


@contextmanager
def _lock(out: Path) -> Iterator[None]:
    """Keep other runs off `out` until this one ends, however it ends."""
    if fcntl is None:
        yield
        return
    handle = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise OutputError("another batch is writing to it", str(out), "wait for it, or name another folder") from error
    finally:
        os.close(handle)


def _sweep(out: Path) -> None:
    """Remove what a run that was killed has left half-written."""
    for partial in out.rglob(f"{PARTIAL_PREFIX}*"):
        partial.unlink(missing_ok=True)
