"""Cases from `cases/*.toml`, plans to work on, and the skip of what needs Tesseract where there is none."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytesseract
import pytest
from hypothesis import settings

from planparse.plan import Header, Plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from _pytest.mark import ParameterSet

CASES = Path(__file__).parent / "cases"

settings.register_profile("planparse", deadline=None)  # a busy machine is no failure: tests assert no times
settings.load_profile("planparse")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "cases(topic): run with each `case` of cases/<topic>.toml")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test marked `cases("stage/topic")` with each case: label, given, expect, note, known_failure."""
    marker = metafunc.definition.get_closest_marker("cases")
    if marker:
        table = tomllib.loads((CASES / f"{marker.args[0]}.toml").read_text(encoding="utf-8"))
        metafunc.parametrize("case", [_to_param(case) for case in table["case"]])


def _to_param(case: dict[str, Any]) -> ParameterSet:
    known = case.get("known_failure")
    marks = [pytest.mark.xfail(reason=str(known), strict=True)] if known else []
    return pytest.param(case, id=case["label"], marks=marks)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not reads_vietnamese():
        skip = pytest.mark.skip(reason="Tesseract with its Vietnamese model is not installed; see `planparse doctor`")
        for item in items:
            if item.get_closest_marker("ocr"):
                item.add_marker(skip)


@cache
def reads_vietnamese() -> bool:
    """Whether Tesseract is there with its Vietnamese model."""
    try:
        return "vie" in pytesseract.get_languages()
    except (pytesseract.TesseractNotFoundError, pytesseract.TesseractError, OSError):
        return False


@pytest.fixture
def make_plan() -> Callable[..., Plan]:
    """Return a function that makes a plan of the parts that it is given, as JSON data; the rest is not stated."""

    def make(**parts: object) -> Plan:
        nothing: dict[str, Any] = {
            "header": dict.fromkeys(Header.model_fields),
            "year": None,
            "signature": None,
            **dict.fromkeys(("preamble", "outline", "tasks", "references", "closing", "recipients"), ()),
        }
        return Plan.from_facts(json.dumps(nothing | parts))

    return make


@pytest.fixture
def make_task() -> Callable[..., dict[str, Any]]:
    """Return a function that makes a task, as JSON data, of an id and the fields that it is given."""

    def make(name: str, **fields: object) -> dict[str, Any]:
        nothing = dict.fromkeys(("lead_units", "coordinating_units", "deliverables", "other_fields", "references"), ())
        task = {"id": name, "path": name.split("."), "kind": "fields", "text": "Rà soát", "time_frame": None}
        return task | nothing | fields

    return make


@pytest.fixture
def make_item() -> Callable[..., dict[str, Any]]:
    """Return a function that makes an outline item, as JSON data."""

    def make(name: str, title: str | None = None, *text: str, children: tuple[Any, ...] = ()) -> dict[str, Any]:
        level = name.count(".") + 1
        marker = name.rsplit(".", maxsplit=1)[-1] + "."
        return {"id": name, "marker": marker, "level": level, "title": title, "text": text, "children": children}

    return make
