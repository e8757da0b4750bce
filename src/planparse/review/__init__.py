"""A plan beside its pages, as one HTML file: to check what is doubtful, correct it, and file it as a golden plan.

The file needs no network and runs no code but its own: a content-security policy names the digests of its one style and
one script. What was read of a document stands in it as text and as JSON, never as markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planparse.config import DEFAULT
from planparse.plan import Recurrence, read_plan
from planparse.review.accept import Accepted, accept_plan
from planparse.review.html import render
from planparse.review.source import find_source, read_source
from planparse.review.view import describe

if TYPE_CHECKING:
    from pathlib import Path

    from planparse.config import Config

__all__ = ["Accepted", "accept_plan", "review_plan"]


def review_plan(
    path: Path, *, sources: Path | None = None, quick: bool = False, config: Config = DEFAULT
) -> tuple[str, str | None]:
    """Return the page that reviews the plan in a file, and what is missing on it, if anything.

    The plan's document is `sources`, or the file of its name in that folder, by default in the plan's own. With
    `quick` it is drawn, but not read again: the words as printed are then missing.

    Raises:
        InputError: the plan or its document can't be read.
        ToolError: the document needs OCR, and Tesseract or its model is missing.
    """
    plan = read_plan(path)
    found = find_source(plan, sources or path.parent)
    source = read_source(found.path, read=not quick, config=config) if found.path else None
    data, recurrences = plan.model_dump(mode="json"), [one.value for one in Recurrence]
    view = describe(plan, source)
    return render(view=view, data=data, recurrences=recurrences), found.problem
