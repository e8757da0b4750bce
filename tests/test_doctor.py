import os
from pathlib import Path

import pytesseract
import pytest

from planparse.config import DEFAULT, Config
from planparse.doctor import Finding, examine


def _missing(findings: list[Finding]) -> list[str]:
    return [finding.name for finding in findings if not finding.good]


@pytest.mark.ocr
def test_nothing_is_missing_where_all_is_installed() -> None:
    assert _missing(examine(DEFAULT)) == []


def test_a_missing_tesseract_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-program")
    assert _missing(examine(DEFAULT)) == ["Tesseract"]


@pytest.mark.parametrize("system", ["Debian, Ubuntu", "Fedora", "macOS", "Windows"])
def test_the_command_is_named_for_each_system(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-program")
    assert any(f"\n        {system}: " in str(finding) for finding in examine(DEFAULT))


@pytest.mark.ocr
def test_a_missing_model_is_found() -> None:
    assert _missing(examine(Config(language="xyz"))) == ["Tesseract's model 'xyz'"]


@pytest.mark.ocr
def test_a_damaged_model_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "vie.traineddata").write_text("damaged", encoding="utf-8")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert _missing(examine(DEFAULT)) == ["Tesseract's model 'vie'"]


@pytest.mark.skipif(os.name != "posix", reason="needs a shell script as a program")
@pytest.mark.parametrize("mode", [0o600, 0o700], ids=["not executable", "fails"])
def test_a_program_that_does_not_run_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: int) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    program.chmod(mode)
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", str(program))
    assert _missing(examine(DEFAULT)) == ["Tesseract"]


def test_a_missing_language_model_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise FileNotFoundError("language_model.json")

    monkeypatch.setattr("planparse.doctor.load_language_model", fail)
    assert "language model" in _missing(examine(DEFAULT))
