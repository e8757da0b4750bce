"""Every option, its unit, its default and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The options of a run; passed down, never global.

    Attributes:
        engine: the OCR engines, `+` between them, the leading one first; `auto` is Tesseract, and trueocr too where
            it is installed.
        language: the model that Tesseract reads with; a plan is Vietnamese.
        dpi: resolution at which a page is rendered for OCR. Tesseract's `vie` model reads office pages with fewer
            errors at 200 dpi than at 300, and faster.
        page_timeout: seconds for the OCR of one page, by all engines, turned as often as it is; a page takes 3 to 10 s
            on one core of 2024. trueocr looks at the clock between batches of lines.
        max_bytes: size of an input file; the largest real plan seen has 40 MB.
        max_pages: pages of one document.
        max_pixels: pixels of one rendered page; A3 at 300 dpi has 17 million.
        review_below: a value whose chance of being right is lower goes into `needs_review`. With 0.92, 20 % of the
            fields of labelled plans do, and 3.3 % of the others are wrong; with 0.96, 34 % and 2.3 %
            (docs/confidence.md; training/confidence.py measures anew).
    """

    engine: str = "auto"
    language: str = "vie"
    dpi: int = 200
    page_timeout: float = 120.0
    max_bytes: int = 200 * 1024 * 1024
    max_pages: int = 5000
    max_pixels: int = 60_000_000
    review_below: float = 0.92


DEFAULT = Config()
