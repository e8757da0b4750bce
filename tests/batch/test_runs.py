import hashlib
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from planparse.batch import runs, work
from planparse.batch.calls import perform
from planparse.batch.manifest import Manifest
from planparse.batch.outputs import partial_of
from planparse.batch.pools import Pool, open_serial
from planparse.batch.runs import Options, parse_into
from planparse.batch.summary import Summary, Watcher
from planparse.errors import (
    InputDamagedError,
    InputMissingError,
    OutputError,
    PlanparseError,
    TesseractMissingError,
    ToolError,
)
from planparse.plan import Plan

MakePlan = Callable[..., Plan]


@pytest.fixture(autouse=True)
def parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_plan: MakePlan) -> list[str]:
    """Work in a folder of its own, parse by a stand-in, and return the names that it was given.

    A document's text says what becomes of it.
    """
    names: list[str] = []

    def parse(path: Path, *, config: object, store: object) -> Plan:  # noqa: ARG001 (as the real one)
        names.append(str(path))
        data = path.read_bytes()
        errors: dict[bytes, Any] = {b"broken": InputDamagedError, b"no tool": ToolError, b"no space": OutputError}
        if data in errors:
            raise errors[data]("can't", path.name, "try")
        digest = "other" if data == b"changing" else hashlib.sha256(data).hexdigest()
        return make_plan(source={"file": path.name, "sha256": digest, "pages": 1, "text_from": "text"})

    monkeypatch.setattr(work, "parse", parse)
    monkeypatch.setattr(work, "count_pages", lambda _path, _config: 1)
    monkeypatch.setattr(runs, "open_pool", lambda **_options: open_serial())
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    return names


def _write(**texts: str) -> None:
    for name, text in texts.items():
        Path("in", f"{name}.txt").write_text(text, encoding="utf-8")


def _run(**options: bool) -> Summary:
    return parse_into(Path("out"), ["in"], Options(**options))  # type: ignore[arg-type]  # only flags are given


def _files() -> list[str]:
    return sorted(str(path.relative_to("out")) for path in Path("out").rglob("*") if path.is_file())


def _statuses() -> dict[str, str]:
    lines = Path("out/manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return {entry["output"]: entry["status"] for entry in map(json.loads, lines)}


def test_plans_are_written_where_the_folders_are_mirrored() -> None:
    _write(a="x")
    Path("in/sub").mkdir()
    Path("in/sub/a.txt").write_text("y", encoding="utf-8")
    _run()
    assert _files() == ["in/a.txt.json", "in/sub/a.txt.json", "manifest.jsonl"]


def test_a_plan_is_json() -> None:
    _write(a="x")
    _run()
    assert Plan.from_json(Path("out/in/a.txt.json").read_text(encoding="utf-8")).source.file == "a.txt"


def test_a_broken_document_does_not_stop_the_others() -> None:
    _write(a="broken", b="x")
    summary = _run()
    assert (summary.to_text().splitlines()[-1], _statuses()) == (
        "1 done, 0 unchanged, 1 failed: see out/manifest.jsonl",
        {"in/a.txt.json": "failed", "in/b.txt.json": "done"},
    )


def test_the_manifest_says_why() -> None:
    _write(a="broken")
    _run()
    entry = json.loads(Path("out/manifest.jsonl").read_text(encoding="utf-8"))
    assert entry["error"] == {"code": "InputDamagedError", "message": "can't (in/a.txt): try"}


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
    assert sorted(parsed) == ["in/changed.txt", "in/failed.txt", "in/gone.txt"]


def test_by_force_all_is_done(parsed: list[str]) -> None:
    _write(a="x")
    _run()
    parsed.clear()
    assert (_run(force=True).done, parsed) == (1, ["in/a.txt"])


def test_documents_of_other_runs_stay_in_the_manifest() -> None:
    _write(a="x", b="y")
    parse_into(Path("out"), ["in/a.txt"], Options())
    parse_into(Path("out"), ["in/b.txt"], Options())
    assert list(_statuses()) == ["in/a.txt.json", "in/b.txt.json"]


def test_a_document_that_changes_while_it_is_read_has_failed() -> None:
    _write(a="changing")
    summary = _run()
    assert (summary.failures, _files()) == ({"InputDamagedError": 1}, ["manifest.jsonl"])


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


def _close(manifest: Manifest, *_: object) -> None:
    """Leave a manifest as a killed process does."""
    manifest._database.close()  # noqa: SLF001 (its lock would outlive it)


def _kill_while_writing() -> None:
    """Leave what a process leaves that is killed in the middle of writing a plan."""

    def write(path: Path, _text: str) -> None:
        path.parent.mkdir(parents=True)
        partial_of(path).touch()
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Manifest, "__exit__", _close)
        patch.setattr(work, "write_in_folder", write)
        with pytest.raises(KeyboardInterrupt):
            _run()


def test_what_a_killed_run_left_half_written_goes() -> None:
    _write(a="x")
    _kill_while_writing()
    left = partial_of(Path("out/in/a.txt.json")).exists()
    _run()
    assert (left, _files()) == (True, ["in/a.txt.json", "manifest.jsonl"])


def test_what_was_finished_before_a_kill_is_not_done_again(parsed: list[str]) -> None:
    _write(a="x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Manifest, "__exit__", _close)
        _run()
    parsed.clear()
    assert (_run().unchanged, parsed) == (1, [])


def test_what_was_finished_before_an_interruption_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    _write(a="x")
    _run()
    _write(b="y")

    def write(_path: Path, _text: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(work, "write_in_folder", write)
    with pytest.raises(KeyboardInterrupt):
        _run()
    assert _statuses() == {"in/a.txt.json": "done"}


def test_nothing_but_plans_and_the_manifest_stays() -> None:
    _write(a="x")
    _run()
    assert _files() == ["in/a.txt.json", "manifest.jsonl"]


def test_documents_of_the_same_bytes_are_parsed_once(parsed: list[str]) -> None:
    _write(a="x", b="x", c="x")
    _run()
    files = [Plan.from_json(Path("out/in", f"{name}.txt.json").read_text("utf-8")).source.file for name in "abc"]
    assert (len(parsed), files) == (1, ["a.txt", "b.txt", "c.txt"])


def test_a_document_of_bytes_that_another_run_has_parsed_is_not_parsed(parsed: list[str]) -> None:
    _write(a="x")
    _run()
    _write(b="x")
    parsed.clear()
    assert (_run().done, parsed) == (1, [])


def test_twins_that_are_met_at_the_same_time_are_parsed_once(
    parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(a="x", b="x", c="x", d="y")
    monkeypatch.setattr(runs, "open_pool", lambda **_options: nullcontext(Pool(_Later(), perform, 9)))
    summary = _run()
    assert (summary.done, len(parsed)) == (4, 2)


class _Later(Executor):
    """Makes a call when it is waited for, that is, when all that may be in flight is."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1)
        self._threads.submit(time.sleep, 0.2)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 (as every executor)
        return self._threads.submit(fn, *args, **kwargs)


def test_only_what_failed_is_done_where_that_is_asked_for(parsed: list[str]) -> None:
    _write(a="x", b="broken")
    _run()
    _write(a="changed", b="mended", c="new")
    parsed.clear()
    _run(only_failed=True)
    assert parsed == ["in/b.txt"]


def test_an_output_that_cannot_be_written_ends_the_run() -> None:
    _write(a="no space")
    with pytest.raises(OutputError):
        _run()


def test_a_program_that_is_missing_ends_the_run(parsed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The next document would need it too."""

    def parse(path: Path, **_options: object) -> Plan:
        parsed.append(path.name)
        raise TesseractMissingError("Tesseract is not installed", path.name, "install it")

    monkeypatch.setattr(work, "parse", parse)
    _write(**{f"n{number}": str(number) for number in range(9)})
    with pytest.raises(TesseractMissingError):
        _run()
    assert len(parsed) <= 2


def test_a_watcher_is_told_of_failures() -> None:
    class Listening(Watcher):
        def fail(self, error: PlanparseError) -> None:
            told.append(str(error))

    _write(a="x", b="broken")
    told: list[str] = []
    parse_into(Path("out"), ["in"], Options(), watcher=Listening())
    assert told == ["can't (in/b.txt): try"]


def test_names_that_are_no_text_are_written_as_text() -> None:
    Path(os.fsdecode(b"in/\xff.txt")).write_text("x", encoding="utf-8")
    _run()
    assert _statuses() == {"in/\\xff.txt.json": "done"}


@pytest.mark.skipif(os.name != "posix", reason="needs locks on folders")
def test_a_second_run_on_one_folder_is_refused() -> None:
    _write(a="x")
    told: list[str] = []

    class Again(Watcher):
        def update(self, _summary: Summary) -> None:
            with pytest.raises(OutputError, match="another batch is writing to it"):
                _run()
            told.append("refused")

    parse_into(Path("out"), ["in"], Options(), watcher=Again())
    assert set(told) == {"refused"}


@pytest.mark.parametrize("out", ["in", "in/a.txt", "in/a.txt/out"])
def test_an_output_that_cannot_be_is_told_before_the_work(parsed: list[str], out: str) -> None:
    _write(a="x")
    with pytest.raises(OutputError):
        parse_into(Path(out), ["in"], Options())
    assert parsed == []


def test_a_missing_source_is_told_before_the_work(parsed: list[str]) -> None:
    _write(a="x")
    with pytest.raises(InputMissingError, match="missing"):
        parse_into(Path("out"), ["in", "missing"], Options())
    assert (parsed, Path("out").exists()) == ([], False)


def test_documents_that_would_share_an_output_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for path in (tmp_path / "a.txt", Path(f"work{tmp_path}/a.txt")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    monkeypatch.chdir("work")
    with pytest.raises(OutputError, match="two documents share an output"):
        parse_into(Path("out"), [str(tmp_path / "a.txt"), f"{str(tmp_path).lstrip('/')}/a.txt"], Options())


def test_a_document_that_is_named_twice_is_parsed_once(parsed: list[str]) -> None:
    _write(a="x")
    parse_into(Path("out"), ["in", "in/a.txt", "./in/*.txt"], Options())
    assert len(parsed) == 1
