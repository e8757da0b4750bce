"""How much of their height two boxes have in common: what stands on one line, or in one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planparse.document import BBox

    Span = tuple[float, float]
    """Where something starts and ends, in points."""


def shared_height(one: BBox, other: BBox) -> float:
    """Return the share of the lower box's height that both have in common; negative where they lie apart."""
    return shared_part((one[1], one[3]), (other[1], other[3]))


def shared_part(one: Span, other: Span) -> float:
    """Return the share of the shorter span that both have in common; negative where they lie apart.

    >>> shared_part((0, 10), (5, 25)), shared_part((0, 10), (12, 16)), shared_part((0, 10), (3, 3))
    (0.5, -0.5, 1.0)
    """
    common = min(one[1], other[1]) - max(one[0], other[0])
    shorter = min(one[1] - one[0], other[1] - other[0])
    return common / shorter if shorter > 0 else float(common >= 0)
