"""What can be reached from each of many places, when to look at one is costly.

Sets of places are whole numbers in which bit k stands for place k: they are joined and
compared a word at a time.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np

from mentorkit.interfaces import BoolArray


@attrs.define
class _Knot:
    """Places of which each is reached from each, and all that they lead to."""

    places: int
    leads: int


class Reach:
    """Searches that share what they find: each place is looked at once.

    Places that reach each other are found as one knot (Gabow 2000, "Path-based depth-first
    search"), with one set of all that lies beyond; a search that meets one of them takes
    the whole set.
    """

    def __init__(self, size: int, leads: Callable[[int, int], int]) -> None:
        """`leads(place, others)` is the set that a place leads to; it is asked once.

        `others` are places that will be asked for, so that they can be looked at together.
        """
        self._size = size
        self._leads = leads
        self._seen = 0
        self._under_way = 0
        """Places seen whose knots are not finished."""
        self._going_on = 0
        """Places of finished knots that lead anywhere."""
        self._knots = np.full(size, -1)
        """The number of each such place's knot, which leads to lower numbers only."""
        self._sets: list[int] = []
        """All that is reached from each such knot, with its own places."""

    def closed(self, some: int) -> int:
        """These places and all that can be reached from them."""
        while fresh := some & ~self._seen:
            self._explore(fresh)
        return self._with_all_beyond(some)

    def _explore(self, fresh: int) -> None:
        """Search on from the lowest of some places that were not seen yet."""
        path: list[_Knot] = []
        self._enter(fresh, path)
        while path:
            if fresh := path[-1].leads & ~self._seen:
                self._enter(fresh, path)
            else:
                self._finish(path.pop())

    def _enter(self, fresh: int, path: list[_Knot]) -> None:
        """Take the lowest of some places; with what it leads back to, it is one knot."""
        place = (fresh & -fresh).bit_length() - 1
        leads = self._leads(place, fresh)
        self._seen |= 1 << place
        self._under_way |= 1 << place
        path.append(_Knot(1 << place, leads))
        back = leads & self._under_way
        while back & ~path[-1].places:
            last = path.pop()
            path[-1].places |= last.places
            path[-1].leads |= last.leads

    def _finish(self, knot: _Knot) -> None:
        self._under_way &= ~knot.places
        if knot.leads:
            beyond = self._with_all_beyond(knot.places | knot.leads)
            self._knots[truths(knot.places, self._size)] = len(self._sets)
            self._sets.append(beyond)
            self._going_on |= knot.places

    def _with_all_beyond(self, some: int) -> int:
        """These places and what their finished knots lead to."""
        rest = some & self._going_on
        if rest:
            numbers = np.bincount(self._knots[truths(rest, self._size)])
            for number in reversed(np.nonzero(numbers)[0].tolist()):
                some |= self._sets[number]
                rest &= ~self._sets[number]
                if not rest:
                    break
        return some


def sets(table: BoolArray) -> list[int]:
    """Each row of truths as a set of places."""
    packed = np.packbits(table, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def truths(places: int, size: int) -> BoolArray:
    """(size,): whether each place is in a set."""
    packed = np.frombuffer(places.to_bytes((size + 7) // 8, "little"), dtype=np.uint8)
    return np.unpackbits(packed, count=size, bitorder="little").astype(bool)
