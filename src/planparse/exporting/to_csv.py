"""The tasks as a table of text: what the sheet of tasks holds, for any program."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

from planparse.exporting.tables import task_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.exporting.tables import Value
    from planparse.plan import Plan

_FORMULA_STARTS = tuple("=+-@＝＋－＠")
"""What a spreadsheet takes for the start of a formula; the wide forms too, under East Asian settings (OWASP, CSV
injection)."""


def export_csv(plans: Sequence[Plan]) -> bytes:
    """Return the tasks as CSV (RFC 4180), in UTF-8 with the byte order mark by which Excel knows it."""
    table = task_table(plans)
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(column.heading for column in table.columns)
    writer.writerows([_to_text(value) for value in row.values] for row in table.rows)
    return file.getvalue().encode("utf-8-sig")


def _to_text(value: Value) -> str:
    """Return a value as a cell; dates are ISO 8601, which spreadsheets read alike in every country."""
    if isinstance(value, date):
        return value.isoformat()
    return keep_text("; ".join(value) if isinstance(value, tuple) else value or "")


def keep_text(text: str) -> str:
    """Return `text` with an apostrophe before it where a spreadsheet would compute it.

    >>> keep_text("=1+1"), keep_text("Sở Y tế"), keep_text(" +84")
    ("'=1+1", 'Sở Y tế', "' +84")
    """
    is_formula = text.lstrip().startswith(_FORMULA_STARTS) or text.startswith(("\t", "\n"))
    return f"'{text}" if is_formula else text
