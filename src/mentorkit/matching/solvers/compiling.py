"""Kernels: plain loops over arrays, compiled where numba is installed.

The same function runs either way and its whole numbers come out the same, so a plan does
not depend on whether numba (the extra `mentorkit[scale]`) is there: only its speed does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, update_wrapper
from importlib.util import find_spec
from typing import Any, Generic, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

WORTHWHILE = 1_000_000
"""Steps of a loop below which loading compiled code takes longer than running it as it is."""


class Kernel(Generic[P, R]):
    """A function that runs as it is when called, and compiled as `fast`.

    Kernels may call each other by name. What one may contain is what numba compiles:
    numbers, arrays and loops.
    """

    def __init__(self, function: Callable[P, R]) -> None:
        self.function = function
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.function(*args, **kwargs)

    @cached_property
    def fast(self) -> Callable[P, R]:
        """The compiled function; the plain one where numba is not installed."""
        if not compiles():
            return self.function
        _let_kernels_call_kernels()
        import numba

        return cast(Callable[P, R], numba.njit(cache=True, nogil=True)(self.function))

    def sized(self, steps: int) -> Callable[P, R]:
        """Compiled where about so many steps of a loop make it worth while, else on lists."""
        return self.fast if steps > WORTHWHILE and compiles() else self.on_lists

    def on_lists(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run as it is, on lists in place of arrays, which are several times quicker to index.

        Arrays that may be written hold what the lists held in the end.
        """
        assert not kwargs
        lists = [_listed(arg) for arg in args]
        result = cast(Callable[..., R], self.function)(*lists)
        for arg, held in zip(args, lists, strict=True):
            _restored(arg, held)
        return result


def _listed(arg: Any) -> Any:
    """Arrays of one dimension, also within tuples, as lists."""
    if isinstance(arg, tuple):
        return type(arg)(*map(_listed, arg))
    return arg.tolist() if getattr(arg, "ndim", 0) == 1 else arg


def _restored(arg: Any, held: Any) -> None:
    if isinstance(arg, tuple):
        for one, other in zip(arg, held, strict=True):
            _restored(one, other)
    elif getattr(arg, "ndim", 0) == 1 and arg.flags.writeable:
        arg[:] = held


def kernel(function: Callable[P, R]) -> Kernel[P, R]:
    """Make a kernel of a function."""
    return Kernel(function)


def compiles() -> bool:
    """Whether numba is installed."""
    return find_spec("numba") is not None


def _let_kernels_call_kernels() -> None:
    """Tell numba that a kernel's name in a kernel stands for its compiled function."""
    from numba.core import types
    from numba.extending import typeof_impl

    def type_of(value: Kernel[Any, Any], context: object) -> Any:
        return types.Dispatcher(value.fast)

    typeof_impl.register(Kernel, type_of)
