"""Prose of assignment: "Giao Sở Nội vụ chủ trì, phối hợp với Sở Tài chính …" → a task with its units.

A paragraph is read sentence by sentence, or clause by clause where it numbers them "(1) …; (2) …". What a sentence does
not name is taken from what governs it: the heading ("Sở Nội vụ"), the line above its bullets ("Giao Sở Nội vụ:"), the
beginning of its paragraph ("Bộ Tài chính: (1) …").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

from planparse.document import merge_places
from planparse.language.words import split_sentences
from planparse.outline import Assignment, AssignmentKind, Field, FieldKind, Paragraph, Passage
from planparse.segmenting.duties import read_duty
from planparse.segmenting.governors import read_governor, read_run_in_governor
from planparse.segmenting.numerals import from_roman
from planparse.text import POINT_LETTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.outline import Node
    from planparse.segmenting.governors import Governor

_CLAUSE_NUMBER = regex.compile(r"(?<![\p{L}\d])\((?P<number>\d{1,2}|[ivx]{1,5}|[a-eđ])\)\s*")
MIN_CLAUSES = 2
"""Numbers that a paragraph must have, from (1) on, to be read clause by clause."""


@dataclass(frozen=True, slots=True)
class _Governing:
    """Units that govern, as a passage; `gives`: "giao" stands with them, so that all below is assigned."""

    units: Passage | None
    gives: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence or a numbered clause of a paragraph: its text, and its number where it has one."""

    text: str
    number: str | None = None


def find_assignments(nodes: Sequence[Node], assigned: set[tuple[str, ...]]) -> list[Assignment]:
    """Return the tasks that paragraphs of `nodes` assign; `assigned` are the paths that are tasks already."""
    found: list[Assignment] = []
    stack = [(node, _Governing(None)) for node in reversed(nodes)]
    while stack:
        node, above = stack.pop()
        own = _governing(node, above)
        if node.path not in assigned:
            found += _in_node(node, own)
        stack += [(child, own) for child in reversed(node.children)]
    return found


def governing_units(node: Node) -> Passage | None:
    """Return the units that the heading of `node` consists of; None where it says anything else."""
    if node.title is None or not (governor := read_governor(node.title.text)):
        return None
    return _part_of(node.title, node.title.text[slice(*governor.units)])


def _governing(node: Node, above: _Governing) -> _Governing:
    """Return what governs the paragraphs and children of `node`: its heading, or the only line above its children."""
    heads = [node.title] if node.title else [one.passage for one in node.text[:1] if one.passage.text.endswith(":")]
    for passage in heads:
        if governor := read_governor(passage.text):
            return _from_governor(passage, governor)
        if passage.text.strip(" :").lower() in {"giao", "phân công"}:
            return _Governing(None, gives=True)
    return above if node.title is None else _Governing(None)


def _from_governor(passage: Passage, governor: Governor) -> _Governing:
    return _Governing(_part_of(passage, passage.text[slice(*governor.units)]), governor.gives)


def _in_node(node: Node, above: _Governing) -> Iterator[Assignment]:
    governing: dict[int, _Governing] = {}
    for paragraph in node.text:
        depth = len(paragraph.items)
        inherited = next((governing[one] for one in range(depth - 1, -1, -1) if one in governing), above)
        governing = {level: one for level, one in governing.items() if level < depth}
        passage = paragraph.passage
        if governor := read_governor(passage.text):
            governing[depth] = _from_governor(passage, governor)
        else:
            yield from _in_paragraph(paragraph, (*node.path, *paragraph.items), inherited)


def _in_paragraph(paragraph: Paragraph, path: tuple[str, ...], above: _Governing) -> Iterator[Assignment]:
    passage = paragraph.passage
    opened = read_run_in_governor(passage.text)
    governing = _from_governor(passage, opened[0]) if opened else above
    start = opened[1] if opened and _CLAUSE_NUMBER.match(passage.text[opened[1] :].lstrip()) else 0
    parts = _clauses(passage.text[start:]) or ([_Part(passage.text)] if governing.gives else _sentences(passage.text))
    count = 0
    for part in parts:
        task = _read_part(part, passage, governing, path)
        if task is None:
            continue
        count += 1
        yield task if count == 1 or part.number else replace(task, path=(*path, str(count)))


def _clauses(text: str) -> list[_Part]:
    """Return the clauses that `text` numbers (1), (2) …, (i), (ii) … or (a), (b) …; none where it does not."""
    marks = list(_CLAUSE_NUMBER.finditer(text))
    numbers = [_clause_ordinal(mark["number"]) for mark in marks]
    if len(marks) < MIN_CLAUSES or numbers[0] != 1 or any(b != a + 1 for a, b in pairwise(numbers)):
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [
        _Part(sentence.removesuffix(";").rstrip(), mark["number"])
        for mark, end in zip(marks, ends, strict=True)
        for sentence in split_sentences(text[mark.end() : end].strip(), stops=".;")
    ]


def _clause_ordinal(number: str) -> int:
    """Return the place of a clause in its numbering, from 1."""
    if number.isdigit():
        return int(number)
    return from_roman(number.upper()) or POINT_LETTERS.find(number) + 1


def _sentences(text: str) -> list[_Part]:
    return [_Part(sentence) for sentence in split_sentences(text)]


def _read_part(part: _Part, passage: Passage, governing: _Governing, path: tuple[str, ...]) -> Assignment | None:
    """Return the task that a sentence or clause assigns; None where nobody is named, or nothing assigned."""
    opened = read_run_in_governor(part.text)
    body = part.text.lstrip()
    if opened:
        governing, body = _from_governor(passage, opened[0]), part.text[opened[1] :].lstrip()
    duty = read_duty(body)
    if duty is None and not (governing.gives and governing.units):
        return None
    lead = _part_of(passage, body[slice(*duty.lead)]) if duty and duty.lead else governing.units
    if lead is None:
        return None
    fields = [Field(FieldKind.LEAD_UNITS, lead, (lead,), inherited=not (duty and duty.lead))]
    if duty and duty.coordinating:
        value = _part_of(passage, body[slice(*duty.coordinating)])
        fields.append(Field(FieldKind.COORDINATING_UNITS, value, (value,)))
    text = replace(passage, text=part.text)
    where = merge_places([*passage.where, *lead.where])
    number = (part.number,) if part.number else ()
    return Assignment((*path, *number), AssignmentKind.PROSE, text, tuple(fields), where)


def _part_of(passage: Passage, text: str) -> Passage:
    """Return `text`, a part of `passage`, as a passage at the same place."""
    return replace(passage, text=text.strip())
