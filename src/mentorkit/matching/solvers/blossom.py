"""The heaviest matching in one pool: each person takes at most one partner. With its proof.

Prices and sums are in doubled units: twice a weight. A matching with prices of 0 or more
for people and for odd sets of them is proven heaviest when every edge's two prices and
those of the sets that hold both its ends come to twice its weight or more, and all of them
(a set of 2k + 1 people counts k times, as it holds at most k pairs) to twice the total.
"""

from __future__ import annotations

import attrs
import numpy as np

from mentorkit.interfaces import IntArray, OddSets
from mentorkit.matching.solvers.blossom_search import COUNTS, FAR, SPARE, Search, solve
from mentorkit.matching.solvers.blossom_start import approach, auction_of, prices_of, scale_of

LOOKS = 50
"""Steps of a whole search for each end of an edge, about, on random pools."""


@attrs.frozen(kw_only=True, eq=False)
class Heaviest:
    """A matching that no other outweighs, and what proves it."""

    mate: IntArray
    """Each person's partner, or -1."""
    prices: IntArray
    """Each person's price, in doubled units."""
    sets: OddSets
    """Sets with a price above 0, in doubled units."""


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
        sets=OddSets(
            line=search.members,
            stretches=np.stack([search.low[kept], search.high[kept]], axis=1),
            prices=search.price[kept],
        ),
    )
