"""Learn how sure the fields of a task are, from documents whose plans are known.

    python training/confidence.py make DOCUMENTS --out READ
    python training/confidence.py fit DOCUMENTS READ [--out FILE] [--plot docs/confidence.svg] [--new 'a-*']

DOCUMENTS is a folder with a folder for each document: its `plan.json`, and what it is read from, `.txt` and `.pdf`.
`make` reads and restores each once and keeps it in READ; texts also as OCR would damage them, letter by letter. `fit`
parses what is kept, writes src/planparse/data/confidence.json, and prints what the confidence of each document is worth
when it is fitted to the others: how often fields are right by what is claimed, and errors by how much is reviewed.
A document counts by the root of its tasks. Documents that `--new` names are those that no rule was written on.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from rich.progress import track

from calibration import FEWEST, Floats, fit
from field_cases import NOISES, Case, collect, read_documents
from planparse.config import DEFAULT
from planparse.normalizing.confidence import FIELDS, chance
from planparse.normalizing.evidence import WEIGHERS

if TYPE_CHECKING:
    from collections.abc import Sequence

RIDGE = 0.6
"""What keeps weights small: the log loss of left-out documents is 0.2315, 0.2298, 0.2303, 0.2334, 0.2377, 0.2449 with
0.1, 0.3, 0.6, 1, 2, 4; the calibration error 0.018, 0.014, 0.012, 0.009, 0.012, 0.022."""
EITHER_WAY = frozenset({"always", "prose", "table", "empty"})
"""What may speak for a field as well as against it; all else is there to speak against."""
BELOW = (0.0, 0.8, 0.84, 0.86, 0.88, 0.9, 0.92, 0.94, 0.96)
"""Values of `review_below` that the table of coverage has."""
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.94, 0.97, 0.99)


def weigh_cases(cases: Sequence[Case]) -> Floats:
    """Return how much each case counts: a document by the root of its cases, whatever it was read from."""
    sizes = Counter((case.document, case.input) for case in cases)
    given = defaultdict(set)
    for case in cases:
        given[case.document].add(case.input)
    counts = [sizes[case.document, case.input] ** -0.5 / len(given[case.document]) for case in cases]
    found: Floats = np.array(counts) / np.mean(counts)
    return found


def fit_weights(cases: Sequence[Case]) -> dict[str, float]:
    """Return the weights of one field's evidence; what speaks for a field only by chance has none."""
    names = ["always", *cases[0].evidence]
    rows = np.array([[1.0, *case.evidence.values()] for case in cases])
    right = np.array([case.right for case in cases], np.float64)
    counts = weigh_cases(cases)
    kept = np.arange(len(names))
    while True:
        found = fit(rows[:, kept], right, counts, ridge=RIDGE)
        stays = np.array([value < 0 or names[one] in EITHER_WAY for one, value in zip(kept, found, strict=True)])
        if stays.all():
            return {names[one]: round(float(value), 2) for one, value in zip(kept, found, strict=True)}
        kept = kept[stays]


def fit_all(cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    """Return the weights of all fields; those of a field are fitted where the task is one."""
    return {
        name: fit_weights([case for case in cases if case.name == name and (case.real or name == "task")])
        for name in WEIGHERS
    }


def claims(cases: Sequence[Case], weights: dict[str, dict[str, float]]) -> list[float]:
    """Return the chance that each field is given."""
    chances = [chance(c.evidence, weights[c.name]) for c in cases]
    tasks = {(c.document, c.input, c.task): one for c, one in zip(cases, chances, strict=True) if c.name == "task"}
    return [
        one * (1.0 if c.name == "task" else tasks[c.document, c.input, c.task])
        for c, one in zip(cases, chances, strict=True)
    ]


def leave_one_out(cases: Sequence[Case]) -> tuple[list[Case], Floats]:
    """Return the fields of all documents, and what is claimed of them when fitted to the others."""
    kept, claimed = [], []
    for document in track(sorted({case.document for case in cases}), description="left out"):
        weights = fit_all([case for case in cases if case.document != document])
        own = [case for case in cases if case.document == document]
        for case, claim in zip(own, claims(own, weights), strict=True):
            if case.name in FIELDS:
                kept.append(case)
                claimed.append(claim)
    return kept, np.round(np.array(claimed), 2)


# Figures


def calibration_error(claimed: Floats, right: Floats, counts: Floats) -> float:
    """Return the mean gap between what is claimed and what is right, over BINS."""
    places = np.digitize(claimed, BINS)
    gaps = [(counts[places == one].sum(), *_means(claimed, right, counts, places == one)) for one in set(places)]
    return float(sum(count * abs(claim - share) for count, claim, share in gaps) / counts.sum())


def _means(claimed: Floats, right: Floats, counts: Floats, chosen: np.ndarray) -> tuple[float, float]:
    claim, share = (float(np.average(values[chosen], weights=counts[chosen])) for values in (claimed, right))
    return claim, share


def coverage(claimed: Floats, right: Floats, counts: Floats, below: float) -> tuple[float, float]:
    """Return the share of fields that are reviewed, and of the others the share that is wrong."""
    sure = claimed >= below
    wrong = 1 - np.average(right[sure], weights=counts[sure]) if sure.any() else 0.0
    return float(1 - counts[sure].sum() / counts.sum()), float(wrong)


def slices(fields: Sequence[Case], new: str) -> dict[str, np.ndarray]:
    """Return which fields belong to what the figures are told of."""
    given = [case.input for case in fields]
    noise = np.array([next((noise for noise in NOISES if one.endswith(f"-{noise}")), "") for one in given])
    scans = np.array([one.endswith(".pdf") for one in given])
    usual = noise != "eng"
    found = {
        "usual": usual,
        "usual, new": usual & [fnmatch(case.document, new) for case in fields],
        "texts": (noise == "") & ~scans,
        "PDFs": scans,
    }
    found |= {f"texts damaged as by {one}": noise == one for one in NOISES}
    found |= {kind: usual & [case.kind == kind for case in fields] for kind in ("fields", "table", "prose")}
    found |= {name: usual & [case.name == name for case in fields] for name in FIELDS}
    found["stated"] = usual & [case.stated for case in fields]
    return {name: chosen for name, chosen in found.items() if chosen.any()}


def show(fields: Sequence[Case], claimed: Floats, new: str) -> dict[str, dict[str, float]]:
    """Print and return the figures of fields of documents that the weights were not fitted to."""
    right, counts = np.array([case.right for case in fields], np.float64), weigh_cases(fields)
    parts = {name: (claimed[one], right[one], counts[one]) for name, one in slices(fields, new).items()}
    heads = [name for name in parts if name in {"usual", "usual, new", "PDFs"} or name.startswith("texts")]
    print("| review below |", " | ".join(heads), "|\n| --- |", " --- |" * len(heads))
    for below in BELOW:
        shares = [coverage(*parts[name], below) for name in heads]
        print(f"| {below:.2f} |", " | ".join(f"{reviewed:.0%}, {wrong:.1%}" for reviewed, wrong in shares), "|")
    figures = {name: _figures(*values) for name, values in parts.items()}
    for name, row in figures.items():
        print(f"| {name} |", " | ".join(f"{value:.3g}" for value in row.values()), "|")
    return figures


def _figures(claimed: Floats, right: Floats, counts: Floats) -> dict[str, float]:
    reviewed, wrong = coverage(claimed, right, counts, DEFAULT.review_below)
    shares = {
        "wrong": 1 - float(np.average(right, weights=counts)),
        "calibration_error": calibration_error(claimed, right, counts),
        "reviewed": reviewed,
        "others_wrong": wrong,
    }
    return {"fields": len(right)} | {name: round(share, 3) for name, share in shares.items()}


def plot(fields: Sequence[Case], claimed: Floats, new: str, out: Path) -> None:
    """Draw how often fields are right, by what is claimed."""
    right, counts = np.array([case.right for case in fields], np.float64), weigh_cases(fields)
    plt.rcParams.update({"svg.hashsalt": "planparse", "font.size": 10})
    figure, curve = plt.subplots(figsize=(5.6, 4.4), layout="constrained")
    curve.plot([0, 1], [0, 1], color="grey", linewidth=1)
    for name, chosen in list(slices(fields, new).items())[:4]:
        values = claimed[chosen], right[chosen], counts[chosen]
        places = np.digitize(values[0], BINS)
        points = [_means(*values, places == one) for one in sorted(set(places)) if (places == one).sum() >= FEWEST]
        curve.plot(*zip(*points, strict=True), marker="o", label=name)
    curve.set(xlabel="confidence", ylabel="share that is right", title="Fields of documents left out of the fit")
    curve.legend()
    curve.grid(alpha=0.3)
    figure.savefig(out, metadata={"Date": None} if out.suffix == ".svg" else None)


def main() -> None:
    """Make, or fit."""
    parser = argparse.ArgumentParser(description="Learn how sure the fields of a task are.")
    commands = parser.add_subparsers(dest="command", required=True)
    maker = commands.add_parser("make")
    maker.add_argument("documents", type=Path)
    maker.add_argument("--out", type=Path, required=True)
    fitter = commands.add_parser("fit")
    fitter.add_argument("documents", type=Path)
    fitter.add_argument("read", type=Path)
    default = Path(__file__).parents[1] / "src/planparse/data/confidence.json"
    fitter.add_argument("--out", type=Path, default=default)
    fitter.add_argument("--new", default="", help="a pattern of the names of documents that no rule was written on")
    fitter.add_argument("--plot", type=Path, help="a file that ends in .svg or .png")
    options = parser.parse_args()
    if options.command == "make":
        read_documents(options.documents, options.out)
        return
    cases = collect(options.documents, options.read)
    fields, claimed = leave_one_out(cases)
    figures = show(fields, claimed, options.new)
    table = {"weights": fit_all(cases), "documents": len({case.document for case in cases}), "figures": figures}
    options.out.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if options.plot:
        plot(fields, claimed, options.new, options.plot)


if __name__ == "__main__":
    main()
