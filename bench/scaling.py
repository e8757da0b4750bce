"""How the time of each stage grows with the length of a text, for texts of one kind each, ordinary and hostile.

    python bench/scaling.py [KIND...] [--pages 10 20 40 80]

Printed for each kind: the seconds of the longest text, and for each stage the exponent to which its time grows (1 is in
proportion to the length, 2 by its square), a least-squares line through the logarithms. A stage that stays under a
twentieth of a second has none: it is a dash. A length that took longer than PATIENCE is the last of its kind.
"""

from __future__ import annotations

import argparse
import itertools
import math
import random
from functools import partial
from statistics import linear_regression
from time import process_time
from typing import TYPE_CHECKING

from planparse.config import DEFAULT
from planparse.data import load_table
from planparse.reading import read_text
from stages import STAGES as PIPELINE
from stages import time_stages

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = 2500
"""Characters of a page of text."""
NOTICEABLE, LEAST = 0.05, 0.005
"""Seconds of the longest text, and of any, below which a time tells nothing of how it grows."""
PATIENCE = 20.0
STAGES = (*PIPELINE, "to_json")
WORDS = (
    "rà soát xây dựng ban hành văn bản kế hoạch báo cáo kết quả công tác cải cách hành chính nâng cao chất lượng "
    "dịch vụ trực tuyến đẩy mạnh chuyển đổi số tăng cường kiểm tra giám sát người dân doanh nghiệp trên địa bàn"
)

Kind = tuple[str, "Callable[[int, random.Random], str]"]
"""What stands between the pieces of a text, and what makes the piece of a number."""


def seeded(seed: int) -> random.Random:
    """Return what draws the same each time."""
    return random.Random(seed)  # noqa: S311 (no secret)


def phrase(rng: random.Random, count: int = 8) -> str:
    """Return so many words of no meaning."""
    return " ".join(rng.choices(WORDS.split(), k=count))


def body(rng: random.Random) -> str:
    """Return the name of a body, one of thousands."""
    return f"{rng.choice(('Sở', 'Phòng', 'Ban', 'Chi cục'))} {phrase(rng, 3).capitalize()}"


def moment(number: int, rng: random.Random) -> str:
    """Return a day, a month or a quarter."""
    day, month = rng.randint(1, 28), rng.randint(1, 12)
    return (f"trước ngày {day}/{month}/2025", f"tháng {month}/2025", f"Quý {'I' * (1 + number % 3)}/2025")[number % 3]


def task(number: int, rng: random.Random, time: str = "Quý II/2025") -> str:
    """Return a task with its labelled fields."""
    fields = f"- Đơn vị chủ trì: {body(rng)}.\n- Đơn vị phối hợp: {body(rng)}; {body(rng)}.\n- Thời gian: {time}."
    return f"{number}. {phrase(rng).capitalize()}\n{fields}"


def row(number: int, rng: random.Random, kept: int = 5) -> str:
    """Return a row of a table, all of its five cells or the first ones."""
    cells = [str(number), phrase(rng).capitalize(), body(rng), body(rng), "Quý II/2025"]
    return f"| {' | '.join(cells[:kept])} |"


TABLE = "PHỤ LỤC\n| TT | Nhiệm vụ | Đơn vị chủ trì | Đơn vị phối hợp | Thời gian |\n"
UNITS = "I. NHIỆM VỤ\n1. Rà soát văn bản\n- Đơn vị phối hợp: "
TIMES = "I. NHIỆM VỤ\n1. Rà soát văn bản\n- Đơn vị chủ trì: Sở Nội vụ.\n- Thời gian: "
HEADS = {
    "units in one value": UNITS,
    "times in one value": TIMES,
    "deliverables": "I. NHIỆM VỤ\n1. Rà soát văn bản\n- Đơn vị chủ trì: Sở Nội vụ.\n- Sản phẩm: ",
    "rows": TABLE,
    **dict.fromkeys(("rows of one number", "rows without time", "rows that go on", "rows alike"), TABLE),
    **dict.fromkeys(("units by commas", "acronyms", "commas in one value", "brackets in one value"), UNITS),
    "times by commas": TIMES,
    "times by và": TIMES,
    "tasks of one number": "I. NHIỆM VỤ\n",
    "tasks with times": "I. NHIỆM VỤ\n",
    "labels": "I. NHIỆM VỤ\n1. Rà soát\n",
    "prose in one line": "I. TỔ CHỨC THỰC HIỆN\n",
    "clauses": "I. TỔ CHỨC THỰC HIỆN\n",
    "one huge cell": "PHỤ LỤC\n| TT | Nhiệm vụ | Đơn vị chủ trì |\n| 1 | Rà soát | ",
    "tasks": "I. NHIỆM VỤ\n",
    "tasks alike": "I. NHIỆM VỤ\n",
    "prose that assigns": "I. TỔ CHỨC THỰC HIỆN\n",
    "one preamble": "Căn cứ ",
    "recipients": "I. NHIỆM VỤ\n1. Rà soát\nNơi nhận:\n",
}
"""What stands before the first piece."""

KINDS: dict[str, Kind] = {
    "words": (" ", lambda _, rng: phrase(rng)),
    "bare words": (" ", lambda _, rng: "ra soat van ban quy pham phap luat " + rng.choice(("cai cach", "hanh chinh"))),
    "lines": ("\n", lambda _, rng: phrase(rng, 14)),
    "ruined lines": ("\n", lambda n, rng: f"Thuc hién Quyét dinh sé {n}/Qb-UBND {rng.choice(('caa', 'vé&'))} Chu tich"),
    "syllables": ("", lambda _, rng: rng.choice(WORDS.split())),
    "digits": ("", lambda n, _: str(n)),
    "numbers": (" ", lambda n, _: f"{n}/2025."),
    "signs": ("", lambda _, rng: rng.choice(".,;:-–()[]/|*+\"'!?")),
    "one sign": ("", lambda *_: "-"),
    "spaces": ("", lambda n, _: " " if n % 1000 else "\na"),
    "blank lines": ("", lambda *_: "\n"),
    "I1l|": ("", lambda _, rng: rng.choice("I1l| ")),
    "brackets": ("", lambda n, _: "(a " if n % 3 else "b) "),
    "open brackets": ("", lambda *_: "("),
    "units in one value": ("; ", lambda _, rng: body(rng)),
    "units by commas": (", ", lambda _, rng: body(rng)),
    "acronyms": ("; ", lambda _, rng: f"UBND xã {phrase(rng, 3).title()}"),
    "commas in one value": (", ", lambda _, rng: phrase(rng, 2)),
    "brackets in one value": (" ", lambda _, rng: f"(Sở {phrase(rng, 2)})"),
    "times by và": (" và ", moment),
    "times in one value": ("; ", moment),
    "times by commas": (", ", moment),
    "deliverables": ("; ", lambda _, rng: phrase(rng).capitalize()),
    "one huge cell": ("; ", lambda _, rng: body(rng)),
    "rows": ("\n", row),
    "rows alike": ("\n", lambda n, _: row(n, seeded(n % 7))),
    "rows of one number": ("\n", lambda _, rng: row(1, rng)),
    "rows that go on": ("\n", lambda n, rng: f"| | {phrase(rng)} | | | |" if n > 1 else row(n, rng)),
    "rows without time": ("\n", lambda n, rng: row(n, rng, 3)),
    "tasks": ("\n", task),
    "tasks alike": ("\n", lambda n, _: task(n, seeded(1))),
    "tasks of one number": ("\n", lambda _, rng: task(1, rng)),
    "tasks with times": ("\n", lambda n, rng: task(n, rng, "; ".join(moment(n + i, rng) for i in range(4)))),
    "headings": ("\n", lambda n, rng: f"{n}. {phrase(rng).capitalize()}"),
    "headings 1.1.1": ("\n", lambda n, rng: f"{'.'.join(str(n % b + 1) for b in (3, 5, 7))}. {phrase(rng)}"),
    "deep nesting": ("\n", lambda n, rng: f"{'1.' * (n % 400 + 1)} {phrase(rng, 3)}"),
    "a)": ("\n", lambda *_: "a)"),
    "markers in one line": (" ", lambda n, rng: f"{n}. {phrase(rng, 3).capitalize()};"),
    "letters in one line": ("; ", lambda n, rng: f"({n % 20 + 1}) {body(rng)} {phrase(rng, 5)}"),
    "bullets": ("\n", lambda _, rng: f"- {phrase(rng).capitalize()};"),
    "bullets +": ("\n", lambda n, rng: f"{'-+'[n % 5 > 0]} {phrase(rng).capitalize()}."),
    "labels": ("\n", lambda _, rng: f"- Đơn vị chủ trì: {body(rng)}."),
    "colons": (": ", lambda _, rng: body(rng)),
    "gaps between columns": ("     ", lambda _, rng: phrase(rng, 2)),
    "labels in one line": (" ", lambda _, rng: f"Đơn vị chủ trì: {body(rng)}; thời gian: Quý I."),
    "references": ("; ", lambda n, _: f"Quyết định số {n}/QĐ-UBND ngày 15/12/2023 của Chủ tịch UBND tỉnh"),
    "one reference": ("\n", lambda n, rng: f"{phrase(rng)} Quyết định số 5/QĐ-UBND ngày {n % 28 + 1}/12/2023."),
    "list of references": ("; ", lambda n, _: f"số {n}/QĐ-UBND ngày 15/12/2023"),
    "laws": (", ", lambda _, rng: f"Luật {phrase(rng, 4).capitalize()}"),
    "prose that assigns": ("\n", lambda _, rng: f"- {body(rng)} chủ trì, phối hợp với {body(rng)} {phrase(rng)}."),
    "prose in one line": (" ", lambda _, rng: f"Giao {body(rng)} chủ trì, phối hợp với {body(rng)} {phrase(rng)}."),
    "clauses": ("; ", lambda _, rng: f"giao {body(rng)} {phrase(rng, 4)} trước ngày 30/6/2025"),
    "recipients": ("\n", lambda _, rng: f"- {body(rng)};"),
    "appendices": ("\n", lambda n, rng: f"PHỤ LỤC {n}\n{phrase(rng).upper()}\n1. {phrase(rng)}"),
    "documents": ("\n", lambda n, rng: f"ỦY BAN NHÂN DÂN\nSố: {n}/KH-UBND\nKẾ HOẠCH\n{phrase(rng)}\nNơi nhận:\n- Lưu."),
    "capitals": ("\n", lambda _, rng: phrase(rng).upper()),
    "pages": ("\f", lambda n, rng: f"{n}\n{phrase(rng)}\nTrang {n}"),
}
"""Kinds of text by name."""


def make(name: str, size: int) -> str:
    """Return a text of the kind, of at least so many characters."""
    between, piece = KINDS[name]
    rng = seeded(size)
    head = HEADS.get(name, "")
    parts: list[str] = []
    length = len(head)
    for number in itertools.count(1):
        if length >= size:
            return head + between.join(parts)
        parts.append(piece(number, rng))
        length += len(parts[-1]) + len(between)
    raise AssertionError


def measure(text: str) -> list[float]:
    """Return the seconds of each stage."""
    plan, seconds = time_stages(partial(read_text, text), DEFAULT, process_time)
    started = process_time()
    plan.to_json()
    return [*seconds, process_time() - started]


def exponent(sizes: list[int], seconds: list[float]) -> str:
    """Return the power of the size by which the seconds grow; a dash where they are too few to tell."""
    known = [(math.log(size), math.log(time)) for size, time in zip(sizes, seconds, strict=True) if time > LEAST]
    told = len(known) > 1 and seconds[-1] >= NOTICEABLE
    return f"{linear_regression(*zip(*known, strict=True)).slope:.2f}" if told else "-"


def tell(name: str, pages: list[int]) -> None:
    """Measure texts of one kind and print a line."""
    rows: list[list[float]] = []
    for count in pages:
        rows.append(measure(make(name, count * PAGE)))
        if sum(rows[-1]) > PATIENCE:
            break
    sizes = pages[: len(rows)]
    grows = [exponent(sizes, [row[stage] for row in rows]) for stage in range(len(STAGES))]
    cells = "".join(f"{power:>6}{seconds:7.2f} s" for power, seconds in zip(grows, rows[-1], strict=True))
    print(f"{name:22}{sizes[-1]:4}{cells}", flush=True)


def main() -> None:
    """Print a line for each kind; a first text loads libraries and tables."""
    parser = argparse.ArgumentParser(description="How the time of each stage grows with the length of a text.")
    parser.add_argument("kinds", nargs="*", choices=[[], *KINDS], metavar="KIND")
    parser.add_argument("--pages", type=int, nargs="+", default=[10, 20, 40, 80])
    options = parser.parse_args()
    load_table("units")
    measure(make("tasks", PAGE))
    print(f"{'kind':22}{'pp.':>4}{''.join(f'{stage:>15}' for stage in STAGES)}")
    for name in options.kinds or KINDS:
        tell(name, options.pages)


if __name__ == "__main__":
    main()
