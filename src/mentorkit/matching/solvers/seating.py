"""What the places of right people cost, given what left people ask.

For any prices of the left people and the groups there is a best price of each right
person's places, and all others bound no plan more tightly: the sum that `upper_bound_under` takes
for that person is then what their best team would gain.
"""

from __future__ import annotations

import numpy as np

from mentorkit.interfaces import IntArray, Rules

FAR = 2**62


class Gains:
    """What is left of each pair after paying the left person, by right person, best first."""

    def __init__(self, columns: IntArray, gains: IntArray, size: int) -> None:
        """Of pairs in any order with their right people (k,), of whom there are `size`."""
        order = np.lexsort((-gains, columns))
        self.gains = np.append(gains[order], -FAR)
        ends = np.searchsorted(columns[order], np.arange(size + 1))
        self.starts, self.degree = ends[:-1], np.diff(ends)
        self.total = np.concatenate([[0], np.cumsum(gains[order])])
        self.positive = np.bincount(columns[gains > 0], minlength=size)

    def nth(self, count: IntArray) -> IntArray:
        """(m,): each person's so many best, counted from 1; far below 0 where there is none."""
        there = (count >= 1) & (count <= self.degree)
        nth: IntArray = self.gains[np.where(there, self.starts + count - 1, len(self.gains) - 1)]
        return nth

    def best(self, count: IntArray) -> IntArray:
        """(m,): the sum of so many best of each person, or of all if they are fewer."""
        ends = self.starts + np.minimum(count, self.degree)
        best: IntArray = self.total[ends] - self.total[self.starts]
        return best


def seat_prices(gains: Gains, places: IntArray, rules: Rules, lowest: int) -> IntArray:
    """(m,): the best prices; where several are, the highest, by which the fewest pairs gain.

    None is below `lowest`, which is where somebody cannot have as many as they must.
    """
    least, positive = rules.least, gains.positive
    prices = np.where(positive >= places, gains.nth(places), 0)
    few = positive < least
    # Only if those who would lose are made up for by the others.
    worth_it = (gains.degree >= least) & (gains.best(least) > 0)
    prices = np.where(few, gains.nth(least), prices)
    undecided = few & ~worth_it & ~rules.begun
    for count in range(int(least.max(initial=0))):
        at = undecided & (positive <= count) & (count < least)
        some = np.full(len(least), count)
        # The first so many may gain what the other places of the least team cost.
        share = -(-gains.best(some) // np.maximum(least - count, 1))
        found = at & (-share >= gains.nth(some + 1))
        prices[found] = -share[found]
        undecided &= ~found
    return np.maximum(prices, lowest)


def team_gains(
    columns: IntArray, gains: IntArray, prices: IntArray, places: IntArray, rules: Rules
) -> IntArray:
    """(m,): what `upper_bound_under` counts for each right person if they have a team."""
    rests = np.zeros(len(prices), dtype=np.int64)
    np.add.at(rests, columns, np.maximum(gains - prices[columns], 0))
    return rests + prices * np.where(prices > 0, places, rules.least)
