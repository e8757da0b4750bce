"""known_failures.toml: what is not right yet, and why; strictly."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from planparse.check.differences import Difference
from planparse.check.report import Result
from planparse.errors import InputDamagedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KNOWN_FAILURES = "known_failures.toml"


class KnownFailures:
    """The entries of the file, and which of them were needed; without a file there are none.

    Raises:
        InputDamagedError: the file is not TOML, or not a reason for each path of each stem.
    """

    def __init__(self, path: Path) -> None:
        self._reasons = _load(path) if path.exists() else {}
        self._needed: set[tuple[str, str]] = set()

    def judge(self, name: str, stem: str, differences: Sequence[Difference]) -> Result:
        """Tell the known differences of a sample from the others."""
        known, others = [], []
        for difference in differences:
            patterns = [pattern for pattern in self._reasons.get(stem, {}) if _covers(pattern, difference.path)]
            self._needed.update((stem, pattern) for pattern in patterns)
            if patterns:
                known.append(Difference(difference.path, f"{difference.words} ({self._reasons[stem][patterns[0]]})"))
            else:
                others.append(difference)
        return Result(name, tuple(others), tuple(known))

    def results_of_unused(self) -> list[Result]:
        """Return a result with the entries that no difference needed."""
        unused = [
            Difference(f"{stem}: {pattern}", f"is right now, or no sample has it; remove it ({reason})")
            for stem, reasons in self._reasons.items()
            for pattern, reason in reasons.items()
            if (stem, pattern) not in self._needed
        ]
        return [Result(KNOWN_FAILURES, tuple(unused))] if unused else []


def _covers(pattern: str, path: str) -> bool:
    return fnmatchcase(path, pattern) or fnmatchcase(path, f"{pattern}.*")


def _load(path: Path) -> dict[str, dict[str, str]]:
    remedy = 'write [stem], and below it "path" = "reason"'
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputDamagedError(f"not TOML: {error}", str(path), remedy) from error
    for table in tables.values():
        if not isinstance(table, dict) or not all(isinstance(reason, str) for reason in table.values()):
            raise InputDamagedError("not a table of reasons for each stem", str(path), remedy)
    return tables
