"""pdfplumber: the text layer of a PDF's page as words with boxes, its ruled tables, and whether it can be trusted."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pdfplumber
import regex

from planparse.document import BBox, Word
from planparse.errors import InputDamagedError
from planparse.reading.layout import PlacedWord
from planparse.text import has_marks, is_syllable, nfc

if TYPE_CHECKING:
    from collections.abc import Iterator

MIN_CHARACTERS = 20
"""Letters of a page below which there is no text layer: a stamp or a page number over a scan."""
MIN_SYLLABLES = 0.6
"""Share of words that are spelt as syllables; 0.85 in typed plans, 0.3 in layers of OCR without Vietnamese."""
MIN_MARKED = 0.35
"""Share of syllables with marks; 0.7 in Vietnamese, 0.1 in layers of OCR without Vietnamese."""
MAX_PRIVATE = 0.02
"""Share of private-use characters; any sizeable share means that a font has no table of characters."""

_TOKEN = regex.compile(r"[\p{L}]{2,}")
_PRIVATE = regex.compile(r"[\p{Co}\ufffd]|\(cid:\d+\)")


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The words of a page's text layer and the cells of its ruled tables."""

    words: tuple[PlacedWord, ...]
    grids: tuple[tuple[BBox, ...], ...]
    width: float
    height: float

    @property
    def is_present(self) -> bool:
        """Whether there are letters enough to speak of a layer."""
        return sum(sum(map(str.isalpha, placed.word.text)) for placed in self.words) >= MIN_CHARACTERS

    @property
    def is_good(self) -> bool:
        """Whether the layer reads as Vietnamese: syllables, with marks, in known characters."""
        text = " ".join(placed.word.text for placed in self.words)
        tokens = [token for token in _TOKEN.findall(text) if not token.isupper()] or _TOKEN.findall(text)
        syllables = [token for token in tokens if is_syllable(token)]
        if not tokens or len(_PRIVATE.findall(text)) > MAX_PRIVATE * len(text):
            return False
        marked = sum(map(has_marks, syllables))
        return len(syllables) >= MIN_SYLLABLES * len(tokens) and marked >= MIN_MARKED * len(syllables)


@contextmanager
def open_layers(data: bytes, name: str) -> Iterator[Any]:
    """Open a PDF for its text layer, without the warnings that its parser logs.

    Raises:
        InputDamagedError: it can't be parsed.
    """
    for logger in ("pdfminer", "pdfplumber"):
        logging.getLogger(logger).setLevel(logging.ERROR)
    try:
        document = pdfplumber.open(BytesIO(data))
    except Exception as error:
        raise InputDamagedError(
            "damaged PDF", name, "open it in a viewer and save it anew, or scan it again"
        ) from error
    try:
        yield document
    finally:
        document.close()


def read_layer(document: Any, number: int) -> TextLayer | None:  # noqa: ANN401 (pdfplumber ships no types)
    """Return the text layer of page `number` (from 1); None where the page can't be parsed."""
    try:
        page = document.pages[number - 1]
        words = tuple(_to_word(word) for word in page.extract_words(extra_attrs=["fontname"], x_tolerance_ratio=0.15))
        grids = tuple(tuple(table.cells) for table in page.find_tables()) if words else ()
        layer = TextLayer(words, grids, float(page.width), float(page.height))
        page.close()
    except Exception:  # noqa: BLE001 (the parser raises whatever a damaged page leads it to)
        return None
    return layer


def _to_word(word: dict[str, Any]) -> PlacedWord:
    box = tuple(round(float(word[key]), 2) for key in ("x0", "top", "x1", "bottom"))
    return PlacedWord(
        Word(nfc(word["text"]), (box[0], box[1], box[2], box[3]), None, "bold" in word["fontname"].lower())
    )
