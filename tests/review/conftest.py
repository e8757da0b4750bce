"""A plan whose values are hostile markup, and the two kinds of documents that it may be read from."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from planparse.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "</textarea><b>x</b>")
LINES = ["KẾ HOẠCH", "1. Rà soát văn bản.", "- Đơn vị chủ trì: Sở Nội vụ.", "2. Báo cáo.", "- Thời gian: quý II."]
CONFIDENCE = {"text": 0.9, "lead_units": 0.8, "coordinating_units": 1.0, "deliverables": 1.0, "time_frame": 0.6}
TIME = {"text": "quý II", "start": "2024-04-01", "end": "2024-06-30", "recurrence": None, "condition": None}


@pytest.fixture
def write_plan(
    tmp_path: Path, make_plan: Callable[..., Plan], make_task: Callable[..., Any], make_item: Callable[..., Any]
) -> Callable[..., Path]:
    """Return a function that writes plan.json, read from a document of this name and these bytes, beside that."""

    def write(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        boxes = {1: [60.0, 100.0, 500.0, 200.0], 2: [60.0, 300.0, 500.0, 400.0]}
        tasks = [
            make_task(
                "1",
                text="Rà soát văn bản.",
                lead_units=[{"name": "Sở Nội vụ", "collective": False}],
                deliverables=HOSTILE,
                confidence=CONFIDENCE,
                needs_review=["lead_units"],
                where=[{"page": 1, "bbox": boxes[1] if name.endswith("png") else None, "lines": [2, 3]}],
            ),
            make_task(
                "2",
                text="Báo cáo.",
                time_frame={**TIME, "milestones": [{**TIME, "milestones": []}]},
                confidence=CONFIDENCE,
                needs_review=["time_frame"],
                where=[{"page": 1, "bbox": boxes[2] if name.endswith("png") else None, "lines": [4, 5]}],
            ),
        ]
        items = [make_item("1", HOSTILE[0], HOSTILE[1]), make_item("2", "Báo cáo")]
        source = {"file": name, "sha256": hashlib.sha256(data).hexdigest(), "pages": 1, "text_from": "text"}
        warning = {"code": "marker-sequence", "message": HOSTILE[1], "where": {"page": 1, "lines": [4, 4]}}
        facts = make_plan(outline=items, tasks=tasks).model_dump(mode="json")
        plan = Plan.from_facts(json.dumps({**facts, "source": source, "warnings": [warning]}))
        path = tmp_path / "plan.json"
        path.write_text(plan.to_json(), encoding="utf-8")
        return path

    return write


@pytest.fixture
def text_plan(write_plan: Callable[..., Path]) -> Path:
    """A plan read from a text."""
    return write_plan("van-ban.txt", "\n".join(LINES).encode())


@pytest.fixture
def scan_plan(write_plan: Callable[..., Path], tmp_path: Path) -> Path:
    """A plan read from an image."""
    image = tmp_path / "drawn.png"
    Image.effect_noise((1654, 2339), 60).save(image, dpi=(200, 200))
    return write_plan("scan.png", image.read_bytes())
