import os
from pathlib import Path

import pytest

from planparse.batch.outputs import PARTIAL_PREFIX, check_file, make_folder, write_text
from planparse.errors import OutputError

needs_rights = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="needs a user to whom folders can be closed"
)


def test_a_file_is_written_as_utf8(tmp_path: Path) -> None:
    write_text(tmp_path / "a.json", "Đơn vị\n")
    assert (tmp_path / "a.json").read_bytes() == "Đơn vị\n".encode()


def test_a_file_is_replaced(tmp_path: Path) -> None:
    for text in ("long text", "x"):
        write_text(tmp_path / "a.json", text)
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == "x"


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    write_text(tmp_path / "a.json", "old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match="No space left on device"):
        write_text(tmp_path / "a.json", "new")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("a.json", "old")]


def test_what_is_being_written_is_hidden() -> None:
    assert PARTIAL_PREFIX.startswith(".")


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
def test_a_new_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write_text(tmp_path / "a.json", "x")
    assert (tmp_path / "a.json").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
def test_a_replaced_file_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "a.json").touch(0o600)
    write_text(tmp_path / "a.json", "x")
    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o600


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.json").touch()
    (tmp_path / "link.json").symlink_to("real.json")
    write_text(tmp_path / "link.json", "x")
    assert ((tmp_path / "link.json").is_symlink(), (tmp_path / "real.json").read_text(encoding="utf-8")) == (True, "x")


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="needs /dev/null")
def test_a_device_is_not_replaced() -> None:
    write_text(Path("/dev/null"), "x")
    assert not Path("/dev/null").is_file()


def test_a_folder_is_not_written_to(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="directory"):
        write_text(tmp_path, "x")


def test_an_output_may_exist(tmp_path: Path) -> None:
    (tmp_path / "a.json").touch()
    check_file(tmp_path / "a.json", [tmp_path / "a.pdf"])


def test_looking_leaves_nothing(tmp_path: Path) -> None:
    check_file(tmp_path / "a.json", [])
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_is_a_link_to_the_input_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "b.json").symlink_to("a.txt")
    with pytest.raises(OutputError, match="the output is the input"):
        check_file(tmp_path / "b.json", [tmp_path / "a.txt"])


@needs_rights
def test_a_closed_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        check_file(tmp_path / "a.json", [])


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b", [])
    assert list((tmp_path / "a" / "b").iterdir()) == []


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_folder_that_cannot_be_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        make_folder(tmp_path / name, [])


def test_the_input_is_no_output_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the output is the input"):
        make_folder(tmp_path, [tmp_path / "." / ""])
