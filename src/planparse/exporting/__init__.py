"""Plans → a file for people: a workbook, a table, a calendar, a text.

Each format is a function of plans that returns bytes; the same plans give the same bytes. What is exported is text,
never a formula, markup or a command to the program that opens it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planparse.exporting.to_csv import export_csv
from planparse.exporting.to_ics import export_ics
from planparse.exporting.to_markdown import export_markdown
from planparse.exporting.to_xlsx import export_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from planparse.plan import Plan

__all__ = ["FORMATS", "export_plans"]

FORMATS: Mapping[str, Callable[[Sequence[Plan]], bytes]] = {
    ".xlsx": export_xlsx,
    ".csv": export_csv,
    ".ics": export_ics,
    ".md": export_markdown,
}
"""What makes the file of each ending."""


def export_plans(plans: Sequence[Plan], ending: str) -> bytes:
    """Return a file that holds the tasks of `plans`; `ending`, in any case, is one of FORMATS.

    Raises:
        ValueError: there is no such format.
        OutputError: the format can't hold so much.
    """
    if ending.lower() not in FORMATS:
        raise ValueError(f"no export to {ending!r}, only to {', '.join(FORMATS)}")
    return FORMATS[ending.lower()](plans)
