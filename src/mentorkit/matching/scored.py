"""All pairs of two pools, scored where asked and never held whole."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np

from mentorkit.interfaces import ALL, BoolArray, IntArray, Selection
from mentorkit.matching.both_ways import Combined
from mentorkit.matching.forms import Form, Listing, Lookup, Product, Table, Total, kinds

FINEST = 4096
"""Kinds of people on one side, up to which the rules that keep people apart are compared."""
WORTHWHILE = 2**20
"""Pairs below which looking for parts takes longer than it saves."""


@attrs.frozen(kw_only=True, eq=False)
class ScoredPairs:
    """The Pairs of a programme: the sum of its criteria, and what its constraints forbid."""

    shape: tuple[int, int]
    fits: Total | Combined
    """What every use of a criterion adds, each once, or the two directed scores as one."""
    net: Total | Combined
    """The same, and far below 0 where one of those bans rules out that can be added up."""
    sides: tuple[Form, Form]
    """The two directed scores."""
    bans: tuple[Form, ...]
    """A pair may not be where one of these gives it 0 points."""
    others: tuple[Form, ...]
    """Those of the bans that are not in `net`."""
    closed: Listing
    """Pairs that may not be, one by one."""
    base: int
    floor: int
    highest: int
    """No fit is above this."""

    @property
    def most(self) -> int:
        """No pair is worth more."""
        return self.highest + self.base

    def worth(self, rows: Selection = ALL, columns: Selection = ALL) -> Table:
        """The fit and the base of each pair; below 0 where it is forbidden or below the floor."""
        fits = self.net.block(rows, columns)
        if self.floor:
            low = fits < self.floor
        if self.base:
            fits += fits.dtype.type(self.base)
        if self.floor:
            fits[low] = -1
        for ban in self.others:
            fits[ban.block(rows, columns) == 0] = -1
        if len(self.closed.columns):
            fits[self.closed.within(rows, columns)[0]] = -1
        return fits

    def wishes(self, rows: Selection = ALL, columns: Selection = ALL) -> tuple[Table, Table]:
        """The two directed scores of each pair."""
        left = self.sides[0].block(rows, columns)
        if self.sides[1] is self.sides[0]:
            return left, left
        return left, self.sides[1].block(rows, columns)

    def open_wishes(self, rows: Selection = ALL, columns: Selection = ALL) -> tuple[Table, Table]:
        """The directed scores, below 0 where the pair may not be."""
        worth = self.worth(rows, columns)
        if all(side is self.fits for side in self.sides):
            # Then a wish is what a pair is worth without the base, and is worked out already.
            worth -= worth.dtype.type(self.base)
            return worth, worth
        closed = worth < 0
        left, right = self.wishes(rows, columns)
        for wishes in (left, right):
            wishes[closed] = -1
        return left, right

    def worth_of(self, pairs: IntArray) -> IntArray:
        """What each of these pairs is worth; below 0 as in `worth`."""
        fits = self.fits.at(pairs)
        forbidden = self.forbidden(pairs) | (fits < self.floor)
        return np.where(forbidden, -1, fits + self.base)

    def wishes_of(self, pairs: IntArray) -> tuple[IntArray, IntArray]:
        """The two directed scores of each of these pairs."""
        return self.sides[0].at(pairs), self.sides[1].at(pairs)

    def forbidden(self, pairs: IntArray) -> BoolArray:
        """Which of these pairs a constraint, the coordinator or a pin closes; not the floor."""
        closed: BoolArray = self.closed.at(pairs) > 0
        for ban in self.bans:
            closed |= ban.at(pairs) == 0
        return closed

    def closing(self, pairs: IntArray) -> ScoredPairs:
        """The same with more pairs that may not be."""
        if not len(pairs):
            return self
        together = np.unique(np.concatenate([self.closed.pairs(), pairs]), axis=0)
        ones = np.ones(len(together), dtype=np.int64)
        return attrs.evolve(self, closed=Listing.of(together, ones, self.shape))

    def part(self, rows: Selection, columns: Selection) -> ScoredPairs:
        """Some of the people, who count from 0 again: small enough to be sent elsewhere."""
        fits = self.fits.part(rows, columns)
        left, right = (
            fits if side is self.fits else side.part(rows, columns) for side in self.sides
        )
        return attrs.evolve(
            self,
            shape=fits.shape,
            fits=fits,
            net=self.net.part(rows, columns),
            sides=(left, left if self.sides[0] is self.sides[1] else right),
            bans=tuple(ban.part(rows, columns) for ban in self.bans),
            others=tuple(ban.part(rows, columns) for ban in self.others),
            closed=self.closed.part(rows, columns),
        )

    def apart(self) -> Sequence[tuple[IntArray, IntArray]]:
        """Parts between which a constraint forbids every pair, in the order of their people.

        Only constraints that are factored or counted are looked at: people whom they treat
        alike are one kind, and few kinds can be compared with each other.
        """
        n, m = self.shape
        whole = [(np.arange(n), np.arange(m))]
        bans = [ban for ban in self.bans if isinstance(ban, Product | Lookup)]
        if not bans or n * m < WORTHWHILE:
            return whole
        products = [ban if isinstance(ban, Product) else ban.index for ban in bans]
        lefts, left = kinds(np.hstack([product.left for product in products]))
        rights, right = kinds(np.hstack([product.right for product in products]))
        if max(len(lefts), len(rights)) > FINEST:
            return whole
        may = np.ones((len(lefts), len(rights)), dtype=bool)
        for ban in bans:
            may &= ban.block(lefts, rights) != 0
        groups = _components(may)
        parts = [
            (np.nonzero(groups[0][left] == group)[0], np.nonzero(groups[1][right] == group)[0])
            for group in range(int(max(side.max(initial=-1) for side in groups)) + 1)
        ]
        meeting = [part for part in parts if len(part[0]) and len(part[1])]
        return sorted(meeting, key=lambda part: int(part[0][0]))


def with_bans(
    terms: Sequence[tuple[Form, int]], bans: Sequence[Form], shape: tuple[int, int], most: int
) -> tuple[Total, tuple[Form, ...]]:
    """The sum of the terms, far below 0 where a ban applies, and the bans that it leaves out.

    A ban can be added up where one side has few kinds of people, by whom it is a product.
    """
    far, added, left = 2 ** (most + 1).bit_length(), list[Product](), list[Form]()
    for ban in bans:
        barred = ban.barring(far) if isinstance(ban, Lookup) else None
        if barred is None:
            left.append(ban)
        else:
            added.append(barred)
    together = [*terms, *((barred, 1) for barred in added)]
    return Total.of(together, shape, most + far * len(added)), tuple(left)


def _components(may: BoolArray) -> tuple[IntArray, IntArray]:
    """The connected part of each row and of each column, numbered by their first row."""
    n, m = may.shape
    groups = (np.full(n, -1, dtype=np.int64), np.full(m, -1, dtype=np.int64))
    count = 0
    for row in range(n):
        if groups[0][row] >= 0:
            continue
        rows = np.array([row])
        while len(rows):
            groups[0][rows] = count
            columns = may[rows].any(axis=0) & (groups[1] < 0)
            groups[1][columns] = count
            rows = np.nonzero(may[:, columns].any(axis=1) & (groups[0] < 0))[0]
        count += 1
    return groups
