from pathlib import Path

import pytest

import planparse
from planparse.errors import InputEmptyError, InputMissingError, InternalError

TEXT = "I. MỤC ĐÍCH\n1. Rà soát văn bản.\n- Đơn vị chủ trì: Sở Nội vụ.\n"


@pytest.fixture
def documents(tmp_path: Path) -> list[Path]:
    for name, text in (("a.txt", TEXT), ("b.txt", ""), ("c.txt", TEXT)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [tmp_path / name for name in ("a.txt", "b.txt", "c.txt", "d.txt")]


@pytest.mark.parametrize(("jobs", "timeout"), [(1, None), (1, 60.0), (2, None), (None, None)])
def test_each_document_has_a_plan_or_an_error(documents: list[Path], jobs: int | None, timeout: float | None) -> None:
    outcomes = {outcome.path.name: outcome for outcome in planparse.parse_many(documents, jobs=jobs, timeout=timeout)}
    errors = {name: type(outcome.error) for name, outcome in outcomes.items() if outcome.error}
    assert (len(outcomes), errors) == (4, {"b.txt": InputEmptyError, "d.txt": InputMissingError})


def test_any_number_of_processes_gives_the_same_bytes(documents: list[Path]) -> None:
    plans = [
        {outcome.path: outcome.plan.to_json() for outcome in planparse.parse_many(documents, jobs=jobs) if outcome.plan}
        for jobs in (1, 3)
    ]
    assert plans[0] == plans[1]


def test_paths_may_be_strings(documents: list[Path]) -> None:
    assert [outcome.path for outcome in planparse.parse_many([str(documents[0])], jobs=1)] == documents[:1]


def test_a_defect_is_the_outcome_of_its_document(documents: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planparse.batch.work.parse", lambda _path, config, store: 1 / (config is store))
    assert isinstance(next(planparse.parse_many(documents, jobs=1)).error, InternalError)
