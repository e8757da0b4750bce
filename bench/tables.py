"""How many cells of printed tables are read right: the text as printed, in its row and column of its table.

    python bench/tables.py SHARED [--pages 2] [--kinds layer,office] [--styles ruled,open,bare] [--only hcm]

SHARED is the folder with plans/. Its tables are typeset (bench/table_pages.py) over at most `--pages` pages each: with
all ruling lines, with one below the head only, and without any; then read as a PDF with its text layer, and as scans
with the damage of a level (scripts/damage.py). Rows are counted through the pages, without repeated heads. `exact`
counts cells whose text is right but for white space, `near` those with at most a tenth of the characters wrong: what
that has more is the engine's doing, not the layout's; `restored` is `exact` after restoring. `spans` are the cells over
several rows of which the number of rows is right too; without ruling lines nothing tells it where no text stands.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
from rapidfuzz.distance import Levenshtein
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas
from rich.console import Console
from rich.table import Table

from planparse.config import Config
from planparse.reading import read_bytes
from planparse.restoring import restore_document
from table_pages import STYLES, PrintedTable, TruthCell, read_tables, typeset_table

from damage import LEVELS, POINTS_PER_INCH, Level, damage, encode  # isort: skip (found by way of table_pages)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.document import Document

SEED = 30_2020
NEAR = 0.1
"""Share of a cell's characters that may be wrong where only its place is asked for."""
HEAD_SHARE = 0.5
"""Share of a row's cells that are the head's, near enough, where the row is a head printed again."""

Row = dict[int, tuple[str, int]]
"""Text and number of rows of each cell by its column."""


@dataclass
class Score:
    """Cells of a style and kind."""

    cells: int = 0
    exact: int = 0
    near: int = 0
    restored: int = 0
    spanning: int = 0
    spans: int = 0
    pages: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


def scan(pdf: bytes, level: Level) -> bytes:
    """Return a PDF of images: the pages with the damage of a level."""
    random = np.random.default_rng(SEED)
    out = BytesIO()
    pen = canvas.Canvas(out, invariant=1, pageCompression=0)
    for page in pypdfium2.PdfDocument(pdf):
        width, height = page.get_size()
        rendered = page.render(scale=level.dpi / POINTS_PER_INCH, grayscale=True).to_pil()
        image = encode(damage(rendered, level, random), level)
        pen.setPageSize((width, height))
        pen.drawImage(ImageReader(BytesIO(image)), 0, 0, width, height)
        pen.showPage()
    pen.save()
    return out.getvalue()


def read_rows(document: Document) -> list[Row]:
    """Return the rows of all tables, one after the other."""
    texts: dict[tuple[int, int], dict[int, list[str]]] = defaultdict(dict)
    spans: dict[tuple[int, int, int], int] = {}
    for line in document.lines:
        if line.cell:
            place = (line.cell.table, line.cell.row)
            texts[place].setdefault(line.cell.column, []).append(line.text)
            spans[(*place, line.cell.column)] = line.cell.rows
    return [
        {column: (" ".join(" ".join(lines).split()), spans[(*place, column)]) for column, lines in texts[place].items()}
        for place in sorted(texts)
    ]


def truth_rows(cells: Sequence[TruthCell]) -> list[Row]:
    """Return the printed rows, the head first."""
    rows: dict[int, Row] = defaultdict(dict)
    for cell in cells:
        rows[cell.row][cell.column] = (" ".join(cell.text.split()), cell.rows)
    return [rows[row] for row in sorted(rows)]


def is_near(read: str, printed: str) -> bool:
    """Tell whether two texts are the same but for a tenth of their characters."""
    return Levenshtein.normalized_distance(read, printed) <= NEAR


def match_rows(read: Sequence[Row], printed: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Pair rows in order, each once at most, so that the most cells are near their printed ones."""
    head = printed[0]
    seen = [row for index, row in enumerate(read) if index == 0 or _near_cells(row, head) < HEAD_SHARE * len(head)]
    best = np.zeros((len(seen) + 1, len(printed) + 1), dtype=np.int64)
    gains = np.array([[_near_cells(one, other) for other in printed] for one in seen]).reshape(len(seen), len(printed))
    for i in range(1, len(seen) + 1):
        for j in range(1, len(printed) + 1):
            best[i, j] = max(best[i - 1, j], best[i, j - 1], best[i - 1, j - 1] + gains[i - 1, j - 1])
    pairs, i, j = [], len(seen), len(printed)
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            pairs.append((seen[i - 1], printed[j - 1]))
            i, j = i - 1, j - 1
    return pairs


def _near_cells(read: Row, printed: Row) -> int:
    return sum(column in read and is_near(read[column][0], text) for column, (text, _) in printed.items())


def count_cells(document: Document, table: PrintedTable, score: Score, *, restored: bool) -> None:
    """Add what was read of a table to `score`."""
    printed = truth_rows(table.cells)
    pairs = match_rows(read_rows(document), printed)
    exact = sum(column in read and read[column][0] == row[column][0] for read, row in pairs for column in row)
    if restored:
        score.restored += exact
        return
    score.exact += exact
    score.cells += len(table.cells)
    score.near += sum(_near_cells(read, row) for read, row in pairs)
    spanning = [(read, row, column) for read, row in pairs for column in row if row[column][1] > 1]
    score.spanning += sum(cell.rows > 1 for cell in table.cells)
    score.spans += sum(column in read and read[column][1] == row[column][1] for read, row, column in spanning)
    found = {id(row): read for read, row in pairs}
    for row in printed:
        read = found.get(id(row), {})
        score.wrong += [
            f"{column}: {text[:70]!r} read as {read.get(column, ('', 0))[0][:70]!r}"
            for column, (text, _) in row.items()
            if not is_near(read.get(column, ("", 0))[0], text)
        ]


def measure(tables: Sequence[list[list[str]]], style: str, kind: str, pages: int, config: Config) -> Score:
    """Return the score of all tables in a style, as a text layer or as scans of a level."""
    score = Score()
    for rows in tables:
        table = typeset_table(rows, style=style, pages=pages)
        data = table.pdf if kind == "layer" else scan(table.pdf, LEVELS[kind])
        start = perf_counter()
        document = read_bytes(data, name="table.pdf", config=config)
        score.seconds += perf_counter() - start
        score.pages += len(document.pages)
        count_cells(document, table, score, restored=False)
        count_cells(restore_document(document), table, score, restored=True)
    return score


def main() -> None:
    """Print a line for each style and kind; with `--wrong` the cells that are not near."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--pages", type=int, default=2)
    parser.add_argument("--kinds", default="layer,office")
    parser.add_argument("--styles", default=",".join(STYLES))
    parser.add_argument("--only", default="")
    parser.add_argument("--engine", default="tesseract")
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    texts = sorted(options.shared.glob(f"plans/*{options.only}*/text.txt"))
    tables = [rows for text in texts for rows in read_tables(text.read_text(encoding="utf-8"))]
    shown = Table("style", "kind", "pages", "cells", "exact", "near", "restored", "spans", "s/page")
    for style in options.styles.split(","):
        for kind in options.kinds.split(","):
            score = measure(tables, style, kind, options.pages, Config(engine=options.engine))
            shares = [f"{one / score.cells:.3f}" for one in (score.exact, score.near, score.restored)]
            spans = f"{score.spans}/{score.spanning}"
            speed = f"{score.seconds / score.pages:.2f}"
            shown.add_row(style, kind, str(score.pages), str(score.cells), *shares, spans, speed)
            if options.wrong:
                print(f"== {style}, {kind}", *score.wrong, sep="\n")
    Console().print(shown)


if __name__ == "__main__":
    main()
