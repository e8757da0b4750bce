from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from planparse.document import Cell, Document, Line, Page, Source, apply_edits
from planparse.restoring import restore, restore_document
from planparse.text import fold
from planparse.warning import WarningCode

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"

RUINED = st.text(st.sampled_from("abcdehiknoptu éêôơưàảạđĐP6410¢&’')(.,;:/-|I\t\n"), max_size=120)
TOKENS = ["cac", "don", "vi", "thyc", "hién", "vu", "12", "cua", "Pon", "s6", "11/2024", "Quy", "thời", "hạn"]
WORDS = st.lists(st.sampled_from(TOKENS), max_size=30)


def document(*texts: str, furniture: bool = False) -> Document:
    lines = tuple(Line(number, 1, text, text, furniture=furniture) for number, text in enumerate(texts, start=1))
    return Document(Source(None, sha256().hexdigest(), 1, "text"), (Page(1, lines),))


@pytest.mark.cases("restoring/mend")
def test_mends(case: dict[str, Any]) -> None:
    assert restore(case["given"]) == case["expect"]


@pytest.mark.cases("restoring/known")
def test_mends_some_day(case: dict[str, Any]) -> None:
    assert restore(case["given"]) == case["expect"]


@pytest.mark.cases("restoring/mend")
def test_what_is_mended_stays(case: dict[str, Any]) -> None:
    assert restore(case["expect"]) == case["expect"]


@pytest.mark.cases("restoring/leave_alone")
def test_leaves_alone(case: dict[str, Any]) -> None:
    assert restore(case["given"]) == case["given"]


@settings(deadline=None)  # the first call loads the model
@given(RUINED)
def test_lines_and_white_space_stay(text: str) -> None:
    restored = restore(text)
    assert restored.count("\n") == text.count("\n")
    space = iter(regex.findall(r"\s", restored))
    assert all(char in space for char in regex.findall(r"\s", text))


@settings(deadline=None)  # the first call loads the model
@given(WORDS)
def test_figures_stay(words: list[str]) -> None:
    """Figures that stand alone are never touched, but for the quarter of a year."""
    for before, after in zip(words, restore(" ".join(words)).split(), strict=True):
        if before.isdigit():
            assert after == before


@settings(deadline=None)  # the first call loads the model
@given(st.lists(RUINED, min_size=1, max_size=5))
def test_edits_replay(texts: list[str]) -> None:
    for line in restore_document(document(*texts)).lines:
        assert apply_edits(line.printed, line.edits) == line.text
        for edit in line.edits:
            assert line.printed[slice(*edit.span)] == edit.original != edit.restored
            assert line.text[slice(*edit.restored_span)] == edit.restored
            assert 0.0 <= edit.probability <= 1.0


def test_text_and_document_agree() -> None:
    text = "Thuc hién Quyét dinh\n\n- Pon vi chu tri: Phong Hanh chinh"
    lines = restore_document(document(*text.split("\n"))).lines
    assert "\n".join(line.text for line in lines) == restore(text)


def test_line_ends_stay() -> None:
    assert restore("Pon vi\r\nchu tri\r\n\f\n") == "Đơn vị\r\nchủ trì\r\n\f\n"


def test_half_a_document_that_is_right_stays() -> None:
    """Damage is estimated where it is."""
    right = "Ủy ban nhân dân tỉnh giao Sở Nội vụ chủ trì, phối hợp với các cơ quan, đơn vị.\n" * 5
    assert restore(right + fold(right)) == right + fold(right).replace(fold(right), restore(fold(right)))
    assert restore(right + fold(right)).startswith(right)
    assert "chủ trì, phối hợp với các cơ quan" in restore(right + fold(right)).removeprefix(right)


def test_furniture_stays() -> None:
    lines = list(restore_document(document("Thuc hién Quyét dinh", "Trang 2 cua 5", furniture=True)).lines)
    assert [line.text for line in lines] == ["Thuc hién Quyét dinh", "Trang 2 cua 5"]


def test_a_cell_is_read_apart_from_its_neighbour() -> None:
    source = document("Phòng", "ban hành")
    cells = [replace(line, cell=Cell(1, 1, line.number)) for line in source.lines]
    assert [line.text for line in restore_document(source.with_lines(cells)).lines] == ["Phòng", "ban hành"]


def test_foreign_text_stays_with_a_warning() -> None:
    text = "The quick brown fox jumps over the lazy dog and runs through the forest towards the river bank"
    restored = restore_document(document(text, text))
    assert [line.text for line in restored.lines] == [text, text]
    assert [warning.code for warning in restored.warnings] == [WarningCode.NOT_VIETNAMESE]


def test_an_empty_document_is_not_foreign() -> None:
    assert restore_document(document()).warnings == ()


def test_a_long_line_is_read_like_short_ones() -> None:
    """What is decoded at once is bounded."""
    assert restore("Pon vi chu tri; " * 1000) == "Đơn vị chủ trì; " * 1000


def test_a_run_of_letters_is_no_word() -> None:
    assert restore("a" * 100_000 + "." * 100_000) == "a" * 100_000 + "." * 100_000


def test_the_ruined_sample_keeps_its_lines() -> None:
    text = (ROOT / "samples" / "quang-ngai-cchc-2024.txt").read_text(encoding="utf-8")
    assert restore(text).count("\n") == text.count("\n")


@pytest.mark.skipif(not SHARED.exists(), reason="the plans beside the project are not here")
def test_the_ruined_sample_comes_out_right() -> None:
    read, truth = (
        (SHARED / "gold" / f"quang-ngai-cchc-2024.{kind}.txt").read_text(encoding="utf-8") for kind in ("ocr", "truth")
    )
    pairs = [
        (after, meant)
        for line, right in zip(restore(read).splitlines(), truth.splitlines(), strict=True)
        for after, meant in zip(line.split(), right.split(), strict=False)
        if len(line.split()) == len(right.split()) and any(map(str.isalpha, meant))
    ]
    assert sum(after == meant for after, meant in pairs) / len(pairs) > 0.965


@pytest.mark.skipif(not SHARED.exists(), reason="the plans beside the project are not here")
@pytest.mark.parametrize("path", sorted(SHARED.glob("plans/*/text.txt")), ids=lambda path: path.parent.name)
def test_right_plans_stay(path: Path) -> None:
    """At most one word in 1,000 changes; most of those are misprints of the source."""
    before = path.read_text(encoding="utf-8").split()
    changed = sum(
        one != other for one, other in zip(before, restore(path.read_text(encoding="utf-8")).split(), strict=True)
    )
    assert changed <= len(before) / 1000
