"""What a change gains and loses: each field of each labelled plan before and after, and F1 by field, layout and input.

    python bench/quality.py [FOLDER...] [--scans layer office poor] [--against REV | --against none] [--json]

Documents are the plans of SHARED (gold/, plans/), the samples, and each FOLDER with text.txt and plan.json. With
--scans they are also typeset (bench/plan_pages.py), as a PDF with a text layer (`layer`) or as scans of a level of
scripts/damage.py, read and restored. Pages, what was read of them and what REV makes of them are kept in the folder
--cache. Before is REV (HEAD where the tree has changes, else the commit before), run in a worktree of its own by the
bench of this tree. What is measured: bench/verdicts.py; docs/quality.md has the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import Prefix
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from labelled import ROOT, Labelled, Store, find_documents, source_key
from planparse.plan import Plan, read_plan
from planparse.reading.engines import known_engines
from verdicts import KINDS, Counts, FieldOf, Figures, Verdict, measure, of_kind, verdicts

from damage import LEVELS  # isort: skip (found by way of labelled)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COLUMNS = {
    "outline": "outline",
    "tasks": "tasks",
    "four": "four",
    "four soft": "soft",
    "text": "text",
    "lead_units": "lead",
    "coordinating_units": "coord.",
    "deliverables": "deliv.",
    "time_frame": "time",
    "dates": "dates",
    "flagged": "flagged",
    "unflagged wrong": "unflagged wrong",
}
"""The figures of a row, and their heads."""
SHOWN = 90
"""Letters of a value shown where a field is gained or lost."""

Plans = dict[Labelled, Plan]
Row = tuple[str, str]
"""An input, and what of it: a document, a kind of task, or all."""


# Plans, now and before


def parse_all(documents: Sequence[Labelled], store: Store) -> Plans:
    """Return what this tree makes of the documents."""
    console = Console(stderr=True)
    shown = track(documents, "parsing", console=console, disable=not console.is_terminal)
    return {one: store.plan(one) for one in shown}


def parse_before(documents: Sequence[Labelled], store: Store, revision: str) -> Plans:
    """Return what a revision makes of the documents; what it made before is kept."""
    folder = store.folder / "plans" / f"{git('rev-parse', f'{revision}:src')[:16]}-{'+'.join(known_engines())}"
    paths = {one: folder / f"{one.name}-{one.input}-{source_key(one)}.json" for one in documents}
    missing = {one: path for one, path in paths.items() if store.fresh or not path.exists()}
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        run_revision(missing, store, revision)
    return {one: Plan.from_json(path.read_text(encoding="utf-8")) for one, path in paths.items()}


def run_revision(wanted: Mapping[Labelled, Path], store: Store, revision: str) -> None:
    """Have a revision, in a worktree that goes away, write its plans of the documents."""
    order = [[one.name, one.input, str(one.source), str(one.gold), str(path)] for one, path in wanted.items()]
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        git("worktree", "add", "--detach", str(tree), revision)
        try:
            command = [sys.executable, str(Path(__file__)), "--cache", str(store.folder), "--write", "-"]
            environment = os.environ | {"PYTHONPATH": str(tree / "src")}
            subprocess.run(command, input=json.dumps(order), text=True, env=environment, check=True)  # noqa: S603 (ours)
        finally:
            git("worktree", "remove", "--force", str(tree))


def write_plans(order: Sequence[Sequence[str]], store: Store) -> None:
    """Write the plans that another tree's bench has ordered."""
    paths = {Labelled(name, kind, Path(source), Path(gold)): Path(path) for name, kind, source, gold, path in order}
    for one, plan in parse_all(list(paths), store).items():
        paths[one].write_text(plan.to_json(), encoding="utf-8")


def default_revision() -> str:
    """Return the last commit where the tree has changes, else the one before."""
    return "HEAD" if git("status", "--porcelain") else "HEAD~1"


def git(*arguments: str) -> str:
    """Run git in the project."""
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 (git)


# Figures, gains and losses


def tabulate(plans: Plans) -> dict[Row, Figures]:
    """Return the figures of each document, of each kind of task, and of all, by input."""
    rows: dict[Row, Figures] = defaultdict(dict)
    for one, plan in plans.items():
        gold = read_plan(one.gold)
        figures = measure(plan, gold)
        add(rows[one.input, one.name], figures)
        add(rows[one.input, "all"], figures)
        for kind in KINDS:
            part = measure(*of_kind(plan, gold, kind))
            if part["tasks"].f1 is not None:
                add(rows[one.input, f"tasks: {kind}"], {name: part[name] for name in part if name != "outline"})
    return rows


def add(total: Figures, figures: Figures) -> None:
    """Add figures to a total, name by name."""
    for name, counts in figures.items():
        total[name] = total.get(name, Counts()) + counts


def compare(now: Mapping[FieldOf, Verdict], before: Mapping[FieldOf, Verdict]) -> tuple[list[FieldOf], list[FieldOf]]:
    """Return the fields that came right and those that went wrong; what no plan states is right."""
    wrong_now, wrong_before = ({field for field, one in found.items() if not one.right} for found in (now, before))
    gained = [field for field in before if field in wrong_before and field not in wrong_now]
    lost = [field for field in now if field in wrong_now and field not in wrong_before]
    return gained, lost


def gains_and_losses(now: Plans, before: Plans) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return each field that came right, and each that went wrong, of all documents."""
    changes: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for one in now:
        gold = read_plan(one.gold)
        found = [verdicts(plan, gold) for plan in (now[one], before[one])]
        for fields, listed in zip(compare(found[0], found[1]), changes, strict=True):
            listed += [change(one, field, *(verdict.get(field) for verdict in found)) for field in fields]
    return changes


def change(one: Labelled, field: FieldOf, now: Verdict | None, before: Verdict | None) -> dict[str, Any]:
    """Return a field that changed as data."""
    known = now or before
    said = {name: verdict.predicted if verdict else "nothing" for name, verdict in (("now", now), ("before", before))}
    place = {"document": one.name, "input": one.input, "path": list(field[0]), "field": field[1]}
    return {**place, **said, "gold": known.gold if known else "nothing"}


# Output


def show(now: Mapping[Row, Figures], before: Mapping[Row, Figures], console: Console) -> None:
    """Print a table an input: F1 per cent, and by how much it has changed."""
    for kind in dict.fromkeys(row[0] for row in now):
        table = Table("", *COLUMNS.values(), title=f"input: {kind}", title_justify="left")
        for row in sorted((row for row in now if row[0] == kind), key=lambda row: (row[1] == "all", ":" in row[1])):
            cells = [cell(now[row].get(name), before.get(row, {}).get(name)) for name in COLUMNS]
            table.add_row(row[1], *cells, end_section=row[1] == "all")
        console.print(table)


def cell(now: Counts | None, before: Counts | None) -> str:
    """Return an F1 per cent, with its change where it has one."""
    share, was = (counts.f1 if counts else None for counts in (now, before))
    if share is None:
        return "–"
    moved = "" if was is None or abs(share - was) < 0.0005 else f" ({100 * (share - was):+.1f})"  # noqa: PLR2004 (not shown)
    return f"{100 * share:.1f}{moved}"


def show_changes(title: str, sign: str, changes: Iterable[Mapping[str, Any]], console: Console) -> None:
    """Print the fields that changed, one a line with the values before, now and in gold below."""
    listed = list(changes)
    console.print(f"{title}: {len(listed)}")
    for one in listed:
        place = f"{one['document']}, {one['input']}: {'.'.join(one['path'])} {one['field']}"
        console.print(f"{sign} {place}", highlight=False)
        start = Prefix.similarity(one["before"], one["now"])
        for name in ("before", "now", "gold"):
            console.print(f"    {name:7}{escape(excerpt(one[name], start))}", highlight=False)


def excerpt(text: str, start: int) -> str:
    """Return what stands around a place in a text.

    >>> excerpt("Sở Nội vụ; Sở Tư pháp", 11), len(excerpt("Sở Nội vụ; " * 20, 100))
    ('Sở Nội vụ; Sở Tư pháp', 94)
    """
    first = max(0, start - SHOWN // 3)
    before, after = "… " if first else "", " …" if len(text) > first + SHOWN else ""
    return f"{before}{text[first : first + SHOWN]}{after}"


def to_data(rows: Mapping[Row, Figures]) -> list[dict[str, Any]]:
    """Return the figures as JSON data."""
    return [
        {"input": kind, "of": what, "figures": {name: asdict(one) | {"f1": one.f1} for name, one in figures.items()}}
        for (kind, what), figures in rows.items()
    ]


def read_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", help="further folders with text.txt and plan.json")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the folder with gold/ and plans/")
    parser.add_argument("--scans", nargs="+", default=[], choices=["layer", *LEVELS], help="typeset, at these levels")
    parser.add_argument("--inputs", nargs="+", default=[], help="these inputs only: text, ocr, layer or a level")
    parser.add_argument("--only", nargs="+", default=[], help="documents whose names hold one of these")
    parser.add_argument("--against", default="", help="the revision to compare with; none for figures alone")
    parser.add_argument("--cache", type=Path, default=ROOT / "out" / "quality", help="the folder for what is slow")
    parser.add_argument("--fresh", action="store_true", help="make again what is kept there")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--write", choices=["-"], help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Print figures, gains and losses."""
    options = read_options()
    store = Store(options.cache, fresh=options.fresh)
    if options.write:
        write_plans(json.load(sys.stdin), store)
        return
    documents = [
        one
        for one in find_documents(options.shared, options.folders, options.scans)
        if (not options.inputs or one.input in options.inputs)
        and (not options.only or any(part in one.name for part in options.only))
    ]
    now = parse_all(documents, store)
    revision = options.against or default_revision()
    before = {} if revision == "none" else parse_before(documents, store, revision)
    figures, figures_before = tabulate(now), tabulate(before)
    gained, lost = gains_and_losses(now, before) if before else ([], [])
    if options.json:
        data = {"now": to_data(figures), "before": to_data(figures_before), "against": revision}
        print(json.dumps({**data, "gained": gained, "lost": lost}, ensure_ascii=False, indent=2))
        return
    console = Console(width=None if sys.stdout.isatty() else 160)
    show(figures, figures_before, console)
    if before:
        show_changes(f"came right since {revision}", "+", gained, console)
        show_changes(f"went wrong since {revision}", "-", lost, console)


if __name__ == "__main__":
    main()
