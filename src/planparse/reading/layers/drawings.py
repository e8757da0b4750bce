"""What is drawn on a PDF's page beside text: images, and the ruling lines of tables."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2.raw as pdfium
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planparse.document import BBox
    from planparse.reading.layers.glyphs import Frame

TOLERANCE = 3.0
"""Points by which lines lie apart that are one, or that cross; also the length of the shortest: pdfplumber's own."""
SHORTEST = 1.0
"""Points of the shortest piece of a line, before pieces are joined: pdfplumber's own."""
THIN = 3.0
"""Points of a filled shape's lesser side below which it is a line; rules of offices have 0.5 to 2.25."""
MIN_RULES = 3
"""Lines across and down of the least table, of two rows and two columns: an underline or a frame has fewer."""
MAX_PIECES, MAX_CROSSINGS = 20_000, 4000
"""Pieces of lines, and places where lines cross, of a page past which it is a drawing; the densest table on a page of
A4 that was met has 300 crossings. Finding cells takes quadratic time."""
WHITE = 250
"""Of 255 in each colour, from which a shape is paper: Word fills the lines of a text so."""
MAX_DEPTH = 8
"""Forms within one another."""

_Point = tuple[float, float]
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_CHILDREN = (
    (pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject),
    (pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject),
)
"""How many objects a page has, and a form; and how to get one."""


@dataclass(frozen=True, slots=True)
class Drawings:
    """The boxes of a page's images, and the straight lines drawn on it, in points from the top left corner."""

    images: tuple[BBox, ...]
    rules: tuple[BBox, ...]


def read_drawings(page: Any, frame: Frame) -> Drawings:  # noqa: ANN401 (pypdfium2 ships no types)
    """Return what is drawn on a page; what is white or has neither ink nor outline does not show."""
    images: list[BBox] = []
    rules: list[BBox] = []
    for kind, handle, matrix in _walk(page.raw, _IDENTITY):
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            images += [_place(_corners(box), matrix, frame) for box in _bounds(handle)]
        elif len(rules) < MAX_PIECES and _shows(handle):
            rules += [_place((line[:2], line[2:]), matrix, frame) for line in _lines(handle)]
    return Drawings(tuple(images), tuple(rules))


def find_tables(rules: Sequence[BBox]) -> tuple[tuple[BBox, ...], ...]:
    """Return the boxes of the cells of each table that `rules` draw."""
    edges = [edge for edge in map(_edge, rules) if edge]
    if len(edges) >= MAX_PIECES:
        return ()
    merged = [edge for edge in merge_edges(edges, *[TOLERANCE] * 4) if max(edge["width"], edge["height"]) >= TOLERANCE]
    across = {edge["top"] for edge in merged if edge["orientation"] == "h"}
    down = {edge["x0"] for edge in merged if edge["orientation"] == "v"}
    if min(len(across), len(down)) < MIN_RULES or len(across) * len(down) > MAX_CROSSINGS:
        return ()
    cells = intersections_to_cells(edges_to_intersections(merged, TOLERANCE, TOLERANCE))
    return tuple(tuple(_box(cell) for cell in table) for table in cells_to_tables(cells))


def _box(cell: Sequence[float]) -> BBox:
    x0, top, x1, bottom = map(float, cell)
    return (x0, top, x1, bottom)


def _walk(parent: Any, matrix: _Matrix, depth: int = 0) -> Iterator[tuple[int, Any, _Matrix]]:  # noqa: ANN401 (a handle)
    """Yield type, handle and matrix of each image and path, those within forms too."""
    count, get = _CHILDREN[bool(depth)]
    for index in range(count(parent)):
        handle = get(parent, index)
        kind = pdfium.FPDFPageObj_GetType(handle)
        if kind in {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH}:
            yield kind, handle, matrix
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            yield from _walk(handle, _multiply(_matrix(handle), matrix), depth + 1)


def _matrix(handle: Any) -> _Matrix:  # noqa: ANN401 (as above)
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(handle, matrix):
        return _IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _multiply(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    x, y = _apply(outer, e, f)
    return (
        a * outer[0] + b * outer[2],
        a * outer[1] + b * outer[3],
        c * outer[0] + d * outer[2],
        c * outer[1] + d * outer[3],
        x,
        y,
    )


def _apply(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _corners(box: BBox) -> tuple[_Point, ...]:
    """Return all four: two no longer span the box once it is turned by other than quarters."""
    x0, y0, x1, y1 = box
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def _place(points: Iterable[_Point], matrix: _Matrix, frame: Frame) -> BBox:
    """Return the box around points of the file, measured from the top left corner."""
    placed = frame.place(np.array([_apply(matrix, x, y) for x, y in points]))
    (x0, top), (x1, bottom) = placed.min(axis=0), placed.max(axis=0)
    return (float(x0), float(top), float(x1), float(bottom))


def _bounds(handle: Any) -> list[BBox]:  # noqa: ANN401 (as above)
    sides = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(handle, *sides):
        return []
    return [(sides[0].value, sides[1].value, sides[2].value, sides[3].value)]


def _shows(handle: Any) -> bool:  # noqa: ANN401 (as above)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(handle, fill, stroke)
    return bool(stroke.value and not _is_white(pdfium.FPDFPageObj_GetStrokeColor, handle)) or bool(
        fill.value and not _is_white(pdfium.FPDFPageObj_GetFillColor, handle)
    )


def _is_white(get_colour: Any, handle: Any) -> bool:  # noqa: ANN401 (as above)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    return bool(get_colour(handle, red, green, blue, alpha)) and min(red.value, green.value, blue.value) >= WHITE


def _lines(handle: Any) -> Iterator[BBox]:  # noqa: ANN401 (as above)
    """Yield the straight pieces of a path: a thin shape is one line along its middle."""
    for x0, y0, x1, y1 in _bounds(handle):
        if x1 - x0 <= THIN or y1 - y0 <= THIN:
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            yield (x, y0, x, y1) if x1 - x0 < y1 - y0 else (x0, y, x1, y)
        else:
            yield from _segments(handle)


def _segments(handle: Any) -> Iterator[BBox]:  # noqa: ANN401 (as above)
    matrix = _matrix(handle)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(min(MAX_PIECES, max(0, pdfium.FPDFPath_CountSegments(handle)))):
        segment = pdfium.FPDFPath_GetPathSegment(handle, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = _apply(matrix, x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield (*last, *point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield (*point, *start)
        last = point


def _edge(line: BBox) -> dict[str, Any] | None:
    """Return a line as pdfplumber's geometry takes it; None for one that is slanted or too short."""
    x0, top, x1, bottom = line
    width, height = x1 - x0, bottom - top
    if max(width, height) < SHORTEST or min(width, height) > SHORTEST:
        return None
    if width > height:
        middle = (top + bottom) / 2
        return {"orientation": "h", "x0": x0, "x1": x1, "top": middle, "bottom": middle, "width": width, "height": 0.0}
    middle = (x0 + x1) / 2
    upright = {"orientation": "v", "x0": middle, "x1": middle, "top": top, "bottom": bottom}
    return {**upright, "width": 0.0, "height": height}
