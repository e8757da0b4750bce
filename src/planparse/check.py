"""Samples against golden plans: a readable difference for each field.

Compared are the facts of a plan (`Plan.facts`): what depends on the run (source, warnings, confidence, needs_review,
where) is not. A field's path is that of the JSON, with the id of a task or an outline item for its place in the list:
`tasks.II.1.a.time_frame.end`, `outline.II.1.title`, `preamble.2` (from 1).

`known_failures.toml` in the golden folder says what is not right yet, a table for each stem:

    [quang-ngai-2024]
    "tasks.II.1.a.time_frame" = "the line is torn in the scan"
    "tasks.*.deliverables" = "the column is not read yet"

A path covers what is below it, `*` stands for any characters, `"*"` for everything. A known failure that is right
now, is a difference: the entry has to go.
"""

from __future__ import annotations

KNOWN_FAILURES = "known_failures.toml"
