"""Who competes for the same seats in a plan.

Somebody is left over. Whoever holds a seat with one of their possible partners could give
it up for another partner, unless it is pinned; so that one's seats count too, and so on.
If all the seats that are found so are taken, these people want more than there is: Hall's
condition fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache

import attrs
import numpy as np

from mentorkit.interfaces import BoolArray, IntArray
from mentorkit.matching.blocks import compact, in_blocks, rows_at_once
from mentorkit.matching.case import Case
from mentorkit.matching.reach import Reach, sets, truths


@attrs.frozen
class Contest:
    """What one person who is left over competes for."""

    open: int
    """How many possible partners they have."""
    free: bool
    """Whether one of these has a free seat."""
    teamless: bool
    """Whether one of these has seats, and nobody, as teams have a least size."""
    movable: bool
    """Whether a seat could be made free by moving others."""
    wanted: int
    """Places that they and their rivals want."""
    seats: int
    """Places that there are with the partners whom these could have."""


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Competition:
    """One role's people in a part of the case; columns are their possible partners.

    All indices but `rows` and `columns` count within the part.
    """

    case: Case
    side: int
    rows: IntArray
    columns: IntArray
    taken: IntArray
    """(k, 2): who is matched with which column, in the order of the rows."""
    movable: BoolArray
    """(k,): which of these is not pinned."""
    spare: BoolArray
    """Which columns have a free seat."""
    teamless: BoolArray
    """Which columns have nobody, and may have less than so many; their seats are not free."""

    @classmethod
    def of(
        cls, case: Case, pairs: IntArray, side: int, rows: IntArray, columns: IntArray
    ) -> Competition:
        """Among the people of a part, by their indices in order."""
        load = np.bincount(pairs[:, 1 - side], minlength=len(case.capacity[1 - side]))
        places = [np.full(len(case.capacity[role]), -1) for role in (side, 1 - side)]
        places[0][rows], places[1][columns] = np.arange(len(rows)), np.arange(len(columns))
        taken = np.stack([places[0][pairs[:, side]], places[1][pairs[:, 1 - side]]], axis=1)
        inside = (taken >= 0).all(axis=1)
        order = np.lexsort((taken[inside, 1], taken[inside, 0]))
        fixed = set(map(tuple, case.seats(case.pins).tolist()))
        # The left people alone are counted: any of them can be the one who is missing.
        teamless = (load == 0) & (side == 0) & (case.least > 1)
        movable = np.array([tuple(pair) not in fixed for pair in pairs[inside].tolist()], bool)
        return cls(
            case=case,
            side=side,
            rows=rows,
            columns=columns,
            taken=taken[inside][order],
            movable=movable[order],
            spare=(~teamless & (load < case.capacity[1 - side]))[columns],
            teamless=teamless[columns],
        )

    def open(self, some: IntArray) -> BoolArray:
        """Which columns some of the case's people (by index there) may have."""
        if self.side:
            return self.case.pairs.worth(compact(self.columns), compact(some)).T >= 0
        return self.case.pairs.worth(compact(some), compact(self.columns)) >= 0

    def contests(self, some: IntArray, open_: BoolArray) -> Iterator[Contest]:
        """What some people compete for who hold no seat, and may have these columns."""
        spare, teamless = sets(np.stack([self.spare, self.teamless]))
        told = zip(some.tolist(), sets(open_), open_.sum(axis=1).tolist(), strict=True)
        for i, could, count in told:
            room, empty = bool(could & spare), bool(could & teamless)
            if self.case.one_pool:
                # Who gives up a partner for this one leaves that partner over: a move.
                movable = bool(could & ~self._pinned)
                yield Contest(count, room, empty, movable, count + 1, count)
                continue
            movable, wanted, seats = self._figures(self._reach.closed(could))
            own = int(self.case.capacity[self.side][i])
            yield Contest(count, room, empty, movable, wanted + own, seats)

    @cached_property
    def _pinned(self) -> int:
        """The set of columns of which a seat is pinned."""
        return sum(1 << column for column in set(self.taken[~self.movable, 1].tolist()))

    @cached_property
    def _figures(self) -> Callable[[int], tuple[bool, int, int]]:
        """What follows from a set of columns, which is mostly the same for everyone."""
        return lru_cache(maxsize=256)(self._worked_out)

    def _worked_out(self, wanted: int) -> tuple[bool, int, int]:
        """Whether one of these columns has room, places that all who sit there want, seats."""
        columns = truths(wanted, len(self.columns))
        holders = np.zeros(len(self.rows), dtype=bool)
        holders[self.taken[columns[self.taken[:, 1]], 0]] = True
        wants = self.case.capacity[self.side][self.rows[holders]]
        seats = self.case.capacity[1 - self.side][self.columns[columns]]
        return bool((columns & self.spare).any()), int(wants.sum()), int(seats.sum())

    @cached_property
    def _reach(self) -> Reach:
        return Reach(len(self.columns), _Moves(self).leads)


class _Moves:
    """Where those who hold seats with a column could go instead."""

    def __init__(self, competition: Competition) -> None:
        self._of = competition
        self._width = len(competition.columns)
        self._by_row = competition.taken[competition.movable]
        self._by_column = self._by_row[np.argsort(self._by_row[:, 1], kind="stable")]
        self._holders = np.bincount(self._by_row[:, 1], minlength=self._width)
        self._told = np.zeros(self._width, dtype=bool)
        self._known: dict[int, int] = {}

    def leads(self, column: int, others: int) -> int:
        """The columns to which those who hold a seat with this one could move."""
        if not self._told[column]:
            self._look(truths(others, self._width))
        return self._known.pop(column, 0)

    def _look(self, others: BoolArray) -> None:
        """Look at a block of people who hold seats with the first of some columns."""
        asked = np.nonzero(others & ~self._told)[0][: rows_at_once(self._width)]
        rows = np.unique(_listed(self._by_column, 1, asked)[:, 0])
        leads = self._unused(rows)
        # Whoever holds a seat elsewhere, too, is not looked at again if that is known now.
        seats = _listed(self._by_row, 0, rows)
        known = np.bincount(seats[:, 1], minlength=self._width) == self._holders
        for row, column in seats[(known & ~self._told)[seats[:, 1]]].tolist():
            self._known[column] = self._known.get(column, 0) | leads[row]
        self._told |= known

    def _unused(self, rows: IntArray) -> dict[int, int]:
        """The columns that each row may have and has not."""
        found: dict[int, int] = {}
        for some in in_blocks(rows, self._width):
            open_ = self._of.open(self._of.rows[some])
            held = _listed(self._of.taken, 0, some)
            open_[np.searchsorted(some, held[:, 0]), held[:, 1]] = False
            found |= zip(some.tolist(), sets(open_), strict=True)
        return found


def _listed(pairs: IntArray, by: int, wanted: IntArray) -> IntArray:
    """The pairs, in the order of one of their columns, that have one of some values there."""
    first, end = (np.searchsorted(pairs[:, by], wanted, side) for side in ("left", "right"))
    counts = end - first
    before = np.cumsum(counts) - counts
    found: IntArray = pairs[np.repeat(first - before, counts) + np.arange(counts.sum())]
    return found
