"""Image files → upright grey pages of a known resolution, and what is refused before memory is taken."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageFile

from planparse.config import DEFAULT, Config
from planparse.errors import InputDamagedError, InputTooLargeError
from planparse.reading.images.raster import Raster, open_pdf, read_frames

if TYPE_CHECKING:
    from collections.abc import Callable

ORIENTATION = 0x0112
SIZE = (200, 300)


def draw(mode: str = "L") -> Image.Image:
    """Return a white page, its top left quarter black."""
    image = Image.new("L", SIZE, 255)
    image.paste(0, (0, 0, SIZE[0] // 2, SIZE[1] // 2))
    return image.convert(mode)


def to_bytes(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def read_one(data: bytes, config: Config = DEFAULT) -> Raster:
    (raster,) = read_frames(data, "page", config)
    return raster


def corners(raster: Raster) -> list[bool]:
    """Return which quarters are dark: top left, top right, bottom left, bottom right."""
    width, height = raster.image.size
    places = [(x, y) for y in (height // 4, height * 3 // 4) for x in (width // 4, width * 3 // 4)]
    return [float(np.asarray(raster.image)[y, x]) < 128 for x, y in places]


def draw_16_bits() -> Image.Image:
    return Image.fromarray(np.asarray(draw(), dtype=np.uint16) * 257)


def draw_32_bits() -> Image.Image:
    return Image.fromarray(np.asarray(draw(), dtype=np.int32) * 257)


def draw_alpha() -> Image.Image:
    """Return black ink on nothing."""
    image = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, SIZE[0] // 2, SIZE[1] // 2))
    return image


def draw_clear_palette() -> Image.Image:
    """Return a palette image whose paper is a colour that is declared transparent."""
    image = Image.new("P", SIZE, 1)
    image.putpalette([0, 0, 0, 40, 0, 0])
    image.paste(0, (0, 0, SIZE[0] // 2, SIZE[1] // 2))
    return image


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(to_bytes(draw("L"), "PNG"), id="grey"),
        pytest.param(to_bytes(draw("RGB"), "PNG"), id="colour"),
        pytest.param(to_bytes(draw("RGB"), "JPEG"), id="JPEG"),
        pytest.param(to_bytes(draw("CMYK"), "JPEG"), id="CMYK JPEG"),
        pytest.param(to_bytes(draw("CMYK"), "TIFF"), id="CMYK TIFF"),
        pytest.param(to_bytes(draw("1"), "TIFF", compression="group4"), id="fax"),
        pytest.param(to_bytes(draw("1"), "PNG"), id="1 bit"),
        pytest.param(to_bytes(draw("P"), "PNG"), id="palette"),
        pytest.param(to_bytes(draw_clear_palette(), "PNG", transparency=1), id="transparent palette"),
        pytest.param(to_bytes(draw_alpha(), "PNG"), id="RGBA"),
        pytest.param(to_bytes(draw_alpha().convert("LA"), "PNG"), id="grey with alpha"),
        pytest.param(to_bytes(draw_16_bits(), "PNG"), id="16 bits PNG"),
        pytest.param(to_bytes(draw_16_bits(), "TIFF"), id="16 bits TIFF"),
        pytest.param(to_bytes(draw_32_bits(), "TIFF"), id="32 bits TIFF"),
    ],
)
def test_every_kind_of_image_becomes_grey(data: bytes) -> None:
    raster = read_one(data)
    assert raster.image.mode == "L"
    assert raster.image.size == SIZE
    assert corners(raster) == [True, False, False, False]


def test_a_dim_page_of_16_bits_is_not_brightened_beyond_white() -> None:
    grey = np.asarray(read_one(to_bytes(draw_16_bits(), "PNG")).image)
    assert (int(grey.min()), int(grey.max())) == (0, 255)


@pytest.mark.parametrize(
    ("orientation", "dark"),
    [
        (1, [True, False, False, False]),
        (3, [False, False, False, True]),
        (6, [False, True, False, False]),
        (8, [False, False, True, False]),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_the_camera_s_rotation_is_undone(kind: str, orientation: int, dark: list[bool]) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    raster = read_one(to_bytes(draw(), kind, exif=exif))
    assert corners(raster) == dark
    assert raster.image.size == (SIZE if orientation in {1, 3} else SIZE[::-1])


def test_each_frame_of_a_tiff_is_a_page() -> None:
    pages = [draw("1"), Image.new("RGB", (400, 300), "white"), draw("L")]
    data = to_bytes(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    rasters = list(read_frames(data, "page", DEFAULT))
    assert [raster.image.size for raster in rasters] == [SIZE, (400, 300), SIZE]
    assert [corners(raster)[0] for raster in rasters] == [True, False, True]


@pytest.mark.parametrize("dpi", [100, 200])
def test_the_stated_resolution_gives_the_size_in_points(dpi: int) -> None:
    raster = read_one(to_bytes(draw(), "PNG", dpi=(dpi, dpi)))
    assert raster.dpi == pytest.approx(dpi, rel=0.01)
    assert raster.size == pytest.approx((SIZE[0] * 72 / dpi, SIZE[1] * 72 / dpi), rel=0.01)


@pytest.mark.parametrize("dpi", [(1, 1), (20000, 20000), None])
def test_without_a_sane_resolution_the_page_is_a4(dpi: tuple[int, int] | None) -> None:
    image = Image.new("L", (1240, 1754), "white")
    raster = read_one(to_bytes(image, "PNG", **({"dpi": dpi} if dpi else {})))
    assert raster.size == pytest.approx((595, 842), abs=2)


def test_a_finer_scan_is_reduced_to_the_wanted_resolution() -> None:
    raster = read_one(to_bytes(draw(), "PNG", dpi=(600, 600)))
    assert (raster.dpi, raster.image.size) == (200.0, (67, 100))
    assert raster.size == pytest.approx((24, 36), abs=0.5)


# What is refused


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that states a size and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    content = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + content


@pytest.mark.parametrize("size", [(100_000, 100_000), (8000, 8000), (2_000_000_000, 1)])
def test_a_huge_image_is_refused_before_memory_is_taken(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_: ImageFile.ImageFile) -> None:
        pytest.fail("the pixels were loaded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    with pytest.raises(InputTooLargeError, match="limit of 60,000,000"):
        read_one(png_of(*size))


def test_the_limit_of_pixels_is_the_configured_one() -> None:
    data = to_bytes(draw(), "PNG")
    pixels = SIZE[0] * SIZE[1]
    assert read_one(data, Config(max_pixels=pixels)).image.size == SIZE
    with pytest.raises(InputTooLargeError, match="limit of 59,999"):
        read_one(data, Config(max_pixels=pixels - 1))


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def empty(data: bytes) -> bytes:
    return data[:8]


def scramble(data: bytes) -> bytes:
    return data[:8] + bytes(range(256))


@pytest.mark.parametrize("harm", [cut, empty, scramble])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG"])
def test_a_broken_image_is_damaged(kind: str, harm: Callable[[bytes], bytes]) -> None:
    noise = Image.effect_noise(SIZE, 50)
    with pytest.raises(InputDamagedError, match="page"):
        read_one(harm(to_bytes(noise, kind)))


@pytest.mark.parametrize("size", [(1, 1), (1000, 3)])
def test_an_image_too_small_for_a_letter_is_damaged(size: tuple[int, int]) -> None:
    with pytest.raises(InputDamagedError):
        read_one(to_bytes(Image.new("L", size), "PNG"))


def test_what_is_no_pdf_is_damaged() -> None:
    with pytest.raises(InputDamagedError), open_pdf(b"%PDF-", "plan.pdf"):
        pass


def test_reading_frames_leaves_the_warnings_of_the_program_alone() -> None:
    """A generator that is waited for, or left, must not silence what others have to say."""
    out = io.BytesIO()
    draw().save(out, "TIFF", save_all=True, append_images=[draw()])
    before = list(warnings.filters)
    frames = read_frames(out.getvalue(), "page", DEFAULT)
    next(frames)
    assert warnings.filters == before


def test_a_seal_of_red_ink_is_as_bright_as_paper() -> None:
    """On paper too yellow to be white, and to the last pixel of its edge."""
    page = Image.new("RGB", (400, 400), (250, 245, 230))
    page.paste((240, 60, 70), (101, 99, 301, 302))
    image = read_one(to_bytes(page, "PNG")).image
    assert np.asarray(image).min() >= 240


def test_ink_that_is_not_red_keeps_its_grey() -> None:
    """A page with a seal is grey elsewhere as any other."""
    page = Image.new("RGB", (400, 400), (20, 40, 120))
    page.paste((240, 60, 70), (101, 99, 301, 302))
    assert read_one(to_bytes(page, "PNG")).image.getpixel((5, 5)) == page.convert("L").getpixel((5, 5))
