"""What a document says where: Outline, Node, Field, Passage, Marker, Assignment.

Each printed character that is no white space lies in the spans of exactly one marker, label, passage or piece of
furniture of an outline, so that the text can be rebuilt from it. Assignments point to passages a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planparse.document import Where
    from planparse.warning import PlanWarning


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (excluded) of `Line.text` of line number `line`."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Connected text, joined over wrapped lines and pages.

    Attributes:
        text: the words, without marker or label.
        spans: where its characters stand; text may drop a hyphen or space at a line's end, spans do not.
        where: the places that the spans cover, one a page.
        confidence: the least confidence of its lines.
        wrong_repairs: how many of the repairs in it are wrong, as their probabilities let expect.
    """

    text: str
    spans: tuple[Span, ...]
    where: tuple[Where, ...] = ()
    confidence: float = 1.0
    wrong_repairs: float = 0.0


class MarkerKind(StrEnum):
    """What a marker numbers, in the field's terms."""

    APPENDIX = "appendix"  # Phụ lục
    PART = "part"  # Phần
    CHAPTER = "chapter"  # Chương
    LETTER = "letter"  # A. B.
    SECTION = "section"  # I. II.
    ARTICLE = "article"  # Điều
    PERIOD = "period"  # Tháng 9/2025, Quý I: a heading without a number
    CLAUSE = "clause"  # 1. (khoản)
    DECIMAL = "decimal"  # 1.1
    DEEP_DECIMAL = "deep-decimal"  # 1.1.1
    STEP = "step"  # Bước 1, Giai đoạn 2, Nhiệm vụ 3
    POINT = "point"  # a) (điểm)
    PARENTHESIS = "parenthesis"  # (1)
    ITEM = "item"  # - + * (gạch đầu dòng)


@dataclass(frozen=True, slots=True)
class Marker:
    """A printed number, letter or bullet.

    Attributes:
        kind: what it numbers.
        printed: as the document has it, "I11." too.
        element: what the sequence calls for, without punctuation: "III", "đ", "1.1", "Điều 5".
        spans: where it stands.
    """

    kind: MarkerKind
    printed: str
    element: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, with its bullet where it has one.

    Attributes:
        passage: its text, without the bullet.
        bullet: the bullet as printed.
        items: its number among the bullets of its item, and those of the bullets above it; () without a bullet.
    """

    passage: Passage
    bullet: Marker | None = None
    items: tuple[str, ...] = ()


class FieldKind(StrEnum):
    """What a label or a column means."""

    LEAD_UNITS = "lead_units"
    COORDINATING_UNITS = "coordinating_units"
    LEAD_AND_COORDINATING_UNITS = "lead_and_coordinating_units"
    DELIVERABLES = "deliverables"
    TIME_FRAME = "time_frame"
    DESCRIPTION = "description"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled value, or a cell below the head of its column.

    Attributes:
        kind: what the label means.
        label: the label as printed, with its bullet and colon in its spans; for a cell the column's head.
        values: the value; several passages where it stands in bullets.
        inherited: whether it stands at a heading above, or in the cell above.
    """

    kind: FieldKind
    label: Passage
    values: tuple[Passage, ...]
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as printed: the cells of its head, and of each row that is no head; None where a cell is missing."""

    head: tuple[Passage, ...]
    rows: tuple[tuple[Passage | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Node:
    """An item of the outline (đề mục) with what it owns.

    Attributes:
        path: the elements from the top; unique in the document.
        level: depth, from 1.
        marker: its number; None for a heading without one.
        title: its first line where that is a heading.
        text: its paragraphs, without fields.
        fields: its labelled fields.
        tables: the tables in it; a row that stands over all columns is a child with the rows below it.
        children: the items below it.
    """

    path: tuple[str, ...]
    level: int
    marker: Marker | None
    title: Passage | None
    text: tuple[Paragraph, ...]
    fields: tuple[Field, ...]
    tables: tuple[Table, ...]
    children: tuple[Node, ...]

    def walk(self) -> Iterator[Node]:
        """Yield the node and all below it, in the document's order, without recursion."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


class AssignmentKind(StrEnum):
    """How the document assigns a task."""

    FIELDS = "fields"
    TABLE = "table"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task with its fields, not yet read: the least piece of text that assigns something.

    Attributes:
        path: the task's path.
        kind: labelled fields, a table's row, or prose.
        text: the task's own words.
        fields: its own fields and what it inherits.
        where: the places of text and fields.
    """

    path: tuple[str, ...]
    kind: AssignmentKind
    text: Passage
    fields: tuple[Field, ...]
    where: tuple[Where, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """The head of the document; each part None where it is not printed."""

    parent_body: Passage | None = None
    issuer: Passage | None = None
    number: Passage | None = None
    place: Passage | None = None
    date: Passage | None = None
    type: Passage | None = None
    title: Passage | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """The signature block: authority (TM., KT. …), position, name."""

    authority: Passage | None
    position: Passage | None
    name: Passage | None


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole document as a tree.

    Attributes:
        header: issuer, number, place and date, type, title.
        preamble: paragraphs before the first item.
        nodes: the items of level 1.
        assignments: the tasks, in the document's order.
        closing: paragraphs after the last item's own.
        recipients: the entries of "Nơi nhận".
        signature: None where nobody signs.
        furniture: what is printed but says nothing: page numbers, motto, rules, table borders.
        warnings: what is odd, from reading on.
        tables: the tables of tasks that stand in no item.
    """

    header: Header
    preamble: tuple[Paragraph, ...]
    nodes: tuple[Node, ...]
    assignments: tuple[Assignment, ...]
    closing: tuple[Paragraph, ...]
    recipients: tuple[Passage, ...]
    signature: Signature | None
    furniture: tuple[Passage, ...]
    warnings: tuple[PlanWarning, ...]
    tables: tuple[Table, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Yield every node, in the document's order."""
        for node in self.nodes:
            yield from node.walk()
