import json
import shutil
from pathlib import Path

import planparse
from planparse.batch.manifest import STATE_FOLDER, Entry, Manifest, configuration_of, content_of
from planparse.config import Config


def _entry(output: str, **parts: object) -> Entry:
    nothing = {
        "input": "a.pdf",
        "sha256": "1",
        "version": planparse.__version__,
        "configuration": "c",
        "status": "done",
        "error": None,
        "seconds": 1.5,
    }
    return Entry(output=output, **nothing | parts)  # type: ignore[arg-type]  # JSON data


def _lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_line_for_each_document(tmp_path: Path) -> None:
    with Manifest(tmp_path, "c") as manifest:
        manifest.add(_entry("a.pdf.json", input="Kế hoạch.pdf"))
    assert _lines(tmp_path) == [
        {
            "input": "Kế hoạch.pdf",
            "output": "a.pdf.json",
            "sha256": "1",
            "version": planparse.__version__,
            "configuration": "c",
            "status": "done",
            "error": None,
            "seconds": 1.5,
            "pages": None,
            "tasks": None,
            "to_review": None,
            "warnings": None,
            "mark": None,
        }
    ]


def test_lines_are_in_the_order_of_outputs_at_the_end(tmp_path: Path) -> None:
    with Manifest(tmp_path, "c") as manifest:
        manifest.add(_entry("b"))
        manifest.add(_entry("a"))
    assert [line["output"] for line in _lines(tmp_path)] == ["a", "b"]


def test_a_record_is_on_disk_before_the_run_ends(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path, "c").__enter__()
    manifest.add(_entry("b"))
    shutil.copytree(tmp_path, tmp_path / "killed")
    manifest.__exit__(None, None, None)
    with Manifest(tmp_path / "killed", "c"):
        pass
    assert [line["output"] for line in _lines(tmp_path / "killed")] == ["b"]


def test_a_record_that_is_damaged_is_that_of_the_run_before(tmp_path: Path) -> None:
    with Manifest(tmp_path, "c") as manifest:
        manifest.add(_entry("a"))
    (tmp_path / STATE_FOLDER / "run.sqlite").write_bytes(b"SQLite format 3\x00" + bytes(4000))
    with Manifest(tmp_path, "c"):
        pass
    assert [line["output"] for line in _lines(tmp_path)] == ["a"]


def test_a_newer_entry_takes_the_place_of_an_older(tmp_path: Path) -> None:
    for status in ("failed", "done"):
        with Manifest(tmp_path, "c") as manifest:
            manifest.add(_entry("a", status=status))
    assert [line["status"] for line in _lines(tmp_path)] == ["done"]


def test_a_line_that_was_cut_off_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "manifest.jsonl").write_text('{"input": "a.pdf", "outp', encoding="utf-8")
    with Manifest(tmp_path, "c") as manifest:
        manifest.add(_entry("b"))
    assert [line["output"] for line in _lines(tmp_path)] == ["b"]


def test_what_was_made_is_current(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with Manifest(tmp_path, "c") as manifest:
        manifest.add(_entry("a"))
        assert manifest.is_current("a", "1")


def test_what_changed_failed_is_gone_or_older_is_not(tmp_path: Path) -> None:
    entries = [
        *(_entry("old", version="0"), _entry("other", configuration="d")),
        *(_entry("bad", status="failed"), _entry("gone"), _entry("changed")),
    ]
    with Manifest(tmp_path, "c") as manifest:
        for entry in entries:
            manifest.add(entry)
            if entry.output != "gone":
                (tmp_path / entry.output).touch()
        current = [manifest.is_current(entry.output, "2" if entry.output == "changed" else "1") for entry in entries]
    assert current == [False] * 5


def test_what_nobody_made_is_not_current(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with Manifest(tmp_path, "c") as manifest:
        assert not manifest.is_current("a", None)


def test_a_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert content_of(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_what_cannot_be_read_has_no_hash(tmp_path: Path) -> None:
    assert content_of(tmp_path / "a") is None


def test_options_and_engines_make_the_configuration() -> None:
    configs = [
        Config(engine="tesseract"),
        Config(engine="tesseract", dpi=300),
        Config(engine="tesseract", review_below=0.5),
    ]
    assert len({configuration_of(config) for config in configs}) == 3


def test_a_run_that_was_killed_before_its_record_was_made_is_run_again(tmp_path: Path) -> None:
    with Manifest(tmp_path, "c") as manifest:
        manifest.add(_entry("a"))
    (tmp_path / STATE_FOLDER / "run.sqlite").touch()
    with Manifest(tmp_path, "c") as manifest:
        manifest.add(_entry("b"))
    assert [line["output"] for line in _lines(tmp_path)] == ["a", "b"]
