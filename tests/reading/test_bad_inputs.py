"""Files that want to hurt: huge, endless, encrypted, broken or armed. Each is read in a process of its own.

What a file costs is the growth of that process's peak memory over reading a harmless page.
"""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfWriter

from planparse.config import DEFAULT
from planparse.reading.images.raster import open_pdf, read_frames, render_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LINES = ["Cô giáo và bà con xã làm báo cáo công tác sáu tháng", "Các cán và xã làm báo cáo công tác tháng sáu"]
SECONDS = 60
"""A process that takes longer hangs; the slowest of these takes 5 s."""
MEGABYTES = 200
"""What a file that is refused may cost; an A4 page of 200 dpi and its copies take 30."""
SHOW = b"BT /F 12 Tf 80 700 Td 20 TL (%b) Tj T* (%b) Tj ET" % tuple(line.encode("latin-1") for line in LINES)
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>"

MEASURE = """
import json, sys
from pathlib import Path
from planparse.config import DEFAULT
from planparse.errors import InputError
from planparse.reading import read_bytes

def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024

before = None
for path in map(Path, sys.argv[1:]):
    before, lines, pages, error = peak(), [], 0, None
    try:
        document = read_bytes(path.read_bytes(), name=path.name, config=DEFAULT)
        lines, pages = [line.text for line in document.lines], len(document.pages)
    except InputError as failure:
        error = str(failure)
print(json.dumps([lines, pages, error, peak() - before]))
"""
"""Reads the files one after the other and tells of the last one."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")


class Outcome(NamedTuple):
    """What became of a file: its lines and pages, or the error; the megabytes by which memory grew."""

    lines: list[str]
    pages: int
    error: str | None
    megabytes: int


@pytest.fixture
def read_apart(tmp_path: Path) -> Callable[..., Outcome]:
    """Return a function that reads a file in a process of its own, after a harmless one or the one given."""

    def read(data: bytes, before: bytes | None = None) -> Outcome:
        paths = [tmp_path / "harmless.pdf", tmp_path / "bad.pdf"]
        paths[0].write_bytes(before or pdf_of(page()))
        paths[1].write_bytes(data)
        command = [sys.executable, "-c", MEASURE, *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False, cwd=tmp_path)  # noqa: S603 (our own interpreter)
        assert done.returncode == 0, done.stderr[-2000:]
        return Outcome(*json.loads(done.stdout))

    return read


def page(box: str = "[0 0 595 842]", more: str = "") -> bytes:
    """Return a page that shows object 4."""
    return f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Resources<</Font<</F 3 0 R>>>>/Contents 4 0 R{more}>>".encode()


def stream(data: bytes, entries: str = "") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries.encode(), len(data), data)


def pdf_of(
    *pages: bytes, kids: str = "", catalog: str = "", content: bytes = b"", others: Sequence[bytes] = ()
) -> bytes:
    """Return a PDF: 1 catalog, 2 page tree, 3 font, 4 content (two lines of text), then `pages`, then `others`."""
    kids = kids or " ".join(f"{5 + number} 0 R" for number in range(len(pages)))
    head = f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode()
    tree = f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode()
    out, places = io.BytesIO(b"%PDF-1.7\n"), []
    out.seek(0, io.SEEK_END)
    for number, part in enumerate([head, tree, FONT, content or stream(SHOW), *pages, *others], start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, part))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start))
    return out.getvalue()


def test_the_files_of_this_module_are_read_where_nothing_is_wrong(read_apart: Callable[..., Outcome]) -> None:
    outcome = read_apart(pdf_of(page()))
    assert (outcome.lines, outcome.error) == (LINES, None)
    assert outcome.megabytes < 50


# Too large


@cache
def bomb() -> bytes:
    """Return 400 megabytes of zeros, deflated twice to 2 kB."""
    packer, megabyte = zlib.compressobj(), bytes(1024 * 1024)
    return zlib.compress(b"".join(packer.compress(megabyte) for _ in range(400)) + packer.flush())


def with_image(width: int, height: int, *, filters: str = "", data: bytes = b"\0" * 100) -> bytes:
    """Return a page all of an image that states a size and holds next to nothing."""
    entries = (
        f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceRGB/BitsPerComponent 8{filters}"
    )
    shown = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 6 0 R>>>>/Contents 4 0 R>>"
    return pdf_of(shown.encode(), content=stream(b"595 0 0 842 0 0 cm /I Do"), others=[stream(data, entries)])


def huge_png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def huge_tiff() -> bytes:
    """Return a TIFF of 100,000 by 100,000 white pixels of 1 bit in one strip."""
    tags = [(256, 100_000), (257, 100_000), (258, 1), (259, 1), (262, 1), (273, 8), (277, 1), (278, 100_000), (279, 8)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<I", 16) + bytes(8) + struct.pack("<H", len(tags)) + entries + bytes(4)


def huge_jpeg() -> bytes:
    """Return a JPEG that states the largest size that the format can, 65,500 by 65,500 pixels."""
    out = io.BytesIO()
    Image.new("L", (64, 64)).save(out, "JPEG")
    frame = out.getvalue().index(b"\xff\xc0") + 5
    return out.getvalue()[:frame] + struct.pack(">HH", 65_500, 65_500) + out.getvalue()[frame + 4 :]


@pytest.mark.parametrize("data", [huge_png(), huge_tiff(), huge_jpeg()], ids=["PNG", "TIFF", "JPEG"])
def test_a_huge_image_is_refused_before_memory_is_taken(data: bytes, read_apart: Callable[..., Outcome]) -> None:
    outcome = read_apart(data)
    assert outcome.error is not None
    assert "limit of 60,000,000" in outcome.error
    assert outcome.megabytes < MEGABYTES


@pytest.mark.ocr
def test_a_huge_image_in_a_pdf_costs_no_memory(read_apart: Callable[..., Outcome]) -> None:
    outcome = read_apart(with_image(100_000, 100_000))
    assert outcome.error is None or "limit" in outcome.error
    assert outcome.lines == []
    assert outcome.megabytes < MEGABYTES


TWICE = "/Filter[/FlateDecode/FlateDecode]"


@pytest.mark.ocr
@pytest.mark.parametrize("place", ["image", "content"])
def test_what_unpacks_to_more_than_memory_should_hold_is_not_unpacked(
    place: str, read_apart: Callable[..., Outcome]
) -> None:
    if place == "image":
        data = with_image(20_000, 20_000, filters=TWICE, data=bomb())
    else:
        data = pdf_of(page(), content=stream(bomb(), TWICE))
    outcome = read_apart(data)
    assert outcome.error is None or "limit" in outcome.error
    assert outcome.lines == []
    assert outcome.megabytes < MEGABYTES


@pytest.mark.parametrize(
    ("box", "limit"),
    [
        pytest.param("[0 0 14400 14400]", "limit of 60,000,000 pixels", id="5 m"),
        pytest.param("[0 0 1 1]", "no size", id="1 pt"),
        pytest.param("[0 0 20000 20]", None, id="7 m by 7 mm"),
        pytest.param(f"[0 0 1{'0' * 30} 1{'0' * 30}]", None, id="beyond all measure"),
        pytest.param("[0 0 0 0]", None, id="nothing"),
        pytest.param("[0 0 nan nan]", None, id="not a number"),
        pytest.param("[595 842 0 0]", None, id="corners swapped"),
        pytest.param("[0 0 -595 -842]", None, id="negative"),
        pytest.param("[0 0 595]", None, id="three numbers"),
        pytest.param("null", None, id="none"),
    ],
)
@pytest.mark.ocr
def test_a_page_of_no_sane_size_is_refused_or_read_at_a_sane_one(
    box: str, limit: str | None, read_apart: Callable[..., Outcome]
) -> None:
    """Only a scan has to be rendered: where the page's text is there, its size is of no account."""
    outcome = read_apart(pdf_of(page(box), content=stream(b"0 0 100 100 re f")))
    if limit is not None:
        assert outcome.error is not None
        assert limit in outcome.error
    assert outcome.lines == []
    assert outcome.megabytes < MEGABYTES


@pytest.mark.slow
def test_memory_stays_flat_over_many_pages(read_apart: Callable[..., Outcome]) -> None:
    """What 5,000 pages need is what 50 need, and 5,000 times the text of a page."""
    outcome = read_apart(pdf_of(*[page()] * 400), before=pdf_of(*[page()] * 40))
    assert (outcome.pages, len(outcome.lines)) == (400, 800)
    assert outcome.megabytes < 20


# Endless, or broken


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(pdf_of(page(), kids="5 0 R 2 0 R"), id="a tree that holds itself"),
        pytest.param(
            pdf_of(page(), kids="6 0 R 5 0 R", others=[b"<</Type/Pages/Parent 2 0 R/Count 1/Kids[2 0 R]>>"]),
            id="a branch that holds its tree",
        ),
        pytest.param(pdf_of(page(), catalog="/Outlines 6 0 R", others=[b"<</First 6 0 R/Next 6 0 R>>"]), id="outline"),
        pytest.param(pdf_of(page(), content=b"4 0 R"), id="content that is itself"),
        pytest.param(pdf_of(page().replace(b"/Parent 2 0 R", b"/Parent 5 0 R")), id="a page that is its own parent"),
        pytest.param(pdf_of(page(more="/Rotate 5 0 R")), id="a rotation that is the page"),
    ],
)
@pytest.mark.ocr
def test_loops_end(data: bytes, read_apart: Callable[..., Outcome]) -> None:
    outcome = read_apart(data)
    assert outcome.error is not None or set(outcome.lines) <= set(LINES)
    assert outcome.megabytes < MEGABYTES


def test_a_form_that_draws_itself_ends(read_apart: Callable[..., Outcome]) -> None:
    form = stream(SHOW + b" /X Do", "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources 7 0 R")
    resources = b"<</Font<</F 3 0 R>>/XObject<</X 6 0 R>>>>"
    shown = page().replace(b"/Resources<</Font<</F 3 0 R>>>>", b"/Resources 7 0 R")
    outcome = read_apart(pdf_of(shown, content=stream(b"/X Do"), others=[form, resources]))
    assert outcome.error is not None or set(outcome.lines) <= set(LINES)


@pytest.mark.parametrize("harm", ["cut off", "no table of objects", "wrong places"])
def test_a_broken_pdf_is_repaired_or_refused(harm: str, read_apart: Callable[..., Outcome]) -> None:
    whole = pdf_of(page(), page())
    data = {
        "cut off": whole[: len(whole) * 9 // 10],
        "no table of objects": whole[: whole.rindex(b"xref\n0")],
        "wrong places": whole.replace(b" 00000 n", b" 00001 n").replace(b"%PDF-1.7\n", b"%PDF-1.7\n%moved\n"),
    }[harm]
    outcome = read_apart(data)
    assert outcome.lines == LINES * 2 if outcome.error is None else "damaged" in outcome.error


# Encrypted, or armed


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
@pytest.mark.parametrize("password", ["secret", ""])
def test_a_password_to_open_is_told_and_one_to_edit_is_no_obstacle(
    algorithm: str, password: str, read_apart: Callable[..., Outcome]
) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf_of(page())))
    writer.encrypt(password, "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    outcome = read_apart(out.getvalue())
    assert (outcome.lines, outcome.error) == (LINES, None) if not password else "encrypted" in str(outcome.error)


RUN = "touch pwned"
ARMS = {
    "launch": f"/OpenAction<</S/Launch/F(/bin/sh)/Unix<</F(/bin/sh)/P(-c '{RUN}')>>>>",
    "script": "/OpenAction<</S/JavaScript/JS(app.launchURL\\('file:pwned'\\);while\\(true\\){})>>",
    "names": "/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(while\\(true\\){})>>]>>>>",
    "address": "/OpenAction<</S/URI/URI(http://127.0.0.1:9/)>>",
    "form": "/AcroForm<</XFA 6 0 R/Fields[]>>",
    "file": "/Names<</EmbeddedFiles<</Names[(pwned)<</Type/Filespec/F(pwned)/EF<</F 6 0 R>>>>]>>>>",
}


@pytest.mark.parametrize("arms", ARMS.values(), ids=ARMS)
def test_what_a_pdf_brings_with_it_is_never_run_or_unpacked(
    arms: str, read_apart: Callable[..., Outcome], tmp_path: Path
) -> None:
    annotation = b"<</Type/Annot/Subtype/Link/Rect[0 0 595 842]/A<</S/Launch/F(/bin/sh)>>>>"
    armed = page(more="/AA<</O<</S/JavaScript/JS(while\\(true\\){})>>>>/Annots[7 0 R]")
    outcome = read_apart(pdf_of(armed, catalog=arms, others=[stream(RUN.encode()), annotation]))
    assert (outcome.lines, outcome.error) == (LINES, None)
    assert {path.name for path in tmp_path.iterdir()} == {"harmless.pdf", "bad.pdf"}


# Images of every kind


SIDE = 64
INK = np.zeros((SIDE, SIDE), dtype=bool)
INK[: SIDE // 2, : SIDE // 2] = True
"""A square, its top left quarter inked."""


def samples(ink: Sequence[int], paper: Sequence[int], depth: str = "u1") -> bytes:
    """Return the pixels of the square, each as the samples of ink or paper."""
    return np.where(INK[..., None], np.array(ink), np.array(paper)).astype(f">{depth}").tobytes()


def jpeg(mode: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.where(INK, 0, 255).astype(np.uint8)).convert(mode).save(out, "JPEG")
    return out.getvalue()


IMAGES = {
    "grey": ("/ColorSpace/DeviceGray/BitsPerComponent 8", samples([0], [255])),
    "1 bit": ("/ColorSpace/DeviceGray/BitsPerComponent 1", np.packbits(~INK).tobytes()),
    "1 bit turned": ("/ColorSpace/DeviceGray/BitsPerComponent 1/Decode[1 0]", np.packbits(INK).tobytes()),
    "stencil": ("/ImageMask true/BitsPerComponent 1", np.packbits(~INK).tobytes()),
    "16 bits": ("/ColorSpace/DeviceGray/BitsPerComponent 16", samples([0], [65535], "u2")),
    "colour": ("/ColorSpace/DeviceRGB/BitsPerComponent 8", samples([20, 20, 90], [255, 250, 240])),
    "CMYK": ("/ColorSpace/DeviceCMYK/BitsPerComponent 8", samples([0, 0, 0, 255], [0, 0, 0, 0])),
    "palette": ("/ColorSpace[/Indexed/DeviceRGB 1<000000FFFFFF>]/BitsPerComponent 8", samples([0], [1])),
    "alpha": ("/ColorSpace/DeviceGray/BitsPerComponent 8/SMask 7 0 R", samples([0], [0])),
    "JPEG": ("/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode", jpeg("L")),
    "CMYK JPEG": ("/ColorSpace/DeviceCMYK/BitsPerComponent 8/Filter/DCTDecode/Decode[1 0 1 0 1 0 1 0]", jpeg("CMYK")),
}


@pytest.mark.parametrize(("entries", "data"), IMAGES.values(), ids=IMAGES)
def test_every_kind_of_image_in_a_pdf_keeps_its_ink(entries: str, data: bytes) -> None:
    size = f"/Type/XObject/Subtype/Image/Width {SIDE}/Height {SIDE}"
    mask = stream(samples([255], [0]), f"{size}/ColorSpace/DeviceGray/BitsPerComponent 8")
    shown = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]/Resources<</XObject<</I 6 0 R>>>>/Contents 4 0 R>>"
    whole = pdf_of(shown, content=stream(b"72 0 0 72 0 0 cm /I Do"), others=[stream(data, size + entries), mask])
    with open_pdf(whole, "bad.pdf") as document:
        raster = render_page(document, 1, "bad.pdf", DEFAULT)
    dark = np.asarray(raster.image.convert("L").resize((SIDE, SIDE))) < 128
    assert (dark == INK).mean() > 0.95


@pytest.mark.parametrize("rows", [98, 196])
def test_a_fax_with_fewer_rows_than_dots_keeps_the_shape_of_its_page(rows: int) -> None:
    out = io.BytesIO()
    fax = Image.new("1", (1728, round(rows * 11.69)), 1)
    fax.save(out, "TIFF", compression="group4", dpi=(204, rows))
    (raster,) = read_frames(out.getvalue(), "fax.tif", DEFAULT)
    assert raster.size == pytest.approx((1728 / 204 * 72, 842), rel=0.01)


def test_the_preview_behind_a_phone_s_picture_is_no_page() -> None:
    out = io.BytesIO()
    picture = Image.new("RGB", (640, 900), "white")
    picture.save(out, "MPO", save_all=True, append_images=[picture.resize((64, 90))])
    assert out.getvalue().startswith(b"\xff\xd8\xff")
    assert len(list(read_frames(out.getvalue(), "picture.jpg", DEFAULT))) == 1
