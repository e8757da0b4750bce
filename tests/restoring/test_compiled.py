"""Compiled loops, and what is kept of them."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

SOURCE = """
from planparse.restoring.compiled import compiled

@compiled
def double(number):
    return number + number
"""


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """Return a function that loads a module with one loop afresh, as another process would, and returns the loop."""
    path = tmp_path / "loops.py"
    path.write_text(SOURCE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("loops", path)
    assert spec is not None
    assert spec.loader is not None
    loader = spec.loader

    def run() -> Any:  # noqa: ANN401 (the loop)
        module: ModuleType = importlib.util.module_from_spec(spec)
        sys.modules["loops"] = module
        loader.exec_module(module)
        return module.double

    yield run
    sys.modules.pop("loops", None)


def kept(folder: Path, ending: str) -> Path:
    (path,) = (folder / "__pycache__").glob(f"*.{ending}")
    return path


def test_what_was_compiled_is_kept(load: Callable[[], Any]) -> None:
    load()(2)
    again = load()
    again(2)
    assert sum(again.stats.cache_hits.values()) == 1


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", [b"", b"\x80\x04damaged"], ids=["empty", "no pickle"])
def test_a_loop_whose_kept_code_is_damaged_is_compiled_and_kept_anew(
    load: Callable[[], Any], tmp_path: Path, ending: str, damage: bytes
) -> None:
    load()(2)
    kept(tmp_path, ending).write_bytes(damage)
    assert load()(2) == 4
    again = load()
    again(2)
    assert sum(again.stats.cache_hits.values()) == 1


def test_a_disk_that_takes_no_more_stops_nothing(load: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", fail)
    assert load()(2) == 4


def test_a_folder_that_is_given_need_only_be_readable(
    load: Callable[[], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numba tries a folder by a temporary file."""

    def refuse(**_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("numba.config.CACHE_DIR", str(tmp_path / "given"))
    load()(2)
    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    again = load()
    again(2)
    assert sum(again.stats.cache_hits.values()) == 1
