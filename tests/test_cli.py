import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

import planparse
from planparse import cli, inputs
from planparse.config import Config
from planparse.plan import Plan

TEXT = "KẾ HOẠCH\nCải cách hành chính năm 2024\n\nI. MỤC ĐÍCH\n1. Rà soát văn bản.\n- Đơn vị chủ trì: Sở Nội vụ.\n"
COMMANDS = [
    *("parse", "batch", "check", "read", "restore", "score", "show", "review", "accept", "export"),
    *("schema", "doctor"),
]
PLANPARSE = [sys.executable, "-m", "planparse"]


@dataclass(frozen=True)
class Ending:
    """How a command ended: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str


Run = Callable[..., Ending]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs planparse in this process, with the text given on stdin."""
    monkeypatch.delenv("CI", raising=False)

    def run_planparse(*arguments: str | Path, stdin: bytes = b"") -> Ending:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ending:
            cli.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ending(int(ending.value.code or 0), captured.out, captured.err)

    return run_planparse


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def _one_line(ending: Ending) -> bool:
    """Whether all that stands on stderr is an error of one line."""
    return ending.err.startswith("planparse: error: ") and ending.err.count("\n") == 1


# What every command keeps


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_two_examples(run: Run, command: str) -> None:
    examples = run(command, "--help").out.split("Examples:\n")[1]
    assert examples.count("planparse ") >= 2


def test_help_lists_the_commands(run: Run) -> None:
    lines = run("--help").out.split("Commands:\n")[1].splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  ")] == COMMANDS


def test_help_cuts_no_description(run: Run) -> None:
    assert "..." not in run("--help").out.split("Commands:\n")[1]


def test_version(run: Run) -> None:
    assert run("--version").out == f"planparse {planparse.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("prase",),
        ("parse",),
        ("parse", "a", "b"),
        ("parse", "a", "--nope"),
        ("batch", "a"),
        ("batch", "a", "--out", "b", "--jobs", "0"),
        ("batch", "a", "--out", "b", "--timeout", "x"),
        ("batch", "a", "--out", "b", "--force", "--retry-failed"),
        ("export", "a"),
        ("export", "-o", "a.csv"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_told_in_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    ending = run(*arguments)
    assert (ending.code, ending.out, _one_line(ending)) == (2, "", True)


def test_an_unexpected_error_is_told_in_one_line(run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planparse.pipeline.parse_document", lambda _document, **_: 1 / 0)
    ending = run("parse", sample)
    assert (ending.code, _one_line(ending), "ZeroDivisionError" in ending.err) == (1, True, True)


def test_a_traceback_is_shown_on_request(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANPARSE_DEBUG", "1")
    assert "Traceback" in run("parse", tmp_path / "nothing.pdf").err


def test_an_interruption_exits_with_130(run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_document: object, **_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("planparse.pipeline.parse_document", interrupt)
    assert run("parse", sample).code == 130


# The process and its surroundings


def _start(command: list[str], env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)  # noqa: S603 (our own)


@pytest.mark.parametrize("command", [["-c", "import planparse"], ["-m", "planparse", "--help"]], ids=["import", "help"])
def test_starting_loads_no_heavy_library(command: list[str]) -> None:
    errors = _start([sys.executable, "-X", "importtime", *command]).communicate()[1].decode()
    loaded = {line.split("|")[-1].strip().split(".")[0] for line in errors.splitlines()}
    assert "planparse" in loaded
    assert not loaded & {
        "pydantic",
        "spacy",
        "pdfplumber",
        "pypdfium2",
        "numpy",
        "PIL",
        "pytesseract",
        "rapidfuzz",
        "xlsxwriter",
        "icalendar",
    }


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_output_is_utf8_in_every_locale(sample: Path, locale: str) -> None:
    surroundings = os.environ | {"LANG": locale, "LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    process = _start([*PLANPARSE, "read", str(sample)], env=surroundings)
    assert process.communicate()[0].decode() == TEXT


def test_a_reader_that_goes_away_is_no_error() -> None:
    with _start([*PLANPARSE, "schema"]) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (0, b"")


POSIX_SHELL = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")


def _run_in_shell(command: str) -> Ending:
    process = _start(["sh", "-c", f"'{sys.executable}' -m planparse {command}"])
    output, errors = process.communicate()
    return Ending(process.returncode, output.decode(), errors.decode())


@POSIX_SHELL
@pytest.mark.parametrize("command", ["schema >&-", "schema >&- 2>&-", "--help >&-"])
def test_a_closed_stdout_is_no_error(command: str) -> None:
    assert _run_in_shell(command) == Ending(0, "", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_told_in_one_line() -> None:
    ending = _run_in_shell("schema >/dev/full")
    assert (ending.code, _one_line(ending)) == (5, True)


SLEEPER = """
import time
from planparse import cli, inputs

def sleep():
    print("ready", flush=True)
    time.sleep(60)

inputs._read_stdin = sleep
cli.main(["restore"])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_process_quietly(number: signal.Signals) -> None:
    with _start([sys.executable, "-c", SLEEPER]) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
        errors = process.communicate(timeout=10)[1]
    assert (process.returncode, errors.strip()) == (130, b"")


@pytest.mark.parametrize(
    "command",
    ["parse {}", "read {}", "restore {}", "show {}", "score {} {}", "check {} {}", "batch {} --out plans"],
)
def test_a_name_too_long_for_a_file_is_told_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ending = run(*command.replace("{}", "a" * 5000).split())
    assert (ending.code, _one_line(ending)) == (3, True)


@pytest.mark.parametrize("command", ["parse plan.txt -o {}", "batch plan.txt --out {}", "check . {} --update"])
def test_an_output_with_a_name_too_long_is_told_before_the_work(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(sample.parent)
    ending = run(*command.replace("{}", "a" * 5000).split())
    assert (ending.code, _one_line(ending)) == (5, True)


# parse, read, restore


def test_parse_prints_a_plan(run: Run, sample: Path) -> None:
    plan = Plan.from_json(run("parse", sample).out)
    assert [unit.name for task in plan.tasks for unit in task.lead_units] == ["Sở Nội vụ"]


def test_parse_reads_stdin(run: Run) -> None:
    assert Plan.from_json(run("parse", "-", stdin=TEXT.encode()).out).source.file is None


def test_parse_writes_a_file(run: Run, sample: Path, tmp_path: Path) -> None:
    output = tmp_path / "plan.json"
    ending = run("parse", sample, "-o", output)
    assert (ending, Plan.from_json(output.read_text(encoding="utf-8")).source.file) == (Ending(0, "", ""), "plan.txt")


def test_the_same_input_gives_the_same_bytes(run: Run, sample: Path) -> None:
    assert run("parse", sample).out == run("parse", sample).out


@pytest.mark.parametrize("command", ["parse", "read", "restore"])
def test_a_missing_input_is_told(run: Run, tmp_path: Path, command: str) -> None:
    ending = run(command, tmp_path / "nothing.txt")
    assert (ending.code, ending.out, _one_line(ending)) == (3, "", True)


@pytest.mark.parametrize("command", ["parse", "read", "restore", "show"])
def test_a_file_without_the_right_to_read_it_is_told(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> NoReturn:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    for method in ("open", "read_bytes", "read_text"):
        monkeypatch.setattr(Path, method, refuse)
    ending = run(command, sample)
    assert (ending.code, _one_line(ending), "Permission denied" in ending.err) == (3, True, True)


@pytest.mark.parametrize("command", ["parse", "read", "restore"])
def test_a_folder_is_no_input(run: Run, tmp_path: Path, command: str) -> None:
    ending = run(command, tmp_path)
    assert (ending.code, _one_line(ending)) == (3, True)


def test_a_folder_to_parse_is_for_batch(run: Run, tmp_path: Path) -> None:
    assert "planparse batch" in run("parse", tmp_path).err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("command", ["parse", "restore"])
def test_a_pipe_is_no_input(run: Run, tmp_path: Path, command: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert run(command, tmp_path / "pipe").code == 3


@pytest.mark.parametrize("content", [b"", b"\x00"], ids=["empty", "a NUL byte"])
def test_what_holds_nothing_is_no_input(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    ending = run("parse", tmp_path / "a.txt")
    assert (ending.code, _one_line(ending)) == (3, True)


def test_an_empty_stdin_is_no_input(run: Run) -> None:
    assert run("parse", "-").code == 3


@POSIX_SHELL
def test_a_closed_stdin_is_told_in_one_line() -> None:
    ending = _run_in_shell("restore <&-")
    assert (ending.code, _one_line(ending)) == (3, True)


def test_too_much_on_stdin_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "DEFAULT", Config(max_bytes=3))
    assert "over the limit of 3 bytes" in run("parse", "-", stdin=b"abcd").err


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("plan.txt", "the output is the input"),
        (".", "the output is a folder"),
        ("missing/plan.json", "no such folder"),
        ("plan.txt/plan.json", "no such folder"),
    ],
)
def test_an_output_that_cannot_be_is_told_before_the_work(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch, output: str, reason: str
) -> None:
    monkeypatch.setattr("planparse.pipeline.parse_document", lambda _document, **_: 1 / 0)
    ending = run("parse", sample, "-o", sample.parent / output)
    assert (ending.code, reason in ending.err, _one_line(ending)) == (5, True, True)


def test_read_prints_lines_and_form_feeds(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Đơn vị\n\nchủ trì\n\fSở Nội vụ\n", encoding="utf-8")
    assert run("read", tmp_path / "a.txt").out == "Đơn vị\n\nchủ trì\n\fSở Nội vụ\n"


def test_read_restores(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Pon vi chu tri\n", encoding="utf-8")
    assert run("read", tmp_path / "a.txt").out == "Đơn vị chủ trì\n"


def test_read_raw_does_not(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Pon vi chu tri\n", encoding="utf-8")
    assert run("read", tmp_path / "a.txt", "--raw").out == "Pon vi chu tri\n"


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
def test_restore_keeps_line_ends(run: Run, end: str) -> None:
    assert run("restore", stdin=f"Pon vi{end}".encode()).out == f"Đơn vị{end}"


def test_restore_reads_a_file(run: Run, sample: Path) -> None:
    assert run("restore", sample).out == TEXT


def test_restore_reads_old_encodings(run: Run) -> None:
    assert run("restore", stdin=TEXT.encode("utf-16")).out == TEXT


def test_restore_converts_text_that_was_decoded_wrongly(run: Run) -> None:
    """As `read` does; but line ends stay."""
    lines = ["§¬n vÞ chñ tr×: Së Néi vô", "Thêi gian hoµn thµnh: tr­íc ngµy 30/6/2024", ""]
    expected = "Đơn vị chủ trì: Sở Nội vụ\r\nThời gian hoàn thành: trước ngày 30/6/2024\r\n"
    assert run("restore", stdin="\r\n".join(lines).encode()).out == expected


# batch, check, score, show, export, schema, doctor


def test_batch_writes_plans_and_says_so(
    run: Run, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ending = run("batch", sample, "--out", "out", "--jobs", "1")
    assert (ending.code, ending.out, ending.err.splitlines()[-1:]) == (
        0,
        "",
        ["1 done, 0 unchanged, 0 failed: see out/manifest.jsonl"],
    )


def test_batch_names_what_failed(run: Run, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    ending = run("batch", sample, tmp_path / "empty.txt", "--out", tmp_path / "out", "--jobs", "1")
    assert (ending.code, ending.err.splitlines()[0]) == (
        1,
        f"planparse: error: empty file ({tmp_path}/empty.txt): give a file with content",
    )


def test_batch_tells_machines_what_it_did(run: Run, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    ending = run("batch", sample, tmp_path / "empty.txt", "--out", tmp_path / "out", "--jobs", "1", "--json")
    summary = json.loads(ending.out)
    assert (summary["done"], summary["failed"], summary["failures"]) == (1, 1, {"InputEmptyError": 1})


def test_check_tells_by_its_exit_code(run: Run, tmp_path: Path) -> None:
    samples, golden = tmp_path / "samples", tmp_path / "golden"
    samples.mkdir()
    (samples / "a.txt").write_text(TEXT, encoding="utf-8")
    codes = [run("check", samples, golden, *options).code for options in (["--update"], [])]
    (samples / "a.txt").write_text(TEXT.replace("Nội vụ", "Y tế"), encoding="utf-8")
    ending = run("check", samples, golden, "--junit", tmp_path / "report.xml")
    assert (codes, ending.code, "tasks.I.1.lead_units.1.name" in ending.out) == ([0, 0], 1, True)
    assert '<failure message="1 difference">' in (tmp_path / "report.xml").read_text(encoding="utf-8")


def test_golden_files_are_not_rewritten_in_ci(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "")
    ending = run("check", tmp_path, tmp_path / "golden", "--update")
    assert (ending.code, (tmp_path / "golden").exists()) == (2, False)


def test_score_prints_a_table_or_json(run: Run, sample: Path, tmp_path: Path) -> None:
    run("parse", sample, "-o", tmp_path / "plan.json")
    arguments = ("score", tmp_path / "plan.json", tmp_path / "plan.json")
    assert "task_fields" in run(*arguments).out
    assert json.loads(run(*arguments, "--json").out)["total"]["figures"]["tasks"]["f1"] == 1.0


def test_score_of_what_is_no_plan_is_an_input_error(run: Run, sample: Path) -> None:
    assert run("score", sample.with_suffix(".json"), sample.with_suffix(".json")).code == 3


def test_show_prints_the_tasks(run: Run, sample: Path, tmp_path: Path) -> None:
    run("parse", sample, "-o", tmp_path / "plan.json")
    assert "I.1  Rà soát văn bản.\n    leads   Sở Nội vụ\n" in run("show", tmp_path / "plan.json").out


@pytest.fixture
def plans(tmp_path: Path, make_plan: Callable[..., Plan], make_task: Callable[..., dict[str, object]]) -> Path:
    """Return a folder with two plans, one in a folder below, and a file that is none."""
    folder = tmp_path / "plans"
    (folder / "below").mkdir(parents=True)
    for name in ("a.json", "below/b.json", ".hidden.json"):
        (folder / name).write_text(make_plan(tasks=[make_task(f"I.{name[0]}")]).to_json(), encoding="utf-8")
    (folder / "manifest.jsonl").touch()
    return folder


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".ics", ".md", ".XLSX"])
def test_export_writes_a_file_by_its_ending(run: Run, plans: Path, tmp_path: Path, ending: str) -> None:
    ending_of_run = run("export", plans / "a.json", "-o", tmp_path / f"out{ending}")
    assert (ending_of_run, (tmp_path / f"out{ending}").stat().st_size > 0) == (Ending(0, "", ""), True)


def test_export_takes_the_plans_of_folders_each_once(run: Run, plans: Path, tmp_path: Path) -> None:
    run("export", plans / "below" / "b.json", plans, "-o", tmp_path / "out.md")
    text = (tmp_path / "out.md").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("###")] == ["### I.b", "### I.a"]


@pytest.mark.parametrize("name", ["out.pdf", "out", "out.json"])
def test_export_to_another_format_is_a_wrong_command_line(run: Run, plans: Path, tmp_path: Path, name: str) -> None:
    ending = run("export", plans, "-o", tmp_path / name)
    assert (ending.code, _one_line(ending), (tmp_path / name).exists()) == (2, True, False)


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff", b'{"schema_version": "9"}', b"[NaN]"])
def test_export_of_what_is_no_plan_fails_and_writes_nothing(run: Run, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a.json").write_bytes(content)
    ending = run("export", tmp_path / "a.json", "-o", tmp_path / "out.csv")
    assert (ending.code, _one_line(ending), (tmp_path / "out.csv").exists()) == (3, True, False)


def test_export_of_a_folder_without_plans_fails(run: Run, tmp_path: Path) -> None:
    assert run("export", tmp_path, "-o", tmp_path / "out.csv").code == 3


def test_export_of_a_folder_that_is_closed_fails(
    run: Run, plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: str) -> NoReturn:
        raise PermissionError(13, "Permission denied", folder)

    monkeypatch.setattr(os, "scandir", refuse)
    ending = run("export", plans, "-o", tmp_path / "out.csv")
    assert (ending.code, _one_line(ending), "Permission denied" in ending.err) == (3, True, True)


@pytest.mark.parametrize("name", ["missing/out.csv", "folder.csv"])
def test_export_to_where_nothing_can_be_written_fails(run: Run, plans: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    ending = run("export", plans, "-o", tmp_path / name)
    assert (ending.code, _one_line(ending)) == (5, True)


def test_export_leaves_the_old_file_where_it_fails(run: Run, plans: Path, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old", encoding="utf-8")
    (plans / "c.json").write_text("{}", encoding="utf-8")
    run("export", plans, "-o", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "old"


def test_schema_prints_the_schema(run: Run) -> None:
    assert json.loads(run("schema").out)["title"] == "Plan"


@pytest.mark.ocr
def test_doctor_finds_all(run: Run) -> None:
    ending = run("doctor")
    assert (ending.code, "MISSING" in ending.out) == (0, False)


def test_doctor_says_what_is_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytesseract.pytesseract.tesseract_cmd", "no-such-program")
    ending = run("doctor")
    assert (ending.code, "apt-get install tesseract-ocr" in ending.out) == (4, True)
