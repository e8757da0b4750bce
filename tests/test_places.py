"""Paths of this machine and addresses of stores; here `memory://`, which has folders and tells nothing of contents."""

import os
import pickle
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest

from planparse.batch import runs
from planparse.batch.documents import find_documents
from planparse.batch.manifest import content_of
from planparse.batch.outputs import check_file, make_folder, write_lines, write_text
from planparse.batch.pools import open_serial
from planparse.batch.runs import Options, parse_into
from planparse.cli import main
from planparse.errors import InputMissingError, OutputError, StoreError
from planparse.places import Address, to_place

fsspec = pytest.importorskip("fsspec", reason="needs the extra planparse[remote]")


@pytest.fixture
def folder() -> Iterator[Address]:
    """Return a folder that is empty."""
    folder = Address(f"memory://{uuid4()}")
    yield folder
    fsspec.filesystem("memory").store.clear()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("a.pdf", Path("a.pdf")),
        ("file:///data/a b#1%20.pdf", Path("/data/a b#1%20.pdf")),
        ("C://a.pdf", Path("C://a.pdf")),
        ("s3:/a.pdf", Path("s3:/a.pdf")),
        ("S3://b/K", Address("s3://b/K")),
        ("s3://b/k/", Address("s3://b/k")),
        (Address("s3://b/k"), Address("s3://b/k")),
    ],
)
def test_a_name_with_a_scheme_is_an_address(name: str | os.PathLike[str] | Address, place: Path | Address) -> None:
    assert to_place(name) == place


def test_an_address_has_the_parts_of_a_path() -> None:
    address = Address("s3://b/x y/Kế hoạch.v2.pdf")
    assert (address.name, address.stem, address.suffix) == ("Kế hoạch.v2.pdf", "Kế hoạch.v2", ".pdf")


def test_an_address_goes_to_other_processes() -> None:
    address = Address("s3://b/k", "mark")
    copy = pickle.loads(pickle.dumps(address))  # noqa: S301 (our own)
    assert (copy, copy.mark) == (address, "mark")


def test_what_is_written_is_read(folder: Address) -> None:
    write_text(folder / "a.txt", "Kế hoạch")
    assert (folder / "a.txt").read_bytes().decode() == "Kế hoạch"


def test_lines_that_fail_midway_leave_what_was_there(folder: Address) -> None:
    def lines() -> Iterator[str]:
        yield "new\n"
        raise OSError("no more")

    write_text(folder / "a.txt", "old")
    with pytest.raises(OutputError, match="no more"):
        write_lines(folder / "a.txt", lines())
    assert (folder / "a.txt").read_bytes() == b"old"


def test_folders_are_searched_one_by_one(folder: Address) -> None:
    for name in ("b.txt", "x/a.pdf", "x/.hidden/c.pdf", "x/y/d.PNG", "e.docx"):
        write_text(folder / name, "x")
    found = [path.text.removeprefix(f"{folder}/") for path, _ in find_documents([folder.text], beside=Path("out"))]  # type: ignore[union-attr]  # addresses
    assert sorted(found) == ["b.txt", "x/a.pdf", "x/y/d.PNG"]


def test_a_content_that_a_store_tells_nothing_of_is_digested(folder: Address) -> None:
    write_text(folder / "a", "abc")
    assert content_of((folder / "a").look()[0]) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    ("info", "mark"),
    [
        ({"ETag": '"9dd4e461268c8034f5c8564e155c67a6"', "size": 1}, "9dd4e461268c8034f5c8564e155c67a6 1"),
        ({"etag": "5f8a3c2b-1", "size": 1}, "5f8a3c2b-1 1 s3://b/k"),
        ({"ETag": "", "size": 1}, None),
        ({"size": 1, "mtime": 1.0}, None),
    ],
)
def test_only_a_digest_speaks_for_bytes_elsewhere(
    info: dict[str, object], mark: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fsspec.get_filesystem_class("memory"), "info", lambda *_: info | {"type": "file"})
    address = Address("memory://b/k").look()[0]
    assert address.mark == (mark and mark.replace("s3:", "memory:"))


def test_what_is_removed_is_gone(folder: Address) -> None:
    write_text(folder / "a", "x")
    (folder / "a").unlink()
    (folder / "a").unlink(missing_ok=True)
    assert not (folder / "a").is_file()


def test_removing_what_is_not_there_fails(folder: Address) -> None:
    with pytest.raises(FileNotFoundError):
        (folder / "a").unlink()


def test_looking_whether_one_can_write_leaves_nothing(folder: Address) -> None:
    make_folder(folder, [])
    check_file(folder / "a.json", [])
    assert list(folder.walk()) == []


def test_a_batch_works_on_any_store(folder: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(runs, "open_pool", lambda **_options: open_serial())
    write_text(folder / "in/a.txt", "x")
    write_text(folder / "in/b.txt", "x")
    counts = [parse_into(folder / "out", [f"{folder}/in"], Options()) for _ in range(2)]
    assert [(summary.done, summary.unchanged) for summary in counts] == [(2, 0), (0, 2)]


@pytest.mark.parametrize("check", [check_file, make_folder])
def test_the_input_is_no_output(folder: Address, check: object) -> None:
    with pytest.raises(OutputError, match="the output is the input"):
        check(folder / "a", [folder / "a"])  # type: ignore[operator]  # a function


def test_a_missing_folder_is_told(folder: Address) -> None:
    with pytest.raises(InputMissingError, match="no such file or folder"):
        list(find_documents([f"{folder}/x"], beside=Path("out")))


def test_a_pattern_that_is_none_is_told(folder: Address) -> None:
    write_text(folder / "a", "x")
    with pytest.raises(InputMissingError, match="can't be read: Invalid pattern"):
        list(find_documents([f"{folder}/a**"], beside=Path("out")))


@pytest.mark.parametrize("address", ["nonsense://a", "s3://b/k"])
def test_a_package_that_is_missing_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(import_module("fsspec.registry")._registry, "s3", raising=False)  # noqa: SLF001 (as at first)
    with pytest.raises(StoreError, match=r"opens .*: pip install \"planparse\[remote\]\""):
        Address(address).look()


def test_without_fsspec_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(SystemExit) as end:
        main(["parse", "s3://b/k.pdf"])
    assert (end.value.code, 'pip install "planparse[remote]"' in capsys.readouterr().err) == (4, True)
