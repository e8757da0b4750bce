"""Document → Outline: the frame, the numbering, the items with their fields, the tasks; never raises."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from planparse.outline import MarkerKind, Outline
from planparse.segmenting.closing import find_foot
from planparse.segmenting.fields import read_label
from planparse.segmenting.flow import Flow, line_flow
from planparse.segmenting.free_numbers import FreeNumbers
from planparse.segmenting.head_lines import starts_head, starts_with_body
from planparse.segmenting.header import read_attached_head, read_header, take_decides
from planparse.segmenting.inheritance import inherit_fields
from planparse.segmenting.paragraphs import Block, Measure, build_blocks
from planparse.segmenting.plain_tables import part_plain_tables
from planparse.segmenting.prose import find_assignments
from planparse.segmenting.tree import Harvest, Parent, build_nodes, gather, take_tables, to_paragraphs
from planparse.text import is_upper
from planparse.warning import PlanWarning, WarningCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.document import Document, Line
    from planparse.outline import Assignment, Node
    from planparse.segmenting.tree import Draft

HEAD_LINES = 20
"""Lines after the beginning of an attached head in which further head lines belong to it."""


def segment_document(document: Document) -> Outline:
    """Return what `document` says where."""
    lines = part_plain_tables([line for line in document.lines if not line.furniture])
    measure = Measure(lines)
    aside = [line_flow(line) for line in document.lines if line.furniture and line.text.strip()]
    header, head_furniture, body = read_header(lines, measure)
    printed = [line for line in body if line.text.strip()]
    foot = find_foot(printed)
    decides, main = take_decides(printed[: foot.start] if foot else printed)
    loose, roots = gather(build_blocks(main, measure))
    attached = printed[foot.end :] if foot else []
    attached_aside, attached_loose, attached_roots = _read_attached(attached, measure)
    closing = _take_closing([*roots, *attached_roots])
    harvest = Harvest()
    loose, tables = take_tables([*loose, *attached_loose], harvest)
    taken = {node.path[-1] for node in tables.nodes}
    nodes = [*tables.nodes, *build_nodes([*roots, *attached_roots], Parent(), taken, harvest)]
    aside += [*head_furniture, *decides, *attached_aside, *(foot.furniture if foot else ())]
    return Outline(
        header=header,
        preamble=tuple(to_paragraphs(loose, harvest)),
        nodes=tuple(nodes),
        assignments=tuple(_assignments(nodes, harvest)),
        closing=tuple(to_paragraphs(closing, harvest)),
        recipients=foot.recipients if foot else (),
        signature=foot.signature if foot else None,
        furniture=(*harvest.furniture, *(flow.passage() for flow in aside if flow)),
        warnings=(*document.warnings, *harvest.warnings, *_no_text(nodes, printed, document.warnings)),
        tables=tables.tables,
    )


def _read_attached(lines: Sequence[Line], measure: Measure) -> tuple[list[Flow], list[Block], list[Draft]]:
    """Read what follows the foot: an attached plan with a head of its own, and appendices."""
    aside: list[Flow] = []
    loose: list[Block] = []
    roots: list[Draft] = []
    for part in _split_at_heads(lines):
        body = list(part)
        if starts_head(part[0]) or (is_upper(part[0].text) and starts_with_body(part[0].text)):
            head, body = read_attached_head(part, measure)
            aside += head
        names = {line.number for line, below in itertools.pairwise(body) if _is_name_above_appendix(line, below)}
        aside += [line_flow(line) for line in body if line.number in names]
        before, more = gather(build_blocks([line for line in body if line.number not in names], measure))
        loose += before
        roots += more
    return aside, loose, roots


def _split_at_heads(lines: Sequence[Line]) -> list[Sequence[Line]]:
    if not lines:
        return []
    starts = [0]
    for index, line in enumerate(lines):
        if starts_head(line) and index > starts[-1] + (HEAD_LINES if starts_head(lines[starts[-1]]) else 0):
            starts.append(index)
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _is_name_above_appendix(line: Line, below: Line) -> bool:
    """Tell whether an appendix begins with the issuer's name, which is no text of the item above."""
    return is_upper(line.text) and starts_with_body(line.text) and below.text.lower().lstrip().startswith("phụ lục")


def _take_closing(roots: Sequence[Draft]) -> list[Block]:
    """Take the closing paragraphs off the last item before the appendices."""
    bodies = [draft for draft in roots if not _is_appendix(draft)]
    if not bodies:
        return []
    last = bodies[-1]
    while last.children:
        last = last.children[-1]
    kept = _own_blocks(last.blocks)
    closing = last.blocks[kept:]
    del last.blocks[kept:]
    return closing


def _is_appendix(draft: Draft) -> bool:
    marker = draft.blocks[0].marker
    return marker is not None and marker.kind is MarkerKind.APPENDIX


def _own_blocks(blocks: Sequence[Block]) -> int:
    """Return how many of an item's blocks are its own: all to the last bullet, label or table, or the first text."""
    marked = [
        index
        for index, block in enumerate(blocks)
        if index and (block.glyph or block.rows or read_label(block.flow.text) is not None)
    ]
    if marked:
        return marked[-1] + 1
    title = blocks[0].flow.text.rstrip()
    heading = not title or is_upper(title) or title[-1] not in ".;,"
    return min(len(blocks), 2 if heading else 1)


def _assignments(nodes: Sequence[Node], harvest: Harvest) -> list[Assignment]:
    """Return the tasks in the document's order, those in prose among them; each has a path of its own."""
    known = {assignment.path for assignment in harvest.assignments}
    found = [*harvest.assignments, *find_assignments(nodes, known)]
    taken = {one.path for one in found}
    seen: set[tuple[str, ...]] = set()
    numbers: dict[tuple[str, ...], FreeNumbers] = defaultdict(FreeNumbers)
    unique = []
    for assignment in sorted(found, key=_place):
        path = assignment.path
        if path in seen:
            path = _free_path(path[:-1], taken, numbers[path[:-1]])
            taken.add(path)
        seen.add(path)
        unique.append(replace(assignment, path=path))
    return inherit_fields(unique, nodes)


def _free_path(above: tuple[str, ...], taken: set[tuple[str, ...]], numbers: FreeNumbers) -> tuple[str, ...]:
    """Return a path below `above` with the first number as its last element that no other task has."""
    return (*above, str(numbers.first(1, lambda number: (*above, str(number)) in taken)))


def _place(assignment: Assignment) -> tuple[int, int]:
    values = [value for one in assignment.fields for value in one.values]
    spans = assignment.text.spans or [span for value in values for span in value.spans]
    return min(((span.line, span.start) for span in spans), default=(0, 0))


def _no_text(nodes: Sequence[Node], printed: Sequence[Line], said: Sequence[PlanWarning]) -> list[PlanWarning]:
    """Return the warning that there is nothing but furniture, where reading has not `said` so already."""
    if nodes or printed or any(warning.code is WarningCode.NO_TEXT for warning in said):
        return []
    return [PlanWarning(WarningCode.NO_TEXT, "the document holds no text")]
