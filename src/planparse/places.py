"""Where files live: a path of this machine, or the address of a store that fsspec opens, as `s3://bucket/key`.

The fsspec package for a store is loaded when an address of it is first used; `planparse[remote]` brings S3's.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias

from planparse.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from io import BufferedReader

_ADDRESS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]+)://(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_LOCAL_SCHEMES = frozenset({"file", "local"})
_MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Address:
    """A file or folder of a store; what can be done with a `Path` is named as there.

    Whatever a store's package fails with, is raised as an OSError.

    Attributes:
        text: the address.
        mark: what stood for its content when the store was asked; None where nobody asked, or the store can't tell.
    """

    text: str
    mark: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.text

    def __truediv__(self, name: str) -> Address:
        return Address(f"{self.text}/{name}")

    @property
    def name(self) -> str:
        """The part after the last slash."""
        return self.text.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The ending of the name, with its dot."""
        return PurePosixPath(self.name).suffix

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return PurePosixPath(self.name).stem

    @property
    def parts(self) -> tuple[str, ...]:
        """Host or bucket, and the parts of the key; they may be empty, or dots."""
        return tuple(self.text.partition("://")[2].lstrip("/").split("/"))

    @contextmanager
    def _opened(self) -> Iterator[tuple[Any, str]]:
        """Yield the store's fsspec file system, which remembers no listing, and the address as that has it."""
        scheme = self.text.partition("://")[0]
        try:
            import fsspec  # noqa: PLC0415 (an extra, slow to load)

            kind = fsspec.get_filesystem_class(scheme)
            store = kind(**kind._get_kwargs_from_urls(self.text))  # noqa: SLF001 (as fsspec.core.url_to_fs, but "::")
        except (ImportError, ValueError) as error:
            remedy = 'pip install "planparse[remote]", or the fsspec package of that store'
            raise StoreError(f"nothing that is installed opens {scheme}://: {error}", self.text, remedy) from error
        try:
            store.invalidate_cache()
            yield store, kind._strip_protocol(self.text)  # noqa: SLF001 (the same)
        except OSError:
            raise
        except Exception as error:  # each package has errors of its own: no credentials, no host, no such region
            raise OSError(str(error) or type(error).__name__) from error

    def look(self) -> tuple[Address, int | None]:
        """Return the file as it is now, with its mark, and its size; where it is a folder, that is None."""
        with self._opened() as (store, path):
            info = store.info(path)
            return _marked(self.text, info), None if info["type"] == "directory" else int(info["size"] or 0)

    def is_file(self) -> bool:
        """Tell whether there is a file."""
        with suppress(FileNotFoundError):
            return self.look()[1] is not None
        return False

    def walk(self, start: str = "") -> Iterator[Address]:
        """Yield the files of a folder and its folders, as they are listed, whose path below it begins with `start`."""
        with self._opened() as (store, path):
            folder = path.rstrip("/")
            is_s3 = hasattr(store, "call_s3")
            for info in _list_keys(store, folder, start) if is_s3 else _list_folder(store, folder):
                below = info["name"].removeprefix(f"{folder}/")
                if below.startswith(start) and not below.endswith("/"):
                    yield _marked(f"{self}/{below}", info)

    def matcher(self, pattern: str) -> Callable[[str], object]:
        """Return what tells whether a path below this folder matches `pattern`, in which `**` is any folders."""
        with self._opened():
            from fsspec.utils import glob_translate  # noqa: PLC0415 (an extra)

            return re.compile(glob_translate(pattern)).match

    @contextmanager
    def open(self, mode: str = "rb") -> Iterator[BufferedReader]:
        """Open the file to read its bytes."""
        with self._opened() as (store, path), store.open(path, mode) as file:
            yield file

    def read_bytes(self) -> bytes:
        """Return all that the file holds."""
        with self._opened() as (store, path):
            return bytes(store.cat_file(path))

    def write_bytes(self, data: bytes) -> None:
        """Put `data` in the place of the file; an object store has all of it at once, or what was there."""
        self._put(lambda store, path: store.pipe_file(path, data))

    def put(self, file: Path) -> None:
        """Put what `file` holds in the place of this one, as `write_bytes` does."""
        self._put(lambda store, path: store.put_file(str(file), path))

    def _put(self, put: Callable[[Any, str], object]) -> None:
        with self._opened() as (store, path):
            try:
                put(store, path)
            except FileNotFoundError:  # a store with folders lacks some; one with buckets lacks the bucket: as it is
                if not store.exists(path.lstrip("/").partition("/")[0]):
                    raise
                store.makedirs(store._parent(path), exist_ok=True)  # noqa: SLF001 (fsspec has no public name for it)
                put(store, path)

    def unlink(self, *, missing_ok: bool = False) -> None:
        """Remove the file."""
        with suppress(*[FileNotFoundError] * missing_ok), self._opened() as (store, path):
            store.rm_file(path)


Place: TypeAlias = Path | Address


def to_place(name: str | os.PathLike[str] | Address) -> Place:
    """Return the file or folder of a name as people write it; `file://` is this machine."""
    if isinstance(name, Address):
        return name
    match = _ADDRESS.fullmatch(os.fspath(name))
    if not match:
        return Path(name)
    scheme, rest = match["scheme"].lower(), match["rest"]
    return Path(rest) if scheme in _LOCAL_SCHEMES else Address(f"{scheme}://{rest.rstrip('/')}")


def printable(place: str | Place) -> str:
    r"""Return a name as text that can be written; bytes that are not UTF-8 as `\xff`."""
    return os.fsencode(str(place)).decode("utf-8", "backslashreplace")


def mark_now(place: Place) -> str | None:
    """Return what a store tells of a file's content at this moment; None for files of this machine."""
    return place.look()[0].mark if isinstance(place, Address) else None


def _marked(text: str, info: Mapping[str, Any]) -> Address:
    """Return an address with what its store tells of the content.

    An ETag that is an MD5 stands for the bytes, wherever they lie. Others say no more than whether this file has
    changed: some servers make them of time and size, and two files may have the same.
    """
    etag = str(info.get("ETag") or info.get("etag") or "").strip('"')
    mark = f"{etag} {info['size']}" if _MD5.fullmatch(etag) else f"{etag} {info['size']} {text}"
    return Address(text, mark if etag else None)


def _list_keys(store: Any, path: str, start: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401 (an extra)
    """Yield what S3 lists, a thousand keys at a time: s3fs itself makes one list of a whole folder."""
    bucket, _, folder = path.partition("/")
    asked = {"Bucket": bucket, "Prefix": f"{folder}/{start}" if folder else start}
    while True:
        page = store.call_s3("list_objects_v2", **asked)
        for entry in page.get("Contents", ()):
            yield {"name": f"{bucket}/{entry['Key']}", "size": entry["Size"], "ETag": entry["ETag"]}
        if not page.get("IsTruncated"):
            return
        asked["ContinuationToken"] = page["NextContinuationToken"]


def _list_folder(store: Any, path: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401 (an extra)
    """Yield what a store with folders lists, one of them at a time; of one that is not there, nothing."""
    store.invalidate_cache()
    infos = []
    with suppress(FileNotFoundError):
        infos = store.ls(path, detail=True)
    for info in sorted(infos, key=lambda info: str(info["name"])):
        if info["type"] == "directory":
            yield from _list_folder(store, info["name"].rstrip("/"))
        elif info["type"] == "file":
            yield info
