"""Loops that are compiled where numba is at hand, and plain Python where it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """The function as machine code, kept beside its source for the next process.

    The same numbers either way: without numba, or with NUMBA_DISABLE_JIT=1, it is Python.
    """
    try:
        import numba
    except ImportError:
        return loop
    try:
        return cast(Loop, numba.njit(cache=True)(loop))
    except RuntimeError:  # no folder that can be written to
        return cast(Loop, numba.njit(loop))
