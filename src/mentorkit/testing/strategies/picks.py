"""Values written down in a few bytes, which is a quick way to draw many that hang together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import hypothesis.strategies as st

T = TypeVar("T")


class Picks:
    """Reads bytes one after the other, each a choice; when they end, the first choice it is."""

    def __init__(self, code: bytes) -> None:
        self._rest = iter(code)

    def one(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[next(self._rest, 0) % len(choices)]

    def upto(self, most: int) -> int:
        """A whole number from 0 to `most`, which is at most 255."""
        return next(self._rest, 0) % (most + 1)

    def part(self, whole: Sequence[T]) -> tuple[T, ...]:
        """All of them, or all but one, or none."""
        if not whole:
            return ()
        without = self.one(whole)
        rest = tuple(each for each in whole if each != without)
        return self.one((tuple(whole), rest, ()))


def written(size: int, read: Callable[[Picks], T]) -> st.SearchStrategy[T]:
    """What `read` makes of `size` drawn bytes."""
    return st.binary(min_size=size, max_size=size).map(lambda code: read(Picks(code)))
