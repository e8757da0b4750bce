"""Make the samples: typeset each text of scripts/sample_texts as Decree 30/2020/NĐ-CP has it, then scan it.

    python scripts/make_samples.py [SLUG...]

Of each text come a PDF with a text layer, scans (damage.py says what that does to a page), and, where we wrote the
document, its plain text. The same fonts and library versions give the same bytes. Needs Liberation Serif 2 (Debian:
fonts-liberation2).
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from damage import LEVELS, POINTS_PER_INCH, Level, damage, encode, press_seal
from sample_layout import FONTS, export_text, typeset

if TYPE_CHECKING:
    from PIL import Image

ROOT = Path(__file__).parent.parent
TEXTS = Path(__file__).parent / "sample_texts"
SAMPLES = ROOT / "samples"
SCANS = {
    "300dpi": LEVELS["clean"],
    "200dpi": replace(LEVELS["office"], blur=0.7, noise=4.0, specks=0.4),
    **LEVELS,
}
"""What a scan's name stands for: a level of damage; the first two are older than the levels."""
SEALED = {"poor", "fax", "phone"}
"""The levels at which the signature is under a seal."""
SEED = 30_2020


def write_scan(pdf: bytes, level: Level, target: Path, seal: tuple[str, str] | None) -> None:
    """Render the pages of `pdf`, damage them, and write them to `target` as a PDF of images.

    `seal` is the name that it covers and the text on its rim.
    """
    random = np.random.default_rng(SEED)
    out = canvas.Canvas(str(target), pagesize=A4, invariant=1, pageCompression=0)
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        width, height = page.get_size()
        rendered = page.render(scale=level.dpi / POINTS_PER_INCH, grayscale=True).to_pil()
        if seal:
            rendered = _seal_signature(rendered, page, level, seal)
        data = encode(damage(rendered, level, random), level)
        out.setPageSize((width, height))
        out.drawImage(ImageReader(BytesIO(data)), 0, 0, width, height)
        out.showPage()
    out.save()


def _seal_signature(rendered: Image.Image, page: pypdfium2.PdfPage, level: Level, seal: tuple[str, str]) -> Image.Image:
    """Return a page with a seal over the left third of its signature, above the signer's name."""
    signer, rim = seal
    text = page.get_textpage()
    found = text.search(signer).get_next()
    if not found:
        return rendered
    left, _, _, top = text.get_charbox(found[0])
    font = next(path for folder in FONTS if (path := folder / "LiberationSerif-Bold.ttf").exists())
    return press_seal(rendered, (left - 12, page.get_height() - top - 35), level.dpi, rim, font)


def make(text: Path) -> None:
    """Write the samples of one text."""
    content: dict[str, Any] = tomllib.loads(text.read_text(encoding="utf-8"))
    pdf = typeset(content)
    if content["samples"]["text"]:
        (SAMPLES / f"{text.stem}.txt").write_text(export_text(content), encoding="utf-8")
    if content["samples"]["pdf"]:
        (SAMPLES / f"{text.stem}-layer.pdf").write_bytes(pdf)
    for name in content["samples"]["scans"]:
        seal = (content["signer"], content["seal"]) if name in SEALED else None
        write_scan(pdf, SCANS[name], SAMPLES / f"{text.stem}-{name}.pdf", seal)


def main() -> None:
    """Make the samples named, or all."""
    chosen = sys.argv[1:]
    for text in sorted(TEXTS.glob("*.toml")):
        if not chosen or text.stem in chosen:
            make(text)
            print(text.stem)


if __name__ == "__main__":
    main()
