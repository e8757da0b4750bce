"""The stages, in order: read, restore, segment, normalize."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planparse.config import DEFAULT, Config
from planparse.normalizing import normalize_outline
from planparse.places import to_place
from planparse.reading import read_file, read_text
from planparse.restoring import plausibility, restore_document
from planparse.segmenting import segment_document

if TYPE_CHECKING:
    import os

    from planparse.document import Document
    from planparse.places import Address
    from planparse.plan import Plan
    from planparse.reading.scanned import PageStore


def parse(path: str | os.PathLike[str] | Address, *, config: Config = DEFAULT, store: PageStore | None = None) -> Plan:
    """Parse one document (PDF, image or text file) into its plan; `store` keeps what OCR reads of its pages.

    `path` may be the address of a store, as s3://bucket/key.

    Raises:
        InputError: the file can't be read.
        ToolError: Tesseract or its language model is missing.
    """
    return parse_document(read_file(to_place(path), config, judge=plausibility, store=store), config=config)


def parse_text(text: str, *, name: str | None = None, config: Config = DEFAULT) -> Plan:
    """Parse text that OCR already produced; `name` becomes `source.file`.

    Raises:
        InputEmptyError: `text` is empty.
    """
    return parse_document(read_text(text, name=name), config=config)


def parse_document(document: Document, *, config: Config = DEFAULT) -> Plan:
    """Parse a document that is already read."""
    restored = restore_document(document)
    outline = segment_document(restored)
    plan = normalize_outline(outline, restored.source, config)
    return plan.with_boxes({page.number: page.printed_box for page in restored.pages if page.to_printed})
