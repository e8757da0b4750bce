"""How a run is shown: on a terminal as it goes, elsewhere by a line for each failure."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from planparse.batch.summary import Summary, Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress

    from planparse.errors import PlanparseError


@contextmanager
def show_batch(count: Callable[[], int], say: Callable[[str], None]) -> Iterator[Watcher]:
    """Yield a watcher that shows a run; `count` counts its documents, which may take a while, `say` prints a line."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield _Lines(say)
        return
    from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415 (as above)

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("documents, {task.fields[pages]}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Bar(bar, count)


def _failure(error: PlanparseError) -> str:
    return f"planparse: error: {error}"


class _Lines(Watcher):
    """Says what failed as soon as it did, so that a log tells when."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def fail(self, error: PlanparseError) -> None:
        self._say(_failure(error))


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
        self._bar.console.print(_failure(error), markup=False, highlight=False, soft_wrap=True)
