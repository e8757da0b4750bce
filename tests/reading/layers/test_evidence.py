"""Text layer or OCR: page by page the right choice, with the reason in a warning."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from planparse.config import DEFAULT, Config
from planparse.document import Word
from planparse.errors import InputError, InputTimeoutError
from planparse.reading import read_bytes
from planparse.reading.engines import Shape
from planparse.reading.layers.evidence import by_spelling, find_ink, is_better, spelling
from planparse.reading.segments import PlacedWord
from planparse.restoring import plausibility
from planparse.text import strip_marks
from planparse.warning import WarningCode

if TYPE_CHECKING:
    from planparse.document import Document
    from planparse.reading.images.raster import Raster

FONTS = Path("/usr/share/fonts/truetype/liberation2")
FONT = "LiberationSerif"
TWIN = "LiberationSerifTwin"
"""The same font once more, in a file of its own, so that a PDF can call it by another name."""
WIDTH, HEIGHT = 596, 843
LINES = (
    "KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2024",
    "Thực hiện công tác kiểm soát thủ tục hành chính năm 2024 của Ủy ban nhân dân tỉnh,",
    "Văn phòng Ủy ban nhân dân tỉnh ban hành kế hoạch với các nội dung sau đây:",
    "1. Rà soát, đơn giản hóa thủ tục hành chính thuộc phạm vi quản lý của tỉnh.",
    "Đơn vị chủ trì: Văn phòng Ủy ban nhân dân tỉnh; thời gian thực hiện: trong quý II.",
    "2. Tổ chức tập huấn nghiệp vụ cho cán bộ, công chức làm công tác cải cách hành chính.",
    "Đơn vị phối hợp: Sở Nội vụ, Sở Tư pháp và Ủy ban nhân dân các huyện, thành phố.",
    "3. Báo cáo kết quả thực hiện gửi về Sở Nội vụ trước ngày 15 tháng 12 năm 2024.",
)
TEXT = "\n".join(LINES)
CAPITALS = "\n".join(textwrap.fill(line.upper(), 45) for line in LINES)
MISREAD = TEXT.translate(str.maketrans("ựạểủụòấộếớổịđ", "ưaểuuỏấôêơỏid"))
"""What OCR makes of the text that takes one mark for another: syllables still, with marks, but not the right ones."""
GIBBERISH = "".join(chr((ord(c) - 97 + 7) % 26 + 97) if c.isalpha() else c for c in strip_marks(TEXT).lower())
ENGLISH = "The Department shall publish this report\nand send it to every district before March"
FIGURES = "\n".join(f"{n}. {n * 1234567:,} {n * 7.25:.2f} % {2020 + n} A{n} B{n}" for n in range(1, 12))
TCVN3 = "§¬n vÞ chñ tr×: V¨n phßng ñy ban nh©n d©n tØnh\nThêi gian thùc hiÖn: trong quý II n¨m 2024"
UNICODE = "Đơn vị chủ trì: Văn phòng ủy ban nhân dân tỉnh\nThời gian thực hiện: trong quý II năm 2024"
STAMP = "Ký bởi: Ủy ban nhân dân tỉnh\nNgày ký: 03-03-2020 16:18:57 +07:00"

Paint = Callable[[Canvas], None]


@pytest.fixture(autouse=True)
def _fonts() -> None:
    if not (FONTS / f"{FONT}-Regular.ttf").is_file():
        pytest.skip("Liberation Serif is not installed: apt-get install fonts-liberation2")
    pdfmetrics.registerFont(TTFont(FONT, str(FONTS / f"{FONT}-Regular.ttf")))
    pdfmetrics.registerFont(TTFont(TWIN, str(FONTS / f"{FONT}-Italic.ttf")))


class Reader:
    """In place of Tesseract: reads the same lines on each page, and tells which pages it was asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pages: list[int] = []

    def read(self, raster: Raster, config: Config, *, place: str, shape: Shape = Shape.PAGE) -> list[PlacedWord]:
        assert raster.dpi <= config.dpi
        assert shape in Shape
        self.pages.append(int(place.rsplit(" ", 1)[1]))
        return [
            PlacedWord(
                Word(text, (60.0 + 45 * n, 100.0 + 20 * row, 100.0 + 45 * n, 112.0 + 20 * row), 0.9), (1, 1, row)
            )
            for row, line in enumerate(self.text.split("\n"))
            for n, text in enumerate(line.split())
        ]


def write(text: str, *, font: str = FONT, mode: int = 0, left: float = 60.0, top: float = 100.0) -> Paint:
    """Return what writes the lines of a text; `mode` 3 is invisible."""

    def paint(canvas: Canvas) -> None:
        for number, line in enumerate(text.split("\n")):
            written = canvas.beginText(left, HEIGHT - top - 20 * number)
            written.setFont(font, 12)
            written.setTextRenderMode(mode)
            written.textOut(line)
            canvas.drawText(written)

    return paint


def scan(text: str = TEXT, *, top: float = 100.0) -> Paint:
    """Return what draws an image as large as the page, with the lines of a text where `write` has them."""
    scale = 100 / 72

    def paint(canvas: Canvas) -> None:
        image = Image.new("L", (round(WIDTH * scale), round(HEIGHT * scale)), 245)
        pen, font = ImageDraw.Draw(image), ImageFont.truetype(str(FONTS / f"{FONT}-Regular.ttf"), round(12 * scale))
        for number, line in enumerate(text.split("\n")):
            pen.text((60 * scale, (top + 20 * number) * scale), line, fill=20, font=font, anchor="ls")
        canvas.drawImage(ImageReader(image), 0, 0, WIDTH, HEIGHT)

    return paint


def photo(left: float, bottom: float, width: float, height: float) -> Paint:
    """Return what draws a picture full of middle tones."""
    tones = np.random.default_rng(1).integers(20, 160, (6, 8)).astype(np.uint8)
    image = Image.fromarray(tones).resize((400, 300), Image.Resampling.BICUBIC)
    return lambda canvas: canvas.drawImage(ImageReader(image), left, bottom, width, height)


def turned(text: str, degrees: int) -> Paint:
    """Return what writes a text that stands upright once the page is turned."""

    def paint(canvas: Canvas) -> None:
        canvas.setPageRotation(degrees)
        canvas.translate(*{90: (HEIGHT, 0), 180: (WIDTH, HEIGHT), 270: (0, WIDTH)}[degrees])
        canvas.rotate(degrees)
        write(text)(canvas)

    return paint


def make_pdf(*pages: tuple[Paint, ...], size: tuple[int, int] = (WIDTH, HEIGHT)) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size, invariant=True)
    for page in pages:
        canvas.setPageRotation(0)
        for paint in page:
            canvas.saveState()
            paint(canvas)
            canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def rename(data: bytes) -> bytes:
    """Call the font `TWIN` as TCVN3 fonts are called; the name is as long."""
    return data.replace(b"LiberationSerif-Italic", b".VnTime-Regular-Italic")


@dataclass(frozen=True)
class Case:
    """A kind of page: what is on it, what it must be read from, and what the warning must say.

    Attributes:
        page: what is painted.
        expected: the words that must come out.
        ocr: what OCR reads there.
        asked: whether OCR may be asked; a good layer must do without.
        reason: a part of the warning; empty where there must be none.
    """

    page: tuple[Paint, ...]
    expected: str = TEXT
    ocr: str = TEXT
    asked: bool = False
    reason: str = ""


CASES = {
    "a good layer": Case((write(TEXT),)),
    "in capitals": Case((write(CAPITALS),), CAPITALS),
    "figures": Case((write(FIGURES),), FIGURES),
    "English names": Case((write(f"{TEXT}\n{ENGLISH}"),), f"{TEXT}\n{ENGLISH}"),
    "with a logo": Case((write(TEXT), photo(60, 780, 60, 40))),
    "with a picture as large as the text": Case((write(TEXT), photo(60, 100, 400, 300)), asked=True),
    "turned by 90": Case((turned(TEXT, 90),)),
    "turned by 180": Case((turned(TEXT, 180),)),
    "turned by 270": Case((turned(TEXT, 270),)),
    "printed twice to look bold": Case((write(TEXT), write(TEXT, left=60.4))),
    "TCVN3 in a font that says so": Case((write(TCVN3, font=TWIN),), UNICODE, reason="TCVN3 (ABC) was converted"),
    "TCVN3 in a font that does not": Case((write(TCVN3),), UNICODE, reason="TCVN3 (ABC) was converted"),
    "a good layer behind a scan": Case((scan(), write(TEXT, mode=3))),
    "a scan without a layer": Case((scan(),), asked=True),
    "a page number over a scan": Case((scan(), write("Trang 2", top=40)), asked=True),
    "a layer without marks": Case(
        (scan(), write(strip_marks(TEXT), mode=3)), asked=True, reason="100% of its syllables have no marks"
    ),
    "a layer of wrong marks": Case((scan(), write(MISREAD, mode=3)), asked=True, reason="the language model finds it"),
    "a stamp over a scan": Case((scan(), write(STAMP, top=40)), asked=True, reason="of the ink"),
    "half of a scan": Case((scan(), write("\n".join(LINES[:4]), mode=3)), asked=True, reason="of the ink"),
    "codes without a meaning": Case(
        (write("".join(chr(0xE000 + ord(c)) if c.isalpha() else c for c in strip_marks(TEXT))),),
        asked=True,
        reason="of its characters are private codes",
    ),
    "codes that mean other letters": Case((write(GIBBERISH),), asked=True, reason="of its words are no syllables"),
    "codes that mean other letters, over a scan": Case(
        (scan(), write(GIBBERISH, mode=3)), asked=True, reason="of its words are no syllables"
    ),
    "another language, read no better": Case((write(ENGLISH),), ENGLISH, ocr=ENGLISH, asked=True),
}
"""Each kind of page. Where no warning is expected, there must be none."""


def read(data: bytes, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Document:
    monkeypatch.setattr("planparse.reading.scan.engines_of", lambda _: [reader])
    return read_bytes(rename(data), name="plan.pdf", config=DEFAULT, judge=plausibility)


def words_of(document: Document, page: int) -> list[str]:
    return [word.text for line in document.pages[page - 1].lines for word in line.words]


@pytest.mark.parametrize("kind", CASES)
def test_the_right_text_is_taken(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case, reader = CASES[kind], Reader(CASES[kind].ocr)
    document = read(make_pdf(case.page), reader, monkeypatch)
    assert words_of(document, 1) == case.expected.split()
    assert bool(reader.pages) == case.asked
    assert case.reason in " ".join(warning.message for warning in document.warnings)
    code = WarningCode.POOR_TEXT_LAYER if case.asked else WarningCode.ENCODING
    assert [warning.code for warning in document.warnings] == ([code] if case.reason else [])


def test_in_a_mixed_file_each_page_has_its_own_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = [case for case in CASES.values() if case.ocr == TEXT]
    reader = Reader(TEXT)
    document = read(make_pdf(*[case.page for case in kinds]), reader, monkeypatch)
    assert document.source.text_from == "mixed"
    for number, case in enumerate(kinds, 1):
        assert words_of(document, number) == case.expected.split()
    assert reader.pages == [number for number, case in enumerate(kinds, 1) if case.asked]
    warned = [warning.where.page for warning in document.warnings if warning.where]
    assert warned == [number for number, case in enumerate(kinds, 1) if case.reason]


def test_private_codes_are_read_by_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"BT /F 12 Tf 60 700 Td (abc defg hij klm nop) Tj ET"
    table = b"1 begincodespacerange <00><ff> endcodespacerange 1 beginbfrange <61><7a><e061> endbfrange"
    page = b"/Type /Page /Parent 2 0 R /MediaBox [0 0 596 843] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< %s >>" % page,
        b"<< /Length %d >> stream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(table), table),
    )
    body = b"".join(b"%d 0 obj %s endobj\n" % numbered for numbered in enumerate(objects, 1))
    data = b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R /Size 7 >>\n%%EOF"
    document = read(data, Reader(TEXT), monkeypatch)
    assert words_of(document, 1) == TEXT.split()
    assert [warning.message for warning in document.warnings] == [
        "page 1 was read by OCR, since its text layer is poor: 100% of its characters are private codes or none"
    ]


@pytest.mark.parametrize(("boxes", "shift"), [("media", 0), ("crop", 30)])
def test_boxes_count_from_the_corner_of_what_shows(boxes: str, shift: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A media box that does not begin at zero, and a crop box within it, move the corner."""
    data = make_pdf((write(TEXT),))
    whole = f"/MediaBox [ 0 0 {WIDTH} {HEIGHT} ]".encode()
    other = f"/MediaBox [ 7 9 {WIDTH + 7} {HEIGHT + 9} ]".encode()
    if boxes == "crop":
        other = whole + b" /CropBox [ 30 40 560 800 ]"
    moved = data.replace(whole, other)
    assert moved != data
    before, after = (read(file, Reader(""), monkeypatch).pages[0] for file in (data, moved))
    left, top = (30, HEIGHT - 800) if boxes == "crop" else (7, HEIGHT - (HEIGHT - 9) - 18)
    assert (after.width, after.height) == ((530, 760) if shift else (WIDTH, HEIGHT))
    for one, other_line in zip(before.lines, after.lines, strict=True):
        assert one.bbox is not None
        assert other_line.bbox is not None
        assert other_line.bbox[0] == pytest.approx(one.bbox[0] - left, abs=0.02)
        assert other_line.bbox[1] == pytest.approx(one.bbox[1] - top, abs=0.02)


def test_where_ocr_takes_too_long_a_doubtful_layer_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(Reader):
        def read(self, *_: object, place: str, **__: object) -> list[PlacedWord]:
            raise InputTimeoutError("OCR took longer than 1 s", place, "raise the time limit")

    document = read(make_pdf((scan(), write(MISREAD, mode=3))), Slow(""), monkeypatch)
    assert words_of(document, 1) == MISREAD.split()
    assert [warning.code for warning in document.warnings] == []


# The evidence


def test_spelling_counts_syllables_marks_and_strange_characters() -> None:
    found = spelling("Đơn vị chu tri \ue001\ue002 • \uf0b7")
    assert (found.words, found.syllables, found.marked) == (4, 1.0, 0.5)
    assert found.strange == pytest.approx(2 / 13)


def test_acronyms_among_small_letters_do_not_count() -> None:
    assert spelling("Quyết định số 12/QĐ-UBND của HĐND tỉnh").syllables == 1.0
    assert spelling("QUYẾT ĐỊNH CỦA HĐND TỈNH").words == 5


def test_right_words_decide_and_a_tie_keeps_the_layer() -> None:
    assert is_better(TEXT, MISREAD, plausibility)
    assert not is_better(MISREAD, TEXT, plausibility)
    assert not is_better(TEXT, TEXT, plausibility)
    assert is_better(TEXT, "\n".join(LINES[:4]), plausibility)


def test_spelling_alone_tells_bare_text_from_marked() -> None:
    assert by_spelling(TEXT) > 0.8
    assert by_spelling(strip_marks(TEXT)) == 0.0


def test_ink_is_dark_letters_but_neither_seals_nor_pictures() -> None:
    page = np.full((300, 200, 3), 240, dtype=np.uint8)
    page[50:250:8, 20:180:3] = 40
    assert find_ink(page)[50:250:8, 20:180:3].mean() > 0.9
    page = np.full((300, 200, 3), 240, dtype=np.uint8)
    page[100:104, 20:180] = (40, 40, 220)
    page[150:250, 20:180] = 40
    assert find_ink(page).mean() < 0.03


def test_shadows_are_no_ink() -> None:
    shaded = np.linspace(240, 90, 300).astype(np.uint8)
    page = np.repeat(shaded[:, None], 200, axis=1)[:, :, None].repeat(3, axis=2)
    assert not find_ink(page).any()


@pytest.mark.parametrize(
    "box", [b"[ 0 0 0 0 ]", b"[ nan 0 9 9 ]", b"[ 0 0 2 9000 ]", b"[ 0 0 9e9 9e9 ]", b"[ 590 840 600 850 ]"]
)
def test_a_scan_of_no_sane_size_is_read_or_refused(box: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_pdf((scan(), write(TEXT, mode=3)))
    broken = data.replace(f"/MediaBox [ 0 0 {WIDTH} {HEIGHT} ]".encode(), b"/MediaBox " + box)
    assert broken != data
    try:
        document = read(broken, Reader(TEXT), monkeypatch)
    except InputError as error:
        assert "page 1" in str(error)  # noqa: PT017 (or read: both are right)
    else:
        assert set(words_of(document, 1)) <= set(TEXT.split())
