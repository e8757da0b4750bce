"""Documents whose plans are known: as text, or typeset, scanned and read; what is slow is kept in a folder.

An *input* is `text`, `ocr` (the text that an engine made of one of them), `layer` (a PDF with its text layer) or a
level of scripts/damage.py. What is kept bears the hash of what it was made from, and of the code and data of the
stages that made it: a change in reading is read anew, one in segmenting is not; what the engines say of an image is
kept apart (bench/recorded_engines.py).
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import planparse
from plan_pages import typeset_plan
from planparse.config import DEFAULT
from planparse.normalizing import normalize_outline
from planparse.reading import read_bytes, read_text
from planparse.reading.engines import known_engines
from planparse.restoring import plausibility, restore_document
from planparse.segmenting import segment_document
from recorded_engines import recorded
from tables import scan

from damage import LEVELS  # isort: skip (found by way of tables)
from sample_layout import typeset  # isort: skip (the same)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from planparse.document import Document
    from planparse.plan import Plan

Made = TypeVar("Made")

ROOT = Path(__file__).parents[1]
TYPED = ("text", "ocr")
READING = ("reading", "document.py", "text.py", "config.py", "data/language_model*")
RESTORING = ("restoring", "language", "data/arbitration*", "data/calibration*", "data/confusions*")
"""Code and data, in the package, on which it depends what is read, and how that is restored."""
TYPESETTING = ("bench/plan_pages.py", "bench/table_pages.py", "scripts/sample_layout.py", "scripts/damage.py")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document whose plan is known.

    Attributes:
        name: of its folder or sample.
        input: how it is given to planparse.
        source: its text; for pages a text or a TOML of scripts/sample_texts, which is typeset.
        gold: the plan.
    """

    name: str
    input: str
    source: Path
    gold: Path

    @property
    def label(self) -> str:
        """What it is and how it is given."""
        return f"{self.name}, {self.input}"


def find_documents(shared: Path, folders: Sequence[Path], levels: Sequence[str]) -> Iterator[Labelled]:
    """Yield the plans of SHARED, the samples and other folders: as text, then at each level."""
    gold = shared / "gold"
    for truth in sorted(gold.glob("*.truth.txt")):
        stem = truth.name.removesuffix(".truth.txt")
        for name, kind in (("text", "truth"), ("ocr", "ocr")):
            yield Labelled(stem, name, gold / f"{stem}.{kind}.txt", gold / f"{stem}.plan.json")
    found = [*shared.glob("plans/*/plan.json"), *(folder / "plan.json" for folder in folders)]
    plans = [(plan.parent.resolve().name, plan.with_name("text.txt"), plan) for plan in sorted(found)]
    samples = [(path.stem, path, ROOT / "golden" / f"{path.stem}.json") for path in sorted(ROOT.glob("samples/*.txt"))]
    known = {path.read_bytes() for path in gold.glob("*.ocr.txt")}
    for name, text, plan in [*plans, *samples]:
        if text.read_bytes() not in known:
            yield Labelled(name, "text", text, plan)
    sources = [(stem, ROOT / "scripts" / "sample_texts" / f"{stem}.toml", plan) for stem, _, plan in samples]
    for level in levels:
        yield from (Labelled(name, level, source, plan) for name, source, plan in [*plans, *sources])


class Store:
    """Reads documents into plans, and keeps in a folder what is slow.

    Attributes:
        folder: where; only what this class has written there may be in it, since it is unpickled.
        fresh: make everything anew.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder, self.fresh = folder.resolve(), fresh

    def plan(self, one: Labelled) -> Plan:
        """Return the plan that planparse makes of a document."""
        restored = self.keep("restored", self.key(one), lambda: restore_document(self.read(one)))
        plan = normalize_outline(segment_document(restored), restored.source, DEFAULT)
        return plan.with_boxes({page.number: page.printed_box for page in restored.pages if page.to_printed})

    def read(self, one: Labelled) -> Document:
        """Return a document as it is read, before restoring."""
        if one.input in TYPED:
            return read_text(one.source.read_text(encoding="utf-8"), name=one.source.name)
        pages = self.keep("pages", source_key(one), lambda: make_pages(one))
        name = f"{one.name}.pdf"
        key = digest(pages, version(READING), *known_engines())
        with recorded(self.keep):
            return self.keep("read", key, lambda: read_bytes(pages, name=name, config=DEFAULT, judge=plausibility))

    def key(self, one: Labelled) -> str:
        """Return the hash of all on which it depends how a document is read and restored."""
        return digest(source_key(one), version(READING), version(RESTORING), *known_engines())

    def keep(self, kind: str, key: str, make: Callable[[], Made]) -> Made:
        """Return what is kept under a key, made now where it is not."""
        path = self.folder / kind / f"{key}.pickle"
        if path.exists() and not self.fresh:
            kept: Made = pickle.loads(path.read_bytes())  # noqa: S301 (our own folder)
            return kept
        made = make()
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(pickle.dumps(made))
        partial.replace(path)
        return made


def make_pages(one: Labelled) -> bytes:
    """Return a document as a PDF: with its text layer, or as scans of its level."""
    text = one.source.read_text(encoding="utf-8")
    pdf = typeset(tomllib.loads(text)) if one.source.suffix == ".toml" else typeset_plan(text)
    return pdf if one.input == "layer" else scan(pdf, LEVELS[one.input])


@cache
def source_key(one: Labelled) -> str:
    """Return the hash of a document's text, and of what prints it."""
    printing = () if one.input in TYPED else [(ROOT / path).read_bytes() for path in TYPESETTING]
    return digest(one.source.read_bytes(), one.source.name, one.input, *printing)


@cache
def version(paths: tuple[str, ...]) -> str:
    """Return the hash of code and data of the package that is imported."""
    package = Path(planparse.__file__).parent
    found = [file for path in paths for top in package.glob(path) for file in (top, *top.rglob("*")) if file.is_file()]
    kept = sorted(file for file in found if file.suffix in {".py", ".json", ".toml", ".npy"})
    return digest(*(part for file in kept for part in (str(file.relative_to(package)), file.read_bytes())))


def digest(*parts: str | bytes) -> str:
    """Return a hash of texts and bytes, in order."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part.encode() if isinstance(part, str) else part).digest())
    return whole.hexdigest()[:32]
