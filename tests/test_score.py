import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse.errors import InputEmptyError, InputMissingError, InputUnsupportedError
from planparse.plan import Plan
from planparse.score import Figure, score_paths, score_plans, score_texts

MakePlan = Callable[..., Plan]
MakePart = Callable[..., dict[str, Any]]


@pytest.mark.cases("score/texts")
def test_texts(case: dict[str, Any]) -> None:
    text = score_texts(case["predicted"], case["gold"]).text
    assert [text.edits, text.characters, text.right_syllables, text.syllables] == case["expect"]


@given(st.text())
def test_a_text_equals_itself(text: str) -> None:
    assert score_texts(text, text).text.edits == 0


@pytest.mark.cases("score/fields")
def test_fields(case: dict[str, Any], make_plan: MakePlan, make_task: MakePart) -> None:
    predicted, gold = (make_plan(tasks=[make_task("I.1", **_filled(case[side]))]) for side in ("predicted", "gold"))
    figure = score_plans(predicted, gold).figures[case["figure"]]
    assert [figure.right, figure.predicted, figure.gold, figure.exact, figure.cases] == case["expect"]


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    """Return fields with null where TOML can't say it."""
    if "time_frame" in fields:
        nothing = dict.fromkeys(("start", "end", "recurrence", "condition"))
        fields = fields | {"time_frame": nothing | fields["time_frame"]}
    return fields


def test_a_missing_task_has_all_its_stated_fields_wrong(make_plan: MakePlan, make_task: MakePart) -> None:
    gold = make_plan(tasks=[make_task("I.1", deliverables=["Báo cáo"]), make_task("I.2")])
    figures = score_plans(make_plan(tasks=[make_task("I.2")]), gold).figures
    assert (figures["task_fields"].exact, figures["task_fields"].cases) == (1, 3)


def test_a_missing_task_costs_recall_of_its_fields(make_plan: MakePlan, make_task: MakePart) -> None:
    gold = make_plan(tasks=[make_task("I.1"), make_task("I.2")])
    figure = score_plans(make_plan(tasks=[make_task("I.2")]), gold).figures["text"]
    assert (figure.precision, figure.recall, figure.exact_share) == (1.0, 0.5, 1.0)


def test_an_extra_task_costs_precision(make_plan: MakePlan, make_task: MakePart) -> None:
    predicted = make_plan(tasks=[make_task("I.1"), make_task("I.2")])
    assert score_plans(predicted, make_plan(tasks=[make_task("I.1")])).figures["tasks"].precision == 0.5


def test_an_outline_item_is_right_where_its_heading_is_similar(make_plan: MakePlan, make_item: MakePart) -> None:
    predicted = make_plan(outline=[make_item("I", "MUC ĐÍCH, YÊU CÀU"), make_item("II", "KINH PHÍ")])
    gold = make_plan(outline=[make_item("I", "MỤC ĐÍCH, YÊU CẦU"), make_item("II", "TỔ CHỨC THỰC HIỆN")])
    assert score_plans(predicted, gold).figures["outline"] == Figure(1, 2, 2, 0, 1)


def test_title_and_first_paragraph_are_compared_as_one(make_plan: MakePlan, make_item: MakePart) -> None:
    predicted = make_plan(outline=[make_item("I", None, "Rà soát văn bản", "Rồi")])
    gold = make_plan(outline=[make_item("I", "Rà soát văn bản")])
    assert score_plans(predicted, gold).figures["outline"].f1 == 1.0


def test_an_item_is_found_at_its_place_only(make_plan: MakePlan, make_item: MakePart) -> None:
    predicted, gold = (make_plan(outline=[make_item(name, "Kinh phí")]) for name in ("I", "II"))
    assert score_plans(predicted, gold).figures["outline"].f1 == 0.0


def test_a_reference_is_right_as_a_whole(make_plan: MakePlan) -> None:
    one = {"type": "Quyết định", "number": "1/QĐ-UBND", "date": "2024-01-05", "issuer": None}
    figure = score_plans(make_plan(references=[one | {"date": None}]), make_plan(references=[one])).figures[
        "references"
    ]
    assert figure == Figure(0, 1, 1, 0, 1)


def test_a_signature_that_is_missing_misses_each_part(make_plan: MakePlan) -> None:
    gold = make_plan(signature={"authority": None, "position": "CHỦ TỊCH", "name": "Lê A"})
    figures = score_plans(make_plan(), gold).figures
    assert [figures[f"signature.{part}"].gold for part in ("authority", "position", "name")] == [0, 1, 1]


def test_the_text_of_plans_is_that_of_outline_and_tasks(
    make_plan: MakePlan, make_task: MakePart, make_item: MakePart
) -> None:
    gold = make_plan(outline=[make_item("I", "Kinh phí")], tasks=[make_task("I.1", text="Rà soát")])
    predicted = make_plan(outline=[make_item("I", "Kinh phi")], tasks=[make_task("I.1", text="Rà soat")])
    text = score_plans(predicted, gold).text
    assert (text.edits, text.characters) == (2, len("Kinh phí Rà soát"))


def test_an_empty_share_is_none() -> None:
    assert (Figure().precision, Figure().recall, Figure().f1, Figure().exact_share) == (None, None, None, None)


def test_folders_pair_by_stem(make_plan: MakePlan, tmp_path: Path) -> None:
    predicted, gold = tmp_path / "p", tmp_path / "g"
    _write(make_plan(year=2024), predicted / "a.pdf.json", gold / "a" / "plan.json")
    _write(make_plan(), predicted / "b.json", gold / "b.plan.json")
    assert score_paths(predicted, gold).pairs.keys() == {"a", "b"}


def _write(plan: Plan, *paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(plan.to_json(), encoding="utf-8")


def test_gold_without_a_prediction_is_all_wrong(make_plan: MakePlan, tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    _write(make_plan(year=2024), tmp_path / "g" / "a.json")
    report = score_paths(tmp_path / "p", tmp_path / "g")
    assert (report.missing, report.total.figures["year"].recall) == (("a",), 0.0)


def test_a_prediction_without_gold_is_named(make_plan: MakePlan, tmp_path: Path) -> None:
    _write(make_plan(), tmp_path / "p" / "a.json", tmp_path / "p" / "b.json", tmp_path / "g" / "a.json")
    assert score_paths(tmp_path / "p", tmp_path / "g").extra == ("b",)


def test_two_files_of_one_stem_are_refused(make_plan: MakePlan, tmp_path: Path) -> None:
    _write(make_plan(), tmp_path / "a.pdf.json", tmp_path / "a.txt.json")
    with pytest.raises(InputUnsupportedError, match="two files of one stem"):
        score_paths(tmp_path, tmp_path)


def test_texts_in_files(tmp_path: Path) -> None:
    for name, text in (("p.txt", "Đơn vi"), ("g.txt", "Đơn vị")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert score_paths(tmp_path / "p.txt", tmp_path / "g.txt").total.text.edits == 1


def test_a_folder_without_plans_is_empty(tmp_path: Path) -> None:
    with pytest.raises(InputEmptyError, match="no plans or texts"):
        score_paths(tmp_path, tmp_path)


def test_a_plan_and_a_text_do_not_compare(make_plan: MakePlan, tmp_path: Path) -> None:
    _write(make_plan(), tmp_path / "p.json")
    with pytest.raises(InputUnsupportedError, match="a plan and a text"):
        score_paths(tmp_path / "p.json", tmp_path / "g.txt")


def test_a_file_and_a_folder_do_not_compare(tmp_path: Path) -> None:
    with pytest.raises(InputUnsupportedError, match="a file and a folder"):
        score_paths(tmp_path, tmp_path / "a.json")


def test_a_missing_text_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "g.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputMissingError, match=r"p\.txt"):
        score_paths(tmp_path / "p.txt", tmp_path / "g.txt")


def test_the_report_is_json(make_plan: MakePlan, tmp_path: Path) -> None:
    _write(make_plan(year=2024), tmp_path / "a.json")
    data = json.loads(json.dumps(score_paths(tmp_path / "a.json", tmp_path / "a.json").to_data()))
    assert data["total"]["figures"]["year"]["f1"] == 1.0


def test_the_table_has_a_line_for_each_figure(make_plan: MakePlan, tmp_path: Path) -> None:
    _write(make_plan(), tmp_path / "a.json")
    report = score_paths(tmp_path / "a.json", tmp_path / "a.json")
    names = [line.split()[0] for line in report.to_text().splitlines()[2:-2]]
    assert names == list(report.total.figures)
