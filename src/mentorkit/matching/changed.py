"""The same pairs, worth something else."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np

from mentorkit.errors import Invalid
from mentorkit.interfaces import ALL, IntArray, Pairs, Selection
from mentorkit.matching.forms import Listing, Table, exact_type


@attrs.frozen(eq=False)
class Changed:
    """Pairs of which those worth less than `least` may not be.

    All others are worth so many `times` as much, and `lift` more; or, where `flat`, 1 each.
    """

    pairs: Pairs
    times: int = 1
    lift: int = 0
    least: int = 0
    flat: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        return self.pairs.shape

    @property
    def most(self) -> int:
        return 1 if self.flat else self.pairs.most * self.times + self.lift

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
            if self.most >= 2**53:
                raise Invalid("", "the weights are too large to be added up exactly")
            worth = worth.astype(exact_type(self.most), copy=False)
        exact = worth.dtype.type
        changed = np.ones_like(worth) if self.flat else worth * exact(self.times) + exact(self.lift)
        changed[low] = -1
        return changed


@attrs.frozen(eq=False)
class Staying:
    """Pairs of which those that are listed, and may be, are worth `more`."""

    pairs: Pairs
    listed: Listing
    more: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.pairs.shape

    @property
    def most(self) -> int:
        return self.pairs.most + self.more

    def worth(self, rows: Selection = ALL, columns: Selection = ALL) -> Table:
        worth = self.pairs.worth(rows, columns)
        if worth.dtype.kind == "f":
            worth = worth.astype(exact_type(self.most), copy=False)
        places, _ = self.listed.within(rows, columns)
        held = worth[places]
        worth[places] = np.where(held < 0, held, held + worth.dtype.type(self.more))
        return worth

    def worth_of(self, pairs: IntArray) -> IntArray:
        worth = self.pairs.worth_of(pairs)
        return np.where(worth < 0, worth, worth + self.more * self.listed.at(pairs))

    def wishes(self, rows: Selection = ALL, columns: Selection = ALL) -> tuple[Table, Table]:
        return self.pairs.wishes(rows, columns)

    def part(self, rows: Selection, columns: Selection) -> Staying:
        pairs, listed = self.pairs.part(rows, columns), self.listed.part(rows, columns)
        return attrs.evolve(self, pairs=pairs, listed=listed)

    def apart(self) -> Sequence[tuple[IntArray, IntArray]]:
        return self.pairs.apart()
