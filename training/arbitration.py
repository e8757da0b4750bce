"""Learn which of two engines to believe where they differ, from pages whose text is known.

    python training/arbitration.py make CORPUS --out PAGES [--pages 400] [--held-out]
    python training/arbitration.py fit PAGES [--out FILE]
    python training/arbitration.py test PAGES

`make` typesets paragraphs of a corpus as training/noise_factory.py does, and reads each page with Tesseract and trueocr
as planparse does; a page that is there is not made again. `fit` writes src/planparse/data/arbitration.json. `test`
prints how many disputes the restored text of other pages gets right.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import numpy as np
from rich.progress import track

from calibration import fit, judge, show
from noise_factory import find_fonts, read_paragraphs
from planparse.document import apply_edits
from planparse.reading.agreement import shared_spaces
from planparse.restoring import arbitration
from planparse.restoring import lines as stage
from planparse.restoring.damage import State
from planparse.restoring.disputes import Second, seconds_of
from planparse.restoring.items import Lines
from planparse.text import strip_marks
from two_readings import make_page, read_pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planparse.document import Edit, Word

CLIP = 10.0
"""Nats past which the context says no more: of 4,778 words of real pages 75 are wrong with 10, 74 with 6, 79 with 99.
"""

FEWEST = 8
"""Disputes in which a pair of letters has to be met to have a weight."""

TOLD = 2.0
"""What is added to a probability to tell it from others."""

NO_EVIDENCE, AS_EVER = arbitration.Doubt(-30.0, 0.0, 0.0), arbitration.Doubt(0.0, 0.0, 0.0)
"""Log odds that leave a reading out, and that change nothing."""


Sure = tuple[float, float]
"""The confidences of the leading engine and of the second one."""


class Dispute(NamedTuple):
    """What two engines read, what speaks for the second, how sure both are, and who is right."""

    features: dict[str, float]
    context: float
    sure: Sure
    first: bool
    second: bool


class Agreement(NamedTuple):
    """What two engines read alike: how sure both are, and whether it is right."""

    sure: Sure
    right: bool


def meant_at(text: str, meant: str, start: int, end: int) -> str | None:
    """Return what was meant by the words from `start` to `end`; None where the text around them is too far from it."""
    cuts = {0: 0, len(text): len(meant), **dict(shared_spaces(strip_marks(text), strip_marks(meant)))}
    before = start - 1 if start else 0
    if before not in cuts or end not in cuts:
        return None
    return meant[cuts[before] : cuts[end]].strip()


def texts_and_seconds(lines: Sequence[list[Word]]) -> tuple[list[str], list[list[Second]]]:
    """Return the text of each line, and what the second engine read of it."""
    texts = [" ".join(word.text for word in words) for words in lines]
    return texts, [list(seconds_of(words)) for words in lines]


def contexts(lines: Sequence[list[Word]]) -> dict[tuple[int, int], float]:
    """Return what the language model says for the second engine, in nats, by line and character of each dispute."""
    found: dict[tuple[int, int], float] = {}

    def remember(path: Any, _: object) -> None:  # noqa: ANN401 (a path)
        for owner, item in enumerate(path.items):
            if item.reading.texts is not None:
                chances = path.others[owner]
                own = [i for i in range(len(chances)) if item.reading.starts[i] == 0]
                kept = sum(chances[i] for i in own if item.reading.edges.kept[i])
                theirs = sum(chances[i] for i in own if item.reading.texts[i] is not None)
                odds = float(np.log((theirs + 1e-9) / (kept + 1e-9)))
                found[item.line, item.start] = min(max(odds, -CLIP), CLIP)

    texts, seconds = texts_and_seconds(lines)
    weights = arbitration.Weights({}, NO_EVIDENCE, AS_EVER, (0.0, 1.0))
    with patch.object(stage, "add_edits", remember), patch.object(arbitration, "load_weights", lambda: weights):
        stage.restore_lines(Lines(texts, [State.RIGHT] * len(texts), (), seconds), scanned=True)
    return found


def collect(folder: Path) -> tuple[list[Dispute], list[Agreement]]:
    """Return the disputes and the agreements of all pages."""
    disputes, agreements = [], []
    for page in track(list(read_pages(folder)), description="pages"):
        said = contexts([words for words, _ in page])
        for index, (words, meant) in enumerate(page):
            text = " ".join(word.text for word in words)
            for second in seconds_of(words):
                printed = text[second.start : second.end]
                right = meant_at(text, meant, second.start, second.end)
                if right is None:
                    continue
                if second.text == printed:
                    agreements.append(Agreement((second.own, second.confidence), printed == right))
                elif (index, second.start) in said:
                    disputes.append(_dispute(printed, second, said[index, second.start], right))
    return disputes, agreements


def _dispute(printed: str, second: Second, context: float, right: str) -> Dispute:
    found = arbitration.features(printed, second.text, second.own, second.confidence)
    return Dispute(found, context, (second.own, second.confidence), printed == right, second.text == right)


def doubt(cases: Sequence[tuple[Sure, bool]], *, against: float = 0.0) -> arbitration.Doubt:
    """Return the doubt fitted to cases, each how sure both engines are and whether both are wrong, less `against`."""
    rows = np.array([(1.0, *map(arbitration.logit, sure)) for sure, _ in cases])
    even, first, second = fit(rows, np.array([wrong for _, wrong in cases], np.float64)).tolist()
    return arbitration.Doubt(round(even - against, 3), round(first, 3), round(second, 3))


def fit_all(folder: Path, out: Path) -> None:
    """Fit the weights to the disputes that one engine won, print, write."""
    disputes, agreements = collect(folder)
    wrong = sum(not one.right for one in agreements)
    won = [dispute for dispute in disputes if dispute.first != dispute.second]
    met = Counter(name for dispute in won for name in dispute.features)
    names = [name for name, times in sorted(met.items()) if times >= FEWEST]
    rows = np.array([[*(dispute.features.get(name, 0.0) for name in names), dispute.context] for dispute in won])
    right = np.array([dispute.second for dispute in won], np.float64)
    *weights, context = fit(rows, right)
    found = arbitration.Weights(
        {name: round(weight / context, 3) for name, weight in zip(names, weights, strict=True)},
        doubt([(dispute.sure, not dispute.first) for dispute in disputes if not dispute.second]),
        doubt(
            [(agreement.sure, not agreement.right) for agreement in agreements],
            against=arbitration.log_odds(wrong / len(agreements)),
        ),
        (0.0, 1.0),
    )
    found = found._replace(honest=fit_honesty(folder, found))
    out.write_text(json.dumps(found._asdict(), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    chosen = rows @ [*weights, context] > 0
    neither = sum(not dispute.first and not dispute.second for dispute in disputes)
    print(f"{len(agreements)} words agreed on, {wrong} of them wrong")
    print(f"{len(disputes)} disputes, neither right {neither}, weight of the context {context:.2f}")
    print(f"one is right: the leading engine {1 - right.mean():.3f}, chosen {np.mean(chosen == right):.3f}")


def restored(folder: Path) -> Iterator[tuple[str, str, list[Edit]]]:
    """Yield each line of the pages as read, as meant, and the edits that restore it."""
    for page in track(list(read_pages(folder)), description="pages"):
        texts, seconds = texts_and_seconds([words for words, _ in page])
        edits = stage.restore_lines(Lines(texts, [State.RIGHT] * len(texts), (), seconds), scanned=True)
        for text, of_line, (_, meant) in zip(texts, edits, page, strict=True):
            yield text, meant, of_line


def fit_honesty(folder: Path, weights: arbitration.Weights) -> tuple[float, float]:
    """Return intercept and slope of the log odds that the choice of a reading is right, under `weights`."""
    rows, right = [], []
    with (
        patch.object(arbitration, "load_weights", lambda: weights),
        patch.object(arbitration, "probability", lambda chance: TOLD + chance),
    ):
        for text, meant, edits in restored(folder):
            for edit, correct in judge(text, meant, edits):
                if edit.probability > TOLD:
                    rows.append((1.0, arbitration.log_odds(edit.probability - TOLD)))
                    right.append(correct)
    intercept, slope = fit(np.array(rows), np.array(right, np.float64)).tolist()
    return round(intercept, 3), round(slope, 3)


def test(folder: Path) -> None:
    """Print how many words of other pages are wrong, as read and as restored, and how honest the edits are."""
    totals, claimed, right = Counter[str](), [], []
    for text, meant, edits in restored(folder):
        totals["words"] += len(meant.split())
        totals["wrong as read"] += (Counter(meant.split()) - Counter(text.split())).total()
        totals["wrong restored"] += (Counter(meant.split()) - Counter(apply_edits(text, edits).split())).total()
        for edit, correct in judge(text, meant, edits):
            claimed.append(edit.probability)
            right.append(correct)
    print(dict(totals))
    show(np.array(claimed), np.array(right, np.float64))


def main() -> None:
    """Make pages, fit, or test."""
    parser = argparse.ArgumentParser(description="Learn which of two engines to believe where they differ.")
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("make")
    make.add_argument("sources", type=Path, nargs="+", help="folder with admin.txt.xz, or texts")
    make.add_argument("--out", type=Path, required=True)
    make.add_argument("--pages", type=int, default=400)
    make.add_argument("--held-out", action="store_true", help="set what training never sees")
    make.add_argument("--jobs", type=int, default=2)
    for name in ("fit", "test"):
        command = commands.add_parser(name)
        command.add_argument("pages", type=Path)
        if name == "fit":
            default = Path(__file__).parents[1] / "src/planparse/data/arbitration.json"
            command.add_argument("--out", type=Path, default=default)
    options = parser.parse_args()
    if options.command == "make":
        work = partial(
            make_page,
            paragraphs=read_paragraphs(options.sources, held_out=options.held_out),
            fonts=find_fonts(),
            out=options.out,
        )
        with ProcessPoolExecutor(options.jobs) as pool:
            list(track(pool.map(work, range(options.pages), chunksize=4), total=options.pages, description="pages"))
    elif options.command == "fit":
        fit_all(options.pages, options.out)
    else:
        test(options.pages)


if __name__ == "__main__":
    main()
