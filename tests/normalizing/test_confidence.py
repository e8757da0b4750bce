"""How sure the fields of a task are said to be, and which of them a person should check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import planparse
from planparse.config import Config
from planparse.normalizing.confidence import FIELDS, UNREADABLE, chance, field_chances, load_weights
from planparse.normalizing.evidence import WEIGHERS

if TYPE_CHECKING:
    from planparse.plan import Task

HEAD = "KẾ HOẠCH\nTriển khai công tác năm 2025\nI. NHIỆM VỤ\n"
PLAIN = """{number}. Rà soát văn bản quy phạm pháp luật thuộc phạm vi quản lý.
- Đơn vị chủ trì: {lead}.
- Đơn vị phối hợp: Sở Nội vụ.
- Thời gian thực hiện: {time}.
"""


def parse_tasks(*tasks: dict[str, str], config: Config | None = None) -> tuple[Task, ...]:
    """Return what is read of a plan with these tasks, each with what it says otherwise than the plain one."""
    plain = {"lead": "Sở Tài chính", "time": "Quý IV/2025"}
    texts = [PLAIN.format(number=number, **(plain | task)) for number, task in enumerate(tasks, start=1)]
    return planparse.parse_text(HEAD + "".join(texts), config=config or Config()).tasks


@given(
    st.dictionaries(st.sampled_from(sorted({key for one in load_weights().values() for key in one})), st.floats(0, 9))
)
def test_every_field_has_a_chance_whatever_speaks_against_it(evidence: dict[str, float]) -> None:
    chances = field_chances(dict.fromkeys(WEIGHERS, evidence), load_weights())
    assert all(0.0 <= chances[name] <= 1.0 for name in FIELDS)


def test_what_may_be_no_task_has_no_sure_field() -> None:
    nothing: dict[str, dict[str, float]] = {name: {} for name in WEIGHERS}
    sure, doubtful = (field_chances({**nothing, "task": one}, load_weights()) for one in ({}, {"short": 1.0}))
    assert all(doubtful[name] < sure[name] for name in FIELDS)


@pytest.mark.parametrize("name", WEIGHERS)
def test_evidence_speaks_against_a_field_and_never_for_it(name: str) -> None:
    either_way = {"always", "prose", "table", "empty"}
    assert all(weight < 0 for key, weight in load_weights()[name].items() if key not in either_way)


def test_evidence_without_a_weight_says_nothing() -> None:
    assert chance({"unheard of": 1.0}, {"always": 1.0}) == chance({}, {"always": 1.0})


@pytest.mark.parametrize("letter", ["\N{REPLACEMENT CHARACTER}", "\ue123"])
def test_a_letter_that_nobody_can_read_is_for_review(letter: str) -> None:
    (task, _) = parse_tasks({"lead": f"Sở Tài ch{letter}nh"}, {})
    assert ("lead_units" in task.needs_review, task.confidence.lead_units) == (True, UNREADABLE)


def test_other_fields_than_that_with_the_letter_stay_sure() -> None:
    (task, _) = parse_tasks({"lead": "Sở Tài ch\N{REPLACEMENT CHARACTER}nh"}, {})
    assert task.confidence.time_frame > UNREADABLE


def test_a_short_task_in_a_clean_text_is_as_sure_as_others() -> None:
    short, long = "1. Rà soát văn bản.", "2. Rà soát văn bản quy phạm pháp luật."
    fields = "- Đơn vị chủ trì: Sở Tài chính.\n- Thời gian thực hiện: Quý IV/2025.\n"
    tasks = planparse.parse_text(f"{HEAD}{short}\n{fields}{long}\n{fields}").tasks
    assert tasks[0].confidence.time_frame == tasks[1].confidence.time_frame


def test_a_plain_task_needs_no_review() -> None:
    assert [task.needs_review for task in parse_tasks({}, {})] == [(), ()]


def test_a_time_that_says_nothing_is_to_be_checked() -> None:
    assert "time_frame" in parse_tasks({}, {"time": "như trên đã nêu"})[1].needs_review


def test_a_lead_that_is_no_known_body_is_less_sure() -> None:
    known, unknown = parse_tasks({}, {"lead": "Theo phân công"})
    assert unknown.confidence.lead_units < known.confidence.lead_units


def test_a_field_that_the_siblings_have_is_missed() -> None:
    plain, lacking = PLAIN, "".join(line for line in PLAIN.splitlines(keepends=True) if "chủ trì" not in line)
    chances = []
    for plan in ((plain, plain, lacking), (lacking, lacking, lacking)):
        texts = [task.format(number=n, lead="Sở Y tế", time="Quý IV/2025") for n, task in enumerate(plan, start=1)]
        chances.append(planparse.parse_text(HEAD + "".join(texts)).tasks[-1].confidence.lead_units)
    assert chances[0] < chances[1]


def parse_row(column: str, value: str) -> Task:
    """Return what is read of a table of one row, whose last column has this head and this value."""
    head = f"| TT | Nội dung công việc | Đơn vị chủ trì | {column} |"
    row = f"| 1 | Rà soát văn bản quy phạm pháp luật | Sở Tài chính | {value} |"
    (task,) = planparse.parse_text(f"{HEAD}{head}\n{row}\n").tasks
    return task


@pytest.mark.parametrize(
    ("name", "value"), [("time_frame", "Trước 15/5/2025"), ("coordinating_units", "Sở Nội vụ, Sở Y tế")]
)
def test_an_empty_field_is_unsure_where_a_column_nobody_understood_seems_to_hold_it(name: str, value: str) -> None:
    chances = [getattr(parse_row("Ghi chú", one).confidence, name) for one in ("", value)]
    assert chances[1] < chances[0]


def test_a_column_of_remarks_without_a_time_leaves_an_empty_time_surer_than_one_with() -> None:
    plain, dated = (parse_row("Ghi chú", value).confidence.time_frame for value in ("Có", "Trước 15/5/2025"))
    assert dated < plain


@pytest.mark.parametrize("end", [", gắn với", " gồm các việc sau:"])
def test_a_sentence_that_does_not_end_is_less_sure(end: str) -> None:
    sentence = "1. Sở Tài chính chủ trì, phối hợp với Sở Nội vụ rà soát văn bản quy phạm pháp luật"
    whole, cut = (planparse.parse_text(f"{HEAD}{sentence}{one}\n").tasks[0].confidence.text for one in (".", end))
    assert cut < whole


def test_a_name_with_a_remark_in_brackets_is_less_sure() -> None:
    plain, remarked = parse_tasks({}, {"lead": "Sở Xây dựng (Phòng Đô thị)"})
    assert remarked.confidence.lead_units < plain.confidence.lead_units


def test_repairs_that_may_be_wrong_make_a_text_less_sure() -> None:
    right, damaged = "Rà soát văn bản quy phạm pháp luật", "Ra soat van bån quy pham phåp luat"
    texts = [
        HEAD + PLAIN.format(number=1, lead="Sở Tài chính", time="Quý IV/2025").replace(right, one)
        for one in (right, damaged)
    ]
    sure, unsure = (planparse.parse_text(text).tasks[0].confidence.text for text in texts)
    assert unsure < sure


def test_what_needs_review_is_what_is_less_sure_than_asked() -> None:
    (task,) = parse_tasks({}, config=Config(review_below=1.0))
    assert task.needs_review == FIELDS
