"""A batch that is killed at random moments and run again, against one that nobody disturbs.

    python bench/kills.py [--kills 50] [--seed 1] [INPUT...]

Each time SIGKILL hits the run or one of its workers; then it is run to its end. Told is how many outputs of how many
documents differ by a byte, and what is left that should not be. The exit code is 1 if there is anything.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

SAMPLES = Path(__file__).parents[1] / "samples"
COPIES = 4
"""Times that each sample is parsed, each time with another last line, so that none is another's twin."""


def make_inputs(folder: Path) -> None:
    """Write texts to parse, each a moment's work."""
    for sample in sorted(SAMPLES.glob("*.txt")):
        text = sample.read_text(encoding="utf-8")
        for copy in range(COPIES):
            (folder / f"{sample.stem}-{copy}.txt").write_text(f"{text}\nSố bản: {copy}.\n", encoding="utf-8")


def start(sources: list[str], out: Path) -> subprocess.Popen[bytes]:
    """Start a batch."""
    command = [sys.executable, "-m", "planparse", "batch", *sources, "--out", str(out), "--jobs", "2"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 (our own)


def kill_at_random(process: subprocess.Popen[bytes], longest: float, chance: random.Random) -> str:
    """Wait up to `longest` seconds, kill the run or a worker, and say which; wait until the run has ended."""
    time.sleep(chance.uniform(0.0, longest))
    run = psutil.Process(process.pid)
    workers = run.children()
    victim = chance.choice([run, *workers])
    victim.send_signal(signal.SIGKILL)
    process.wait()
    for worker in workers:
        worker.wait()
    return "run" if victim == run else "worker"


def outputs(out: Path) -> dict[str, bytes]:
    """Return what lies in an output folder, by name, but the manifest, which holds seconds."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != "manifest.jsonl"
    }


def differences(sources: list[str], kills: int, seed: int, folder: Path) -> list[str]:
    """Return the names of what differs after each of so many kills and the run after it."""
    chance = random.Random(seed)  # noqa: S311 (moments, no secrets)
    started = time.monotonic()
    start(sources, folder / "undisturbed").wait()
    longest = time.monotonic() - started
    expected = outputs(folder / "undisturbed")
    found = []
    for number in range(kills):
        out = folder / "killed"
        killed = kill_at_random(start(sources, out), longest, chance)
        there = outputs(out)
        start(sources, out).wait()
        ending = outputs(out)
        differing = [name for name in expected.keys() | ending.keys() if expected.get(name) != ending.get(name)]
        whole = sum(there.get(name) == data for name, data in expected.items())
        print(f"{number + 1}: {killed} killed with {whole} of {len(expected)} done; then {len(differing)} differ")
        found += [f"{number + 1}: {name}" for name in differing]
        shutil.rmtree(out)
    return found


def main() -> None:
    """Kill, run again, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="*", metavar="INPUT")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        make_inputs(folder / "in")
        found = differences(arguments.sources or [str(folder / "in")], arguments.kills, arguments.seed, folder)
    print("\n".join(found) or f"after each of {arguments.kills} kills, all outputs are the same to the byte")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
