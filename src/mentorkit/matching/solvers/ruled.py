"""The best plan under rules, and the prices that bound every plan that keeps them.

Groups with a least number of pairs keep the problem a network: its best plan is found and
proven exactly, by `filling`. So do least sizes once it is known who has a team. Who that
is, is asked of a linear program (`relaxing`), whose prices bound all plans: where all teams
in it are whole, the bound is met and the plan proven best, and else the gap says how far
from the best it is at most.
"""

from __future__ import annotations

from concurrent.futures import Executor

import attrs
import numpy as np

from mentorkit.interfaces import ALL, BoolArray, IntArray, Pairs, Rules
from mentorkit.matching.changed import Changed
from mentorkit.matching.rules import Capacity, Prices
from mentorkit.matching.solvers.filling import Filled, filled
from mentorkit.matching.solvers.relaxing import Relaxing
from mentorkit.matching.solvers.transport import transport

ROUNDS = 4
"""How often better teams are looked for near the prices."""


@attrs.frozen(kw_only=True, eq=False)
class Ruled:
    """Pairs (k, 2) in order that keep the rules, and the prices that bound all plans that do."""

    pairs: IntArray
    prices: Prices


@attrs.frozen(kw_only=True, eq=False)
class Unreachable:
    """No plan that keeps the rules was found; what is told is of one near to it."""

    counts: IntArray
    """(g,): how many pairs each group's people are in."""
    most: IntArray
    """(g,): the most that each group's people can be in, if nothing else mattered."""
    small: IntArray
    """The right people whose team has begun and is too small."""
    proven: bool
    """Whether there is certainly none. Else what groups want and the least sizes of teams
    get into each other's way."""


def solve_with_rules(
    pairs: Pairs, capacity: Capacity, rules: Rules, executor: Executor | None = None
) -> Ruled | Unreachable:
    """The pairs of the greatest total that keep the rules, or nearly: the prices say how near.

    Of as great a total with the same teams, they are the most pairs. Without least sizes, or
    where the best plan keeps them anyway, the bound that they give is met. Invalid where
    values are too large to be added up exactly.
    """
    n, m = pairs.shape
    # One more than there are others is as good as any: such a person is never full.
    left, right = np.minimum(capacity[0], m + 1), np.minimum(capacity[1], n + 1)
    rows, columns = (
        np.nonzero(left > 0)[0],
        np.nonzero((right > 0) & (capacity[1] >= rules.least))[0],
    )
    everybody = (len(rows), len(columns)) == (n, m)
    asked = _Asked(
        pairs if everybody else pairs.part(rows, columns),
        (left[rows], right[columns]),
        rules.part(rows, columns),
        executor,
    )
    found = _among(asked.solved(), rows, columns, (n, m))
    found = _with_more_teams(found, pairs, (left, right), rules, executor)
    if rules.keeps(found.pairs):
        return Ruled(pairs=found.pairs, prices=found.prices)
    small = rules.small(found.pairs)
    return Unreachable(
        counts=rules.count(found.pairs),
        most=_most(pairs, (left, right), rules, executor),
        small=small[rules.begun[small]],
        proven=not found.kept or bool((rules.begun & (rules.least > capacity[1])).any()),
    )


@attrs.frozen(eq=False)
class _Asked:
    """People who all have room for as many as they must have."""

    pairs: Pairs
    capacity: Capacity
    rules: Rules
    executor: Executor | None

    def solved(self) -> Filled:
        """The best plan that was found, and prices; unless `kept`, there is none.

        It may still not keep the least sizes, where none was found that does.
        """
        rules = self.rules
        must = np.where(rules.begun, rules.least, 0)
        start = filled(self.pairs, self.capacity, attrs.evolve(rules, least=must), self.executor)
        if not start.kept or not len(rules.small(start.pairs)):
            return start
        return self._with_teams(start)

    def _with_teams(self, start: Filled) -> Filled:
        """Decide who has a team, from what is best if teams may be of any size."""
        relaxing = Relaxing(self.pairs, self.capacity, self.rules, start, self.executor)
        relaxing.solve()
        best, total = attrs.evolve(start, prices=relaxing.prices), -1
        teams: BoolArray | None = relaxing.teams >= 0.5
        for turn in range(ROUNDS):
            found = None if teams is None else self._settled(teams)
            worth = -1 if found is None else int(self.pairs.worth_of(found.pairs).sum())
            if found is not None and worth > total:
                best, total = attrs.evolve(best, pairs=found.pairs), worth
            elif turn:
                break
            if relaxing.proves(total):
                break
            teams = relaxing.better(total)
        return best

    def _settled(self, teams: BoolArray) -> Filled | None:
        """The best pairs if these have teams, or fewer where they cannot all; None if none."""
        rules, m = self.rules, len(teams)
        asks = (rules.least > 1) & ~rules.begun
        teams = teams | ~asks
        while True:
            columns = np.nonzero(teams)[0]
            some = self.pairs if len(columns) == m else self.pairs.part(ALL, columns)
            must = attrs.evolve(rules, least=np.where(asks | rules.begun, rules.least, 0))
            found = filled(
                some,
                (self.capacity[0], self.capacity[1][columns]),
                must.part(ALL, columns),
                self.executor,
            )
            pairs = np.stack([found.pairs[:, 0], columns[found.pairs[:, 1]]], axis=1)
            if found.kept:
                return attrs.evolve(found, pairs=pairs)
            few = teams & asks & (np.bincount(pairs[:, 1], minlength=m) < rules.least)
            if not few.any():
                return None
            teams &= ~few


def _among(found: Filled, rows: IntArray, columns: IntArray, shape: tuple[int, int]) -> Filled:
    """The same in the indices of all people; of those who have no room, the price is 0."""
    prices = [np.zeros(size, dtype=np.int64) for size in shape]
    prices[0][rows], prices[1][columns] = found.prices.left, found.prices.right
    return attrs.evolve(
        found,
        pairs=np.stack([rows[found.pairs[:, 0]], columns[found.pairs[:, 1]]], axis=1),
        prices=attrs.evolve(found.prices, left=prices[0], right=prices[1]),
    )


def _with_more_teams(
    found: Filled, pairs: Pairs, capacity: Capacity, rules: Rules, executor: Executor | None
) -> Filled:
    """Let those who are left over make more teams, if they can: that costs the total nothing."""
    load = [
        np.bincount(found.pairs[:, side], minlength=size) for side, size in enumerate(pairs.shape)
    ]
    rows = np.nonzero(load[0] < capacity[0])[0]
    columns = np.nonzero(
        (load[1] == 0) & (rules.least > 1) & ~rules.begun & (capacity[1] >= rules.least)
    )[0]
    if not len(rows) or not len(columns):
        return found
    alike = _Asked(
        Changed(pairs.part(rows, columns), flat=True),
        ((capacity[0] - load[0])[rows], capacity[1][columns]),
        attrs.evolve(Rules.none((len(rows), len(columns))), least=rules.least[columns]),
        executor,
    )
    more = alike.solved().pairs
    if len(alike.rules.small(more)):
        return found
    also = np.stack([rows[more[:, 0]], columns[more[:, 1]]], axis=1)
    together = np.concatenate([found.pairs, also])
    order = np.lexsort((together[:, 1], together[:, 0]))
    return attrs.evolve(found, pairs=together[order])


def _most(pairs: Pairs, capacity: Capacity, rules: Rules, executor: Executor | None) -> IntArray:
    """(g,): how many pairs each group could be in without the others and without least sizes."""
    alike = Changed(pairs, flat=True)
    most = []
    for number in range(len(rules.wanted)):
        left, right = (
            np.where(group == number, side, 0) if (group == number).any() else side
            for group, side in zip(rules.groups, capacity, strict=True)
        )
        there = any((group == number).any() for group in rules.groups)
        most.append(len(transport(alike, (left, right), executor).pairs) if there else 0)
    return np.array(most, dtype=np.int64)
