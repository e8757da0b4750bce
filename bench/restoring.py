"""How well and how fast text is restored, beside doing nothing, beside pyvi, and without each part of ours in turn.

    python bench/restoring.py SHARED --pages FOLDER [--only gold,plans] [--each 8]

SHARED is the folder with corpus/, gold/, plans/ and scans/. FOLDER has `held-out/` and `plans/`, pages that
training/noise_factory.py made of text that no training saw (see training/README.md). Right is a syllable, a run of
letters or digits, that stands in the restored line as it does in the printed one, case and all, in order.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
import regex
from rapidfuzz.distance import LCSseq
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))

from corpus import read_lines
from noise_factory import Lines, read_pages
from planparse.restoring import edits, items, readings, restore
from planparse.restoring import lines as stage
from planparse.restoring.channel import Channel
from planparse.restoring.language_model import load_language_model
from planparse.restoring.memory import NOTHING
from planparse.text import strip_marks

if TYPE_CHECKING:
    from planparse.restoring.lattice import Edges

_SYLLABLE = regex.compile(r"[\p{L}\p{N}]+")
PROSE_WORDS, PROSE_LINES = 12, 600

Restorer = Callable[[str], str]


@dataclass
class Split:
    """Documents, as lists of (read, meant) lines; whether lines can be told apart in what was read."""

    documents: list[Lines]
    by_line: bool = True


@dataclass
class Score:
    """What a restorer made of a split."""

    syllables: int = 0
    right: int = 0
    seconds: float = 0.0
    changed: list[str] = field(default_factory=list)

    def add(self, restored: str, meant: str) -> None:
        """Count the syllables of `meant` that stand in `restored`, in order."""
        wanted = _SYLLABLE.findall(meant)
        self.syllables += len(wanted)
        self.right += LCSseq.similarity(_SYLLABLE.findall(restored), wanted)


def measure(restorer: Restorer, split: Split) -> Score:
    """Return what `restorer` makes of `split`."""
    score = Score()
    for lines in split.documents:
        start = time.perf_counter()
        restored = restorer("\n".join(read for read, _ in lines))
        score.seconds += time.perf_counter() - start
        if split.by_line:
            for line, (_, meant) in zip(restored.split("\n"), lines, strict=True):
                score.add(line, meant)
        else:
            score.add(restored, "\n".join(meant for _, meant in lines))
    return score


def add_accents(text: str) -> str:
    """Return what pyvi makes of each line of `text`; those on which it fails stay as they are."""
    from pyvi import ViUtils  # noqa: PLC0415 (not needed by planparse)

    lines = []
    for line in text.split("\n"):
        try:
            lines.append(ViUtils.add_accents(line))
        except (KeyError, IndexError):
            lines.append(line)
    return "\n".join(lines)


def splits(shared: Path, pages: Path, each: int) -> Iterator[tuple[str, Split]]:
    """Yield all splits by name; of each kind of pages at most `each`."""
    gold = (shared / "gold" / f"quang-ngai-cchc-2024.{kind}.txt" for kind in ("ocr", "truth"))
    yield "gold", Split([list(zip(*(path.read_text("utf-8").split("\n") for path in gold), strict=True))])
    scanner = shared / "scans" / "binhduong-tb06"
    texts = [(scanner / name).read_text("utf-8") for name in ("ocr-textlayer.txt", "truth.txt")]
    yield "binhduong", Split([[(texts[0], texts[1])]], by_line=False)
    for kind in ("plans", "held-out"):
        for folder in sorted((pages / kind).glob("*")):
            documents = [lines for lines in read_pages(pages / kind, folder.name) if lines]
            yield f"{kind} {folder.name}", Split(documents[:each])
    for name in ("admin", "legal"):
        held_out = [line.strip() for line in read_lines(shared / "corpus", name, held_out=True)]
        prose = [line for line in held_out if len(line.split()) >= PROSE_WORDS][:PROSE_LINES]
        yield f"bare {name}", Split([[(strip_marks(line), line) for line in prose]])
    plans = [path.read_text("utf-8").split("\n") for path in sorted(shared.glob("plans/*/text.txt"))]
    yield "right plans", Split([[(line, line) for line in lines] for lines in plans])


def bare_channel(prior: object) -> Channel:
    """Return a channel that knows of no engine but that marks are lost."""
    del prior
    return Channel({"bare": 1.0})


def keep_parts(_: object, __: str, ___: str, parts: list[Edges]) -> list[Edges]:
    """Return `parts`: nothing is cut, nothing is joined."""
    return parts


@contextmanager
def without(part: str) -> Iterator[None]:
    """Leave out one part of the stage."""
    model = load_language_model()
    tables = model.tables
    none = {"four-grams": ("fourgram",), "n-grams above two": ("fourgram", "trigram")}.get(part, ())
    fewer = tables._replace(**{f"{name}_prints": np.zeros_like(getattr(tables, f"{name}_prints")) for name in none})
    patches: dict[str, list[Any]] = {
        "the document's words": [patch.object(stage, "remember", lambda _: NOTHING)],
        "the document's habits": [patch.object(stage, "learn", lambda _, channel: channel)],
        "learned channels": [
            patch.object(stage, "Channel", bare_channel),
            patch.object(stage, "learn", lambda _, channel: channel),
        ],
        "parts of pieces": [
            patch.object(readings.Reader, "_parts", keep_parts),
            patch.object(items, "LONGEST_GROUP", 0),
        ],
        "four-grams": [patch.object(model, "tables", fewer)],
        "n-grams above two": [patch.object(model, "tables", fewer)],
        "the case of letters": [patch.object(edits, "is_small", lambda *_: False)],
    }
    with ExitStack() as stack:
        for one in patches.get(part, []):
            stack.enter_context(one)
        yield


PARTS = (
    "four-grams",
    "n-grams above two",
    "the document's words",
    "the document's habits",
    "learned channels",
    "parts of pieces",
    "the case of letters",
)


def rows(split: Split) -> Iterator[tuple[str, Score]]:
    """Yield what each restorer makes of `split`."""
    yield "nothing", measure(str, split)
    if find_spec("pyvi"):
        yield "pyvi", measure(add_accents, split)
    yield "planparse", measure(restore, split)
    for part in PARTS:
        with without(part):
            yield f"without {part}", measure(restore, split)


def main() -> None:
    """Print a table: a restorer a row, a split a column."""
    parser = argparse.ArgumentParser(description="Measure planparse.restoring.")
    parser.add_argument("shared", type=Path, help="folder with corpus/, gold/, plans/ and scans/")
    parser.add_argument("--pages", type=Path, required=True, help="folder with held-out/ and plans/")
    parser.add_argument("--each", type=int, default=20, help="pages of a kind")
    parser.add_argument("--only", type=lambda names: names.split(","), default=[], help="splits whose names begin so")
    options = parser.parse_args()
    restore("Pon vi chu tri: cAuphat")
    console = Console(width=110)
    for name, split in splits(options.shared, options.pages, options.each):
        if options.only and not name.startswith(tuple(options.only)):
            continue
        table = Table("", "right", "wrong", "of", "syllables a second", title=name, title_justify="left")
        for label, score in rows(split):
            table.add_row(
                label,
                f"{score.right / max(score.syllables, 1):.2%}",
                str(score.syllables - score.right),
                str(score.syllables),
                f"{score.syllables / max(score.seconds, 1e-9):,.0f}",
            )
        console.print(table)


if __name__ == "__main__":
    main()
