"""Prices of the relaxed problem, proven over all pairs, and what can still be better.

The linear program sees promising pairs only. Its prices, in whole numbers, are held against
all pairs, block by block; those that gain join, and it is solved again until none does.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor

import attrs
import numpy as np

from mentorkit.interfaces import BoolArray, IntArray, Pairs, Rules
from mentorkit.matching.blocks import among
from mentorkit.matching.changed import Changed, Lifted
from mentorkit.matching.parallel import in_turn
from mentorkit.matching.rules import Capacity, Prices
from mentorkit.matching.solvers.filling import Filled
from mentorkit.matching.solvers.programming import Duals, FloatArray, Program
from mentorkit.matching.solvers.seating import Gains, seat_prices, team_gains
from mentorkit.matching.solvers.shortlist import Chunk, chunks

UNIT = 60
"""Prices are sixtieths: where teams exist by halves or thirds, so do prices."""
NEAR = 4
"""Pairs for each place that the program begins with: those nearest to being chosen."""
OFFERS = 8
"""Pairs that each left person is offered in one pass over all."""
AHEAD = 50
"""With those that gain, others join that miss it by up to a fiftieth of the best pair."""
MISSING = 64
"""So many times the best pair costs each that is missing from a group."""
TURNS = 4
"""Thresholds of rounding that are tried."""
CORE, FEW = 3, 5000
"""Pairs for each left place, or few in all, among which whole teams are looked for."""


class Relaxing:
    """The pairs looked at so far, and prices for them."""

    def __init__(
        self,
        pairs: Pairs,
        capacity: Capacity,
        rules: Rules,
        start: Filled,
        executor: Executor | None = None,
    ) -> None:
        """Begin near what is best without least sizes."""
        self.pairs, self.capacity, self.rules, self.executor = pairs, capacity, rules, executor
        # All sums are to stay below 2**63.
        self.unit = UNIT if (pairs.most + 1) * int(capacity[0].sum()) < 2**48 else 1
        self.missing = MISSING * (pairs.most + 1)
        self.known = np.empty((0, 2), dtype=np.int64)
        self.worth = np.empty(0, dtype=np.int64)
        self._join(start.known[self._near(start)])
        load, price = np.bincount(start.pairs[:, 1], minlength=pairs.shape[1]), start.prices
        self.teams: FloatArray = load / np.maximum(rules.least, 1)
        self._price(Duals(price.left.astype(float), price.groups.astype(float), self.teams))

    def solve(self) -> None:
        """Solve, and let pairs that gain join, until there are none."""
        while (duals := self._program(self.known, self.worth).relaxed()) is not None:
            self.teams = duals.teams
            self._price(duals)
            more = self._offers(self.pairs.most * self.unit // AHEAD)
            gains = self._gains(more, self.pairs.worth_of(more)) - self.prices.right[more[:, 1]]
            if gains.max(initial=0) <= 0:
                break
            self._join(more)

    def proves(self, total: int) -> bool:
        """Whether no plan is worth more, by the prices."""
        return self.bound < (total + 1) * self.unit

    def better(self, total: int) -> BoolArray | None:
        """(m,): who has a team in a plan worth more than `total`, if one is seen.

        Only pairs are looked at without which no plan can be worth so much by the prices, the
        nearest first.
        """
        most = self.bound - (total + 1) * self.unit
        gains, columns = self._gains(self.known, self.worth), self.known[:, 1]
        price = self.prices.right
        team = team_gains(columns, gains, price, self.capacity[1], self.rules)
        never = np.where(self.rules.begun, 0, np.maximum(-team, 0))
        lost = np.maximum(price[columns] - gains, 0) + never[columns]
        nearest = np.argsort(lost, kind="stable")[: max(FEW, CORE * int(self.capacity[0].sum()))]
        core = np.sort(nearest[lost[nearest] <= most])
        program = self._program(self.known[core], self.worth[core])
        # Who is sure to have a team, as without it no plan is worth so much; and who has none.
        return program.whole(team > most, never > most)

    def _program(self, pairs: IntArray, worth: IntArray) -> Program:
        return Program(pairs, worth, self.capacity, self.rules, self.missing)

    def _join(self, more: IntArray) -> None:
        """Let pairs join those looked at, in their order."""
        more = more[~among(more, self.known)]
        known = np.concatenate([self.known, more])
        order = np.lexsort((known[:, 1], known[:, 0]))
        self.known = known[order]
        self.worth = np.concatenate([self.worth, self.pairs.worth_of(more)])[order]

    def _gains(self, pairs: IntArray, worth: IntArray) -> IntArray:
        """What is left of pairs after paying the left person, with what groups add."""
        return _gains(self.prices, self.rules, pairs, worth)

    def _price(self, duals: Duals) -> None:
        """Take prices from the duals, and the bound that they give over what was looked at."""
        tried = [self._seated(self._rounded(duals, (turn + 0.5) / TURNS)) for turn in range(TURNS)]
        self.bound, self.prices = min(tried, key=lambda priced: priced[0])

    def _rounded(self, duals: Duals, part: float) -> Prices:
        """The duals in whole numbers, without the right people.

        What is rounded up on one side is rounded down on the other, all at one threshold,
        so that differences which add up to whole numbers still do.
        """
        left, right = self.rules.groups
        ours = np.isin(np.arange(len(duals.groups)), left)
        groups = duals.groups * self.unit
        groups = np.where(ours, np.floor(groups + part), np.ceil(groups - part))
        alone = (duals.left - np.append(duals.groups, 0.0)[left]) * self.unit
        prices = Prices(
            left=np.ceil(alone - part).astype(np.int64),
            right=np.zeros(len(right), dtype=np.int64),
            groups=np.maximum(groups, 0).astype(np.int64),
            unit=self.unit,
        )
        return attrs.evolve(prices, left=np.maximum(prices.left + prices.added(left), 0))

    def _seated(self, prices: Prices) -> tuple[int, Prices]:
        """With the best prices of the right people: the bound over what was looked at."""
        gains, columns = _gains(prices, self.rules, self.known, self.worth), self.known[:, 1]
        places = self.capacity[1]
        ordered = Gains(columns, gains, len(places))
        right = seat_prices(ordered, places, self.rules, -self.missing * self.unit)
        team = team_gains(columns, gains, right, places, self.rules)
        team = np.where(self.rules.begun, team, np.maximum(team, 0))
        most = int(team.sum()) + int(self.capacity[0] @ prices.left)
        return most - int(self.rules.wanted @ prices.groups), attrs.evolve(prices, right=right)

    def _offers(self, ahead: int) -> IntArray:
        """New pairs that gain, or miss it by less than `ahead`."""
        found = [
            np.stack([lefts, rights], axis=1)
            for lefts, rights, _ in in_turn(Chunk.offers, self._chunks(ahead), self.executor)
        ]
        return np.concatenate(found)

    def _chunks(self, ahead: int) -> Iterable[Chunk]:
        n, m = self.pairs.shape
        left, right = (self.prices.added(group) for group in self.rules.groups)
        # A chunk knows no prices below 0: instead, pairs are worth more.
        pairs = Lifted(
            Changed(self.pairs, times=self.unit),
            left + max(ahead, 0),
            right + np.maximum(-self.prices.right, 0),
        )
        return chunks(
            pairs,
            (self.known[:, 0], self.known[:, 1]),
            # Chunks count one for each pair, and a pair is to gain more than that.
            (self.prices.left + 1, np.maximum(self.prices.right, 0)),
            scale=1,
            most=np.full(n, min(m, OFFERS)),
            spread=0,
        )

    def _near(self, start: Filled) -> BoolArray:
        """Which pairs are taken, or nearest to it of either person's."""
        pairs, m = start.known, self.pairs.shape[1]
        rows, columns = pairs.T
        gains = _gains(start.prices, self.rules, pairs, self.pairs.worth_of(pairs))
        slack = start.prices.right[columns] - gains
        near = among(pairs, start.pairs)
        # Those who are alike are not all to begin with the same partners.
        turn = (columns - rows * 7919) % m
        for side, owner in enumerate((rows, columns)):
            order = np.lexsort((turn, slack, owner))
            mine = owner[order]
            rank = np.arange(len(order)) - np.searchsorted(mine, mine)
            near[order[rank < NEAR * self.capacity[side][mine]]] = True
        return near


def _gains(prices: Prices, rules: Rules, pairs: IntArray, worth: IntArray) -> IntArray:
    rows, columns = pairs.T
    added = (prices.added(of)[who] for of, who in zip(rules.groups, (rows, columns), strict=True))
    gains: IntArray = worth * prices.unit - prices.left[rows] + sum(added)
    return gains
