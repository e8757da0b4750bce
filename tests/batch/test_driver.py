from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor

from planparse.batch.calls import Call, perform
from planparse.batch.driver import Steps, drive
from planparse.batch.pools import Pool, SerialExecutor, open_lanes, open_serial


def _count(*numbers: int) -> Steps[int]:
    """Add numbers, one a call, all at the same time; then negate the sum, by a call of its own."""
    answers = yield [Call(int, (number,), "int") for number in numbers]
    (negative,) = yield [Call(int.__neg__, (sum(answer.value for answer in answers),), "sum")]
    return int(negative.value)


def test_documents_go_step_by_step() -> None:
    with open_serial() as pool:
        assert list(drive([_count(1, 2, 3), _count(4)], pool)) == [-6, -4]


def test_processes_give_what_one_process_gives() -> None:
    with open_lanes(2) as pool:
        assert sorted(drive([_count(1, 2, 3), _count(4), _count(5)], pool)) == [-6, -5, -4]


def test_nothing_to_do_is_done() -> None:
    with open_serial() as pool:
        assert list(drive([], pool)) == []


def test_a_document_may_need_no_call() -> None:
    def settled() -> Steps[str]:
        return "there already"
        yield []

    with open_serial() as pool:
        assert list(drive([settled()], pool)) == ["there already"]


def test_a_document_may_wait_for_others() -> None:
    def documents() -> Iterator[Steps[int] | None]:
        yield _count(1)
        while not ended:
            yield None
        yield _count(2)

    ended: list[int] = []
    with ThreadPoolExecutor(2) as threads:
        for result in drive(documents(), Pool(threads, perform, 2)):
            ended.append(result)  # noqa: PERF402 (documents looks at it meanwhile)
    assert ended == [-1, -2]


def test_documents_are_taken_when_they_are_needed() -> None:
    taken: list[int] = []

    def documents() -> Iterator[Steps[int]]:
        for number in range(100):
            taken.append(number)
            yield _count(number)

    with open_serial() as pool:
        next(drive(documents(), pool))
    assert len(taken) == 2


class _Counting(Executor):
    """Counts the calls in flight."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(8)
        self.most = self.now = 0

    def submit(self, fn, /, *args):  # type: ignore[no-untyped-def, override]  # noqa: ANN001, ANN002, ANN202 (as every executor)
        self.now += 1
        self.most = max(self.most, self.now)
        future = self._threads.submit(fn, *args)
        future.add_done_callback(self._finish)
        return future

    def _finish(self, _future: Future[object]) -> None:
        self.now -= 1


def test_few_calls_are_in_flight() -> None:
    executor = _Counting()
    list(drive((_count(*range(50)) for _ in range(3)), Pool(executor, perform, 2)))
    assert executor.most <= 4


def test_an_executor_that_fails_is_an_error_of_the_document() -> None:
    def refuse(_call: Call) -> None:
        raise ConnectionError("no worker")

    def step() -> Steps[str]:
        (answer,) = yield [Call(int, (), "int")]
        return str(answer.error)

    pool = Pool(SerialExecutor(), refuse, 1)  # type: ignore[arg-type]  # it never answers
    assert "no worker" in next(drive([step()], pool))


def test_what_is_left_is_not_begun() -> None:
    class Never(Executor):
        def submit(self, _fn, /, *_args):  # type: ignore[no-untyped-def, override]  # noqa: ANN001, ANN002, ANN202 (as every executor)
            futures.append(Future())
            if len(futures) == 1:
                futures[0].set_result(perform(Call(int, (), "int")))
            return futures[-1]

    def step() -> Steps[int]:
        (answer,) = yield [Call(int, (), "int")]
        return int(answer.value)

    futures: list[Future[object]] = []
    results = drive((step() for _ in range(9)), Pool(Never(), perform, 2))
    next(results)
    results.close()  # type: ignore[attr-defined]  # a generator, behind its interface
    assert [future.cancelled() for future in futures] == [False, True, True, True]


def test_the_first_documents_are_finished_first() -> None:
    begun: list[int] = []

    def note(number: int) -> Steps[int]:
        for _ in range(3):
            begun.append(number)
            yield [Call(int, (), "int")]
        return number

    list(drive(map(note, range(4)), Pool(SerialExecutor(), perform, 1)))
    assert (set(begun[:6]), set(begun[6:])) == ({0, 1}, {2, 3})


def test_each_answer_is_shown() -> None:
    seen: list[object] = []
    with open_serial() as pool:
        list(drive([_count(1, 2)], pool, lambda answer: seen.append(answer.value)))
    assert seen == [1, 2, -3]
