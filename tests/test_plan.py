import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from planparse.document import Source, Where
from planparse.errors import InputMissingError, PlanFormatError
from planparse.plan import (
    RUN_FIELDS,
    TASK_RUN_FIELDS,
    Confidence,
    Header,
    OtherField,
    OutlineItem,
    Plan,
    Recurrence,
    Reference,
    Signature,
    Task,
    TimeFrame,
    Unit,
    json_schema,
    read_plan,
)
from planparse.warning import PlanWarning, WarningCode, WarningPlace

MakePlan = Callable[..., Plan]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
maybe = texts | st.none()
dates = st.dates() | st.none()
probabilities = st.floats(0, 1)
places = st.tuples(st.integers(1, 99), st.integers(1, 99))
boxes = st.tuples(*[st.floats(0, 1000)] * 4) | st.none()


def tuples(elements: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(elements, max_size=2).map(tuple)


def _time_frames(milestones: st.SearchStrategy[Any]) -> st.SearchStrategy[TimeFrame]:
    recurrences = st.sampled_from(Recurrence) | st.none()
    return st.builds(
        TimeFrame, text=texts, start=dates, end=dates, recurrence=recurrences, condition=maybe, milestones=milestones
    )


time_frames = _time_frames(tuples(_time_frames(st.just(()))))
units = tuples(st.builds(Unit, name=texts, collective=st.booleans()))
references = tuples(st.builds(Reference, type=texts, number=maybe, date=dates, issuer=maybe))
confidences = st.builds(Confidence, **dict.fromkeys(Confidence.model_fields, probabilities))
tasks = st.lists(
    st.builds(
        Task,
        id=texts,
        path=tuples(texts),
        kind=st.sampled_from(["fields", "table", "prose"]),
        text=texts,
        lead_units=units,
        coordinating_units=units,
        deliverables=tuples(texts),
        time_frame=time_frames | st.none(),
        other_fields=tuples(st.builds(OtherField, label=texts, text=texts)),
        references=references,
        confidence=confidences,
        needs_review=st.sampled_from([(), ("text", "time_frame")]),
        where=tuples(st.builds(Where, page=st.integers(1, 99), bbox=boxes, lines=places)),
    ),
    max_size=2,
    unique_by=lambda task: task.id,
)
items = st.lists(
    st.builds(
        OutlineItem, id=texts, marker=maybe, level=st.integers(1, 9), title=maybe, text=tuples(texts),
        children=st.just(()),
    ),
    max_size=2,
    unique_by=lambda item: item.id,
)  # fmt: skip
plans = st.builds(
    Plan,
    schema_version=st.just("1.0"),
    source=st.builds(
        Source, file=maybe, sha256=texts, pages=st.integers(0, 99), text_from=st.sampled_from(["ocr", "text", "mixed"])
    ),
    header=st.builds(Header, **dict.fromkeys(Header.model_fields, maybe) | {"date": dates}),
    year=st.integers(1900, 2100) | st.none(),
    preamble=tuples(texts),
    outline=items.map(tuple),
    tasks=tasks.map(tuple),
    references=references,
    closing=tuples(texts),
    recipients=tuples(texts),
    signature=st.builds(Signature, authority=maybe, position=maybe, name=maybe) | st.none(),
    warnings=tuples(
        st.builds(
            PlanWarning,
            code=st.sampled_from(WarningCode),
            message=texts,
            where=st.builds(WarningPlace, page=st.integers(1, 99), lines=places) | st.none(),
        )
    ),
)
slow = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50)


@slow
@given(plans)
def test_json_and_back_changes_nothing(plan: Plan) -> None:
    assert Plan.from_json(plan.to_json()) == plan


@slow
@given(plans)
def test_the_same_plan_gives_the_same_bytes(plan: Plan) -> None:
    assert Plan.from_json(plan.to_json()).to_json() == plan.to_json()


@slow
@given(plans)
def test_facts_and_back_lose_only_what_depends_on_the_run(plan: Plan) -> None:
    assert Plan.from_facts(json.dumps(plan.facts())).facts() == plan.facts()


def test_json_is_indented_and_ends_with_a_newline(make_plan: MakePlan) -> None:
    lines = make_plan(preamble=["Căn cứ"]).to_json().split("\n")
    assert (lines[:2], lines[-2:]) == (["{", '  "schema_version": "1.0",'], ["}", ""])


def test_vietnamese_letters_stand_for_themselves(make_plan: MakePlan) -> None:
    assert '"Căn cứ Quyết định"' in make_plan(preamble=["Căn cứ Quyết định"]).to_json()


def test_keys_are_in_the_order_of_the_contract() -> None:
    keys = "schema_version source header year preamble outline tasks references closing recipients signature warnings"
    assert list(Plan.model_fields) == keys.split()


def test_keys_of_a_task_are_in_the_order_of_the_contract() -> None:
    keys = """id path kind text lead_units coordinating_units deliverables time_frame other_fields references
        confidence needs_review where"""
    assert list(Task.model_fields) == keys.split()


MODELS = [Header, OutlineItem, Unit, TimeFrame, OtherField, Reference, Confidence, Task, Signature, Plan]


@pytest.mark.parametrize("model", MODELS)
def test_no_field_may_be_left_out(model: type[BaseModel]) -> None:
    assert all(field.is_required() for field in model.model_fields.values())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "schema version None"),
        ('{"schema_version": "0.9"}', "schema version '0.9'"),
        ('{"schema_version": "1.0", "year": NaN}', "NaN is not a number"),
        ('{"schema_version": "1.0"}', "not a plan: source: Field required"),
        ("[" * 100_000, "not JSON"),
    ],
    ids=["no JSON", "no object", "another version", "NaN", "incomplete", "too deep"],
)
def test_what_is_no_plan_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(PlanFormatError, match=r"plan\.json") as caught:
        Plan.from_json(text, name="plan.json")
    assert reason in str(caught.value)


def test_an_unknown_key_is_refused(make_plan: MakePlan) -> None:
    data = json.loads(make_plan().to_json()) | {"extra": 1}
    with pytest.raises(PlanFormatError, match="extra"):
        Plan.from_json(json.dumps(data))


def test_a_repeated_id_is_refused(make_plan: MakePlan, make_task: Callable[..., dict[str, Any]]) -> None:
    with pytest.raises(PlanFormatError, match=r"task ids are not unique: I\.1"):
        make_plan(tasks=[make_task("I.1"), make_task("I.1")])


def test_facts_leave_out_what_depends_on_the_run(make_plan: MakePlan, make_task: Callable[..., dict[str, Any]]) -> None:
    facts = make_plan(tasks=[make_task("I")]).facts()
    assert not {*facts, *facts["tasks"][0]} & {*RUN_FIELDS, *TASK_RUN_FIELDS}


def test_a_whole_plan_has_its_facts(make_plan: MakePlan) -> None:
    plan = make_plan(year=2024)
    assert Plan.from_facts(plan.to_json()) == plan


def test_the_outline_is_walked_in_the_order_of_the_document(
    make_plan: MakePlan, make_item: Callable[..., dict[str, Any]]
) -> None:
    plan = make_plan(outline=[make_item("I", children=(make_item("I.1"), make_item("I.2"))), make_item("II")])
    assert [item.id for item in plan.walk()] == ["I", "I.1", "I.2", "II"]


def test_a_plan_is_read_from_a_file(make_plan: MakePlan, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(b"\xef\xbb\xbf" + make_plan(year=2024).to_json().encode())
    assert read_plan(path).year == 2024


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputMissingError, match="No such file"):
        read_plan(tmp_path / "plan.json")


def test_a_file_that_is_no_text_is_no_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(b"\xff\x00")
    with pytest.raises(PlanFormatError, match="not UTF-8"):
        read_plan(path)


def test_the_schema_forbids_what_it_does_not_know() -> None:
    assert json_schema()["additionalProperties"] is False


def test_the_schema_requires_every_key() -> None:
    assert json_schema()["required"] == list(Plan.model_fields)
