"""The Containerfile agrees with scripts/setup and pyproject.toml; the Compose file and the workflow hang together."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
IMAGE = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "checks.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SCAN = ROOT / "samples" / "so-noi-vu-tuyen-truyen-2025-office.pdf"
NOBODY = 65534


def instructions(name: str) -> list[str]:
    """Return what follows `name` in each instruction of the Containerfile, on one line."""
    text = re.sub(r"^#.*\n", "", IMAGE, flags=re.MULTILINE).replace("\\\n", " ")
    return [line.removeprefix(name).strip() for line in text.splitlines() if line.startswith(f"{name} ")]


def commands() -> list[list[str]]:
    """Return the commands of all RUN instructions, as a shell parts them."""
    runs = (re.sub(r"--mount=\S+", "", run) for run in instructions("RUN"))
    return [shlex.split(command) for run in runs for command in run.split(" && ")]


def apt_packages(text: str) -> set[str]:
    return set(re.findall(r"\btesseract-ocr(?:-\w+)?", text))


def test_the_image_has_the_packages_that_setup_installs() -> None:
    setup = (ROOT / "scripts" / "setup").read_text(encoding="utf-8")
    assert apt_packages(IMAGE) == apt_packages(setup) == {"tesseract-ocr", "tesseract-ocr-vie"}


def test_the_image_has_what_the_package_and_its_extras_need() -> None:
    """The command of the Containerfile that lists them is run."""
    (command,) = (command for command in commands() if command[0] == "python3" and command[1] == "-c")
    listed = subprocess.run([sys.executable, "-c", command[2]], capture_output=True, check=True, cwd=ROOT, text=True)  # noqa: S603 (our own)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [name for names in project["optional-dependencies"].values() for name in names]
    assert listed.stdout.split("\n") == [*project["dependencies"], *extras, ""]


def test_the_image_copies_only_what_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    allowed = set(re.findall(r"^!(.+)$", ignored, re.MULTILINE))
    copied = {name for copy in instructions("COPY") if "--from" not in copy for name in copy.split()[:-1]}
    assert copied <= allowed | {"."}
    assert all((ROOT / name).exists() for name in allowed)


def test_the_image_is_checked_as_it_is_built() -> None:
    parsed = [ROOT / command[2].lstrip("/") for command in commands() if command[:2] == ["planparse", "parse"]]
    assert ["planparse", "doctor"] in commands()
    assert {path.suffix for path in parsed if path.is_file()} == {".pdf", ".txt"}


def test_nobody_is_root_in_the_image() -> None:
    assert instructions("USER")[-1] == "planparse"


def test_images_are_plain_names() -> None:
    """No host before the name: who builds chooses where images are from."""
    sources = {source.split()[0] for source in instructions("FROM")}
    assert sources == {"debian:bookworm-slim", "base", "packages"}
    assert {service["image"] for service in SERVICES.values()} == {"planparse"}


def test_services_wait_for_services_that_tell_whether_they_are_well() -> None:
    waited_for = {name for service in SERVICES.values() for name in service.get("depends_on", {})}
    assert waited_for == {"scheduler", "worker"}
    assert all("healthcheck" in SERVICES[name] for name in waited_for)


def test_services_have_limits_and_say_when_they_are_started_again() -> None:
    limits = [set(service["deploy"]["resources"]["limits"]) for service in SERVICES.values()]
    assert limits == [{"cpus", "memory"}] * len(SERVICES)
    assert {name: service["restart"] for name, service in SERVICES.items()} == {
        "scheduler": "unless-stopped",
        "worker": "unless-stopped",
        "batch": "no",
    }


def test_services_see_each_other_and_nothing_else() -> None:
    assert COMPOSE["networks"] == {"inside": {"internal": True}}
    assert all(service["networks"] == ["inside"] and "ports" not in service for service in SERVICES.values())


def test_workers_see_the_documents_where_the_batch_sees_them() -> None:
    batch, worker = SERVICES["batch"], SERVICES["worker"]
    assert batch["volumes"] == worker["volumes"]
    assert batch["working_dir"] == worker["working_dir"]
    assert {Path(argument) for argument in batch["command"] if argument.startswith("/")} == {
        Path(volume.rsplit("}", 1)[1].split(":")[1]) for volume in batch["volumes"]
    }


def test_the_batch_has_options_that_there_are() -> None:
    command = SERVICES["batch"]["command"]
    usage = subprocess.run(
        [sys.executable, "-m", "planparse", "batch", "--help"],
        capture_output=True,
        check=True,
        text=True,
        env=os.environ | {"COLUMNS": "200"},
    ).stdout
    assert all(option in usage for option in command if option.startswith("--"))


def test_the_batch_asks_the_scheduler_that_the_workers_ask() -> None:
    (address,) = (part for part in SERVICES["batch"]["command"] if part.startswith("tcp:"))
    assert address == "tcp://scheduler:8786"
    assert address in SERVICES["worker"]["entrypoint"]


def test_the_workflow_builds_the_image_and_uses_it_without_a_network() -> None:
    steps = "\n".join(step.get("run", "") for step in WORKFLOW["jobs"]["container"]["steps"])
    assert "docker build --file deploy/Containerfile" in steps
    assert re.search(r"--network none .* doctor$", steps, re.MULTILINE)
    assert re.search(r"--network none .* parse /samples/", steps, re.MULTILINE)


def _confined(command: list[str | Path], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command as a user who owns nothing, has no home, and no network."""
    nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"]
    environment = environment | {"HOME": "/nowhere"}
    return _run(["unshare", "--net", *nobody, *command], env=environment, cwd="/")


def _run(command: list[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401 (of subprocess)
    return subprocess.run(command, capture_output=True, check=False, text=True, **options)  # noqa: S603 (our own)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a folder that everybody may read, which pytest's are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _find_python() -> str | None:
    """Return a Python like this one that everybody may run and that reads the samples; None where there is none."""
    read = f"open({str(SCAN)!r}, 'rb').close()"
    for python in (sys.executable, f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"):
        if Path(python).exists() and _confined([python, "-c", read], {}).returncode == 0:
            return python
    return None


def _install_wheel(base: str, folder: Path) -> Path:
    """Make an environment with planparse from its wheel, and what it needs from this one; return its Python."""
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    python = folder / "venv" / "bin" / "python"
    steps: list[list[str | Path]] = [
        [*pip, "wheel", "--no-deps", "--wheel-dir", folder, ROOT],
        [base, "-m", "venv", "--without-pip", folder / "venv"],
        [*pip, "--python", python, "install", "--no-index", "--no-deps", "--find-links", folder, "planparse"],
    ]
    for command in steps:
        subprocess.run(command, check=True)  # noqa: S603 (our own)
    (packages,) = (folder / "venv").glob("lib/python*/site-packages")
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python


PARSE = """
import gc, sys, planparse
from numba.core.dispatcher import Dispatcher
from planparse.config import Config
print(planparse.__file__, planparse.parse(sys.argv[1], config=Config(engine="tesseract")).to_json())
loops = [one for one in gc.get_objects() if isinstance(one, Dispatcher)]
ours = [loop for loop in loops if loop.py_func.__module__.startswith("planparse")]
print(sum(sum(loop.stats.cache_misses.values()) for loop in ours), file=sys.stderr)
"""
"""Prints which planparse it is and the plan, and, as an error, how many loops had to be compiled."""


@pytest.mark.slow
@pytest.mark.ocr
def test_a_wheel_reads_a_scan_for_a_user_without_network_home_or_a_place_to_write_to(folder: Path) -> None:
    """The steps of the image without a container: the wheel, loops compiled by root, the same scan as somebody else."""
    python = _find_python() if shutil.which("setpriv") and os.geteuid() == 0 else None
    if python is None:
        pytest.skip("needs root, a kernel that parts networks, and a project that everybody may read")
    parse: list[str | Path] = [_install_wheel(python, folder), "-c", PARSE, SCAN]
    environment = {"PATH": os.environ["PATH"], "NUMBA_CPU_NAME": "generic", "NUMBA_CACHE_DIR": f"{folder}/compiled"}
    expected = _run(parse, env=environment, cwd=folder)
    result = _confined(parse, environment)
    assert result.stdout == expected.stdout
    assert result.stdout.startswith(f"{folder}/venv/")
    assert (expected.stderr != "0\n", result.stderr) == (True, "0\n")
