import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from planparse.batch.executors import run_in_processes, run_serially
from planparse.batch.outcome import Outcome
from planparse.errors import InputTimeoutError, InternalError


def _work(path: Path, *, notes: Path) -> Outcome:
    """Do what the name of a document says; every try is noted."""
    with (notes / path.name).open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")
    tries = len((notes / path.name).read_text(encoding="utf-8").split())
    if path.name == "die" or (path.name == "die-once" and tries == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if path.name == "hang":
        subprocess.run(["sleep", "60"], check=False)  # noqa: S607 (any sleep will do)
    if path.name == "raise":
        raise ValueError("x")
    return Outcome(path, None, None, 0.0)


def _run(tmp_path: Path, *names: str, jobs: int = 2, timeout: float | None = None) -> dict[str, Outcome]:
    outcomes = run_in_processes(
        partial(_work, notes=tmp_path), [Path(name) for name in names], jobs=jobs, timeout=timeout
    )
    return {outcome.path.name: outcome for outcome in outcomes}


def _tries(tmp_path: Path, name: str) -> list[int]:
    return [int(line) for line in (tmp_path / name).read_text(encoding="utf-8").split()]


def test_processes_give_what_one_process_gives(tmp_path: Path) -> None:
    paths = [Path(name) for name in "abcd"]
    alone = list(run_serially(partial(_work, notes=tmp_path), paths))
    assert sorted(_run(tmp_path, *"abcd").values(), key=lambda outcome: outcome.path) == alone


def test_as_many_processes_as_jobs_do_all(tmp_path: Path) -> None:
    _run(tmp_path, *"abcdef")
    assert len({_tries(tmp_path, name)[0] for name in "abcdef"}) <= 2


def test_nothing_to_do_is_done(tmp_path: Path) -> None:
    assert _run(tmp_path) == {}


def test_documents_are_taken_when_they_are_needed(tmp_path: Path) -> None:
    taken: list[int] = []
    paths = (taken.append(number) or Path(f"p{number}") for number in range(100))  # type: ignore[func-returns-value]  # it notes, and gives nothing
    outcomes = run_in_processes(partial(_work, notes=tmp_path), paths, jobs=2, timeout=None)
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]  # a generator, behind its interface
    assert len(taken) <= 3


def test_a_document_whose_process_dies_is_tried_once_more(tmp_path: Path) -> None:
    assert _run(tmp_path, "die-once")["die-once"].error is None


def test_a_document_whose_process_dies_twice_has_failed(tmp_path: Path) -> None:
    outcomes = _run(tmp_path, "die", "a", "b", "c")
    assert (type(outcomes["die"].error), len(_tries(tmp_path, "die"))) == (InternalError, 2)


def test_the_others_do_not_notice(tmp_path: Path) -> None:
    outcomes = _run(tmp_path, "a", "die", "b", "die-once", "c")
    assert [name for name, outcome in outcomes.items() if outcome.error] == ["die"]


def test_what_takes_too_long_has_failed(tmp_path: Path) -> None:
    outcomes = _run(tmp_path, "hang", "a", "b", timeout=0.5)
    assert (type(outcomes["hang"].error), outcomes["a"].error, outcomes["b"].error) == (InputTimeoutError, None, None)


def test_what_takes_too_long_is_not_tried_again(tmp_path: Path) -> None:
    _run(tmp_path, "hang", timeout=0.5)
    assert len(_tries(tmp_path, "hang")) == 1


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_what_takes_too_long_leaves_no_process(tmp_path: Path) -> None:
    _run(tmp_path, "hang", timeout=0.5)
    assert _group(_tries(tmp_path, "hang")[0]) == []


def _group(leader: int) -> list[int]:
    """Return the processes of a group that live, after a moment in which they may end."""
    time.sleep(0.3)
    members = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, group = path.read_text(encoding="utf-8").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group) == leader and state != "Z":
            members.append(int(path.parent.name))
    return members


def test_an_error_of_the_work_is_the_outcome_of_its_document(tmp_path: Path) -> None:
    outcomes = _run(tmp_path, "raise", "a")
    assert (str(outcomes["raise"].error)[:21], outcomes["a"].error) == ("ValueError: x (raise)", None)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_workers_end_with_the_process_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from test_executors import _run\n"
        "from pathlib import Path\n"
        f"if __name__ == '__main__': _run(Path({str(tmp_path)!r}), 'hang')\n",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, script], stderr=subprocess.DEVNULL) as process:  # noqa: S603 (our own)
        while not (tmp_path / "hang").exists():
            time.sleep(0.05)
        process.kill()
    assert _group(_tries(tmp_path, "hang")[0]) == []
