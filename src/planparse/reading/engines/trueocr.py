"""trueocr: a page's image → words with boxes and confidences. All we know of it is here.

It finds lines and reads each by a network whose output has a column for each eight pixels (CTC), so that a letter's
column tells where it stands. Needs the extra `planparse[trueocr]`.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime
import trueocr
from trueocr.preprocess import pad_batch, prepare_gray, width_batches

from planparse.document import Word
from planparse.reading.engines import Shape
from planparse.reading.engines.time_limit import TimeLimit
from planparse.reading.images.raster import POINTS_PER_INCH, Raster
from planparse.reading.images.skew import straighten, way_back
from planparse.reading.segments import PlacedWord
from planparse.text import nfc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.config import Config
    from planparse.document import BBox

Grey = npt.NDArray[np.uint8]

_TALLER = 0.04
"""Share of a line's height that is added above and below: its boxes cut marks off. Of the words of 12 real pages 7.5 %
were wrong without, 5.5 % with 0.03 to 0.06, 6.7 % with 0.1."""
_LEAST_ANGLE = 0.3
"""Degrees from which the page is made straight: its lines are boxes. Of real pages it gets 7.9 % of the words wrong
without, 5.1 % with it."""
_ERRORS = 3
"""The least severe of its messages that ONNX Runtime prints."""
_BATCH = 32
"""Lines read at once; more is not faster."""


class Letter(NamedTuple):
    """A letter of a line: the column of the network's output where it stands, and how sure that is of it."""

    text: str
    column: int
    confidence: float


class TrueOcr:
    """The engine that reads a second time."""

    def version(self) -> str:
        """Return trueocr's version; its models come with it."""
        return version("trueocr")

    def read(self, raster: Raster, config: Config, *, place: str, shape: Shape = Shape.PAGE) -> list[PlacedWord]:  # noqa: ARG002 (every engine takes it)
        """Return the words of an image, line by line in the order in which trueocr finds them.

        Raises:
            InputTimeoutError: after `config.page_timeout` seconds there were lines left.
        """
        limit = TimeLimit(config.page_timeout, place)
        straight = raster if abs(raster.skew) < _LEAST_ANGLE else straighten(raster, raster.skew)
        grey = np.asarray(straight.image.convert("L"))
        boxes = _find_lines(grey)
        crops = [grey[top:bottom, left:right] for left, top, right, bottom in boxes]
        back = way_back(raster.image.size, raster.skew) if straight is not raster else None
        words = []
        for number, (box, (letters, columns)) in enumerate(zip(boxes, _read_lines(crops, limit), strict=True)):
            margin = _load().recognizer.pad_x * (box[3] - box[1])
            left, width = box[0] - margin, box[2] - box[0] + 2 * margin
            for start, end, text, confidence in to_words(letters, columns):
                sides = (left + start * width, box[1], left + end * width, box[3])
                words.append(PlacedWord(Word(text, _on_page(sides, raster.dpi, back), confidence), (number,)))
        return words


def _on_page(sides: tuple[float, float, float, float], dpi: float, back: npt.NDArray[np.float64] | None) -> BBox:
    """Return a box of pixels in points; on a page made straight it keeps its size, and its middle goes back."""
    left, top, right, bottom = sides
    if back is not None:
        x, y = (left + right) / 2, (top + bottom) / 2
        across, down = (back @ (x, y, 1.0) - (x, y)).tolist()
        left, top, right, bottom = left + across, top + down, right + across, bottom + down
    scale = POINTS_PER_INCH / dpi
    return (round(left * scale, 2), round(top * scale, 2), round(right * scale, 2), round(bottom * scale, 2))


@cache
def _load() -> Any:  # noqa: ANN401 (trueocr ships no types)
    onnxruntime.disable_telemetry_events()
    onnxruntime.set_default_logger_severity(_ERRORS)
    return trueocr.load_model(threads=1)


def _find_lines(grey: Grey) -> list[tuple[int, int, int, int]]:
    """Return the boxes of the lines of text in pixels, from the top."""
    height, width = grey.shape
    found = []
    for x0, top, x1, bottom, _ in _load()._get_page_engine().detect(grey).tolist():  # noqa: SLF001 (its pages are read whole otherwise)
        more = _TALLER * (bottom - top)
        box = (max(0, int(x0)), max(0, int(top - more)), min(width, int(x1) + 1), min(height, int(bottom + more) + 1))
        if box[0] < box[2] and box[1] < box[3]:
            found.append(box)
    return sorted(found, key=lambda box: (box[1], box[0]))


def _read_lines(crops: Sequence[Grey], limit: TimeLimit) -> list[tuple[list[Letter], int]]:
    """Return the letters of each line, and how many columns the network's output had."""
    recognizer = _load().recognizer
    inputs = [
        prepare_gray(crop, max_width=recognizer.max_width, pad_y=recognizer.pad_y, pad_x=recognizer.pad_x)
        for crop in crops
    ]
    found: list[tuple[list[Letter], int]] = [([], 1)] * len(crops)
    for batch in width_batches([line.shape[1] for line in inputs], max_batch=_BATCH):
        limit.left()
        tensor, widths = pad_batch([inputs[index] for index in batch])
        ids, sure, lengths = recognizer.session.run(["ids", "conf", "lengths"], {"x": tensor, "widths": widths})
        for row, index in enumerate(batch):
            columns = int(lengths[row])
            found[index] = (list(_letters(ids[row, :columns], sure[row], recognizer.chars)), columns)
    return found


def _letters(ids: npt.NDArray[np.int64], sure: npt.NDArray[np.float32], chars: Sequence[str]) -> Iterator[Letter]:
    """Yield the letters that the columns spell: the likeliest of each, repeated ones once, blanks (0) left out."""
    before = 0
    for column, letter in enumerate(ids.tolist()):
        if letter not in (0, before):
            yield Letter(chars[letter - 1], column, float(sure[column]))
        before = letter


def to_words(letters: Sequence[Letter], columns: int) -> Iterator[tuple[float, float, str, float]]:
    """Yield for each word where it begins and ends, as shares of the line's width, its text and its confidence.

    The network is sure of a letter about its middle.
    """
    for blank, group in groupby(letters, key=lambda letter: letter.text.isspace()):
        if blank:
            continue
        word = list(group)
        text = nfc("".join(letter.text for letter in word))
        confidence = min(letter.confidence for letter in word)
        yield max(0, word[0].column - 1) / columns, min(1.0, (word[-1].column + 1) / columns), text, confidence
