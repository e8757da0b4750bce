"""Scanned or badly OCR'd Vietnamese government plans (kế hoạch) in, normalized JSON out.

>>> import planparse
>>> planparse.restore("Pon vi chu tri")
'Đơn vị chủ trì'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from planparse.errors import PlanparseError

if TYPE_CHECKING:
    from planparse.batch import Outcome, parse_many
    from planparse.pipeline import parse, parse_text
    from planparse.plan import Plan
    from planparse.restoring import restore

__version__ = "0.1.0"
__all__ = ["Outcome", "Plan", "PlanparseError", "parse", "parse_many", "parse_text", "restore"]

_HOMES = {
    "Outcome": "planparse.batch",
    "Plan": "planparse.plan",
    "parse": "planparse.pipeline",
    "parse_many": "planparse.batch",
    "parse_text": "planparse.pipeline",
    "restore": "planparse.restoring",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that `import planparse` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
