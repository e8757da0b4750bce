import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from planparse.batch import Outcome, folders, outputs
from planparse.batch.folders import Summary, parse_into
from planparse.batch.outputs import PARTIAL_PREFIX
from planparse.errors import InputDamagedError, InputMissingError, OutputError, ToolError
from planparse.plan import Plan

MakePlan = Callable[..., Plan]


@pytest.fixture(autouse=True)
def parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_plan: MakePlan) -> list[str]:
    """Work in a folder of its own, parse by a stand-in, and return the names that it was given.

    A document's text says what becomes of it.
    """
    names: list[str] = []

    def parse_one(path: Path) -> Outcome:
        data = path.read_bytes()
        errors: dict[bytes, Any] = {b"broken": InputDamagedError, b"no tool": ToolError}
        if data in errors:
            return Outcome(path, None, errors[data]("can't", path.name, "try"), 0.1)
        digest = "other" if data == b"changing" else hashlib.sha256(data).hexdigest()
        source = {"file": path.name, "sha256": digest, "pages": 1, "text_from": "text"}
        return Outcome(path, make_plan(source=source), None, 0.1)

    def parse_many(paths: Iterable[Path], **_options: object) -> Iterator[Outcome]:
        for path in paths:
            names.append(str(path))
            yield parse_one(path)

    monkeypatch.setattr(folders, "parse_many", parse_many)
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    return names


def _write(**texts: str) -> None:
    for name, text in texts.items():
        Path("in", f"{name}.txt").write_text(text, encoding="utf-8")


def _run(**options: bool) -> Summary:
    return parse_into(Path("out"), ["in"], **options)  # type: ignore[arg-type]  # only flags are given


def _statuses() -> dict[str, str]:
    lines = Path("out/manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return {entry["output"]: entry["status"] for entry in map(json.loads, lines)}


def test_plans_are_written_where_the_folders_are_mirrored() -> None:
    _write(a="x")
    Path("in/sub").mkdir()
    Path("in/sub/a.txt").write_text("y", encoding="utf-8")
    _run()
    outputs = sorted(str(path.relative_to("out")) for path in Path("out").rglob("*.json"))
    assert outputs == ["in/a.txt.json", "in/sub/a.txt.json"]


def test_a_plan_is_json() -> None:
    _write(a="x")
    _run()
    assert Plan.from_json(Path("out/in/a.txt.json").read_text(encoding="utf-8")).source.file == "a.txt"


def test_a_broken_document_does_not_stop_the_others() -> None:
    _write(a="broken", b="x")
    summary = _run()
    assert (str(summary), _statuses()) == (
        "1 done, 0 unchanged, 1 failed: see out/manifest.jsonl",
        {"in/a.txt.json": "failed", "in/b.txt.json": "done"},
    )


def test_the_manifest_says_why() -> None:
    _write(a="broken")
    _run()
    entry = json.loads(Path("out/manifest.jsonl").read_text(encoding="utf-8"))
    assert entry["error"] == {"code": "InputDamagedError", "message": "can't (a.txt): try"}


def test_again_nothing_is_done(parsed: list[str]) -> None:
    _write(a="x", b="y")
    _run()
    parsed.clear()
    assert (_run().unchanged, parsed) == (2, [])


def test_again_what_changed_failed_or_is_gone_is_done(parsed: list[str]) -> None:
    _write(changed="x", failed="broken", gone="y", kept="z")
    _run()
    _write(changed="other")
    Path("out/in/gone.txt.json").unlink()
    parsed.clear()
    _run()
    assert parsed == ["in/changed.txt", "in/failed.txt", "in/gone.txt"]


def test_by_force_all_is_done(parsed: list[str]) -> None:
    _write(a="x")
    _run()
    parsed.clear()
    assert (_run(force=True).done, parsed) == (1, ["in/a.txt"])


def test_documents_of_other_runs_stay_in_the_manifest() -> None:
    _write(a="x", b="y")
    parse_into(Path("out"), ["in/a.txt"])
    parse_into(Path("out"), ["in/b.txt"])
    assert list(_statuses()) == ["in/a.txt.json", "in/b.txt.json"]


def test_a_document_that_changes_while_it_is_read_has_failed() -> None:
    _write(a="changing")
    assert "changed while it was read" in str(_run().failures[0])


def test_a_plan_of_what_can_no_longer_be_read_goes() -> None:
    _write(a="x")
    _run()
    _write(a="broken")
    _run()
    assert not Path("out/in/a.txt.json").exists()


def test_a_plan_stays_where_only_a_tool_fails() -> None:
    _write(a="x")
    _run()
    _write(a="no tool")
    _run()
    assert Path("out/in/a.txt.json").exists()


def test_what_a_killed_run_left_half_written_goes() -> None:
    _write(a="x")
    Path("out/in").mkdir(parents=True)
    Path("out/in", f"{PARTIAL_PREFIX}x").touch()
    _run()
    assert sorted(path.name for path in Path("out").rglob("*")) == ["a.txt.json", "in", "manifest.jsonl"]


def test_what_was_finished_before_an_interruption_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    _write(a="x", b="y")

    def write_text(path: Path, text: str) -> None:
        if path.name == "b.txt.json":
            raise KeyboardInterrupt
        outputs.write_text(path, text)

    monkeypatch.setattr(folders, "write_text", write_text)
    with pytest.raises(KeyboardInterrupt):
        _run()
    assert _statuses() == {"in/a.txt.json": "done"}


def test_names_that_are_no_text_are_written_as_text() -> None:
    Path(os.fsdecode(b"in/\xff.txt")).write_text("x", encoding="utf-8")
    _run()
    assert _statuses() == {"in/\\xff.txt.json": "done"}


@pytest.mark.skipif(os.name != "posix", reason="needs locks on folders")
def test_a_second_run_on_one_folder_is_refused() -> None:
    _write(a="x")
    told: list[str] = []

    def run_again(_done: int, _total: int) -> None:
        with pytest.raises(OutputError, match="another batch is writing to it"):
            _run()
        told.append("refused")

    parse_into(Path("out"), ["in"], progress=run_again)
    assert told == ["refused"]


@pytest.mark.parametrize("out", ["in", "in/a.txt", "in/a.txt/out"])
def test_an_output_that_cannot_be_is_told_before_the_work(parsed: list[str], out: str) -> None:
    _write(a="x")
    with pytest.raises(OutputError):
        parse_into(Path(out), ["in"])
    assert parsed == []


def test_a_missing_source_is_told_before_the_work(parsed: list[str]) -> None:
    _write(a="x")
    with pytest.raises(InputMissingError, match="missing"):
        parse_into(Path("out"), ["in", "missing"])
    assert (parsed, Path("out").exists()) == ([], False)
