"""The samples and their golden plans: they belong together, and the scores of what OCR reads have floors."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest

from planparse.pipeline import parse
from planparse.plan import read_plan
from planparse.score import score_plans
from planparse.text import squeeze

ROOT = Path(__file__).parent.parent
SAMPLES = sorted((ROOT / "samples").iterdir())
GOLDEN = {path.stem: path for path in (ROOT / "golden").glob("*.json")}

TYPED = [path.stem for path in SAMPLES if path.suffix == ".txt" and not path.stem.startswith("quang-ngai")]

# outline F1 and share of the tasks' fields that are wholly right, below what was measured with Tesseract 5.3.0
FLOORS = {
    "quang-ngai-cchc-2024.txt": (0.97, 0.80),
    "quang-ngai-cchc-2024-300dpi.pdf": (0.97, 0.90),
    "quang-ngai-cchc-2024-200dpi.pdf": (0.95, 0.85),
    "hoa-son-chuyen-doi-so-2026-200dpi.pdf": (0.90, 0.65),
    "so-noi-vu-tuyen-truyen-2025-200dpi.pdf": (0.90, 0.80),
    "so-noi-vu-tuyen-truyen-2025-clean.pdf": (0.95, 0.85),
    "so-noi-vu-tuyen-truyen-2025-office.pdf": (0.70, 0.70),
    "so-noi-vu-tuyen-truyen-2025-poor.pdf": (0.80, 0.15),
    "so-noi-vu-tuyen-truyen-2025-fax.pdf": (0.65, 0.20),
    "so-noi-vu-tuyen-truyen-2025-phone.pdf": (0.90, 0.60),
    "thanh-tra-tinh-kiem-tra-2026-200dpi.pdf": (0.90, 0.85),
}
CASES = [
    pytest.param(name, *floor, marks=[] if name.endswith(".txt") else [pytest.mark.ocr, pytest.mark.slow], id=name)
    for name, floor in FLOORS.items()
]


def test_each_sample_has_a_golden_plan_and_the_other_way_round() -> None:
    assert {path.stem for path in SAMPLES} == set(GOLDEN)


@pytest.mark.parametrize("path", GOLDEN.values(), ids=GOLDEN)
def test_a_golden_plan_is_a_plan(path: Path) -> None:
    plan = read_plan(path)
    assert all(task.id == ".".join(task.path) for task in plan.tasks)


@pytest.mark.parametrize("stem", TYPED)
def test_a_golden_plan_says_what_its_text_says(stem: str) -> None:
    text = squeeze((ROOT / "samples" / f"{stem}.txt").read_text(encoding="utf-8"))
    plan = json.loads(GOLDEN[stem].read_text(encoding="utf-8"))
    values = [*plan["preamble"], *plan["closing"], *plan["recipients"]]
    for task in plan["tasks"]:
        values += [task["text"], *task["deliverables"], *([task["time_frame"]["text"]] if task["time_frame"] else [])]
        values += [unit["name"] for key in ("lead_units", "coordinating_units") for unit in task[key]]
    assert [value for value in values if value not in text] == []


@pytest.mark.parametrize("path", [path for path in SAMPLES if path.suffix == ".pdf"], ids=lambda path: path.name)
def test_a_sample_opens(path: Path) -> None:
    with pypdfium2.PdfDocument(path) as document:
        assert len(document) > 0


@pytest.mark.parametrize(("name", "outline", "fields"), CASES)
def test_scores_stay_above_their_floors(name: str, outline: float, fields: float) -> None:
    score = score_plans(parse(ROOT / "samples" / name), read_plan(GOLDEN[Path(name).stem]))
    figures = score.figures
    assert (figures["outline"].f1 or 0) >= outline
    assert figures["task_fields"].exact >= fields * figures["task_fields"].cases
