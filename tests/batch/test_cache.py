import os
from pathlib import Path

import pytest

from planparse.batch.cache import PageCache


def _keys(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_page_is_kept(tmp_path: Path) -> None:
    PageCache(tmp_path).put("abc", b"page")
    assert PageCache(tmp_path).get("abc") == b"page"


def test_a_page_that_nobody_kept_is_not_there(tmp_path: Path) -> None:
    assert PageCache(tmp_path / "none").get("abc") is None


def test_the_pages_that_nobody_asks_for_go_first(tmp_path: Path) -> None:
    cache = PageCache(tmp_path)
    for age, key in enumerate(["new", "old", "used"]):
        cache.put(key, bytes(100))
        os.utime(tmp_path / key[:2] / key, (1_000_000 - age, 1_000_000 - age))
    cache.get("used")
    cache.prune(200)
    assert _keys(tmp_path) == ["new", "used"]


def test_what_is_small_enough_stays(tmp_path: Path) -> None:
    cache = PageCache(tmp_path)
    cache.put("abc", bytes(100))
    cache.prune(100)
    assert _keys(tmp_path) == ["abc"]


def test_an_empty_cache_has_nothing_to_lose(tmp_path: Path) -> None:
    PageCache(tmp_path / "none").prune(0)
    assert _keys(tmp_path) == []


def test_a_cache_that_cannot_be_written_fails_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = PageCache(tmp_path / "file")
    cache.put("abc", b"page")
    assert cache.get("abc") is None


@pytest.mark.parametrize("data", [b"", b"x" * 100])
def test_nothing_half_written_is_left(tmp_path: Path, data: bytes) -> None:
    PageCache(tmp_path).put("abc", data)
    assert _keys(tmp_path) == ["abc"]
