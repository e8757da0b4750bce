"""Loops that Numba compiles: once a machine, kept beside the module or in the user's cache.

Numba compiles a loop anew when its own file changes, not when that of a loop or a constant which it uses does:
scripts/check begins by removing what was compiled. Where neither place can be written to, each process compiles for
itself.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., object]")


def compiled(function: Function) -> Function:
    """Return `function`, compiled on its first call for the types that it is called with."""
    compile_loop = partial(numba.njit, nogil=True, error_model="numpy")
    try:
        return cast("Function", compile_loop(cache=True)(function))
    except RuntimeError:  # no folder can be written to
        return cast("Function", compile_loop()(function))
