import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from planparse.batch.calls import NO_LIMITS, Answer, Call, Limits
from planparse.batch.lanes import Lanes
from planparse.errors import InputTimeoutError, InputTooLargeError, InternalError

needs_proc = pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")


def work(notes: Path, task: str) -> str:
    """Do what a task's name says; every try is noted."""
    with (notes / task).open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")
    tries = len((notes / task).read_text(encoding="utf-8").split())
    if task == "die" or (task == "die-once" and tries == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if task == "hang":
        subprocess.run(["sleep", "60"], check=False)  # noqa: S607 (any sleep will do)
    if task == "grow":
        taken = bytearray(400 * 1024**2)
        time.sleep(60)
        del taken
    if task == "raise":
        raise ValueError("x")
    if task == "print":
        print("noise")  # noqa: T201 (what a library might do)
        os.system("echo noise")  # noqa: S605, S607 (what a program might do)
    return task


def _ask(tmp_path: Path, *tasks: str, limits: Limits = NO_LIMITS) -> list[Answer]:
    lanes = Lanes()
    try:
        return [lanes.contain(Call(work, (tmp_path, task), task, limits)) for task in tasks]
    finally:
        lanes.close()


def _tries(tmp_path: Path, task: str) -> list[int]:
    return [int(line) for line in (tmp_path / task).read_text(encoding="utf-8").split()]


def _errors(answers: list[Answer]) -> list[type | None]:
    return [type(answer.error) if answer.error else None for answer in answers]


def test_a_call_is_made_in_another_process(tmp_path: Path) -> None:
    assert (_ask(tmp_path, "a")[0].value, _tries(tmp_path, "a") == [os.getpid()]) == ("a", False)


def test_a_process_makes_one_call_after_the_other(tmp_path: Path) -> None:
    _ask(tmp_path, "a", "b")
    assert _tries(tmp_path, "a") == _tries(tmp_path, "b")


def test_each_thread_has_a_process() -> None:
    lanes = Lanes()
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lanes.contain, [Call(time.sleep, (0.5,), "sleep")] * 2))
        pids = {answer.value for answer in threads.map(lanes.contain, [Call(os.getpid, (), "pid")] * 20)}
    lanes.close()
    assert len(pids) == 2


def test_what_is_printed_disturbs_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    values = [answer.value for answer in _ask(tmp_path, "print", "a")]
    assert (values, capfd.readouterr().out) == (["print", "a"], "")


def test_a_call_whose_process_dies_is_made_once_more(tmp_path: Path) -> None:
    assert _ask(tmp_path, "die-once")[0].value == "die-once"


def test_a_call_whose_process_dies_twice_has_failed(tmp_path: Path) -> None:
    assert (_errors(_ask(tmp_path, "die")), len(_tries(tmp_path, "die"))) == ([InternalError], 2)


def test_the_next_call_does_not_notice(tmp_path: Path) -> None:
    assert _errors(_ask(tmp_path, "die", "a")) == [InternalError, None]


def test_an_error_of_the_work_is_the_answer(tmp_path: Path) -> None:
    assert str(_ask(tmp_path, "raise")[0].error)[:21] == "ValueError: x (raise)"


def test_what_takes_too_long_has_failed_and_is_not_tried_again(tmp_path: Path) -> None:
    answers = _ask(tmp_path, "hang", "a", limits=Limits(seconds=1.0))
    assert (_errors(answers), len(_tries(tmp_path, "hang"))) == ([InputTimeoutError, None], 1)


def test_what_takes_too_much_memory_has_failed_and_is_not_tried_again(tmp_path: Path) -> None:
    answers = _ask(tmp_path, "grow", "a", limits=Limits(memory=350 * 1024**2))
    assert (_errors(answers), len(_tries(tmp_path, "grow"))) == ([InputTooLargeError, None], 1)


@needs_proc
def test_what_takes_too_long_leaves_no_process(tmp_path: Path) -> None:
    _ask(tmp_path, "hang", limits=Limits(seconds=1.0))
    assert _group(_tries(tmp_path, "hang")[0]) == []


@needs_proc
def test_what_is_closed_leaves_no_process(tmp_path: Path) -> None:
    lanes = Lanes()
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(lanes.contain, Call(work, (tmp_path, "hang"), "hang"))
        _wait_for(tmp_path / "hang")
        lanes.close()
    assert (answer.result().value, len(_tries(tmp_path, "hang")), _group(_tries(tmp_path, "hang")[0])) == (None, 1, [])


@needs_proc
def test_a_process_ends_with_the_one_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from test_lanes import _ask\n"
        "from pathlib import Path\n"
        f"_ask(Path({str(tmp_path)!r}), 'hang')\n",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, script], stderr=subprocess.DEVNULL) as process:  # noqa: S603 (our own)
        _wait_for(tmp_path / "hang")
        process.kill()
    assert _group(_tries(tmp_path, "hang")[0]) == []


def _wait_for(path: Path) -> None:
    while not (path.exists() and path.read_text(encoding="utf-8")):
        time.sleep(0.05)


def _group(leader: int) -> list[int]:
    """Return the processes of a group that live, after a moment in which they may end."""
    time.sleep(0.5)
    members = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, group = path.read_text(encoding="utf-8").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group) == leader and state != "Z":
            members.append(int(path.parent.name))
    return members
