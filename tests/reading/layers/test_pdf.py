"""PDFs: the text layer where it can be trusted, OCR where it can't, and what is refused."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from planparse.config import DEFAULT, Config
from planparse.document import Cell, Word
from planparse.errors import (
    InputDamagedError,
    InputEncryptedError,
    InputError,
    InputTimeoutError,
    InputTooLargeError,
)
from planparse.pipeline import parse
from planparse.reading import read_file
from planparse.reading.engines import Shape
from planparse.reading.segments import PlacedWord
from planparse.warning import WarningCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planparse.document import Document
    from planparse.reading.images.raster import Raster

FONT_FILE = Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf")
FONT = "LiberationSerif"
WIDTH, HEIGHT = 595.0, 842.0
BODY = (
    "Thực hiện công tác kiểm soát thủ tục hành chính năm 2024",
    "1. Rà soát, đơn giản hóa thủ tục hành chính",
    "Đơn vị chủ trì: Văn phòng Ủy ban nhân dân tỉnh",
)
POOR = ("CQNG HOA xA HQI CHU NGHIA VIET NAM", "Don vi chu tri: Van phong Uy ban nhan dan tinh Quang Ngai")

Draw = tuple[float, float, str]
"""Left and top of a text in points from the page's top left corner, and the text."""


@pytest.fixture(autouse=True)
def _font() -> None:
    if not FONT_FILE.is_file():
        pytest.skip("Liberation Serif is not installed: apt-get install fonts-liberation2")
    pdfmetrics.registerFont(TTFont(FONT, str(FONT_FILE)))


class Reader:
    """In place of Tesseract: the words that it shall read, and the places that it was asked to read."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.places: list[str] = []

    def read(self, raster: Raster, config: Config, *, place: str, shape: Shape = Shape.PAGE) -> list[PlacedWord]:
        assert shape in Shape
        assert raster.dpi <= config.dpi
        self.places.append(place)
        boxes = [(80.0 + 60 * n, 80.0, 130.0 + 60 * n, 92.0) for n in range(len(self.words))]
        return [PlacedWord(Word(text, box, 0.9), (1, 1, 1)) for text, box in zip(self.words, boxes, strict=True)]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[Reader], Reader]:
    """Return a function that puts a reader in the place of Tesseract."""

    def replace(reader: Reader) -> Reader:
        monkeypatch.setattr("planparse.reading.scan.engines_of", lambda _: [reader])
        return reader

    return replace


def draw_lines(lines: Iterable[str], top: float = 80.0) -> list[Draw]:
    return [(80.0, top + 20 * number, text) for number, text in enumerate(lines)]


def make_pdf(*pages: Iterable[Draw], encrypt: StandardEncryption | None = None, scanned: bool = False) -> bytes:
    """Return a PDF; where it is `scanned`, with an image as large as the page behind each page's text."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(WIDTH, HEIGHT), encrypt=encrypt, invariant=True)
    for page in pages:
        if scanned:
            canvas.drawImage(ImageReader(Image.new("L", (60, 84), "white")), 0, 0, WIDTH, HEIGHT)
        canvas.setFont(FONT, 13)
        for left, top, text in page:
            canvas.drawString(left, HEIGHT - top, text)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Document]:
    """Return a function that reads the bytes of a PDF from a file."""

    def read(data: bytes, config: Config = DEFAULT) -> Document:
        path = tmp_path / "plan.pdf"
        path.write_bytes(data)
        return read_file(path, config)

    return read


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


# The text layer


def test_a_good_layer_is_read_without_ocr(read: Callable[..., Document], use: Callable[[Reader], Reader]) -> None:
    reader = use(Reader("OCR"))
    document = read(make_pdf(draw_lines(BODY), draw_lines(BODY)))
    assert texts(document) == [*BODY, *BODY]
    assert document.source.text_from == "text_layer"
    assert (document.warnings, reader.places) == ((), [])
    assert [line.page for line in document.lines] == [1, 1, 1, 2, 2, 2]


def test_boxes_are_in_points_from_the_top_left(read: Callable[..., Document]) -> None:
    document = read(make_pdf(draw_lines(BODY)))
    (page,) = document.pages
    assert (page.width, page.height) == (WIDTH, HEIGHT)
    for number, line in enumerate(page.lines):
        assert line.bbox is not None
        assert line.bbox[0] == pytest.approx(80, abs=2)
        assert line.bbox[1] < 80 + 20 * number < line.bbox[3]
        assert " ".join(word.text for word in line.words) == line.text
        assert line.confidence == 1.0


def test_the_head_is_read_left_then_right(read: Callable[..., Document]) -> None:
    left = [(60.0, 60.0, "ỦY BAN NHÂN DÂN"), (60.0, 80.0, "TỈNH QUẢNG NGÃI"), (60.0, 110.0, "Số: 15/KH-UBND")]
    right = [
        (300.0, 60.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (340.0, 80.0, "Độc lập - Tự do - Hạnh phúc"),
        (320.0, 110.0, "Quảng Ngãi, ngày 15 tháng 01 năm 2024"),
    ]
    document = read(make_pdf([*left, *right, *draw_lines(BODY, top=160.0)]))
    assert texts(document) == [text for _, _, text in (*left, *right)] + list(BODY)


def make_table(rows: list[list[str]], *, rules: bool = True) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(WIDTH, HEIGHT), invariant=True)
    canvas.setFont(FONT, 13)
    canvas.drawString(80, HEIGHT - 60, BODY[0])
    lefts, tops = [80.0, 120.0, 330.0, 520.0], [100.0 + 40 * number for number in range(len(rows) + 1)]
    if rules:
        canvas.grid(lefts, [HEIGHT - top for top in tops])
    for row, top in zip(rows, tops, strict=False):
        for text, left in zip(row, lefts, strict=False):
            for number, part in enumerate(text.split("\n")):
                canvas.drawString(left + 5, HEIGHT - top - 15 - 16 * number, part)
    canvas.drawString(80, HEIGHT - tops[-1] - 40, BODY[2])
    canvas.save()
    return stream.getvalue()


def test_a_ruled_table_is_read_cell_by_cell(read: Callable[..., Document]) -> None:
    table = [
        ["TT", "Nhiệm vụ", "Đơn vị chủ trì"],
        ["1", "Rà soát thủ tục\nhành chính", "Sở Tư pháp"],
        ["2", "Tổ chức tập huấn", "Sở Nội vụ"],
    ]
    document = read(make_table(table))
    lines = list(document.lines)
    cells = [(line.cell, line.text) for line in lines if line.cell]
    assert cells == [
        (Cell(1, row, column), part)
        for row, texts_of_row in enumerate(table, 1)
        for column, text in enumerate(texts_of_row, 1)
        for part in text.split("\n")
    ]
    assert (lines[0].text, lines[0].cell) == (BODY[0], None)
    assert (lines[-1].text, lines[-1].cell) == (BODY[2], None)


def test_tables_are_numbered_through_the_document(read: Callable[..., Document]) -> None:
    table = [["TT", "Nhiệm vụ", "Đơn vị"], ["1", "Rà soát", "Sở Tư pháp"]]
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(WIDTH, HEIGHT), invariant=True)
    for _ in range(2):
        canvas.setFont(FONT, 13)
        canvas.grid([80, 120, 330, 520], [HEIGHT - 100, HEIGHT - 140, HEIGHT - 180])
        for number, row in enumerate(table):
            for left, text in zip((85, 125, 335), row, strict=True):
                canvas.drawString(left, HEIGHT - 120 - 40 * number, text)
        canvas.showPage()
    canvas.save()
    document = read(stream.getvalue())
    assert [line.cell.table for line in document.lines if line.cell] == [1] * 6 + [2] * 6


# Layers that can't be trusted


@pytest.mark.parametrize(
    "layer",
    [
        pytest.param(POOR, id="OCR without Vietnamese"),
        pytest.param(("The quick brown fox jumps over", "the lazy dog again"), id="English"),
    ],
)
def test_a_poor_layer_is_read_by_ocr_with_a_warning(
    layer: tuple[str, ...], read: Callable[..., Document], use: Callable[[Reader], Reader]
) -> None:
    reader = use(Reader("Đơn", "vị"))
    document = read(make_pdf(draw_lines(layer), scanned=True))
    assert texts(document) == ["Đơn vị"]
    assert reader.places == ["plan.pdf, page 1"]
    assert document.source.text_from == "ocr"
    (warning,) = document.warnings
    assert warning.code == WarningCode.POOR_TEXT_LAYER
    assert warning.where is not None
    assert warning.where.page == 1


def test_a_page_number_over_a_scan_is_no_layer(read: Callable[..., Document], use: Callable[[Reader], Reader]) -> None:
    use(Reader("Đơn", "vị"))
    document = read(make_pdf([(300.0, 40.0, "Trang 2")], scanned=True))
    assert texts(document) == ["Đơn vị"]
    assert document.warnings == ()


def test_a_page_number_alone_on_a_page_is_all_of_it(
    read: Callable[..., Document], use: Callable[[Reader], Reader]
) -> None:
    reader = use(Reader("Đơn", "vị"))
    document = read(make_pdf([(300.0, 40.0, "Trang 2")]))
    assert texts(document) == ["Trang 2"]
    assert reader.places == []


def test_each_page_is_decided_by_itself(read: Callable[..., Document], use: Callable[[Reader], Reader]) -> None:
    reader = use(Reader("Đơn", "vị"))
    document = read(make_pdf(draw_lines(BODY), [], draw_lines(BODY)))
    assert texts(document) == [*BODY, "Đơn vị", *BODY]
    assert [line.number for line in document.lines] == list(range(1, 8))
    assert reader.places == ["plan.pdf, page 2"]
    assert document.source.text_from == "mixed"


def test_a_blank_page_is_counted(read: Callable[..., Document], use: Callable[[Reader], Reader]) -> None:
    use(Reader())
    document = read(make_pdf(draw_lines(BODY), [], draw_lines(BODY)))
    assert texts(document) == [*BODY, *BODY]
    assert [page.number for page in document.pages] == [1, 2, 3]
    assert [line.page for line in document.lines] == [1, 1, 1, 3, 3, 3]
    assert document.source.text_from == "text_layer"
    assert (document.pages[1].width, document.pages[1].height) == pytest.approx((WIDTH, HEIGHT), abs=0.5)


def test_only_blank_pages_are_a_document_without_text(
    read: Callable[..., Document], use: Callable[[Reader], Reader]
) -> None:
    use(Reader())
    document = read(make_pdf([], []))
    assert [warning.code for warning in document.warnings] == [WarningCode.NO_TEXT]
    assert document.source.pages == 2


def test_a_plan_says_once_that_there_is_no_text(use: Callable[[Reader], Reader], tmp_path: Path) -> None:
    use(Reader())
    (tmp_path / "blank.pdf").write_bytes(make_pdf([], []))
    assert [warning.code for warning in parse(tmp_path / "blank.pdf").warnings] == [WarningCode.NO_TEXT]


def test_a_page_that_takes_too_long_stays_empty(read: Callable[..., Document], monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        def read(self, *_: object, place: str, **__: object) -> list[PlacedWord]:
            raise InputTimeoutError("OCR took longer than 1 s", place, "raise the time limit")

    monkeypatch.setattr("planparse.reading.scan.engines_of", lambda _: [Slow()])
    document = read(make_pdf(draw_lines(BODY), []))
    assert texts(document) == list(BODY)
    assert [warning.code for warning in document.warnings] == [WarningCode.PAGE_NOT_READ]
    with pytest.raises(InputTimeoutError):
        read(make_pdf([], []))


# What is refused


def test_a_user_password_is_refused(read: Callable[..., Document]) -> None:
    data = make_pdf(draw_lines(BODY), encrypt=StandardEncryption("bí mật", "owner", strength=128))
    with pytest.raises(InputEncryptedError, match="encrypted"):
        read(data)


def test_an_owner_password_alone_is_no_obstacle(read: Callable[..., Document]) -> None:
    encryption = StandardEncryption("", "owner", canPrint=0, canCopy=0, strength=128)
    assert texts(read(make_pdf(draw_lines(BODY), encrypt=encryption))) == list(BODY)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.99])
def test_a_pdf_that_is_cut_off_is_repaired_or_refused(
    share: float, read: Callable[..., Document], use: Callable[[Reader], Reader]
) -> None:
    use(Reader())
    data = make_pdf(draw_lines(BODY), draw_lines(BODY))
    try:
        document = read(data[: int(share * len(data))])
    except InputError as error:
        assert isinstance(error, InputDamagedError)  # noqa: PT017 (or read: both are right)
    else:
        assert set(texts(document)) <= set(BODY)


def test_a_broken_table_of_objects_is_repaired(read: Callable[..., Document]) -> None:
    data = make_pdf(draw_lines(BODY))
    start = data.rindex(b"startxref")
    assert texts(read(data[:start] + b"startxref\n7\n%%EOF\n")) == list(BODY)


def test_rubbish_before_the_signature_is_skipped(read: Callable[..., Document]) -> None:
    assert texts(read(b"\r\nrubbish\r\n" + make_pdf(draw_lines(BODY)))) == list(BODY)


def test_a_signature_alone_is_damaged(read: Callable[..., Document]) -> None:
    with pytest.raises(InputDamagedError):
        read(b"%PDF-1.7\n" + bytes(range(256)) * 8)


def test_a_pdf_without_pages_is_damaged(read: Callable[..., Document]) -> None:
    data = make_pdf(draw_lines(BODY)).replace(b"/Count 1", b"/Count 0")
    kids = data.index(b"/Kids [")
    end = data.index(b"]", kids)
    data = data[: kids + 7] + b" " * (end - kids - 7) + data[end:]
    with pytest.raises(InputDamagedError):
        read(data)


def test_a_pdf_of_too_many_pages_is_refused(read: Callable[..., Document]) -> None:
    data = make_pdf(*[draw_lines(BODY)] * 3)
    assert len(read(data, Config(max_pages=3)).pages) == 3
    with pytest.raises(InputTooLargeError, match="2 pages"):
        read(data, Config(max_pages=2))


@pytest.mark.parametrize(
    ("size", "refusal"),
    [
        pytest.param((14400.0, 14400.0), InputTooLargeError, id="5 m by 5 m"),
        pytest.param((1.0, 1.0), InputDamagedError, id="1 pt by 1 pt"),
    ],
)
def test_a_scan_of_no_sane_size_is_refused(
    size: tuple[float, float], refusal: type[InputError], read: Callable[..., Document]
) -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size)
    canvas.showPage()
    canvas.save()
    with pytest.raises(refusal, match="page 1"):
        read(stream.getvalue())
