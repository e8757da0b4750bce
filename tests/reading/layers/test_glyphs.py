"""Words of a text layer: what pdfium's characters show, how they make words, where these stand."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pdfplumber
import pypdfium2
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from planparse.reading.layers import read_layer
from planparse.reading.layers.drawings import find_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from planparse.document import BBox
    from planparse.reading.layers import TextLayer

FONTS = Path("/usr/share/fonts/truetype/liberation2")
SHARED = Path(__file__).parents[4] / "shared"
SAMPLES = Path(__file__).parents[3] / "samples"
WIDTH, HEIGHT = 595, 842
NAMES = {"Regular": "LiberationSerif", "Bold": "LiberationSerifBold", "Italic": "LiberationSerifItalic"}

Paint = "Callable[[Canvas], None]"


@pytest.fixture(autouse=True)
def _fonts() -> None:
    for style, name in NAMES.items():
        path = FONTS / f"LiberationSerif-{style}.ttf"
        if not path.is_file():
            pytest.skip("Liberation Serif is not installed: apt-get install fonts-liberation2")
        pdfmetrics.registerFont(TTFont(name, str(path)))


def paint(draw: Callable[[Canvas], None], size: tuple[int, int] = (WIDTH, HEIGHT)) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size, invariant=True)
    canvas.setFont(NAMES["Regular"], 13)
    draw(canvas)
    canvas.save()
    return stream.getvalue()


def layer_of(data: bytes, number: int = 1) -> TextLayer:
    layer = read_layer(pypdfium2.PdfDocument(data), number)
    assert layer is not None
    return layer


def texts(data: bytes) -> list[str]:
    return [placed.word.text for placed in layer_of(data).words]


def plumber_words(data: bytes, number: int) -> list[tuple[str, BBox]]:
    with pdfplumber.open(io.BytesIO(data)) as document:
        words = document.pages[number - 1].dedupe_chars().extract_words(x_tolerance_ratio=0.15)
    return [(word["text"], (word["x0"], word["top"], word["x1"], word["bottom"])) for word in words]


# Words


def test_white_space_parts_words_and_type_does_not() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(80, 700)
        for style, piece in (("Regular", "Số: "), ("Bold", "12"), ("Regular", "/KH-UBND năm")):
            text.setFont(NAMES[style], 13)
            text.textOut(piece)
        canvas.drawText(text)

    assert texts(paint(draw)) == ["Số:", "12/KH-UBND", "năm"]


def test_a_gap_parts_words_where_no_space_is_printed() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 700, "Đơn")
        canvas.drawString(80 + canvas.stringWidth("Đơn") + 3, 700, "vị")

    assert texts(paint(draw)) == ["Đơn", "vị"]


def test_letters_placed_one_by_one_are_a_word_in_any_order() -> None:
    def draw(canvas: Canvas) -> None:
        places = [(80 + canvas.stringWidth("nghiệp"[:n]), letter) for n, letter in enumerate("nghiệp")]
        for left, letter in places[::2] + places[1::2]:
            canvas.drawString(left, 700, letter)

    assert texts(paint(draw)) == ["nghiệp"]


def test_decomposed_letters_are_composed() -> None:
    assert texts(paint(lambda canvas: canvas.drawString(80, 700, "Đơn vị"))) == ["Đơn", "vị"]


@pytest.mark.parametrize(
    ("printed", "shown"), [("quản­lý", "quản-lý"), ("a\u200bb", "ab"), ("kinh\u00a0phí", "kinh phí")]
)
def test_a_character_is_what_it_shows(printed: str, shown: str) -> None:
    assert " ".join(texts(paint(lambda canvas: canvas.drawString(80, 700, printed)))) == shown


def test_a_hyphen_at_the_end_of_a_line_is_a_hyphen() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 700, "Văn phòng Trung-")
        canvas.drawString(80, 680, "ương Đảng")

    assert texts(paint(draw)) == ["Văn", "phòng", "Trung-", "ương", "Đảng"]


def test_what_is_printed_twice_counts_once_and_double_letters_stay() -> None:
    def draw(canvas: Canvas) -> None:
        for left in (80, 80.5):
            canvas.drawString(left, 700, "Illinois 100")

    assert texts(paint(draw)) == ["Illinois", "100"]


def test_invisible_text_counts_and_text_off_the_page_does_not() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(80, 700)
        text.setFont(NAMES["Regular"], 13)
        text.setTextRenderMode(3)
        text.textOut("Đơn vị")
        canvas.drawText(text)
        canvas.drawString(WIDTH + 50, 700, "ngoài")
        canvas.drawString(80, -400, "dưới")

    assert texts(paint(draw)) == ["Đơn", "vị"]


def test_text_up_the_page_is_read_along_its_way() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(60, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Đơn vị chủ trì")

    layer = layer_of(paint(draw))
    assert [placed.word.text for placed in layer.words] == ["Đơn", "vị", "chủ", "trì"]
    assert all(placed.bbox[3] - placed.bbox[1] > placed.bbox[2] - placed.bbox[0] for placed in layer.words[::2])


def test_bold_is_told_by_the_font_or_by_a_stroke() -> None:
    def draw(canvas: Canvas) -> None:
        for top, style, mode in ((700, "Regular", 0), (680, "Bold", 0), (660, "Regular", 2)):
            text = canvas.beginText(80, top)
            text.setFont(NAMES[style], 13)
            text.setTextRenderMode(mode)
            text.textOut("chữ")
            canvas.drawText(text)

    assert [placed.word.bold for placed in layer_of(paint(draw)).words] == [False, True, True]


# Boxes, against pdfplumber


@pytest.mark.parametrize("scale", [0.5, 1, 2])
def test_boxes_are_those_of_pdfplumber(scale: float) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.scale(scale, scale)
        for style, top in (("Regular", 300), ("Bold", 280), ("Italic", 260)):
            canvas.setFont(NAMES[style], 13)
            canvas.drawString(40, top, "Đơn vị chủ trì: Ủy ban nhân dân")

    data = paint(draw)
    expected = plumber_words(data, 1)
    words = layer_of(data).words
    assert [placed.word.text for placed in words] == [text for text, _ in expected]
    for placed, (_, box) in zip(words, expected, strict=True):
        assert placed.bbox == pytest.approx(box, abs=0.2 * max(1, scale))


@pytest.mark.parametrize(
    "path",
    [*sorted(SAMPLES.glob("*-layer.pdf")), SHARED / "plans/angiang-102/source.pdf"],
    ids=lambda path: path.parent.name,
)
def test_words_of_real_plans_are_those_of_pdfplumber(path: Path) -> None:
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    data = path.read_bytes()
    for number in range(1, len(pypdfium2.PdfDocument(data)) + 1):
        words = sorted((placed.word.text, placed.bbox) for placed in layer_of(data, number).words)
        expected = sorted(plumber_words(data, number))
        assert [text for text, _ in words] == [text for text, _ in expected]
        for (_, box), (_, other) in zip(words, expected, strict=True):
            assert box == pytest.approx(other, abs=0.5)


# Tables, against pdfplumber


def grid(canvas: Canvas) -> None:
    canvas.grid([80, 120, 330, 520], [700, 660, 600, 560])


def cells(canvas: Canvas) -> None:
    for left, right in ((80, 120), (120, 330), (330, 520)):
        for top in (600, 640, 680):
            canvas.rect(left, top, right - left, 40)


def thin_shapes(canvas: Canvas) -> None:
    """Draw as Word does: each side of each cell a filled shape of half a point."""
    for left, right in ((80, 120), (120, 330), (330, 520)):
        for top in (600, 640, 680, 720):
            canvas.rect(left, top, right - left, 0.5, stroke=0, fill=1)
    for left in (80, 120, 330, 520):
        for top in (600, 640, 680):
            canvas.rect(left, top, 0.5, 40, stroke=0, fill=1)


def form(canvas: Canvas) -> None:
    canvas.beginForm("table")
    canvas.grid([80, 120, 330, 520], [700, 660, 600, 560])
    canvas.endForm()
    canvas.translate(10, -50)
    canvas.doForm("table")


def merged(canvas: Canvas) -> None:
    canvas.grid([80, 120, 520], [700, 660, 600, 560])
    canvas.lines([(330, 700, 330, 600)])


@pytest.mark.parametrize("draw", [grid, cells, thin_shapes, form, merged])
def test_cells_are_those_of_pdfplumber(draw: Callable[[Canvas], None]) -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawString(85, 670, "TT")
        draw(canvas)

    data = paint(page)
    with pdfplumber.open(io.BytesIO(data)) as document:
        (expected,) = (sorted(table.cells) for table in document.pages[0].find_tables())
    (found,) = layer_of(data).grids
    assert len(found) >= 8
    for cell, other in zip(sorted(found), expected, strict=True):
        assert cell == pytest.approx(other, abs=1.0)


def test_underlines_frames_and_white_shapes_are_no_tables() -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawString(80, 700, "Đơn vị")
        canvas.line(80, 690, 200, 690)
        canvas.rect(40, 40, WIDTH - 80, HEIGHT - 80)
        canvas.setFillGray(1)
        for top in range(100, 600, 20):
            for left in (80, 300):
                canvas.rect(left, top, 220, 20, stroke=0, fill=1)

    assert layer_of(paint(page)).grids == ()


def test_a_drawing_of_thousands_of_lines_is_no_table() -> None:
    rules = [(float(n), 0.0, float(n), 800.0) for n in range(0, 4000, 4)]
    assert find_tables(rules + [(y, x, b, r) for x, y, r, b in rules]) == ()


# Odd pages


def test_a_page_of_200_000_characters_is_read() -> None:
    line = "Đơn vị chủ trì thực hiện " * 20

    def page(canvas: Canvas) -> None:
        canvas.setFont(NAMES["Regular"], 1)
        for number in range(400):
            canvas.drawString(10, 830 - 2 * number, line)

    assert len(layer_of(paint(page)).words) == 400 * 20 * 6


@pytest.mark.parametrize(
    "box",
    [b"[ 0 0 0 0 ]", b"[ 595 842 0 0 ]", b"[ nan 0 9 9 ]", b"[ 0 0 1 1 ]", b"[ -9 -9 -1 -1 ]", b"[ 0 0 1e38 1e38 ]"],
)
def test_a_page_of_no_sane_size_does_no_harm(box: bytes) -> None:
    data = paint(lambda canvas: canvas.drawString(80, 700, "Đơn vị"))
    broken = data.replace(b"/MediaBox [ 0 0 595 842 ]", b"/MediaBox " + box)
    assert broken != data
    layer = read_layer(pypdfium2.PdfDocument(broken), 1)
    assert layer is None or all(placed.word.text in {"Đơn", "vị"} for placed in layer.words)
