"""A batch run: files, folders and globs in, a folder of plans and its manifest out."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planparse import __version__
from planparse.batch.cache import PageCache
from planparse.batch.calls import NO_LIMITS, Limits
from planparse.batch.documents import check_sources, find_documents, output_path
from planparse.batch.driver import drive
from planparse.batch.manifest import MANIFEST_NAME, Entry, Manifest, configuration_of, content_of, state_folder
from planparse.batch.outputs import forget_partial, make_folder
from planparse.batch.pools import open_pool
from planparse.batch.summary import Summary, Watcher
from planparse.batch.work import Part, Setup, Written, copy_steps, write_steps
from planparse.config import DEFAULT, Config
from planparse.errors import (
    EngineMissingError,
    InputError,
    OutputError,
    TesseractLanguageMissingError,
    TesseractMissingError,
)
from planparse.places import Address, printable, to_place
from planparse.reading import GROUP

try:
    import fcntl
except ImportError:  # Windows: two runs on one folder are not kept apart there
    fcntl = None  # type: ignore[assignment]  # the module is optional

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.batch.calls import Answer
    from planparse.batch.driver import Steps
    from planparse.batch.pools import Pool
    from planparse.errors import PlanparseError
    from planparse.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a run works.

    Attributes:
        config: how documents are read.
        limits: what one document may take.
        jobs: processes of this machine; as many as processor cores where None.
        scheduler: the address of the Dask cluster that works instead.
        cache_bytes: how much the pages may take that OCR has read and that are kept in the output folder; 0 keeps none.
        force: work on all documents again.
        only_failed: work on those only that failed before.
    """

    config: Config = DEFAULT
    limits: Limits = NO_LIMITS
    jobs: int | None = None
    scheduler: str | None = None
    cache_bytes: int = 4 * 1024**3
    force: bool = False
    only_failed: bool = False


def parse_into(
    out: Place,
    sources: Sequence[str],
    options: Options,
    *,
    watcher: Watcher = Watcher(),  # noqa: B008 (it holds nothing)
) -> Summary:
    """Write the plans of all documents of `sources` below `out`, and the manifest.

    Only what is missing, changed, failed or from another version or configuration is done, unless `options` ask for
    more or less. Of documents of the same bytes one is parsed. `watcher` is told how it goes.

    Raises:
        InputMissingError: a source does not exist; there is no document.
        OutputError: `out` can't be written to, or another run is writing to it.
    """
    check_sources(sources, beside=out)
    make_folder(out, [to_place(source) for source in sources])
    configuration = configuration_of(options.config)
    with (
        _recording(out),
        _lock(out),
        Manifest(out, configuration) as manifest,
        open_pool(jobs=options.jobs, scheduler=options.scheduler) as pool,
    ):
        return _Run(out, options, configuration, manifest, watcher).work(sources, pool)


_ENDING = (OutputError, EngineMissingError, TesseractLanguageMissingError, TesseractMissingError)
"""Errors that the next document would have too."""


class _Run:
    def __init__(self, out: Place, options: Options, configuration: str, manifest: Manifest, watcher: Watcher) -> None:
        self._out = out
        self._options = options
        self._configuration = configuration
        self._manifest = manifest
        self._watcher = watcher
        self._summary = Summary(out / MANIFEST_NAME)

    def work(self, sources: Sequence[str], pool: Pool) -> Summary:
        setup = Setup(
            config=self._options.config,
            limits=self._options.limits,
            cache=self._open_cache(),
            jobs=pool.jobs,
        )
        for entry, error in drive(self._documents(sources, setup), pool, self._see):
            self._manifest.add(entry)
            self._summary.add(entry)
            if error:
                self._watcher.fail(error)
            self._watcher.update(self._summary)
            if isinstance(error, _ENDING):
                raise error
        if setup.cache:
            setup.cache.prune(self._options.cache_bytes)
        self._watcher.update(self._summary)
        return self._summary

    def _open_cache(self) -> PageCache | None:
        """Return the pages that are kept; where output and workers are elsewhere, they share no folder for them."""
        if not self._options.cache_bytes or (self._options.scheduler and isinstance(self._out, Address)):
            return None
        return PageCache(state_folder(self._out) / "pages")

    def _see(self, answer: Answer) -> None:
        """Count pages as they are read, those of documents too that are not finished."""
        if isinstance(answer.value, Part):
            self._summary.read += answer.value.count
        elif isinstance(answer.value, Written) and answer.value.pages <= GROUP:
            self._summary.read += answer.value.pages
        self._watcher.update(self._summary)

    def _documents(
        self, sources: Sequence[str], setup: Setup
    ) -> Iterator[Steps[tuple[Entry, PlanparseError | None]] | None]:
        """Yield the steps of each document that has something to be done, those of twins last."""
        for path, output in find_documents(sources, beside=self._out):
            content = content_of(path)
            if not self._manifest.meet(path, output, content):
                continue
            if not self._is_due(output, content):
                self._summary.unchanged += 1
            elif content is not None and self._manifest.is_begun(content):
                self._manifest.put_off(output)
            else:
                self._manifest.begin(output)
                yield self._settle(path, output, content, setup)
        for path, output, content in self._manifest.take_put_off():
            while self._manifest.is_begun(content):
                yield None
            self._manifest.begin(output)
            yield self._settle(path, output, content, setup)

    def _is_due(self, output: str, content: str | None) -> bool:
        if self._options.only_failed:
            return self._manifest.has_failed(output)
        return self._options.force or not self._manifest.is_current(output, content)

    def _settle(
        self, path: Place, output: str, content: str | None, setup: Setup
    ) -> Steps[tuple[Entry, PlanparseError | None]]:
        """Have a document's plan written, and return what the manifest says of it."""
        target = output_path(self._out, output)
        answer = yield from self._steps(path, output, content, setup)
        error = locate(answer.error, path) if answer.error else None
        if error:
            forget_partial(target)
        if isinstance(error, InputError):
            target.unlink(missing_ok=True)
        return self._describe(path, output, content, answer, error), error

    def _steps(self, path: Place, output: str, content: str | None, setup: Setup) -> Steps[Answer]:
        target = output_path(self._out, output)
        if not self._options.force and (twin := self._manifest.find_twin(output, content)):
            return copy_steps(path, output_path(self._out, twin), target, setup)
        return write_steps(path, content, target, setup)

    def _describe(
        self, path: Place, output: str, content: str | None, answer: Answer, error: PlanparseError | None
    ) -> Entry:
        written: Written | None = answer.value
        mark = content if isinstance(path, Address) else None
        return Entry(
            input=printable(path),
            output=output,
            sha256=written.sha256 if written else None if mark else content,
            version=__version__,
            configuration=self._configuration,
            status="failed" if error else "done",
            error={"code": type(error).__name__, "message": str(error)} if error else None,
            seconds=round(answer.seconds, 3),
            pages=written.pages if written else None,
            tasks=written.tasks if written else None,
            to_review=written.to_review if written else None,
            warnings=written.warnings if written else None,
            mark=mark,
        )


def locate(error: PlanparseError, path: Place) -> PlanparseError:
    """Return an error that names its document by its whole path: of many documents the name is not enough."""
    name = printable(path.name)
    if not error.where.startswith(name):
        return error
    return type(error)(error.what, printable(path) + error.where.removeprefix(name), error.remedy)


@contextmanager
def _recording(out: Place) -> Iterator[None]:
    """Say that the output can't be written where the record of the run can't."""
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        raise OutputError(f"can't be written: {error}", str(out), "free space, or name another folder") from error


@contextmanager
def _lock(out: Place) -> Iterator[None]:
    """Keep other runs, of a store those of this machine, off `out` until this one ends, however it ends."""
    if fcntl is None:
        yield
        return
    handle = os.open(state_folder(out), os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise OutputError("another batch is writing to it", str(out), "wait for it, or name another folder") from error
    finally:
        os.close(handle)
