"""The commands: each reads its arguments, makes one call and prints.

stdout carries results only; `planparse.terminal` turns errors into one line and an exit code.
"""
# ruff: noqa: PLC0415 (a command imports what it needs, so that --help and --version stay quick)

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planparse.config import DEFAULT
from planparse.errors import ToolError
from planparse.inputs import STDIN, read_document, read_plans, read_text
from planparse.places import to_place
from planparse.terminal import run_app, say, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.config import Config
    from planparse.document import Edit
    from planparse.places import Place

EXIT_DIFFERENT = 1
EXIT_TOOL_MISSING = ToolError.exit_code

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _examples(*commands: str) -> str:
    """Return the end of a command's help."""
    return "\n".join(["\b", "Examples:", *(f"  {command}" for command in commands)])


_path = partial(typer.Argument, readable=False)
"""An argument that names what is read; typer takes what can't be opened for a wrong command line."""

Engine = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="The OCR engine: tesseract, trueocr, or both with + between; auto reads twice where trueocr is installed.",
    ),
]
Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE, not to stdout.")]


def _print_version(value: bool) -> None:  # noqa: FBT001 (typer calls it with the option's value)
    if value:
        from planparse import __version__

        write(f"planparse {__version__}\n")
        raise typer.Exit


@app.callback()
def _planparse(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Turn scanned or badly OCR'd Vietnamese government plans into JSON.

    Exit codes: 0 done; 1 something differs or failed; 2 wrong command line; 3 the input can't be read;
    4 an outside program is missing; 5 the output can't be written; 130 interrupted.
    """


@app.command(
    epilog=_examples(
        "planparse parse scan.pdf -o plan.json",
        "cat ocr.txt | planparse parse -",
        "planparse parse s3://archive/scan.pdf -o plan.json",
    )
)
def parse(
    source: Annotated[str, _path(metavar="INPUT", help="A PDF, an image, a .txt, or - for text on stdin.")],
    output: Output = None,
    *,
    engine: Engine = DEFAULT.engine,
) -> None:
    """Parse one document into a plan as JSON."""
    from planparse import pipeline

    place = to_place(source)
    _check_output(output, place)
    config = _configure(engine)
    _deliver(pipeline.parse_document(read_document(place, config), config=config).to_json(), output)


@app.command(
    epilog=_examples(
        "planparse batch scans/ --out plans",
        'planparse batch "scans/**/*.pdf" extra.png --out plans --jobs 4 --timeout 600',
        "planparse batch s3://archive/2024 --out s3://plans/2024",
    )
)
def batch(  # noqa: PLR0913 (each is an option)
    sources: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Files, folders, globs; of stores, too.")],
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="The folder for JSON files and manifest.jsonl.")],
    *,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; one a processor core if left out.")] = None,
    timeout: Annotated[float | None, typer.Option(min=0.1, metavar="SECONDS", help="Limit for one document.")] = None,
    memory: Annotated[int | None, typer.Option(min=1, metavar="MB", help="Limit for one document.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Parse again what is done already.")] = False,
    cache: Annotated[
        int, typer.Option("--cache-size", min=0, metavar="MB", help="Limit for pages that are kept.")
    ] = 4096,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Keep no pages; read all anew.")] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Only what failed before.")] = False,
    engine: Engine = DEFAULT.engine,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A Dask cluster that works instead, as tcp://host:8786.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The closing summary on stdout, for machines.")] = False,
) -> None:
    """Parse many documents; again, only what is new.

    Done is what is missing, changed, failed, or from another version or engine. The plan of scans/a.pdf goes to
    DIR/scans/a.pdf.json; of a document outside the current folder, the whole path is mirrored, and bucket and key of
    s3://archive/a.pdf. DIR/manifest.jsonl has a line for each document. What OCR reads of a page is kept in
    DIR/.planparse, so that another version, whose rules are new, need not read it again.
    """
    from planparse.batch.calls import Limits
    from planparse.batch.documents import count_documents
    from planparse.batch.runs import Options, parse_into
    from planparse.progress import show_batch

    if force and retry_failed:
        raise typer.BadParameter("does not go with --force", param_hint="'--retry-failed'")
    options = Options(
        config=_configure(engine),
        limits=Limits(seconds=timeout, memory=memory * 1024**2 if memory else None),
        jobs=jobs,
        scheduler=scheduler,
        cache_bytes=0 if no_cache else cache * 1024**2,
        force=force,
        only_failed=retry_failed,
    )
    folder = to_place(out)
    with show_batch(partial(count_documents, sources, beside=folder)) as watcher:
        summary = parse_into(folder, sources, options, watcher=watcher)
    say(summary.to_text())
    if as_json:
        _write_json(summary.to_data())
    if summary.failed:
        raise typer.Exit(EXIT_DIFFERENT)


@app.command(epilog=_examples("planparse check samples golden", "planparse check samples golden --junit report.xml"))
def check(
    samples: Annotated[Path, _path(metavar="SAMPLES", help="The folder of documents.")],
    golden: Annotated[Path, _path(metavar="GOLDEN", help="The folder of expected plans, <stem>.json.")],
    *,
    update: Annotated[bool, typer.Option("--update", help="Write what is found to GOLDEN; read the diff.")] = False,
    junit: Annotated[str | None, typer.Option(metavar="FILE", help="Write a JUnit report for CI.")] = None,
    engine: Engine = DEFAULT.engine,
) -> None:
    """Compare the plans of samples with golden ones."""
    from planparse import check as checking
    from planparse.progress import show_progress

    if update and "CI" in os.environ:
        raise typer.BadParameter("golden files are not rewritten where CI is set", param_hint="'--update'")
    _check_output(junit)
    with show_progress() as progress:
        report = checking.check_samples(samples, golden, config=_configure(engine), update=update, progress=progress)
    write(report.to_text())
    if junit:
        _deliver(report.to_junit(), junit)
    if report.differs:
        raise typer.Exit(EXIT_DIFFERENT)


@app.command(epilog=_examples("planparse read scan.pdf", "planparse read scan.pdf --raw -o raw.txt"))
def read(
    source: Annotated[str, _path(metavar="INPUT", help="A PDF, an image, a .txt, or - for text on stdin.")],
    output: Output = None,
    *,
    raw: Annotated[bool, typer.Option("--raw", help="The text before restoring.")] = False,
    engine: Engine = DEFAULT.engine,
) -> None:
    """Print the text of a document, line for line.

    It is restored; between pages stands a form feed.
    """
    place = to_place(source)
    _check_output(output, place)
    document = read_document(place, _configure(engine))
    if not raw:
        from planparse.restoring import restore_document

        document = restore_document(document)
    pages = ("".join(f"{line.text}\n" for line in page.lines) for page in document.pages)
    _deliver("\f".join(pages), output)


@app.command(epilog=_examples("planparse restore ocr.txt > restored.txt", "planparse restore ocr.txt --explain | less"))
def restore(
    source: Annotated[Path, _path(metavar="[FILE]", help="Text; stdin when left out.")] = STDIN,
    *,
    explain: Annotated[bool, typer.Option("--explain", help="List the changes instead, one a line.")] = False,
) -> None:
    """Correct Vietnamese text, line for line.

    With --explain: line, column, what was printed, what it becomes, the probability that this is right, and what else
    it may be, with tabs between.
    """
    from planparse import restoring

    text = read_text(source)
    if explain:
        write("".join(_explain(number, edit) for number, edit in restoring.explain(text)))
    else:
        write(restoring.restore(text))


def _explain(number: int, edit: Edit) -> str:
    """Return the row of one change."""
    others = ", ".join(f"{text} {chance:.3f}" for text, chance in edit.alternatives)
    row = (str(number), str(edit.span[0] + 1), edit.original, edit.restored, f"{edit.probability:.3f}", others)
    return "\t".join(row) + "\n"


@app.command(epilog=_examples("planparse score plan.json gold.json", "planparse score plans/ gold/ --json"))
def score(
    predicted: Annotated[Path, _path(metavar="PREDICTED", help="A plan, a .txt, or a folder of them.")],
    gold: Annotated[Path, _path(metavar="GOLD", help="What is right: the same, with the same names.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Measure plans or texts against right ones.

    Plans: precision, recall and F1 by field. Texts: error rate.
    """
    from planparse import score as scoring

    report = scoring.score_paths(predicted, gold)
    if as_json:
        _write_json(report.to_data())
    else:
        write(report.to_text())


@app.command(epilog=_examples("planparse show plan.json", "planparse show plans/*.json | less"))
def show(
    plans: Annotated[list[Path], _path(metavar="PLAN...", help="JSON files that `planparse parse` wrote.")],
) -> None:
    """Print tasks to read: who, what, with whom, when; and what is odd."""
    from planparse.plan import read_plan
    from planparse.show import describe_plan

    width = shutil.get_terminal_size().columns if sys.stdout and sys.stdout.isatty() else None
    for path in plans:
        write(describe_plan(read_plan(path), width=width))


@app.command(
    epilog=_examples(
        "planparse review plan.json -o review.html --source scan.pdf",
        "planparse review plan.json -o review.html --quick",
    )
)
def review(
    plan: Annotated[Path, _path(metavar="PLAN", help="A JSON file that `planparse parse` wrote.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The HTML file to write.")],
    *,
    source: Annotated[
        Path | None, typer.Option(metavar="FILE_OR_DIR", help="The document, or its folder; else beside PLAN.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Don't read the document again; show no words as printed.")
    ] = False,
    engine: Engine = DEFAULT.engine,
) -> None:
    """Make a page to check a plan beside its scan.

    One HTML file, which needs no network: doubtful values first, each with its place on the page; corrected in place
    and saved as JSON for `planparse accept`.
    """
    from planparse.review import review_plan

    _check_output(output, plan, *([source] if source else []))
    html, problem = review_plan(plan, sources=source, quick=quick, config=_configure(engine))
    _deliver(html, output)
    if problem:
        say(f"planparse: {problem}")


@app.command(epilog=_examples("planparse accept plan.json", "planparse accept plan.json --golden tests/golden"))
def accept(
    corrected: Annotated[Path, _path(metavar="CORRECTED", help="The JSON file that the review page saved.")],
    *,
    golden: Annotated[Path, typer.Option(metavar="DIR", help="The folder of golden plans.")] = Path("golden"),
) -> None:
    """File a corrected plan as a golden one.

    It goes to DIR/<stem>.json, by the name of its document; what is new there is told.
    """
    from planparse.review import accept_plan

    if "CI" in os.environ:
        raise typer.BadParameter("golden files are not rewritten where CI is set", param_hint="'CORRECTED'")
    write(accept_plan(corrected, golden).to_text())


@app.command(epilog=_examples("planparse export plan.json -o tasks.xlsx", "planparse export plans/ -o deadlines.ics"))
def export(
    plans: Annotated[list[Path], _path(metavar="PLAN...", help="JSON files of plans, or folders of them.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help=".xlsx, .csv, .ics or .md.")],
) -> None:
    """Write tasks as a workbook, table, calendar or text.

    By the ending of FILE: .xlsx, sheets of tasks, of units and of documents cited; .csv, the tasks; .ics, a to-do for
    each task; .md, to read and compare. Of a folder, all JSON files in it and below are taken.
    """
    from planparse.batch.outputs import write_bytes
    from planparse.exporting import FORMATS, export_plans

    place = to_place(output)
    if place.suffix.lower() not in FORMATS:
        raise typer.BadParameter(f"FILE ends in one of {', '.join(FORMATS)}", param_hint="'--output'")
    _check_output(output, *plans)
    write_bytes(place, [export_plans(read_plans(plans), place.suffix)])


@app.command(epilog=_examples("planparse schema", "planparse schema > plan.schema.json"))
def schema() -> None:
    """Print the JSON Schema of a plan."""
    from planparse.plan import json_schema

    _write_json(json_schema())


@app.command(epilog=_examples("planparse doctor", "planparse doctor && planparse parse scan.pdf"))
def doctor() -> None:
    """Tell what is missing, and how to install it."""
    from planparse.doctor import examine

    findings = examine(DEFAULT)
    for finding in findings:
        write(f"{finding}\n")
    if not all(finding.good for finding in findings):
        raise typer.Exit(EXIT_TOOL_MISSING)


def _check_output(output: str | None, *sources: Place) -> None:
    if output is not None:
        from planparse.batch.outputs import check_file

        check_file(to_place(output), sources)


def _deliver(text: str, output: str | None) -> None:
    if output is None:
        write(text)
    else:
        from planparse.batch.outputs import write_text

        write_text(to_place(output), text)


def _write_json(data: object) -> None:
    write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def _configure(engine: str) -> Config:
    """Return the options of a run; the engines are looked for before any work."""
    from planparse.reading.engines import engine_names, is_known

    if not is_known(engine):
        raise typer.BadParameter(f"no such engine: {engine!r}", param_hint="'--engine'")
    config = replace(DEFAULT, engine=engine)
    engine_names(config)
    return config


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit with its code; `arguments` are those of the process where left out."""
    sys.exit(run_app(app, sys.argv[1:] if arguments is None else arguments))
