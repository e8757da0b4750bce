import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COMMANDS = ["parse", "batch", "check", "read", "restore", "score", "show", "schema", "doctor"]


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
