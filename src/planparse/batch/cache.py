"""Pages that OCR has read, kept in a folder, a file a page, so that none is read twice.

Plain files, since workers of several machines share them: a database on a network file system would not bear that.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class PageCache:
    """A folder of pages. What can't be read or written there is read by OCR: a cache never fails a document."""

    folder: Path

    def get(self, key: str) -> bytes | None:
        """Return the page of a key, which is as good as new then."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keep a page; its file is whole or not there."""
        path = self._path(key)
        partial = path.with_name(f"{key}.{os.getpid()}")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(data)
            partial.replace(path)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key

    def prune(self, limit: int) -> None:
        """Remove the pages that nobody has asked for longest, until what is left has at most `limit` bytes."""
        total = sum(size for _time, size, _name in self._pages())
        if total <= limit:
            return
        oldest = sorted(self._pages())
        for _time, size, name in oldest:
            with suppress(OSError):
                Path(name).unlink()
            total -= size
            if total <= limit:
                return

    def _pages(self) -> Iterator[tuple[int, int, str]]:
        """Yield when each page was last asked for, its bytes, and its file."""
        with suppress(OSError):
            for shelf in os.scandir(self.folder):
                for entry in os.scandir(shelf):
                    stat = entry.stat()
                    yield stat.st_mtime_ns, stat.st_size, entry.path
