"""What a province and the nation take, from what was measured for a page and a document: the tables of docs/scaling.md.

    python bench/estimate.py

A figure that is measured anew is changed here, and the tables are put into the page, which a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass

DAY, YEAR = 86_400, 365 * 86_400
KB, GB, TB = 1e3, 1e9, 1e12
STAGES = ("read", "restore", "segment", "normalize")


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure, and what measured it or why it is assumed."""

    value: float
    source: str


SECONDS = {
    "scan, both engines": (1.614, 0.054, 0.017, 0.008),
    "scan, Tesseract alone": (1.296, 0.022, 0.019, 0.012),
    "text layer": (0.030, 0.031, 0.013, 0.007),
}
"""Seconds of a processor for a page by stage: bench/speed.py, 13 pages of scans and 7 with a text layer."""

PAGES_A_DOCUMENT = Measured(10, "assumed; the samples have 2 to 11")
INPUT = Measured(200 * KB, "assumed: a page at 200 dpi; the scans here have 27 to 359 KB a page")
OUTPUT = Measured(7.4 * KB, "bench/speed.py: JSON of a page")
CACHED = Measured(7.2 * KB, "the files of `.planparse/pages` after a batch")
LINE = Measured(350, "the lines of `manifest.jsonl` after a batch")
RECORD = Measured(810, "`run.sqlite` of 100,000 documents")
DRIVER = Measured(1.2e-3, "bench/batch.py, 10,000 documents")
WAITING = Measured(0.6e-6, "bench/batch.py, 4,096 calls in flight: for each of them, at each answer")
CLIENT = Measured(3.1e-3, "bench/cluster.py: the driver's part of Dask, a relay's with it")
SCHEDULER = Measured(4.2e-3, "bench/cluster.py")
MESSAGES = Measured(4.1 * KB, "bench/cluster.py")
HASHING = Measured(1.5 * GB, "bytes a second of SHA-256; without the processor's own instructions a third")
READINGS = Measured(3, "assumed: hashed by the driver, read by a worker, and once more where a long document is cut")
CORE_HOUR = Measured(0.03, "assumed, US dollars: rented cores cost 0.01 to 0.05")
STORED = Measured(0.02, "assumed, US dollars a gigabyte and month")
PUT, GET = Measured(5e-6, "assumed, US dollars a request"), Measured(0.4e-6, "the same")
GETS_A_DOCUMENT = Measured(3, "assumed: its bytes, and its mark before and after")
MACHINE_CORES, MACHINE_FAILS = 32, 1 / (3 * YEAR)
"""Assumed: cores of a machine, and that it fails once in three years."""

SCALES = {"a province": (1e6, 64), "the nation": (1e9, 2048)}
"""Pages, and cores that are a sensible number for them."""
THREADS = 1024
"""Threads of workers that one driver serves in the tables."""


def number(value: float) -> str:
    """Return a number with two digits that count."""
    return f"{float(f'{value:.2g}'):,.12g}"


def size(value: float) -> str:
    """Return bytes in the unit that suits."""
    unit, name = next((pair for pair in ((TB, "TB"), (GB, "GB"), (1e6, "MB")) if value >= pair[0]), (KB, "KB"))
    return f"{number(value / unit)} {name}"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table, what follows the first column to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page_cost() -> str:
    """Return what a page takes by stage."""
    rows = [[name, *(f"{value:.3f}" for value in seconds), f"{sum(seconds):.2f}"] for name, seconds in SECONDS.items()]
    return table(["seconds of a processor for a page", *STAGES, "all"], rows)


def work() -> str:
    """Return cores and days of each scale."""
    rows = []
    for name, seconds in SECONDS.items():
        for scale, (pages, cores) in SCALES.items():
            total = pages * sum(seconds)
            hours = total / 3600
            days = total / DAY / cores
            rows.append(
                [f"{scale}: {name}", number(total / DAY), f"{cores:,}", number(days), number(hours * CORE_HOUR.value)]
            )
    return table(["", "days of one core", "cores", "days with them", "US dollars"], rows)


def requests() -> str:
    """Return what an object store is asked for."""
    rows = []
    for scale, (pages, _cores) in SCALES.items():
        documents = pages / PAGES_A_DOCUMENT.value
        gets, lists = documents * GETS_A_DOCUMENT.value, documents / 1000
        dollars = (documents + lists) * PUT.value + gets * GET.value
        rows.append([scale, number(documents), number(gets), number(lists), number(dollars)])
    return table(["", "documents, and plans put", "gets and heads", "lists", "US dollars"], rows)


def storage() -> str:
    """Return what is kept and moved at each scale."""
    rows = []
    for name, page, document in (
        ("inputs", INPUT.value, 0.0),
        ("plans", OUTPUT.value, 0.0),
        ("pages kept (`.planparse/pages`)", CACHED.value, 0.0),
        ("`manifest.jsonl`", 0.0, LINE.value),
        ("`run.sqlite`, during a run", 0.0, RECORD.value),
        ("moved: inputs read", INPUT.value * READINGS.value, 0.0),
        ("moved: over the scheduler", 0.0, MESSAGES.value),
    ):
        each = page * PAGES_A_DOCUMENT.value + document
        totals = (each * pages / PAGES_A_DOCUMENT.value for pages, _cores in SCALES.values())
        rows.append([name, size(each), *map(size, totals)])
    return table(["bytes", "a document", *SCALES], rows)


def driver_seconds(threads: int) -> float:
    """Return what one driver takes for a document: its own work, the hash, Dask, a look at all calls in flight."""
    return DRIVER.value + INPUT.value * PAGES_A_DOCUMENT.value / HASHING.value + CLIENT.value + WAITING.value * threads


def drivers() -> str:
    """Return how busy one driver and its scheduler are, by the threads that they serve."""
    rows = []
    for threads in (64, 256, THREADS, 4096):
        rate = threads / (sum(SECONDS["scan, both engines"]) * PAGES_A_DOCUMENT.value)
        rows.append(
            [
                f"{threads:,}",
                number(rate),
                f"{rate * driver_seconds(threads):.0%}",
                f"{rate * SCHEDULER.value:.0%}",
                size(rate * INPUT.value * PAGES_A_DOCUMENT.value),
                size(rate * MESSAGES.value),
            ]
        )
    head = [
        "threads of workers",
        "documents a second",
        "driver busy",
        "scheduler busy",
        "hashed a second",
        "messages a second",
    ]
    return table(head, rows)


def failures() -> str:
    """Return what fails at each scale where a thousandth of the documents does."""
    rows = []
    for scale, (pages, cores) in SCALES.items():
        days = pages * sum(SECONDS["scan, both engines"]) / DAY / cores
        machines = cores / MACHINE_CORES
        rows.append(
            [scale, number(pages / PAGES_A_DOCUMENT.value / 1000), number(machines * days * DAY * MACHINE_FAILS)]
        )
    return table(["", "documents, if one in a thousand fails", "machines lost in a run"], rows)


def assumptions() -> str:
    """Return each figure with its source."""
    figures = {
        "pages of a document": (number(PAGES_A_DOCUMENT.value), PAGES_A_DOCUMENT),
        "input, a page": (size(INPUT.value), INPUT),
        "plan, a page": (size(OUTPUT.value), OUTPUT),
        "kept of OCR, a page": (size(CACHED.value), CACHED),
        "manifest, a document": (f"{LINE.value:.0f} bytes", LINE),
        "SQLite, a document": (f"{RECORD.value:.0f} bytes", RECORD),
        "driver, a document": (f"{DRIVER.value * 1000:.2f} ms", DRIVER),
        "driver, a call in flight": (f"{WAITING.value * 1e6:.1f} µs", WAITING),
        "driver's part of Dask, a document": (f"{CLIENT.value * 1000:.1f} ms", CLIENT),
        "scheduler, a document": (f"{SCHEDULER.value * 1000:.1f} ms", SCHEDULER),
        "messages, a document": (size(MESSAGES.value), MESSAGES),
        "SHA-256": (f"{size(HASHING.value)}/s", HASHING),
        "readings of an input": (number(READINGS.value), READINGS),
        "gets and heads, a document": (number(GETS_A_DOCUMENT.value), GETS_A_DOCUMENT),
        "a put or list; a get or head": (f"{PUT.value * 1e6:g}, {GET.value * 1e6:g} $ a million", PUT),
        "an hour of a core": (f"{CORE_HOUR.value} $", CORE_HOUR),
        "a gigabyte stored, a month": (f"{STORED.value} $", STORED),
    }
    return table(
        ["figure", "value, and what it is from"],
        [[name, f"{value}: {figure.source}"] for name, (value, figure) in figures.items()],
    )


TABLES = (page_cost, work, storage, requests, drivers, failures, assumptions)


def main() -> None:
    """Print the tables."""
    print("\n\n".join(make() for make in TABLES))


if __name__ == "__main__":
    main()
