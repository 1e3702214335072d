"""The same pairs, worth more by whose they are."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np

from mentorkit.errors import Invalid
from mentorkit.interfaces import ALL, IntArray, Pairs, Selection
from mentorkit.matching.forms import Table, exact_type


@attrs.frozen(eq=False)
class Lifted:
    """Pairs of which each is worth what its two people add more; those that may not be stay so.

    With these, a plan can be made to match some people before others.
    """

    pairs: Pairs
    left: IntArray
    """(n,): what each left person adds, 0 or more."""
    right: IntArray
    """(m,): what each right person adds, 0 or more."""

    @property
    def shape(self) -> tuple[int, int]:
        return self.pairs.shape

    @property
    def most(self) -> int:
        return self.pairs.most + int(self.left.max(initial=0)) + int(self.right.max(initial=0))

    def worth(self, rows: Selection = ALL, columns: Selection = ALL) -> Table:
        worth = self.pairs.worth(rows, columns)
        exact = worth.dtype
        if exact.kind == "f":
            if self.most >= 2**53:
                raise Invalid("", "the weights are too large to be added up exactly")
            exact = np.dtype(exact_type(self.most))
        lifted: Table = worth + self.left[rows].astype(exact)[:, None]
        lifted += self.right[columns].astype(exact)
        lifted[worth < 0] = -1
        return lifted

    def worth_of(self, pairs: IntArray) -> IntArray:
        worth = self.pairs.worth_of(pairs)
        lifted = worth + self.left[pairs[:, 0]] + self.right[pairs[:, 1]]
        return np.where(worth < 0, -1, lifted)

    def wishes(self, rows: Selection = ALL, columns: Selection = ALL) -> tuple[Table, Table]:
        return self.pairs.wishes(rows, columns)

    def part(self, rows: Selection, columns: Selection) -> Lifted:
        return Lifted(self.pairs.part(rows, columns), self.left[rows], self.right[columns])

    def apart(self) -> Sequence[tuple[IntArray, IntArray]]:
        return self.pairs.apart()
