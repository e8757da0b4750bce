"""Real plans that lie beside the project: where they are, what is read of them stays above its floors."""

from __future__ import annotations

from pathlib import Path

import pytest

from planparse.pipeline import parse
from planparse.plan import read_plan
from planparse.score import score_plans

PLANS = Path(__file__).parent.parent.parent / "shared" / "plans"

# share of the outline (F1) and of the tasks' fields that are wholly right, below what was measured
FLOORS = {
    "angiang-102": (0.85, 0.80),
    "chinhphu-nq394": (0.95, 0.65),
    "dongthap-617": (0.95, 0.90),
    "hcm-172": (0.95, 0.70),
    "hcm-2820": (0.95, 0.90),
    "laichau-7360": (0.95, 0.80),
    "nghean-1026": (0.95, 0.60),
    "vpcp-624": (0.90, 0.65),
}


@pytest.mark.parametrize(("name", "outline", "fields"), [(name, *floor) for name, floor in FLOORS.items()])
def test_real_plans_stay_above_their_floors(name: str, outline: float, fields: float) -> None:
    folder = PLANS / name
    if not folder.exists():
        pytest.skip("the real plans are not beside the project")
    figures = score_plans(parse(folder / "text.txt"), read_plan(folder / "plan.json")).figures
    assert (figures["outline"].f1 or 0) >= outline
    assert figures["task_fields"].exact >= fields * figures["task_fields"].cases
