"""Loops that Numba compiles: once a machine, kept beside the module or in the user's cache.

Numba compiles a loop anew when its own file changes, not when that of a loop or a constant which it uses does:
scripts/check begins by removing what was compiled. Where neither place can be written to, each process compiles for
itself; so it does where what is kept is damaged. A folder that NUMBA_CACHE_DIR names need only be readable: a container
brings what was compiled when its image was built.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache, UserProvidedCacheLocator

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., object]")


class _GivenFolder(UserProvidedCacheLocator):
    """The folder that NUMBA_CACHE_DIR names; Numba's own is none where it can't be written to."""

    def ensure_cache_path(self) -> None:
        """Make the folder, where that is possible."""
        with suppress(OSError):
            super().ensure_cache_path()


class _Places(CompileResultCacheImpl):
    _locator_classes = [_GivenFolder, *CompileResultCacheImpl._locator_classes[1:]]  # noqa: RUF012, SLF001 (as Numba has it)


class _Cache(FunctionCache):
    """Numba's cache of a loop; what can't be read is not there, and a disk that takes no more is nobody's concern."""

    _impl_class = _Places

    def load_overload(self, sig: Any, target_context: Any) -> Any:  # noqa: ANN401 (Numba's)
        """Return what was compiled for the types `sig`; None where it has to be compiled."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # noqa: BLE001 (pickle raises nearly anything on damaged bytes)
            with suppress(OSError):
                self.flush()  # else it could not be written anew
            return None

    def save_overload(self, sig: Any, data: Any) -> None:  # noqa: ANN401 (as above)
        """Keep what was compiled, where that is possible."""
        with suppress(OSError):
            super().save_overload(sig, data)


def compiled(function: Function) -> Function:
    """Return `function`, compiled on its first call for the types that it is called with."""
    loop: Any = numba.njit(nogil=True, error_model="numpy")(function)
    with suppress(RuntimeError):  # no folder can be written to
        loop._cache = _Cache(function)  # noqa: SLF001 (`cache=True` takes Numba's own, which damage stops)
    return cast("Function", loop)
