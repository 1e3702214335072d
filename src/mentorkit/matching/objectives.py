"""What else may be best besides the total: the same pairs, worth something else."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np

from mentorkit.interfaces import ALL, IntArray, Pairs, Problem, Selection, Solution
from mentorkit.matching.forms import Table, exact_type
from mentorkit.matching.transport import Best, Start, transport
from mentorkit.models import Certificate


@attrs.frozen(eq=False)
class Changed:
    """Pairs of which those worth less than `least` may not be.

    All others are worth `lift` more; or, where `flat`, 1 each.
    """

    pairs: Pairs
    lift: int = 0
    least: int = 0
    flat: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        return self.pairs.shape

    @property
    def most(self) -> int:
        return 1 if self.flat else self.pairs.most + self.lift

    def worth(self, rows: Selection = ALL, columns: Selection = ALL) -> Table:
        return self._changed(self.pairs.worth(rows, columns))

    def worth_of(self, pairs: IntArray) -> IntArray:
        return self._changed(self.pairs.worth_of(pairs)).astype(np.int64)

    def wishes(self, rows: Selection = ALL, columns: Selection = ALL) -> tuple[Table, Table]:
        return self.pairs.wishes(rows, columns)

    def part(self, rows: Selection, columns: Selection) -> Changed:
        return attrs.evolve(self, pairs=self.pairs.part(rows, columns))

    def apart(self) -> Sequence[tuple[IntArray, IntArray]]:
        return self.pairs.apart()

    def _changed(self, worth: Table) -> Table:
        low = worth < self.least
        if worth.dtype.kind == "f":
            worth = worth.astype(exact_type(self.most), copy=False)
        changed = np.ones_like(worth) if self.flat else worth + worth.dtype.type(self.lift)
        changed[low] = -1
        return changed


def aimed_at(problem: Problem, aim: Solution | Certificate) -> Problem:
    """The problem in which the prices bound the total: see `Solution`."""
    pairs = Changed(problem.pairs, lift=aim.lift, least=aim.least)
    return attrs.evolve(problem, pairs=pairs)


def lift_of(problem: Problem) -> int:
    """So much for each match that one match more is worth more than all other gains."""
    places = min(int(side.sum()) for side in problem.capacity)
    n, m = problem.shape
    return (problem.pairs.most + 1) * (min(places, n * m) + 1)


def solved(problem: Problem, pairs: Pairs) -> Best:
    """The best of these pairs within the problem's capacities, from its start if it has one."""
    start = None
    if problem.start is not None and problem.start.prices is not None:
        start = Start(problem.start.pairs, problem.start.prices)
    return transport(pairs, problem.capacity, problem.executor, start)


def most_matches(problem: Problem, least: int = 0) -> Best:
    """The most pairs worth at least `least`, and of as many the greatest total.

    Its prices are for pairs worth `lift_of(problem)` more.
    """
    return solved(problem, Changed(problem.pairs, lift=lift_of(problem), least=least))


def count_matches(problem: Problem, least: int) -> Best:
    """As many pairs worth at least `least` as there can be.

    Its prices are 0 or 1 and bound the number of matches: the people priced 1 are all that
    such pairs could take from, so no plan has more than their places (Kőnig's theorem;
    where it is fewer than people on one side want, they are Hall's violator).
    """
    pairs = Changed(problem.pairs, least=least, flat=True)
    return transport(pairs, problem.capacity, problem.executor)
