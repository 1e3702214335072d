"""The same pairs, worth something else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import attrs
import numpy as np

from mentorkit.errors import Invalid
from mentorkit.interfaces import ALL, IntArray, Pairs, Selection
from mentorkit.matching.forms import Listing, Table, exact_type

T = TypeVar("T", bound="_Same")


@attrs.frozen(eq=False)
class _Same:
    """Of some pairs, all but what they are worth."""

    pairs: Pairs

    @property
    def shape(self) -> tuple[int, int]:
        return self.pairs.shape

    def wishes(self, rows: Selection = ALL, columns: Selection = ALL) -> tuple[Table, Table]:
        return self.pairs.wishes(rows, columns)

    def part(self: T, rows: Selection, columns: Selection) -> T:
        return attrs.evolve(self, pairs=self.pairs.part(rows, columns))

    def apart(self) -> Sequence[tuple[IntArray, IntArray]]:
        return self.pairs.apart()


@attrs.frozen(eq=False)
class Changed(_Same):
    """Pairs of which those worth less than `least` may not be.

    All others are worth so many `times` as much, and `lift` more; or, where `flat`, 1 each.
    """

    times: int = 1
    lift: int = 0
    least: int = 0
    flat: bool = False

    @property
    def most(self) -> int:
        return 1 if self.flat else self.pairs.most * self.times + self.lift

    def worth(self, rows: Selection = ALL, columns: Selection = ALL) -> Table:
        return self._changed(self.pairs.worth(rows, columns))

    def worth_of(self, pairs: IntArray) -> IntArray:
        return self._changed(self.pairs.worth_of(pairs)).astype(np.int64)

    def _changed(self, worth: Table) -> Table:
        low = worth < self.least
        worth = _exact(worth, self.most)
        exact = worth.dtype.type
        changed = np.ones_like(worth) if self.flat else worth * exact(self.times) + exact(self.lift)
        changed[low] = -1
        return changed


@attrs.frozen(eq=False)
class Staying(_Same):
    """Pairs of which those that are listed, and may be, are worth `more`."""

    listed: Listing
    more: int

    @property
    def most(self) -> int:
        return self.pairs.most + self.more

    def worth(self, rows: Selection = ALL, columns: Selection = ALL) -> Table:
        worth = _exact(self.pairs.worth(rows, columns), self.most)
        places, _ = self.listed.within(rows, columns)
        held = worth[places]
        worth[places] = np.where(held < 0, held, held + worth.dtype.type(self.more))
        return worth

    def worth_of(self, pairs: IntArray) -> IntArray:
        worth = self.pairs.worth_of(pairs)
        return np.where(worth < 0, worth, worth + self.more * self.listed.at(pairs))

    def part(self, rows: Selection, columns: Selection) -> Staying:
        return attrs.evolve(super().part(rows, columns), listed=self.listed.part(rows, columns))


@attrs.frozen(eq=False)
class Lifted(_Same):
    """Pairs of which each is worth what its two people add more; those that may not be stay so.

    With these, a plan can be made to match some people before others.
    """

    left: IntArray
    """(n,): what each left person adds, 0 or more."""
    right: IntArray
    """(m,): what each right person adds, 0 or more."""

    @property
    def most(self) -> int:
        return self.pairs.most + int(self.left.max(initial=0)) + int(self.right.max(initial=0))

    def worth(self, rows: Selection = ALL, columns: Selection = ALL) -> Table:
        worth = _exact(self.pairs.worth(rows, columns), self.most)
        lifted: Table = worth + self.left[rows].astype(worth.dtype)[:, None]
        lifted += self.right[columns].astype(worth.dtype)
        lifted[worth < 0] = -1
        return lifted

    def worth_of(self, pairs: IntArray) -> IntArray:
        worth = self.pairs.worth_of(pairs)
        lifted = worth + self.left[pairs[:, 0]] + self.right[pairs[:, 1]]
        return np.where(worth < 0, -1, lifted)

    def part(self, rows: Selection, columns: Selection) -> Lifted:
        left, right = self.left[rows], self.right[columns]
        return attrs.evolve(super().part(rows, columns), left=left, right=right)


def _exact(worth: Table, most: int) -> Table:
    """The same numbers in a type that holds up to `most` exactly; Invalid where there is none."""
    if worth.dtype.kind != "f":
        return worth
    if most >= 2**53:
        raise Invalid("", "the weights are too large to be added up exactly")
    return worth.astype(exact_type(most), copy=False)
