"""A Dask cluster on this machine: a scheduler and two workers, processes with nannies as `dask worker` starts them."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from planparse.batch import dask
from planparse.batch.calls import Call
from planparse.batch.dask import open_dask
from planparse.batch.runs import Options, parse_into
from planparse.errors import ClusterError

TEXT = "I. MỤC ĐÍCH\n1. Rà soát văn bản số {}.\n- Đơn vị chủ trì: Sở Nội vụ.\n"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with _start(2) as cluster:
        yield cluster


def _start(workers: int) -> LocalCluster:
    return LocalCluster(  # type: ignore[no-untyped-call]  # Dask ships types of some functions only
        n_workers=workers, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
    )


def test_a_cluster_gives_what_this_machine_gives(
    cluster: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(5):
        Path("in").mkdir(exist_ok=True)
        Path("in", f"{number}.txt").write_text(TEXT.format(number), encoding="utf-8")
    Path("in/empty.txt").touch()
    sources = [str(tmp_path / "in")]
    parse_into(tmp_path / "here", sources, Options(jobs=1))
    parse_into(tmp_path / "there", sources, Options(scheduler=cluster.scheduler_address))
    here, there = (
        {path.name: path.read_bytes() for path in Path(name).rglob("*.txt.json")} for name in ("here", "there")
    )
    assert (len(here), here == there) == (5, True)


def test_a_document_that_kills_its_process_kills_no_worker(cluster: LocalCluster) -> None:
    with open_dask(cluster.scheduler_address) as pool:
        answers = [pool.submit(Call(_die, (), "die")).result(), pool.submit(Call(int, (), "int")).result()]
    assert ("killed, twice" in str(answers[0].error), answers[1].value) == (True, 0)


def _die() -> None:
    import os  # noqa: PLC0415 (where it is called)

    os.abort()


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "CONNECT_SECONDS", 1)
    with pytest.raises(ClusterError, match="no Dask scheduler answers"), open_dask("tcp://127.0.0.1:1"):
        pass


def test_a_cluster_without_workers_is_told() -> None:
    with (
        _start(0) as empty,
        pytest.raises(ClusterError, match="has no workers"),
        open_dask(empty.scheduler_address),
    ):
        pass


def test_workers_of_another_version_are_told(cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "__version__", "99")
    with pytest.raises(ClusterError, match="its workers have planparse"), open_dask(cluster.scheduler_address):
        pass
