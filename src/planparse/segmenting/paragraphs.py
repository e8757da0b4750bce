"""Lines → blocks: each marker, bullet or label opens one; wrapped lines are joined to the one they continue.

Whether a line continues the one before it is judged by what a typist does: a line is broken where its next word would
not fit, a paragraph is left where it ends in a full stop, begins with a capital, an indent, or below a gap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

from planparse.outline import FieldKind, Marker, MarkerKind, Span
from planparse.segmenting.bullets import read_bullet
from planparse.segmenting.fields import TASK_FIELDS, read_label
from planparse.segmenting.flow import Flow, join_flows, line_flow
from planparse.segmenting.hierarchy import Choice, MarkedLine, choose_markers
from planparse.segmenting.markers import read_candidates
from planparse.segmenting.numerals import element_of, from_roman
from planparse.text import is_upper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.document import Line
    from planparse.segmenting.markers import Candidate

WRAP_SHARE = 0.04
"""Share of the lines that go on with a small letter below, in text that is broken by the page's width: 0.1 to 0.5 in
plans, none where a paragraph is a line."""
MAX_WRAPPED_WIDTH = 140
"""Characters; text whose lines are longer has a paragraph a line."""
WIDTH_QUANTILE = 0.95
RAGGED_SHARE = 0.78
"""Of the widest lines' characters, what the shortest full line has: letters differ in width."""
STOPPED_SHARE = 0.92
"""The same for a line that ends in a full stop, which is more likely a paragraph's last."""
INDENT = 10.0
"""Points; the first line of a paragraph is indented by 28 to 36 (1 to 1.27 cm, Decree 30/2020/NĐ-CP, appendix I)."""
INDENT_SHARE = 0.2
"""Share of lines that begin a paragraph where paragraphs are indented; a plan's have two to four lines each."""
MARGIN_SLACK = 4.0
"""Points between a full line's end and the right margin in justified text."""
GAP = 0.9
"""White space above a line, in its heights, that only a new paragraph leaves."""
MIN_HEADING_LETTERS = 8
"""Capitals that make a line a heading; a wrapped line may hold a lone abbreviation."""
MIN_BARS = 3
"""Bars within a line that make it a row, where none stands at its ends: of fewer, OCR's dirt may be some."""
NEIGHBOURS = 3
"""Lines above and below that tell where the left margin is on a skewed page."""

_OPEN_ENDED = regex.compile(
    r"(?:\b(?:số|ngày|tháng|năm|của|và|các|những|với|về|để|theo|tại|trong|cho|là|từ|đến|do|bởi|nhằm|thuộc)|[,–-])\s*$"
)
"""What no paragraph ends with: a preposition, a conjunction, a comma, a dash."""
_STOP = regex.compile(r"[.;:!?…][\"”)]*\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the body with what opens it.

    Attributes:
        flow: its text, without marker or bullet.
        marker: its number, where it has one, and its depth among the open numberings, from 1; 0 where it is no item.
        glyph: its bullet; with `opener`, where the bullet stands.
        rows: a table's lines, where the block is a table.
    """

    flow: Flow
    marker: Marker | None = None
    depth: int = 0
    odd: bool = False
    glyph: str | None = None
    opener: Flow | None = None
    rows: tuple[Line, ...] = ()


class Measure:
    """How wide the lines of a document are, in characters or, where words have boxes, in points."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = [line for line in lines if line.text.strip() and not is_row(line)]
        self._index = {line.number: position for position, line in enumerate(self._lines)}

    @cached_property
    def _width(self) -> int:
        lengths = sorted(len(line.text.rstrip()) for line in self._lines)
        return lengths[int(WIDTH_QUANTILE * (len(lengths) - 1))] if lengths else 0

    @cached_property
    def wrapped(self) -> bool:
        """Whether lines are broken by the page's width (else each line is a paragraph)."""
        if any(line.bbox for line in self._lines):
            return True
        texts = [line.text.strip() for line in self._lines]
        split = sum(
            not _STOP.search(text) and below[:1].islower() and not read_candidates(below)
            for text, below in pairwise(texts)
        )
        return self._width <= MAX_WRAPPED_WIDTH and split >= WRAP_SHARE * len(texts)

    @cached_property
    def indents(self) -> bool:
        """Whether paragraphs begin with an indent."""
        boxed = [line for line in self._lines if line.bbox]
        return sum(self.indent(line) >= INDENT for line in boxed) > INDENT_SHARE * len(boxed)

    @cached_property
    def _right_margins(self) -> dict[int, float]:
        ends: dict[int, list[float]] = {}
        for line in self._lines:
            if line.bbox:
                ends.setdefault(line.page, []).append(line.bbox[2])
        return {page: sorted(ends[page])[int(WIDTH_QUANTILE * (len(ends[page]) - 1))] for page in ends}

    def is_full(self, line: Line, following: Line, *, share: float = RAGGED_SHARE) -> bool:
        """Tell whether the first word of `following` would not have fitted on `line`; `share`: see `RAGGED_SHARE`."""
        word = following.text.split()[0] if following.text.split() else ""
        if line.bbox is None or following.bbox is None:
            return len(line.text.rstrip()) + 1 + len(word) > share * self._width
        width = following.bbox[2] - following.bbox[0]
        word_width = width * (len(word) + 1) / max(1, len(following.text))
        return line.bbox[2] + word_width > self._right_margins[line.page] - MARGIN_SLACK

    def indent(self, line: Line) -> float:
        """Return how far `line` begins to the right of its neighbours, in points; 0 for plain text."""
        if line.bbox is None or line.number not in self._index:
            return 0.0
        place = self._index[line.number]
        around = self._lines[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]
        lefts = [other.bbox[0] for other in around if other.bbox and other.page == line.page]
        return line.bbox[0] - min(lefts, default=line.bbox[0])


def is_continuation(line: Line, following: Line, measure: Measure, *, gap: bool) -> bool:
    """Tell whether `following`, which opens with neither marker nor bullet, goes on with the paragraph of `line`.

    `gap`: an empty line or a page's end lies between them.
    """
    text, rest = line.text.rstrip(), following.text.lstrip()
    small = rest[:1].islower() or rest[:1].isdigit() or rest[:1] in "),;.–-"
    stopped = bool(_STOP.search(text)) and not text.endswith("...")
    if not measure.wrapped:
        return small and not stopped and (line.page != following.page or bool(_OPEN_ENDED.search(text)))
    if _is_heading(text) != _is_heading(rest):
        return False
    if line.bbox and following.bbox:
        return _continues_on_page(line, following, measure, small=small, stopped=stopped)
    if stopped:
        return not gap and (small or measure.is_full(line, following, share=STOPPED_SHARE))
    return small or text.endswith("-") or measure.is_full(line, following)


def _is_heading(text: str) -> bool:
    return is_upper(text) and sum(map(str.isalpha, text)) >= MIN_HEADING_LETTERS


def _continues_on_page(line: Line, following: Line, measure: Measure, *, small: bool, stopped: bool) -> bool:
    assert line.bbox is not None  # noqa: S101 (told by the caller)
    assert following.bbox is not None  # noqa: S101 (told by the caller)
    full = measure.is_full(line, following)
    if line.page != following.page:
        return small or (full and not stopped) or (full and measure.indent(following) < INDENT)
    if stopped and not small and measure.indent(following) >= INDENT:
        return False
    if measure.indent(following) >= INDENT and measure.indent(line) < following.bbox[0] - line.bbox[0] + INDENT:
        return small and not stopped
    height = following.bbox[3] - following.bbox[1]
    if stopped and following.bbox[1] - line.bbox[3] > GAP * height:
        return False
    unindented = measure.indents and measure.indent(following) < INDENT
    return full or ((small or unindented) and not stopped)


def build_blocks(lines: Sequence[Line], measure: Measure) -> list[Block]:
    """Return the blocks of a zone's `lines`, which hold no furniture."""
    printed = [line for line in lines if line.text.strip()]
    groups: list[tuple[Block, list[Flow]]] = []
    previous: Line | None = None
    for line, choice in zip(printed, _choose(printed, measure), strict=True):
        if is_row(line):
            if previous is None or not is_row(previous):
                groups.append((Block(Flow("", ())), []))
            groups[-1][1].append(line_flow(line))
        elif (opener := _open(line, choice, previous, measure)) is not None:
            groups.append((opener, [opener.flow]))
        elif previous and not is_row(previous) and _goes_on(previous, line, measure):
            groups[-1][1].append(line_flow(line))
        else:
            groups.append((Block(line_flow(line)), [line_flow(line)]))
        previous = line
    return [_finish(block, flows) for block, flows in groups]


def _finish(block: Block, flows: list[Flow]) -> Block:
    if flows and is_row(flows[0].first):
        return replace(block, rows=tuple(flow.first for flow in flows))
    return replace(block, flow=join_flows(flows)) if len(flows) > 1 else block


def _goes_on(line: Line, following: Line, measure: Measure) -> bool:
    gap = following.page != line.page or following.number > line.number + 1
    return is_continuation(line, following, measure, gap=gap)


def is_row(line: Line) -> bool:
    """Tell whether a line belongs to a table: a cell of a page's table, or a row of text parted by bars or gaps."""
    text = line.text.strip()
    barred = len(text) > 1 and text[0] == "|" == text[-1]
    return line.cell is not None or bool(line.gaps) or barred or text.count(" | ") >= MIN_BARS


def _choose(printed: Sequence[Line], measure: Measure) -> list[Choice | None]:
    marked = []
    previous: Line | None = None
    for line in printed:
        candidates = () if is_row(line) else read_candidates(line.text)
        continues = bool(candidates and previous) and _looks_continued(previous, line, measure)
        marked.append(MarkedLine(candidates, continues))
        previous = None if is_row(line) else line
    return choose_markers(marked)


def _looks_continued(line: Line | None, following: Line, measure: Measure) -> bool:
    if line is None or not measure.wrapped or is_upper(line.text):
        return False
    stopped = bool(_STOP.search(line.text))
    return not stopped and measure.is_full(line, following) and measure.indent(following) < INDENT


def _open(line: Line, choice: Choice | None, previous: Line | None, measure: Measure) -> Block | None:
    if choice:
        flow = line_flow(line, choice.candidate.end)
        marker = None if choice.candidate.kind is MarkerKind.PERIOD else _marker(line, choice)
        return Block(flow, marker, choice.depth, odd=choice.odd)
    bullet = read_bullet(line.text)
    if bullet and not _is_dash_within(line, bullet.end, previous, measure):
        return Block(line_flow(line, bullet.end), glyph=bullet.glyph, opener=line_flow(line, 0, bullet.end))
    label = read_label(line.text)
    if label and line.text.lstrip()[:1].isupper() and label.kind in TASK_FIELDS | {FieldKind.DESCRIPTION}:
        return Block(line_flow(line))
    return None


def _is_dash_within(line: Line, end: int, previous: Line | None, measure: Measure) -> bool:
    """Tell whether the dash that `line` begins with belongs to the sentence before it: "2022" / "- 2025"."""
    if previous is None or is_row(previous) or not _looks_continued(previous, line, measure):
        return False
    if read_label(line.text, end, bullet=True):
        return False
    return line.bbox is not None or not line.text[end : end + 1].isupper()


def _marker(line: Line, choice: Choice) -> Marker:
    """Return the marker as printed; on a line that OCR damaged, as the sequence has it."""
    candidate = choice.candidate
    printed = line.text[: candidate.end].strip()
    if candidate.kind is MarkerKind.APPENDIX:
        printed = candidate.element
    elif _is_misread(printed, candidate, damaged=bool(line.edits)):
        stop = printed[-1] if not printed[-1].isalnum() else ""
        printed = candidate.element + stop
    return Marker(candidate.kind, printed, candidate.element, (Span(line.number, 0, candidate.end),))


def _is_misread(printed: str, candidate: Candidate, *, damaged: bool) -> bool:
    """Tell whether a marker was damaged by OCR: other letters than its element, and no marker by itself."""
    core, element = (printed[:-1] if not printed[-1].isalnum() else printed), candidate.element
    if core.lower() == element.lower():
        return False
    if candidate.kind is MarkerKind.SECTION:
        return damaged or from_roman(core.upper()) is None
    return damaged or not core.isalnum() or any(char.isdigit() for char in core) != any(map(str.isdigit, element))


def expected_element(marker: Marker, ordinal: int) -> str:
    """Return the element of number `ordinal` in the numbering of `marker`."""
    if marker.kind is MarkerKind.STEP:
        return f"{marker.element.rpartition(' ')[0]} {ordinal}"
    prefix = tuple(map(int, marker.element.split(".")[:-1])) if marker.kind.value.endswith("decimal") else ()
    return element_of(marker.kind, ordinal, prefix)
