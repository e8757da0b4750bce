"""The documents say what is so: every command is told of, and the examples of the how-to pages run."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from planparse import cli

ROOT = Path(__file__).parent.parent
COMMANDS = ["parse", "batch", "check", "read", "restore", "score", "show", "export", "schema", "doctor"]
PAGES = ["exporting.md"]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_tells_of_every_command(command: str) -> None:
    assert f"planparse {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tables_of_scaling_are_those_that_are_worked_out() -> None:
    path = ROOT / "bench" / "estimate.py"
    tables = subprocess.run([sys.executable, path], capture_output=True, check=True, encoding="utf-8").stdout  # noqa: S603 (our own)
    page = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    assert [table for table in tables.strip().split("\n\n") if table not in page] == []


@pytest.mark.slow
def test_shards_that_are_merged_as_scaling_says_are_done_for_a_run_over_all(tmp_path: Path) -> None:
    """The commands of the page are run."""
    for shard in ("hue", "lao cai"):
        (tmp_path / "in" / shard).mkdir(parents=True)
        (tmp_path / "in" / shard / "a.txt").write_text(f"KẾ HOẠCH\n1. Rà soát {shard}.\n", encoding="utf-8")
    page = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    again = 'planparse() { "$PYTHON" -m planparse "$@"; }\n', 'planparse batch . --out "$OUT/all" --json'
    commands = "\n".join([again[0], *re.findall(r"^```bash\n(.*?)^```$", page, re.MULTILINE | re.DOTALL), again[1]])
    places = {"IN": str(tmp_path / "in"), "OUT": str(tmp_path / "out"), "PYTHON": sys.executable}
    result = subprocess.run(  # noqa: S603 (our own)
        ["bash", "-euc", commands],  # noqa: S607 (wherever it is)
        capture_output=True,
        check=True,
        env=os.environ | places,
    )
    summary = json.loads(result.stdout)
    assert (summary["done"], summary["unchanged"]) == (0, 2)


def _examples(page: str) -> list[tuple[str, str]]:
    """Return the blocks of a page that can be run: their language and what stands in them."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(r"^```(console|python)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def _run_console(block: str) -> None:
    for line in re.findall(r"^\$ planparse (.*)$", block, re.MULTILINE):
        with pytest.raises(SystemExit) as ending:
            cli.main(shlex.split(line, comments=True))
        assert not ending.value.code, line


def _run_python(block: str) -> None:
    exec(compile(block, "example", "exec"), {})  # noqa: S102 (our own)


_RUNNERS: dict[str, Callable[[str], None]] = {"console": _run_console, "python": _run_python}


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "samples").mkdir()
    shutil.copy(ROOT / "samples" / "hoa-son-chuyen-doi-so-2026.txt", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    examples = _examples(page)
    for language, block in examples:
        _RUNNERS[language](block)
    assert examples
