"""Make the samples: typeset each text of scripts/sample_texts as Decree 30/2020/NĐ-CP has it, then scan it.

    python scripts/make_samples.py [SLUG...]

Of each text come a PDF with a text layer, one or two scans, and, where we wrote the document, its plain text. The same
fonts and library versions give the same bytes. Needs Liberation Serif 2 (Debian: fonts-liberation2).
"""

from __future__ import annotations

import sys
import tomllib
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from sample_layout import export_text, typeset

ROOT = Path(__file__).parent.parent
TEXTS = Path(__file__).parent / "sample_texts"
SAMPLES = ROOT / "samples"
POINTS_PER_INCH = 72.0


class Scan(NamedTuple):
    """A scanner's work: dpi, skew in degrees, blur in pixels, share of specks, noise in grey levels, JPEG quality."""

    dpi: int
    skew: float
    blur: float
    specks: float
    noise: float
    quality: int


CLEAN = Scan(dpi=300, skew=0.0, blur=0.7, specks=0.0, noise=0.6, quality=30)
OFFICE = Scan(dpi=200, skew=0.6, blur=0.7, specks=0.00001, noise=4.0, quality=35)
SCANS = {"300dpi": CLEAN, "200dpi": OFFICE}
SEED = 30_2020


def scan_page(page: Image.Image, scan: Scan, random: np.random.Generator) -> Image.Image:
    """Return a rendered page as `scan` would deliver it: skewed, blurred, with specks and noise, in grey."""
    angle = scan.skew * random.uniform(-1, 1)
    skewed = page.convert("L").rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    grey = np.asarray(skewed.filter(ImageFilter.GaussianBlur(scan.blur)), dtype=np.float64)
    grey = grey + random.normal(0, scan.noise, grey.shape)
    for y, x in zip(*np.nonzero(random.random(grey.shape) < scan.specks), strict=True):
        grey[y : y + 2, x : x + 2] = random.uniform(0, 120)
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def write_scan(pdf: bytes, scan: Scan, target: Path) -> None:
    """Render the pages of `pdf` and write them to `target` as a PDF of images."""
    random = np.random.default_rng(SEED)
    out = canvas.Canvas(str(target), pagesize=A4, invariant=1, pageCompression=0)
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        width, height = page.get_size()
        rendered = page.render(scale=scan.dpi / POINTS_PER_INCH, grayscale=True).to_pil()
        jpeg = BytesIO()
        scan_page(rendered, scan, random).save(jpeg, "JPEG", quality=scan.quality, dpi=(scan.dpi, scan.dpi))
        out.setPageSize((width, height))
        out.drawImage(ImageReader(BytesIO(jpeg.getvalue())), 0, 0, width, height)
        out.showPage()
    out.save()


def make(text: Path) -> None:
    """Write the samples of one text."""
    content: dict[str, Any] = tomllib.loads(text.read_text(encoding="utf-8"))
    pdf = typeset(content)
    if content["samples"]["text"]:
        (SAMPLES / f"{text.stem}.txt").write_text(export_text(content), encoding="utf-8")
    if content["samples"]["pdf"]:
        (SAMPLES / f"{text.stem}-layer.pdf").write_bytes(pdf)
    for name in content["samples"]["scans"]:
        write_scan(pdf, SCANS[name], SAMPLES / f"{text.stem}-{name}.pdf")


def main() -> None:
    """Make the samples named, or all."""
    chosen = sys.argv[1:]
    for text in sorted(TEXTS.glob("*.toml")):
        if not chosen or text.stem in chosen:
            make(text)
            print(text.stem)


if __name__ == "__main__":
    main()
