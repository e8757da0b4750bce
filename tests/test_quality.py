"""bench/quality.py: plans typeset whole, soft figures, verdicts, what is kept, and what a change gains and loses."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from PIL import Image

pytest.importorskip("reportlab", reason="reportlab is not installed")
sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

import labelled
import plan_pages
import planparse
import quality
import verdicts
from labelled import Labelled, Store
from planparse.config import DEFAULT
from planparse.plan import Plan
from planparse.reading.images.raster import Raster
from recorded_engines import RecordedEngine
from verdicts import Counts

MakePlan = Callable[..., Plan]
MakePart = Callable[..., dict[str, Any]]

FONT = Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf")
needs_fonts = pytest.mark.skipif(not FONT.is_file(), reason="Liberation Serif is not installed")

TEXT = """ỦY BAN NHÂN DÂN
TỈNH HOA SƠN
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 12/KH-UBND
Hoa Sơn, ngày 05 tháng 01 năm 2026

KẾ HOẠCH
Cải cách hành chính năm 2026
I. NHIỆM VỤ
1. Rà soát thủ tục
- Đơn vị chủ trì: Sở Nội vụ.
- Thời gian: Quý I/2026.
Nơi nhận:
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
Lò Thị Minh Thơ

PHỤ LỤC
DANH MỤC NHIỆM VỤ
| STT | Nhiệm vụ | Chủ trì | Phối hợp | Sản phẩm | Thời gian |
| 1 | Số hóa hồ sơ | Sở Tư pháp | UBND các xã | Báo cáo | Quý II/2026 |
"""


def frame(text: str, **dates: object) -> dict[str, Any]:
    nothing = dict.fromkeys(("start", "end", "recurrence", "condition"))
    return {"text": text, "milestones": []} | nothing | dates


def units(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "collective": False} for name in names]


# Plans typeset


def test_a_sheet_ends_with_the_signature() -> None:
    assert next(plan_pages.split_sheets(TEXT.splitlines()))[-2] == "TM. ỦY BAN NHÂN DÂN"


def test_an_appendix_begins_a_sheet() -> None:
    sheets = list(plan_pages.split_sheets(["1. Rà soát", "PHỤ LỤC", "DANH MỤC"]))
    assert sheets == [["1. Rà soát"], ["PHỤ LỤC", "DANH MỤC"]]


@needs_fonts
def test_every_word_of_the_text_is_printed() -> None:
    with pdfplumber.open(BytesIO(plan_pages.typeset_plan(TEXT))) as pdf:
        printed = " ".join(page.extract_text() for page in pdf.pages).split()
    assert [word for word in TEXT.replace("|", " ").split() if word not in printed] == []


@needs_fonts
def test_a_wide_table_lies_across_its_pages() -> None:
    with pdfplumber.open(BytesIO(plan_pages.typeset_plan(TEXT))) as pdf:
        assert [page.width > page.height for page in pdf.pages] == [False, True]


@needs_fonts
def test_a_text_gives_the_same_pages_again() -> None:
    assert plan_pages.typeset_plan(TEXT) == plan_pages.typeset_plan(TEXT)


@needs_fonts
def test_a_row_as_high_as_a_page_is_set_smaller() -> None:
    rows = f"| STT | Nhiệm vụ | Chủ trì |\n| 1 | {'Rà soát thủ tục hành chính. ' * 90}| {'Sở Nội vụ, ' * 60} |"
    with pdfplumber.open(BytesIO(plan_pages.typeset_plan(f"PHỤ LỤC\n{rows}"))) as pdf:
        assert min(round(letter["size"]) for letter in pdf.pages[-1].chars) < plan_pages.CELL_SIZES[0]


# Figures


def test_a_name_with_one_letter_wrong_counts_by_its_likeness(make_plan: MakePlan, make_task: MakePart) -> None:
    predicted = make_plan(tasks=[make_task("I.1", lead_units=units("Sở Nôi vụ"))])
    figures = verdicts.measure(predicted, make_plan(tasks=[make_task("I.1", lead_units=units("Sở Nội vụ"))]))
    assert [figures["four"].f1, figures["four soft"].f1] == pytest.approx([0, 8 / 9])


def test_an_unlike_name_counts_as_nothing() -> None:
    assert verdicts.text_likeness("Sở Nội vụ", "Công an tỉnh") == 0


def test_a_value_is_matched_once() -> None:
    assert list(verdicts.match([[0.9, 0.8], [0.7, 0.0]])) == [(0, 0)]


def test_a_task_of_another_path_is_soft_right_and_strictly_wrong(make_plan: MakePlan, make_task: MakePart) -> None:
    predicted = make_plan(tasks=[make_task("II.1", lead_units=units("Sở Nội vụ"))])
    figures = verdicts.measure(predicted, make_plan(tasks=[make_task("I.1", lead_units=units("Sở Nội vụ"))]))
    assert (figures["four"].f1, figures["four soft"].f1) == (0, 1)


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ({"start": "2026-01-01", "end": "2026-03-31"}, {"start": "2026-01-01", "end": "2026-06-30"}, 90 / 181),
        ({"end": "2026-03-31"}, {"end": "2026-03-31"}, 1),
        ({"end": "2026-03-31"}, {"end": "2026-03-30"}, 0),
        ({"end": "2026-03-31"}, {}, 0),
        ({"recurrence": "monthly"}, {"recurrence": "monthly"}, 1),
        ({"end": "2026-03-31", "recurrence": "monthly"}, {"end": "2026-03-31"}, 0.5),
        ({}, {}, None),
    ],
)
def test_dates_are_as_like_as_their_days_overlap(
    one: dict[str, Any], other: dict[str, Any], likeness: float | None, make_plan: MakePlan, make_task: MakePart
) -> None:
    tasks = [make_task(f"I.{number}", time_frame=frame("x", **dates)) for number, dates in enumerate((one, other))]
    left, right = (task.time_frame for task in make_plan(tasks=tasks).tasks)
    assert left is not None
    assert right is not None
    assert verdicts.date_likeness(left, right) == (None if likeness is None else pytest.approx(likeness))


def test_a_field_that_nobody_is_asked_to_review_may_be_wrong(make_plan: MakePlan, make_task: MakePart) -> None:
    predicted = make_plan(tasks=[make_task("I.1", lead_units=units("Sở Y tế"))])
    figures = verdicts.measure(predicted, make_plan(tasks=[make_task("I.1", lead_units=units("Sở Nội vụ"))]))
    assert (figures["flagged"].f1, figures["unflagged wrong"].f1) == (0, 0.5)


def test_a_predicted_task_is_of_the_kind_that_gold_says(make_plan: MakePlan, make_task: MakePart) -> None:
    predicted, gold = (make_plan(tasks=[make_task("1", kind=kind)]) for kind in ("prose", "table"))
    left, _ = verdicts.of_kind(predicted, gold, "table")
    assert [task.id for task in left.tasks] == ["1"]


# Gains and losses


@pytest.mark.parametrize(
    ("now", "before", "gained", "lost"),
    [
        ("Sở Nội vụ", "Sở Y tế", 1, 0),
        ("Sở Y tế", "Sở Nội vụ", 0, 1),
        ("Sở Y tế", "Sở Tài chính", 0, 0),
        ("Sở Nội vụ", None, 1, 0),
    ],
)
def test_a_field_is_gained_or_lost(
    now: str, before: str | None, gained: int, lost: int, make_plan: MakePlan, make_task: MakePart
) -> None:
    def judge(name: str | None) -> dict[verdicts.FieldOf, verdicts.Verdict]:
        gold = make_plan(tasks=[make_task("I.1", lead_units=units("Sở Nội vụ"))])
        return verdicts.verdicts(make_plan(tasks=[make_task("I.1", lead_units=units(*[name] if name else []))]), gold)

    changes = quality.compare(judge(now), judge(before))
    assert [len(fields) for fields in changes] == [gained, lost]


def test_an_invented_task_is_a_loss(make_plan: MakePlan, make_task: MakePart) -> None:
    gold = make_plan()
    found = (verdicts.verdicts(plan, gold) for plan in (make_plan(tasks=[make_task("I.1")]), gold))
    assert quality.compare(*found) == ([], [(("I", "1"), "text")])


def test_a_figure_is_shown_with_its_change() -> None:
    assert quality.cell(Counts(3, 4, 4), Counts(2, 4, 4)) == "75.0 (+25.0)"


# What is kept


def test_what_is_kept_is_made_once(tmp_path: Path) -> None:
    made: list[int] = []
    for _ in range(2):
        Store(tmp_path).keep("read", "key", lambda: made.append(1))
    assert made == [1]


def test_fresh_makes_it_again(tmp_path: Path) -> None:
    Store(tmp_path).keep("read", "key", lambda: 1)
    assert Store(tmp_path, fresh=True).keep("read", "key", lambda: 2) == 2


def test_a_change_of_code_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planparse, "__file__", str(tmp_path / "__init__.py"))
    code, found = tmp_path / "reading" / "ocr.py", []
    code.parent.mkdir()
    for text in ("x = 1", "x = 2", "x = 1"):
        code.write_text(text)
        found.append(labelled.version.__wrapped__(("reading",)))
    assert (found[0] == found[2], found[0] == found[1]) == (True, False)


class CountingEngine:
    """An engine that reads nothing and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def version(self) -> str:
        return "1"

    def read(self, *_: object, **__: object) -> list[Any]:
        self.asked += 1
        return []


@pytest.mark.parametrize(("colours", "asked"), [(("white", "white"), 1), (("white", "black"), 2)])
def test_an_engine_is_asked_once_about_an_image(colours: tuple[str, str], asked: int, tmp_path: Path) -> None:
    engine = CountingEngine()
    recorded = RecordedEngine(engine, Store(tmp_path).keep)
    for colour in colours:
        recorded.read(Raster(Image.new("L", (20, 10), colour), 200), DEFAULT, place="page 1")
    assert engine.asked == asked


@pytest.fixture
def document(tmp_path: Path, make_plan: MakePlan) -> Labelled:
    """Return a labelled text."""
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "plan.json").write_text(make_plan().to_json(), encoding="utf-8")
    return Labelled("hoa-son", "text", tmp_path / "text.txt", tmp_path / "plan.json")


def test_a_folder_with_text_and_plan_is_a_document_at_each_level(document: Labelled, tmp_path: Path) -> None:
    found = labelled.find_documents(tmp_path / "none", [tmp_path], ["layer", "office"])
    assert [one.input for one in found if one.name == tmp_path.name] == ["text", "layer", "office"]
    assert document.source.parent == tmp_path


def test_plans_that_another_tree_orders_are_written(document: Labelled, tmp_path: Path) -> None:
    order = [["hoa-son", "text", str(document.source), str(document.gold), str(tmp_path / "out.json")]]
    quality.write_plans(order, Store(tmp_path / "cache"))
    assert Plan.from_json((tmp_path / "out.json").read_text("utf-8")) == Store(tmp_path / "cache").plan(document)


@needs_fonts
def test_a_text_layer_is_read_as_the_text_is(document: Labelled, tmp_path: Path) -> None:
    layer = Labelled("hoa-son", "layer", document.source, document.gold)
    printed, typed = (Store(tmp_path / "cache").plan(one) for one in (layer, document))
    assert [task.path for task in printed.tasks] == [task.path for task in typed.tasks]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository of one commit with a folder src, in the place of this one."""
    folder = tmp_path / "repository"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "code.py").write_text("x = 1\n")
    monkeypatch.setattr(quality, "ROOT", folder)
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    for arguments in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "x"]):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True)  # noqa: S603, S607 (git)
    return folder


@pytest.mark.parametrize(("text", "revision"), [("x = 1\n", "HEAD~1"), ("x = 2\n", "HEAD")])
def test_a_clean_tree_is_compared_with_the_commit_before(text: str, revision: str, repository: Path) -> None:
    (repository / "src" / "code.py").write_text(text)
    assert quality.default_revision() == revision


@pytest.mark.usefixtures("repository")
def test_what_a_revision_made_is_kept(
    document: Labelled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_plan: MakePlan
) -> None:
    runs: list[int] = []

    def run(wanted: dict[Labelled, Path], *_: object) -> None:
        runs.append(len(wanted))
        for path in wanted.values():
            path.write_text(make_plan(year=2026).to_json(), encoding="utf-8")

    monkeypatch.setattr(quality, "run_revision", run)
    for _ in range(2):
        plans = quality.parse_before([document], Store(tmp_path / "cache"), "HEAD")
    assert (runs, plans[document].year) == ([1], 2026)


def test_json_has_figures_gains_and_losses(
    document: Labelled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [str(tmp_path), "--shared", str(tmp_path), "--only", tmp_path.name, "--against", "none", "--json"]
    monkeypatch.setattr(sys, "argv", ["quality.py", *options, "--cache", str(tmp_path / "cache")])
    quality.main()
    data = json.loads(capsys.readouterr().out)
    assert [(one["input"], one["of"]) for one in data["now"]][:2] == [(document.input, tmp_path.name), ("text", "all")]
