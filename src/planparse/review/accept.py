"""A corrected plan, checked and filed as a golden one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from planparse.batch.outputs import make_folder, write_text
from planparse.check import Difference, compare_facts
from planparse.plan import read_plan
from planparse.review.source import base_name
from planparse.text import nfc


@dataclass(frozen=True, slots=True)
class Accepted:
    """The golden file, what in it is another than before (None if it is new), how many fields nobody has checked."""

    path: Path
    differences: tuple[Difference, ...] | None
    unchecked: int

    def to_text(self) -> str:
        """Return the file and what is new in it, to read, a line each."""
        if self.differences is None:
            told = "new"
        else:
            told = f"{len(self.differences)} changed" if self.differences else "unchanged"
        left = f"; {self.unchecked} fields still need a review" if self.unchecked else ""
        lines = [f"{self.path}: {told}{left}", *(f"  {difference}" for difference in self.differences or ())]
        return "\n".join(lines) + "\n"


def accept_plan(corrected: Path, golden: Path) -> Accepted:
    """Write the facts of a corrected plan to `golden`/<stem>.json, by the name of the document it was read from.

    A plan that names no document takes the stem of its own file.

    Raises:
        InputError: it is not a plan, or the golden plan that is there already is none.
        OutputError: it can't be written.
    """
    plan = read_plan(corrected)
    make_folder(golden, [])
    target = golden / f"{Path(base_name(plan) or corrected.name).stem}.json"
    facts = plan.facts()
    before = read_plan(target).facts() if target.exists() else None
    write_text(target, nfc(json.dumps(facts, ensure_ascii=False, indent=2)) + "\n")
    differences = None if before is None else tuple(compare_facts(before, facts))
    return Accepted(target, differences, sum(len(task.needs_review) for task in plan.tasks))
