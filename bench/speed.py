"""How long each stage takes, as a share of the whole, over documents given or the text samples.

python bench/speed.py [FILE...]
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

from planparse.config import DEFAULT
from planparse.normalizing import normalize_outline
from planparse.reading import read_file
from planparse.restoring import restore_document
from planparse.segmenting import segment_document

SAMPLES = Path(__file__).parent.parent / "samples"


def measure(path: Path) -> dict[str, float]:
    """Return the seconds of each stage for one document."""
    marks = [perf_counter()]
    document = read_file(path, DEFAULT)
    marks.append(perf_counter())
    restored = restore_document(document)
    marks.append(perf_counter())
    outline = segment_document(restored)
    marks.append(perf_counter())
    normalize_outline(outline, restored.source, DEFAULT)
    marks.append(perf_counter())
    stages = ("read", "restore", "segment", "normalize")
    return {stage: after - before for stage, before, after in zip(stages, marks, marks[1:], strict=False)}


def main() -> None:
    """Print a line for each document; the first is measured twice, since it loads libraries and tables."""
    paths = [Path(name) for name in sys.argv[1:]] or sorted(SAMPLES.glob("*.txt"))
    measure(paths[0])
    for path in paths:
        seconds = measure(path)
        total = sum(seconds.values())
        shares = "  ".join(f"{stage} {value / total:5.1%}" for stage, value in seconds.items())
        print(f"{path.name}: {total:.2f} s  {shares}")


if __name__ == "__main__":
    main()
