"""Samples against golden plans: a readable difference for each field.

Compared are the facts of a plan (`Plan.facts`): what depends on the run (source, warnings, confidence, needs_review,
where) is not. A field's path is that of the JSON, with the id of a task or an outline item for its place in the list:
`tasks.II.1.a.time_frame.end`, `outline.II.1.title`, `preamble.2` (from 1).

`known_failures.toml` in the golden folder says what is not right yet, a table for each stem:

    [quang-ngai-2024]
    "tasks.II.1.a.time_frame" = "the line is torn in the scan"
    "tasks.*.deliverables" = "the column is not read yet"

A path covers what is below it, `*` stands for any characters, `"*"` for everything. A known failure that is right now
is a difference: the entry has to go.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from planparse.batch import parse_many
from planparse.batch.documents import READABLE_SUFFIXES, is_same
from planparse.batch.outputs import make_folder, write_text
from planparse.check.differences import Difference, compare_facts
from planparse.check.known import KNOWN_FAILURES, KnownFailures
from planparse.check.report import Report, Result
from planparse.config import DEFAULT
from planparse.errors import InputMissingError, PlanparseError
from planparse.plan import read_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planparse.batch import Outcome
    from planparse.config import Config
    from planparse.places import Place

__all__ = ["Difference", "Report", "check_samples", "compare_facts"]


def check_samples(
    samples: Path,
    golden: Path,
    *,
    config: Config = DEFAULT,
    update: bool = False,
    jobs: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Report:
    """Parse each file of `samples` and compare it with `golden`/<stem>.json; with `update`, write that first.

    Where two samples have one stem, both are compared, and the first is written. `progress` is told how many are done.

    Raises:
        InputMissingError: one of the folders does not exist, or may not be read; there is nothing to compare.
        InputDamagedError: `known_failures.toml` is not as described above.
        OutputError: a golden file can't be written.
    """
    with _telling_rights():
        files = _list_files(samples, golden)
        if update:
            make_folder(golden, [samples])
        expected = _list_golden(golden)
        known = KnownFailures(golden / KNOWN_FAILURES)
    readable = [path for path in files if path.suffix.lower() in READABLE_SUFFIXES]
    stems = {path.stem for path in readable}
    orphans = [path for path in expected if path.stem not in stems]
    if not readable and not orphans:
        raise InputMissingError("nothing to compare", f"{samples}, {golden}", "name a folder of documents")
    outcomes: dict[Place, Outcome] = {}
    for outcome in parse_many(readable, jobs=jobs, config=config):
        outcomes[outcome.path] = outcome
        progress(len(outcomes), len(readable))
    if update:
        _write_golden([outcomes[path] for path in readable], golden)
    results = [known.judge(path.name, path.stem, list(_compare(outcomes[path], golden))) for path in readable]
    results += [Result(path.name, (Difference("", "no sample has this stem"),)) for path in orphans]
    results += known.results_of_unused()
    skipped = tuple(path.name for path in files if path.suffix.lower() not in READABLE_SUFFIXES)
    return Report(tuple(results), skipped)


def _list_files(samples: Path, golden: Path) -> list[Path]:
    """Return all files of a folder and its folders, hidden ones and those of `golden` left out."""
    if not samples.is_dir():
        raise InputMissingError("no such folder", str(samples), "name the folder of samples")
    found = []
    for parent, folders, files in os.walk(samples, onerror=_refuse):
        folders[:] = [name for name in folders if not (name.startswith(".") or is_same(Path(parent, name), golden))]
        found += [Path(parent, name) for name in files if not name.startswith(".")]
    return sorted(found)


def _list_golden(golden: Path) -> list[Path]:
    if not golden.is_dir():
        raise InputMissingError("no such folder", str(golden), "name the folder of golden plans, or use --update")
    return sorted(path for path in golden.iterdir() if path.suffix == ".json")


@contextmanager
def _telling_rights() -> Iterator[None]:
    """Make a folder or list that may not be read an error of the input: what is in it can't be compared."""
    try:
        yield
    except OSError as error:
        what = f"can't be opened: {error.strerror}"
        raise InputMissingError(what, str(error.filename), "check its name and rights") from error


def _refuse(error: OSError) -> NoReturn:
    raise error


def _write_golden(outcomes: list[Outcome], golden: Path) -> None:
    written = set()
    for outcome in outcomes:
        target = golden / f"{outcome.path.stem}.json"
        if outcome.plan and target not in written:
            write_text(target, json.dumps(outcome.plan.facts(), ensure_ascii=False, indent=2) + "\n")
            written.add(target)


def _compare(outcome: Outcome, golden: Path) -> Iterator[Difference]:
    target = golden / f"{outcome.path.stem}.json"
    if outcome.plan is None:
        yield Difference("", f"not parsed: {outcome.error}")
    elif not target.exists():
        yield Difference("", f"no golden file {target.name}: write it with --update, and read it")
    else:
        try:
            expected = read_plan(target)
        except PlanparseError as error:
            yield Difference("", f"golden file not read: {error}")
        else:
            yield from compare_facts(expected.facts(), outcome.plan.facts())
