"""How much processor time each stage takes for a page, over documents given or the text samples.

    python bench/speed.py [--engine tesseract] [FILE...]

Processor time, Tesseract's included, so that other work on the machine hardly shows.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from planparse.config import DEFAULT, Config
from planparse.reading import read_file
from stages import STAGES, time_stages

SAMPLES = Path(__file__).parent.parent / "samples"


@dataclass(frozen=True, slots=True)
class Cost:
    """What documents took: their pages, seconds by stage, bytes of JSON."""

    pages: int
    seconds: tuple[float, ...]
    size: int

    def __str__(self) -> str:
        stages = "  ".join(f"{name} {value / self.pages:.3f}" for name, value in zip(STAGES, self.seconds, strict=True))
        total = sum(self.seconds) / self.pages
        return f"{total:.3f} s a page: {stages}; {self.size / self.pages / 1000:.1f} KB of JSON"


def processor_seconds() -> float:
    """Return what this process and those that it has started have taken so far."""
    return sum(os.times()[:4])


def measure(path: Path, config: Config) -> Cost:
    """Return what a document takes."""
    plan, seconds = time_stages(partial(read_file, path, config), config, processor_seconds)
    return Cost(plan.source.pages, seconds, len(plan.to_json().encode()))


def main() -> None:
    """Print a line for each document, one for all; the first is measured twice, since it loads libraries and tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default=DEFAULT.engine)
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    options = parser.parse_args()
    config = replace(DEFAULT, engine=options.engine)
    paths = options.files or sorted(SAMPLES.glob("*.txt"))
    measure(paths[0], config)
    costs = []
    for path in paths:
        costs.append(measure(path, config))
        print(f"{path.name}, {costs[-1].pages} pages: {costs[-1]}")
    seconds = tuple(map(sum, zip(*(cost.seconds for cost in costs), strict=True)))
    print(f"all: {Cost(sum(cost.pages for cost in costs), seconds, sum(cost.size for cost in costs))}")


if __name__ == "__main__":
    main()
