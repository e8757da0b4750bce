"""Long documents: their pages are read by several calls, and one more makes the plan."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from planparse.batch import work
from planparse.batch.cache import PageCache
from planparse.batch.calls import Answer, Limits, perform
from planparse.batch.driver import drive
from planparse.batch.pools import Pool, SerialExecutor, open_lanes, open_serial
from planparse.batch.work import Outcome, Part, Setup, cut, parse_steps
from planparse.config import Config
from planparse.errors import InputTimeoutError, ToolError
from planparse.reading import GROUP

TESSERACT = Config(engine="tesseract")


@given(st.integers(1, 5000), st.integers(1, 200))
def test_each_page_is_in_one_part(pages: int, jobs: int) -> None:
    assert [page for part in cut(pages, jobs) for page in part] == list(range(1, pages + 1))


@given(st.integers(1, 5000), st.integers(1, 200))
def test_no_part_is_longer_than_what_tesseract_reads_at_a_time(pages: int, jobs: int) -> None:
    assert max(map(len, cut(pages, jobs))) <= GROUP


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Return a scan of more pages than one call reads; all are white."""
    out = io.BytesIO()
    pages = [Image.new("L", (300, 400), 255 - number) for number in range(GROUP + 2)]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=36)
    path = tmp_path / "scan.pdf"
    path.write_bytes(out.getvalue())
    return path


def _parse(path: Path, pool: Pool, setup: Setup) -> tuple[Outcome, list[Answer]]:
    answers: list[Answer] = []
    (outcome,) = drive([parse_steps(path, setup)], pool, answers.append)
    return outcome, answers


def _parts(answers: list[Answer]) -> list[int]:
    return [answer.value.count for answer in answers if isinstance(answer.value, Part)]


@pytest.mark.ocr
def test_a_long_document_is_read_in_parts(scan: Path) -> None:
    with open_serial() as pool:
        outcome, answers = _parse(scan, pool, Setup(config=TESSERACT))
    assert (outcome.plan and outcome.plan.source.pages, sum(_parts(answers)), len(answers)) == (GROUP + 2, GROUP + 2, 6)


@pytest.mark.ocr
def test_parts_and_whole_give_the_same_plan(scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plans = []
    for jobs in (1, 3):
        with open_lanes(jobs) as pool:
            plans.append(_parse(scan, pool, Setup(config=TESSERACT, jobs=jobs))[0].plan)
    monkeypatch.setattr(work, "GROUP", 99)
    with open_serial() as pool:
        plans.append(_parse(scan, pool, Setup(config=TESSERACT, cache=PageCache(tmp_path / "pages")))[0].plan)
    assert plans[0] == plans[1] == plans[2]


@pytest.mark.ocr
def test_pages_in_the_cache_are_not_read(scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = Setup(config=TESSERACT, cache=PageCache(tmp_path / "pages"))
    with open_serial() as pool:
        before = _parse(scan, pool, setup)[0].plan
        monkeypatch.setattr("planparse.reading.pages.read_scan", None)
        after = _parse(scan, pool, setup)[0].plan
    assert before == after is not None


def test_a_part_that_fails_fails_the_document(scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_path: Path, numbers: range, *_: object, **__: object) -> None:
        if numbers.start > 1:
            raise ToolError("broken", "tesseract", "mend it")

    monkeypatch.setattr(work, "scan_pages", fail)
    with open_serial() as pool:
        outcome, _ = _parse(scan, pool, Setup(config=TESSERACT))
    assert (outcome.plan, str(outcome.error)) == (None, "broken (tesseract): mend it")


def test_parts_share_the_time_of_their_document(scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "scan_pages", lambda *_, **__: None)

    def take_seconds(call: object) -> Answer:
        answer = perform(call)  # type: ignore[arg-type]  # it is a call
        return Answer(answer.value, answer.error, 3.0)

    setup = Setup(config=TESSERACT, limits=Limits(seconds=10.0))
    outcome, _ = _parse(scan, Pool(SerialExecutor(), take_seconds, 1), setup)
    assert isinstance(outcome.error, InputTimeoutError)
