"""How long work is shown: drawn on a terminal as it goes; elsewhere a batch says a line for each failure."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from planparse.batch.summary import Summary, Watcher
from planparse.terminal import error_line, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress, ProgressColumn

    from planparse.errors import PlanparseError


@contextmanager
def show_progress() -> Iterator[Callable[[int, int], None]]:
    """Yield a function that takes how many documents are done, of how many; it draws on terminals only."""
    if not _is_terminal():
        yield lambda _done, _total: None
        return
    with _draw() as bar:
        task = bar.add_task("documents", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def show_batch(count: Callable[[], int]) -> Iterator[Watcher]:
    """Yield a watcher that shows a run; `count` counts its documents, which may take a while."""
    if not _is_terminal():
        yield _Lines()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415 (only a terminal needs it)

    pages = TextColumn("documents, {task.fields[pages]}")
    with _draw(BarColumn(), MofNCompleteColumn(), pages, TimeRemainingColumn(compact=True)) as bar:
        yield _Bar(bar, count)


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def _draw(*columns: ProgressColumn) -> Progress:
    """Return a bar on stderr that goes when it is done; with the usual columns where none is given."""
    from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)
    from rich.progress import Progress  # noqa: PLC0415 (only a terminal needs it)

    return Progress(*columns, console=Console(stderr=True), transient=True)


class _Lines(Watcher):
    """Says what failed as soon as it did, so that a log tells when."""

    def fail(self, error: PlanparseError) -> None:
        say(error_line(error))


class _Bar(Watcher):
    """Draws how many documents are settled, of how many, and at what rate pages are read."""

    def __init__(self, bar: Progress, count: Callable[[], int]) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None, pages="")
        self._started = time.monotonic()
        threading.Thread(target=lambda: bar.update(self._task, total=count()), daemon=True).start()

    def update(self, summary: Summary) -> None:
        settled = summary.done + summary.unchanged + summary.failed
        rate = summary.read / max(time.monotonic() - self._started, 1.0) * 60
        self._bar.update(self._task, completed=settled, pages=f"{summary.read} pages, {rate:.0f} a minute")

    def fail(self, error: PlanparseError) -> None:
        self._bar.console.print(error_line(error), markup=False, highlight=False, soft_wrap=True)
