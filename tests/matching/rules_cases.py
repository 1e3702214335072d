"""Small problems under rules, with every plan of theirs tried."""

from __future__ import annotations

import attrs
import hypothesis.strategies as st
import numpy as np

from mentorkit.interfaces import IntArray, Rules, Tables
from mentorkit.matching.rules import Capacity, Prices

FEWEST = 9
"""Pairs that may be, at most: there are 2**9 ways to choose of them."""


@attrs.frozen(kw_only=True, eq=False)
class Drawn:
    pairs: Tables
    capacity: Capacity
    rules: Rules

    def plans(self) -> tuple[list[IntArray], IntArray]:
        """All plans that keep capacities and rules, and what each is worth."""
        may = np.argwhere(self.pairs.allowed)
        chosen = (np.arange(2 ** len(may))[:, None] >> np.arange(len(may))) & 1
        loads = [chosen @ _one_hot(may[:, side], size) for side, size in enumerate(self.shape)]
        fits = np.ones(len(chosen), dtype=bool)
        for load, places in zip(loads, self.capacity, strict=True):
            fits &= (load <= places).all(axis=1)
        nobody = (loads[1] == 0) & ~self.rules.begun
        fits &= ((loads[1] >= self.rules.least) | nobody).all(axis=1)
        for number, wanted in enumerate(self.rules.wanted.tolist()):
            own = [
                load[:, group == number].sum(axis=1)
                for load, group in zip(loads, self.rules.groups, strict=True)
            ]
            fits &= sum(own) >= wanted
        worth = chosen[fits] @ self.pairs.values[may[:, 0], may[:, 1]]
        return [may[plan > 0] for plan in chosen[fits]], worth

    @property
    def shape(self) -> tuple[int, int]:
        return self.pairs.shape

    def best(self) -> tuple[int, int] | None:
        """The greatest total and then the most pairs, if there is a plan at all."""
        plans, worth = self.plans()
        return max(
            ((int(total), len(plan)) for plan, total in zip(plans, worth, strict=True)),
            default=None,
        )

    def total(self, pairs: IntArray) -> int:
        """What pairs are worth that keep the capacities and are allowed."""
        assert self.pairs.allowed[pairs[:, 0], pairs[:, 1]].all()
        assert len(np.unique(pairs, axis=0)) == len(pairs)
        for side, places in enumerate(self.capacity):
            assert (np.bincount(pairs[:, side], minlength=len(places)) <= places).all()
        return int(self.pairs.values[pairs[:, 0], pairs[:, 1]].sum())


def _one_hot(who: IntArray, size: int) -> IntArray:
    return (who[:, None] == np.arange(size)).astype(np.int64)


@st.composite
def drawn(draw: st.DrawFn, *, least: bool = True, groups: bool = True) -> Drawn:
    """A problem of few pairs with many ties, and rules that often can be kept, but not always."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, m = draw(st.integers(0, 6)), draw(st.integers(0, 5))
    levels = draw(st.sampled_from([1, 2, 5, 1000]))
    values = random.integers(0, levels, (n, m)) * draw(st.sampled_from([1, 7, 1000]))
    allowed = np.zeros((n, m), dtype=bool)
    allowed.flat[random.permutation(n * m)[:FEWEST]] = True
    count = draw(st.integers(0, 2)) if groups else 0
    sides = [random.integers(-1, count, size) for size in (n, m)]
    of_left = random.random(count) < 0.7
    held = (
        np.where(np.append(of_left, False)[sides[0]], sides[0], -1),
        np.where(np.append(~of_left, False)[sides[1]], sides[1], -1),
    )
    return Drawn(
        pairs=Tables(values=values, wishes_of=(values, values), allowed=allowed),
        capacity=(random.integers(0, 4, n), random.integers(0, 5, m)),
        rules=Rules(
            least=random.integers(0, 4, m) * least,
            begun=random.random(m) < (0.2 if least else 0),
            groups=held,
            wanted=random.integers(0, 3, count),
        ),
    )


def drawn_prices(draw: st.DrawFn, asked: Drawn, most: int = 2000) -> Prices:
    """Any prices: left people's and groups' of 0 or more."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, m = asked.shape
    return Prices(
        left=random.integers(0, most, n),
        right=random.integers(-most, most, m),
        groups=random.integers(0, most, len(asked.rules.wanted)),
        unit=draw(st.sampled_from([1, 2, 60])),
    )
