"""A Dask cluster as a pool. Needs the extra `planparse[dask]`.

Each worker makes its calls in lanes of its own, so that a document harms neither the worker nor other documents.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from planparse import __version__
from planparse.batch.lanes import contain_here
from planparse.batch.pools import Pool
from planparse.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECT_SECONDS = 10
"""Seconds that a scheduler has to answer."""


@contextmanager
def open_dask(address: str) -> Iterator[Pool]:
    """Make calls on the workers of the scheduler at `address`; one at a time in each of their threads.

    Raises:
        ToolError: Dask is not installed, nobody answers, there are no workers, or they have another planparse.
    """
    with _connect(address) as client:
        threads = sum(client.nthreads().values())
        _check_workers(client, address, threads)
        yield Pool(client.get_executor(pure=False), contain_here, threads)


def _connect(address: str) -> Any:  # noqa: ANN401 (an extra)
    try:
        from distributed import Client  # noqa: PLC0415 (an extra, slow to load)
    except ImportError as error:
        raise ClusterError("Dask is not installed", "--scheduler", 'pip install "planparse[dask]"') from error
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError("no Dask scheduler answers", address, "check the address, or start one") from error


def _version() -> str:
    return __version__


def _check_workers(client: Any, address: str, threads: int) -> None:  # noqa: ANN401 (an extra)
    if not threads:
        raise ClusterError("the cluster has no workers", address, "start some: dask worker ADDRESS")
    try:
        versions = set(client.run(_version).values())
    except Exception as error:
        raise ClusterError("its workers have no planparse", address, "install it there, the same version") from error
    if versions != {__version__}:
        raise ClusterError(
            f"its workers have planparse {', '.join(sorted(versions))}", address, f"install {__version__} there"
        )
