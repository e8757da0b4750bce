"""Many files → Outcomes; a bad document never stops the run."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planparse.batch.executors import processors, run_in_processes, run_serially
from planparse.batch.outcome import Outcome, parse_one
from planparse.config import DEFAULT, Config

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

__all__ = ["Outcome", "parse_many"]


def parse_many(
    paths: Iterable[str | os.PathLike[str]],
    *,
    jobs: int | None = None,
    timeout: float | None = None,
    config: Config = DEFAULT,
) -> Iterator[Outcome]:
    """Parse documents and yield an outcome for each, in the order in which they finish.

    As many documents as there are `jobs` (processor cores where None) are in memory at a time. One whose process dies
    is tried once more, then failed; one that takes longer than `timeout` seconds is failed, and its process and what
    that started are gone. A timeout needs a process; without one, `jobs=1` works in this process.

    As wherever processes are started, a script calls this below `if __name__ == "__main__":`.

    Raises:
        InternalError: no process can be started.
    """
    work = partial(parse_one, config=config)
    documents = map(Path, paths)
    jobs = jobs or processors()
    if jobs == 1 and timeout is None:
        return run_serially(work, documents)
    return run_in_processes(work, documents, jobs=jobs, timeout=timeout)
