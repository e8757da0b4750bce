"""The stages of the pipeline, timed one by one."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from planparse.normalizing import normalize_outline
from planparse.restoring import restore_document
from planparse.segmenting import segment_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from planparse.config import Config
    from planparse.document import Document
    from planparse.plan import Plan

STAGES = ("read", "restore", "segment", "normalize")


def time_stages(
    read: Callable[[], Document], config: Config, clock: Callable[[], float]
) -> tuple[Plan, tuple[float, ...]]:
    """Return the plan of what `read` reads, and how far `clock` went on in each of `STAGES`."""
    marks = [clock()]
    document = read()
    marks.append(clock())
    restored = restore_document(document)
    marks.append(clock())
    outline = segment_document(restored)
    marks.append(clock())
    plan = normalize_outline(outline, restored.source, config)
    marks.append(clock())
    return plan, tuple(after - before for before, after in pairwise(marks))
