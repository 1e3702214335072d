"""The heaviest matching in one pool: each person takes at most one partner. With its proof.

Prices and sums are in doubled units: twice a weight. A matching with prices of 0 or more
for people and for odd sets of them is proven heaviest when every edge's two prices and
those of the sets that hold both its ends come to twice its weight or more, and all of them
(a set of 2k + 1 people counts k times, as it holds at most k pairs) to twice the total.
"""

from __future__ import annotations

import attrs
import numpy as np

from mentorkit.interfaces import IntArray
from mentorkit.matching.blossom_search import COUNTS, FAR, SPARE, Search, solve
from mentorkit.matching.blossom_start import approach, auction_of, prices_of, scale_of

LOOKS = 50
"""Steps of a whole search for each end of an edge, about, on random pools."""


@attrs.frozen(kw_only=True, eq=False)
class Heaviest:
    """A matching that no other outweighs, and what proves it."""

    mate: IntArray
    """Each person's partner, or -1."""
    prices: IntArray
    """Each person's price, in doubled units."""
    line: IntArray
    """Everyone, in a line in which the people of each odd set stand side by side."""
    stretches: IntArray
    """(m, 2): where in the line each odd set begins, and where it ends."""
    set_prices: IntArray
    """(m,): each set's price, above 0, in doubled units."""

    @property
    def sets(self) -> tuple[IntArray, ...]:
        """The people of each odd set, in order. All together may be far more than n."""
        return tuple(np.sort(self.line[low:high]) for low, high in self.stretches.tolist())


def heaviest(
    n: int,
    ends: IntArray,
    weights: IntArray,
    *,
    prices: IntArray | None = None,
    mate: IntArray | None = None,
) -> Heaviest:
    """The heaviest matching of `n` people over the edges `ends` (k, 2) with `weights` (k,).

    An edge's first end is less than its second; weights are from 0 to 2**45. A warm start
    may give any prices of 0 or more (doubled units) and any matching (n,).
    """
    edges = edges_of(n, ends, weights)
    steps = LOOKS * len(edges.tail)
    if prices is None:
        auction = auction_of(edges.start, edges.head, edges.weight)
        approach.sized(steps)(auction)
        prices = prices_of(auction.cover, scale_of(weights))
    if mate is None:
        mate = np.full(n, -1, dtype=np.int64)
    search = search_of(edges, *repaired(ends, weights, prices, mate))
    solve.sized(steps)(search)
    return answer(search)


def bound_of(
    ends: IntArray,
    weights: IntArray,
    prices: IntArray,
    line: IntArray,
    stretches: IntArray,
    set_prices: IntArray,
) -> int:
    """The most that twice a matching's total can come to, by any prices of 0 or more.

    A pair pays the prices of its two people and of every set that holds both. What a pair
    is worth above that is added: it is matched once at most. `ValueError` if the line is
    not of everyone, a price is below 0, or two sets overlap and neither holds the other.
    """
    if not np.array_equal(np.sort(line), np.arange(len(prices))):
        raise ValueError("the line should have every person once")
    if min(prices.min(initial=0), set_prices.min(initial=0)) < 0:
        raise ValueError("a price should be 0 or more")
    check_nested(stretches, len(line))
    low, high = stretches.T
    rest = 2 * weights - prices[ends].sum(axis=1) - shared(ends, line, stretches, set_prices)
    sets = (high - low) // 2 * set_prices
    return int(prices.sum() + sets.sum() + np.maximum(rest, 0).sum())


def check_nested(stretches: IntArray, length: int) -> None:
    """`ValueError` unless of any two stretches one holds the other or they are apart."""
    around = [length]
    for low, high in sorted(stretches.tolist(), key=lambda one: (one[0], -one[1])):
        while around[-1] <= low:
            around.pop()
        if not 0 <= low < high <= around[-1]:
            raise ValueError(f"the set from {low} to {high} should be within another, or apart")
        around.append(high)


def shared(ends: IntArray, line: IntArray, stretches: IntArray, set_prices: IntArray) -> IntArray:
    """What the nested sets that hold both ends of each edge cost together.

    Between neighbours in the line it is a running sum; between any two it is the least of
    what all neighbours from one to the other share, for a set holds both or ends between.
    """
    n = len(line)
    place = np.empty(n, dtype=np.int64)
    place[line] = np.arange(n)
    steps = np.zeros(n + 1, dtype=np.int64)
    np.add.at(steps, stretches[:, 0], set_prices)
    np.subtract.at(steps, stretches[:, 1] - 1, set_prices)
    least = np.cumsum(steps)
    found = np.zeros(len(ends), dtype=np.int64)
    low, high = np.sort(place[ends], axis=1).T
    width = 1
    while width < n:
        # Here least[i] is the least of the `width` places from i on.
        now = (width <= high - low) & (high - low < 2 * width)
        found[now] = np.minimum(least[low[now]], least[high[now] - width])
        least = np.minimum(least[:-width], least[width:])
        width *= 2
    return found


def repaired(
    ends: IntArray, weights: IntArray, prices: IntArray, mate: IntArray
) -> tuple[IntArray, IntArray]:
    """Prices raised until they cover every edge, and the pairs that are then tight.

    Someone alone pays all that is missing, for a pair would come apart by it.
    """
    prices, alone = np.minimum(prices, 2 * weights.max(initial=0)), mate < 0
    single = alone[ends].any(axis=1)
    missing = 2 * weights - prices[ends].sum(axis=1)
    payer = np.where(alone[ends[:, 0]], ends[:, 0], ends[:, 1])
    raise_by(prices, payer[single], missing[single])
    missing = 2 * weights - prices[ends].sum(axis=1)
    raise_by(prices, ends, (missing[:, None] + 1) // 2)
    tight = (prices[ends].sum(axis=1) == 2 * weights) & (mate[ends] == ends[:, ::-1]).all(axis=1)
    kept = np.full_like(mate, -1)
    kept[ends[tight, 0]], kept[ends[tight, 1]] = ends[tight, 1], ends[tight, 0]
    return prices, kept


def raise_by(prices: IntArray, who: IntArray, amounts: IntArray) -> None:
    """Raise each price by the greatest of the amounts above 0 that are asked for it."""
    most = np.zeros_like(prices)
    np.maximum.at(most, who, amounts)
    prices += most


@attrs.frozen(kw_only=True, eq=False)
class Edges:
    """Every edge from both its ends, in rows: person v's are start[v] to start[v + 1]."""

    start: IntArray
    tail: IntArray
    head: IntArray
    weight: IntArray


def edges_of(n: int, ends: IntArray, weights: IntArray) -> Edges:
    """The edges in rows, each row in the order of its heads, however they were given."""
    tail, head = np.concatenate([ends, ends[:, ::-1]]).T
    order = np.argsort(tail * n + head, kind="stable")
    start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=n), out=start[1:])
    weight = np.concatenate([weights, weights])
    return Edges(start=start, tail=tail[order], head=head[order], weight=weight[order])


def search_of(edges: Edges, prices: IntArray, mate: IntArray) -> Search:
    """The state before the first stage: prices that cover, and a tight matching."""
    n = len(mate)
    at = np.zeros(COUNTS, dtype=np.int64)
    at[SPARE] = n
    nodes = np.arange(2 * n)

    def each(value: int, size: int = 2 * n) -> IntArray:
        return np.full(size, value, dtype=np.int64)

    return Search(
        at=at,
        start=edges.start,
        tail=edges.tail,
        head=edges.head,
        weight=2 * edges.weight,
        mate=mate,
        price=np.concatenate([prices, each(0, n)]),
        side=each(0),
        home=np.arange(n),
        into=nodes.copy(),
        parent=each(-1),
        child=each(-1),
        base=nodes.copy(),
        after=each(0),
        before=each(0),
        here=each(0),
        there=each(0),
        by=each(0),
        door=each(0),
        near=each(FAR),
        walk=each(0),
        due=each(0, len(edges.tail) + 4 * n),
        event=each(0, len(edges.tail) + 4 * n),
        queue=each(0, n),
        touched=each(0, 4 * n),
        seen=each(0),
        spare=np.arange(2 * n - 1, n - 1, -1),
        members=each(0, n),
        low=each(0),
        high=each(0),
        stack=each(0, 3 * n),
        turns=each(0, 4 * n),
    )


def answer(search: Search) -> Heaviest:
    """What the search found."""
    n = len(search.mate)
    kept = np.flatnonzero((search.child[n:] >= 0) & (search.price[n:] > 0)) + n
    return Heaviest(
        mate=search.mate,
        prices=search.price[:n].copy(),
        line=search.members,
        stretches=np.stack([search.low[kept], search.high[kept]], axis=1),
        set_prices=search.price[kept],
    )
