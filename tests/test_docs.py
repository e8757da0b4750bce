from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COMMANDS = ["parse", "batch", "check", "read", "restore", "score", "show", "schema", "doctor"]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_tells_of_every_command(command: str) -> None:
    assert f"planparse {command}" in (ROOT / "README.md").read_text(encoding="utf-8")
