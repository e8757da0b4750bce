"""Blocks → nodes: items with their paragraphs, fields, tables and children; paths that are unique; never refuses."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from planparse.document import Where, merge_places
from planparse.outline import (
    Assignment,
    AssignmentKind,
    Field,
    FieldKind,
    MarkerKind,
    Node,
    Paragraph,
    Passage,
)
from planparse.segmenting.fields import TASK_FIELDS, is_person_label, read_label
from planparse.segmenting.flow import CLOSING_PUNCTUATION, Flow, line_flow
from planparse.segmenting.free_numbers import FreeElements
from planparse.segmenting.governors import gives_work
from planparse.segmenting.items import Item, arrange, bullet_marker
from planparse.segmenting.table_nodes import TableParts, build_tables
from planparse.text import is_upper
from planparse.warning import PlanWarning, WarningCode, WarningPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planparse.segmenting.paragraphs import Block

MAX_TITLE = 250
"""Characters of a heading; the longest title of an item in the plans read so far has 190."""


@dataclass(slots=True)
class Draft:
    """An item while its blocks are gathered: its own blocks, the first of which has the marker, and its children."""

    blocks: list[Block]
    depth: int
    children: list[Draft] = field(default_factory=list)


@dataclass(slots=True)
class Harvest:
    """What building the nodes yields beside them."""

    assignments: list[Assignment] = field(default_factory=list)
    furniture: list[Passage] = field(default_factory=list)
    warnings: list[PlanWarning] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Parent:
    """What an item needs to know of the item above it."""

    path: tuple[str, ...] = ()
    level: int = 0


def gather(blocks: Sequence[Block]) -> tuple[list[Block], list[Draft]]:
    """Return the blocks before the first item, and the items of the first level."""
    loose: list[Block] = []
    roots: list[Draft] = []
    stack: list[Draft] = []
    for block in blocks:
        if not block.depth:
            (stack[-1].blocks if stack else loose).append(block)
            continue
        while stack and stack[-1].depth >= block.depth:
            stack.pop()
        draft = Draft([block], block.depth)
        (stack[-1].children if stack else roots).append(draft)
        stack.append(draft)
    return loose, roots


def build_nodes(drafts: Sequence[Draft], parent: Parent, taken: set[str], harvest: Harvest) -> list[Node]:
    """Return the nodes of `drafts`, siblings below `parent`; `taken` are the elements their siblings have already."""
    printed = {draft.blocks[0].marker.element for draft in drafts if draft.blocks[0].marker}
    known = taken | printed
    free = FreeElements()
    nodes = []
    for draft in drafts:
        marker = draft.blocks[0].marker
        element = marker.element if marker else ""
        if not element or element in taken:
            element = free.first(marker, 1 + len(taken if marker else known), known)
        known.add(element)
        taken.add(element)
        if draft.blocks[0].odd or (marker and element != marker.element):
            harvest.warnings.append(_sequence_warning(draft.blocks[0], element, parent))
        nodes.append(_build_node(draft, (*parent.path, element), parent.level + 1, harvest))
    return _level_titles(nodes)


def _level_titles(nodes: list[Node]) -> list[Node]:
    """Make a point's unclosed first line its text where most of its siblings have no title: headings come in rows."""
    points = [node for node in nodes if node.marker and node.marker.kind is MarkerKind.POINT]
    titled = {node.path for node in points if node.title and not is_upper(node.title.text)}
    if not titled or 2 * len(titled) >= len(points):
        return nodes
    return [_untitled(node) if node.path in titled else node for node in nodes]


def _untitled(node: Node) -> Node:
    assert node.title is not None  # noqa: S101 (told by the caller)
    return replace(node, title=None, text=(Paragraph(node.title), *node.text))


def to_paragraphs(blocks: Iterable[Block], harvest: Harvest) -> list[Paragraph]:
    """Return blocks that stand outside of any item as paragraphs; their tables as furniture."""
    paragraphs = []
    for block in blocks:
        if block.rows:
            harvest.furniture += [cell.passage() for cell in _row_flows(block)]
        elif block.flow or block.opener:
            bullet = bullet_marker(block)
            paragraphs.append(Paragraph(block.flow.passage(), bullet))
    return paragraphs


def take_tables(blocks: Sequence[Block], harvest: Harvest) -> tuple[list[Block], TableParts]:
    """Take the tables that assign tasks out of blocks that stand outside of any item."""
    parts = build_tables([block.rows for block in blocks if block.rows], ())
    if not parts.assignments:
        return list(blocks), TableParts()
    harvest.assignments += parts.assignments
    harvest.furniture += parts.furniture
    return [block for block in blocks if not block.rows], parts


def _row_flows(block: Block) -> list[Flow]:
    return [line_flow(line) for line in block.rows]


def _sequence_warning(block: Block, element: str, parent: Parent) -> PlanWarning:
    marker = block.marker
    found = f'marker "{marker.printed if marker else ""}" breaks the sequence'
    if marker and element != marker.element:
        found += f", which calls for {element}"
    line = marker.spans[0].line if marker else 0
    page = block.flow.first.page if block.flow.pieces else 1
    return PlanWarning(
        WarningCode.MARKER_SEQUENCE,
        f"item {'.'.join((*parent.path, element))}: {found}; look whether it is misread, or an item missing",
        WarningPlace(page, (line, line)),
    )


def _build_node(draft: Draft, path: tuple[str, ...], level: int, harvest: Harvest) -> Node:
    head, *rest = [*draft.blocks, *_take_labels(draft)]
    tables = [block for block in rest if block.rows]
    items = arrange(head, [block for block in rest if not block.rows])
    title, paragraphs = _take_title(head, items.paragraphs, has_more=_has_more(draft, tables, items))
    node = Node(
        path=path,
        level=level,
        marker=head.marker,
        title=title,
        text=tuple(paragraphs),
        fields=tuple(items.fields),
        tables=(),
        children=(),
    )
    harvest.assignments += _field_assignment(node)
    children = [_build_item(child, node, harvest) for child in items.children]
    parts = build_tables([block.rows for block in tables], path, {child.path[-1] for child in children})
    harvest.assignments += parts.assignments
    harvest.furniture += parts.furniture
    taken = {child.path[-1] for child in (*children, *parts.nodes)}
    children += build_nodes(draft.children, Parent(path, level), taken, harvest)
    return replace(node, tables=parts.tables, children=(*parts.nodes, *children))


def _take_labels(draft: Draft) -> list[Block]:
    """Take the children whose markers number fields, not items ("a) Đơn vị chủ trì: …"), as blocks of the item."""
    kinds = [None if child.children else _field_kind(child.blocks[0]) for child in draft.children]
    if not TASK_FIELDS & set(kinds):
        return []
    labels = [child for child, kind in zip(draft.children, kinds, strict=True) if kind]
    draft.children = [child for child, kind in zip(draft.children, kinds, strict=True) if not kind]
    return [_as_bullet(child.blocks[0]) for child in labels] + [block for child in labels for block in child.blocks[1:]]


def _field_kind(block: Block) -> FieldKind | None:
    label = read_label(block.flow.text, bullet=True)
    return label.kind if label else None


def _as_bullet(block: Block) -> Block:
    marker = block.marker
    assert marker is not None  # noqa: S101 (the block opens an item)
    opener = line_flow(block.flow.first, marker.spans[0].start, marker.spans[0].end)
    return replace(block, marker=None, glyph=marker.kind.value, opener=opener)


def _has_more(draft: Draft, tables: Sequence[Block], items: Item) -> bool:
    described = any(one.kind is FieldKind.DESCRIPTION for one in items.fields)
    return bool(draft.children or tables or items.children or described)


def _build_item(item: Item, parent: Node, harvest: Harvest) -> Node:
    """Build the node of a bullet, or of a paragraph without a number, that owns fields."""
    node = Node(
        path=(*parent.path, item.element),
        level=parent.level + 1,
        marker=item.marker,
        title=None,
        text=tuple(item.paragraphs),
        fields=tuple(item.fields),
        tables=(),
        children=(),
    )
    harvest.assignments += _field_assignment(node)
    return replace(node, children=tuple(_build_item(child, node, harvest) for child in item.children))


def _take_title(head: Block, paragraphs: list[Paragraph], *, has_more: bool) -> tuple[Passage | None, list[Paragraph]]:
    """Take the first paragraph as title where it is a heading: in capitals, bold, or unclosed above other text."""
    if not paragraphs or paragraphs[0].bullet:
        return None, paragraphs
    first = paragraphs[0].passage
    words = [word for piece in head.flow.pieces for word in piece.line.words]
    bold = bool(words) and all(word.bold for word in words)
    has_more = has_more and bool(head.flow)
    unclosed = (
        bool(head.flow)
        and first.text[-1:] not in ".;,:"
        and len(first.text) <= MAX_TITLE
        and (has_more or len(paragraphs) > 1)
    )
    led = first.text.endswith(":") and len(first.text) <= MAX_TITLE and (has_more or len(paragraphs) > 1)
    led = led and not gives_work(first.text)
    below = has_more or len(paragraphs) > 1
    if not (is_upper(first.text) or (bold and below) or unclosed or led):
        return None, paragraphs
    return replace(first, text=first.text.rstrip(CLOSING_PUNCTUATION)), paragraphs[1:]


def _field_assignment(node: Node) -> list[Assignment]:
    if not any(one.kind in TASK_FIELDS for one in node.fields):
        return []
    described = [value for one in node.fields if one.kind is FieldKind.DESCRIPTION for value in one.values]
    own = [paragraph.passage for paragraph in node.text] + described
    text = own or ([node.title] if node.title else [])
    fields = _persons_aside([one for one in node.fields if one.kind is not FieldKind.DESCRIPTION])
    joined = Passage(
        text=" ".join(passage.text for passage in text),
        spans=tuple(span for passage in text for span in passage.spans),
        where=merge_places(place for passage in text for place in passage.where),
        confidence=min((passage.confidence for passage in text), default=1.0),
    )
    places: list[Where] = [*joined.where, *_field_places(fields)]
    return [Assignment(node.path, AssignmentKind.FIELDS, joined, fields, merge_places(places))]


def _persons_aside(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Return `fields`, a person who is in charge beside the unit that leads as a further field."""
    leads = [one for one in fields if one.kind is FieldKind.LEAD_UNITS]
    if all(is_person_label(one.label.text) for one in leads):
        return tuple(fields)
    return tuple(
        replace(one, kind=FieldKind.OTHER)
        if one.kind is FieldKind.LEAD_UNITS and is_person_label(one.label.text)
        else one
        for one in fields
    )


def _field_places(fields: Sequence[Field]) -> list[Where]:
    return [place for one in fields for passage in (one.label, *one.values) for place in passage.where]
