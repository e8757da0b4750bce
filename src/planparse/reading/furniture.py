"""Page numbers, running headers and footers: lines that are printed but are no part of the text."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import regex

from planparse.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.document import Line, Page

Point = tuple[float, float]

EDGE_LINES = 2
"""Printed lines at the top and at the bottom of a page among which headers and footers are."""
NEAR = 12.0
"""Points from where other pages have their numbers within which a misread number stands: about a line's height."""
MISREAD_LETTERS = 2
"""Letters of a page number that was read as something else ("H" for 7)."""
MIN_REPEATS = 3
"""Pages on which a line stands at the edge before it is a running header or footer."""

# "8", "- 8 -", "Trang 8/10", "§" (OCR for 8)
_PAGE_NUMBER = regex.compile(
    r"\s*(?:[-–—.|]\s*)?(?:(?:trang|page)\s+)?(?:\d{1,3}|§)(?:\s*/\s*\d{1,3})?(?:\s*[-–—.|])?\s*$"
)
PAGE_BREAK = regex.compile(
    r"\s*[-=—]{2,}\s*(?:page break|trang|page|ngắt trang)[\s\d/]*[-=—]{2,}\s*$", regex.IGNORECASE
)


def mark_furniture(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Return `pages` with their furniture marked; no line is lost."""
    running = _running_lines(pages)
    numbers = [_middle(line) for page in pages for line in _edges(page) if _PAGE_NUMBER.match(fold(line.text))]
    places = [place for place in numbers if place]
    return tuple(_mark(page, running, places) for page in pages)


def _mark(page: Page, running: frozenset[str], numbers: Sequence[Point]) -> Page:
    edges = frozenset(line.number for line in _edges(page))
    return replace(page, lines=tuple(_marked(place, page, edges, running, numbers) for place in range(len(page.lines))))


def _marked(place: int, page: Page, edges: frozenset[int], running: frozenset[str], numbers: Sequence[Point]) -> Line:
    line = page.lines[place]
    if line.cell is not None or not line.text.strip():
        return line
    repeated = line.number in edges and _key(line) in running
    numbered = _is_page_number(place, page, edges) or (line.number in edges and _is_misread_number(line, numbers))
    is_furniture = bool(PAGE_BREAK.match(line.text)) or repeated or numbered
    return replace(line, furniture=True) if is_furniture else line


def _is_page_number(place: int, page: Page, edges: frozenset[int]) -> bool:
    """Tell whether a lone number is a page's: at the page's edge, or in plain text between empty lines."""
    line = page.lines[place]
    if not _PAGE_NUMBER.match(fold(line.text)):
        return False
    if line.bbox is not None or page.width is not None:
        return line.number in edges
    before = page.lines[place - 1].text.strip() if place else ""
    after = page.lines[place + 1].text.strip() if place + 1 < len(page.lines) else ""
    return not before or not after


def _is_misread_number(line: Line, numbers: Sequence[Point]) -> bool:
    """Tell whether a letter or two stand where other pages have their numbers."""
    middle = _middle(line)
    if middle is None or len(line.text.strip()) > MISREAD_LETTERS:
        return False
    near = sum(abs(middle[0] - x) <= NEAR and abs(middle[1] - y) <= NEAR for x, y in numbers)
    return near >= MIN_REPEATS - 1


def _middle(line: Line) -> Point | None:
    """Return the middle of a line, in points; None for plain text."""
    box = line.bbox
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) if box else None


def _running_lines(pages: Sequence[Page]) -> frozenset[str]:
    counts = Counter(key for page in pages for key in {_key(line) for line in _edges(page)})
    return frozenset(key for key, count in counts.items() if count >= MIN_REPEATS and key)


def _edges(page: Page) -> tuple[Line, ...]:
    printed = [line for line in page.lines if line.text.strip() and line.cell is None]
    if all(line.bbox for line in printed):
        printed.sort(key=lambda line: line.bbox[1] if line.bbox else 0.0)
    return (*printed[:EDGE_LINES], *printed[max(EDGE_LINES, len(printed) - EDGE_LINES) :])


def _key(line: Line) -> str:
    """Return what is the same on each page: the words, without numbers."""
    return regex.sub(r"\d+", "0", squeeze(fold(line.text)))
