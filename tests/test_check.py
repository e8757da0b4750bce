import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import planparse.check
from planparse.batch import Outcome
from planparse.check import Report, check_samples, compare_facts
from planparse.config import DEFAULT, Config
from planparse.errors import InputDamagedError, InputMissingError
from planparse.plan import Plan

needs_rights = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="needs a user to whom folders can be closed"
)
MakePlan = Callable[..., Plan]
MakePart = Callable[..., dict[str, Any]]
TIME: dict[str, Any] = {
    "text": "Quý I",
    "start": "2024-01-01",
    "end": "2024-03-31",
    "recurrence": None,
    "condition": None,
    "milestones": [],
}


def _differences(expected: Plan, found: Plan) -> list[str]:
    return [str(difference) for difference in compare_facts(expected.facts(), found.facts())]


def test_equal_plans_do_not_differ(make_plan: MakePlan, make_task: MakePart) -> None:
    plan = make_plan(year=2024, tasks=[make_task("I.1", time_frame=TIME)])
    assert _differences(plan, plan) == []


def test_what_depends_on_the_run_is_not_compared(make_plan: MakePlan, make_task: MakePart) -> None:
    found = make_plan(
        source={"file": "b.pdf", "sha256": "1", "pages": 3, "text_from": "ocr"},
        warnings=[{"code": "no-text", "message": "x", "where": None}],
        tasks=[make_task("I.1", needs_review=["text"], where=[{"page": 2, "bbox": None, "lines": [1, 2]}])],
    )
    assert _differences(make_plan(tasks=[make_task("I.1")]), found) == []


def test_a_value_is_shown_with_its_path(make_plan: MakePlan, make_task: MakePart) -> None:
    expected = make_plan(tasks=[make_task("II.1.a", time_frame=TIME)])
    found = make_plan(tasks=[make_task("II.1.a", time_frame=TIME | {"end": None})])
    assert _differences(expected, found) == ['tasks.II.1.a.time_frame.end: "2024-03-31" → (nothing)']


def test_long_texts_are_shown_around_the_change(make_plan: MakePlan) -> None:
    texts = ["a" * 100 + letter + "b" * 100 for letter in "xy"]
    expected, found = (make_plan(preamble=[text]) for text in texts)
    context = "…" + "a" * 30, "b" * 30 + "…"
    assert _differences(expected, found) == [f'preamble.1: "{context[0]}x{context[1]}" → "{context[0]}y{context[1]}"']


def test_a_new_value_in_a_list_does_not_move_the_others(make_plan: MakePlan) -> None:
    assert _differences(make_plan(closing=["b", "c"]), make_plan(closing=["a", "b", "c"])) == [
        'closing.1: (nothing) → "a"'
    ]


def test_a_missing_value_of_a_list_is_shown(make_plan: MakePlan) -> None:
    assert _differences(make_plan(closing=["a", "b"]), make_plan(closing=["b"])) == ['closing.1: "a" → (nothing)']


def test_a_missing_task_is_one_difference(make_plan: MakePlan, make_task: MakePart) -> None:
    expected = make_plan(tasks=[make_task("I.1"), make_task("I.2")])
    assert _differences(expected, make_plan(tasks=[make_task("I.2")])) == ["tasks.I.1: missing"]


def test_an_outline_item_is_compared_at_any_depth(make_plan: MakePlan, make_item: MakePart) -> None:
    expected, found = (
        make_plan(outline=[make_item("I", children=(make_item("I.1", title),))]) for title in ("Kinh phí", "Chi phí")
    )
    assert _differences(expected, found) == ['outline.I.1.title: "Kinh phí" → "Chi phí"']


def test_the_order_counts(make_plan: MakePlan, make_task: MakePart) -> None:
    tasks = [make_task("I.1"), make_task("I.2")]
    assert _differences(make_plan(tasks=tasks), make_plan(tasks=tasks[::-1])) == ["tasks: in another order"]


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    folder = tmp_path / "samples"
    folder.mkdir()
    return folder


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    folder = tmp_path / "golden"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def parser(monkeypatch: pytest.MonkeyPatch, make_plan: MakePlan) -> None:
    """Parse a sample into a plan that has the sample's text as its preamble; "broken" can't be read."""

    def parse_many(paths: list[Path], *, jobs: int | None, config: Config) -> Iterator[Outcome]:
        assert jobs is None
        assert config == DEFAULT
        for path in paths:
            text = path.read_text(encoding="utf-8")
            error = InputDamagedError("broken", path.name, "scan it again") if text == "broken" else None
            yield Outcome(path, None if error else make_plan(preamble=[text]), error, 0.0)

    monkeypatch.setattr(planparse.check, "parse_many", parse_many)


def _sample(folder: Path, name: str, text: str = "Căn cứ") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def _words(report: Report) -> dict[str, list[str]]:
    return {result.name: [str(one) for one in result.differences] for result in report.results if result.differences}


def test_an_updated_sample_is_as_expected(samples: Path, golden: Path) -> None:
    _sample(samples, "a.txt")
    check_samples(samples, golden, update=True)
    assert not check_samples(samples, golden).differs


def test_update_writes_the_facts(samples: Path, golden: Path, make_plan: MakePlan) -> None:
    _sample(samples, "a.txt")
    check_samples(samples, golden, update=True)
    assert json.loads((golden / "a.json").read_text(encoding="utf-8")) == make_plan(preamble=["Căn cứ"]).facts()


def test_a_sample_without_golden_is_a_difference(samples: Path, golden: Path) -> None:
    _sample(samples, "a.txt")
    assert _words(check_samples(samples, golden)) == {
        "a.txt": ["no golden file a.json: write it with --update, and read it"]
    }


def test_a_golden_without_sample_is_a_difference(samples: Path, golden: Path) -> None:
    (golden / "z.json").touch()
    assert _words(check_samples(samples, golden)) == {"z.json": ["no sample has this stem"]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [('{"year": NaN}', "NaN is not a number"), ('{"schema_version": "9"}', "schema version '9'"), ("", "not JSON")],
)
def test_a_golden_that_is_no_plan_is_a_difference(samples: Path, golden: Path, text: str, reason: str) -> None:
    _sample(samples, "a.txt")
    (golden / "a.json").write_text(text, encoding="utf-8")
    assert reason in _words(check_samples(samples, golden))["a.txt"][0]


def test_a_broken_sample_does_not_stop_the_others(samples: Path, golden: Path) -> None:
    _sample(samples, "b.txt")
    check_samples(samples, golden, update=True)
    _sample(samples, "a.txt", "broken")
    assert _words(check_samples(samples, golden)) == {"a.txt": ["not parsed: broken (a.txt): scan it again"]}


def test_two_samples_of_one_stem_are_both_compared(samples: Path, golden: Path) -> None:
    _sample(samples, "a.png", "Căn cứ")
    _sample(samples, "a.txt", "Căn cu")
    assert list(_words(check_samples(samples, golden, update=True))) == ["a.txt"]


def test_unread_types_are_named_and_skipped(samples: Path, golden: Path) -> None:
    _sample(samples, "a.txt")
    _sample(samples, "notes.docx")
    report = check_samples(samples, golden, update=True)
    assert (report.skipped, report.differs) == (("notes.docx",), False)


def test_hidden_files_are_no_samples(samples: Path, golden: Path) -> None:
    _sample(samples, ".a.txt")
    with pytest.raises(InputMissingError, match="nothing to compare"):
        check_samples(samples, golden)


@pytest.mark.parametrize("missing", ["samples", "golden"])
def test_a_missing_folder_is_an_input_error(samples: Path, golden: Path, missing: str) -> None:
    {"samples": samples, "golden": golden}[missing].rmdir()
    with pytest.raises(InputMissingError, match=rf"no such folder .*{missing}"):
        check_samples(samples, golden)


@needs_rights
@pytest.mark.parametrize("shut", ["samples", "samples/inner", "golden", "golden/known_failures.toml"])
def test_what_may_not_be_read_is_an_input_error(samples: Path, golden: Path, shut: str) -> None:
    (samples / "inner").mkdir()
    (golden / "known_failures.toml").touch()
    _sample(samples, "a.txt")
    path = samples.parent / shut
    path.chmod(0)
    try:
        with pytest.raises(InputMissingError, match=rf"can't be opened: .*{shut}.*rights"):
            check_samples(samples, golden)
    finally:
        path.chmod(0o700)


def test_a_folder_of_samples_that_is_closed_is_an_input_error(
    samples: Path, golden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputMissingError, match=r"can't be opened: Permission denied .*samples"):
        check_samples(samples, golden)


@pytest.mark.parametrize("path", ["preamble.1", "preamble", "pre*", "*"])
def test_a_known_failure_is_no_difference(samples: Path, golden: Path, path: str) -> None:
    _fail(samples, golden, f'[a]\n"{path}" = "torn"')
    report = check_samples(samples, golden)
    assert (report.differs, [str(one) for one in report.results[0].known]) == (
        False,
        ['preamble.1: "Căn cứ" → "Căn cu" (torn)'],
    )


def _fail(samples: Path, golden: Path, known: str) -> None:
    """Have a sample that differs in `preamble.1`."""
    _sample(samples, "a.txt")
    check_samples(samples, golden, update=True)
    _sample(samples, "a.txt", "Căn cu")
    (golden / "known_failures.toml").write_text(known, encoding="utf-8")


def test_a_known_failure_covers_its_own_path_only(samples: Path, golden: Path) -> None:
    _fail(samples, golden, '[a]\n"pre" = "torn"')
    assert "a.txt" in _words(check_samples(samples, golden))


def test_a_known_failure_that_is_right_now_is_a_difference(samples: Path, golden: Path) -> None:
    _fail(samples, golden, '[a]\n"preamble" = "torn"\n"year" = "faint"\n')
    assert _words(check_samples(samples, golden)) == {
        "known_failures.toml": ["a: year: is right now, or no sample has it; remove it (faint)"]
    }


@pytest.mark.parametrize("text", ["[a", "a = 1", "[a]\nb = 2"])
def test_a_list_of_known_failures_that_is_none_is_an_error(samples: Path, golden: Path, text: str) -> None:
    _fail(samples, golden, text)
    with pytest.raises(InputDamagedError, match=r"known_failures\.toml"):
        check_samples(samples, golden)


def test_progress_is_told(samples: Path, golden: Path) -> None:
    _sample(samples, "a.txt")
    _sample(samples, "b.txt")
    told: list[tuple[int, int]] = []
    check_samples(samples, golden, update=True, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_the_report_ends_with_its_sum(samples: Path, golden: Path) -> None:
    _fail(samples, golden, '[a]\n"preamble" = "torn"')
    _sample(samples, "b.txt")
    _sample(samples, "c.docx")
    lines = check_samples(samples, golden).to_text().splitlines()
    assert lines[-1] == "1 as expected, 1 different, 1 skipped, 1 known failure"


def test_junit_counts_and_escapes(samples: Path, golden: Path) -> None:
    _sample(samples, "a.txt", "broken")
    _sample(samples, "b.docx")
    (golden / "<z>&\x01.json").touch()
    suite = ET.fromstring(check_samples(samples, golden).to_junit())[0]  # noqa: S314 (our own)
    names = [case.get("name") for case in suite]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped"), names) == (
        "3",
        "2",
        "1",
        ["a.txt", "<z>&\N{REPLACEMENT CHARACTER}.json", "b.docx"],
    )
