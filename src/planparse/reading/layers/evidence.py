"""Text layer or OCR: what speaks for a page's layer and against it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
import regex

from planparse.reading.images.raster import POINTS_PER_INCH
from planparse.text import has_marks, is_syllable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from planparse.document import BBox
    from planparse.reading.layers import TextLayer

    Ink = npt.NDArray[np.bool_]

Judge = Callable[[str], float]
"""Says how much a text in NFC, lines parted by line ends, reads like right Vietnamese, from 0 to 1."""

MIN_LETTERS = 20
"""Letters over an image below which there is no layer: a page number, or a stamp typed over a scan."""
PICTURE = 0.1
"""Share of the page that images cover, from which one may be a scan; seals, signatures and logos have 0.03 each."""
MAX_STRANGE = 0.02
"""Share of private and replaced characters; any sizeable share means that a font does not say what its codes mean."""
MIN_UPRIGHT = 0.5
"""Share of letters that stand upright; nearly all or nearly none do, but for a seal's."""
POOR_SYLLABLES = 0.6
"""Share of words that are spelt as syllables, below which a layer is poor.

Measured on pieces of 250 words: ../shared/plans 0.96 to 1.0, in capitals 0.80 to 1.0; a letter wrong in 10 % of the
words 0.84 to 0.99, in 50 % 0.53 to 0.70; layers of OCR without Vietnamese 0.74 to 0.88; English 0.14 to 0.49."""
POOR_MARKED = 0.35
"""Share of syllables with marks, below which a layer is poor: 0.74 to 0.98 in Vietnamese, 0 to 0.13 in layers of OCR
without Vietnamese."""
GOOD_PLAUSIBILITY = 0.85
"""Opinion of the language model from which a layer over an image is good. Nine in ten pieces of ../shared/plans have
more than 0.91; of those with a letter wrong in 10 % of the words two in three have less, with 20 % all."""
POOR_COVERAGE, GOOD_COVERAGE = 0.3, 0.7
"""Share of the ink that stands in the boxes of words. Measured on 21 pages of ../shared/scans and samples/, with what
Tesseract read of them as their layer: 0.76 to 1.0, and 0.51 on one photograph; seals and signatures are ink too. With
half of it 0.28 to 0.53, with the head of the page 0.08 to 0.47, with a typed stamp 0.02 to 0.10."""
MIN_PLAUSIBILITY = 0.3
"""Opinion of the language model below which OCR is no better than any layer: Vietnamese with a letter wrong in half of
the words has 0.24, English 0.1."""
GAIN = 0.02
"""Share of right words by which OCR has to be ahead, so that a layer that is as good stays."""

INK_DPI = 40.0
INK_SIDE = 1000
"""Pixels of the longer side of the image that ink is looked for in: A4 at 40 dpi has 468."""
DARKER = 25
"""Grey levels by which ink is darker than the page around it, in its lightest colour: so that red seals are no ink, nor
shadows on a photograph."""
AROUND, BLOT = 51, 13
"""Pixels of the square that is the page around, seven lines high, and of the one that tells blots, two lines high."""
BLOT_INK = 0.65
"""Share of ink in the smaller square from which it is a picture or a dark edge; text has up to 0.5 at 40 dpi."""
MARGIN = 2.0
"""Points by which ink may stand out of a word's box."""

_TOKEN = regex.compile(r"\p{L}{2,}")
_STRANGE = frozenset({"Co", "Cn", "Cc", "Cs"})


class Choice(Enum):
    """What a page is read from."""

    LAYER = auto()
    OCR = auto()
    BETTER = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to read a page from, and what speaks against its layer."""

    choice: Choice
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Spelling:
    """What the letters of a text tell.

    Attributes:
        words: how many words of two letters and more there are.
        syllables: share of these that are spelt as Vietnamese syllables; 0 where there are none.
        marked: share of the syllables that have marks.
        strange: share of the characters that are private, replaced, or none; those that stand alone are bullets.
    """

    words: int
    syllables: float
    marked: float
    strange: float


def spelling(text: str) -> Spelling:
    """Return what the letters of `text` tell; acronyms count only where all is in capitals."""
    tokens = _TOKEN.findall(text)
    tokens = [token for token in tokens if not token.isupper()] or tokens
    syllables = [token for token in tokens if is_syllable(token)]
    pieces = text.split()
    longer = "".join(piece for piece in pieces if len(piece) > 1) or "".join(pieces)
    strange = sum(map(_is_strange, longer))
    return Spelling(
        len(tokens),
        len(syllables) / max(1, len(tokens)),
        sum(map(has_marks, syllables)) / max(1, len(syllables)),
        strange / max(1, len(longer)),
    )


def _is_strange(char: str) -> bool:
    return char == "\ufffd" or unicodedata.category(char) in _STRANGE


def by_spelling(text: str) -> float:
    """Judge a text by the share of its words that are syllables with marks: a judge for who has no language model."""
    found = spelling(text)
    return found.syllables * found.marked


def weigh(layer: TextLayer | None, coverage: Callable[[Sequence[BBox]], float], judge: Judge) -> Verdict:
    """Decide what a page is read from, the cheapest evidence first.

    Without an image there is nothing to be read again, unless the layer is in no known characters. `coverage` returns
    the share of the page's ink that stands in boxes.
    """
    if layer is None:
        return Verdict(Choice.OCR)
    scanned = _picture_share(layer) >= PICTURE
    if sum(char.isalpha() or _is_strange(char) for char in layer.text) < (MIN_LETTERS if scanned else 1):
        return Verdict(Choice.OCR)
    found = spelling(layer.text)
    if found.strange > MAX_STRANGE:
        return Verdict(Choice.OCR, f"{found.strange:.0%} of its characters are private codes or none")
    if layer.upright < MIN_UPRIGHT:
        return Verdict(Choice.OCR, f"{1 - layer.upright:.0%} of its letters do not stand upright")
    misspelt = f"{1 - found.syllables:.0%} of its words are no syllables" if found.syllables < POOR_SYLLABLES else ""
    if not scanned:
        return Verdict(Choice.BETTER, misspelt) if misspelt and found.words else Verdict(Choice.LAYER)
    if misspelt:
        return Verdict(Choice.OCR, misspelt)
    if found.marked < POOR_MARKED:
        return Verdict(Choice.OCR, f"{1 - found.marked:.0%} of its syllables have no marks")
    return _weigh_scan(layer, coverage([placed.bbox for placed in layer.words]), judge)


def _weigh_scan(layer: TextLayer, covered: float, judge: Judge) -> Verdict:
    """Decide for a layer over an image that is spelt as Vietnamese."""
    if covered < POOR_COVERAGE:
        return Verdict(Choice.OCR, f"it covers {covered:.0%} of the ink")
    if covered < GOOD_COVERAGE:
        return Verdict(Choice.BETTER, f"it covers {covered:.0%} of the ink")
    plausible = judge(layer.lines)
    if plausible < GOOD_PLAUSIBILITY:
        return Verdict(Choice.BETTER, f"the language model finds it {plausible:.0%} plausible")
    return Verdict(Choice.LAYER)


def is_better(ocr: str, layer: str, judge: Judge) -> bool:
    """Tell whether OCR has more right words than the layer; both with their lines parted by line ends."""
    return judge(ocr) >= MIN_PLAUSIBILITY and right_words(ocr, judge) > (1 + GAIN) * right_words(layer, judge)


def right_words(text: str, judge: Judge) -> float:
    """Return how many words of `text` are right, to the judge."""
    return len(_TOKEN.findall(text)) * judge(text)


def _picture_share(layer: TextLayer) -> float:
    """Return the share of the page that its images cover; strips and tiles count together."""
    width, height = layer.width, layer.height
    area = sum(
        max(0.0, min(x1, width) - max(x0, 0.0)) * max(0.0, min(bottom, height) - max(top, 0.0))
        for x0, top, x1, bottom in layer.images
    )
    return area / (width * height) if width * height > 0 else 0.0


def ink_coverage(document: pypdfium2.PdfDocument, number: int, boxes: Sequence[BBox]) -> float:
    """Return the share of the ink of page `number` (from 1) that stands in `boxes` (points).

    1 where there is no ink, or the page can't be rendered.
    """
    page = document[number - 1]
    scale = min(INK_DPI / POINTS_PER_INCH, INK_SIDE / max(1.0, *page.get_size()))
    try:
        ink = find_ink(page.render(scale=scale, may_draw_forms=False, draw_annots=False).to_numpy())
    except pypdfium2.PdfiumError:
        return 1.0
    finally:
        page.close()
    return _share_inside(ink, boxes, scale)


def find_ink(colours: npt.NDArray[np.uint8]) -> Ink:
    """Return which pixels of an image (height, width, colours) are ink of text: dark and not red, no blot."""
    lightest = colours[:, :, :3].max(axis=2).astype(np.float64)
    ink: Ink = lightest < _local_mean(lightest, AROUND) - DARKER
    return ink & (_local_mean(ink.astype(np.float64), BLOT) < BLOT_INK)


def _local_mean(values: npt.NDArray[np.float64], side: int) -> npt.NDArray[np.float64]:
    """Return the mean of the square of `side` pixels, an odd number, around each pixel."""
    padded = np.pad(values, side // 2, mode="edge")
    sums = np.pad(padded.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    means: npt.NDArray[np.float64] = (
        sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    ) / side**2
    return means


def _share_inside(ink: Ink, boxes: Sequence[BBox], scale: float) -> float:
    inside = np.zeros_like(ink)
    for x0, top, x1, bottom in boxes:
        low = (np.array([top, x0]) - MARGIN) * scale
        high = (np.array([bottom, x1]) + MARGIN) * scale
        (first, left), (last, right) = np.maximum(0, np.floor(low).astype(int)), np.ceil(high).astype(int)
        inside[first : max(0, last), left : max(0, right)] = True
    total = int(ink.sum())
    return float((ink & inside).sum()) / total if total else 1.0
