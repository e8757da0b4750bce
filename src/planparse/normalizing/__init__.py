"""Outline → Plan: times, units and references read, every value beside the words that it was read from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import regex

from planparse.config import DEFAULT, Config
from planparse.normalizing.audit import audit_plan
from planparse.normalizing.confidence import judge_tasks
from planparse.normalizing.references import (
    Mention,
    merge_references,
    read_own_reference,
    read_references,
    without_document,
)
from planparse.normalizing.tasks import to_task
from planparse.outline import FieldKind
from planparse.plan import Header, OutlineItem, Plan, Signature
from planparse.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.document import Source
    from planparse.outline import Header as PrintedHeader
    from planparse.outline import Node, Outline, Passage, Table
    from planparse.plan import Reference

# "năm 2024" of the plan itself: not of a date, not the end of a period
_YEAR = regex.compile(r"(?<!thang \d\d )(?<!thang \d )(?<!den )(?<!giai doan )\bnam (?P<year>(?:19|20)\d{2})\b(?!\s*-)")
_AS_FOLLOWS = regex.compile(r"\bnhu sau\b")
_CONTENT = regex.compile(r"\bnoi dung\b")
_LONG_DATE = regex.compile(r"(\d{1,2})\D+(\d{1,2})\D+(\d{4})")


def normalize_outline(outline: Outline, source: Source, config: Config = DEFAULT) -> Plan:
    """Return the plan that `outline` words; `source` tells what it was read from."""
    year = _plan_year(outline)
    unjudged = [to_task(assignment, year) for assignment in outline.assignments]
    tasks = judge_tasks(unjudged, outline, year, config)
    own = read_own_reference(passage.text for passage in _passages(outline))
    header = _header(outline.header, own)
    mentions = [Mention(one, passage.where) for passage in _passages(outline) for one in read_references(passage.text)]
    references = without_document(
        merge_references([one.reference for one in mentions]), (header.number, own.number if own else None)
    )
    return Plan(
        schema_version="1.0",
        source=source,
        header=header,
        year=year,
        preamble=tuple(paragraph.passage.text for paragraph in outline.preamble),
        outline=tuple(_item(node) for node in outline.nodes),
        tasks=tasks,
        references=references,
        closing=tuple(paragraph.passage.text for paragraph in outline.closing),
        recipients=tuple(passage.text for passage in outline.recipients),
        signature=_signature(outline),
        warnings=(*outline.warnings, *audit_plan(tasks, _tables(outline), mentions, year, header.date)),
    )


def _plan_year(outline: Outline) -> int | None:
    """Return the year that the plan is for: named in its title, else where the preamble announces the plan."""
    title = fold(outline.header.title.text) if outline.header.title else ""
    announcing = list(filter(_announces_plan, (fold(one.passage.text) for one in outline.preamble)))
    years = {match["year"] for match in _YEAR.finditer(title)}
    if not title and announcing:
        years = {match["year"] for match in list(_YEAR.finditer(announcing[-1]))[-1:]}
    return int(years.pop()) if len(years) == 1 else None


def _announces_plan(folded: str) -> bool:
    """Tell whether a paragraph ends as "… ban hành Kế hoạch … như sau", "… Kế hoạch … với các nội dung: …:" do."""
    _, named, rest = folded.partition("ke hoach")
    return bool(named) and bool(_AS_FOLLOWS.search(rest) or (rest.endswith(":") and _CONTENT.search(rest)))


def _header(header: PrintedHeader, own: Reference | None) -> Header:
    """Return the head as printed; a number or date that it lacks is what an appendix says of the document."""
    kind = header.type.text.capitalize() if header.type else None
    named = own if own and own.type.capitalize() == kind else None
    return Header(
        parent_body=_text(header.parent_body),
        issuer=_text(header.issuer),
        number=_number(header.number) or (named.number if named else None),
        place=_text(header.place),
        date=_long_date(header.date) or (named.date if named else None),
        type=kind,
        title=_text(header.title),
    )


def _number(passage: Passage | None) -> str | None:
    """Return number and symbol without the room that is left for writing the number in: "06 /TB-UBND"."""
    return regex.sub(r"\s*([/-])\s*", r"\1", passage.text) if passage else None


def _text(passage: Passage | None) -> str | None:
    return passage.text if passage else None


def _long_date(passage: Passage | None) -> date | None:
    match = _LONG_DATE.search(passage.text) if passage else None
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None


def _signature(outline: Outline) -> Signature | None:
    signed = outline.signature
    if signed is None:
        return None
    return Signature(authority=_text(signed.authority), position=_text(signed.position), name=_text(signed.name))


def _item(node: Node) -> OutlineItem:
    return OutlineItem(
        id=".".join(node.path),
        marker=node.marker.printed if node.marker else None,
        level=node.level,
        title=_text(node.title),
        text=tuple(passage.text for passage in _paragraphs(node)),
        children=tuple(_item(child) for child in node.children),
    )


def _paragraphs(node: Node) -> list[Passage]:
    """Return an item's paragraphs with what stands after "Nội dung:", in the document's order."""
    described = [value for one in node.fields if one.kind is FieldKind.DESCRIPTION for value in one.values]
    passages = [paragraph.passage for paragraph in node.text] + described
    return sorted(passages, key=lambda passage: passage.spans[0].line if passage.spans else 0)


def _passages(outline: Outline) -> Iterator[Passage]:
    """Yield the document's passages in the order in which they are printed."""
    if outline.header.title:
        yield outline.header.title
    yield from (paragraph.passage for paragraph in outline.preamble)
    yield from _cells(outline.tables)
    for node in outline.walk():
        yield from _node_passages(node)
    yield from (paragraph.passage for paragraph in outline.closing)


def _node_passages(node: Node) -> Iterator[Passage]:
    yield from [node.title] if node.title else []
    yield from _paragraphs(node)
    yield from (value for one in node.fields if one.kind is not FieldKind.DESCRIPTION for value in one.values)
    yield from _cells(node.tables)


def _tables(outline: Outline) -> Iterator[Table]:
    yield from outline.tables
    yield from (table for node in outline.walk() for table in node.tables)


def _cells(tables: Sequence[Table]) -> Iterator[Passage]:
    return (cell for table in tables for row in table.rows for cell in row if cell)
