"""The document of a plan: which file it is, its pages as pictures, its lines as they were printed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from planparse.reading import read_file
from planparse.reading.images.pictures import draw_pages
from planparse.restoring import plausibility, restore_document

if TYPE_CHECKING:
    from planparse.config import Config
    from planparse.document import Line, Page
    from planparse.plan import Plan
    from planparse.reading.images.pictures import Picture


@dataclass(frozen=True, slots=True)
class Found:
    """The file that a plan was read from, or the reason why it is not shown."""

    path: Path | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ReadSource:
    """What is known of a document: pictures of its pages, none of a text; its pages as read again, perhaps."""

    pictures: tuple[Picture, ...]
    pages: tuple[Page, ...]


def base_name(plan: Plan) -> str | None:
    r"""Return the name of the plan's document without any folder, be it parted by / or \."""
    name = PurePosixPath((plan.source.file or "").replace("\\", "/")).name
    return None if name in {"", ".", ".."} else name


def find_source(plan: Plan, place: Path) -> Found:
    """Look for the plan's document: `place` itself, or the file of its name there; its bytes have to be the plan's."""
    path = place
    if place.is_dir():
        name = base_name(plan)
        if not name:
            return Found(None, "the plan names no document; its pages are not shown (name it with --source)")
        path = place / name
    if not path.is_file():
        return Found(None, f"{path} is not there; pages are not shown (name the document or its folder with --source)")
    if plan.source.sha256 and hashlib.sha256(path.read_bytes()).hexdigest() != plan.source.sha256:
        return Found(None, f"{path} is not what the plan was read from: other bytes; its pages are not shown")
    return Found(path)


def read_source(path: Path, *, read: bool, config: Config) -> ReadSource:
    """Draw the pages of a document and, with `read`, read them again; a text has no pages to draw, so it is read.

    Raises:
        InputError, ToolError: as `planparse.parse`.
    """
    is_text = path.suffix.lower() == ".txt"
    pictures = () if is_text else tuple(draw_pages(path.read_bytes(), str(path), config))
    if not (read or is_text):
        return ReadSource(pictures, ())
    document = restore_document(read_file(path, config, judge=plausibility))
    return ReadSource(pictures, document.pages)


def is_within(line: Line, page: Page, bbox: tuple[float, float, float, float]) -> bool:
    """Tell whether the middle of a line is in a box of the page as it is in the file."""
    if line.bbox is None:
        return False
    x0, top, x1, bottom = page.printed_box(line.bbox)
    return bbox[0] <= (x0 + x1) / 2 <= bbox[2] and bbox[1] <= (top + bottom) / 2 <= bbox[3]
