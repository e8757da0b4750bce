"""trueocr's lines → words with boxes; and pages read in earnest, straight and askew."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

from planparse.config import DEFAULT, Config
from planparse.document import union_bbox
from planparse.errors import InputTimeoutError
from planparse.reading.images.raster import Raster
from planparse.text import strip_marks

trueocr = pytest.importorskip("planparse.reading.engines.trueocr", reason='needs the extra "planparse[trueocr]"')

FONT_FILE = Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf")
LINES = ("Sở Nội vụ chủ trì, phối hợp với các sở, ban, ngành", "Thời gian hoàn thành: trước ngày 30/11/2025")
SCALE = 200 / 72
ALIKE = 0.95
"""It loses a space here and there."""

needs_font = pytest.mark.skipif(
    not FONT_FILE.is_file(), reason="needs Liberation Serif: apt-get install fonts-liberation2"
)


def draw(skew: float = 0.0) -> Raster:
    """Return a page with LINES, whose first letters stand 40 points from the left, 30 and 60 from the top."""
    image = Image.new("L", (round(420 * SCALE), round(300 * SCALE)), "white")
    font = ImageFont.truetype(str(FONT_FILE), round(14 * SCALE))
    for number, line in enumerate(LINES):
        ImageDraw.Draw(image).text((40 * SCALE, (30 + 30 * number) * SCALE), line, font=font, fill=0)
    return Raster(image.rotate(-skew, Image.Resampling.BICUBIC, fillcolor=255), 200.0, skew)


def letters(*texts: str) -> list[object]:
    """Return the letters of texts, each in the column after the one before, half as sure as the one before it."""
    return [trueocr.Letter(char, column, 1 / (1 + column)) for column, char in enumerate("".join(texts))]


def test_a_word_begins_and_ends_with_the_columns_of_its_letters() -> None:
    words = list(trueocr.to_words(letters("Sở Nội"), 10))
    assert [(start, end, text) for start, end, text, _ in words] == [(0.0, 0.2, "Sở"), (0.2, 0.6, "Nội")]


def test_a_word_is_as_sure_as_its_least_sure_letter() -> None:
    assert [confidence for *_, confidence in trueocr.to_words(letters("Sở Nội"), 10)] == [1 / 2, 1 / 6]


@needs_font
def test_a_page_is_read_line_by_line() -> None:
    words = trueocr.TrueOcr().read(draw(), DEFAULT, place="page 1")
    for number, line in enumerate(LINES):
        read = " ".join(placed.word.text for placed in words if placed.line == (number,))
        assert Levenshtein.normalized_similarity(strip_marks(read), strip_marks(line)) > ALIKE


@needs_font
def test_words_stand_where_they_are_printed() -> None:
    first = trueocr.TrueOcr().read(draw(), DEFAULT, place="page 1")[0]
    assert first.bbox[:2] == pytest.approx((40, 30), abs=4)
    assert first.bbox[3] == pytest.approx(45, abs=4)


@needs_font
def test_a_page_askew_is_read_and_its_words_stand_where_they_lie() -> None:
    straight, askew = (trueocr.TrueOcr().read(draw(skew), DEFAULT, place="page 1") for skew in (0.0, 4.0))
    read = [strip_marks(" ".join(placed.word.text for placed in words)) for words in (straight, askew)]
    assert Levenshtein.normalized_similarity(*read) > ALIKE
    heights = [box[3] - box[1] for words in (straight, askew) if (box := union_bbox(word.bbox for word in words))]
    assert heights[1] > heights[0] + 10


@needs_font
def test_a_white_page_has_no_words() -> None:
    assert trueocr.TrueOcr().read(Raster(Image.new("L", (800, 1000), "white"), 200.0), DEFAULT, place="page 1") == []


@needs_font
def test_lines_that_are_left_when_the_time_is_over_are_not_read() -> None:
    with pytest.raises(InputTimeoutError):
        trueocr.TrueOcr().read(draw(), Config(page_timeout=0.001), place="page 1")
