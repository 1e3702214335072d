"""Pricing: which pairs, of all there are, could improve on what is held.

A pair is worth looking at where it is worth more than the two people's prices. One pass over
all pairs finds for each left person up to some number of such pairs, the best first; where
there are none, the prices are proven. Many people alike would all be offered the same few
partners, and never meet the others: so each offer makes its partner look a little dearer
to the next in the chunk.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import attrs
import numpy as np

from mentorkit.interfaces import ALL, BoolArray, IntArray, Pairs
from mentorkit.matching.forms import Table
from mentorkit.matching.solvers.compiling import kernel

CELLS = 2**19
"""Pairs worked out at once: a block that stays near the processor."""
SHORTEST, LONGEST = 256, 2**14
"""Left people in a chunk, within which offers are spread."""


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Chunk:
    """Some left people and all that is needed to find their offers, wherever that is done.

    Prices and values here are `scale` times those of the pairs, and one more for each pair.
    """

    first: int
    """Where the people stand among all left ones."""
    size: int
    pairs: Pairs
    """Of these left people with all right ones."""
    asked: IntArray
    """(size,): the left people's prices; a pair must be worth more on top of the other's."""
    prices: IntArray
    """(m,): the right people's prices."""
    starts: IntArray
    """(size + 1,): where each person's known partners begin in `known`."""
    known: IntArray
    scale: int
    most: IntArray
    """(size,): how many offers each person gets at most."""
    spread: int
    """How much dearer a partner looks after each offer."""

    def offers(self) -> tuple[IntArray, IntArray, IntArray]:
        """New pairs as left and right indices with their worth, unscaled, in rows' order."""
        m = len(self.prices)
        if m == 0:
            none = np.empty(0, dtype=np.int64)
            return none, none, none
        made = np.zeros(m, dtype=np.int64)
        found: list[tuple[IntArray, IntArray, IntArray]] = []
        rows = max(1, CELLS // max(m, 1))
        for start in range(0, self.size, rows):
            block = self.pairs.worth(slice(start, min(self.size, start + rows)))
            owners, columns, gains = self._promising(block, start)
            ends = np.searchsorted(owners, np.arange(len(block) + 1))
            chosen = np.zeros(len(columns), dtype=bool)
            most = self.most[start : start + len(block)]
            heap = (np.empty(int(most.max()), dtype=np.int64) for _ in range(3))
            first = self.first + start
            pick.sized(2 * m * m)(
                first, ends, columns, gains, most, made, self.spread, chosen, *heap
            )
            owners, columns = owners[chosen], columns[chosen]
            worth = (gains[chosen] + self.prices[columns]) // self.scale
            found.append((owners + first, columns, worth))
        left, right, worth = (np.concatenate(column) for column in zip(*found, strict=True))
        return left, right, worth

    def _promising(self, block: Table, start: int) -> tuple[IntArray, IntArray, IntArray]:
        """The pairs of a block that would gain, by row and column, and how much.

        worth * scale + 1 - price > asked holds only where worth less the price, unscaled
        and rounded down, is above (asked - 1) / scale, rounded down. That is looked at
        first, in small numbers, which the block's type holds exactly.
        """
        exact = block.dtype.type
        asked = self.asked[start : start + len(block)]
        least = (asked - 1) // self.scale + 1
        fresh = asked < 0
        prices = np.minimum(self.prices // self.scale, self.pairs.most + 1)
        gain = block - prices.astype(exact)
        if fresh.any():
            least[fresh] = self._high(gain[fresh], int(self.most.max()))
        # What may not be is below 0, and so is its gain.
        least = np.clip(least, 0, self.pairs.most + 1)
        found = np.flatnonzero(gain >= least.astype(exact)[:, None])
        rows, columns = np.divmod(found, block.shape[1])
        short = np.bincount(rows, minlength=len(block)) < self.most[start : start + len(block)]
        if (short & fresh).any():
            again = np.nonzero(short & fresh)[0]
            kept = ~(short & fresh)[rows]
            more, others = np.nonzero(block[again] >= 0)
            rows = np.concatenate([rows[kept], again[more]])
            columns = np.concatenate([columns[kept], others])
            order = np.argsort(rows, kind="stable")
            rows, columns = rows[order], columns[order]
        gains = block[rows, columns].astype(np.int64) * self.scale + 1 - self.prices[columns]
        better = (gains > asked[rows]) & ~self._knows(start + rows, columns)
        return rows[better], columns[better], gains[better]

    def _knows(self, rows: IntArray, columns: IntArray) -> BoolArray:
        """Which of these pairs are known already."""
        if not len(rows) or not len(self._known):
            return np.zeros(len(rows), dtype=bool)
        wanted = rows * len(self.prices) + columns
        near = self._known[self.starts[rows[0]] : self.starts[rows[-1] + 1]]
        if not len(near):
            return np.zeros(len(rows), dtype=bool)
        place = np.minimum(np.searchsorted(near, wanted), len(near) - 1)
        known: BoolArray = near[place] == wanted
        return known

    @cached_property
    def _known(self) -> IntArray:
        """A number for each known pair, in order."""
        owners = np.repeat(np.arange(self.size), np.diff(self.starts))
        numbers: IntArray = owners * len(self.prices) + self.known
        return numbers

    def _high(self, gain: Table, most: int) -> IntArray:
        """For each row, a gain that somewhat more than `most` are likely to reach."""
        m = gain.shape[1]
        step = max(1, m // 512)
        sample = gain[:, ::step]
        rank = min(sample.shape[1], 3 + 2 * most * sample.shape[1] // m)
        return np.partition(sample, -rank, axis=1)[:, -rank].astype(np.int64)


@kernel
def pick(
    first: int,
    ends: IntArray,
    columns: IntArray,
    gains: IntArray,
    most: IntArray,
    made: IntArray,
    spread: int,
    chosen: BoolArray,
    heap: IntArray,
    keys: IntArray,
    turns: IntArray,
) -> None:
    """Choose for each row the greatest gains, less what offers `made` before cost.

    Row r's are at `ends[r]` to `ends[r + 1]`. Equal gains go round: each row begins to
    look elsewhere, so that rows who are alike differ in what they are offered. `heap`,
    `keys` and `turns` are scratch for the chosen so far, the worst first.
    """
    m = len(made)
    for row in range(len(most)):
        count, begins = 0, (first + row) * 7919 % m
        for at in range(ends[row], ends[row + 1]):
            key, turn = gains[at] - made[columns[at]], (columns[at] - begins) % m
            if count < most[row]:
                place = count
                count += 1
                while place > 0:
                    above = (place - 1) >> 1
                    if keys[above] < key or (keys[above] == key and turns[above] > turn):
                        break
                    heap[place], keys[place], turns[place] = heap[above], keys[above], turns[above]
                    place = above
            elif key > keys[0] or (key == keys[0] and turn < turns[0]):
                place = 0
                while True:
                    below = 2 * place + 1
                    if below >= count:
                        break
                    if below + 1 < count and (
                        keys[below + 1] < keys[below]
                        or (keys[below + 1] == keys[below] and turns[below + 1] > turns[below])
                    ):
                        below += 1
                    if keys[below] > key or (keys[below] == key and turns[below] < turn):
                        break
                    heap[place], keys[place], turns[place] = heap[below], keys[below], turns[below]
                    place = below
            else:
                continue
            heap[place], keys[place], turns[place] = at, key, turn
        for place in range(count):
            chosen[heap[place]] = True
            made[columns[heap[place]]] += spread


def chunks(
    pairs: Pairs,
    known: tuple[IntArray, IntArray],
    prices: tuple[IntArray, IntArray],
    *,
    scale: int,
    most: IntArray,
    spread: int,
) -> Iterator[Chunk]:
    """All left people, some at a time; see `Chunk`.

    `known` are the left and right people of the pairs looked at, in the order of the left,
    `prices` what everyone asks, and `most` (n,) how many offers each left person gets.
    """
    n, m = pairs.shape
    starts = np.searchsorted(known[0], np.arange(n + 1))
    length = chunk_length(m)
    for first in range(0, n, length):
        rows = slice(first, min(n, first + length))
        begin, end = starts[rows.start], starts[rows.stop]
        yield Chunk(
            first=first,
            size=rows.stop - rows.start,
            pairs=pairs.part(rows, ALL),
            asked=prices[0][rows],
            prices=prices[1],
            starts=starts[rows.start : rows.stop + 1] - begin,
            known=known[1][begin:end],
            scale=scale,
            most=most[rows],
            spread=spread,
        )


def chunk_length(m: int) -> int:
    """How many left people share a chunk: enough that offers meet most of m partners."""
    length = SHORTEST
    while length < LONGEST and 4 * length < m:
        length *= 2
    return length
