import os
from pathlib import Path

import pytest

from planparse.batch.documents import MAX_NAME, check_sources, find_documents, output_name
from planparse.errors import InputMissingError
from planparse.places import to_place

needs_rights = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="needs a user to whom folders can be closed"
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _make(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()


def _find(*sources: str) -> list[str]:
    return [str(path) for path, _output in find_documents(sources, beside=Path("out"))]


def test_a_folder_is_searched_with_its_folders() -> None:
    _make("in/b.pdf", "in/a.txt", "in/sub/c.PNG", "in/a/z.tiff")
    assert sorted(_find("in")) == ["in/a.txt", "in/a/z.tiff", "in/b.pdf", "in/sub/c.PNG"]


def test_a_folder_gives_what_we_read() -> None:
    _make("in/a.pdf", "in/b.docx", "in/.hidden.pdf", "in/.cache/c.pdf", "in/d.json")
    assert _find("in") == ["in/a.pdf"]


def test_a_named_file_is_taken_whatever_its_name() -> None:
    _make("scan")
    assert _find("scan") == ["scan"]


def test_the_output_folder_is_no_source() -> None:
    _make("a.txt", "out/b.txt")
    assert _find(".") == ["a.txt"]


def test_a_pattern_is_expanded() -> None:
    _make("in/a.pdf", "in/x/b.pdf", "in/c.txt")
    assert _find("in/**/*.pdf") == ["in/a.pdf", "in/x/b.pdf"]


def test_a_name_that_looks_like_a_pattern_is_a_name() -> None:
    _make("a[1].pdf", "a1.pdf")
    assert _find("a[1].pdf") == ["a[1].pdf"]


def test_loops_of_links_end() -> None:
    _make("in/a.pdf")
    Path("in/loop").symlink_to("../in")
    Path("in/self.pdf").symlink_to("self.pdf")
    assert _find("in") == ["in/a.pdf"]


@pytest.mark.parametrize("source", ["missing.pdf", "*.pdf", "empty"])
def test_no_document_is_told_before_the_work(source: str) -> None:
    Path("empty").mkdir()
    with pytest.raises(InputMissingError):
        check_sources([source], beside=Path("out"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused() -> None:
    os.mkfifo("pipe")
    with pytest.raises(InputMissingError, match="pipes and devices are not read"):
        _find("pipe")


def test_a_link_to_itself_is_refused() -> None:
    Path("self.pdf").symlink_to("self.pdf")
    with pytest.raises(InputMissingError):
        _find("self.pdf")


@pytest.mark.parametrize(
    ("path", "output"),
    [
        ("a.pdf", "a.pdf.json"),
        ("./in/sub/../a.pdf", "in/a.pdf.json"),
        ("in/a", "in/a.json"),
        ("/data/scans/a.pdf", "data/scans/a.pdf.json"),
        ("-a b\n.pdf", "-a b\n.pdf.json"),
    ],
)
def test_outputs_mirror_the_folders(path: str, output: str) -> None:
    assert output_name(Path(path)) == output


@pytest.mark.parametrize(
    ("address", "output"),
    [
        ("s3://scans/2024/a.pdf", "scans/2024/a.pdf.json"),
        ("s3://scans/../../a.pdf", r"scans/\x2e\x2e/\x2e\x2e/a.pdf.json"),
        ("s3://scans/x/./a.pdf", r"scans/x/\x2e/a.pdf.json"),
        ("s3://scans//a.pdf", r"scans/\x/a.pdf.json"),
        (r"s3://scans/\x/a.pdf", r"scans/\\x/a.pdf.json"),
        ("memory:///a.pdf", "a.pdf.json"),
    ],
)
def test_outputs_mirror_bucket_and_key_and_lead_nowhere_else(address: str, output: str) -> None:
    assert output_name(to_place(address)) == output


def test_no_folder_of_an_output_has_too_long_a_name() -> None:
    folders = output_name(to_place(f"s3://scans/{'x' * 300}/{'x' * 299}/a.pdf")).split("/")
    assert max(map(len, folders)) <= MAX_NAME


def test_an_output_does_not_depend_on_how_the_input_is_named(here: Path) -> None:
    assert output_name(here / "in" / "a.pdf") == output_name(Path("in/a.pdf"))


def test_no_two_documents_share_an_output() -> None:
    names = [b"a.pdf", b"a.png", b"sub/a.pdf", b"\xff.pdf", "é.pdf".encode(), "e\u0301.pdf".encode()]
    names += [b"x" * 251 + b".pdf", b"x" * 251 + b".png", "ế".encode() * 83 + b".pdf"]
    assert len({output_name(Path(os.fsdecode(name))) for name in names}) == len(names)


def test_no_output_has_too_long_a_name() -> None:
    assert len(output_name(Path("ế" * 83 + ".pdf")).encode()) <= MAX_NAME


def test_a_folder_that_cannot_be_looked_into_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    _make("in/a.pdf", "in/closed/b.pdf")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if os.fspath(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputMissingError, match=r"can't be read: Permission denied \(in/closed\)"):
        _find("in")


@needs_rights
def test_a_closed_folder_is_told() -> None:
    _make("in/a.pdf")
    Path("in").chmod(0)
    with pytest.raises(InputMissingError, match="Permission denied"):
        _find("in")
