"""The text layer of a PDF's page: words with boxes and ruled tables, as pdfium finds them; images behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from planparse.reading.columns import read_columns
from planparse.reading.encodings.mojibake import is_suspect, mend_lines
from planparse.reading.layers.drawings import find_tables, read_drawings
from planparse.reading.layers.glyph_words import encodings_of, to_words
from planparse.reading.layers.glyphs import Frame, read_glyphs
from planparse.reading.segments import PlacedWord

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from planparse.document import BBox, Word


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The text layer of a page.

    Attributes:
        words: in the order of the file.
        grids: the cells of each ruled table.
        images: the boxes of the page's images.
        width, height: of what shows of the page, in points.
        encodings: the legacy encodings that words were converted from, keys of `legacy.NAMES`.
        upright: the share of letters after which the pen goes to the right, on the page as it is shown.
    """

    words: tuple[PlacedWord, ...]
    grids: tuple[tuple[BBox, ...], ...]
    images: tuple[BBox, ...]
    width: float
    height: float
    encodings: tuple[str, ...] = ()
    upright: float = 1.0

    @property
    def text(self) -> str:
        """The words, parted by spaces."""
        return " ".join(placed.word.text for placed in self.words)

    @property
    def lines(self) -> str:
        """The words in reading order, lines parted by line ends."""
        return to_text(self.words)


def to_text(words: Sequence[PlacedWord]) -> str:
    """Return words in reading order, as if there were no tables, lines parted by line ends."""
    return "\n".join(" ".join(word.text for word in segment.words) for segment in read_columns(words))


def read_layer(document: pypdfium2.PdfDocument, number: int) -> TextLayer | None:
    """Return the text layer of page `number` (from 1); None where the page can't be read or has no sane size."""
    try:
        page = document[number - 1]
        try:
            frame = frame_of(page)
            glyphs, boxes = read_glyphs(page, frame)
            drawings = read_drawings(page, frame)
        finally:
            page.close()
    except pypdfium2.PdfiumError:
        return None
    words, mended = _mend(to_words(glyphs, boxes))
    grids = find_tables(drawings.rules) if words else ()
    encodings = tuple(sorted(encodings_of(glyphs) | mended))
    upright = _upright(frame.place(glyphs.origins), ~glyphs.broken[1:])
    return TextLayer(tuple(words), grids, drawings.images, *frame.size, encodings, upright)


def _upright(origins: npt.NDArray[np.float64], within: npt.NDArray[np.bool_]) -> float:
    """Return the share of letters `within` words that stand to the right of the one before, by the pen's places."""
    steps = np.diff(origins, axis=0)[within]
    return float((steps[:, 0] > np.abs(steps[:, 1])).mean()) if len(steps) else 1.0


def _mend(words: list[PlacedWord]) -> tuple[list[PlacedWord], frozenset[str]]:
    """Convert the lines that are in a legacy encoding whatever their font is called; return them, and which it was."""
    if not is_suspect(" ".join(placed.word.text for placed in words)):
        return words, frozenset()
    segments = read_columns(words)
    mended = mend_lines([" ".join(word.text for word in segment.words) for segment in segments])
    texts: dict[Word, str] = {}
    for segment, line in zip(segments, mended.lines, strict=True):
        parts = line.split(" ")
        if len(parts) == len(segment.words):
            texts.update(zip(segment.words, parts, strict=True))
    converted = [PlacedWord(replace(placed.word, text=texts.get(placed.word, placed.word.text))) for placed in words]
    return converted, frozenset(finding.encoding for finding in mended.converted)


def frame_of(page: Any) -> Frame:  # noqa: ANN401 (pypdfium2 ships no types)
    """Return what shows of a page: its crop box within its media box.

    Raises:
        PdfiumError: it has no box.
    """
    box = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page.raw, box):
        raise pypdfium2.PdfiumError("page without a box")
    return Frame(box.left, box.bottom, box.right, box.top, page.get_rotation() // 90 % 4)
