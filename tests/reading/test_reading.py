"""Files → documents: what is refused and how, by which content a type is told, pages and their furniture."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from planparse.config import DEFAULT, Config
from planparse.document import BBox, Cell, Line, Page, Word
from planparse.errors import (
    InputDamagedError,
    InputEmptyError,
    InputMissingError,
    InputTooLargeError,
    InputUnsupportedError,
    TesseractMissingError,
)
from planparse.reading import read_bytes, read_file, read_text
from planparse.reading.engines import Shape
from planparse.reading.furniture import mark_furniture
from planparse.reading.images.preparing import Prepared
from planparse.reading.scan import Part, Scan
from planparse.reading.segments import PlacedWord
from planparse.warning import WarningCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from planparse.document import Document
    from planparse.reading.images.raster import Raster

BODY = "Thực hiện công tác kiểm soát thủ tục hành chính"


def to_bytes(image: Image.Image, kind: str) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def furniture(document: Document) -> list[str]:
    return [line.text for line in document.lines if line.furniture]


# What is refused


def make_nothing(path: Path) -> Path:
    return path / "no such plan.pdf"


def make_folder(path: Path) -> Path:
    return path


def make_fifo(path: Path) -> Path:
    os.mkfifo(path / "fifo")
    return path / "fifo"


def make_loop(path: Path) -> Path:
    (path / "loop").symlink_to(path / "loop")
    return path / "loop"


def take_zero(_: Path) -> Path:
    return Path("/dev/zero")


@pytest.mark.parametrize("make", [make_nothing, make_folder, make_fifo, make_loop, take_zero])
def test_what_is_no_regular_file_is_missing(make: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(InputMissingError):
        read_file(make(tmp_path), DEFAULT)


def test_a_folder_is_referred_to_batch(tmp_path: Path) -> None:
    with pytest.raises(InputMissingError, match="planparse batch"):
        read_file(tmp_path, DEFAULT)


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    with path.open("wb") as file:
        file.truncate(10 * DEFAULT.max_bytes)
    with pytest.raises(InputTooLargeError, match="200 MB"):
        read_file(path, DEFAULT)


def test_a_file_at_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(BODY, encoding="utf-8")
    limit = len(BODY.encode())
    assert [line.text for line in read_file(path, Config(max_bytes=limit)).lines] == [BODY]
    with pytest.raises(InputTooLargeError):
        read_file(path, Config(max_bytes=limit - 1))


def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.touch()
    with pytest.raises(InputEmptyError):
        read_file(path, DEFAULT)


@pytest.mark.parametrize("data", [bytes(range(256)), b"<html><body>404</body></html>"], ids=["bytes", "HTML"])
def test_what_is_no_pdf_but_says_so_is_damaged(data: bytes) -> None:
    with pytest.raises(InputDamagedError):
        read_bytes(data, name="plan.PDF", config=DEFAULT)


def zip_file() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (zip_file(), "Office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old Office"),
        (rb"{\rtf1\ansi K\u7871? ho\u7841?ch}", "RTF"),
        (b"\x1f\x8b\x08" + bytes(20), "gzip"),
        (to_bytes(Image.new("L", (20, 20)), "GIF"), "GIF"),
    ],
)
@pytest.mark.parametrize("name", ["plan.docx", "plan.pdf", "plan.txt", None])
def test_a_type_that_is_not_read_is_named(data: bytes, kind: str, name: str | None) -> None:
    with pytest.raises(InputUnsupportedError, match=kind):
        read_bytes(data, name=name, config=DEFAULT)


# Types by content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_an_image_named_pdf_is_read_as_an_image(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(raster: Raster, _: Config, *, place: str, **__: object) -> Scan:
        word = PlacedWord(Word(f"({place})", (10.0, 10.0, 60.0, 22.0), 0.9), (1, 1, 1))
        return Scan((Part(raster, Shape.PAGE, words=(word,)),), (), Prepared(raster, None))

    monkeypatch.setattr("planparse.reading.pages.read_scan", read)
    document = read_bytes(to_bytes(Image.new("L", (827, 1169), "white"), kind), name="plan.pdf", config=DEFAULT)
    assert [line.text for line in document.lines] == ["(plan.pdf, page 1)"]
    assert document.source.text_from == "ocr"


def test_an_image_without_tesseract_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytesseract.pytesseract.tesseract_cmd", "/nonexistent/tesseract")
    with pytest.raises(TesseractMissingError):
        read_bytes(to_bytes(Image.new("L", (100, 100), "white"), "PNG"), name=None, config=DEFAULT)


def test_text_named_png_is_read_as_text() -> None:
    document = read_bytes(BODY.encode(), name="plan.png", config=DEFAULT)
    assert [line.text for line in document.lines] == [BODY]


def test_the_source_tells_name_digest_and_pages(tmp_path: Path) -> None:
    path = tmp_path / "kế hoạch -1.txt"
    path.write_bytes(b"abc")
    source = read_file(path, DEFAULT).source
    assert (source.file, source.pages, source.text_from) == ("kế hoạch -1.txt", 1, "text")
    assert source.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_name_that_is_no_utf_8_is_told_in_escapes(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"k\xe9.txt")
    path.write_text(BODY, encoding="utf-8")
    assert read_file(path, DEFAULT).source.file == "k\\xe9.txt"


# Pages of text


def test_a_form_feed_opens_a_page() -> None:
    document = read_text("một\nhai\n\fba\n\fbốn")
    assert [(line.page, line.number, line.text) for line in document.lines] == [
        (1, 1, "một"),
        (1, 2, "hai"),
        (2, 3, "ba"),
        (3, 4, "bốn"),
    ]
    assert document.source.pages == 3


def test_a_last_form_feed_opens_an_empty_page_at_most() -> None:
    document = read_text("một\n\f")
    assert [line.text for line in document.lines if line.text] == ["một"]


@pytest.mark.parametrize("printed", ["--- page break ---", "=== Trang 2/3 ===", "-- NGẮT TRANG --"])
def test_a_line_that_says_so_ends_a_page(printed: str) -> None:
    document = read_text(f"một\n{printed}\nhai")
    pages = [[line.text for line in page.lines if not line.furniture] for page in document.pages]
    assert pages == [["một"], ["hai"]]


# Furniture


@pytest.mark.parametrize("number", ["2", "- 2 -", "– 2 –", "Trang 2", "Trang 2/10", "2/10", "page 2", " 2 ", "|2", "§"])
def test_a_page_number_is_furniture(number: str) -> None:
    document = read_text(f"{number}\n\n{BODY}\n\fII. Tổ chức thực hiện")
    assert furniture(document) == [number]


@pytest.mark.parametrize("text", ["2)", "Quý 2", "2024", "II", "2. Rà soát", "ngày 2/10/2024"])
def test_what_only_looks_like_a_page_number_stays(text: str) -> None:
    assert furniture(read_text(f"{text}\n\n{BODY}\n")) == []


def test_a_number_within_running_text_stays() -> None:
    assert furniture(read_text(f"{BODY}\n12\n{BODY}")) == []


def test_a_running_header_is_furniture_from_three_pages_on() -> None:
    page = "KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM {0}\nđoạn {1}\nchữ {1}\nlời {1}\ný {1}\nhết {1}\n"
    three, two = ("\f".join(page.format(2024, word) for word in words.split()) for words in ("một hai ba", "một hai"))
    assert furniture(read_text(three)) == ["KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2024"] * 3
    assert furniture(read_text(two)) == []


def test_a_running_footer_may_count_pages() -> None:
    pages = (f"đoạn {w}\nchữ {w}\nlời {w}\ný {w}\nhết {w}\nTrang {n} của 3 - VPUBND" for n, w in enumerate("abc", 1))
    assert len(furniture(read_text("\f".join(pages)))) == 3


def test_a_repeated_line_amid_the_page_stays() -> None:
    page = "đoạn {0}\nchữ {0}\nThời gian thực hiện: Quý II\nlời {0}\ný {0}\n"
    assert furniture(read_text("\f".join(page.format(word) for word in ("một", "hai", "ba")))) == []


def make_line(number: int, text: str, box: BBox, cell: Cell | None = None) -> Line:
    return Line(number, 1, text, text, (Word(text, box),), cell=cell)


def test_on_a_page_with_boxes_the_edge_is_where_the_line_stands() -> None:
    """The page number is the last line that the engine read, but the first from the top."""
    body = [make_line(n, BODY, (80.0, 60.0 + 20 * n, 400.0, 72.0 + 20 * n)) for n in range(1, 7)]
    number = make_line(7, "3", (300.0, 30.0, 306.0, 42.0))
    amid = make_line(8, "4", (300.0, 131.0, 306.0, 138.0))
    (page,) = mark_furniture([Page(1, (*body, number, amid), 595.0, 842.0)])
    assert [line.number for line in page.lines if line.furniture] == [7]


@pytest.mark.parametrize(("text", "left", "found"), [("H", 300.0, [1]), ("H", 80.0, []), ("Hai", 300.0, [])])
def test_a_letter_where_other_pages_have_their_number_is_one(text: str, left: float, found: list[int]) -> None:
    """An engine reads H for 7; letters that stand elsewhere, or more of them, are text."""
    body = [make_line(n, BODY, (80.0, 60.0 + 20 * n, 400.0, 72.0 + 20 * n)) for n in range(2, 7)]
    tops = [make_line(1, "5", (300.0, 30.0, 306.0, 42.0)), make_line(1, "6", (301.0, 31.0, 307.0, 43.0))]
    tops.append(make_line(1, text, (left, 30.0, left + 6.0, 42.0)))
    pages = mark_furniture([Page(place, (top, *body), 595.0, 842.0) for place, top in enumerate(tops, 1)])
    assert [line.number for line in pages[-1].lines[:1] if line.furniture] == found


def test_a_number_in_a_cell_is_no_page_number() -> None:
    line = make_line(1, "1", (80.0, 30.0, 86.0, 42.0), Cell(1, 1, 1))
    (page,) = mark_furniture([Page(1, (line,), 595.0, 842.0)])
    assert page.lines == (line,)


def test_only_warned_of_what_is_odd() -> None:
    assert [warning.code for warning in read_text("\f \f").warnings] == [WarningCode.NO_TEXT]
    assert read_text(BODY).warnings == ()
