import json
from pathlib import Path

import pytest

from planparse import cli
from planparse.plan import read_plan


def _accept(*arguments: Path | str) -> int:
    with pytest.raises(SystemExit) as ending:
        cli.main(["accept", *(str(one) for one in arguments)])
    return int(ending.value.code or 0)


@pytest.fixture(autouse=True)
def _no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)


def test_a_corrected_plan_becomes_golden_by_the_name_of_its_document(text_plan: Path, tmp_path: Path) -> None:
    assert _accept(text_plan, "--golden", tmp_path / "golden") == 0
    assert read_plan(tmp_path / "golden" / "van-ban.json").facts() == read_plan(text_plan).facts()


def test_a_golden_plan_holds_facts_only(text_plan: Path, tmp_path: Path) -> None:
    _accept(text_plan, "--golden", tmp_path)
    assert "source" not in json.loads((tmp_path / "van-ban.json").read_text(encoding="utf-8"))


def test_what_is_new_is_told(text_plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _accept(text_plan, "--golden", tmp_path)
    corrected = tmp_path / "corrected.json"
    corrected.write_text(text_plan.read_text(encoding="utf-8").replace("Báo cáo.", "Báo cáo quý."), encoding="utf-8")
    capsys.readouterr()
    _accept(corrected, "--golden", tmp_path)
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path / 'van-ban.json'}: 1 changed; 2 fields still need a review",
        '  tasks.2.text: "Báo cáo." → "Báo cáo quý."',
    ]


def test_letters_and_marks_apart_are_joined(text_plan: Path, tmp_path: Path) -> None:
    """Some keyboards write ộ as o and two marks."""
    text_plan.write_text(text_plan.read_text(encoding="utf-8").replace("Nội", "No\u0323\u0302i"), encoding="utf-8")
    _accept(text_plan, "--golden", tmp_path)
    assert "Sở Nội vụ" in (tmp_path / "van-ban.json").read_text(encoding="utf-8")


def test_what_is_no_plan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"schema_version": "1.0", "tasks": [{"id": 3}]}', encoding="utf-8")
    assert (_accept(path, "--golden", tmp_path / "golden"), (tmp_path / "golden").exists()) == (3, False)


def test_ci_files_no_golden_plan(text_plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "1")
    assert (_accept(text_plan, "--golden", tmp_path), (tmp_path / "van-ban.json").exists()) == (2, False)
