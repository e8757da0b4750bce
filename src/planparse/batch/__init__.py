"""Many files → Outcomes; a bad document never stops the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planparse.batch.calls import Limits
from planparse.batch.driver import drive
from planparse.batch.pools import open_pool
from planparse.batch.work import Outcome, Setup, parse_steps
from planparse.config import DEFAULT, Config
from planparse.places import to_place

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

    `jobs` processes (as many as processor cores where None) work at a time, on the pages of a long document too;
    `paths` is read as documents are begun. A document whose process dies is tried once more, then failed; one that
    takes longer than `timeout` seconds is failed, and its process and what that started are gone. A timeout needs a
    process; without one, `jobs=1` works in this process.
    """
    with open_pool(jobs=jobs, contained=timeout is not None) as pool:
        setup = Setup(config=config, limits=Limits(seconds=timeout), jobs=pool.jobs)
        yield from drive((parse_steps(to_place(path), setup) for path in paths), pool)
