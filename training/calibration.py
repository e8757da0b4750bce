"""Fit how sure an edit is to pages whose text is known, made of text that no training saw.

    python training/calibration.py PAGES [--out FILE]
    python training/calibration.py OTHERS --plot docs/reliability.svg

PAGES is a folder of training/noise_factory.py --held-out. Written is src/planparse/data/calibration.toml; printed is
how often edits are right, by what they claim. With --plot nothing is fitted: what the edits of OTHERS claim, pages of
other text, is drawn beside how often they are right.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import regex
from rapidfuzz.distance import Levenshtein

from noise_factory import ENGINES, Lines, read_pages
from planparse.document import Edit, apply_edits
from planparse.restoring import calibration, find_edits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Floats = npt.NDArray[np.float64]

ROUNDS, SMALLEST_STEP, RIDGE = 60, 1e-9, 1.0
"""Newton's steps, the one after which none follows, and what keeps weights small."""

FEWEST = 20
"""Edits from which a point is drawn."""

BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)

_SYLLABLE = regex.compile(r"[\p{L}\p{N}]+")


def judge(printed: str, meant: str, edits: Sequence[Edit]) -> Iterator[tuple[Edit, bool]]:
    """Yield the edits of a line with syllables in them, and whether what they put there is what was meant."""
    restored = apply_edits(printed, edits)
    syllables = list(_SYLLABLE.finditer(restored))
    blocks = Levenshtein.opcodes([match.group() for match in syllables], _SYLLABLE.findall(meant))
    right = {place for block in blocks if block.tag == "equal" for place in range(block.src_start, block.src_end)}
    for edit in edits:
        start, end = edit.restored_span
        places = [place for place, match in enumerate(syllables) if match.start() < end and match.end() > start]
        if places:
            yield edit, right.issuperset(places)


def collect(pages: Sequence[Lines]) -> dict[str, tuple[Floats, Floats]]:
    """Return for each kind of text the features of all edits, a row an edit, and whether each is right (1 or 0)."""
    met: list[tuple[str, tuple[float, ...]]] = []

    def remember(kind: str, values: tuple[float, ...]) -> float:
        met.append((kind, values))
        return float(len(met) + 1)  # from 2 on: no edit is held back, and its probability tells which it is

    told: set[float] = set()
    found: dict[str, tuple[list[tuple[float, ...]], list[bool]]] = {"damaged": ([], []), "right": ([], [])}
    with patch.object(calibration, "probability", remember):
        for lines in pages:
            restored = find_edits([read for read, _ in lines])
            for (read, meant), edits in zip(lines, restored, strict=True):
                for edit, right in judge(read, meant, edits):
                    if edit.probability > 1 and edit.probability not in told:
                        told.add(edit.probability)
                        kind, values = met[int(edit.probability) - 2]
                        found[kind][0].append(values)
                        found[kind][1].append(right)
    return {kind: (np.array(rows), np.array(right, np.float64)) for kind, (rows, right) in found.items()}


def fit(rows: Floats, right: Floats, counts: Floats | float = 1.0, *, ridge: float = RIDGE) -> Floats:
    """Return the weights of the logistic regression of `right` on `rows`, each row as often as it counts: Newton."""
    weights = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        chances = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (counts * (right - chances)) - ridge * weights
        curve = (rows * (counts * chances * (1 - chances))[:, None]).T @ rows + ridge * np.eye(rows.shape[1])
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < SMALLEST_STEP:
            break
    return weights


def show(claimed: Floats, right: Floats) -> None:
    """Print how often edits are right, by what they claim."""
    error = 0.0
    for low, high in zip(BINS, (*BINS[1:], 1.01), strict=True):
        inside = (claimed >= low) & (claimed < high)
        if inside.any():
            gap = claimed[inside].mean() - right[inside].mean()
            error += inside.mean() * abs(gap)
            shares = f"claimed {claimed[inside].mean():.3f}, right {right[inside].mean():.3f}"
            print(f"  from {low:.2f}: {inside.sum():6} edits, {shares}")
    sure = claimed >= 0.95  # noqa: PLR2004 (what users are told to rely on)
    print(f"  expected calibration error {error:.4f}; from 0.95, {right[sure].mean():.4f} of {sure.sum()} are right")


def plot(pages: Path, out: Path) -> None:
    """Draw how often edits are right, by what they claim, engine by engine."""
    figure, (curve, counts) = plt.subplots(2, sharex=True, figsize=(6, 6), height_ratios=(3, 1), layout="constrained")
    curve.plot((0, 1), (0, 1), color="grey", linestyle=":", label="as claimed")
    for engine, marker in zip(ENGINES, "osv^DX", strict=True):
        claimed, right = judged(list(read_pages(pages, engine)))
        if len(claimed):
            print(f"{engine}: {len(claimed)} edits")
            show(claimed, right)
            places = np.digitize(claimed, BINS) - 1
            used = [place for place in range(len(BINS)) if (places == place).sum() >= FEWEST]
            means = [[values[places == place].mean() for place in used] for values in (claimed, right)]
            curve.plot(*means, marker=marker, label=engine)
            counts.plot(means[0], [(places == place).sum() for place in used], marker=marker, linestyle="")
    curve.set(ylabel="share that is right", title="Edits of pages that the calibration never saw")
    curve.legend()
    curve.grid(alpha=0.3)
    counts.set(xlabel="probability that is claimed", ylabel="edits", yscale="log")
    counts.grid(alpha=0.3)
    figure.savefig(out, metadata={"Date": None} if out.suffix == ".svg" else None)


def judged(pages: Sequence[Lines]) -> tuple[Floats, Floats]:
    """Return what the edits of `pages` claim, and whether each is right (1 or 0)."""
    claimed, right = [], []
    for lines in pages:
        for (read, meant), edits in zip(lines, find_edits([read for read, _ in lines]), strict=True):
            for edit, correct in judge(read, meant, edits):
                claimed.append(edit.probability)
                right.append(correct)
    return np.array(claimed), np.array(right, np.float64)


def fit_all(pages: Path, out: Path) -> None:
    """Fit both kinds of text, print, write."""
    tables = []
    for kind, (rows, right) in collect([lines for engine in ENGINES for lines in read_pages(pages, engine)]).items():
        weights = fit(rows, right)
        print(f"{kind}: {len(right)} edits")
        show(1 / (1 + np.exp(-rows @ weights)), right)
        values = "".join(f"{name} = {weight:.4f}\n" for name, weight in zip(calibration.NAMES, weights, strict=True))
        tables.append(f"[{kind}]\n{values}")
    head = "# How sure an edit is: weights of restoring/calibration.py, written by training/calibration.py.\n\n"
    out.write_text(head + "\n".join(tables), encoding="utf-8")


def main() -> None:
    """Fit, or draw."""
    parser = argparse.ArgumentParser(description="Calibrate the probabilities of planparse.restoring.")
    parser.add_argument("pages", type=Path, help="folder that training/noise_factory.py wrote")
    out = Path(__file__).parents[1] / "src/planparse/data/calibration.toml"
    parser.add_argument("--out", type=Path, default=out)
    parser.add_argument("--plot", type=Path, help="draw instead: a file that ends in .svg or .png")
    options = parser.parse_args()
    if options.plot:
        plot(options.pages, options.plot)
    else:
        fit_all(options.pages, options.out)


if __name__ == "__main__":
    main()
