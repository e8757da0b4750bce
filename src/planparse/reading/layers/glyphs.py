"""The characters that pdfium finds on a page: what they show, where the pen stood, their font and box.

Boxes are those that pdfplumber gives: from the pen's place to the next, and from the font's descent to one size above.
"""

from __future__ import annotations

import ctypes
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

OVERPRINT = 0.08
"""Sizes between two copies of a letter that is printed twice to look bold; pdfplumber's 1 point, of 13. The narrowest
letter is 0.22 wide."""

_PRINTED = {
    0x02: "-",  # pdfium: a hyphen at the end of a line
    0xAD: "-",
    0xFFFE: "-",
    0xF02D: "-",  # what Word takes from the fonts Symbol and Wingdings for lists
    0xF0B7: "•",
    0xF0A7: "▪",
    0xF0D8: "➢",
    0xF0E0: "→",
    0xF0FC: "✓",
}
_FORCE_BOLD = 1 << 18
"""Flag of a font whose letters are to be thickened (PDF 1.7, table 123)."""
_BOLD_NAMES = ("bold", "black", "heavy")
_NAME_BYTES = 128


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of a page that shows: its box in the file's coordinates, and its quarter turns clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown, in points."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def place(self, points: Floats) -> Floats:
        """Return points (…, 2) of the file as points from the top left corner of what shows."""
        x, y = points[..., 0], points[..., 1]
        if self.turns == 0:
            return np.stack((x - self.left, self.top - y), axis=-1)
        if self.turns == 1:
            return np.stack((y - self.bottom, x - self.left), axis=-1)
        if self.turns == 2:  # noqa: PLR2004 (upside down)
            return np.stack((self.right - x, y - self.bottom), axis=-1)
        return np.stack((self.top - y, self.right - x), axis=-1)


@dataclass(frozen=True, slots=True)
class Face:
    """What a run of letters is set in: the pen's unit vector, the vector of one size upwards, the font."""

    along: tuple[float, float]
    up: tuple[float, float]
    descent: float
    font: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Letters in the order of the file; rows of the arrays belong together.

    Attributes:
        codes: Unicode code points.
        faces: places in `kinds`.
        origins: where the pen stood (n, 2), in the file's coordinates.
        advances: how far it went, in points.
        broken: whether white space was printed before.
        kinds: the faces that occur.
    """

    codes: Integers
    faces: Integers
    origins: Floats
    advances: Floats
    broken: Flags
    kinds: Sequence[Face]

    def keep(self, kept: Flags) -> Glyphs:
        """Return the glyphs that `kept` names; what is dropped leaves no gap."""
        counted = np.cumsum(self.broken)
        before = np.diff(counted[kept], prepend=0) > 0
        return Glyphs(self.codes[kept], self.faces[kept], self.origins[kept], self.advances[kept], before, self.kinds)

    def vectors(self, name: str) -> Floats:
        """Return `along` or `up` of each glyph (n, 2)."""
        return np.array([getattr(face, name) for face in self.kinds], dtype=float).reshape(-1, 2)[self.faces]

    @property
    def sizes(self) -> Floats:
        """The size of each glyph, in points."""
        up = self.vectors("up")
        return np.asarray(np.hypot(up[:, 0], up[:, 1]))


def read_glyphs(page: Any, frame: Frame) -> tuple[Glyphs, Floats]:  # noqa: ANN401 (pypdfium2 ships no types)
    """Return the glyphs of a page that stand within its frame, and the box of each (n, 4), from the top left corner.

    White space is left out, and what is printed twice counts once.

    Raises:
        PdfiumError: the page has no text that can be read.
    """
    textpage = page.get_textpage()
    try:
        glyphs = _read(textpage)
    finally:
        textpage.close()
    boxes = _boxes(glyphs, frame)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    inside = ((centres >= 0) & (centres <= frame.size)).all(axis=1) & (glyphs.sizes > 0)
    kept = inside & ~_is_overprint(glyphs)
    return glyphs.keep(kept), boxes[kept]


def _read(textpage: Any) -> Glyphs:  # noqa: ANN401 (as above)
    """Ask pdfium for each character; those that it made up itself have no text object, and are left out."""
    raw, count = textpage.raw, textpage.count_chars()
    handles = (pdfium.FPDF_PAGEOBJECT * count)()
    loose = (pdfium.FS_RECTF * count)()
    codes, origins = [0] * count, [(0.0, 0.0)] * count
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(count):
        handles[index] = pdfium.FPDFText_GetTextObject(raw, index)
        codes[index] = pdfium.FPDFText_GetUnicode(raw, index)
        pdfium.FPDFText_GetLooseCharBox(raw, index, loose[index])
        pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
        origins[index] = (x.value, y.value)
    objects = np.frombuffer(handles, dtype=np.uintp) if count else np.zeros(0, dtype=np.uintp)
    _, first, owners = np.unique(objects, return_index=True, return_inverse=True)
    fonts: dict[int, tuple[str, bool, float]] = {}
    kinds = [_face(raw, int(index), handles[index], fonts) for index in first]
    pens = np.array(origins, dtype=float).reshape(-1, 2)
    whole = Glyphs(
        np.array(codes, dtype=np.int64), owners, pens, np.zeros(count), np.zeros(count, dtype=np.bool_), kinds
    )
    sides = np.frombuffer(loose, dtype=np.float32).reshape(-1, 4).astype(float) if count else np.zeros((0, 4))
    return _without_blanks(whole, _advances(whole, sides), objects != 0)


def _face(raw: Any, index: int, handle: Any, fonts: dict[int, tuple[str, bool, float]]) -> Face:  # noqa: ANN401 (ctypes)
    """Return what the text object `handle`, whose first character is number `index`, is set in."""
    if not handle:
        return Face((1.0, 0.0), (0.0, 0.0), 0.0, "", bold=False)
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(raw, index, matrix)
    size = pdfium.FPDFText_GetFontSize(raw, index)
    name, bold, descent = _font(pdfium.FPDFTextObj_GetFont(handle), fonts)
    length = np.hypot(matrix.a, matrix.b) or 1.0
    thickened = pdfium.FPDFTextObj_GetTextRenderMode(handle) == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE
    return Face(
        (matrix.a / length, matrix.b / length), (matrix.c * size, matrix.d * size), descent, name, bold or thickened
    )


def _font(font: Any, known: dict[int, tuple[str, bool, float]]) -> tuple[str, bool, float]:  # noqa: ANN401 (as above)
    """Return the name of a font, whether it is bold, and how far it reaches below the line, in sizes, as a negative."""
    address = ctypes.cast(font, ctypes.c_void_p).value or 0
    if address not in known:
        buffer, descent = ctypes.create_string_buffer(_NAME_BYTES), ctypes.c_float()
        pdfium.FPDFFont_GetBaseFontName(font, buffer, _NAME_BYTES)
        pdfium.FPDFFont_GetDescent(font, 1.0, descent)
        name = buffer.value.decode("utf-8", "replace")
        flags = max(0, pdfium.FPDFFont_GetFlags(font))
        bold = any(part in name.lower() for part in _BOLD_NAMES) or bool(flags & _FORCE_BOLD)
        known[address] = (name, bold, descent.value)
    return known[address]


def _advances(glyphs: Glyphs, loose: Floats) -> Floats:
    """Return how far the pen goes for each glyph: to the far side of its box, but not past the next of its run.

    The boxes (left, top, right, bottom) of pdfium hold what of a letter hangs over, too.
    """
    along = glyphs.vectors("along")
    corners = loose[:, [[0, 1], [0, 3], [2, 1], [2, 3]]] - glyphs.origins[:, None]
    reach = np.einsum("nkd,nd->nk", corners, along).max(axis=1, initial=0.0)
    if len(reach) > 1:
        step = ((glyphs.origins[1:] - glyphs.origins[:-1]) * along[:-1]).sum(axis=1)
        follows = (glyphs.faces[1:] == glyphs.faces[:-1]) & (step > 0)
        reach[:-1] = np.where(follows, np.minimum(reach[:-1], step), reach[:-1])
    return np.asarray(reach)


def _without_blanks(glyphs: Glyphs, advances: Floats, printed: Flags) -> Glyphs:
    unique, inverse = np.unique(glyphs.codes, return_inverse=True)
    texts = [as_printed(int(code)) for code in unique]
    blank = np.array([text.isspace() for text in texts], dtype=np.bool_)[inverse]
    empty = np.array([not text for text in texts], dtype=np.bool_)[inverse]
    finite = np.isfinite(glyphs.origins).all(axis=1) & np.isfinite(advances)
    whole = Glyphs(glyphs.codes, glyphs.faces, glyphs.origins, advances, blank & printed, glyphs.kinds)
    return whole.keep(printed & finite & ~blank & ~empty)


@lru_cache(maxsize=4096)
def as_printed(code: int) -> str:
    r"""Return what a character shows: hyphens and bullets as such, nothing for those without width.

    >>> as_printed(0x02), as_printed(0x200B), as_printed(ord("ﬁ")), as_printed(0x1)
    ('-', '', 'fi', '\ufffd')
    """
    if code in _PRINTED:
        return _PRINTED[code]
    if not 0 <= code < 0x110000 or 0xD800 <= code < 0xE000:  # noqa: PLR2004 (no character: past Unicode, a surrogate)
        return "\ufffd"
    char = chr(code)
    if char.isspace():
        return " "
    if code < 0x20 or code == 0x7F:  # noqa: PLR2004 (control characters of ASCII)
        return "\ufffd"
    if unicodedata.category(char) == "Cf":
        return ""
    return unicodedata.normalize("NFKC", char) if 0xFB00 <= code <= 0xFB06 else char  # noqa: PLR2004 (ligatures)


def _boxes(glyphs: Glyphs, frame: Frame) -> Floats:
    """Return the box of each glyph (n, 4), in points from the top left corner."""
    up, descents = glyphs.vectors("up"), np.array([face.descent for face in glyphs.kinds], dtype=float)[glyphs.faces]
    foot = glyphs.origins + up * descents[:, None]
    pen = glyphs.vectors("along") * glyphs.advances[:, None]
    corners = frame.place(np.stack((foot, foot + pen, foot + up, foot + pen + up), axis=1))
    return np.concatenate((corners.min(axis=1), corners.max(axis=1)), axis=1)


def _is_overprint(glyphs: Glyphs) -> Flags:
    """Tell which glyphs are copies: the same letter stands at nearly the same place, on their left.

    Of letters on one place exactly, the first in the file is kept.
    """
    copies = np.zeros(len(glyphs.codes), dtype=np.bool_)
    reach = OVERPRINT * glyphs.sizes
    x, y = glyphs.origins.T
    step = max(1.0, 2 * float(reach.max(initial=0.0)))
    for shift in (0.0, step / 2):  # copies on two sides of a border in one pass are on one side in the other
        rows = np.floor((y + shift) / step)
        order = np.lexsort((x, rows, glyphs.codes))
        same = (np.diff(glyphs.codes[order]) == 0) & (np.diff(rows[order]) == 0)
        near = (np.diff(x[order]) < reach[order][1:]) & (np.abs(np.diff(y[order])) < reach[order][1:])
        copies[order[1:][same & near]] = True
    return copies
