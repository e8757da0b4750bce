"""The blocks of one item → its paragraphs, its fields, and the bullets that own fields themselves.

Bullets nest by the order in which their glyphs first appear in an item, not by what they look like: offices write "+"
below "-" as well as "-" below "+".
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import regex

from planparse.outline import Field, FieldKind, Marker, MarkerKind, Paragraph
from planparse.segmenting.fields import TASK_FIELDS, Label, find_labels, read_label
from planparse.segmenting.flow import CLOSING_PUNCTUATION, Flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.outline import Passage
    from planparse.segmenting.paragraphs import Block

_OPEN_END = regex.compile(r"(?<!\s)\s*[(\[–\-]\s*$")


@dataclass(slots=True)
class Item:
    """What an item owns; `element` and `marker` are set for a bullet or a paragraph that owns fields."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    children: list[Item] = field(default_factory=list)
    element: str = ""
    marker: Marker | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A block with its depth among the bullets, and the label that it begins with."""

    block: Block
    depth: int
    label: Label | None


def arrange(head: Block, blocks: Sequence[Block]) -> Item:
    """Return what the item that `head` opens owns; `blocks` are the other blocks of the item, without tables."""
    item = Item()
    _add_text(head, (), item)
    _add_groups(_nest(blocks), item)
    return item


def _nest(blocks: Sequence[Block]) -> list[_Entry]:
    entries: list[_Entry] = []
    glyphs: list[str] = []
    for block in blocks:
        if block.glyph is None:
            glyphs = []
        elif block.glyph in glyphs:
            del glyphs[glyphs.index(block.glyph) + 1 :]
        else:
            glyphs.append(block.glyph)
        label = read_label(block.flow.text, bullet=block.glyph is not None)
        entries.append(_Entry(block, max(1, len(glyphs)), label))
    return entries


def _add_groups(entries: Sequence[_Entry], item: Item) -> None:
    """Add `entries` to `item`; where texts with the same labels follow each other, each is an item of its own."""
    groups = _groups(entries)
    labelled = [{one.label.kind for one in group if one.label} & TASK_FIELDS for group in groups]
    repeated = any(one & other for one, other in itertools.pairwise(labelled))
    if not repeated:
        _add_entries(entries, (), item)
        return
    for group, kinds in zip(groups, labelled, strict=True):
        first_label = next((index for index, one in enumerate(group) if one.label), 0)
        if not kinds or first_label == 0:
            _add_entries(group, (), item)
            continue
        _add_entries(group[: first_label - 1], (), item)
        number = str(len(item.children) + 1)
        item.children.append(_own(group[first_label - 1], group[first_label:], (number,)))


def _groups(entries: Sequence[_Entry]) -> list[list[_Entry]]:
    """Split `entries` where a text of the top level follows a label of the top level."""
    groups: list[list[_Entry]] = [[]]
    labelled = False
    for entry in entries:
        if entry.depth == 1:
            if labelled and entry.label is None:
                groups.append([])
            labelled = entry.label is not None and _is_task_label(entry)
        groups[-1].append(entry)
    return groups


def _is_task_label(entry: _Entry) -> bool:
    return entry.label is not None and entry.label.kind in TASK_FIELDS and _has_value(entry)


def _add_entries(entries: Sequence[_Entry], above: tuple[str, ...], item: Item) -> None:
    """Add `entries`, and what is below each, to `item`; `above` are the numbers of the bullets above them."""
    bullets = 0
    start = 0
    while start < len(entries):
        entry = entries[start]
        end = start + 1
        while end < len(entries) and entries[end].depth > entry.depth:
            end += 1
        below = entries[start + 1 : end]
        if entry.label and (entry.label.kind is not FieldKind.DESCRIPTION or _has_value(entry)):
            end = _add_label(entries, start, end, item)
        else:
            bullets += entry.block.glyph is not None
            items = (*above, str(bullets)) if entry.block.glyph is not None else above
            if _owns_run_in(entry) or any(one.label and one.label.kind in TASK_FIELDS for one in below):
                item.children.append(_own(entry, below, items))
            else:
                _add_text(entry.block, items, item)
                _add_entries(below, items, item)
        start = end


def _owns_run_in(entry: _Entry) -> bool:
    """Tell whether a bullet's own words are followed by labels: "- Rà soát văn bản; thời gian: Quý I"."""
    flow = entry.block.flow
    labels = find_labels(flow.text) if entry.block.glyph is not None else []
    return bool(labels) and labels[0].start > 0 and any(label.kind in TASK_FIELDS for label in labels)


def _has_value(entry: _Entry) -> bool:
    return bool(entry.label and entry.block.flow.text[entry.label.end :].strip())


def _add_label(entries: Sequence[_Entry], start: int, end: int, item: Item) -> int:
    """Add the fields of the label at `start`; the bullets up to `end` are values of one that has none on its line."""
    entry = entries[start]
    fields = _read_fields(entry.block)
    last = fields[-1]
    if not last.values and end == start + 1:
        while end < len(entries) and entries[end].label is None and entries[end].depth == entries[start + 1].depth:
            end += 1
            if entries[end - 1].block.glyph is None:
                break
    values = [one for one in entries[start + 1 : end] if one.label is None]
    extra = tuple(one.block.flow.passage(drop=CLOSING_PUNCTUATION) for one in values if one.block.flow)
    openers = tuple(span for one in values if one.block.opener for span in one.block.opener.spans)
    label = replace(last.label, spans=(*last.label.spans, *openers))
    item.fields += [*fields[:-1], replace(last, label=label, values=(*last.values, *extra))]
    for one in entries[start + 1 : end]:
        if one.label is not None:
            item.fields += _read_fields(one.block)
    return end


def _own(entry: _Entry, below: Sequence[_Entry], items: tuple[str, ...]) -> Item:
    block = entry.block
    child = Item(element=items[-1] if items else "1", marker=bullet_marker(block))
    text, fields = _split_run_in(block.flow, find_labels(block.flow.text))
    child.paragraphs = [Paragraph(text.passage())] if text else []
    child.fields = fields
    _add_entries(below, (), child)
    return child


def bullet_marker(block: Block) -> Marker | None:
    """Return the bullet that opens a block; None where none does."""
    if block.opener is None or block.glyph is None:
        return None
    return Marker(MarkerKind.ITEM, block.opener.text.strip(), block.glyph, block.opener.spans)


def _add_text(block: Block, items: tuple[str, ...], item: Item) -> None:
    text, fields = _split_run_in(block.flow, find_labels(block.flow.text))
    bullet = bullet_marker(block)
    if text or bullet:
        item.paragraphs.append(Paragraph(text.passage(), bullet, items if bullet else ()))
    item.fields += fields


def _read_fields(block: Block) -> list[Field]:
    """Read the fields of a block that begins with a label; the label's spans take in the bullet."""
    labels = find_labels(block.flow.text)
    first = read_label(block.flow.text, bullet=block.glyph is not None)
    if first and (not labels or labels[0].start != first.start):
        labels = [first, *(label for label in labels if label.start >= first.end)]
    _, fields = _split_run_in(block.flow, labels)
    if fields and block.opener:
        label = fields[0].label
        fields[0] = replace(fields[0], label=replace(label, spans=(*block.opener.spans, *label.spans)))
    return fields


def _split_run_in(flow: Flow, labels: Sequence[Label]) -> tuple[Flow, list[Field]]:
    """Split a paragraph at its labels: the text before the first, and a field for each."""
    if not labels:
        return flow, []
    opening = _OPEN_END.search(flow.text, 0, labels[0].start)
    text_end = opening.start() if opening else labels[0].start
    fields = []
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        start = text_end if label is labels[0] else label.start
        printed = flow.cut(start, label.end)
        value = flow.cut(label.end, following.start if following else None)
        name = replace(printed.passage(drop=CLOSING_PUNCTUATION), text=flow.text[label.start : label.end].strip(" :;"))
        keep = label.kind is FieldKind.DESCRIPTION
        fields.append(Field(label.kind, name, _values(value, keep=keep, bracketed=bool(opening and "(" in opening[0]))))
    return flow.cut(0, text_end), fields


def _values(value: Flow, *, keep: bool, bracketed: bool) -> tuple[Passage, ...]:
    """Return the value of a label, without its closing punctuation, which the task's own text keeps."""
    if not value:
        return ()
    if keep:
        return (value.strip().passage(),)
    passage = value.strip().passage(drop=CLOSING_PUNCTUATION)
    unmatched = passage.text.count(")") > passage.text.count("(")
    text = passage.text.rstrip(CLOSING_PUNCTUATION + ")") if bracketed and unmatched else passage.text
    return (replace(passage, text=text),)
