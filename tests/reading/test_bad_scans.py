"""Scans askew, on their side or their head, coarse, fine, stamped, soiled: read right, or flagged; nothing invented."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

pytest.importorskip("cv2", reason="OpenCV is not installed")
sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

from damage import LEVELS, damage, encode, press_seal
from planparse.config import DEFAULT
from planparse.reading import read_bytes
from planparse.text import strip_marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.document import Document

FONT = Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf")
A4 = (8.27, 11.69)
TEXT = (
    "Thực hiện Kế hoạch số 412/KH-UBND ngày 25/12/2024 của Ủy ban nhân",
    "dân tỉnh về cải cách hành chính năm 2025, Sở Nội vụ ban hành Kế hoạch",
    "tuyên truyền cải cách hành chính năm 2025 như sau:",
    "1. Xây dựng chuyên mục về cải cách hành chính trên Trang thông tin",
    "Đơn vị chủ trì: Văn phòng Sở; đơn vị phối hợp: Phòng Cải cách hành chính",
    "2. Tổ chức hội thi tìm hiểu cải cách hành chính cho công chức cấp xã",
    "Đơn vị phối hợp: Tỉnh đoàn, Liên đoàn Lao động tỉnh và các huyện",
    "Thời gian thực hiện: Ban hành kế hoạch trong tháng 4 năm 2025",
)
TABLE = (
    ("TT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời gian"),
    ("1", "Rà soát thủ tục hành chính", "Sở Tư pháp", "Quý II năm 2025"),
    ("2", "Tổ chức tập huấn", "Sở Nội vụ", "Tháng 9 năm 2025"),
    ("3", "Kiểm tra việc thực hiện", "Văn phòng Sở", "Thường xuyên"),
)
EDGES = (0.8, 1.5, 5.0, 8.0, 10.8)
"""Inches from the left at which the table's columns begin and end."""
RIGHT = 0.02
"""Share of wrong characters up to which a page is read right: one letter in each line."""
SURE = 0.9
"""Confidence from which a word counts as sure; Tesseract gives right words 0.9 to 0.97."""

ALIKE = 0.6
"""Likeness to a printed word from which a word is misread, not invented: two letters of five may differ."""

pytestmark = [
    pytest.mark.ocr,
    pytest.mark.slow,
    pytest.mark.skipif(
        not FONT.is_file(), reason="Liberation Serif is not installed: apt-get install fonts-liberation2"
    ),
]


def typeset(dpi: int = 200, lines: Sequence[str] = TEXT, size: float = 14.0) -> Image.Image:
    """Return an A4 page with lines in its upper half."""
    page = Image.new("L", (round(A4[0] * dpi), round(A4[1] * dpi)), "white")
    font = ImageFont.truetype(FONT, round(size * dpi / 72))
    for number, line in enumerate(lines):
        ImageDraw.Draw(page).text((dpi, (1 + 0.4 * number) * dpi), line, 0, font)
    return page


def typeset_table(dpi: int = 200) -> Image.Image:
    """Return a landscape A4 page with a ruled table."""
    page = Image.new("L", (round(A4[1] * dpi), round(A4[0] * dpi)), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, round(14 * dpi / 72))
    for row in range(len(TABLE) + 1):
        pen.line([(EDGES[0] * dpi, (1 + row * 0.5) * dpi), (EDGES[-1] * dpi, (1 + row * 0.5) * dpi)], 0, 2)
    for edge in EDGES:
        pen.line([(edge * dpi, dpi), (edge * dpi, (1 + len(TABLE) * 0.5) * dpi)], 0, 2)
    for row, cells in enumerate(TABLE):
        for left, text in zip(EDGES, cells, strict=False):
            pen.text(((left + 0.1) * dpi, (1.1 + row * 0.5) * dpi), text, 0, font)
    return page


def read(image: Image.Image, dpi: int = 200) -> Document:
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(dpi, dpi))
    return read_bytes(out.getvalue(), name="page.png", config=DEFAULT)


def to_pdf(*images: Image.Image, dpi: int = 200) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True)
    for image in images:
        size = (image.width * 72 / dpi, image.height * 72 / dpi)
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(image), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def errors(document: Document, lines: Sequence[str] = TEXT) -> float:
    """Return the share of wrong characters."""
    read = " ".join(line.text for line in document.lines if not line.furniture)
    return Levenshtein.distance(read, " ".join(lines)) / len(" ".join(lines))


def invented(document: Document, lines: Sequence[str] = TEXT) -> list[str]:
    """Return the words of which the engine is sure and that look like none that is printed, marks aside."""
    printed = {strip_marks(word) for line in lines for word in line.split()}
    words = [word for line in document.lines for word in line.words if (word.confidence or 0) >= SURE]
    texts = [word.text for word in words if any(map(str.isalnum, word.text))]
    return [
        text
        for text in texts
        if max((Levenshtein.normalized_similarity(strip_marks(text), word) for word in printed), default=0) < ALIKE
    ]


def assert_right_or_flagged(document: Document, lines: Sequence[str] = TEXT) -> None:
    """Right, or with a warning, or with as many unsure words as wrong ones; next to nothing invented."""
    printed = {word for line in lines for word in line.split()}
    words = [word for line in document.lines for word in line.words]
    wrong = [word for word in words if word.text not in printed]
    unsure = [word for word in words if (word.confidence or 0) < SURE]
    assert errors(document, lines) <= RIGHT or document.warnings or len(unsure) >= len(wrong)
    assert len(invented(document, lines)) <= 0.03 * len(printed)


# Turned


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_page_on_its_side_or_its_head_is_read_right(angle: int) -> None:
    assert errors(read(typeset().rotate(angle, expand=True))) <= RIGHT


@pytest.mark.parametrize("angle", [-7, -2, 2, 7])
def test_a_page_that_lies_askew_is_read_right(angle: int) -> None:
    askew = typeset().rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    assert errors(read(askew)) <= RIGHT


def test_pages_of_one_file_are_turned_each_by_itself() -> None:
    pages = typeset(), typeset().rotate(180), typeset().rotate(90, expand=True)
    document = read_bytes(to_pdf(*pages), name="plan.pdf", config=DEFAULT)
    printed = [line.text for line in document.lines]  # what stands on three pages alike is furniture
    assert Levenshtein.normalized_distance(" ".join(printed), " ".join(TEXT * 3)) <= RIGHT
    assert [sum(line.page == number for line in document.lines) for number in (1, 2, 3)] == [len(TEXT)] * 3


# Coarse, fine, small


@pytest.mark.parametrize("dpi", [100, 150, 300, 600])
def test_every_resolution_of_an_office_is_read_right(dpi: int) -> None:
    assert errors(read(typeset(dpi), dpi)) <= RIGHT


def test_a_scan_that_states_no_resolution_is_read_right() -> None:
    out = io.BytesIO()
    typeset(300).save(out, "PNG")
    assert errors(read_bytes(out.getvalue(), name="page.png", config=DEFAULT)) <= RIGHT


def test_a_fax_with_half_as_many_rows_as_dots_is_read_right() -> None:
    """A fax machine's TIFF: 204 dots by 98 rows an inch."""
    out = io.BytesIO()
    rows = typeset(204, size=16.0).resize((round(204 * A4[0]), round(98 * A4[1])), Image.Resampling.BOX)
    rows.convert("1", dither=Image.Dither.NONE).save(out, "TIFF", compression="group4", dpi=(204, 98))
    document = read_bytes(out.getvalue(), name="fax.tif", config=DEFAULT)
    assert_right_or_flagged(document)
    assert errors(document) < 0.15


# Tables on landscape pages


def turn_table(angle: int) -> Image.Image:
    return typeset_table().rotate(angle, expand=True)


@pytest.mark.parametrize("angle", [0, 90, 270])
def test_a_landscape_table_inside_a_portrait_file_is_read_cell_by_cell(angle: int) -> None:
    """As it stands, and as a scanner that feeds all pages upright delivers it."""
    document = read_bytes(to_pdf(typeset(), turn_table(angle)), name="plan.pdf", config=DEFAULT)
    cells: dict[tuple[int, int], list[str]] = {}
    for line in document.lines:
        if line.page == 2 and line.cell:
            cells.setdefault((line.cell.row, line.cell.column), []).append(line.text)
    found = {place: " ".join(lines) for place, lines in cells.items()}
    wanted = {(row, column): text for row, texts in enumerate(TABLE, 1) for column, text in enumerate(texts, 1)}
    assert {place: text for place, text in found.items() if text != wanted.get(place)} == {}
    assert len(found) == len(wanted)


# Stamped, signed, soiled


def test_a_red_seal_over_text_leaves_it_readable() -> None:
    sealed = press_seal(typeset(), (230.0, 150.0), 200, "SỞ NỘI VỤ ★ TỈNH HOA SƠN ★ ", FONT)
    document = read(sealed)
    assert_right_or_flagged(document)
    lines = [line.text for line in document.lines]
    assert set(TEXT[5:]) <= set(lines)


def test_a_black_seal_invents_no_words() -> None:
    sealed = press_seal(typeset(), (230.0, 150.0), 200, "SỞ NỘI VỤ ★ TỈNH HOA SƠN ★ ", FONT)
    assert_right_or_flagged(read(sealed.convert("L")))


def test_a_signature_invents_no_words() -> None:
    page = typeset()
    turns = np.linspace(0, 9, 400)
    x, y = 1000 + 40 * turns + 60 * np.sin(5 * turns), 1150 + 80 * np.cos(7 * turns) * np.exp(-turns / 9)
    ImageDraw.Draw(page).line(list(zip(x.tolist(), y.tolist(), strict=True)), 0, 4, "curve")
    document = read(page)
    lines = [line.text for line in document.lines]
    assert set(TEXT) <= set(lines)
    assert len(invented(document)) <= 1


@pytest.mark.parametrize("name", [name for name in LEVELS if name != "clean"])
def test_at_every_level_of_damage_a_page_is_read_right_or_flagged(name: str) -> None:
    level = LEVELS[name]
    data = encode(damage(typeset(level.dpi), level, np.random.default_rng(3)), level)
    assert_right_or_flagged(read_bytes(data, name="page", config=DEFAULT))


def test_a_page_of_dirt_alone_has_no_sure_words() -> None:
    level = LEVELS["poor"]
    dirt = damage(Image.new("L", typeset(level.dpi).size, "white"), level, np.random.default_rng(3))
    assert invented(read(dirt, level.dpi), ()) == []
